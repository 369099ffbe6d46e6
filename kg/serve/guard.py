"""What a request must be to be heard: to this machine's own name, from this page or none, reading only."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

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
    """ASGI middleware: refuses foreign hosts and origins, other methods than reading ones, and long bodies."""

    def __init__(self, app: _App) -> None:
        self._app = app

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        reason = _refused(scope)
        if reason is not None:
            await _answer(send, *reason, allow=_methods(scope["path"]))
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


def _refused(scope: _Scope) -> tuple[int, str] | None:
    headers: dict[bytes, list[bytes]] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name.lower(), []).append(value)
    hosts = headers.get(b"host", [])
    if len(hosts) != 1 or not _HOST.match(hosts[0].decode("latin-1")):
        return 421, "this page answers to 127.0.0.1 and localhost only"
    host = hosts[0].decode("latin-1")
    origins = headers.get(b"origin", [])
    if origins and any(origin.decode("latin-1") != f"http://{host}" for origin in origins):
        return 403, "requests of other sites are not answered"
    site = headers.get(b"sec-fetch-site", [b"none"])[0]
    navigates = headers.get(b"sec-fetch-mode", [b""])[0] == b"navigate" and scope["method"] == "GET"
    if site in (b"cross-site", b"same-site") and not navigates:
        return 403, "requests of other sites are not answered"
    if scope["method"] not in _methods(scope["path"]).split(", "):
        return 405, "this page only reads: GET and HEAD, and POST of a query to /sparql"
    return None


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


async def _answer(send: _Send, status: int, said: str, *, allow: str = _METHODS) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    if status == 405:
        headers.append((b"allow", allow.encode("ascii")))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": (said + "\n").encode("utf-8")})
