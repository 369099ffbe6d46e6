"""One store of invented articles for all questions."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "graph"))

from sample_records import sample_store
from served_endpoint import ServedEndpoint

from kg.query import Graph, open_graph


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of ``sample_store``."""
    return sample_store(tmp_path_factory.mktemp("query"))


@pytest.fixture(scope="session")
def graph(store: Path) -> Iterator[Graph]:
    with open_graph(store) as opened:
        yield opened


@pytest.fixture(scope="session")
def served(store: Path) -> Iterator[ServedEndpoint]:
    """The page's ``/sparql``."""
    endpoint = ServedEndpoint(store)
    yield endpoint
    endpoint.close()
