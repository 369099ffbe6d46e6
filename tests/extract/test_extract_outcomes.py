"""Outcomes: the words of the clause around a figure, and what it counts."""

from __future__ import annotations

import pytest
from extract_samples import article
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.figures.find import find_figures
from kg.extract.learned.phrases import Phrase
from kg.extract.practices.drafts import Draft, Linked
from kg.extract.records import to_record
from kg.extract.text.words import make_page
from kg.model import Outcome


def outcomes(text: str) -> tuple[Outcome, ...]:
    """All figures of a text as outcomes of one practice, which is called by the text's first two characters."""
    source = article(text)
    page = make_page(source)
    draft = Draft([Phrase(0, 2, "named", 1.0)], named=True)
    draft.outcomes = [
        (figure, Linked(Phrase(figure.start, figure.end, "outcomes", 1.0), 1.0)) for figure in find_figures(page)
    ]
    return to_record(source, page, [draft]).practices[0].outcomes


@pytest.mark.parametrize(
    ("text", "words", "unit", "what"),
    [
        ("书屋走访困难户320户（次），很忙。", "书屋走访困难户320户（次）", "户次", "困难户"),
        ("书屋共开讲20场(次)。", "书屋共开讲20场(次)", "场次", None),
        ("书屋有党员（含预备党员23名）。", "书屋有党员（含预备党员23名）", "名", "预备党员"),
        ("（书屋有党员23名，很忙）。", "书屋有党员23名", "名", "党员"),
        ("书屋里（有志愿者，党员23名）很忙。", "党员23名", "名", "党员"),
        ("书屋建成12个多功能活动室。", "书屋建成12个多功能活动室", "个", "多功能活动室"),
        ("书屋惠及3万群众。", "书屋惠及3万群众", "人", "群众"),
    ],
)
def test_the_words_of_a_figure(text: str, words: str, unit: str, what: str | None) -> None:
    [outcome] = outcomes(text)
    assert (outcome.text, outcome.unit, outcome.what) == (words, unit, what)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        # behind the unit: no further than the noun phrase
        ("书屋请来26名退休教师轮流坐班。", "退休教师"),
        ("书屋梳理出12条要集中解决的问题。", "问题"),
        ("书屋聘请32位企业家、律师和记者。", "企业家、律师和记者"),
        ("书屋选出8名“小先生”。", "小先生"),
        ("书屋打造8个“红管家”工作室。", "“红管家”工作室"),
        ("书屋每年吸引300人以上。", None),
        # else before the numeral
        ("书屋收集问题累计46个。", "问题"),
        ("去年以来，受理纠纷1206件。", "纠纷"),
        ("书屋的志愿者从9名增加到160名。", "志愿者"),
        ("书屋的群众满意率由82%提升到98%。", "群众满意率"),
        ("书屋让超过88%的居民受益。", "居民"),
        ("书屋开了三年，全村302户参加。", None),
        ("书屋为学生上课46次。", None),
    ],
)
def test_what_a_figure_counts(text: str, what: str | None) -> None:
    assert outcomes(text)[-1].what == what


@given(st.lists(st.sampled_from(["（", "）", "(", ")", "，", "党员", "开课20场", "、", "。"]), max_size=12))
def test_no_half_bracket_stands_in_the_words_of_a_figure(parts: list[str]) -> None:
    for outcome in outcomes("书屋" + "".join(parts) + "培训30人"):
        opened = 0
        for char in outcome.text:
            opened += (char in "（(") - (char in "）)")
            assert opened >= 0, outcome.text
        assert opened == 0, outcome.text
