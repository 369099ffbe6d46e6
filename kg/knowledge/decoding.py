"""Files of the user's as text."""

from __future__ import annotations

from pathlib import Path

from kg.errors import UsageError

__all__ = ["decoded"]


def decoded(content: bytes, what: str, path: Path) -> str:
    """UTF-8 as text, without the mark that some editors put before it; ``what`` is what the message calls it.

    Raises
    ------
    UsageError : it is not UTF-8; names the file and the line.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{what} is not UTF-8", where=f"{path}, line {line}", remedy="save it as UTF-8") from error
