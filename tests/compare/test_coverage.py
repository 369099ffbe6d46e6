"""Coverage: witnesses are counted once, and what is lacking is told."""

from __future__ import annotations

import json

import pytest
from planted import Planted, planted

from kg.compare import Columns
from kg.compare.coverage import behind, coverage
from kg.errors import UsageError
from kg.query.tables import json_text


@pytest.fixture
def columns() -> Columns:
    given = [
        Planted("a", "甲省/市/县", {"format": ["夜校"]}, article="1.txt", publisher="甲报", published="2020-02-01"),
        Planted("b", "甲省/市/县", {"format": ["夜校"]}, article="1.txt", publisher="甲报", published="2020-02-01"),
        Planted("c", "乙省/市/县", {"format": ["夜校"]}, day="2021-01-01", publisher="甲报", published="2021-03-01"),
        Planted("d", "乙省/市/县", {"format": ["直播"]}, publisher="乙报", published="2022-03-01"),
        Planted("e", "", {"format": ["夜校"]}, published="2021-05-01"),
    ]
    return planted(given, reposts={"9.txt": "1.txt", "99.txt": "9.txt", "8.txt": "d.txt"})


def test_articles_sources_and_reposts_are_counted_once(columns: Columns) -> None:
    answer = coverage(columns, "夜校")
    assert answer.figures["practices"] == 4 and answer.figures["articles"] == 3
    assert answer.figures["reposts"] == 2  # 9.txt, and 99.txt that reposts it
    assert answer.figures["sources"] == 1 and answer.figures["unsourced"] == 1
    assert answer.figures["largest_source"] == "甲报" and answer.figures["largest_share"] == 1.0
    assert answer.figures["without_region"] == 1 and answer.figures["undated"] == 3
    assert (answer.figures["first"], answer.figures["last"]) == ("2020-02-01", "2021-05-01")
    assert "3 articles of 1 named source (2 reposts of them not counted)" in answer.notes[0]
    assert "100% of those that name one by 甲报" in answer.notes[0]  # one of the three names no source
    assert "100% of them by 甲报" in coverage(columns, practices=["a", "c"]).notes[0]


def test_a_source_is_named_where_it_tells_most() -> None:
    given = [Planted(name, "甲省/市/县", publisher=f"{name}报") for name in "甲乙丙丁"]
    assert "报" not in coverage(planted(given)).notes[0]
    assert (
        "67% of them by 甲报" in coverage(planted([*given[:2], Planted("戊", "甲省/市/县", publisher="甲报")])).notes[0]
    )


def test_rows_by_region_source_and_year(columns: Columns) -> None:
    by = {part: coverage(columns, "夜校", by=part).frame.set_index("part") for part in ("region", "source", "year")}
    assert by["region"]["articles"].to_dict() == {"甲省": 1, "乙省": 1, "unknown": 1}
    assert by["region"]["practices"]["甲省"] == 2 and by["region"]["reposts"]["甲省"] == 2
    assert by["source"]["articles"].to_dict() == {"甲报": 2, "unknown": 1}
    assert list(by["year"]["articles"].items()) == [("2020", 1), ("2021", 2)]  # in their order, not the busiest first
    assert coverage(columns).figures["articles"] == 4 and behind(columns).reposts == 3
    assert coverage(columns, practices=["d"]).figures["articles"] == 1


def test_what_is_not_known_is_none_in_the_rows_for_machines() -> None:
    given = [Planted("a", "甲省/市/县", published="2020-02-01"), Planted("b", "甲省/市/县", published="NaT")]
    rows = json.loads(json_text(coverage(planted(given), by="year").records()), parse_constant=pytest.fail)["rows"]
    assert [(row["part"], row["first"]) for row in rows] == [("2020", "2020-02-01"), ("unknown", None)]


def test_an_answer_about_nothing_and_wrong_options(columns: Columns) -> None:
    nothing = coverage(columns.select(since="2030"))
    assert len(nothing) == 0 and nothing.figures["articles"] == 0
    assert nothing.notes[0].startswith("rests on no article") and " 0 " not in "".join(nothing.notes)
    assert len(coverage(columns.select(region=["乙省"], as_of="2021-12-31"), "直播")) == 0  # known, but not there
    with pytest.raises(UsageError):
        coverage(columns, by="colour")
    with pytest.raises(UsageError, match="did you mean 夜校"):
        coverage(columns, "夜小")


def test_the_row_and_the_note_say_the_same_of_what_has_no_place_at_the_level() -> None:
    given = [Planted("a", "甲省/市/县", publisher="甲报"), Planted("b", "甲省/市", publisher="甲报")]
    answer = coverage(planted(given), across="county")
    assert answer.frame.set_index("part")["practices"]["unknown"] == 1 == answer.figures["unplaced"]
    assert "2 practices: 1 without a known county" in answer.notes[1] and answer.figures["without_region"] == 0


def test_numbers_agree_with_their_nouns() -> None:
    one = coverage(planted([Planted("a", "甲省/市/县", publisher="甲报")], reposts={"b.txt": "a.txt"})).notes
    assert "1 article of 1 named source (1 repost of them not counted) in 1 province," in one[0]
    assert one[1].startswith("1 practice: ") and one[1].endswith("1.0 equally busy source (Hill 1973)")
    unnamed = coverage(planted([Planted("a", "甲省/市/县")])).notes[1]
    assert unnamed.endswith("1 article names no publisher")
