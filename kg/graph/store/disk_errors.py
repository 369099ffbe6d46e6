"""What the disk, SQLite and RocksDB raise, told as one error that says what to do."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import StoreError

__all__ = ["damage", "storage_errors"]

_QUOTA = getattr(errno, "EDQUOT", errno.ENOSPC)
_FULL = {
    errno.ENOSPC: ("the disk is full", "make room and run it again"),
    _QUOTA: ("your share of the disk is used up", "make room and run it again"),
    errno.EFBIG: ("a file grows larger than the system allows", "raise the limit (ulimit -f) or name another folder"),
}
_FULL_WORDS = {
    "no space left": errno.ENOSPC,
    "disk is full": errno.ENOSPC,
    "quota exceeded": _QUOTA,
    "file too large": errno.EFBIG,
}
"""By which SQLite and RocksDB tell the same; they give no number."""


@contextmanager
def storage_errors(where: Path, doing: str = "written") -> Iterator[None]:
    """Turns what the disk, SQLite and RocksDB raise into one StoreError that says what to do.

    ``doing`` is what the folder could not be: written, or read.
    """
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise _storage_error(error, str(where), doing) from error
    except RuntimeError as error:
        found = damage(error)
        if found is None:
            raise
        raise found from error


def _storage_error(error: OSError | sqlite3.Error, where: str, doing: str) -> StoreError:
    said, number = str(error).lower(), getattr(error, "errno", None)
    number = next((meant for words, meant in _FULL_WORDS.items() if words in said), number)
    if number in _FULL:
        what, remedy = _FULL[number]
        return StoreError(f"{what}; nothing was changed", where=where, remedy=remedy)
    denied = isinstance(error, PermissionError) or number == errno.EROFS
    if denied or "readonly" in said or "read-only" in said or "unable to open database" in said:
        return StoreError(
            f"the folder cannot be {doing}", where=where, remedy="check its permissions or name another one"
        )
    if number == errno.ENAMETOOLONG:
        return StoreError("the name is too long", where=where, remedy="name a shorter one")
    if isinstance(error, OSError) and doing == "written" and number is not None:
        told = error.strerror or said
        return StoreError(
            f"the folder cannot be written ({told})", where=where, remedy="check the disk and run it again"
        )
    return StoreError(f"the store cannot be used: {error}", where=where, remedy="build it anew in an empty folder")


def damage(error: Exception) -> StoreError | None:
    """What to tell of an error by which RocksDB says that files of a database are damaged; nothing of any other error.

    Its binding raises a plain RuntimeError with the name of its status first, when opening and at any read later.
    """
    if type(error) is not RuntimeError or not str(error).startswith("Corruption:"):
        return None
    return StoreError(
        f"the database of the store is damaged ({error})",
        remedy="build the store anew, in an empty folder, from the same articles",
    )
