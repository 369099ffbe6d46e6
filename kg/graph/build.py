"""Building a store: records in, a finished generation out, or nothing changed."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from pyoxigraph import Store

from kg.errors import InputError, KgError, StoreError, UsageError
from kg.graph.archive import Archive, record_hash
from kg.graph.fixed import DATASET, GAZETTEER, INDEX, RUNS, dataset_graph, graph_hash, index_graph, ntriples
from kg.graph.fixed import scheme_graphs as schemes
from kg.graph.folder import StoreFolder, storage_errors
from kg.graph.intake import BuildReport, Failure, Item, Source
from kg.graph.manifest import Entry, Generation
from kg.graph.mapping import article_iri, map_article
from kg.graph.places import region_triples
from kg.graph.quads import QuadWriter
from kg.graph.runs import run_graph
from kg.graph.shapes import Shapes
from kg.graph.terms import Terms, Triple
from kg.model import ArticleRecord
from kg.model.iri import BASE

__all__ = ["build", "build_records", "mapping_hash"]

COMMIT_EVERY = 20
"""Articles between two commits of the archive: what a killed build loses at most."""


def mapping_hash() -> str:
    """SHA-256 over what turns records into RDF."""
    digest = hashlib.sha256()
    for name in ("evidence.py", "mapping.py", "places.py", "sentences.py", "terms.py", "values.py"):
        digest.update(resources.files("kg.graph").joinpath(name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def build(
    source: Source,
    store: str | Path,
    *,
    leaves: Callable[[Entry], bool] = lambda entry: True,
    config: str = "",
    base: str | None = None,
    vocabularies: Sequence[Path] = (),
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
    on_article : called after each article, with what was wrong with it.

    Raises
    ------
    StoreError : locked, read-only, of another version, full disk: the store stays as it was.
    UsageError : the base is none, differs from the store's, or a vocabulary is unusable.
    """
    folder = StoreFolder(store)
    folder.create()
    with folder.lock(), Archive(folder.archive, write=True) as archive:
        return _Build(folder, archive, config, base, on_article).run(source, leaves, vocabularies)


def build_records(
    records: Iterable[ArticleRecord | tuple[ArticleRecord, str | None]], store: str | Path, *, base: str | None = None
) -> BuildReport:
    """Build a store that holds just these records, each alone or with its clean text.

    A part of ``build`` for records that come from elsewhere: JSON Lines, gold annotations, another program.
    """

    def items(archive: Archive, kept: Sequence[Entry]) -> Iterator[Item]:
        for record in records:
            yield Item(*record) if isinstance(record, tuple) else Item(record)

    return build(items, store, base=base)


class _Build:
    def __init__(
        self,
        folder: StoreFolder,
        archive: Archive,
        config: str,
        base: str | None,
        on_article: Callable[[KgError | None], None],
    ) -> None:
        self.folder, self.archive, self.config, self.on_article = folder, archive, config, on_article
        self.started = datetime.now(UTC)
        self.report = BuildReport()
        self.previous = folder.current()
        self.last = Generation.read(self.previous) if self.previous else None
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
        same = self.last is not None and self.last.mapping == self.mapping
        self.before = {e.graph: e for e in self.last.entries} if self.last else {}
        self.reusable = self.before if same else {}
        self.entries: dict[str, Entry] = {}
        self.files: dict[str, str] = {}
        self.places: set[Triple] = set()
        self.fresh: list[str] = []

    def run(self, source: Source, leaves: Callable[[Entry], bool], vocabularies: Sequence[Path]) -> BuildReport:
        fixed = schemes(vocabularies, self.terms, self.shapes)
        part = self.folder.begin()
        work = part / "work"
        writer: QuadWriter | None = None
        try:
            with storage_errors(self.folder.path):
                if self.previous:
                    Store.read_only(str(self.previous / "quads")).backup(str(work))
            writer = QuadWriter(work)
            kept = [e for e in self.before.values() if not leaves(e)]
            self._articles(source(self.archive, kept), writer)
            self._carry_over_failed()
            withdrawn = sorted(set(self.before) - set(self.entries))
            writer.remove(withdrawn)
            self.report.withdrawn = len(withdrawn)
            self.report.articles = len(self.entries)
            if self.report.failures and not self.entries:
                return self.report
            hashes = self._fixed(fixed, writer, part.name.split(".", 1)[0], withdrawn)
            writer.finish(part / "quads")
            entries = tuple(self.entries.values())
            Generation(self.base, self.mapping, self.config, hashes, entries).write(part)
            self.archive.commit()
            writer.close()
            shutil.rmtree(work)
            self.folder.publish(part)
            with contextlib.suppress(StoreError):  # the new generation stands; the next build clears up
                self._prune()
            return self.report
        finally:
            if writer is not None:
                writer.close()
            shutil.rmtree(part, ignore_errors=True)

    def _articles(self, items: Iterable[Item | Failure], writer: QuadWriter) -> None:
        with ExitStack() as stack:
            # What was extracted before a failure stays for the next try.
            stack.callback(self.archive.commit)
            files = self.files
            waiting: list[Item] = []
            for item in items:
                if isinstance(item, Failure):
                    self._fail(item)
                    continue
                files.setdefault(item.record.file, article_iri(item.record.file, item.record.content_hash))
                if item.record.duplicate_of and item.record.duplicate_of not in files:
                    waiting.append(item)  # the article that it reposts has not come by yet
                else:
                    self._article(item, writer)
            for item in waiting:
                self._article(item, writer)

    def _article(self, item: Item, writer: QuadWriter) -> None:
        record = item.record
        iri = article_iri(record.file, record.content_hash)
        graph = self.terms.iri(iri)
        if graph in self.entries:
            return  # the same bytes under the same name in two folders are one article
        original = self.files.get(record.duplicate_of) if record.duplicate_of else None
        text_hash = record.text_hash if item.text is not None else None
        digest = record_hash(record)
        known = self.reusable.get(graph)
        try:
            if known and (known.record, known.original, known.text) == (digest, original, text_hash):
                entry = Entry(graph, record.file, item.path, item.key, digest, known.text, known.graph_hash, original)
                self._regions(record)
                self.report.unchanged += 1
            else:
                entry = self._write(item, graph, digest, original, writer)
        except (ValueError, UnicodeError) as error:
            failure = InputError(f"the article was left out: {error}", where=item.path or record.file)
            self._fail(Failure(failure, item.path, record.file))
            return
        except InputError as error:
            self._fail(Failure(error, item.path, record.file))
            return
        self.entries[graph] = entry
        self.report.practices += len(record.practices)
        self.on_article(None)
        if len(self.entries) % COMMIT_EVERY == 0:
            self.archive.commit()

    def _write(self, item: Item, graph: str, digest: str, original: str | None, writer: QuadWriter) -> Entry:
        record = item.record
        if item.text is not None and hashlib.sha256(item.text.encode("utf-8")).hexdigest() != record.text_hash:
            raise ValueError("the record belongs to another text than the one that came with it")
        mapped = map_article(record, item.text, terms=self.terms, articles=self.files)
        breaches = self.shapes.check(mapped)
        if breaches:
            more = f", and {len(breaches) - 1} more" if len(breaches) > 1 else ""
            raise InputError(f"its graph does not conform: {breaches[0]}{more}", where=item.path or record.file)
        text = mapped.ntriples()
        if graph in self.before:
            writer.remove([graph])
        writer.put(graph, text)
        self.places |= mapped.places
        self.fresh.append(graph)
        self.archive.put_record(record)
        if item.text is not None:
            self.archive.put_text(record.text_hash, item.text)
        self.report.written += 1
        kept = record.text_hash if item.text is not None else None
        return Entry(graph, record.file, item.path, item.key, digest, kept, graph_hash(text), original)

    def _regions(self, record: ArticleRecord) -> None:
        named = {p.region.text for p in record.practices if p.region}
        for name in named:
            region = next((r for r in record.regions if r.name == name), None)
            if region:
                self.places |= region_triples(region, self.terms)

    def _fail(self, failure: Failure) -> None:
        self.report.failures.append(failure)
        self.on_article(failure.error)

    def _carry_over_failed(self) -> None:
        """An article that cannot be used now stays as it was when it could."""
        failures = self.report.failures
        failed = {f.path for f in failures if f.path} | {f.file for f in failures if f.file}
        present = {entry.path for entry in self.entries.values()}
        for graph, entry in self.before.items():
            if failed & {entry.path, entry.file} and entry.path not in present and graph not in self.entries:
                self.entries[graph] = entry
                record = self.archive.record(entry.record)
                if record:
                    self._regions(record)

    def _fixed(
        self, graphs: dict[str, str], writer: QuadWriter, generation: str, withdrawn: list[str]
    ) -> dict[str, str]:
        """Write the graphs that no article makes, where they changed; returns their hashes."""
        t = self.terms
        graphs = {
            **graphs,
            t.iri(GAZETTEER): ntriples(self.places),
            t.iri(DATASET): dataset_graph(len(self.entries), t),
        }
        hashes = {graph: graph_hash(text) for graph, text in graphs.items()}
        index, runs = t.iri(INDEX), t.iri(RUNS)
        graphs[index] = index_graph(hashes | {e.graph: e.graph_hash for e in self.entries.values()}, t)
        hashes[index] = graph_hash(graphs[index])
        before = self.last.fixed if self.last else {}
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
