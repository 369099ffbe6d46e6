"""The comparisons against their SPARQL equivalents: two ways to one number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_records import sample

from kg.compare import ComparedGraph, open_graph
from kg.graph.build import build_records
from kg.query import named_query


@pytest.fixture(scope="module")
def graph(store: Path) -> Iterator[ComparedGraph]:
    with open_graph(store) as opened:
        yield opened


def asked(graph: ComparedGraph, name: str) -> list[tuple[object, ...]]:
    return graph.sparql(named_query(name).fill({}, graph.base)).rows()


def test_shared_features(graph: ComparedGraph) -> None:
    wanted = {row[1]: row[2:] for row in asked(graph, "shared-formats")}
    found = graph.shared(features=["format"], min_articles=1).frame
    assert len(found) > 3
    # The query lists a broader concept that says no more than a narrower one, too.
    assert all(wanted[row.feature] == (row.regions, row.practices) for row in found.itertuples())


def test_shared_pairs(graph: ComparedGraph) -> None:
    wanted = {(row[0], row[1]): row[2:] for row in asked(graph, "shared-pairs")}
    found = graph.shared(features=["format", "audience"], combine=2, min_articles=1).frame
    pairs = [row for row in found.itertuples() if row.kind == "format + audience"]
    assert len(pairs) > 3
    assert all(wanted[tuple(row.feature.split(" + "))] == (row.regions, row.practices) for row in pairs)


def test_first_dates(graph: ComparedGraph) -> None:
    rows = asked(graph, "first-dates")
    for label in {str(row[0]) for row in rows}:
        wanted = {province: (first, practices) for name, province, first, practices in rows if name == label}
        found = graph.spread(label, features=["format"], permutations=9).frame
        assert {row.region: (row.first, row.practices) for row in found.itertuples()} == wanted


def test_coverage(graph: ComparedGraph) -> None:
    _same_coverage(graph)


def test_coverage_where_an_article_has_no_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph.rdf.fixed.packaged_schemes", lambda base: {})
    pairs = [sample(n) for n in (0, 5, 10, 1)]  # 浙江省 three times, 四川省 once
    days = (None, "2024-02-03", "2024-05-06", None)
    dated = [
        (record.model_copy(update={"published": day}), text) for (record, text), day in zip(pairs, days, strict=True)
    ]
    build_records(dated, tmp_path / "store")
    with open_graph(tmp_path / "store") as opened:
        wanted = _same_coverage(opened)
    assert wanted["浙江省"][3:] == ("2024-02-03", "2024-05-06") and wanted["四川省"][3:] == (None, None)


def _same_coverage(graph: ComparedGraph) -> dict[object, tuple[object, ...]]:
    wanted = {row[0]: row[1:] for row in asked(graph, "coverage")}
    names = ["practices", "articles", "sources", "first", "last"]
    found = graph.coverage().frame.set_index("part")[names].astype(object)
    found = found.where(found.notna(), None)  # pandas has its own nothing
    assert {row[0]: row[1:] for row in found.itertuples(name=None)} == wanted
    return wanted
