"""Bytes to where the user wants them: whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import UsageError

__all__ = ["write_bytes"]


def write_bytes(content: bytes, output: Path | None) -> None:
    """Write to a file, or to standard output where ``output`` is None.

    The file appears when it is complete: it is written beside its place under another name, then moved. Raises
    ``UsageError`` where the place cannot be written; what stood there stays. A device or a pipe is written to as it
    is: moving a file over it would take its place.
    """
    if output is None:
        with _told("standard output"):
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        return
    if output.exists() and not output.is_file():
        with _told(str(output)), output.open("wb") as device:
            device.write(content)
        return
    output = output.resolve() if output.is_symlink() else output
    unfinished = None
    with _told(str(output)):
        try:
            with tempfile.NamedTemporaryFile(dir=output.parent, prefix=f".{output.name}.", delete=False) as file:
                unfinished = Path(file.name)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # A temporary file is the user's alone; an export is as readable as what it replaces, or as any new file.
            unfinished.chmod(output.stat().st_mode & 0o777 if output.exists() else 0o644)
            unfinished.replace(output)
        except OSError:
            if unfinished:
                unfinished.unlink(missing_ok=True)
            raise


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
