"""One server over a store of invented articles."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

for folder in ("graph", "serve", "view"):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / folder))

from sample_records import sample_store  # noqa: E402
from served import running  # noqa: E402


@pytest.fixture(scope="session")
def served_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_store(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="session")
def address(served_folder: Path) -> Iterator[str]:
    with running(served_folder, query_seconds=2.0) as base:
        yield base


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as opened:
        yield opened
