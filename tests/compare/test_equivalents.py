"""The comparisons against their SPARQL equivalents: two ways to one number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.compare import ComparedGraph, open_graph
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
        found = graph.spread(label, kinds=["format"], permutations=9).frame
        assert {row.region: (row.first, row.practices) for row in found.itertuples()} == wanted


def test_coverage(graph: ComparedGraph) -> None:
    wanted = {row[0]: row[1:4] for row in asked(graph, "coverage")}
    found = graph.coverage().frame
    assert {row.part: (row.practices, row.articles, row.sources) for row in found.itertuples()} == wanted
