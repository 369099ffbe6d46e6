"""The SPARQL 1.1 protocol on a store: ways of asking, data sets, forms of answers, refusals."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import rdflib
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results
from served_endpoint import ServedEndpoint

from kg.graph.store.snapshot import Snapshot
from kg.query.engine import LocalEngine
from kg.query.protocol import GRAPHS, TABLES, Reply, negotiated

Get = Callable[..., Reply]
"""From the parameters of a query, what is accepted, the method and the limits to what is answered."""
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"


@pytest.fixture(scope="module")
def engine(store: Path) -> Iterator[LocalEngine]:
    engine = LocalEngine(Snapshot.at(store))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def graphs(store: Path) -> list[str]:
    return [entry.graph[1:-1] for entry in Snapshot.at(store).manifest.entries]


@pytest.fixture(scope="module")
def get(served: ServedEndpoint, engine: LocalEngine) -> Get:
    def reply(pairs: object, accept: str = "", method: str = "GET", **limits: float) -> Reply:
        return served(engine, method, urlencode(pairs), {"accept": accept}, **limits)  # type: ignore[arg-type]

    return reply


def number(reply: Reply) -> int:
    assert reply.status == 200, reply
    (row,) = parse_query_results(reply.body, format=QueryResultsFormat.JSON)  # type: ignore[misc]
    return int(row[0].value)


def test_three_ways_of_asking_are_one(get: Get, served: ServedEndpoint, engine: LocalEngine, graphs: list[str]) -> None:
    for dataset in ([], [("default-graph-uri", graphs[0])]):
        pairs = [("query", COUNT), *dataset]
        form = served(engine, "POST", "", {"content-type": FORM}, urlencode(pairs).encode())
        kind = {"content-type": f"{QUERY}; charset=UTF-8"}
        direct = served(engine, "POST", urlencode(dataset), kind, COUNT.encode())
        assert get(pairs) == form == direct and number(form) > 20
    assert get([("query", COUNT)], method="HEAD").body == b""
    ways = served(engine, "OPTIONS", "", {})
    assert (ways.status, ways.body, ways.headers["allow"]) == (204, b"", "GET, HEAD, POST, OPTIONS")


def test_the_data_set_of_the_protocol_takes_the_place_of_that_of_the_query(get: Get, graphs: list[str]) -> None:
    one, two = graphs[:2]
    ones = number(get([("query", COUNT), ("default-graph-uri", one)]))
    both = number(get([("query", COUNT), ("default-graph-uri", one), ("default-graph-uri", two)]))
    everything = number(get([("query", COUNT)]))
    assert ones < both < everything
    named = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert number(get([("query", named), ("named-graph-uri", one), ("named-graph-uri", two)])) == 2
    assert number(get([("query", COUNT), ("named-graph-uri", one)])) == 0  # then the default graph is empty
    from_two = f"SELECT (COUNT(*) AS ?n) FROM <{two}> {{ ?s ?p ?o }}"
    assert number(get([("query", from_two)])) not in {ones, everything}
    assert number(get([("query", from_two), ("default-graph-uri", one)])) == ones


@pytest.mark.parametrize("accept", [kind for kind in TABLES if kind != "text/csv"])
def test_a_table_in_every_form(get: Get, engine: LocalEngine, accept: str) -> None:
    asked = 'SELECT ?p ?l ?gap { ?p a gp:Practice ; skos:prefLabel ?l FILTER(STRSTARTS(?l, "晨光")) } ORDER BY ?l ?p'
    reply = get({"query": asked}, accept)
    assert reply.headers["content-type"].startswith(accept) and reply.headers["vary"] == "accept"
    ours = [tuple(row) for row in parse_query_results(reply.body, format=TABLES[accept])]  # type: ignore[union-attr]
    wanted = [tuple(row) for row in engine.query(asked)._solutions()]
    assert ours == wanted and len(ours) >= 12
    truth = get({"query": "ASK {}"}, accept)
    assert b"true" in truth.body


@pytest.mark.parametrize("accept", list(GRAPHS))
def test_a_graph_in_every_form(get: Get, engine: LocalEngine, accept: str) -> None:
    asked = "CONSTRUCT { ?p skos:prefLabel ?l } { ?p a gp:Practice ; skos:prefLabel ?l }"
    reply = get({"query": asked}, accept)
    assert reply.headers["content-type"].startswith(accept)
    ours = {quad.triple for quad in parse(reply.body, format=GRAPHS[accept])}
    assert ours == {quad.triple for quad in parse(engine.query(asked).data, format=RdfFormat.N_TRIPLES)} and ours


def test_csv_is_that_of_the_standard(get: Get) -> None:
    reply = get({"query": 'SELECT (1.5 AS ?a) (true AS ?b) ("x,y" AS ?c) ?d {}'}, "text/csv")
    assert reply.body == b'a,b,c,d\r\n1.5,true,"x,y",\r\n'


def test_another_client_understands_it(get: Get) -> None:
    reply = get({"query": "SELECT ?p { ?p a gp:Practice } ORDER BY ?p LIMIT 3"}, "text/html, */*;q=0.1")
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
    served: ServedEndpoint,
    engine: LocalEngine,
    *,
    method: str,
    pairs: list[tuple[str, str]],
    kind: str,
    body: bytes,
    status: int,
) -> None:
    reply = served(engine, method, urlencode(pairs), {"content-type": kind}, body)
    assert reply.status == status
    if status == 405:
        assert reply.headers["allow"] == "GET, HEAD, POST, OPTIONS" and reply.body.count(b"\n") == 1
    else:
        said = json.loads(reply.body)
        assert said["what"] and said["remedy"]


def test_limits_are_told(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    assert get({"query": endless}, seconds=0.5).status == 503
    monkeypatch.setattr("kg.serve.routes.sparql.MOST_ROWS", 2)
    short = get({"query": "SELECT ?p { ?p a gp:Practice }"})
    assert short.headers["x-truncated"] == "true" and short.body.count(b'"uri"') == 2
    assert get({"query": COUNT}, "image/png").status == 406


def test_what_a_client_likes_best() -> None:
    assert negotiated("", TABLES) == negotiated("*/*", TABLES) == "application/sparql-results+json"
    assert (
        negotiated("text/csv;q=0.3, application/sparql-results+xml;q=0.9", TABLES) == "application/sparql-results+xml"
    )
    assert negotiated("text/*", TABLES) == "text/csv"
    assert negotiated("text/csv;q=0, text/*", TABLES) == "text/tab-separated-values"
    assert negotiated("text/csv;q=much", TABLES) is None
