"""Figures: what is read as a number of something, and what is none."""

from __future__ import annotations

import pytest
from extract_samples import bare_page
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.figures.find import Figure, find_figures
from kg.extract.figures.numerals import read_number
from kg.extract.figures.words import figure_words

EXAMPLES = figure_words()["examples"]


def figures(text: str) -> list[Figure]:
    return find_figures(bare_page(text))


@pytest.mark.parametrize(("text", "expected"), [(text, rest) for text, *rest in EXAMPLES["must"]])
@pytest.mark.parametrize("surroundings", ["{}", "今年，{}。", "{}，大家都说好。", "标题\n{}；"])
def test_read(text: str, expected: list[str | float], surroundings: str) -> None:
    whole = surroundings.format(text)
    (figure,) = figures(whole)
    assert [whole[figure.start : figure.end], figure.value, figure.unit, figure.comparator] == expected


@pytest.mark.parametrize("text", EXAMPLES["must_not"])
@pytest.mark.parametrize("surroundings", ["{}", "今年，{}。"])
def test_not_read(text: str, surroundings: str) -> None:
    assert figures(surroundings.format(text)) == []


def test_several_in_a_clause_each_with_the_whole_clause() -> None:
    text = "发放图书3000册、宣传单2万余份，走访41户。"
    found = figures(text)
    assert [(figure.value, figure.unit) for figure in found] == [(3000, "册"), (20000, "份"), (41, "户")]
    assert [text[slice(*figure.clause)] for figure in found] == ["发放图书3000册、宣传单2万余份"] * 2 + ["走访41户"]


def test_a_comma_within_a_number_ends_no_clause() -> None:
    text = "共有12,500人次参加,都说好。"
    (figure,) = figures(text)
    assert text[slice(*figure.clause)] == "共有12,500人次参加"


@given(st.integers(0, 10**8), st.sampled_from(["人次", "场", "册", "户"]))
def test_any_whole_number_in_digits(number: int, unit: str) -> None:
    for written in (
        str(number),
        f"{number:,}",
        str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ):
        (figure,) = figures(f"共{written}{unit}")
        assert (figure.value, figure.unit, figure.comparator) == (number, unit, "=")


def chinese(number: int) -> str:
    """A number below 10,000 as it is written out (written anew here, from the usual rule)."""
    out, zero = "", False
    for power, scale in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            out += ("零" if zero and out else "") + "零一二三四五六七八九"[digit] + scale
        zero = not digit
    return out.removeprefix("一") if out.startswith("一十") else out


@given(st.integers(1, 9999), st.integers(0, 9999))
def test_any_number_in_characters(low: int, high: int) -> None:
    assert read_number(chinese(low)) == (low, False)
    if high:
        rest = ("零" if low < 1000 else "") + chinese(low)
        rest = rest.replace("零十", "零一十") if low < 20 else rest
        assert read_number(f"{chinese(high)}万{rest}") == (high * 10_000 + low, False)
        assert read_number(f"{chinese(high)}余万") == (high * 10_000, True)


@pytest.mark.parametrize("text", ["", "数十", "几百", "二〇二三", "一一", "十五两", "甲", "余", "、"])
def test_no_number(text: str) -> None:
    assert read_number(text) is None


@given(st.text(alphabet="0123456789０１．.,，万亿千百十几余多一二两〇零人次户元年第超近约以上/+- a。\n", max_size=40))
def test_nothing_breaks_it_and_figures_lie_in_their_clauses(text: str) -> None:
    for figure in figures(text):
        assert 0 <= figure.start < figure.end <= len(text)
        assert figure.clause[0] <= figure.start <= figure.clause[1]
        assert text[: figure.end].endswith((figure.unit, "％", "多", "余"))
        assert figure.value >= 0
