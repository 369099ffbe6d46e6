"""Candidate phrases: every run of words that could fill a slot or name a practice.

Of the values in the shared gold 95 to 100 % (by slot) equal a candidate or are contained in one closely enough to count,
at about one candidate a character; what each one is, is decided later.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kg.extract.learned.ranges import ranges
from kg.extract.text.page import Page
from kg.extract.text.quotes import whole_quotations

__all__ = ["LONGEST", "candidate_phrases", "find_rows"]

LONGEST = 18
"""Characters; longer names stand in quotation marks and are taken whole from there."""

_NO_EDGE = {"w", "u", "p", "c", "xc", "d"}
"""Tags that no phrase begins or ends with."""
_START = {"v", "vn", "ad", "an", "vd", "a"}
"""Tags that open a phrase whatever stands before: 党员集中授课 holds 集中授课."""
_BEFORE_START = _NO_EDGE | {"v", "vd", "m", "q", "r", "LOC", "ORG", "TIME", "f", "ad", "t", "a", "s"}
_VERBS = {"v", "vn"}
"""Tags before which an adverb of two characters opens a phrase: 实地调研."""
_AFTER_END = _NO_EDGE | {"v", "vd", "vn", "ad", "f", "m", "r", "TIME", "a", "n", "s"}
_HARD = "，。；：！？…—,;:!?\n（）()"
_LIST = "、+＋"
_SHORTEST = 2
_LONGEST_QUOTED = 40


def candidate_phrases(page: Page, figures: Iterable[tuple[int, int]] = ()) -> NDArray[np.int32]:
    """Candidates as rows (first word, last word, start, end), ordered by place.

    A quotation is one whatever is in it, and so is each figure, given as (start, end). None holds one mark of a quotation
    and ends before or begins behind the other: of the 2,851 values and names in the gold of 71 real articles none does.
    """
    quoted = ((q.start, q.end) for q in page.quotations if _SHORTEST <= q.end - q.start <= _LONGEST_QUOTED)
    whole = [(page.word_at(start), page.word_at(end - 1), start, end) for start, end in (*quoted, *figures)]
    rows = np.concatenate([_runs_of_words(page), np.array(whole, np.int32).reshape(-1, 4)])
    _, once = np.unique(_places(rows[:, 2:]), return_index=True)
    return _without_half_quotations(page, rows[once])


def find_rows(rows: NDArray[np.int32], spans: ArrayLike) -> NDArray[np.intp]:
    """The row of each span among the candidates, given as (start, end); -1 for one that is none."""
    places, asked = np.append(_places(rows[:, 2:]), -1), _places(np.asarray(spans, np.int64).reshape(-1, 2))
    found = np.searchsorted(places[:-1], asked)
    return np.where(places[found] == asked, found, -1)


def _places(spans: NDArray[Any]) -> NDArray[np.int64]:
    """One number for each (start, end), in the order of the text."""
    places: NDArray[np.int64] = spans[:, 0].astype(np.int64) << 32 | spans[:, 1]
    return places


def _without_half_quotations(page: Page, rows: NDArray[np.int32]) -> NDArray[np.int32]:
    places = np.array(sorted(page.partner_marks), np.int32)
    first, stop = np.searchsorted(places, rows[:, 2]), np.searchsorted(places, rows[:, 3])
    holding = np.flatnonzero(first < stop)
    if not len(holding):
        return rows
    partners = np.array([page.partner_marks[place] for place in places.tolist()] + [0], np.int32)
    spans = np.stack([first[holding], stop[holding]], axis=1).ravel()
    partner, last_partner = np.minimum.reduceat(partners, spans)[::2], np.maximum.reduceat(partners, spans)[::2]
    start, end = rows[holding, 2], rows[holding, 3]
    inside = (partner >= start) & (last_partner < end)
    # a mark right beside the span may be taken in
    near = (places[np.maximum(first[holding] - 1, 0)] == start - 1) | (
        places[np.minimum(stop[holding], len(places) - 1)] == end
    )
    half = holding[~inside & ~near].tolist()
    half += [row for row in holding[~inside & near].tolist() if not whole_quotations(page, *rows[row, 2:].tolist())]
    return np.delete(rows, half, axis=0)


def _runs_of_words(page: Page) -> NDArray[np.int32]:
    """Candidates within one clause, ordered by place."""
    starts, ends = page.word_spans.T
    hard = page.among(_HARD)[starts] | (page.tagged({"w"}) & page.among(_HARD)[ends - 1])
    # a line break, which is no word, ends a clause too: a heading has no full stop
    clause = np.cumsum(hard)
    clause[1:] += np.cumsum(starts[1:] > ends[:-1])
    words = np.flatnonzero(~hard)
    if not len(words):
        return np.zeros((0, 4), np.int32)
    first = np.append(True, np.diff(clause[words]) > 0)
    opening, closing = _opening(page, words, first), _closing(page, words, first)
    # a phrase ends before the next conjunction or list mark
    parted = page.tagged({"c"})[words] | page.among(_LIST)[starts[words]]
    barriers = np.append(np.flatnonzero(first | parted), len(words))
    barrier = barriers[np.searchsorted(barriers, opening, side="right")]
    start, end = starts[words[opening]], ends[words[closing]]
    least = np.maximum(np.searchsorted(closing, opening), np.searchsorted(end, start + _SHORTEST))
    stop = np.minimum(np.searchsorted(closing, barrier), np.searchsorted(end, start + LONGEST, side="right"))
    # each opening word with the closing ones from ``least`` up to ``stop``
    one, other = ranges(least, np.maximum(stop - least, 0))
    return np.stack([words[opening[one]], words[closing[other]], start[one], end[other]], axis=1).astype(np.int32)


def _opening(page: Page, words: NDArray[np.intp], first: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Which words a candidate may begin with; ``first`` are those that begin a clause."""
    sizes = np.diff(page.word_spans[words], axis=1)[:, 0]
    adverb = page.tagged({"d"})[words] & (sizes > 1) & np.roll(page.tagged(_VERBS)[words] & ~first, -1)
    noun = page.tagged({"n", "nz"})[words] & np.roll(page.tagged({"n"})[words], 1)
    opens = first | page.tagged(_START)[words] | np.roll(page.tagged(_BEFORE_START)[words], 1) | noun
    return np.flatnonzero(adverb | (opens & ~page.tagged(_NO_EDGE)[words]))


def _closing(page: Page, words: NDArray[np.intp], first: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Which words a candidate may end with."""
    closes = page.tagged({"LOC"})[words] | np.roll(first | page.tagged(_AFTER_END)[words], -1)
    return np.flatnonzero(closes & ~page.tagged(_NO_EDGE)[words])
