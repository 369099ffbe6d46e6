"""One question over HTTP: chat completions as OpenAI defined them, with time limits, retries and pauses.

The key goes into one header of a request to the named server, and nowhere else: redirects are not followed, messages are
shown without it.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import os
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urljoin, urlsplit

from kg.errors import InputError, UsageError, one_line
from kg.graph.address import parts_of
from kg.propose.answers import Answer
from kg.propose.reply import MASK, NO_SCHEMA, Unusable, read_reply
from kg.propose.request import Question

if TYPE_CHECKING:
    import httpx
    from tenacity import RetryCallState

__all__ = ["KEPT", "KEY", "Busy", "ModelApi", "Session", "Useless"]

KEY = "KG_MODEL_API_KEY"
"""The environment variable that holds the key; without one, none is sent (a local server wants none)."""
MOST_BYTES = 8_000_000
"""Of an answer; a practice takes about 500."""
LONGEST_WAIT = 120.0
"""Seconds that a server may ask us to wait; beyond them the run ends, to be taken up later."""
KEPT = "what was answered is kept, and --model-offline makes records of it"
_CONNECT = 10.0
_FIRST_WAIT, _MOST_BROKEN = 1.0, 2
"""Seconds before the second try, doubled each time; and how often a model that answers is asked for something usable."""
_AGAIN = {408, 409, 425, 429, 500, 502, 503, 504, 529}
_NEVER = {
    401: "the key is missing or wrong",
    402: "the account has no credit",
    403: "the key does not allow this",
    404: "no such address or model",
}


class Busy(InputError):
    """The server did not answer this one in spite of all tries: a few in a row end the run."""


class Useless(InputError):
    """The model's answer to this one is of no use; ``cure`` is what may help where all answers are."""

    def __init__(
        self, what: str, *, where: str | None = None, remedy: str | None = None, cure: str = NO_SCHEMA
    ) -> None:
        self.cure = cure
        super().__init__(what, where=where, remedy=remedy)


class _Again(Exception):
    """Something that may go better the next time."""

    def __init__(self, what: str, *, after: float = 0.0, most: int | None = None, cure: str = NO_SCHEMA) -> None:
        self.after, self.most, self.cure = after, most, cure
        super().__init__(what)


@dataclass(frozen=True)
class ModelApi:
    """A server, and the model there.

    >>> ModelApi.from_url("http://127.0.0.1:8080/v1/", "qwen", environment={"KG_MODEL_API_KEY": "secret"})
    ModelApi(address='http://127.0.0.1:8080/v1', model='qwen', seconds=300.0, tries=5, first_wait=1.0)
    """

    address: str
    """What stands before ``/chat/completions``."""
    model: str
    key: str | None = field(default=None, repr=False)
    seconds: float = 300.0
    """Time limit of one answer as a whole."""
    tries: int = 5
    first_wait: float = _FIRST_WAIT

    @staticmethod
    def from_url(
        url: str, model: str, *, seconds: float = 300.0, environment: Mapping[str, str] = os.environ
    ) -> ModelApi:
        """Raises UsageError for what is no address, holds a password, would carry the key unencrypted, or a key that
        no header can hold."""
        parts = parts_of(url, example="http://127.0.0.1:8080/v1")
        if parts.username or parts.password or parts.query or parts.fragment:
            where = f"{parts.scheme}://{parts.hostname}"
            raise UsageError("the address holds more than a path", where=where, remedy=f"put the key into {KEY}")
        key = _key(environment)
        if key and parts.scheme == "http" and not _near(parts.hostname or ""):
            raise UsageError("the key would be sent unencrypted", where=url, remedy=f"use https, or unset {KEY}")
        return ModelApi(url.rstrip("/").removesuffix("/chat/completions"), model, key, seconds)


def _key(environment: Mapping[str, str]) -> str | None:
    """The key, if there is one; raises UsageError, which does not repeat it, where it fits into no header."""
    key = environment.get(KEY, "").strip() or None
    if key and not all("!" <= sign <= "~" for sign in key):
        what = "the key holds a blank, a line break or a sign that is not ASCII"
        raise UsageError(what, where=KEY, remedy="copy the key anew: one word of printable ASCII")
    return key


def _near(host: str) -> bool:
    """Whether a host is this machine or on the same private network."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal"))


class Session:
    """Connections to the server; when it asks for a pause, all of them wait.

    Use it as ``async with Session(api) as session``.
    """

    def __init__(
        self, api: ModelApi, on_reply: Callable[[int | None, int | None], None] = lambda tokens_in, tokens_out: None
    ) -> None:
        """``on_reply`` is told the tokens of every reply, usable or not, as the server counts them."""
        self.api, self._on_reply = api, on_reply
        self._free_at = 0.0

    async def __aenter__(self) -> Session:
        import httpx

        headers = {"Authorization": f"Bearer {self.api.key}"} if self.api.key else {}
        host = urlsplit(self.api.address).hostname or ""
        self._client = httpx.AsyncClient(
            headers=headers,
            timeout=httpx.Timeout(self.api.seconds, connect=_CONNECT),
            verify=_certificates(),
            trust_env=not _near(host),  # a proxy of the environment is for what lies outside
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def ask(self, question: Question) -> Answer:
        """The answer to a question.

        Raises
        ------
        UsageError : nothing that is asked here will be answered (address, key, model, quota): the run ends.
        Busy : the server failed at this one again and again.
        Useless : the model's answer to this one is.
        """
        import tenacity

        tries = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception_type(_Again),
            stop=lambda state: state.attempt_number >= (_reason(state).most or self.api.tries),
            wait=self._pause,
            reraise=True,
        )
        try:
            answer: Answer = await tries(self._once, question)
        except _Again as error:
            what, remedy = self._hidden(str(error)), "try again later"
            if error.most:
                raise Useless(what, where=question.file, remedy=remedy, cure=error.cure) from None
            raise Busy(what, where=question.file, remedy=remedy) from None
        return answer

    def _pause(self, state: RetryCallState) -> float:
        import tenacity

        wait = tenacity.wait_exponential(multiplier=self.api.first_wait, max=LONGEST_WAIT / 2)
        return (
            wait(state) + tenacity.wait_random(0, self.api.first_wait / 2)(state) if not _reason(state).after else 0.0
        )

    async def _once(self, question: Question) -> Answer:
        import httpx

        await asyncio.sleep(max(self._free_at - time.monotonic(), 0.0))
        try:
            async with asyncio.timeout(self.api.seconds):
                status, headers, body = await self._post(question.body)
        except (TimeoutError, httpx.TimeoutException):
            raise _Again(f"no answer within {self.api.seconds:g} seconds") from None
        except httpx.LocalProtocolError:
            # Its text repeats what could not be sent: the header with the key.
            raise _Again("the request cannot be sent as it is") from None
        except httpx.ConnectError as error:
            raise _Again(f"the server cannot be reached: {error}") from None
        except httpx.HTTPError as error:
            raise _Again(f"the connection broke: {type(error).__name__}: {error}") from None
        if status != 200:
            self._refused(status, headers, body, question)
        try:
            answer = read_reply(body, self.api.key, longer=question.longer)
        except Unusable as error:
            self._on_reply(*error.tokens)
            if error.again:
                raise _Again(str(error), most=_MOST_BROKEN, cure=error.cure) from None
            what = self._hidden(str(error))
            raise Useless(what, where=question.file, remedy=error.remedy, cure=error.cure) from None
        self._on_reply(answer.tokens_in, answer.tokens_out)
        return answer

    async def _post(self, body: Mapping[str, Any]) -> tuple[int, httpx.Headers, bytes]:
        address = f"{self.api.address}/chat/completions"
        async with self._client.stream("POST", address, json=dict(body)) as response:
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > MOST_BYTES:
                    raise _Again(f"the answer is longer than {MOST_BYTES} bytes", most=_MOST_BROKEN)
            return response.status_code, response.headers, bytes(content)

    def _refused(self, status: int, headers: httpx.Headers, body: bytes, question: Question) -> NoReturn:
        """Raise what a status other than 200 means."""
        said = one_line(self._hidden(_message(body))) or "no reason given"
        if 300 <= status < 400:
            what = f"the server sends us on to {one_line(self._hidden(self._sent_on(headers)))}"
            raise UsageError(what, where=self.api.address, remedy="name that address, if you trust it")
        if status in _NEVER:
            remedy = f"check --model-api, --model and {KEY}"
            raise UsageError(f"{_NEVER[status]} ({status}: {said})", where=self.api.address, remedy=remedy)
        if status not in _AGAIN:
            remedy = "check that the server takes JSON schemas, and how long a text it takes"
            raise Busy(f"the server refused the request ({status}: {said})", where=question.file, remedy=remedy)
        after = _seconds(headers.get("retry-after"))
        if after > LONGEST_WAIT:
            remedy = f"call the same again then; {KEPT}"
            raise UsageError(f"the server wants a pause of {after:.0f} seconds", where=self.api.address, remedy=remedy)
        self._free_at = max(self._free_at, time.monotonic() + after)
        raise _Again(f"the server answered {status}: {said}", after=after)

    def _sent_on(self, headers: httpx.Headers) -> str:
        """The address that a redirect names, which may be a path of this server."""
        where = headers.get("location", "")
        try:
            return urljoin(f"{self.api.address}/chat/completions", where) if where else "elsewhere"
        except ValueError:  # no address
            return where

    def _hidden(self, said: str) -> str:
        """A message without the key, which some servers repeat."""
        return said.replace(self.api.key, MASK) if self.api.key else said


@cache
def _certificates() -> ssl.SSLContext:
    """The authorities that are trusted, read once (a tenth of a second)."""
    import httpx

    return httpx.create_ssl_context()


def _reason(state: RetryCallState) -> _Again:
    """Why the last try failed."""
    error = state.outcome.exception() if state.outcome else None
    assert isinstance(error, _Again)
    return error


def _message(body: bytes) -> str:
    """What a server says of its refusal."""
    text = body.decode("utf-8", "replace")
    try:
        error = json.loads(body)["error"]
        text = error if isinstance(error, str) else str(error["message"])
    except (ValueError, KeyError, TypeError):
        pass
    return text


def _seconds(header: str | None) -> float:
    """``Retry-After`` in seconds: a number of them, or a date."""
    if not header:
        return 0.0
    if header.strip().isdecimal():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    return max((until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0.0)
