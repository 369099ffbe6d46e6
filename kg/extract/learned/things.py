"""What a link joins: practices, values and places, each with the words that mention it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.extract.learned.ranges import ranges
from kg.extract.text.page import Page

__all__ = ["EachMention", "Mentions", "Numbers", "Thing", "group_places", "place_level"]

Numbers = NDArray[np.intp]
"""Whole numbers, one for each pair of a practice and a thing, or for each of their mentions."""

_LEVELS = {
    "省": 1, "自治区": 1, "兵团": 1, "州": 2, "盟": 2, "市": 2, "区": 3, "县": 3, "旗": 3,
    "街道": 4, "镇": 4, "乡": 4, "苏木": 4, "社区": 5, "村": 5, "嘎查": 5, "小区": 5, "居委会": 5,
}  # fmt: skip


@dataclass(frozen=True)
class Thing:
    """A practice, a value or a place as a link sees it: where it is mentioned."""

    mentions: tuple[tuple[int, int], ...]
    named: bool = False
    level: int = 0
    """Administrative level of a place or of a practice's place: 1 province to 5 village, 0 unknown."""
    place: str = ""
    """Name of a practice's place, once it is known."""

    @property
    def start(self) -> int:
        return self.mentions[0][0]


def place_level(name: str) -> int:
    """Level of a place by the last word of its name: 1 province, 2 prefecture, 3 county, 4 township, 5 village, 0 unknown."""
    return next((_LEVELS[name[-size:]] for size in (3, 2, 1) if name[-size:] in _LEVELS), 0)


def group_places(page: Page, spans: Iterable[tuple[int, int]]) -> list[Thing]:
    """Places by their names: one thing each, with all mentions in order."""
    by_name: dict[str, list[tuple[int, int]]] = {}
    for start, end in sorted(spans):
        by_name.setdefault(page.text[start:end], []).append((start, end))
    return [Thing(tuple(found), level=place_level(name), place=name) for name, found in by_name.items()]


class Mentions:
    """The mentions of some things, one thing after the other."""

    def __init__(self, things: Sequence[Thing]) -> None:
        spans = list(chain.from_iterable(thing.mentions for thing in things))
        self.spans = np.array(spans, np.intp).reshape(-1, 2)
        self.counts = np.array([len(thing.mentions) for thing in things], np.intp)
        self.first = np.cumsum(self.counts) - self.counts

    @property
    def main(self) -> Numbers:
        """The (start, end) of each thing's first mention, shape (things, 2)."""
        return self.spans[self.first]

    def of(self, things: Numbers) -> EachMention:
        """All mentions of these things, given by number."""
        counts = self.counts[things]
        pair, rows = ranges(self.first[things], counts)
        start, end = self.spans[rows].T
        return EachMention(start, end, pair, np.cumsum(counts) - counts)


class EachMention(NamedTuple):
    """The mentions of the things of some pairs."""

    start: Numbers
    end: Numbers
    pair: Numbers
    """The pair that each mention is one of."""
    first: Numbers
    """For each pair the place of its first mention here."""

    def any(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """For each pair whether any of its mentions is chosen."""
        return np.logical_or.reduceat(chosen, self.first)

    def nearest(self, distance: Numbers) -> tuple[Numbers, Numbers]:
        """For each pair the (start, end) of its nearest mention, of several the first in the text."""
        order = np.lexsort((self.start, distance, self.pair))[self.first]
        return self.start[order], self.end[order]
