"""What there is to read, a few inputs at a time: the pieces of work of a build."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.model import Article
from kg.pipeline.extraction import Input

if TYPE_CHECKING:
    from kg.read.source import ReadFailure, Source

__all__ = ["BATCH", "batches"]

BATCH = 16
"""Articles that are extracted together (which is cheaper) and committed to the cache: what a killed run does again."""
_MOST_BYTES = 4_000_000
"""Bytes of files beyond which a batch is closed: it is held in memory, and sent to a worker whole."""


def batches(
    paths: Iterable[str | Path],
    *,
    text_column: str | None,
    known: Callable[[str, str], bool],
    reserved: Callable[[Source, str], bool] = lambda source, name: False,
    on_skip: Callable[[Path, str], None] | None = None,
) -> Iterator[list[Input]]:
    """The inputs behind these paths; ``known`` says of a file's name and content hash whether it is extracted already.

    ``reserved`` says of an input and a name whether it is not to have it; ``on_skip`` hears of what is passed over.

    Files come with their bytes, so that a worker need not see the folder that they lie in; the rows of a table are
    read here, one by one.
    """
    from kg.read.articles import named_sources

    batch: list[Input] = []
    size = 0
    sources = named_sources(paths, on_skip=on_skip, reserved=reserved)
    for one, weight in _inputs(sources, text_column, known):
        batch.append(one)
        size += weight
        if len(batch) == BATCH or size > _MOST_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _inputs(
    sources: Iterable[Source | ReadFailure], text_column: str | None, known: Callable[[str, str], bool]
) -> Iterator[tuple[Input, int]]:
    from kg.read.articles import holds_many, read_source
    from kg.read.source import ReadFailure

    for source in sources:
        if isinstance(source, ReadFailure):
            yield Input(source), 0
            continue
        try:
            many = holds_many(source)
        except KgError:  # reading it says the same, at its place in the order
            many = False
        if many:
            for row in read_source(source, text_column=text_column):
                yield _row(row, known)
        else:
            yield _file(source, known)


def _row(row: Article | ReadFailure, known: Callable[[str, str], bool]) -> tuple[Input, int]:
    if isinstance(row, Article):
        return Input(row, known(row.file, row.content_hash)), len(row.original)
    return Input(row), 0


def _file(source: Source, known: Callable[[str, str], bool]) -> tuple[Input, int]:
    try:
        data = source.read()
    except KgError:  # the worker finds the same
        return Input(source), 0
    digest = hashlib.sha256(data).hexdigest()
    return Input(replace(source, content=data), known(source.file, digest)), len(data)
