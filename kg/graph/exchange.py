"""One request to a SPARQL server over HTTP: what comes back, or in one line why it is of no use."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results

from kg.errors import KgError, StoreError, UsageError

__all__ = ["read_table", "read_truth", "send", "understood"]

_MOST_SAID = 200
"""Characters of a server's own words that are told."""


def send(request: urllib.request.Request, seconds: float) -> bytes:
    """The body of the answer.

    Raises
    ------
    UsageError : the server refuses what is asked.
    StoreError : it does not answer, refuses the request, or what it says is no HTTP.
    """
    where = request.full_url
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        raise _refused(error, where) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise StoreError(
            f"the server does not answer: {reason}", where=where, remedy="check the address and that it runs"
        ) from error
    except http.client.HTTPException as error:
        raise _no_answer(where, str(error)) from error


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
    if not isinstance(found, QueryBoolean):
        raise TypeError("neither true nor false")
    return bool(found)


def _no_answer(where: str, reason: str) -> StoreError:
    return StoreError(
        f"this is no answer of a SPARQL server ({_one_line(reason)})", where=where, remedy="check the address"
    )


def _refused(error: urllib.error.HTTPError, where: str) -> KgError:
    said = _said(error)
    if error.code == 400:
        return UsageError(f"the server refused the request{said}", where=where)
    return StoreError(
        f"the server answered {error.code} {_one_line(error.reason)}{said}",
        where=where,
        remedy="check the address and whether it allows writing",
    )


def _said(error: urllib.error.HTTPError) -> str:
    """The first line of what the server says of its refusal, after a colon; nothing where it says nothing."""
    try:
        lines = error.read(500).decode("utf-8", "replace").strip().splitlines()
    except (OSError, http.client.HTTPException):
        lines = []
    return f": {_one_line(lines[0])}" if lines else ""


def _one_line(text: str) -> str:
    """Words of a server, short and without what a terminal would obey."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(plain.split())[:_MOST_SAID]
