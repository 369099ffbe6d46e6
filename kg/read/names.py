"""Names of files as text: what is no UTF-8 on the disk can still be told, stored, and found again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["absolute", "as_paths", "on_disk", "real", "shown"]


def as_paths(paths: str | os.PathLike[str] | Iterable[str | Path]) -> list[str | Path]:
    """The paths one by one; a text or path that is given alone is one of them (a text has letters to go through).

    >>> as_paths("articles"), as_paths(["a", "b"])
    (['articles'], ['a', 'b'])
    """
    if isinstance(paths, str):
        return [paths]
    return [Path(paths)] if isinstance(paths, os.PathLike) else list(paths)


def shown(path: str | os.PathLike[str]) -> str:
    """The path as text that UTF-8 can hold.

    A part that is no UTF-8 on the disk is read as GB18030 (as Chinese zip files leave it on Linux), and where it is
    not that either, or where another file has that name, its odd bytes are written as ``\\xb1``. ``on_disk`` leads
    back.

    >>> import os
    >>> shown(os.fsdecode("来稿/".encode() + "报道.txt".encode("gb18030")))
    '来稿/报道.txt'
    """
    text = os.fspath(path)
    if _is_valid(text):
        return text
    found = plain = Path(Path(path).anchor)
    for part in Path(path).parts[1 if plain.anchor else 0 :]:
        readable, escaped = _spellings(part)
        taken = readable != part and os.path.lexists(found / readable)
        found, plain = found / part, plain / (escaped if taken else readable)
    return str(plain)


def on_disk(path: str | os.PathLike[str]) -> Path | None:
    """The file or folder that ``shown`` tells by this text; None where there is none."""
    wanted = Path(path)
    found = Path(wanted.anchor)
    for part in wanted.parts[1 if wanted.anchor else 0 :]:
        exact = found / part
        below = exact if os.path.lexists(exact) else next(_told_as(part, found), None)
        if below is None:
            return None
        found = below
    return found


def absolute(path: str | os.PathLike[str]) -> str:
    """The path from the root on, without .., as ``shown`` tells it; links are not followed."""
    return shown(os.path.abspath(path))  # noqa: PTH100 - Path.absolute() keeps ..


def real(path: str | os.PathLike[str]) -> Path:
    """One path for a file by whatever way it is named (links, ..), as ``shown`` tells it.

    Where no way leads on (links in a circle, a name too long) the path as it is.
    """
    try:
        return Path(shown(Path(path).resolve()))
    except (OSError, RuntimeError):
        return Path(shown(path))


def _told_as(part: str, folder: Path) -> Iterator[Path]:
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names are compared, not paths
    except (OSError, ValueError):
        return
    for name in names:
        if not _is_valid(name) and part in _spellings(name):
            yield folder / name


def _is_valid(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _spellings(part: str) -> tuple[str, str]:
    """One part of a path as it is read, and with its odd bytes escaped."""
    if _is_valid(part):
        return part, part
    data = os.fsencode(part)
    escaped = data.decode("utf-8", "backslashreplace")
    try:
        return data.decode("gb18030"), escaped
    except UnicodeDecodeError:
        return escaped, escaped
