"""The edges of an answer: terms as Python values, and practices that one article announces and another reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from sample_records import sample

from kg.errors import UsageError
from kg.graph.build import build_records
from kg.query import open_graph
from kg.query.answer import plain
from kg.query.arguments import check_top

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("written", "kind", "value"),
    [
        *(("1.5", kind, 1.5) for kind in ("decimal", "double", "float")),
        ("1.5E3", "double", 1500.0),
        *(("15", kind, 15) for kind in ("integer", "nonNegativeInteger", "int", "long")),
        *((written, "boolean", written in ("true", "1")) for written in ("true", "1", "false", "0")),
        ("夜校", "string", "夜校"),
        ("2024-05", "gYearMonth", "2024-05"),
        ("many", "integer", "many"),
    ],
)
def test_a_literal_is_the_value_that_it_writes(written: str, kind: str, value: object) -> None:
    found = plain(Literal(written, datatype=NamedNode(XSD + kind)))
    assert found == value and type(found) is type(value)


def test_one_row_is_the_fewest_that_may_be_asked_for() -> None:
    check_top(1)
    check_top(None)
    for wrong in (0, -1, 1.5, "1"):
        with pytest.raises(UsageError, match="at least 1, not"):
            check_top(wrong)


def test_what_one_article_announces_and_another_reports_has_come_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.graph.rdf.fixed.packaged_schemes", lambda base: {})
    told = []
    for number, planned in enumerate([(True, False), (False, True), (True, True), (False, False)]):
        record, text = sample(number)
        for turn, only_announced in zip("ab", planned, strict=True):
            first = record.practices[0].model_copy(update={"planned": only_announced})
            told.append((record.model_copy(update={"file": f"{number}{turn}.txt", "practices": (first,)}), text))
    build_records(told, tmp_path / "store")
    with open_graph(tmp_path / "store") as graph:
        found = graph.practices()
    assert dict(zip(found["label"], found["planned"], strict=True)) == {
        "晨光学堂0号": False,
        "晨光学堂1号": False,
        "晨光学堂2号": True,
        "晨光学堂3号": False,
    }
