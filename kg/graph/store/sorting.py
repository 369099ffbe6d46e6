"""Lines in order, however many there are: sorted in pieces on the disk, then merged."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import IO

from kg.errors import StoreError

__all__ = ["sorted_lines"]

MOST_BYTES = 32_000_000
"""Of lines that are held in memory at a time."""
MOST_FILES = 100
"""That are merged at once: systems let a process open few."""


def sorted_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines (each with its line break) in the order of their bytes, which is that of their characters.

    What does not fit into memory waits in files of the system's folder for temporary ones, which are gone at the end.

    >>> list(sorted_lines([b"b\\n", b"a\\n"]))
    [b'a\\n', b'b\\n']

    Raises StoreError where that folder cannot take them.
    """
    with ExitStack() as stack:
        files: list[IO[bytes]] = []
        held: list[bytes] = []
        size = 0
        for line in lines:
            held.append(line)
            size += len(line)
            if size > MOST_BYTES:
                held.sort()
                files.append(_written(held, stack))
                held, size = [], 0
            if len(files) == MOST_FILES:
                merged = _written(heapq.merge(*files), stack)
                for file in files:
                    file.close()
                files = [merged]
        held.sort()
        yield from heapq.merge(*files, held)


def _written(lines: Iterable[bytes], stack: ExitStack) -> IO[bytes]:
    try:
        file = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        file.writelines(lines)
        file.seek(0)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(
            f"no room for what is sorted ({reason})",
            where=tempfile.gettempdir(),
            remedy="make room there, or name another folder in the environment variable TMPDIR",
        ) from error
    return file
