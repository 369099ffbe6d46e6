"""The records of all articles: extracted wherever the workers are, then compared over the whole."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg.errors import InputError, UsageError
from kg.model import Article, ArticleRecord, OffsetMap
from kg.pipeline.cache import Cache, Memory
from kg.pipeline.extraction import Done, Extraction, Input, Unusable, key_of
from kg.pipeline.inputs import batches
from kg.pipeline.kept import Kept, Reserved
from kg.settings import Extractor, Settings, forget
from kg.workers import Lost, Workers, open_workers

__all__ = ["Extracted", "as_article", "extract_records", "records"]

_DEFAULT = Settings()


@dataclass(frozen=True)
class Extracted:
    """A record with what belongs to it."""

    record: ArticleRecord
    text: str | None
    """The clean text that its spans count in."""
    path: str | None
    key: str
    """Tells article and settings: the same key, the same extraction. Empty where another extractor made it."""
    column: str | None = None
    """Column of its table that was named as that of the text."""


def records(
    paths: Iterable[str | Path],
    settings: Settings = _DEFAULT,
    *,
    text_column: str | None = None,
    cache: Cache | None = None,
    kept: Sequence[Kept] = (),
    extract: Extractor | None = None,
    workers: Workers | None = None,
    on_article: Callable[[bool], None] = lambda failed: None,
    on_skip: Callable[[Path, str], None] | None = None,
) -> Iterator[Extracted | Unusable]:
    """The records of all articles of these files, folders and patterns.

    Articles are read and extracted a few at a time; then reposts and practices that several articles tell are
    recognised over all of them (and those ``kept``), and the records come, in the order of the articles. Until then
    they wait in the cache, with the texts; a kilobyte of fingerprint an article is held here. What comes does not
    depend on the workers.

    Parameters
    ----------
    settings : how articles are extracted; the models are loaded when the first article needs them.
    cache : extraction results by ``key``; what is there is not extracted again.
    kept : articles of an earlier run to be taken into account, by their key in the cache; their names stay theirs.
    extract : stations 2 and 3 in the place of the product's own (a language model's answers), without a cache: its results
        are those of ``settings``.
    workers : where articles are read and extracted; default: in this process.
    on_article : called after each article that was read, with whether it failed.
    on_skip : called for each file or folder that is passed over, with the reason.

    Raises UsageError where both ``cache`` and ``extract`` are given, or something in the settings is wrong.
    """
    from kg.read.names import absolute
    from kg.read.reposts import find_reposts, fingerprint
    from kg.resolve.identity import identified

    if extract is not None and cache is not None:
        remedy = "leave one of the two out"
        raise UsageError("a cache holds what the product's own extraction found", where="extract", remedy=remedy)
    memory: Cache = cache or Memory()
    digest = settings.digest()
    found: list[Kept] = []
    files: set[str] = set()
    prints = []
    task = Extraction(settings, digest, text_column, extract)
    pieces = batches(
        paths,
        text_column=text_column,
        known=lambda file, content: memory.has_extracted(key_of(digest, file, content)),
        reserved=Reserved(kept, text_column),
        on_skip=on_skip,
    )
    try:
        for results in _results(task, pieces, workers or open_workers()):
            for one in results:
                on_article(isinstance(one, Unusable))
                if isinstance(one, Unusable):
                    yield one
                    continue
                key = key_of(digest, one.file, one.content_hash)
                if one.record is not None:
                    memory.put_extracted(key, one.record)
                    memory.put_text(one.text_hash, one.text)
                prints.append(one.fingerprint)
                files.add(one.file)
                found.append(Kept(key, one.path and absolute(one.path), column=text_column))
            memory.commit()
    finally:
        forget()  # the models are not needed any more, and writing the graph takes memory too
    for entry in kept:
        earlier = memory.extracted(entry.key) if entry.key else None
        text = memory.text(earlier.text_hash) if earlier else None
        if earlier and text is not None and earlier.file not in files:
            prints.append(fingerprint(as_article(earlier, text)))
            found.append(entry)
    keys = {one.file: entry.key for one, entry in zip(prints, found, strict=True)}
    # each is read once: articles of one template come in hundreds
    told = lru_cache(maxsize=None)(lambda file: _Told.of(memory.extracted(keys[file])))
    reposts = find_reposts(prints, lambda one, other: told(one).elsewhere(told(other)))
    for entry in found:
        waiting = memory.extracted(entry.key)
        assert waiting is not None  # it was put in above, or found there
        marked = waiting.model_copy(update={"duplicate_of": reposts.get(waiting.file)})
        text = memory.text(marked.text_hash)
        yield Extracted(identified(marked, reposts), text, entry.path, "" if extract else entry.key, entry.column)


@dataclass(frozen=True)
class _Told:
    """The places that an article tells of."""

    names: frozenset[str]
    counties: frozenset[tuple[str, ...]]

    @staticmethod
    def of(record: ArticleRecord | None) -> _Told:
        regions = record.regions if record else ()
        return _Told(
            frozenset(region.name for region in regions), frozenset(region.county for region in regions if region.path)
        )

    def elsewhere(self, other: _Told) -> bool:
        """Whether two articles tell of places that have neither a name nor a county in common.

        A reprint tells of the same places. Two towns that report by one template do not, though most of their words agree.
        """
        if not self.counties or not other.counties or not self.names.isdisjoint(other.names):
            return False
        return not any(a[: len(b)] == b[: len(a)] for a in self.counties for b in other.counties)


def _results(task: Extraction, pieces: Iterable[list[Input]], workers: Workers) -> Iterator[Sequence[Done | Unusable]]:
    for results in workers.map(task, pieces):
        if not isinstance(results, Lost):
            yield results
            continue
        # One of them ends every worker that takes it up: alone, it harms no other.
        alone: Iterable[list[Input]] = [[one] for one in results.item]
        for single in workers.map(task, alone):
            yield [_given_up(single)] if isinstance(single, Lost) else single


def _given_up(lost: Lost[list[Input]]) -> Unusable:
    file, path = lost.item[0].name
    error = InputError(
        f"the extraction was given up: {lost.reason}",
        where=path or file,
        remedy="leave it out, or give each worker more memory (fewer of them)",
    )
    return Unusable(error, file, path)


def extract_records(articles: Iterable[Article], settings: Settings = _DEFAULT) -> list[ArticleRecord]:
    """The records of articles that are read already (``duplicate_of`` is theirs), with identities over all of them."""
    from kg.resolve.identity import assign_identities

    read = list(articles)
    made = settings.extractor()(read)
    return assign_identities(
        record.model_copy(update={"duplicate_of": article.duplicate_of})
        for article, record in zip(read, made, strict=True)
    )


def as_article(record: ArticleRecord, text: str) -> Article:
    """An article from its record and clean text alone, without the way back to its file: for fingerprints and readers."""
    places = array("L", range(len(text)))
    title = len(record.title) if record.title and text.startswith(record.title) else None
    return Article(
        record.file,
        text,
        text,
        OffsetMap(places, places),
        record.content_hash,
        published=record.published,
        title=record.title,
        title_span=None if title is None else (0, title),
    )
