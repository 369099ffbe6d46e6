"""One request to a SPARQL server over HTTP: what comes back, or in one line why it is of no use."""

from __future__ import annotations

import http.client
import math
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from urllib.parse import urljoin

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results

from kg.errors import KgError, StoreError, UsageError, one_line
from kg.graph.address import shown

__all__ = ["QUERY", "Allowance", "ServerTimeoutError", "read_table", "read_truth", "send", "understood"]

QUERY = "application/sparql-query"
"""The kind of a body that only asks."""
_REMEDIES = {
    401: "put name and password into the address, for one: http://NAME:PASSWORD@127.0.0.1:7878",
    403: "check that name and password allow this",
    407: "put name and password into the address of the proxy",
}
_PIECE = 65_536


class ServerTimeoutError(StoreError):
    """A server had not answered, or not to the end, when the time was up."""


class _Stays(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: it would turn what is sent into a GET, and could take a password elsewhere."""

    def redirect_request(self, *_: object) -> None:
        """Nothing is asked instead."""


@cache
def _opener() -> Callable[..., http.client.HTTPResponse]:
    return urllib.request.build_opener(_Stays).open


@dataclass(frozen=True)
class Allowance:
    """What a request may take."""

    silence: float = 60.0
    """Seconds for which the server may say nothing."""
    whole: float | None = None
    """Seconds until all of the answer is there, from the look-up of the name on; None: as long as it goes on."""
    size: int = 1_000_000_000
    """Bytes of an answer, of which JSON takes several times as many as what it says."""


def send(request: urllib.request.Request, allowance: Allowance) -> bytes:
    """The body of the answer.

    Raises
    ------
    UsageError : the server refuses what is asked.
    ServerTimeoutError : the time is up.
    StoreError : it does not answer, refuses the request, what it says is no HTTP, or is too long.
    """
    if allowance.whole is None:
        return _exchange(request, allowance, math.inf)
    # What hangs is left behind: no limit of a socket ends a look-up or a head that comes letter by letter.
    future: Future[bytes] = Future()
    until = time.monotonic() + allowance.whole

    def run() -> None:
        try:
            future.set_result(_exchange(request, allowance, until))
        except BaseException as error:  # noqa: BLE001 - raised where the answer is waited for
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        return future.result(timeout=allowance.whole)
    except TimeoutError as error:
        raise _late(request.full_url, allowance.whole) from error


def _exchange(request: urllib.request.Request, allowance: Allowance, until: float) -> bytes:
    where = request.full_url
    try:
        with _opener()(request, timeout=allowance.silence) as answer:
            return _body(answer, allowance, until)
    except urllib.error.HTTPError as error:
        raise _refused(error, request) from error
    except TimeoutError as error:
        raise _late(where, allowance.whole or allowance.silence) from error
    except (OSError, ValueError) as error:
        reason = one_line(str(getattr(error, "reason", error)))
        raise StoreError(
            f"the server does not answer: {reason}", where=where, remedy="check the address and that it runs"
        ) from error
    except http.client.HTTPException as error:
        raise _no_answer(where, str(error)) from error


def _body(answer: http.client.HTTPResponse, allowance: Allowance, until: float) -> bytes:
    body, left = bytearray(), answer.length  # None: up to the end of the connection
    while left != 0:
        # Counted here: read1 of Python 3.11 does not know how much is left, and would wait for more.
        piece = answer.read1(_PIECE if left is None else min(left, _PIECE))
        if not piece:
            break
        body += piece
        left = None if left is None else left - len(piece)
        if len(body) > allowance.size:
            what = f"the answer is longer than {allowance.size:,} bytes"
            raise StoreError(what, where=answer.url, remedy="narrow the query, or give it a LIMIT")
        if time.monotonic() > until:
            raise TimeoutError
    if left:
        raise http.client.IncompleteRead(bytes(body), left)
    return bytes(body)


def _late(where: str, seconds: float) -> ServerTimeoutError:
    return ServerTimeoutError(
        f"the server gave no answer within {seconds:g} seconds", where=where, remedy="check that it runs, and its load"
    )


@contextmanager
def understood(where: str) -> Iterator[None]:
    """Turns what is raised where an answer is read that is none (a page, another format) into one StoreError."""
    try:
        yield
    except (SyntaxError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise _no_answer(where, str(error)) from error


def read_table(body: bytes) -> QuerySolutions:
    """The answer to a SELECT query (SPARQL results in JSON). Raises SyntaxError or TypeError where it is none."""
    found = parse_query_results(body, format=QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        raise TypeError("no table")
    return found


def read_truth(body: bytes) -> bool:
    """The answer to an ASK query (SPARQL results in JSON). Raises SyntaxError or TypeError where it is none."""
    found = parse_query_results(body, format=QueryResultsFormat.JSON)
    if isinstance(found, QueryBoolean):
        return bool(found)
    del found  # rows may only be let go of where they were made, and an error keeps them as long as it lives
    raise TypeError("neither true nor false")


def _no_answer(where: str, reason: str) -> StoreError:
    return StoreError(
        f"this is no answer of a SPARQL server ({one_line(reason)})", where=where, remedy="check the address"
    )


def _refused(error: urllib.error.HTTPError, request: urllib.request.Request) -> KgError:
    where, said = request.full_url, _said(error)
    if error.code == 400:
        return UsageError(f"the server refused the request{said}", where=where)
    if 300 <= error.code < 400:
        elsewhere = one_line(shown(urljoin(where, error.headers.get("Location", ""))))
        return StoreError(
            f"the server sends us on to {elsewhere}", where=where, remedy="name that address, if you trust it"
        )
    writing = not (request.get_header("Content-type") or "").startswith(QUERY)
    return StoreError(
        f"the server answered {error.code} {one_line(error.reason)}{said}",
        where=where,
        remedy=_REMEDIES.get(error.code)
        or ("check the address and whether it allows writing" if writing else "check the address"),
    )


def _said(error: urllib.error.HTTPError) -> str:
    """The first line of what the server says of its refusal, after a colon; nothing where it says nothing."""
    try:
        lines = error.read(500).decode("utf-8", "replace").strip().splitlines()
    except (OSError, http.client.HTTPException):
        lines = []
    return f": {one_line(lines[0])}" if lines else ""
