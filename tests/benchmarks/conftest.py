"""Benchmarks are collected only when they are asked for: ``python -m pytest tests/benchmarks --benchmark-only``."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--articles", type=Path, help="Folder of articles for the benchmarks (default: data/articles).")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    if file_path.name.startswith("bench_") and file_path.suffix == ".py" and parent.config.getoption("benchmark_only"):
        return pytest.Module.from_parent(parent, path=file_path)
    return None
