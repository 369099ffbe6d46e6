"""The SPARQL 1.1 protocol on a store: ways of asking, data sets, forms of answers, refusals."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import rdflib
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results

from kg.graph.folder import StoreFolder
from kg.graph.manifest import Generation
from kg.query.engine import LocalEngine
from kg.query.protocol import GRAPHS, TABLES, Reply, negotiated, respond

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"


@pytest.fixture(scope="module")
def engine(store: Path) -> Iterator[LocalEngine]:
    folder = StoreFolder(store).finished()
    engine = LocalEngine(folder / "quads", Generation.read(folder).base)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def graphs(store: Path) -> list[str]:
    return [entry.graph[1:-1] for entry in Generation.read(StoreFolder(store).finished()).entries]


def get(engine: LocalEngine, pairs: object, accept: str = "", method: str = "GET", **limits: float) -> Reply:
    return respond(engine, method, urlencode(pairs), {"accept": accept}, **limits)  # type: ignore[arg-type]


def number(reply: Reply) -> int:
    assert reply.status == 200, reply
    (row,) = parse_query_results(reply.body, format=QueryResultsFormat.JSON)  # type: ignore[misc]
    return int(row[0].value)


def test_three_ways_of_asking_are_one(engine: LocalEngine, graphs: list[str]) -> None:
    for dataset in ([], [("default-graph-uri", graphs[0])]):
        pairs = [("query", COUNT), *dataset]
        form = respond(engine, "POST", "", {"content-type": FORM}, urlencode(pairs).encode())
        kind = {"content-type": f"{QUERY}; charset=UTF-8"}
        direct = respond(engine, "POST", urlencode(dataset), kind, COUNT.encode())
        assert get(engine, pairs) == form == direct and number(form) > 20
    assert get(engine, [("query", COUNT)], method="HEAD").body == b""
    assert respond(engine, "OPTIONS", "", {}).status == 204


def test_the_data_set_of_the_protocol_takes_the_place_of_that_of_the_query(
    engine: LocalEngine, graphs: list[str]
) -> None:
    one, two = graphs[:2]
    ones = number(get(engine, [("query", COUNT), ("default-graph-uri", one)]))
    both = number(get(engine, [("query", COUNT), ("default-graph-uri", one), ("default-graph-uri", two)]))
    everything = number(get(engine, [("query", COUNT)]))
    assert ones < both < everything
    named = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert number(get(engine, [("query", named), ("named-graph-uri", one), ("named-graph-uri", two)])) == 2
    assert number(get(engine, [("query", COUNT), ("named-graph-uri", one)])) == 0  # then the default graph is empty
    from_two = f"SELECT (COUNT(*) AS ?n) FROM <{two}> {{ ?s ?p ?o }}"
    assert number(get(engine, [("query", from_two)])) not in {ones, everything}
    assert number(get(engine, [("query", from_two), ("default-graph-uri", one)])) == ones


@pytest.mark.parametrize("accept", [kind for kind in TABLES if kind != "text/csv"])
def test_a_table_in_every_form(engine: LocalEngine, accept: str) -> None:
    asked = 'SELECT ?p ?l ?gap { ?p a gp:Practice ; skos:prefLabel ?l FILTER(STRSTARTS(?l, "晨光")) } ORDER BY ?l ?p'
    reply = get(engine, {"query": asked}, accept)
    assert reply.headers["content-type"].startswith(accept) and reply.headers["vary"] == "accept"
    ours = [tuple(row) for row in parse_query_results(reply.body, format=TABLES[accept])]  # type: ignore[union-attr]
    wanted = [tuple(row) for row in engine.query(asked)._solutions()]
    assert ours == wanted and len(ours) >= 12
    truth = get(engine, {"query": "ASK {}"}, accept)
    assert b"true" in truth.body


@pytest.mark.parametrize("accept", list(GRAPHS))
def test_a_graph_in_every_form(engine: LocalEngine, accept: str) -> None:
    asked = "CONSTRUCT { ?p skos:prefLabel ?l } { ?p a gp:Practice ; skos:prefLabel ?l }"
    reply = get(engine, {"query": asked}, accept)
    assert reply.headers["content-type"].startswith(accept)
    ours = {quad.triple for quad in parse(reply.body, format=GRAPHS[accept])}
    assert ours == {quad.triple for quad in parse(engine.query(asked).data, format=RdfFormat.N_TRIPLES)} and ours


def test_csv_is_that_of_the_standard(engine: LocalEngine) -> None:
    reply = get(engine, {"query": 'SELECT (1.5 AS ?a) (true AS ?b) ("x,y" AS ?c) ?d {}'}, "text/csv")
    assert reply.body == b'a,b,c,d\r\n1.5,true,"x,y",\r\n'


def test_another_client_understands_it(engine: LocalEngine) -> None:
    reply = get(engine, {"query": "SELECT ?p { ?p a gp:Practice } ORDER BY ?p LIMIT 3"}, "text/html, */*;q=0.1")
    theirs = rdflib.query.Result.parse(source=io.BytesIO(reply.body), format="json")
    assert len(theirs) == 3


@pytest.mark.parametrize(
    ("method", "pairs", "kind", "body", "status"),
    [
        ("GET", [], "", b"", 400),
        ("GET", [("query", COUNT), ("query", COUNT)], "", b"", 400),
        ("GET", [("query", "SELECT * {")], "", b"", 400),
        ("GET", [("query", "DROP ALL")], "", b"", 400),
        ("GET", [("query", "SELECT * { SERVICE <http://a.example/> {} }")], "", b"", 400),
        ("GET", [("query", COUNT), ("default-graph-uri", "no iri")], "", b"", 400),
        ("GET", [("update", "DROP ALL")], "", b"", 400),
        ("POST", [], "application/sparql-update", b"DROP ALL", 400),
        ("POST", [], QUERY, b"\xff\xfe", 400),
        ("POST", [], FORM, b"query=%FF", 400),
        ("POST", [], "text/plain", COUNT.encode(), 415),
        ("POST", [], "", COUNT.encode(), 415),
        ("PUT", [("query", COUNT)], "", b"", 405),
        ("DELETE", [], "", b"", 405),
    ],
)
def test_what_is_refused_and_how(
    engine: LocalEngine, *, method: str, pairs: list[tuple[str, str]], kind: str, body: bytes, status: int
) -> None:
    reply = respond(engine, method, urlencode(pairs), {"content-type": kind}, body)
    assert reply.status == status and reply.body.count(b"\n") == 1
    assert reply.headers["content-type"].startswith("text/plain")


def test_limits_are_told(engine: LocalEngine) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    assert get(engine, {"query": endless}, seconds=0.5).status == 503
    short = get(engine, {"query": "SELECT ?p { ?p a gp:Practice }"}, rows=2)
    assert short.headers["x-truncated"] == "true" and short.body.count(b'"uri"') == 2
    assert get(engine, {"query": COUNT}, "image/png").status == 406


def test_what_a_client_likes_best() -> None:
    assert negotiated("", TABLES) == negotiated("*/*", TABLES) == "application/sparql-results+json"
    assert (
        negotiated("text/csv;q=0.3, application/sparql-results+xml;q=0.9", TABLES) == "application/sparql-results+xml"
    )
    assert negotiated("text/*", TABLES) == "text/csv"
    assert negotiated("text/csv;q=0, text/*", TABLES) == "text/tab-separated-values"
    assert negotiated("text/csv;q=much", TABLES) is None
