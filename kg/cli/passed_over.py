"""What of the given folders was not read, in one line at the end."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import printable

__all__ = ["passed_over"]


@contextmanager
def passed_over(besides: Path | None = None) -> Iterator[Callable[[Path, str], None]]:
    """Counts files and folders that are passed over (path, reason), and says in the end how many of which type.

    Also where the command fails: that there is nothing else may be why. Hidden files are not told, nor ``besides``,
    the folder that the command itself writes.
    """
    found: Counter[str] = Counter()

    def on_skip(path: Path, reason: str) -> None:
        if reason != "hidden" and (besides is None or path.absolute() != besides.absolute()):
            found[_kind(path, reason)] += 1

    try:
        yield on_skip
    finally:
        if found:
            told = ", ".join(f"{n} {kind}" for kind, n in found.items())
            print(f"kg: passed over: {printable(told)}", file=sys.stderr)


def _kind(path: Path, reason: str) -> str:
    if path.is_dir():
        return reason.removeprefix("a ")
    suffix = path.suffix.lower() or "without a suffix"
    return suffix if reason == "unknown type" else f"{suffix} ({reason})"
