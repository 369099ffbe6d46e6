"""The practices of an article in their places: which are told where, which stand in one list or open a section."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kg.extract.learned.things import Mentions, Numbers, Thing
from kg.extract.text.page import Page

__all__ = ["Scene"]

_LIST_MARKS = "、“”‘’《》和与及以,， "
_LONGEST_LIST = 40
"""Characters between two members of one list."""


class Scene:
    """The practices of an article, against which values, places and parents are seen."""

    def __init__(self, page: Page, practices: Sequence[Thing], first_place: int = -1) -> None:
        """``first_place`` is where the first of the places is mentioned that may carry a practice out."""
        self.page = page
        self.practices = practices
        self.first_place = first_place
        self.mentions = Mentions(practices)
        self.named = np.array([practice.named for practice in practices], bool)
        everything = sorted((*mention, number) for number, p in enumerate(practices) for mention in p.mentions)
        self._starts = [start for start, _, _ in everything]
        self._numbers = [number for _, _, number in everything]
        self.first = min(((p.start, i) for i, p in enumerate(practices)), default=(0, -1))[1]
        """The practice whose main mention is the first one's; -1 where there are none."""
        self._list_marks = page.count_before(_LIST_MARKS)
        self.listed = self._list_neighbours()
        """Whether another practice stands right beside the main mention of each, with only list marks between."""

    def near(self, at: int) -> list[int]:
        """The practices that are mentioned in the paragraph of a character or in one beside it; all, if there are none."""
        paragraphs = self.page.layout.paragraphs
        number = self.page.paragraph_at(at)
        start = paragraphs[max(number - 1, 0)].start
        end = paragraphs[min(number + 1, len(paragraphs) - 1)].end
        first, stop = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return sorted(set(self._numbers[first:stop])) or list(range(len(self.practices)))

    def told(self, start: Numbers, end: Numbers) -> NDArray[np.bool_]:
        """Which practices are mentioned between two characters, shape (stretches, practices)."""
        mentions = self.mentions.spans[:, 0]
        inside = (start[:, None] <= mentions) & (mentions < end[:, None])
        return np.logical_or.reduceat(inside, self.mentions.first, axis=1)

    def around(self, at: Numbers) -> tuple[Numbers, Numbers]:
        """The practices of the last mention up to each character and of the first one behind it; -1 for none."""
        numbers = np.array([-1, *self._numbers, -1])
        behind = np.searchsorted(self._starts, at, side="right")
        return numbers[behind], numbers[behind + 1]

    def sections(self) -> Numbers:
        """(begin, end, end of its heading) of the section that tells of each practice: a heading with what follows it."""
        paragraphs = self.page.layout.paragraphs
        heads = [number for number, one in enumerate(paragraphs) if one.kind == "heading"]
        bounds = sorted({0, *heads, len(paragraphs)})
        found = []
        for practice in self.practices:
            after = bisect_right(bounds, self.page.paragraph_at(practice.start))
            head, last = paragraphs[bounds[after - 1]], paragraphs[bounds[after] - 1]
            found.append((head.start, last.end, head.end))
        return np.array(found, np.intp).reshape(-1, 3)

    def first_between(self, start: int, end: int) -> int:
        """The practice that is mentioned first between two characters; -1 for none."""
        at = bisect_left(self._starts, start)
        return self._numbers[at] if at < len(self._starts) and self._starts[at] < end else -1

    def beside(self, one: Numbers, other: Numbers) -> NDArray[np.bool_]:
        """Whether the two practices of each pair stand in one list."""
        mains = self.mentions.main
        first = mains[one, 0] < mains[other, 0]
        end = np.where(first, mains[one, 1], mains[other, 1])
        start = np.where(first, mains[other, 0], mains[one, 0])
        return (end <= start) & (start <= end + _LONGEST_LIST) & self._only_list_marks(end, start)

    def _list_neighbours(self) -> NDArray[np.bool_]:
        order = np.lexsort(self.mentions.main.T[::-1])
        end, start = self.mentions.main[order[:-1], 1], self.mentions.main[order[1:], 0]
        in_list = (end <= start) & self._only_list_marks(end, start)
        listed = np.zeros(len(order), bool)
        listed[order[:-1]] = in_list
        listed[order[1:]] |= in_list
        return listed

    def _only_list_marks(self, start: Numbers, end: Numbers) -> NDArray[np.bool_]:
        only: NDArray[np.bool_] = self._list_marks[end] - self._list_marks[start] == end - start
        return only
