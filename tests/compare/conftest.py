"""One store of invented articles for all comparisons."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "graph"))

from sample_records import sample_store


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of ``sample_store``."""
    return sample_store(tmp_path_factory.mktemp("compare"))
