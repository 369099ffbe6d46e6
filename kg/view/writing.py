"""Bytes to where the user wants them: whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.errors import UsageError

__all__ = ["write_bytes", "written"]


def write_bytes(content: bytes, output: Path | None) -> None:
    """Write to a file or to standard output as ``written`` does.

    Raises ``UsageError`` where the place cannot be written; what stood there stays.
    """
    with written(output) as write:
        write(content)


@contextmanager
def written(output: Path | None) -> Iterator[Callable[[bytes], None]]:
    """A file to write piece by piece, which appears when the block ends without an error; standard output for None and ``-``.

    It is written beside its place under another name, made at once: a place that cannot be written is told before the
    work. Then it is moved; where the block is left by an error or Ctrl+C, it is removed. A device or a pipe is written
    to as it is: moving a file over it would take its place.

    Raises
    ------
    UsageError : the place cannot be written; what stood there stays.
    """
    if output is None or output == Path("-"):
        yield _say
        return
    where = str(output)
    with _told(where):
        device = output.exists() and not output.is_file()
        output = output.resolve() if output.is_symlink() else output
        if device:
            file, unfinished = output.open("wb"), None
        else:
            # Not the whole name: with what comes to it, it may be longer than a name can be.
            number, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name[:20]}.")
            file, unfinished = open(number, "wb"), Path(name)  # noqa: PTH123, SIM115 - open already; closed below

    def write(content: bytes) -> None:
        with _told(where):
            file.write(content)

    try:
        yield write
        with _told(where):
            file.flush()
            if unfinished:
                os.fsync(file.fileno())
            file.close()
            if unfinished:
                # A temporary file is the user's alone; an export is as readable as what it replaces, or as any new file.
                unfinished.chmod(output.stat().st_mode & 0o777 if output.exists() else 0o644)
                unfinished.replace(output)
    except BaseException:
        with suppress(OSError):
            file.close()
        if unfinished:
            unfinished.unlink(missing_ok=True)
        raise


def _say(content: bytes) -> None:
    with _told("standard output"):
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


@contextmanager
def _told(where: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise  # whoever reads has enough: that is no error of the place
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"cannot be written ({reason})", where=where, remedy="check the folder, its rights and the free space"
        ) from error
