"""Tables for the terminal: numbers as a reader writes them."""

from __future__ import annotations

import pytest

from kg.query.answer import Answer
from kg.query.tables import text_table

NUMBERS = [(1008000.0, "1008000"), (1e7, "10000000"), (1234567.25, "1234567.25"), (0.16731234, "0.167312"), (2.0, "2")]
ODD = [(1e-07, "1e-07"), (float("inf"), "inf"), (float("nan"), "nan"), (1e300, "1e+300")]


@pytest.mark.parametrize(("value", "said"), NUMBERS + ODD)
def test_numbers_are_plain(value: float, said: str) -> None:
    assert text_table(["n"], [[value]]).split("\n")[2] == said


def test_whole_numbers_have_no_point_in_csv() -> None:
    decimals = (
        '"1008000.0"^^<http://www.w3.org/2001/XMLSchema#decimal>\n"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    )
    answer = Answer("select", f"?n\n{decimals}\n".encode())
    assert answer.to_text("csv") == "n\n1008000\n1.5\n"
    assert answer.to_text("table").split("\n")[2:4] == ["1008000", "1.5"]
