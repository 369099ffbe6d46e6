"""The edges of what is a repost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kg.read import article_from_text
from kg.read.reposts import FEWEST, find_reposts, fingerprint

SIGNS = "".join(chr(0x4E00 + 7 * n) for n in range(400))
"""Letters of which no two pieces are alike."""


def reposts(texts: Mapping[str, str], days: Mapping[str, str] | None = None) -> dict[str, str]:
    prints = [fingerprint(article_from_text(text, file=file)) for file, text in texts.items()]
    return find_reposts(replace(one, published=(days or {}).get(one.file)) for one in prints)


def test_punctuation_and_spaces_make_no_other_text() -> None:
    assert reposts({"a": "今天开课，大家来听课。", "b": "今天开课！大家 来听课"}) == {"b": "a"}


def test_a_short_text_repeats_a_longer_one_only_where_they_are_the_same() -> None:
    short = SIGNS[: FEWEST - 5]
    assert reposts({"a": short, "b": short + SIGNS[FEWEST : FEWEST + 20]}) == {}
    enough = SIGNS[:FEWEST]
    assert reposts({"a": enough, "b": enough + SIGNS[FEWEST : FEWEST + 20]}) == {"b": "a"}


def test_what_resembles_two_originals_reposts_the_earlier() -> None:
    one, other = SIGNS[:150], SIGNS[200:350]
    days = {"late": "2024-05-03", "first": "2024-05-01", "second": "2024-05-02"}
    assert reposts({"late": one + other, "second": other, "first": one}, days) == {"late": "first"}


def test_undated_articles_and_months_without_a_day_come_last() -> None:
    text = SIGNS[:200]
    days = {"b": "2024-05-31", "c": "2024-05"}
    assert reposts({"a": text, "b": text, "c": text}, days) == {"a": "b", "c": "b"}
    assert reposts({"a": text, "c": text}, days) == {"a": "c"}
