"""What ``import kg`` gives: every name when it is asked for, nothing before, and the same to a type checker."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import kg
import kg.compare
import kg.errors
import kg.query
import kg.verbs
from kg.graph.intake import BuildReport
from kg.query.engine import SECONDS
from kg.view.opened import open_graph

SOURCE = Path(kg.__file__)


def test_every_name_is_given_and_the_errors_are_of_one_family() -> None:
    assert {name: getattr(kg, name) for name in kg.__all__}.keys() <= set(dir(kg))
    assert kg.open is open_graph and kg.BuildReport is BuildReport and kg.KgError is kg.errors.KgError
    kinds = [getattr(kg, name) for name in kg.__all__ if name.endswith("Error")]
    assert len(kinds) == 5 and all(issubclass(kind, kg.KgError) for kind in kinds)
    with pytest.raises(AttributeError, match="module 'kg' has no attribute 'evaluat'"):
        kg.evaluat  # type: ignore[attr-defined]  # noqa: B018


def test_all_names_come_with_a_star() -> None:
    found: dict[str, object] = {}
    exec("from kg import *", found)
    assert found.keys() - {"__builtins__"} == set(kg.__all__)
    assert callable(found["extract"]) and found["build"] is kg.build


def test_nothing_is_imported_before_it_is_asked_for() -> None:
    code = "import sys; before = set(sys.modules); import kg; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=SOURCE.parents[1])
    names = done.stdout.decode("utf-8").split()
    assert [name for name in names if name.startswith("kg")] == ["kg"]
    assert {name.split(".")[0] for name in names} - sys.stdlib_module_names == {"kg"}


def test_a_type_checker_is_told_where_each_name_comes_from() -> None:
    told: dict[str, tuple[str, str]] = {}
    for block in ast.parse(SOURCE.read_text(encoding="utf-8")).body:
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
            for line in block.body:
                assert isinstance(line, ast.ImportFrom) and line.module
                told |= {one.asname or one.name: (line.module, one.name) for one in line.names}
    # the package of this name is called in its place, as the function is
    assert told.pop("extract") == ("kg.verbs", "extract")
    assert told == kg._PLACES and told.keys() == set(kg.__all__) - {"__version__", "extract"}


@pytest.mark.parametrize("opening", [kg.open, kg.compare.open_graph, kg.query.open_graph])
def test_an_endpoint_can_be_given_more_time(monkeypatch: pytest.MonkeyPatch, opening: Callable[..., object]) -> None:
    asked: list[tuple[str, float]] = []

    def engine(url: str, *, timeout: float) -> object:
        asked.append((url, timeout))
        return object()

    monkeypatch.setattr("kg.query.remote.RemoteEngine", engine)
    opening("http://localhost:3030/ds", timeout=600)
    opening("http://localhost:3030/ds")
    assert asked == [("http://localhost:3030/ds", 600), ("http://localhost:3030/ds", SECONDS)]
