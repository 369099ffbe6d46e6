"""What a candidate looks like, and how often the article says the same words."""

from __future__ import annotations

import numpy as np
import pytest
from extract_samples import article

from kg.extract.learned.buckets import hashed
from kg.extract.learned.phrases import phrase_table
from kg.extract.learned.shapes import SHAPE_TEMPLATES
from kg.extract.text.words import make_page

TITLE = "木工坊里学手艺"
TEXT = f"{TITLE}\n枫桥社区办起木工坊，“木工坊”和“修车摊”都收徒弟。居民说，木工坊好，修车摊也好，好好好好。"


@pytest.fixture(scope="module")
def said() -> dict[tuple[str, int], dict[str, int]]:
    """Of each candidate (its words and its place) the bucket of each template."""
    page = make_page(article(TEXT, title=TITLE))
    table = phrase_table(page)
    return {
        (page.text[start:end], start): dict(zip(SHAPE_TEMPLATES, ids, strict=True))
        for (_, _, start, end), ids in zip(table.rows.tolist(), table.shape.tolist(), strict=True)
    }


def of(said: dict[tuple[str, int], dict[str, int]], words: str, template: str) -> set[int]:
    return {buckets[template] for (text, _), buckets in said.items() if text == words}


def test_words_are_counted_in_the_whole_article(said: dict[tuple[str, int], dict[str, int]]) -> None:
    repeats = hashed("repeats")
    assert of(said, "枫桥社区", "repeats") == {repeats["1"]}
    assert of(said, "修车摊", "repeats") == {repeats["2"], repeats["2“"]}, "with its quotation marks, and without"
    assert of(said, "木工坊", "repeats") == {repeats["4"], repeats["4“"]}


def test_words_of_the_title_are_told(said: dict[tuple[str, int], dict[str, int]]) -> None:
    titled = hashed("titled")
    assert of(said, "手艺", "titled") == {titled["True"]}, "they stand there alone"
    assert of(said, "木工坊", "titled") == {titled["True"], titled["True“"]}
    assert of(said, "枫桥社区", "titled") == {titled["False"]}
    assert of(said, "徒弟", "titled") == {titled["False"]}


def test_quotations_are_told_with_their_list_and_the_word_behind(said: dict[tuple[str, int], dict[str, int]]) -> None:
    quoted = {words: of(said, words, "quotation") - {hashed("quotation")[""]} for words in ("木工坊", "修车摊")}
    assert quoted == {words: {hashed("quotation")["“0"]} for words in quoted}
    assert hashed("listed")[2] in of(said, "修车摊", "listed")
    assert hashed("after")["和"] in of(said, "木工坊", "after")


def test_tags_are_those_of_six_words_at_the_most() -> None:
    page = make_page(article("社区里有木工坊。"))
    table = phrase_table(page)
    column = SHAPE_TEMPLATES.index("tags")
    for (first, last, _, _), ids in zip(table.rows.tolist(), table.shape.tolist(), strict=True):
        assert ids[column] == hashed("tags")[".".join(page.tags[first : min(last + 1, first + 6)])]
    assert np.all(table.rows[:, 1] >= table.rows[:, 0])
