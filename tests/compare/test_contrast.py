"""Contrast: what two sides do differently, and that random sides do nothing differently."""

from __future__ import annotations

import numpy as np
import pytest
from planted import Planted, planted
from scipy.stats import fisher_exact

from kg.compare import Columns
from kg.compare.contrast import contrast
from kg.errors import UsageError


def two(random: np.random.Generator, share: float = 0.2, practices: int = 240) -> list[Planted]:
    given = []
    for n in range(practices):
        has = [f"f{at}" for at in range(8) if random.random() < 0.25]
        if random.random() < (share if n % 2 else 0.2):
            has.append("夜校")
        place = f"{'甲' if n % 2 else '乙'}省/市/县"
        given.append(Planted(f"p{n:03d}", place, {"format": has}, day=f"{2020 + n % 2}-05-01"))
    return given


def test_a_planted_difference_is_found_with_its_interval() -> None:
    columns = planted(two(np.random.default_rng(1), 0.6))
    for sides in (("甲省", "乙省"), ("2021", "2020"), ("2021-01..", "..2020")):
        frame = contrast(columns, *sides, max_q=0.05).frame
        assert list(frame["feature"]) == ["夜校"]
        row = frame.iloc[0]
        assert row.difference == pytest.approx(row.count_1 / row.of_1 - row.count_2 / row.of_2)
        assert row.low_1 < row.share_1 < row.high_1 and 0.2 < row.difference_low < row.difference < row.difference_high
        table = [[row.count_1, row.of_1 - row.count_1], [row.count_2, row.of_2 - row.count_2]]
        assert row.p == pytest.approx(fisher_exact(table)[1])


@pytest.fixture(scope="module")
def random_sides() -> list[Columns]:
    random = np.random.default_rng(2)
    return [planted(two(random, practices=80)) for _ in range(200)]


def test_random_sides_differ_no_more_often_than_stated(random_sides: list[Columns]) -> None:
    wrong = [len(contrast(each, "甲省", "乙省", max_q=0.1, correction="bh")) > 0 for each in random_sides]
    assert len(wrong) == 200 and np.mean(wrong) <= 0.1


def test_a_share_is_of_practices_of_which_the_kind_is_told() -> None:
    given = [Planted(f"a{n}", "甲省/市/县", {"format": ["夜校"]} if n < 3 else {"topic": ["反诈"]}) for n in range(10)]
    given += [Planted(f"b{n}", "乙省/市/县", {"format": ["夜校" if n < 3 else "直播"]}) for n in range(10)]
    frame = contrast(planted(given), "甲省", "乙省", min_practices=1).frame.set_index("feature")
    assert (frame.loc["夜校", "count_1"], frame.loc["夜校", "of_1"]) == (3, 3)
    assert (frame.loc["夜校", "count_2"], frame.loc["夜校", "of_2"]) == (3, 10)


def test_levels_are_contrasted_without_organisers_and_evidence_takes_turns() -> None:
    given = [Planted(f"a{n}", "甲省/市", {"format": ["夜校"], "organiser": ["市"]}) for n in range(6)]
    given += [Planted(f"b{n}", "甲省/市/县", {"format": ["夜校", "直播"], "organiser": ["县"]}) for n in range(6)]
    answer = contrast(planted(given), "city", "county")
    assert set(answer.frame["kind"]) == {"format"} and list(answer.frame["feature"]) == ["直播", "夜校"]
    assert [node.split("|")[0][0] for node in answer.grounds(1)[:4]] == ["a", "b", "a", "b"]
    assert answer.notes[0].startswith("1: city, 6 practices")


def test_a_broader_feature_stands_beside_a_narrower_one_that_not_all_of_its_practices_have() -> None:
    given = [Planted(f"{place}{n}", f"{place}省/市/县", {"format": ["夜课"]}) for place in "甲乙" for n in range(3)]
    alone, both = given, [*given, Planted("丙", "甲省/市/县", {"format": ["授课"]})]
    for practices, features in ((alone, {"夜课"}), (both, {"夜课", "授课"})):
        frame = contrast(planted(practices, {"夜课": "授课"}), "甲省", "乙省", min_practices=1).frame
        assert set(frame["feature"]) == features


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        (("甲省", "2021"), "is a place, 2021 a period"),
        (("甲省", "丙省"), "no region is called"),
        (("甲省", "甲省"), "no practice is of 甲省 alone"),
        (("2021", "1999"), "no practice is of 1999 alone"),
        (("2020-2022", "2023-2024"), r"two dots, not '2020-2022'; write 2020\.\.2022"),
        (("甲省", "2023年—2024年"), r"write 2023\.\.2024"),
    ],
)
def test_sides_that_cannot_be_contrasted_are_told(sides: tuple[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        contrast(planted(two(np.random.default_rng(3), practices=20)), *sides)


def test_a_practice_without_a_stated_date_belongs_to_its_first_article() -> None:
    given = [Planted(f"a{n}", "甲省/市/县", {"format": ["夜校"]}, published="2021-06-01") for n in range(3)]
    given += [Planted("b", "甲省/市/县", {"format": ["夜校"]}, day="2021-02-01", published="2023-06-01")]
    given += [Planted(f"c{n}", "甲省/市/县", {"format": ["直播"]}, published="2023-06-01") for n in range(2)]
    given += [Planted("d", "甲省/市/县", {"format": ["直播"]}, published="NaT")]
    columns = planted(given)
    answer = contrast(columns, "..2022", "2023..", min_practices=1)
    assert (answer.figures["practices_1"], answer.figures["practices_2"]) == (4, 2)
    for side, period in (("1", {"until": "2022"}), ("2", {"since": "2023"})):
        assert answer.figures[f"practices_{side}"] == np.count_nonzero(columns.select(**period).practices.kept)
    said = "the day of its first article (5 of 7 practices); 1 with neither left out"
    assert any(note.endswith(said) for note in answer.notes)
    with pytest.raises(UsageError, match=r"no practice is of 1999 alone \(1 practice without any date\)"):
        contrast(columns, "2021", "1999")


def test_one_feature_and_one_practice_are_one() -> None:
    given = [Planted(f"{place}1", f"{place}省/市/县", {"format": ["夜校"]}) for place in "甲乙"]
    notes = contrast(planted(given), "甲省", "乙省", min_practices=1).notes
    assert (
        notes[0].startswith("1: 甲省, 1 practice; rests on 1 article of") and "corrected for 1 feature that" in notes[3]
    )
