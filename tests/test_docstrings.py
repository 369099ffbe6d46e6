"""The examples in docstrings are right: every one of the package is run."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "kg").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_of_a_module_are_right(name: str) -> None:
    done = doctest.testmod(importlib.import_module(name))
    assert done.failed == 0 and done.attempted > 0


def test_the_statistics_show_how_they_are_used() -> None:
    assert EXAMPLES["kg.compare.significance.statistics"].read_text(encoding="utf-8").count(">>> ") > 5
