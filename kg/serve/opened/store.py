"""A store as the page holds it open: arrays, texts, records, and the processes that run the user's queries."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property, lru_cache, partial

from kg.compare import ComparedGraph
from kg.errors import StoreError, UsageError
from kg.graph.address import is_address, shown
from kg.graph.rdf.terms import Terms
from kg.graph.store.archive import Archive
from kg.graph.store.manifest import Entry
from kg.graph.store.snapshot import Snapshot
from kg.model import ArticleRecord
from kg.query import QueryTimeoutError
from kg.query.engine import LocalEngine, check_limits
from kg.serve.opened.catalogue import Catalogue
from kg.serve.opened.text_index import TextIndex
from kg.view.assemble import ConceptLabel, practice_graph
from kg.view.graph import PracticeGraph

__all__ = ["MOST_ROWS", "ServedStore"]

MOST_ROWS = 50_000
"""Rows of the answer to a query of a user."""

_WORKERS = 2
"""Processes for queries of users: a long one does not keep the next waiting."""

_RECORDS = 256
"""Records with their texts that are kept at hand: those of the practices and articles that were opened last."""


class ServedStore:
    """One finished generation, opened for the page; a build beside it does not touch it, but later ones remove it.

    Raises ``StoreError`` where there is no finished store, and ``UsageError`` for the URL of an endpoint (the page needs
    the texts that only a store on disk has) and for a limit of time that is none.
    """

    def __init__(self, path: str | os.PathLike[str], *, query_seconds: float = 30.0) -> None:
        if is_address(path):
            raise UsageError("a page is made of a store on disk, not of an endpoint", where=shown(str(path)))
        check_limits(query_seconds)
        self.query_seconds = query_seconds
        self.snapshot = snapshot = Snapshot.at(path)
        self.base = snapshot.base
        self._terms = Terms(self.base)
        self.entries: dict[str, Entry] = {entry.file: entry for entry in snapshot.manifest.entries}
        self._graph = ComparedGraph(snapshot)
        self.catalogue = Catalogue(self._graph.columns, snapshot.read_only(), self.base, snapshot.folder)
        # Of the snapshot, not of self: the cache would hold the store, which has to go when another takes its place.
        self._records = lru_cache(maxsize=_RECORDS)(partial(_record_and_text, snapshot))
        self._closed = False
        self._waiting: asyncio.Queue[LocalEngine] = asyncio.Queue()
        self._engines = [LocalEngine(snapshot) for _ in range(_WORKERS)]
        for engine in self._engines:
            self._waiting.put_nowait(engine)
        self.sentences: list[list[str]] = []
        """Practice → its sentences, the one that names it first; empty until ``words`` is there."""
        self._words: TextIndex | None = None
        self._reading = threading.Thread(target=self._read_sentences, daemon=True)
        self._reading.start()

    @property
    def graph(self) -> ComparedGraph:
        """The opened graph, for the questions of the program itself."""
        return self._graph

    @property
    def words(self) -> TextIndex | None:
        """The index of all sentences; None while it is being made."""
        return self._words

    def wait(self, seconds: float | None = None) -> None:
        """Until the sentences are indexed."""
        self._reading.join(seconds)

    def close(self) -> None:
        """End the processes, and the queries that run in them."""
        self._closed = True
        self._graph.close()
        for engine in self._engines:
            engine.close()

    @cached_property
    def fingerprint(self) -> str:
        """First digits of a SHA-256 over the hashes of all graphs of articles: the same data, the same fingerprint."""
        digest = hashlib.sha256()
        for entry in sorted(self.entries.values(), key=lambda e: e.graph):
            digest.update(f"{entry.graph} {entry.graph_hash}\n".encode())
        return f"sha256:{digest.hexdigest()[:12]}"

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[LocalEngine]:
        """A process for a query of a user; raises ``QueryTimeoutError`` where all are busy for too long.

        Who waits for one holds no thread: pages are answered meanwhile.
        """
        try:
            async with asyncio.timeout(self.query_seconds):
                engine = await self._waiting.get()
        except TimeoutError:
            raise QueryTimeoutError(
                "other queries are still running", where="query", remedy="wait until they have ended"
            ) from None
        try:
            if self._closed:
                raise QueryTimeoutError("the page is being stopped", where="query", remedy="start it again")
            yield engine
        finally:
            self._waiting.put_nowait(engine)

    def is_gone(self) -> bool:
        """Whether later builds have removed the generation, or another store stands in its place."""
        return self.snapshot.is_gone()

    def is_stale(self) -> bool:
        """Whether a later build has ended since."""
        return self.snapshot.store.current() != self.snapshot.folder or self.is_gone()

    def record_and_text(self, file: str) -> tuple[ArticleRecord, str | None]:
        """The record of an article and its clean text, where the store keeps it.

        Raises KeyError for an unknown one, and StoreError where the archive cannot be read, is that of another store
        (GenerationGoneError) or lacks the record.
        """
        return self._records(self.entries[file])

    def assembled(self, files: list[str]) -> PracticeGraph:
        """The practices of these articles with all their evidence."""
        return practice_graph(map(self.record_and_text, files), labels=self._concept_labels, terms=self._terms)

    @cached_property
    def _concept_labels(self) -> dict[str, ConceptLabel]:
        catalogue = self.catalogue
        return {
            catalogue.recorded(catalogue.iri(each.id)): ConceptLabel(each.zh, each.en) for each in catalogue.concepts
        }

    def _read_sentences(self) -> None:
        found: list[list[tuple[int, str]]] = [[] for _ in range(self.catalogue.size)]
        try:
            for number, sentence, names in self.catalogue.sentences():
                found[number].append((-names, sentence))
        except StoreError as error:
            logging.getLogger("kg.serve").error("the sentences cannot be searched: %s", error)
            return
        self.sentences = [[sentence for _, sentence in sorted(each)] for each in found]
        self.catalogue.warm()
        self._words = TextIndex.of(["\n".join(each) for each in self.sentences])


def _record_and_text(snapshot: Snapshot, entry: Entry) -> tuple[ArticleRecord, str | None]:
    with snapshot.guard(), Archive(snapshot.store.archive) as archive:
        return archive.record_and_text(entry)
