"""The edges of what is found in a text: the end of a list, an open year, a numeral without its one."""

from __future__ import annotations

import numpy as np
import pytest
from extract_samples import article, bare_page

from kg.extract.dates import find_dates
from kg.extract.figures.find import find_figures
from kg.extract.figures.numerals import read_number
from kg.extract.learned.phrases import TYPES, Phrase, phrase_table
from kg.extract.practices.drafts import Draft, Linked
from kg.extract.practices.keeping import keep_values
from kg.extract.practices.lists import complete_lists
from kg.extract.text.layout import lay_out
from kg.extract.text.page import Page
from kg.extract.text.placewords import part_places
from kg.extract.text.words import make_page


def dates(text: str, published: str | None = "2023-11-15") -> list[tuple[str | None, str]]:
    page = Page(text, lay_out(text), [], np.zeros((0, 0), np.float32))
    page.published = published
    return [(mention.iso, mention.role) for mention in find_dates(page)]


@pytest.mark.parametrize("tag", ["LOC", "ORG"])
def test_places_and_bodies_are_parted_and_other_words_not(tag: str) -> None:
    assert list(part_places("四川绵阳", [(0, 4, tag)])) == [(0, 2, "LOC"), (2, 4, tag)]
    assert list(part_places("四川绵阳", [(0, 4, "n")])) == [(0, 4, "n")]


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("开设“邻里课堂”、“书香小站”、“银发讲堂”等。", ["邻里课堂", "书香小站", "银发讲堂"]),
        ("开设“邻里课堂”、“书香小站”和夜校。", ["邻里课堂", "书香小站"]),
        ("开设“邻里课堂”、「书香小站」等。", ["邻里课堂", "书香小站"]),
        ("开设“邻里课堂”", ["邻里课堂"]),  # the text ends with the mark
        ("开设邻里课堂", ["邻里课堂"]),
        ("开设邻里课堂、", ["邻里课堂"]),
    ],
)
def test_members_in_quotation_marks_are_taken_along_to_the_end_of_the_text(text: str, members: list[str]) -> None:
    page = make_page(article(text))
    table = phrase_table(page)
    start = text.index("邻里课堂")
    known = Phrase(start, start + 4, "formats", 0.8)
    found = complete_lists(page, table, np.zeros((len(table.rows), len(TYPES)), np.float32), "formats", [known])
    assert [text[one.start : one.end] for one in found] == members


def test_months_of_an_unknown_year_are_a_period_without_a_date() -> None:
    assert dates("1至10月办班。", None) == [(None, "period")]
    assert dates("今年1至10月办班。") == [("2023-01/2023-10", "period")]


@pytest.mark.parametrize(
    ("text", "role"),
    [("5月1日揭牌并启动报名。", "opened"), ("5月1日启动报名并揭牌。", "start"), ("5月1日揭牌。", "opened")],
)
def test_the_nearest_verb_behind_a_date_says_what_it_is(text: str, role: str) -> None:
    assert dates(text) == [("2023-05-01", role)]


@pytest.mark.parametrize(
    ("written", "value"), [("百二十", 120), ("千二百", 1200), ("十二", 12), ("三百二十", 320), ("一千零二十", 1020)]
)
def test_one_may_go_unsaid_only_in_front(written: str, value: int) -> None:
    assert read_number(written) == (value, False)


def test_a_number_behind_a_letter_is_a_name() -> None:
    assert find_figures(bare_page("住在B3户。")) == []
    assert [one.value for one in find_figures(bare_page("走访3户。"))] == [3]


def test_a_value_that_is_told_twice_is_kept_at_both_places() -> None:
    text = "亲子课堂讲安全，每周都讲安全，也讲消防安全。"
    draft = Draft([Phrase(0, 4, "unnamed", 0.9)], named=False)
    places = [text.index("安全"), text.index("安全", 8)]
    draft.values["topics"] = [
        *(Linked(Phrase(at, at + 2, "topics", 0.8), 0.9) for at in places),
        Linked(Phrase(text.index("消防安全"), text.index("消防安全") + 4, "topics", 0.8), 0.5),
    ]
    assert [value.phrase.start for value in keep_values(text, draft)["topics"]] == places
