"""Building a store: records in, a finished generation out, or nothing changed."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from pyoxigraph import Store

from kg.errors import KgError, StoreError, UsageError
from kg.graph.arrival import Arrivals, Fresh, Known
from kg.graph.intake import BuildReport, Failure, Item, Source
from kg.graph.originals import Originals
from kg.graph.rdf.fixed import (
    DATASET,
    GAZETTEER,
    INDEX,
    RUNS,
    dataset_graph,
    graph_hash,
    index_graph,
    ntriples,
    own_schemes,
    subjects,
)
from kg.graph.rdf.fixed import scheme_graphs as schemes
from kg.graph.rdf.mapping import identities
from kg.graph.rdf.places import region_triples
from kg.graph.rdf.rendering import Rendered
from kg.graph.rdf.runs import run_graph
from kg.graph.rdf.shapes import Shapes
from kg.graph.rdf.terms import Terms, Triple
from kg.graph.store.archive import Archive
from kg.graph.store.folder import StoreFolder, storage_errors
from kg.graph.store.manifest import Entry, Manifest
from kg.graph.store.quads import QuadWriter
from kg.model import ArticleRecord
from kg.model.iri import BASE
from kg.workers import Workers, open_workers

__all__ = ["build", "build_records", "mapping_hash"]

COMMIT_EVERY = 16
"""Articles between two commits of the archive: what a killed build loses at most."""
_MAPPING = (
    *(f"graph/rdf/{name}.py" for name in ("evidence", "mapping", "places", "sentences", "terms", "values")),
    *("knowledge/vocabulary/unit.ttl", "knowledge/vocabulary/venue-type.ttl", "model/iri.py", "model/record.py"),
)
"""Files of the program that decide which triples a record gives."""


def mapping_hash() -> str:
    """SHA-256 over what turns records into RDF."""
    digest = hashlib.sha256()
    for name in _MAPPING:
        digest.update(resources.files("kg").joinpath(*name.split("/")).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


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
            made = _Build(
                folder, archive, config=config, base=base, workers=workers or open_workers(), on_article=on_article
            )
            report = made.run(source, leaves, vocabularies, optimize=optimize)
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


class _Build:
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
        self.folder, self.archive, self.config, self.on_article = folder, archive, config, on_article
        self.workers = workers
        self.started = datetime.now(UTC)
        self.report = BuildReport()
        self.previous = folder.last()
        self.last = Manifest.read(self.previous) if self.previous else None
        self.base = base or (self.last.base if self.last else BASE)
        try:
            self.terms = Terms(self.base)
        except ValueError as error:
            raise UsageError(str(error), where="--base", remedy="name one like https://example.org/graph/") from error
        if self.last and self.last.base != self.base:
            raise UsageError(
                f"the store has the base {self.last.base}", where="--base", remedy="build into an empty folder"
            )
        self.shapes = Shapes(self.terms)
        self.mapping = mapping_hash()
        entries = self.last.entries if self.last else ()
        earlier = self.last.mapping if self.last else ""
        self.before = {e.graph: replace(e, mapping=e.mapping or earlier) for e in entries}
        # What the archive has lost is written again: its record and its text are what the evidence is read from.
        self.lost = {graph for graph, e in self.before.items() if not archive.holds(e)}
        self.reusable = {g: e for g, e in self.before.items() if e.mapping == self.mapping and g not in self.lost}
        self.entries: dict[str, Entry] = {}
        self.places: set[Triple] = set()
        self.fresh: list[str] = []
        self.practices: set[str] = set()

    def run(
        self, source: Source, leaves: Callable[[Entry], bool], vocabularies: Sequence[Path], *, optimize: bool
    ) -> BuildReport:
        fixed = schemes(vocabularies, self.terms, self.shapes)
        part = self.folder.begin()
        work = part / "work"
        writer: QuadWriter | None = None
        try:
            with storage_errors(self.folder.path):
                if self.previous:
                    Store.read_only(str(self.previous / "quads")).backup(str(work))
            writer = QuadWriter(work, part / "spool")
            kept = [e for e in self.before.values() if not leaves(e)]
            self._articles(source(self.archive, kept), writer)
            carried = self._carry_over(self.lost & {e.graph for e in kept})
            withdrawn = sorted(set(self.before) - set(self.entries))
            writer.remove(withdrawn)
            present = {entry.file for entry in self.entries.values()}  # an article that changed is not gone
            self.report.withdrawn = sum(self.before[graph].file not in present for graph in withdrawn)
            self.report.articles, self.report.practices = len(self.entries), len(self.practices)
            if self.report.failures and not self.entries:
                return self.report
            stay = bool(kept) or carried
            hashes = self._fixed(fixed, writer, part.name.split(".", 1)[0], withdrawn, own_schemes_stay=stay)
            writer.finish(part / "quads", optimize=optimize)
            entries = tuple(self.entries.values())
            Manifest(self.base, self.mapping, self.config, hashes, entries).write(part)
            self.archive.commit()
            writer.close()
            shutil.rmtree(work)
            shutil.rmtree(part / "spool", ignore_errors=True)
            self.folder.publish(part)
            with contextlib.suppress(StoreError):  # the new generation stands; the next build clears up
                self._prune()
            return self.report
        finally:
            if writer is not None:
                writer.close()
            shutil.rmtree(part, ignore_errors=True)

    def _articles(self, items: Iterable[Item | Failure], writer: QuadWriter) -> None:
        arrivals = Arrivals(self.base, self.reusable, self.workers)
        try:
            for arrived in arrivals.rendered(items):
                if isinstance(arrived, Failure):
                    self._fail(arrived)
                    continue
                article, rendered = arrived
                entry = self._known(article) if isinstance(article, Known) else self._write(article, rendered, writer)
                self.entries[entry.graph] = entry
                self._count(entry, article.item.record)
                self.report.without_text += article.item.text is None
                self.on_article(None)
                if len(self.entries) % COMMIT_EVERY == 0:
                    self.archive.commit()
        finally:
            # What was extracted before a failure stays for the next try.
            self.archive.commit()

    def _known(self, article: Known) -> Entry:
        self._regions(article.item.record)
        self.report.unchanged += 1
        return article.entry()

    def _write(self, article: Fresh, rendered: Rendered | None, writer: QuadWriter) -> Entry:
        assert rendered is not None
        if article.graph in self.before:
            writer.replace(article.graph, rendered.nquads)
        else:
            writer.put_quads(rendered.nquads)
        self.places |= rendered.places
        self.fresh.append(article.graph)
        self.archive.put_record(article.plain)
        if article.item.text is not None:
            self.archive.put_text(article.item.record.text_hash, article.item.text)
        self.report.written += 1
        return article.entry(rendered.digest)

    def _regions(self, record: ArticleRecord) -> None:
        meant = {record.region_of(practice.region) for practice in record.practices if practice.region}
        for region in meant:
            if region:
                self.places |= region_triples(region, self.terms)

    def _count(self, entry: Entry, record: ArticleRecord) -> None:
        if entry.original is None:  # what only a repost tells is no practice more (kg.query leaves it out, too)
            self.practices |= set(identities(record).values())

    def _fail(self, failure: Failure) -> None:
        self.report.failures.append(failure)
        self.on_article(failure.error)

    def _carry_over(self, lost: set[str]) -> bool:
        """An article that cannot be used now stays as it was when it could: a file, a row of a table, all of a folder.

        So does one of another folder whose graph is ``lost`` to the archive. Returns whether there is one.
        """
        carried = False
        failures = self.report.failures
        failed = {f.path for f in failures if f.path} | {f.file for f in failures if f.file}
        present = {entry.file for entry in self.entries.values()}
        for graph, entry in self.before.items():
            if graph in self.entries or entry.file in present:
                continue
            if graph not in lost and not _was_of(entry, failed):
                continue
            self.entries[graph] = replace(entry, mapping="" if entry.mapping == self.mapping else entry.mapping)
            carried = True
            record = self.archive.record(entry.record)
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
        t = self.terms
        graphs = {
            **graphs,
            t.iri(GAZETTEER): ntriples(self.places),
            t.iri(DATASET): dataset_graph(len(self.entries), t),
        }
        hashes = {graph: graph_hash(text) for graph, text in graphs.items()}
        index, runs = t.iri(INDEX), t.iri(RUNS)
        before = self.last.fixed if self.last else {}
        given = own_schemes(graphs)
        if own_schemes_stay:
            told = {name for graph in given for name in subjects(graphs[graph])}
            earlier = [graph for graph in own_schemes(before) if graph not in hashes]
            hashes |= {g: before[g] for g in earlier if not subjects(writer.triples(g)) <= told}
        self.report.forgot_vocabulary = not given and bool(own_schemes(before)) and not own_schemes(hashes)
        graphs[index] = index_graph(hashes | {e.graph: e.graph_hash for e in self.entries.values()}, t)
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
                config=self.config,
                started=self.started,
                generation=generation,
                written=self.fresh,
                withdrawn=withdrawn,
                articles=len(self.entries),
            ),
        )
        return hashes

    def _prune(self) -> None:
        entries = self.entries.values()
        kept = [*entries, *self.before.values()]  # the generation before this one may still be read
        self.archive.prune({e.key for e in kept if e.key}, {e.record for e in kept}, {e.text for e in kept if e.text})


def _was_of(entry: Entry, failed: set[str]) -> bool:
    """Whether the entry's file, its row, its table or a folder above it is among what failed."""
    if entry.file in failed:
        return True
    if not entry.path:
        return False
    return not failed.isdisjoint({entry.path, *map(str, Path(entry.path).parents)})
