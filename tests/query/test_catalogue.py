"""The catalogue: every query is documented, runs, and gives the same in a second engine."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import DefaultGraph, RdfFormat, Store
from sample_records import sample

from kg.errors import UsageError
from kg.generate import make_plan, write_plan
from kg.graph.build import build_records
from kg.graph.store.folder import StoreFolder
from kg.model import ArticleRecord, Outcome
from kg.query import Graph, named_queries, named_query, open_graph
from kg.query.guard import prefixes

QUERIES = named_queries()
# What each parameter is tried with.
VALUES = {"region": "四川省", "measure": "人次", "practice_name": "晨光学堂4号"}


@pytest.fixture(scope="module")
def other_engine(store: Path) -> rdflib.Graph:
    quads = Store.read_only(str(StoreFolder(store).finished() / "quads"))
    data = quads.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    return rdflib.Graph().parse(data=data, format="nt")


def _plain(value: object) -> str:
    if (
        isinstance(value, rdflib.Literal)
        and isinstance(value.value, int | float | Decimal)
        and not isinstance(value.value, bool)
    ):
        return f"{float(value):.6f}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{float(value):.6f}"
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(
    ("name", "filled"), [(name, filled) for name in QUERIES for filled in {False, bool(QUERIES[name].parameters)}]
)
def test_rdflib_gives_the_same_answer(name: str, filled: bool, graph: Graph, other_engine: rdflib.Graph) -> None:
    query = QUERIES[name]
    text = query.fill({key: VALUES[key] for key in query.parameters} if filled else {})
    ours = graph.sparql(text)
    theirs = other_engine.query(text, initNs=prefixes())
    assert [str(v) for v in theirs.vars or []] == list(ours.variables) or set(map(str, theirs.vars or [])) == set(
        ours.variables
    )
    order = [ours.variables.index(str(v)) for v in theirs.vars or []]
    mine = sorted(tuple(_plain(row[i]) for i in order) for row in ours.rows())
    assert mine == sorted(tuple(_plain(value) for value in row) for row in theirs)
    assert mine, f"{name} finds nothing in a graph that was made for it"


def test_there_are_queries_enough_and_each_says_what_it_answers() -> None:
    assert len(QUERIES) >= 15
    for query in QUERIES.values():
        assert query.title_en and query.title_zh and not query.title_en.isupper()
        for parameter in query.parameters:
            assert f"${parameter}" in query.text


def test_a_value_stays_a_value(graph: Graph) -> None:
    text = named_query("practices").fill({"region": '四川省" ) } SERVICE <http://a.example/> { #'})
    assert graph.sparql(text).rows() == []


def test_unknown_names_are_told_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"did you mean.*formats"):
        named_query("format")
    with pytest.raises(UsageError, match=r"practices: the query has no parameter 'regoin'; its parameters: region"):
        named_query("practices").fill({"regoin": "四川省"})
    with pytest.raises(UsageError, match="its parameters: none"):
        named_query("candidates").fill({"region": "四川省"})


def test_the_queries_find_what_was_put_in(graph: Graph) -> None:
    def rows(name: str) -> list[tuple[object, ...]]:
        return graph.sparql(named_query(name).fill({})).rows()

    assert rows("reposts") == [("repost.txt", "003.txt")]
    assert [(label, one, other) for label, _, _, one, other, _, _ in rows("contradictions")] == [
        ("晨光学堂4号", 104, 999)
    ]
    # The repost is no second witness of article 3's practices; the second report of article 4 is one.
    assert [label for _, label, _ in rows("witnesses")] == ["晨光学堂4号"]
    teaching = {label: practices for _, label, practices, _ in rows("formats")}
    assert teaching["授课"] == teaching["夜校"] + teaching["流动宣讲"]


def test_a_figure_that_two_articles_tell_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph.rdf.fixed.packaged_schemes", lambda base: {})
    record, text = sample(1)
    first = record.practices[0]
    planned = first.outcomes[0].model_copy(update={"modality": "planned"})

    def told(file: str, *outcomes: Outcome) -> tuple[ArticleRecord, str]:
        practices = (first.model_copy(update={"outcomes": outcomes}),)
        return record.model_copy(update={"file": file, "practices": practices}), text

    pairs = [told("a.txt", *first.outcomes), told("b.txt", *first.outcomes), told("c.txt", planned)]
    build_records(pairs, tmp_path / "store")
    with open_graph(tmp_path / "store") as graph:
        assert graph.run("outcomes-by-unit").rows() == [("人次", 2, 101)]  # achieved, and planned
        assert [row[2:] for row in graph.run("largest-outcomes").rows()] == [(101, "人次", "累计101余人次参加")]


def test_a_region_of_a_named_query_is_looked_up_as_everywhere(graph: Graph) -> None:
    whole = graph.run("practices", {"region": "四川省"}).rows()
    assert whole and {row[0] for row in whole} == set(graph.practices(region="四川")["practice"])
    for said in ("四川", "四川省/绵阳市", *graph.lookup.regions.find("四川", where="")):
        assert graph.run("practices", {"region": said}).rows() == whole
    assert graph.sparql(named_query("practices").fill({"region": "四川省"})).rows() == whole
    assert graph.run("formats", {"region": "三台"}).rows() == graph.run("formats", {"region": "三台县"}).rows() != []
    with pytest.raises(UsageError, match="did you mean 四川省"):
        graph.run("practices", {"region": "四州省"})
    with pytest.raises(UsageError, match="its parameters: region"):
        graph.run("practices", {"regoin": "四川省"})


def test_a_practice_of_a_named_query_is_looked_up(graph: Graph) -> None:
    whole = graph.run("evidence", {"practice_name": "晨光学堂5号"}).rows()
    assert whole and {row[0] for row in whole} == {"晨光学堂5号"}
    assert graph.run("evidence", {"practice_name": str(sample(5)[0].practices[0].identity)}).rows() == whole
    with pytest.raises(UsageError, match="practice_name: not a name: None"):
        graph.run("evidence", {"practice_name": None})  # type: ignore[dict-item]
    with pytest.raises(UsageError, match="practice_name: no practice is called '晨光学堂99号'; did you mean"):
        graph.run("evidence", {"practice_name": "晨光学堂99号"})


def test_places_of_one_name_are_two_for_a_named_query(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph.rdf.fixed.packaged_schemes", lambda base: {})
    pairs = []
    for n, path in enumerate([("江苏省", "南京市", "鼓楼区"), ("福建省", "福州市", "鼓楼区")]):
        record, text = sample(n)
        region = record.regions[0].model_copy(update={"path": path, "levels": record.regions[0].levels[:3]})
        pairs.append((record.model_copy(update={"regions": (region,)}), text))
    build_records(pairs, tmp_path / "store")
    with open_graph(tmp_path / "store") as graph:
        with pytest.raises(UsageError, match="2 places are called"):
            graph.run("practices", {"region": "鼓楼区"})
        assert len(graph.run("practices", {"region": "南京/鼓楼"}).rows()) == 2


@pytest.mark.slow
def test_every_query_ends_within_its_limit_on_thousands_of_practices(tmp_path: Path) -> None:
    write_plan(make_plan(2000, 1), tmp_path, "store")
    with open_graph(tmp_path / "store") as graph:
        assert [name for name in QUERIES if graph.run(name).kind != "select"] == []
