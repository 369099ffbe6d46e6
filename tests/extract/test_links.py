"""Pairs of a practice and a thing: where they stand to each other, and what the link model reads of them."""

from __future__ import annotations

import numpy as np
import pytest
from extract_samples import article

from kg.extract.learned.links import FEATURES, KINDS, Meanings, Scene, Thing
from kg.extract.learned.phrases import PhraseTable
from kg.extract.text.page import Page
from kg.extract.text.words import make_page

TEXT = "枫桥社区办起木工坊，退休师傅教孩子做板凳；又开了修车摊，志愿者轮流值守。"


def thing(page: Page, words: str) -> Thing:
    start = page.text.index(words)
    return Thing(((start, start + len(words)),))


@pytest.fixture(scope="module")
def page() -> Page:
    return make_page(article(TEXT))


def table_of(*spans: tuple[int, int]) -> PhraseTable:
    """A table of candidates without features."""
    rows = np.array([(0, 0, *span) for span in spans], np.int32).reshape(-1, 4)
    nothing = np.zeros((len(rows), 0), np.int32)
    return PhraseTable(rows, nothing, nothing, nothing, np.zeros((0, 0), np.float32), nothing, {})


def test_a_vector_has_one_kind_and_sees_another_practice_between(page: Page) -> None:
    workshop, stall, guard = thing(page, "木工坊"), thing(page, "修车摊"), thing(page, "志愿者")
    alone = Scene(page, [workshop]).pair(0, guard, "partners").vector
    beyond = Scene(page, [workshop, stall]).pair(0, guard, "partners").vector
    beside = Scene(page, [workshop, stall]).pair(1, guard, "partners").vector
    assert len(alone) == len(beyond) == len(beside) == FEATURES
    assert alone[-len(KINDS) :] == [float(kind == "partners") for kind in KINDS]
    assert alone != beyond != beside, "the stall stands between the workshop and its guard"


def test_the_practices_near_a_character_are_those_of_its_paragraphs() -> None:
    two = make_page(article("甲村办起木工坊。\n乙村修了路。\n丙村通了车。\n丁村开了修车摊。"))
    scene = Scene(two, [thing(two, "木工坊"), thing(two, "修车摊")])
    assert scene.near(two.text.index("修了路")) == [0]
    assert scene.near(two.text.index("通了车")) == [1]


def test_what_the_link_model_reads_of_a_pair(page: Page) -> None:
    scene = Scene(page, [thing(page, "木工坊")])
    child = thing(page, "孩子")
    pair = scene.pair(0, child, "audiences")
    table = table_of(scene.practices[0].mentions[0], child.mentions[0])
    read = Meanings(table, np.array([[1, 2], [3, -1]], np.float32)).inputs([pair])
    assert read.shape == (1, FEATURES + 4)
    assert read[0, FEATURES:].tolist() == [1, 2, 3, -1], "the practice, then the thing"


def test_a_phrase_that_is_no_candidate_is_zeros(page: Page) -> None:
    scene = Scene(page, [thing(page, "木工坊")])
    pair = scene.pair(0, thing(page, "孩子"), "audiences")
    read = Meanings(table_of((0, 2)), np.ones((1, 2), np.float32)).inputs([pair])
    assert not read[0, FEATURES:].any()
