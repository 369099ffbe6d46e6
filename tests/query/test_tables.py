"""Tables for the terminal: numbers as a reader writes them."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from kg.query.answer import Answer
from kg.query.tables import frame_text, json_text, text_table, width
from kg.view.table import harmless

NUMBERS = [(1008000.0, "1008000"), (1e7, "10000000"), (1234567.25, "1234567.25"), (0.16731234, "0.167312"), (2.0, "2")]
ODD = [(1e-07, "1e-07"), (float("inf"), "inf"), (float("nan"), "nan"), (1e300, "1e+300")]


@pytest.mark.parametrize(("value", "said"), NUMBERS + ODD)
def test_numbers_are_plain(value: float, said: str) -> None:
    assert text_table(["n"], [[value]]).split("\n")[2] == said


def test_a_mark_over_a_letter_takes_no_room() -> None:
    assert (width("e\u0301"), width("é"), width("夜e\u0301")) == (1, 1, 3)


def test_whole_numbers_have_no_point_in_csv() -> None:
    decimals = (
        '"1008000.0"^^<http://www.w3.org/2001/XMLSchema#decimal>\n"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    )
    answer = Answer("select", f"?n\n{decimals}\n".encode())
    assert answer.to_text("csv") == "n\n1008000\n1.5\n"
    assert answer.to_text("table").split("\n")[2:4] == ["1008000", "1.5"]


def test_no_cell_of_a_table_for_spreadsheets_is_a_formula() -> None:
    frame = pd.DataFrame({"=a": ["=1+2", ("@x", "y")], "n": [-1, 2]})
    assert frame_text(frame, "csv", worded=harmless) == "'=a,n\n'=1+2,-1\n'@x、y,2\n"
    answer = Answer("select", b'?l\t?n\n"=1+2"\t-3\n')
    assert answer.to_text("csv", worded=harmless) == "l,n\n'=1+2,-3\n"
    assert answer.to_text("csv") == "l,n\n=1+2,-3\n"


def test_what_is_missing_is_null_or_empty_in_every_form() -> None:
    inner = pd.DataFrame({"title": ["夜校", None]})
    frame = pd.DataFrame({"title": ["夜校", None], "n": [1.5, None], "more": [inner, inner]})
    rows = json.loads(frame_text(frame, "json"), parse_constant=pytest.fail)
    assert rows[1] == {"title": None, "n": None, "more": [{"title": "夜校"}, {"title": None}]}
    assert frame_text(frame[["title", "n"]], "csv") == "title,n\n夜校,1.5\n,\n"
    assert "nan" not in frame_text(frame[["title", "n"]], "table").casefold()
    with pytest.raises(ValueError, match="JSON"):
        json_text(float("nan"))


def test_a_table_is_cut_to_the_room_at_its_widest_columns_first() -> None:
    rows = [["夜校", "江西省/上饶市/婺源县/清华镇", "念了28场、收进童谣136首"], ["书屋", "江西省", ""]]
    whole = text_table(["label", "region", "outcome"], rows, room=200).splitlines()
    assert "…" not in "".join(whole)
    cut = text_table(["label", "region", "outcome"], rows, room=40).splitlines()
    assert max(map(width, cut)) <= 40
    assert [line[:5].strip() for line in cut] == ["label", "-----", "夜校", "书屋"]
    assert cut[2].count("…") == 2 and "江西省/上饶市" in cut[2]


def test_no_column_is_cut_to_nothing_however_little_room_there_is() -> None:
    cut = text_table(["a", "b", "c"], [["甲" * 20, "乙" * 20, "丙" * 20]], room=10).splitlines()
    assert cut[2] == "甲甲甲甲甲…   乙乙乙乙乙…   丙丙丙丙丙…"


def test_what_goes_to_a_file_is_not_cut_to_a_terminal() -> None:
    assert "…" not in text_table(["a", "b", "c", "d"], [["甲" * 25] * 4])
