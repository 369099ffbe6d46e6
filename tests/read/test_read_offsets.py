"""The way back to the original holds whatever is read, and whatever steps are taken."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.model.article import Article
from kg.read import article_from_text
from kg.read.clean import undo_damage
from kg.read.formats.page import read_html
from kg.read.repair.characters import decode_entities, even_spaces
from kg.read.repair.unwrap import unwrap
from kg.read.source import Options, Source
from kg.read.tracked import Edit, TrackedText, spans_by_bytes

ALPHABET = st.sampled_from(
    [
        *"社区夜校開課學習區實踐务?()（）。，“”：:&;<>/ \n\r\t\u3000\u00a0\u200b\ufffdqūa1-",
        "&ldquo;",
        "(qū)",
        "?qū)嵺`",
        "来源：",
        "2024-05-06",
        "\n\n",
        "<p>",
        "</p>",
        "<br>",
        "責編：",
        "鐨勫",
        "Ã¤",
        "𠀀",
        "記者 ",
    ]
)
TEXTS = st.lists(ALPHABET, max_size=120).map("".join)
BLANK = re.compile(r"\s")
STEPS = [
    even_spaces,
    decode_entities,
    unwrap,
    lambda t: undo_damage(t)[0],
    lambda t: t.sub(re.compile("[区校]."), "甲乙丙"),
    lambda t: t.select([(0, len(t) // 2), "，", (len(t) // 2, len(t))]),
]


def holds(text: TrackedText, original: str) -> None:
    starts, ends = text.starts.tolist(), text.ends.tolist()
    assert len(starts) == len(ends) == len(text.text)
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(0 <= a <= b <= len(original) for a, b in zip(starts, ends, strict=True))


@given(TEXTS, st.lists(st.sampled_from(STEPS), max_size=5))
@settings(max_examples=150, deadline=None)
def test_any_steps_keep_the_way_back(original: str, steps: list[Callable[[TrackedText], TrackedText]]) -> None:
    text = TrackedText.of(original)
    for step in steps:
        text = step(text)
        holds(text, original)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_characters_that_did_not_change_lead_to_themselves(original: str) -> None:
    text = even_spaces(TrackedText.of(original))
    for i, char in enumerate(text.text):
        from_there = original[slice(*text.span(i, i + 1))]
        assert from_there == char or (char in " \n" and BLANK.fullmatch(from_there[0]))


def _holds_for(article: Article) -> None:
    starts, ends = (np.asarray(places, dtype=np.int64) for places in (article.offsets.starts, article.offsets.ends))
    holds(TrackedText(article.text, starts, ends), article.original)
    assert "\n\n" not in article.text
    assert article.text == article.text.strip()


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_any_text_is_an_article_or_has_no_text(original: str) -> None:
    try:
        article = article_from_text(original)
    except InputError:
        return
    _holds_for(article)
    assert article_from_text(original) == article


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_any_page_is_an_article_or_has_no_text(original: str) -> None:
    try:
        (article,) = read_html(Source("a.html", content=original.encode()), Options())
    except InputError:
        return
    assert isinstance(article, Article)
    _holds_for(article)


@given(st.text(max_size=30), st.data())
def test_an_edit_changes_only_its_place(original: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(original)))
    end = data.draw(st.integers(start, len(original)))
    new = data.draw(st.text(max_size=5))
    text = TrackedText.of(original).edit([Edit(start, end, new)])
    assert text.text == original[:start] + new + original[end:]
    holds(text, original)
    for i, char in enumerate(text.text):
        if not start <= i < start + len(new):
            assert original[slice(*text.span(i, i + 1))] == char


@given(st.text(alphabet="aé字𠀀", max_size=20))
def test_bytes_are_aligned(text: str) -> None:
    sizes = [len(c.encode()) for c in text]
    assert spans_by_bytes(sizes, sizes) == [(i, i + 1) for i in range(len(text))]
    spans = spans_by_bytes(sizes, [1] * sum(sizes))
    assert [b - a for a, b in spans] == [1] * len(spans)
