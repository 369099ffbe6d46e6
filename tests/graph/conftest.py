"""Builds in these tests go without the product's own concept schemes, which take most of the time of a small build."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _small_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph.rdf.fixed.packaged_schemes", lambda base: {})
