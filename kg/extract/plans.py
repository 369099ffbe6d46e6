"""Practices and figures that are only announced: the words of their sentence that speak of the future."""

from __future__ import annotations

import re
from functools import cache

from kg.extract.layout import clauses
from kg.extract.page import Page
from kg.knowledge import lexicon

__all__ = ["is_target", "tells_of_a_plan"]


def tells_of_a_plan(page: Page, start: int, end: int) -> bool:
    """Whether the sentence speaks of a plan before a phrase, or in the phrase's own clause."""
    first, last = page.sentences[page.sentence_at(start)]
    until = next((stop for _, stop in clauses(page.text, first, last) if stop >= end), last)
    if _patterns("pattern").search(page.text[first:until]):
        return True
    adverbs = lexicon.words("plan_words", kind="adverb")
    at = page.word_at(first)
    return any(
        page.text[a:b] in adverbs and tag == "d"
        for a, b, tag in page.words[at : page.word_at(until - 1) + 1]
        if a >= first
    )


def is_target(text: str, start: int, end: int) -> bool:
    """Whether what a sentence says between ``start`` and a figure at ``end`` makes the figure one to be reached yet."""
    return bool(_patterns("target").search(text, start, end))


@cache
def _patterns(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(lexicon.words("plan_words", kind=kind)))
