"""The next generation of a store: articles rendered, kept and withdrawn, the graphs beside them, published as a whole."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Store

from kg.errors import KgError, StoreError, UsageError
from kg.graph.arrival import Arrivals, Fresh, Known
from kg.graph.intake import BuildReport, Failure, Item, Source
from kg.graph.rdf.fixed import (
    DATASET,
    GAZETTEER,
    INDEX,
    RUNS,
    dataset_graph,
    index_graph,
    own_schemes,
    scheme_graphs,
    subjects,
)
from kg.graph.rdf.mapping import identities
from kg.graph.rdf.mapping_hash import mapping_hash
from kg.graph.rdf.ntriples import graph_hash, ntriples
from kg.graph.rdf.places import region_triples
from kg.graph.rdf.rendering import Rendered
from kg.graph.rdf.runs import run_graph
from kg.graph.rdf.shapes import Shapes
from kg.graph.rdf.terms import Terms, Triple
from kg.graph.store.archive import Archive
from kg.graph.store.disk_errors import storage_errors
from kg.graph.store.folder import StoreFolder
from kg.graph.store.manifest import Entry, Manifest
from kg.graph.store.quads import QuadWriter
from kg.model import ArticleRecord
from kg.model.iri import BASE
from kg.workers import Workers

__all__ = ["NextGeneration"]

COMMIT_EVERY = 16
"""Articles between two commits of the archive: what a killed build loses at most."""


class NextGeneration:
    """A generation on its way: what the last one holds, what a source gives, and what becomes of both.

    Raises UsageError where the base is none, or not that of the store, and StoreError where the last one is damaged.
    """

    def __init__(
        self,
        folder: StoreFolder,
        archive: Archive,
        *,
        config: str,
        base: str | None,
        workers: Workers,
        on_article: Callable[[KgError | None], None],
    ) -> None:
        self._folder, self._archive, self._config, self._on_article = folder, archive, config, on_article
        self._workers = workers
        self._started = datetime.now(UTC)
        self._report = BuildReport()
        self._last_folder = folder.last()
        self._last = Manifest.read(self._last_folder) if self._last_folder else None
        self._base = base or (self._last.base if self._last else BASE)
        try:
            self._terms = Terms(self._base)
        except ValueError as error:
            raise UsageError(str(error), where="--base", remedy="name one like https://example.org/graph/") from error
        if self._last and self._last.base != self._base:
            raise UsageError(
                f"the store has the base {self._last.base}", where="--base", remedy="build into an empty folder"
            )
        self._shapes = Shapes(self._terms)
        self._mapping = mapping_hash()
        entries = self._last.entries if self._last else ()
        earlier = self._last.mapping if self._last else ""
        self._before = {e.graph: replace(e, mapping=e.mapping or earlier) for e in entries}
        # What the archive has lost is written again: its record and its text are what the evidence is read from.
        self._lost = {graph for graph, e in self._before.items() if not archive.holds(e)}
        self._reusable = {g: e for g, e in self._before.items() if e.mapping == self._mapping and g not in self._lost}
        self._entries: dict[str, Entry] = {}
        self._places: set[Triple] = set()
        self._fresh: list[str] = []
        self._practices: set[str] = set()

    def run(
        self, source: Source, leaves: Callable[[Entry], bool], vocabularies: Sequence[Path], *, optimize: bool
    ) -> BuildReport:
        """Make it and publish it; where articles failed and none is usable, the last one stays. For the parameters see ``build``.

        Raises UsageError where a vocabulary is unusable, and StoreError where the disk is full or cannot be written.
        """
        fixed = scheme_graphs(vocabularies, self._terms, self._shapes)
        part = self._folder.begin()
        work = part / "work"
        writer: QuadWriter | None = None
        try:
            with storage_errors(self._folder.path):
                if self._last_folder:
                    Store.read_only(str(self._last_folder / "quads")).backup(str(work))
            writer = QuadWriter(work, part / "spool")
            kept = [e for e in self._before.values() if not leaves(e)]
            self._articles(source(self._archive, kept), writer)
            carried = self._carry_over(self._lost & {e.graph for e in kept})
            withdrawn = sorted(set(self._before) - set(self._entries))
            writer.remove(withdrawn)
            present = {entry.file for entry in self._entries.values()}  # an article that changed is not gone
            self._report.withdrawn = sum(self._before[graph].file not in present for graph in withdrawn)
            self._report.articles, self._report.practices = len(self._entries), len(self._practices)
            if self._report.failures and not self._entries:
                return self._report
            stay = bool(kept) or carried
            hashes = self._fixed(fixed, writer, part.name.split(".", 1)[0], withdrawn, own_schemes_stay=stay)
            writer.finish(part / "quads", optimize=optimize)
            entries = tuple(self._entries.values())
            Manifest(self._base, self._mapping, self._config, hashes, entries).write(part)
            self._archive.commit()
            writer.close()
            shutil.rmtree(work)
            shutil.rmtree(part / "spool", ignore_errors=True)
            self._folder.publish(part)
            with contextlib.suppress(StoreError):  # the new generation stands; the next build clears up
                self._prune()
            return self._report
        finally:
            if writer is not None:
                writer.close()
            shutil.rmtree(part, ignore_errors=True)

    def _articles(self, items: Iterable[Item | Failure], writer: QuadWriter) -> None:
        arrivals = Arrivals(self._base, self._reusable, self._workers)
        try:
            for arrived in arrivals.rendered(items):
                if isinstance(arrived, Failure):
                    self._fail(arrived)
                    continue
                article, rendered = arrived
                entry = self._known(article) if isinstance(article, Known) else self._write(article, rendered, writer)
                self._entries[entry.graph] = entry
                self._count(entry, article.item.record)
                self._report.without_text += article.item.text is None
                self._on_article(None)
                if len(self._entries) % COMMIT_EVERY == 0:
                    self._archive.commit()
        finally:
            # What was extracted before a failure stays for the next try.
            self._archive.commit()

    def _known(self, article: Known) -> Entry:
        self._regions(article.item.record)
        self._report.unchanged += 1
        return article.entry()

    def _write(self, article: Fresh, rendered: Rendered | None, writer: QuadWriter) -> Entry:
        assert rendered is not None
        if article.graph in self._before:
            writer.replace(article.graph, rendered.nquads)
        else:
            writer.put_quads(rendered.nquads)
        self._places |= rendered.places
        self._fresh.append(article.graph)
        self._archive.put_record(article.plain)
        if article.item.text is not None:
            self._archive.put_text(article.item.record.text_hash, article.item.text)
        self._report.written += 1
        return article.entry(rendered.digest)

    def _regions(self, record: ArticleRecord) -> None:
        meant = {record.region_of(practice.region) for practice in record.practices if practice.region}
        for region in meant:
            if region:
                self._places |= region_triples(region, self._terms)

    def _count(self, entry: Entry, record: ArticleRecord) -> None:
        if entry.original is None:  # what only a repost tells is no practice more (kg.query leaves it out, too)
            self._practices |= set(identities(record).values())

    def _fail(self, failure: Failure) -> None:
        self._report.failures.append(failure)
        self._on_article(failure.error)

    def _carry_over(self, lost: set[str]) -> bool:
        """An article that cannot be used now stays as it was when it could: a file, a row of a table, all of a folder.

        So does one of another folder whose graph is ``lost`` to the archive. Returns whether there is one.
        """
        carried = False
        failures = self._report.failures
        failed = {f.path for f in failures if f.path} | {f.file for f in failures if f.file}
        present = {entry.file for entry in self._entries.values()}
        for graph, entry in self._before.items():
            if graph in self._entries or entry.file in present:
                continue
            if graph not in lost and not _was_of(entry, failed):
                continue
            self._entries[graph] = replace(entry, mapping="" if entry.mapping == self._mapping else entry.mapping)
            carried = True
            record = self._archive.record(entry.record)
            if record:
                self._regions(record)
                self._count(entry, record)
        return carried

    def _fixed(
        self,
        graphs: dict[str, str],
        writer: QuadWriter,
        generation: str,
        withdrawn: list[str],
        *,
        own_schemes_stay: bool,
    ) -> dict[str, str]:
        """Write the graphs that no article makes, where they changed; returns their hashes.

        With ``own_schemes_stay`` a vocabulary that an earlier build was given stays, unless one of now speaks of all that
        it speaks of: articles that were not read again refer to its concepts.
        """
        t = self._terms
        graphs = {
            **graphs,
            t.iri(GAZETTEER): ntriples(self._places),
            t.iri(DATASET): dataset_graph(len(self._entries), t),
        }
        hashes = {graph: graph_hash(text) for graph, text in graphs.items()}
        index, runs = t.iri(INDEX), t.iri(RUNS)
        before = self._last.fixed if self._last else {}
        given = own_schemes(graphs)
        if own_schemes_stay:
            told = {name for graph in given for name in subjects(graphs[graph])}
            earlier = [graph for graph in own_schemes(before) if graph not in hashes]
            hashes |= {g: before[g] for g in earlier if not subjects(writer.triples(g)) <= told}
        self._report.forgot_vocabulary = not given and bool(own_schemes(before)) and not own_schemes(hashes)
        graphs[index] = index_graph(hashes | {e.graph: e.graph_hash for e in self._entries.values()}, t)
        hashes[index] = graph_hash(graphs[index])
        writer.remove(sorted(g for g in before if g not in hashes))
        for graph, text in sorted(graphs.items()):
            if graph not in before:
                writer.put(graph, text)
            elif before[graph] != hashes[graph]:
                writer.change(graph, text)
        writer.put(
            runs,
            run_graph(
                terms=t,
                config=self._config,
                started=self._started,
                generation=generation,
                written=self._fresh,
                withdrawn=withdrawn,
                articles=len(self._entries),
            ),
        )
        return hashes

    def _prune(self) -> None:
        entries = self._entries.values()
        kept = [*entries, *self._before.values()]  # the generation before this one may still be read
        self._archive.prune({e.key for e in kept if e.key}, {e.record for e in kept}, {e.text for e in kept if e.text})


def _was_of(entry: Entry, failed: set[str]) -> bool:
    """Whether the entry's file, its row, its table or a folder above it is among what failed."""
    if entry.file in failed:
        return True
    if not entry.path:
        return False
    return not failed.isdisjoint({entry.path, *map(str, Path(entry.path).parents)})
