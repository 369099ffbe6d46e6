"""From articles to a store, new or brought up to date."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kg.errors import UsageError
from kg.pipeline.extraction import Unusable
from kg.pipeline.kept import Kept
from kg.pipeline.records import records
from kg.settings import Settings
from kg.workers import Workers, open_workers

if TYPE_CHECKING:
    from kg.graph.intake import BuildReport, Failure, Item
    from kg.graph.store.archive import Archive
    from kg.graph.store.manifest import Entry

__all__ = ["build", "build_store"]


def build(
    paths: str | os.PathLike[str] | Sequence[str | Path],
    store: str | Path,
    *,
    vocabulary: str | Path | None = None,
    gazetteer: str | Path | None = None,
    text_column: str | None = None,
    tokenizer: str = "lac",
    tokenizer_model: str | Path | None = None,
    fast: bool = False,
    keep_missing: bool = False,
    base: str | None = None,
    workers: int | Workers = 1,
    optimize: bool = False,
    on_article: Callable[[bool], None] = lambda failed: None,
    on_written: Callable[[], None] = lambda: None,
    on_skip: Callable[[Path, str], None] | None = None,
) -> BuildReport:
    """Build or bring up to date a store from articles: those of a file, folder or pattern, or of several.

    Unchanged articles are skipped, changed ones replaced; articles of the folders and files given that are not there
    any more are withdrawn, unless ``keep_missing``. Articles of other folders stay. With another vocabulary, gazetteer,
    tokenizer or ``fast`` than before, the articles that are named are extracted again.

    Parameters
    ----------
    vocabulary, gazetteer : files of concepts (Turtle) and places (CSV) of your own.
    text_column : column of tables that holds the text; None: found by its usual names.
    tokenizer : what cuts the words: lac, pkuseg, char, or the name of an installed spaCy model.
    tokenizer_model : folder of a pkuseg model; None: the one that comes with the program.
    fast : without the transformer: several times faster, less accurate.
    keep_missing : keep articles that are not there any more.
    base : base of all IRIs, for a new store.
    workers : so many processes of this machine, or what ``kg.workers.open_workers`` opened; they change nothing in what
        comes of it.
    optimize : arrange the database for reading, which pays for a store that is asked often.
    on_article : called for each article that was read, with whether it failed.
    on_written : called, later, for each that is in the graph.
    on_skip : called for each file or folder that is passed over, with the reason.

    Raises
    ------
    UsageError : there is no article in ``paths``, or none of them is there; a vocabulary, gazetteer or tokenizer is
        unusable, or the workers are none; a store that was there stays as it was.
    StoreError : the store is locked, read-only, of another version, or the disk is full; it stays as it was.
    """
    settings = Settings.of(
        vocabulary=vocabulary,
        gazetteer=gazetteer,
        fast=fast,
        tokenizer=tokenizer,
        tokenizer_model=tokenizer_model,
    )
    return build_store(
        paths,
        store,
        settings,
        text_column=text_column,
        keep_missing=keep_missing,
        base=base,
        workers=workers,
        optimize=optimize,
        on_article=on_article,
        on_written=on_written,
        on_skip=on_skip,
    )


def build_store(
    paths: str | os.PathLike[str] | Sequence[str | Path],
    store: str | Path,
    settings: Settings,
    *,
    text_column: str | None = None,
    keep_missing: bool = False,
    base: str | None = None,
    workers: int | Workers = 1,
    optimize: bool = False,
    on_article: Callable[[bool], None] = lambda failed: None,
    on_written: Callable[[], None] = lambda: None,
    on_skip: Callable[[Path, str], None] | None = None,
) -> BuildReport:
    """As ``build``, with settings that are made already."""
    from kg.graph.build import build as build_graph
    from kg.graph.intake import Failure, Item
    from kg.read.names import absolute, as_paths, shown

    paths = as_paths(paths)
    leaves = _Leaving(paths)

    with nullcontext(cast(Workers, workers)) if hasattr(workers, "map") else open_workers(workers) as hands:

        def source(archive: Archive, entries: Sequence[Entry]) -> Iterator[Item | Failure]:
            known = {entry.graph for entry in entries if entry.key and archive.has_extracted(entry.key)}
            for entry in entries:
                record = None if entry.graph in known else archive.record(entry.record)
                if record is not None:  # it came as a record: there is nothing to extract it from
                    text = archive.text(entry.text) if entry.text else None
                    yield Item(record, text, entry.path, column=entry.column)
            read = 0

            def counted(failed: bool) -> None:
                nonlocal read
                read += 1
                on_article(failed)

            for one in records(
                paths,
                settings,
                text_column=text_column,
                cache=archive,
                kept=[_kept(entry, extracted=entry.graph in known) for entry in entries],
                workers=hands,
                on_article=counted,
                on_skip=on_skip,
            ):
                if isinstance(one, Unusable):
                    yield Failure(one.error, one.path and absolute(one.path), one.file)
                else:
                    yield Item(one.record, one.text, one.path, one.key, one.column)
            if not read:  # a folder that is empty today (a drive not mounted) shall not empty the store
                where = ", ".join(map(str, paths))
                remedy = "name a folder of articles; to empty a store, delete it"
                raise UsageError("there is no article; nothing was changed", where=where, remedy=remedy)

        report = build_graph(
            source,
            store,
            leaves=(lambda entry: False) if keep_missing else leaves,
            config=settings.digest(),
            base=base,
            vocabularies=[settings.vocabulary] if settings.vocabulary else [],
            workers=hands,
            optimize=optimize,
            on_article=lambda failure: None if failure else on_written(),
        )
    given = {None, *map(shown, paths)}
    wrong = [each.error for each in report.failures if isinstance(each.error, UsageError) and each.error.where in given]
    if wrong and not report.articles and len(wrong) == len(report.failures):  # of what was named nothing is there
        raise wrong[0] if len(wrong) == 1 else UsageError("; ".join(map(str, wrong)))
    return report


def _kept(entry: Entry, *, extracted: bool) -> Kept:
    """An article that stays; one that came as a record has no claim to its file, but only to its name."""
    return Kept(
        entry.key if extracted else "", entry.path if entry.key else None, entry.file, entry.graph, entry.column
    )


class _Leaving:
    """Whether an article lies in what a build is given, so that it is withdrawn where it is not found there any more."""

    def __init__(self, paths: Sequence[str | Path]) -> None:
        from kg.read.names import real

        self._real = lru_cache(maxsize=None)(real)
        # A path that is not there now (a drive not mounted, a name mistyped) withdraws nothing.
        self._within = {real(path) for path in paths if os.path.isdir(path)}  # noqa: PTH112 - never raises
        self._files = {real(path) for path in paths if os.path.isfile(path)}  # noqa: PTH113

    def __call__(self, entry: Entry) -> bool:
        if entry.path is None or not entry.key:  # what came as a record stays as it was given
            return False
        path = Path(entry.path)
        folder = self._real(path.parent)
        if not self._within.isdisjoint({folder, *folder.parents}):
            return True
        return bool(self._files) and self._real(path) in self._files
