"""Building a store: records in, a finished generation out, or nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from kg.errors import KgError, UsageError
from kg.graph.generation import NextGeneration
from kg.graph.intake import BuildReport, Failure, Item, Source
from kg.graph.originals import Originals
from kg.graph.store.archive import Archive
from kg.graph.store.folder import StoreFolder
from kg.graph.store.manifest import Entry
from kg.model import ArticleRecord
from kg.workers import Workers, open_workers

__all__ = ["build", "build_records"]


def build(
    source: Source,
    store: str | Path,
    *,
    leaves: Callable[[Entry], bool] = lambda entry: True,
    config: str = "",
    base: str | None = None,
    vocabularies: Sequence[Path] = (),
    workers: Workers | None = None,
    optimize: bool = False,
    on_article: Callable[[KgError | None], None] = lambda failure: None,
) -> BuildReport:
    """Build a new generation of a store.

    Parameters
    ----------
    source : gives the items; called once, within the lock.
    leaves : whether an article of the last generation is withdrawn where the source does not give it any more.
    config : hash of program, knowledge and options, for the run's own graph.
    base : base of all IRIs; default: that of the store, or the product's.
    vocabularies : the user's own concept schemes, in Turtle.
    workers : where the graphs are rendered; default: in this process. What is built does not depend on it.
    optimize : arrange the whole database for reading before it is published: some 5 µs a triple; what asks for one practice
        then takes half the time.
    on_article : called after each article, with what was wrong with it.

    Raises
    ------
    StoreError : locked, read-only, of another version, full disk: the store stays as it was.
    UsageError : the base is none, differs from the store's, or a vocabulary is unusable.
    """
    folder = StoreFolder(store)
    was_there = folder.exists()
    folder.create()
    try:
        with folder.lock(), Archive(folder.archive, write=True) as archive:
            generation = NextGeneration(
                folder, archive, config=config, base=base, workers=workers or open_workers(), on_article=on_article
            )
            report = generation.run(source, leaves, vocabularies, optimize=optimize)
    except UsageError:
        if not was_there:  # what was asked for is wrong: nothing was extracted that a second try could use
            folder.discard()
        raise
    if not was_there and folder.current() is None:  # nothing was usable
        folder.discard()
    return report


def build_records(
    records: Iterable[ArticleRecord | tuple[ArticleRecord, str | None]],
    store: str | Path,
    *,
    articles: Sequence[str | Path] = (),
    text_column: str | None = None,
    base: str | None = None,
    vocabularies: Sequence[Path] = (),
    workers: Workers | None = None,
    optimize: bool = False,
) -> BuildReport:
    """Build a store that holds just these records, each alone or with its clean text.

    ``articles`` are files and folders in which the articles of records that come alone are found, by their content hash;
    without its text a record has no sentences in the store. ``text_column`` is the column of tables that holds it.
    ``vocabularies`` are the user's own concept schemes, in Turtle, that the records refer to. A part of ``build`` for
    records that come from elsewhere: JSON Lines, gold annotations, another program.
    """

    def items(archive: Archive, kept: Sequence[Entry]) -> Iterator[Item | Failure]:
        originals = Originals(articles, archive, text_column)
        for record in records:
            yield Item(*record) if isinstance(record, tuple) else originals.item(record)

    return build(items, store, base=base, vocabularies=vocabularies, workers=workers, optimize=optimize)
