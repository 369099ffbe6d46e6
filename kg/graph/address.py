"""Addresses of servers, as users write them."""

from __future__ import annotations

import os

__all__ = ["is_address"]


def is_address(store: str | os.PathLike[str]) -> bool:
    """Whether what is given for a store is the address of a server; a Path has lost one of its slashes.

    >>> is_address("http://127.0.0.1:7878/"), is_address("HTTPS:/a.example"), is_address("store")
    (True, True, False)
    """
    return os.fspath(store).casefold().startswith(("http:/", "https:/"))
