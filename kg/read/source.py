"""One input before it is read: a file, or standard input."""

from __future__ import annotations

import io
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kg.errors import InputError, KgError
from kg.model.article import Article
from kg.read.names import shown

__all__ = ["MAX_BYTES", "Format", "Options", "ReadFailure", "Source"]

MAX_BYTES = 64 * 1024 * 1024
"""Bytes of a file that holds one article; tables may be of any size, since they are read row by row."""


@dataclass(frozen=True)
class ReadFailure:
    """An input, or a row of one, that could not be read; the others go on."""

    file: str
    error: KgError


@dataclass(frozen=True)
class Options:
    """What the caller says about tables."""

    text_column: str | None = None


@dataclass(frozen=True)
class Source:
    """An input: ``file`` is the name that its article gets, ``content`` its bytes where they are already in memory."""

    file: str
    path: Path | None = None
    content: bytes | None = None

    def open(self) -> BinaryIO:
        """The bytes as a stream; raises InputError where the file cannot be opened, or is none (a pipe, a device)."""
        if self.content is not None or self.path is None:
            return io.BytesIO(self.content or b"")
        self._size()
        try:
            return self.path.open("rb")
        except OSError as error:
            raise _unreadable(self.file, error) from error

    def read(self) -> bytes:
        """All bytes; raises InputError where the file is empty, too large, or cannot be read."""
        if self.content is None and (size := self._size()) > MAX_BYTES:
            raise InputError(
                f"{size:,} bytes, and an article has at most {MAX_BYTES:,}", where=self.file, remedy="split it"
            )
        try:
            with self.open() as stream:
                data = stream.read()
        except OSError as error:
            raise _unreadable(self.file, error) from error
        if not data:
            raise InputError("the file is empty", where=self.file, remedy="leave it out")
        return data

    @property
    def where(self) -> str | None:
        """The path as text (``kg.read.names.on_disk`` leads back where its name is no UTF-8)."""
        return shown(self.path) if self.path is not None else None

    def _size(self) -> int:
        if self.path is None:
            return 0
        try:
            status = self.path.stat()
        except OSError as error:
            raise _unreadable(self.file, error) from error
        if not stat.S_ISREG(status.st_mode):  # opening a pipe waits for a writer that may never come
            raise InputError("a pipe or a device, no file", where=self.file, remedy="save what it gives as a file")
        return status.st_size


def _unreadable(file: str, error: OSError) -> InputError:
    return InputError(
        f"cannot be read ({error.strerror or error})", where=file, remedy="check the file and its permissions"
    )


@dataclass(frozen=True)
class Format:
    """A kind of input: its suffixes (lower case, with the dot), and the function that reads it.

    ``read`` yields articles and failures of rows; it raises KgError where nothing of the input can be read.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Source, Options], Iterator[Article | ReadFailure]]
    many: bool = False
    """Whether it is a table, with an article a row."""
