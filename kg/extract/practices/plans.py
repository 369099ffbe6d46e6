"""Practices and figures that are only announced: the words of their sentence that speak of the future."""

from __future__ import annotations

import re
from functools import cache

from kg.extract.text.layout import clauses
from kg.extract.text.page import Page
from kg.knowledge import lexicon

__all__ = ["is_target", "tells_of_a_plan"]


def tells_of_a_plan(page: Page, start: int, end: int) -> bool:
    """Whether the sentence speaks of a plan before a phrase, or in the phrase's own clause."""
    first, last = page.sentences[page.sentence_at(start)]
    until = next((stop for _, stop in clauses(page.text, first, last) if stop >= end), last)
    if _last_announced(page.text[first:until]) >= 0:
        return True
    return _last_word(page, first, until, ("adverb",)) >= 0


def is_target(page: Page, start: int, clause_end: int, *, planned: bool = False) -> bool:
    """Whether a figure is one to be reached yet: of what its sentence says of plans and of what is done, the later decides.

    ``start`` is the figure's, ``clause_end`` that of its clause. Where the sentence says neither, the practice's own state
    (``planned``) holds.
    """
    first, _ = page.sentences[page.sentence_at(start)]
    before, through = page.text[first:start], page.text[first:clause_end]
    said = max(_last_announced(before), _last("target", before))
    said = max(said, _last_word(page, first, start, ("adverb", "verb")) - first)
    # 预计共培训500人: a sum alone does not say that it is reached
    sums = _last("sum", through)
    done = max(_last("done", through), sums if _COMMA.search(through, max(said, 0), max(sums, 0)) or said < 0 else -1)
    return said > done if max(said, done) >= 0 else planned


_COMMA = re.compile("[，,]")


def _last_announced(said: str) -> int:
    """Where the last phrase of the future begins; 还要 is none in a sentence of what returns: 每季度还要开一次擂台."""
    return max(_last("pattern", said), -1 if _patterns("habit").search(said) else _last("once", said))


def _last_word(page: Page, first: int, until: int, kinds: tuple[str, ...]) -> int:
    """Where the last word of the future begins that is one only in its part of speech; -1 without one."""
    places = range(page.word_at(first), page.word_at(until - 1) + 1 if until > first else 0)
    for place in reversed(places):
        start, end, tag = page.words[place]
        kind = _KINDS.get(tag, "")
        if kind not in kinds or start < first:
            continue
        known = page.text[start:end] in lexicon.words("plan_words", kind=kind)
        if known and (kind == "verb" or not _takes_an_object(page, place)):
            return start
    return -1


_KINDS = {"d": "adverb", "v": "verb"}
"""The lists whose words count only as the part of speech that LAC tags so."""
_OBJECTS = {"n", "nr", "ns", "nt", "nz", "nw", "PER", "LOC", "ORG", "r", "m"}
"""Tags of what begins an object."""


def _takes_an_object(page: Page, place: int) -> bool:
    """Whether 将 stands for 把, though it is tagged as an adverb: 将“板凳会”开到村里, 将传承文化与宣传结合."""
    if _patterns("object").match(page.text, page.words[place][0]):
        return True
    if place + 1 >= len(page.words):
        return False
    start, end, tag = page.words[place + 1]
    if page.text[start] == "每":
        return False  # 将每月派人
    return tag in _OBJECTS or page.text[start:end] in ("“", "《", "‘", "「")


def _last(kind: str, text: str) -> int:
    """Where the last match of a kind of words begins; -1 without one."""
    return max((found.start() for found in _patterns(kind).finditer(text)), default=-1)


@cache
def _patterns(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(lexicon.words("plan_words", kind=kind)))
