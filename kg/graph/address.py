"""Addresses of servers, as users write them."""

from __future__ import annotations

import base64
import os
import re
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from kg.errors import UsageError

__all__ = ["is_address", "parts_of", "shown", "without_login"]

_HOST = re.compile(r"[\w.:%~-]+")
"""Names in any script, numbers, and IPv6 without its brackets."""


def is_address(store: str | os.PathLike[str]) -> bool:
    """Whether what is given for a store is the address of a server; a Path has lost one of its slashes.

    >>> is_address("http://127.0.0.1:7878/"), is_address("HTTPS:/a.example"), is_address("store")
    (True, True, False)
    """
    return os.fspath(store).casefold().startswith(("http:/", "https:/"))


def parts_of(url: str, *, example: str) -> SplitResult:
    """The parts of an http address that can be asked. Raises UsageError, with the example, where it is none.

    >>> parts_of("http://127.0.0.1:7878/query", example="").port
    7878
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        host.encode("idna")  # what a look-up of the name would stumble over
        usable = parts.scheme in {"http", "https"} and bool(_HOST.fullmatch(host)) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise UsageError("not an http address", where=shown(url), remedy=f"for one: {example}")
    # urlsplit leaves out some of them without a word: what was given is looked at.
    if any(c <= " " or c == "\x7f" for c in url) or not f"{parts.path}{parts.query}".isascii():
        raise UsageError(
            "the address holds a blank or a letter that addresses do not have",
            where=shown(url),
            remedy="write it in percent encoding, a blank as %20",
        )
    return parts


def without_login(url: str, *, example: str) -> tuple[str, str | None]:
    """A checked address without the name and password in it, and the header (basic authentication) that carries those.

    >>> without_login("https://anna:s%40cret@a.example/query", example="")
    ('https://a.example/query', 'Basic YW5uYTpzQGNyZXQ=')
    """
    parts = parts_of(url, example=example)
    login, sign, host = parts.netloc.rpartition("@")
    if not sign:
        return url, None
    # The scheme has a colon even where there is no password.
    encoded = base64.b64encode(unquote_to_bytes(login if ":" in login else f"{login}:")).decode("ascii")
    return parts._replace(netloc=host).geturl(), f"Basic {encoded}"


def shown(url: str) -> str:
    """An address as it may be told: without name and password.

    >>> shown("https://anna:secret@a.example/query")
    'https://…@a.example/query'
    """
    return re.sub(r"\A([A-Za-z]+:/+)?.*@", r"\1…@", url, flags=re.DOTALL)
