"""Stations 1 to 3 in a row: files in, records out; and ``build``, which puts them into a store."""

from __future__ import annotations

import hashlib
import os
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kg.configuration import configuration
from kg.errors import InputError, KgError
from kg.model import Article, ArticleRecord, OffsetMap

if TYPE_CHECKING:
    from kg.graph.archive import Archive
    from kg.graph.intake import BuildReport, Failure, Item
    from kg.graph.manifest import Entry
    from kg.read import ReadFailure

__all__ = [
    "Cache",
    "Extracted",
    "Extractor",
    "Kept",
    "Unusable",
    "as_article",
    "build",
    "extract_records",
    "extractor",
    "records",
]

Extractor = Callable[[Sequence[Article]], Iterable[ArticleRecord]]
"""Stations 2 and 3 for a few articles, a record for each; what one article gives does not depend on the others."""

BATCH = 16
"""Articles that are extracted together (which is cheaper) and committed to the cache: what a killed run does again."""


@dataclass(frozen=True)
class Extracted:
    """A record with what belongs to it."""

    record: ArticleRecord
    text: str | None
    """The clean text that its spans count in."""
    path: str | None
    key: str
    """Tells article and configuration: the same key, the same extraction."""


@dataclass(frozen=True)
class Unusable:
    """An article that could not be read or extracted; the others go on."""

    error: KgError
    file: str
    path: str | None = None


@dataclass(frozen=True)
class Kept:
    """An article of an earlier run that is not read again but belongs to the whole."""

    key: str
    path: str | None


class Cache(Protocol):
    """Where extraction results and texts are kept between runs (``kg.graph.archive.Archive`` is one)."""

    def extracted(self, key: str) -> ArticleRecord | None: ...
    def put_extracted(self, key: str, record: ArticleRecord) -> None: ...
    def text(self, digest: str) -> str | None: ...
    def put_text(self, digest: str, text: str) -> None: ...
    def commit(self) -> None: ...


class _Memory:
    """A cache that forgets with the run."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._records: dict[str, bytes] = {}

    def extracted(self, key: str) -> ArticleRecord | None:
        packed = self._records.get(key)
        return None if packed is None else ArticleRecord.model_validate_json(zlib.decompress(packed))

    def put_extracted(self, key: str, record: ArticleRecord) -> None:
        # Packed it takes a fiftieth of what its objects take.
        self._records[key] = zlib.compress(record.to_json().encode("utf-8"), 1)

    def text(self, digest: str) -> str | None:
        return self._texts.get(digest)

    def put_text(self, digest: str, text: str) -> None:
        self._texts[digest] = text

    def commit(self) -> None:
        pass


def extractor(
    vocabulary: Path | None = None,
    gazetteer: Path | None = None,
    *,
    tokenizer: str = "lac",
    tokenizer_model: str | None = None,
) -> Extractor:
    """Extraction and the resolution of places and concepts, with the user's own schemes and places where given.

    Raises UsageError where one of those files is wrong.
    """
    from kg.extract import extract_all, load
    from kg.knowledge.gazetteer import Gazetteer
    from kg.knowledge.vocabulary import Vocabulary
    from kg.resolve.concepts import ConceptLinker
    from kg.resolve.places import PlaceResolver

    linker = ConceptLinker(Vocabulary.load(vocabulary))
    places = PlaceResolver(Gazetteer.load(gazetteer))
    nlp = load(tokenizer, model=tokenizer_model)

    def some(articles: Sequence[Article]) -> Iterator[ArticleRecord]:
        for article, record in zip(articles, extract_all(articles, nlp), strict=True):
            yield linker.link_record(places.resolve_record(record, article))

    return some


def records(
    paths: Iterable[str | Path],
    *,
    vocabulary: Path | None = None,
    gazetteer: Path | None = None,
    text_column: str | None = None,
    cache: Cache | None = None,
    kept: Sequence[Kept] = (),
    extract: Extractor | None = None,
    on_article: Callable[[bool], None] = lambda failed: None,
) -> Iterator[Extracted | Unusable]:
    """The records of all articles of these files, folders and patterns.

    Articles are read and extracted a few at a time; then reposts and practices that several articles tell are
    recognised over all of them (and those ``kept``), and the records come, in the order of the articles. Until then
    they wait in the cache, with the texts; a kilobyte of fingerprint an article is held here.

    Parameters
    ----------
    cache : extraction results by ``key``; what is there is not extracted again.
    kept : articles of an earlier run to be taken into account, by their key in the cache.
    extract : stations 2 and 3; default: ``extractor(vocabulary, gazetteer)``, made when the first article needs it.
    on_article : called after each article that was read, with whether it failed.
    """
    from kg.read import read_articles
    from kg.read.reposts import find_reposts, fingerprint
    from kg.resolve.identity import identified

    memory: Cache = cache or _Memory()
    config = configuration(vocabulary, gazetteer)
    default = once(lambda: extractor(vocabulary, gazetteer))
    found: list[Kept] = []
    files: set[str] = set()
    prints = []
    for batch in _batches(read_articles(paths, text_column=text_column)):
        readable = [one for one in batch if isinstance(one, Article)]
        keys = {id(one): _key(config, one) for one in readable}
        ready: dict[int, ArticleRecord | Unusable | None] = {
            id(one): memory.extracted(keys[id(one)]) for one in readable
        }
        fresh = [one for one in readable if ready[id(one)] is None]
        if fresh:
            results = _extracted(fresh, extract or default())
            ready |= {id(one): result for one, result in zip(fresh, results, strict=True)}
        for one in batch:
            record = ready.get(id(one))
            on_article(not isinstance(record, ArticleRecord))
            if not isinstance(one, Article):
                yield Unusable(one.error, one.file, one.error.where)
            elif isinstance(record, Unusable):
                yield record
            elif record is not None:
                memory.put_extracted(keys[id(one)], record)
                memory.put_text(record.text_hash, one.text)
                prints.append(fingerprint(one))
                files.add(record.file)
                found.append(Kept(keys[id(one)], one.path and str(Path(one.path).absolute())))
        memory.commit()
    memory.commit()
    for entry in kept:
        earlier = memory.extracted(entry.key)
        text = memory.text(earlier.text_hash) if earlier else None
        if earlier and text is not None and earlier.file not in files:
            prints.append(fingerprint(as_article(earlier, text)))
            found.append(entry)
    default.cache_clear()  # the models are not needed any more, and writing the graph takes memory too
    reposts = find_reposts(prints)
    for entry in found:
        waiting = memory.extracted(entry.key)
        assert waiting is not None  # it was put in above, or found there
        marked = waiting.model_copy(update={"duplicate_of": reposts.get(waiting.file)})
        yield Extracted(identified(marked, reposts), memory.text(marked.text_hash), entry.path, entry.key)


def _key(config: str, article: Article) -> str:
    return hashlib.sha256(f"{config}\n{article.file}\n{article.content_hash}".encode()).hexdigest()


def _batches(articles: Iterable[Article | ReadFailure]) -> Iterator[list[Article | ReadFailure]]:
    batch: list[Article | ReadFailure] = []
    for article in articles:
        batch.append(article)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _extracted(articles: Sequence[Article], extract: Extractor) -> list[ArticleRecord | Unusable]:
    try:
        return list(extract(articles))
    except Exception as error:  # noqa: BLE001 - one article must not end the run; it is reported
        if len(articles) > 1:  # which of them it was, the single ones will show
            return [result for article in articles for result in _extracted([article], extract)]
        (article,) = articles
        if not isinstance(error, KgError):
            what = f"the extraction failed: {type(error).__name__}: {error}"
            error = InputError(what, where=article.path or article.file, remedy="please report it with the file")
        return [Unusable(error, article.file, article.path)]


def extract_records(articles: Iterable[Article], *, extract: Extractor | None = None) -> list[ArticleRecord]:
    """The records of articles that are read already (``duplicate_of`` is theirs), with identities over all of them."""
    from kg.resolve.identity import assign_identities

    read = list(articles)
    made = (extract or extractor())(read)
    return assign_identities(
        record.model_copy(update={"duplicate_of": article.duplicate_of})
        for article, record in zip(read, made, strict=True)
    )


def as_article(record: ArticleRecord, text: str) -> Article:
    """An article from its record and clean text alone, without the way back to its file: for fingerprints and for readers."""
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


def build(
    paths: Sequence[str | Path],
    store: str | Path,
    *,
    vocabulary: Path | None = None,
    gazetteer: Path | None = None,
    text_column: str | None = None,
    keep_missing: bool = False,
    base: str | None = None,
    extract: Extractor | None = None,
    on_article: Callable[[bool], None] = lambda failed: None,
    on_written: Callable[[], None] = lambda: None,
) -> BuildReport:
    """Build or bring up to date a store from articles.

    Unchanged articles are skipped, changed ones replaced; articles of the folders and files given that are not there
    any more are withdrawn, unless ``keep_missing``. Articles of other folders stay. ``on_article`` is called for each
    article that was read, with whether it failed; ``on_written``, later, for each that is in the graph.

    Raises
    ------
    UsageError : a vocabulary or gazetteer is unusable.
    StoreError : the store is locked, read-only, of another version, or the disk is full; it stays as it was.
    """
    from kg.graph.build import build as build_graph
    from kg.graph.intake import Failure, Item

    scope = [Path(path).absolute() for path in paths if Path(path).exists()]

    def leaves(entry: Entry) -> bool:
        if entry.path is None:
            return False
        where = Path(entry.path)
        # A path that is not there now (a drive not mounted, a name mistyped) withdraws nothing.
        return any(where == given or given in where.parents for given in scope)

    def source(archive: Archive, entries: Sequence[Entry]) -> Iterator[Item | Failure]:
        again = [entry for entry in entries if entry.key and archive.extracted(entry.key)]
        for entry in entries:
            record = None if entry in again else archive.record(entry.record)
            if record is not None:  # it came as a record: there is nothing to extract it from
                yield Item(record, archive.text(entry.text) if entry.text else None, entry.path)
        for one in records(
            paths,
            vocabulary=vocabulary,
            gazetteer=gazetteer,
            text_column=text_column,
            cache=archive,
            kept=[Kept(entry.key, entry.path) for entry in again],
            extract=extract,
            on_article=on_article,
        ):
            if isinstance(one, Unusable):
                yield Failure(one.error, one.path and os.path.abspath(one.path), one.file)  # noqa: PTH100
            else:
                yield Item(one.record, one.text, one.path, one.key)

    return build_graph(
        source,
        store,
        leaves=(lambda entry: False) if keep_missing else leaves,
        config=configuration(vocabulary, gazetteer),
        base=base,
        vocabularies=[vocabulary] if vocabulary else [],
        on_article=lambda failure: None if failure else on_written(),
    )
