"""The W3C's SPARQL tests, from a checkout of github.com/w3c/rdf-tests that the environment names; none of it is kept here."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rdflib
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)
from rdflib.collection import Collection

from kg.query.answer import Answer
from kg.query.engine import DataSet
from kg.query.guard import check_query, syntax_error
from kg.query.worker import run

VARIABLE = "KG_W3C_TESTS"
"""Environment variable that names the folder of the checkout."""
FOLDER = Path(os.environ.get(VARIABLE, ""))
PRESENT = bool(os.environ.get(VARIABLE)) and (FOLDER / "sparql" / "sparql11" / "manifest.ttl").is_file()
BASE = "https://w3c.github.io/rdf-tests/"

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
FORMS = {".srx": QueryResultsFormat.XML, ".srj": QueryResultsFormat.JSON, ".tsv": QueryResultsFormat.TSV}
_FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)

Rows = list[dict[str, Any]]
"""Solutions: variable → term, unbound ones left out."""


@dataclass(frozen=True)
class Case:
    """A test of query evaluation."""

    iri: str
    kind: str
    query: Path
    data: tuple[Path, ...]
    graphs: tuple[tuple[str, Path], ...]
    result: Path
    lax: bool
    """Where REDUCED leaves it open how often a row comes."""

    @property
    def name(self) -> str:
        """Folder and name: ``sparql11/aggregates/agg01``."""
        folder, _, local = self.iri.partition("#")
        return "/".join(folder.split("/")[-3:-1]) + "/" + local


def file_of(iri: str) -> Path:
    """The file behind an IRI of the suite."""
    return FOLDER / iri.removeprefix(BASE)


def iri_of(path: Path) -> str:
    """The IRI of a file of the suite."""
    return BASE + path.relative_to(FOLDER).as_posix()


def cases(*manifests: str) -> Iterator[Case]:
    """The tests of query evaluation (and of the CSV format) of these manifests and those that they include."""
    for manifest in manifests:
        path = FOLDER / manifest
        graph = rdflib.Graph().parse(path, publicID=iri_of(path), format="turtle")
        for head in graph.objects(None, MF.include):
            for inner in Collection(graph, head):
                yield from cases(str(inner).removeprefix(BASE))
        for head in graph.objects(None, MF.entries):
            for entry in Collection(graph, head):
                found = _case(graph, entry)
                if found is not None:
                    yield found


def _case(graph: rdflib.Graph, entry: Any) -> Case | None:
    kind = str(graph.value(entry, rdflib.RDF.type)).rpartition("#")[2]
    action, result = graph.value(entry, MF.action), graph.value(entry, MF.result)
    if kind not in {"QueryEvaluationTest", "CSVResultFormatTest"} or action is None or result is None:
        return None
    graphs = []
    for each in graph.objects(action, QT.graphData):
        label, inner = graph.value(each, rdflib.RDFS.label), graph.value(each, QT.graph)
        graphs.append((str(label or inner or each), file_of(str(inner or each))))
    data = tuple(file_of(str(each)) for each in graph.objects(action, QT.data))
    query = file_of(str(graph.value(action, QT.query)))
    lax = graph.value(entry, MF.resultCardinality) == MF.LaxCardinality
    return Case(str(entry), kind, query, data, tuple(sorted(graphs)), file_of(str(result)), lax)


def store_of(case: Case) -> Store:
    """A store with the data set of a test; files that FROM names become graphs, since nothing is fetched."""
    store = Store()
    for path in case.data:
        store.load(path=str(path), base_iri=iri_of(path))
    named = dict(case.graphs)
    folder = iri_of(case.query).rpartition("/")[0]
    for found in _FROM.findall(case.query.read_text(encoding="utf-8")):
        iri = found if ":" in found else f"{folder}/{found}"
        if iri.startswith(BASE) and file_of(iri).is_file():
            named[iri] = file_of(iri)
    for iri, path in named.items():
        store.load(path=str(path), base_iri=iri_of(path), to_graph=NamedNode(iri))
    return store


@dataclass(frozen=True)
class InMemory:
    """The product's own way from a query to an answer, on a store in memory instead of a worker's."""

    store: Store
    base: str | None = None

    def query(self, text: str, *, timeout: float, max_rows: int, dataset: DataSet | None) -> Answer:
        check_query(text)
        ask: dict[str, Any] = {"query": text, "prefixes": {}, "rows": max_rows, "bytes": 10_000_000, "base": self.base}
        if dataset is not None:
            ask |= {"default": list(dataset.default), "named": list(dataset.named)}
        try:
            head, data = run(self.store, ask)
        except SyntaxError as error:
            raise syntax_error(text, str(error)) from error
        return Answer(head["kind"], data, head.get("value"), head.get("truncated", False))


# What is expected, and what is the same


def expected(case: Case) -> bool | Rows | list[Quad]:
    """The result that the suite gives: a truth value, rows, or a graph."""
    path = case.result
    if path.suffix in FORMS:
        return _solutions(path.read_bytes(), FORMS[path.suffix])
    quads = list(parse(path=str(path), base_iri=iri_of(path)))
    sets = [q.subject for q in quads if q.object == NamedNode(RS + "ResultSet")]
    return _result_set(quads, sets[0]) if sets else quads


def _solutions(data: bytes, form: QueryResultsFormat) -> bool | Rows:
    found = parse_query_results(data, format=form)
    if isinstance(found, QueryBoolean):
        return bool(found)
    names = [variable.value for variable in found.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in found]


def _result_set(quads: list[Quad], top: Any) -> bool | Rows:
    def values(subject: Any, name: str) -> list[Any]:
        return [q.object for q in quads if q.subject == subject and q.predicate.value == RS + name]

    truth = values(top, "boolean")
    if truth:
        return bool(truth[0].value == "true")
    rows: list[tuple[int, dict[str, Any]]] = []
    for solution in values(top, "solution"):
        row = {values(b, "variable")[0].value: values(b, "value")[0] for b in values(solution, "binding")}
        index = values(solution, "index")
        rows.append((int(index[0].value) if index else 0, row))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def by_value(term: Any) -> Any:
    """The term as Oxigraph writes it back: ``"01"^^xsd:integer`` and ``"1"^^xsd:integer`` are one value."""
    if not isinstance(term, Literal):
        return term
    store = Store()
    store.add(Quad(NamedNode("x:s"), NamedNode("x:p"), term))
    return next(iter(store)).object


def canonical(rows: Rows, *, lax: bool = False) -> frozenset[str]:
    """Rows as a set of N-Quads that two bags share where they differ in the names of blank nodes alone."""
    if lax:
        rows = [dict(row) for row in {tuple(sorted(row.items(), key=lambda pair: pair[0])) for row in rows}]
    quads = []
    for row in rows:
        node = BlankNode()
        quads.append(Quad(node, NamedNode("x:is"), NamedNode("x:row")))
        quads += [Quad(node, NamedNode(f"x:{name}"), term) for name, term in row.items()]
    return canonical_graph(quads)


def canonical_graph(quads: list[Quad]) -> frozenset[str]:
    """The same for a graph."""
    data = Dataset(quads)
    data.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(map(str, data))


def replied(body: bytes, accept: str, kind: str) -> bool | Rows | list[Quad]:
    """The body of a reply, read as the media type that was asked for."""
    if kind == "graph":
        return list(parse(body, format=RdfFormat.from_media_type(accept)))
    form = QueryResultsFormat.from_media_type(accept)
    assert form is not None
    return _solutions(body, form)
