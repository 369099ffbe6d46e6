"""One store of invented articles for all questions."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "graph"))

from sample_records import sample, scheme

from kg.graph.build import build
from kg.graph.intake import Item
from kg.query import Graph, open_graph


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles 0 to 11, a repost of article 3, and a second report of the practices of article 4 with other figures."""
    folder = tmp_path_factory.mktemp("query")
    own = folder / "own.ttl"
    own.write_text(scheme(), encoding="utf-8")
    pairs = [sample(n) for n in range(12)]
    repost = sample(3)[0].model_copy(update={"file": "repost.txt", "duplicate_of": "003.txt"})
    first = sample(4)[0].practices[0]
    outcome = first.outcomes[0].model_copy(update={"value": 999.0})
    second = sample(4)[0].model_copy(
        update={"file": "second.txt", "practices": (first.model_copy(update={"outcomes": (outcome,)}),)}
    )
    pairs += [(repost, sample(3)[1]), (second, sample(4)[1])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.graph.fixed.packaged_schemes", lambda base: {})
        build(lambda archive, kept: [Item(*pair) for pair in pairs], folder / "store", vocabularies=[own])
    return folder / "store"


@pytest.fixture(scope="session")
def graph(store: Path) -> Iterator[Graph]:
    with open_graph(store) as opened:
        yield opened
