"""Candidate phrases: every run of words that could fill a slot or name a practice.

Of the values in the shared gold 95 to 100 % (by slot) equal a candidate or are contained in one closely enough to count,
at about one candidate a character; what each one is, is decided later.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from kg.extract.text.page import Page
from kg.extract.text.quotes import whole_quotations

__all__ = ["LONGEST", "candidate_phrases"]

LONGEST = 18
"""Characters; longer names stand in quotation marks and are taken whole from there."""

_SKIP = {"w", "u", "p", "c", "xc", "d"}
_NO_END = {"w", "p", "c", "xc", "d", "u"}
_BEFORE_START = {
    "w",
    "u",
    "p",
    "c",
    "xc",
    "d",
    "v",
    "vd",
    "m",
    "q",
    "r",
    "LOC",
    "ORG",
    "TIME",
    "f",
    "ad",
    "t",
    "a",
    "s",
}
_START = {"v", "vn", "ad", "an", "vd", "a"}
"""Tags that open a phrase whatever stands before: 党员集中授课 holds 集中授课."""
_VERBS = {"v", "vn"}
"""Tags before which an adverb of two characters opens a phrase: 实地调研."""
_AFTER_END = {"w", "u", "p", "c", "xc", "d", "v", "vd", "vn", "ad", "f", "m", "r", "TIME", "a", "n", "s"}
_HARD = set("，。；：！？…—,;:!?\n（）()")
_LIST = set("、+＋")
_SHORTEST = 2
_LONGEST_QUOTED = 40


def candidate_phrases(page: Page, figures: Iterable[tuple[int, int]] = ()) -> NDArray[np.int32]:
    """Candidates as rows (first word, last word, start, end), ordered by place.

    A quotation is one whatever is in it, and so is each figure, given as (start, end). None holds one mark of a quotation
    and ends before or begins behind the other: of the 2,851 values and names in the gold of 71 real articles none does.
    """
    words, text = page.words, page.text
    found: dict[tuple[int, int], tuple[int, int]] = {}
    run: list[int] = []
    last = 0
    for i, (start, end, tag) in enumerate(words):
        if start > last and run:  # a line break, which is no word: a heading has no full stop
            _from_run(page, run, found)
            run = []
        last = end
        if text[start] in _HARD or (tag == "w" and text[end - 1] in _HARD):
            _from_run(page, run, found)
            run = []
        else:
            run.append(i)
    _from_run(page, run, found)
    quoted = ((q.start, q.end) for q in page.quotations if _SHORTEST <= q.end - q.start <= _LONGEST_QUOTED)
    for start, end in (*quoted, *figures):
        found.setdefault((start, end), (page.word_at(start), page.word_at(end - 1)))
    rows = [(first, last, start, end) for (start, end), (first, last) in sorted(found.items())]
    return _without_half_quotations(page, np.array(rows, np.int32).reshape(-1, 4))


def _without_half_quotations(page: Page, rows: NDArray[np.int32]) -> NDArray[np.int32]:
    marks = np.sort(np.fromiter(page.partner_marks, np.int32))
    start, end = rows[:, 2], rows[:, 3]
    holding = np.flatnonzero(np.searchsorted(marks, start) < np.searchsorted(marks, end))
    half = [row for row in holding if not whole_quotations(page, int(start[row]), int(end[row]))]
    return np.delete(rows, half, axis=0)


def _from_run(page: Page, run: list[int], found: dict[tuple[int, int], tuple[int, int]]) -> None:
    """Candidates within one clause."""
    words, text = page.words, page.text
    starts, ends, breaks = [], [], []
    for place, i in enumerate(run):
        tag = words[i][2]
        before = words[run[place - 1]][2] if place else None
        after = words[run[place + 1]][2] if place + 1 < len(run) else None
        if tag == "c" or text[words[i][0]] in _LIST:
            breaks.append(place)
        adverb = tag == "d" and after in _VERBS and words[i][1] - words[i][0] > 1
        if adverb or (
            tag not in _SKIP
            and (before is None or before in _BEFORE_START or tag in _START or (before == "n" and tag in ("n", "nz")))
        ):
            starts.append(place)
        if tag not in _NO_END and (after is None or tag == "LOC" or after in _AFTER_END):
            ends.append(place)
    for first in starts:
        following = bisect_right(breaks, first)
        barrier = breaks[following] if following < len(breaks) else len(run)
        begin = words[run[first]][0]
        for last in ends[bisect_left(ends, first) : bisect_left(ends, first) + LONGEST]:
            end = words[run[last]][1]
            if last >= barrier or end - begin > LONGEST:
                break
            if end - begin >= _SHORTEST:
                found[(begin, end)] = (run[first], run[last])
