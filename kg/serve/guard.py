"""What a request must be to be heard: to this machine's own name, from this page or none, reading only."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

__all__ = ["ENDPOINT_METHODS", "Guard"]

_Scope = MutableMapping[str, Any]
_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_App = Callable[[_Scope, _Receive, _Send], Awaitable[None]]

_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?\Z")
"""Names under which the page may be asked for: a site that has its own name lead here (DNS rebinding) is refused."""
_METHODS = "GET, HEAD"
_ENDPOINT, ENDPOINT_METHODS = "/sparql", "GET, HEAD, POST, OPTIONS"
"""SPARQL 1.1 Protocol 2.1.2 and 2.1.3: queries may come as the body of a POST. They only read all the same."""
_MOST_BYTES = 1_000_000
"""Of a request's body: a query that is longer is none."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode("ascii")),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


class Guard:
    """ASGI middleware: refuses foreign hosts and origins, other methods than reading ones, and long bodies.

    Another site may link to ``pages`` (paths), to nothing else; a query in such a link is shown and not run.
    """

    def __init__(self, app: _App, pages: Collection[str] = ()) -> None:
        self._app, self._pages = app, frozenset(pages)

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = _headers(scope)
        reason = _refused(scope, headers, self._pages)
        draft = _draft(scope) if _is_foreign(headers) else ""
        if reason is not None or draft:
            status, said = reason or (303, "this query was not run")
            await _answer(send, status, said, allow=_methods(scope["path"]), location="" if reason else draft)
            return
        if scope["method"] == "POST":
            body = await _body(receive)
            if body is None:
                await _answer(send, 413, "the request is too long")
                return
            receive = _again(body, receive)
        head = scope["method"] == "HEAD"
        if head:  # whatever answers GET answers HEAD
            scope = {**scope, "method": "GET"}

        async def guarded(message: _Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            elif head:
                message = {**message, "body": b""}
            await send(message)

        await self._app(scope, receive, guarded)


def _headers(scope: _Scope) -> dict[bytes, list[bytes]]:
    headers: dict[bytes, list[bytes]] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name.lower(), []).append(value)
    return headers


def _refused(scope: _Scope, headers: dict[bytes, list[bytes]], pages: frozenset[str]) -> tuple[int, str] | None:
    hosts = headers.get(b"host", [])
    if len(hosts) != 1 or not _HOST.match(hosts[0].decode("latin-1")):
        return 421, "this page answers to 127.0.0.1 and localhost only"
    host = hosts[0].decode("latin-1")
    origins = headers.get(b"origin", [])
    if origins and any(origin.decode("latin-1") != f"http://{host}" for origin in origins):
        return 403, "requests of other sites are not answered"
    if _is_foreign(headers) and not (_navigates(scope, headers) and scope["path"] in pages):
        return 403, "requests of other sites are not answered; to open this address, paste it into the address bar"
    if scope["method"] not in _methods(scope["path"]).split(", "):
        return 405, "this page only reads: GET and HEAD, and POST of a query to /sparql"
    return None


def _is_foreign(headers: dict[bytes, list[bytes]]) -> bool:
    """Whether another site had the browser ask; no site does where an address is typed or pasted."""
    return any(site not in (b"same-origin", b"none") for site in headers.get(b"sec-fetch-site", []))


def _navigates(scope: _Scope, headers: dict[bytes, list[bytes]]) -> bool:
    """Whether a link was followed to a tab of its own: not in a frame of that site, and without a form's POST."""
    told = headers.get(b"sec-fetch-mode"), headers.get(b"sec-fetch-dest")
    return told == ([b"navigate"], [b"document"]) and scope["method"] == "GET"


def _draft(scope: _Scope) -> str:
    """The address that shows the query of this one without running it; empty where it has none."""
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if all(name != "query" for name, _ in pairs):
        return ""
    return (
        f"{quote(scope['path'])}?{urlencode([('draft' if name == 'query' else name, value) for name, value in pairs])}"
    )


def _methods(path: str) -> str:
    return ENDPOINT_METHODS if path == _ENDPOINT else _METHODS


async def _body(receive: _Receive) -> bytes | None:
    """All of the body; None where it is too long."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        body += message.get("body", b"")
        if len(body) > _MOST_BYTES:
            return None
        if not message.get("more_body"):
            return body


def _again(body: bytes, receive: _Receive) -> _Receive:
    """Tells the body in one, and then what comes after it: that the client hangs up."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> _Message:
        return waiting.pop() if waiting else await receive()

    return again


async def _answer(send: _Send, status: int, said: str, *, allow: str = _METHODS, location: str = "") -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    if location:
        headers.append((b"location", location.encode("ascii")))
    if status == 405:
        headers.append((b"allow", allow.encode("ascii")))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": (said + "\n").encode("utf-8")})
