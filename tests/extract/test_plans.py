"""Practices that are only announced are known by the words of their sentence."""

from __future__ import annotations

import pytest
from extract_samples import article

from kg.extract.plans import is_target, tells_of_a_plan
from kg.extract.words import make_page


@pytest.mark.parametrize(
    ("sentence", "phrase", "planned"),
    [
        ("今年，青石街道计划开办“灯下课堂”，请律师来讲。", "灯下课堂", True),
        ("下一步，南山县还要把“板凳会”推到每个村。", "板凳会", True),
        ("村里正在筹备一处书屋。", "书屋", True),
        ("这里将建成一座社区食堂。", "社区食堂", True),
        ("目前，旧仓库改造的儿童之家即将建成开放。", "儿童之家", True),
        ("青石街道将退休教师组织起来，开办“灯下课堂”。", "灯下课堂", False),
        ("“添翼计划”已经帮助300名青年。", "添翼计划", False),
        ("街道按计划开了“灯下课堂”。", "灯下课堂", False),
        ("村里开起书屋，明年的书单也定了。", "书屋", False),
        ("村里开起书屋，下一步打算添置桌椅。", "书屋", False),
    ],
)
def test_a_plan_is_told_by_its_words(sentence: str, phrase: str, planned: bool) -> None:
    page = make_page(article(sentence))
    start = page.text.index(phrase)
    assert tells_of_a_plan(page, start, start + len(phrase)) is planned


@pytest.mark.parametrize(
    ("sentence", "figure", "target"),
    [
        ("全年力争办课120场。", "120", True),
        ("到2027年，书屋要有50家。", "50", True),
        ("半年来，书屋已办课120场。", "120", False),
        ("已办课120场，下一步还要请人来讲。", "120", False),
    ],
)
def test_a_figure_to_be_reached_is_told_by_what_stands_before_it(sentence: str, figure: str, target: bool) -> None:
    assert is_target(sentence, 0, sentence.index(figure)) is target
