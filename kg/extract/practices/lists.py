"""Lists: what is said of one member of 甲、乙和丙 is said of all.

By the guideline each member of a list is a value of its own. Where one was recognised, its neighbours are taken with it,
as far as the next one that holds a quotation mark without the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kg.extract.learned.phrases import TYPES, Phrase, PhraseTable
from kg.extract.text.page import Page
from kg.extract.text.quotes import whole_quotations

__all__ = ["complete_lists"]

_END = re.compile(r"[，。；：！？、,;:!?（）()]|(?:等|和|与|及|以|以及|或|或者)\Z")
"""A word that ends a member; 参与 and 平等 do not."""
_MARKS = ("、", "和", "与", "及", "以及")
_SHARE = 0.8
"""A neighbour has this share of the confidence of the member that it was found by."""
_LONGEST = 12
"""Characters of a member."""
_MOST = 12
_FLOOR = 0.01


def complete_lists(
    page: Page, table: PhraseTable, scores: NDArray[np.float32], kind: str, chosen: Sequence[Phrase]
) -> list[Phrase]:
    """The chosen phrases of one type with the other members of their lists, in the order of the text."""
    found = list(chosen)
    column = scores[:, TYPES.index(kind)]

    def added(member: Phrase | None) -> Phrase | None:
        if member and whole_quotations(page, member.start, member.end):
            found.append(member)
            return member
        return None

    for phrase in chosen:
        current: Phrase | None = phrase
        for _ in range(_MOST):
            current = added(_right(page, current, found)) if current else None
        current = phrase
        for _ in range(_MOST):
            current = added(_left(page.text, table, column, current, found)) if current else None
    return sorted(found, key=lambda one: one.start)


def _right(page: Page, phrase: Phrase, found: Sequence[Phrase]) -> Phrase | None:
    """The member right of a list mark, if it is closed by another mark or by 等."""
    text, at = page.text, phrase.end
    while at < len(text) and text[at] in "”’」":
        at += 1
    if text[at : at + 1] != "、":
        return None
    at += 1
    while at < len(text) and text[at] in "“‘「":
        at += 1
    end = _member_end(page, at)
    while end > at and text[end - 1] in "”’」":
        end -= 1
    after = text[end:].lstrip("”’」")[:2] if end < len(text) else ""
    if not after.startswith(("、", "等", "和", "与", "及", "以及")):
        return None
    return _free(Phrase(at, end, phrase.kind, phrase.score * _SHARE), found)


def _member_end(page: Page, at: int) -> int:
    """Where the words end that begin there, before a mark, a conjunction or a line's end."""
    end = at
    for start, stop, _ in page.words[page.word_at(at) :] if at < len(page.text) else ():
        if start > end or stop > at + _LONGEST or _END.match(page.text[start:stop]):
            break
        end = stop
    return end


def _left(
    text: str, table: PhraseTable, column: NDArray[np.float32], phrase: Phrase, found: Sequence[Phrase]
) -> Phrase | None:
    """The member left of a list mark: between two marks the whole of it, else the likeliest phrase that ends there."""
    at = phrase.start
    while at > 0 and text[at - 1] in "“‘「":
        at -= 1
    if text[at - 1 : at] not in ("、", "和", "与", "及"):
        return None
    at -= 1
    while at > 0 and text[at - 1] in "”’」":
        at -= 1
    begin = at
    while begin > 0 and at - begin < _LONGEST and text[begin - 1] not in "，。；：！？、,;:!?\n（）()":
        begin -= 1
    if text[begin - 1 : begin] == "、" and at - begin >= 2:
        inner = begin
        while text[inner] in "“‘「":
            inner += 1
        return _free(Phrase(inner, at, phrase.kind, phrase.score * _SHARE), found)
    ending = np.flatnonzero((table.rows[:, 3] == at) & (column > _FLOOR))
    if not len(ending):
        return None
    best = ending[column[ending].argmax()]
    return _free(Phrase(int(table.rows[best, 2]), at, phrase.kind, phrase.score * _SHARE), found)


def _free(phrase: Phrase, found: Sequence[Phrase]) -> Phrase | None:
    """The phrase, unless it is empty or overlaps one that was found."""
    if phrase.end - phrase.start < 2 or any(phrase.start < one.end and one.start < phrase.end for one in found):
        return None
    return phrase
