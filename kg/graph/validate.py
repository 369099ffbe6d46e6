"""Validation: every value of a store or of records, proved against the articles, and the graph against the records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from pydantic import ValidationError
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from kg.errors import UsageError
from kg.graph.proof import Finding, check_source, check_spans, spans
from kg.graph.rdf.mapping import map_article
from kg.graph.rdf.mapping_hash import mapping_hash
from kg.graph.rdf.ntriples import graph_hash, ntriples, parsed
from kg.graph.rdf.shapes import Shapes
from kg.graph.rdf.terms import Terms
from kg.graph.store.archive import Archive, record_hash
from kg.graph.store.manifest import Entry, Manifest
from kg.graph.store.snapshot import Snapshot
from kg.model import Article, ArticleRecord
from kg.read.given import read_given
from kg.read.names import on_disk

__all__ = ["ValidationReport", "read_records", "validate_records", "validate_store"]


@dataclass
class ValidationReport:
    """Counts of what was checked, and what does not hold."""

    articles: int = 0
    values: int = 0
    sources: int = 0
    """Values followed into the original file."""
    repaired: int = 0
    unread: int = 0
    """Articles whose original file was not at hand."""
    named: bool = False
    """Whether the original files were named: then each article has to be among them."""
    graphs: int = 0
    older: int = 0
    """Graphs that another version of the program made: what they should hold cannot be told by this one."""
    triples: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 where all holds, every graph could be compared and all was followed into the files that were named; else 1."""
        return 1 if self.findings or self.older or (self.named and self.unread) else 0


def read_records(path: Path) -> Iterator[ArticleRecord]:
    """The records of a JSON Lines file, ``-`` for standard input. Raises UsageError with the line where one is none."""
    try:
        data, where = read_given(path)
        text = data.decode("utf-8-sig")
    except OSError as error:
        what = f"the records cannot be read ({error.strerror or error})"
        raise UsageError(what, where=str(path), remedy="name a file that kg extract wrote") from error
    except UnicodeDecodeError as error:
        remedy = "have kg extract write them with --output (PowerShell's > writes other characters)"
        raise UsageError("the records are not UTF-8", where=str(path), remedy=remedy) from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield ArticleRecord.model_validate_json(line)
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(map(str, first["loc"]))
                raise UsageError(
                    f"not a practice record: {place + ': ' if place else ''}{first['msg']}",
                    where=f"{where}, line {number}",
                    remedy="write records with kg extract",
                ) from error


def _articles(paths: Iterable[str | Path], text_column: str | None) -> Iterator[Article]:
    from kg.read import read_articles

    return (one for one in read_articles(paths, text_column=text_column) if isinstance(one, Article))


def validate_records(
    records: Iterable[ArticleRecord], articles: Sequence[str | Path], *, text_column: str | None = None
) -> ValidationReport:
    """Prove records against their articles, which are read anew and told by their content hash.

    ``text_column`` names the column of tables that holds the text, as when they were extracted.
    """
    report = ValidationReport(named=True)
    waiting: dict[str, list[ArticleRecord]] = {}
    shapes = Shapes()
    for record in records:
        report.articles += 1
        report.values += sum(1 for _ in spans(record))
        waiting.setdefault(record.content_hash, []).append(record)
    for article in _articles(articles, text_column):
        for record in waiting.pop(article.content_hash, ()):
            _source(record, article, report)
            found = check_spans(record, article.text)
            report.findings += found
            if not found:
                _conforms(record, article.text, shapes, report)
    report.unread = sum(map(len, waiting.values()))
    return report


def _source(record: ArticleRecord, article: Article, report: ValidationReport) -> None:
    proof = check_source(record, article)
    report.sources += proof.checked
    report.repaired += proof.repaired
    report.findings += proof.findings


def _conforms(record: ArticleRecord, text: str, shapes: Shapes, report: ValidationReport) -> None:
    try:
        breaches = shapes.check(map_article(record, text))
    except ValueError as error:
        report.findings.append(Finding(record.file, "record", str(error)))
        return
    report.graphs += 1
    report.findings += [Finding(record.file, "graph", str(breach)) for breach in breaches]


def validate_store(
    store: str | Path, articles: Sequence[str | Path] = (), *, text_column: str | None = None
) -> ValidationReport:
    """Prove the finished generation of a store.

    Parameters
    ----------
    articles : where the original files are; default: where they were when the store was built.
    text_column : column of tables that holds the text; default: the one that the build was told.

    For every article: its record and text are those that the manifest names; each span holds its words; each leads to
    the right characters of the original file; the graph in the store is the one that the record gives, triple by
    triple, in its named graph and in the union; and it conforms to the shapes. Of graphs that another version of the program
    made only the hash is compared with the manifest's; they are counted.
    """
    snapshot = Snapshot.at(store)
    manifest, terms = snapshot.manifest, Terms(snapshot.base)
    report = ValidationReport(named=bool(articles))
    checker = _StoreCheck(snapshot.read_only(), terms, Shapes(terms), report, manifest.mapping)
    originals: dict[str, list[ArticleRecord]] = {}
    with Archive(snapshot.store.archive) as archive:
        for entry in manifest.entries:
            record = checker.entry(entry, archive)
            if record is not None:
                originals.setdefault(record.content_hash, []).append(record)
    checker.strangers(manifest)
    paths: dict[str | None, set[str]] = {}
    for entry in manifest.entries:
        there = entry.path if entry.path and on_disk(entry.path) is not None else None
        paths.setdefault(text_column or entry.column, set()).update([there] if there else [])
    read = set()
    for article in chain.from_iterable(_articles(articles or sorted(paths[column]), column) for column in paths):
        read.add(article.file)
        for record in originals.pop(article.content_hash, ()):
            _source(record, article, report)
    for left in originals.values():
        for record in left:
            if record.file in read:
                what = "the file has other bytes than when the store was built; build again"
                report.findings.append(Finding(record.file, "article", what))
            else:
                report.unread += 1
    return report


class _StoreCheck:
    def __init__(self, quads: Store, terms: Terms, shapes: Shapes, report: ValidationReport, mapping: str) -> None:
        self.quads, self.terms, self.shapes, self.report = quads, terms, shapes, report
        self.mapping, self.current = mapping, mapping_hash()
        """Hash of the program part that made the graphs, those apart that say otherwise; and of the one that runs."""

    def entry(self, entry: Entry, archive: Archive) -> ArticleRecord | None:
        """Check one article; returns its record where it is sound enough to look into the original file."""
        report = self.report
        report.articles += 1
        record = archive.record(entry.record)
        if record is None or record_hash(record) != entry.record:
            self._say(entry.file, "record", "the archive does not hold the record that the manifest names")
            return None
        report.values += sum(1 for _ in spans(record))
        text = archive.text(entry.text) if entry.text else None
        if entry.text and text is None:
            self._say(entry.file, "text", "the archive does not hold the clean text")
            return None
        wrong = check_spans(record, text) if text is not None else []
        report.findings += wrong
        if (entry.mapping or self.mapping) != self.current:
            report.older += 1
            self._as_built(entry)
        elif not wrong:
            self._graph(entry, record, text)
        return record

    def _as_built(self, entry: Entry) -> None:
        """Of a graph that this version cannot make again: whether it is the one that the build wrote."""
        held = self.quads.quads_for_pattern(None, None, None, NamedNode(entry.graph[1:-1]))
        if graph_hash(ntriples((str(q.subject), str(q.predicate), str(q.object)) for q in held)) != entry.graph_hash:
            self._say(entry.file, "graph", "the graph in the store is not the one that the manifest names")

    def _graph(self, entry: Entry, record: ArticleRecord, text: str | None) -> None:
        articles = {record.duplicate_of: entry.original} if record.duplicate_of and entry.original else {}
        try:
            right = map_article(record, text, terms=self.terms, articles=articles)
        except ValueError as error:
            self._say(entry.file, "record", str(error))
            return
        graph, union = NamedNode(entry.graph[1:-1]), DefaultGraph()
        wanted = {(q.subject, q.predicate, q.object) for q in parsed(right.ntriples())}
        held = {(q.subject, q.predicate, q.object) for q in self.quads.quads_for_pattern(None, None, None, graph)}
        self.report.graphs += 1
        self.report.triples += len(held)
        for what, triples in (("is missing from", wanted - held), ("stands only in", held - wanted)):
            for s, p, o in sorted(triples, key=str)[:5]:
                self._say(entry.file, str(s), f"{p} {o} {what} the graph in the store")
        for s, p, o in wanted:
            if Quad(s, p, o, union) not in self.quads:
                self._say(entry.file, str(s), f"{p} {o} is missing from the default graph")
                break
        if graph_hash(right.ntriples()) != entry.graph_hash:
            self._say(entry.file, "manifest", "the hash of the graph is another one")
        for breach in self.shapes.check(right):
            self._say(entry.file, "graph", str(breach))

    def strangers(self, manifest: Manifest) -> None:
        """Graphs that the manifest does not know."""
        known = {e.graph for e in manifest.entries} | set(manifest.fixed)
        for graph in self.quads.named_graphs():
            if str(graph) not in known and not str(graph).endswith("graph/runs>"):
                self._say("store", str(graph), "the manifest does not know this graph")

    def _say(self, file: str, place: str, what: str) -> None:
        self.report.findings.append(Finding(file, place, what))
