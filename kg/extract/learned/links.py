"""Which value belongs to which practice, which place carries it out, and which practice it is a part of.

One small network judges pairs (practice, thing) from where the two stand: the same clause, sentence or paragraph, what lies
between, lists, headings, and for places their level and position in the sentence. A value can belong to several practices
(three columns named in one list share what the sentence says of them); a place and a parent are chosen once, or not at all.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import log1p
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.extract.learned.phrases import PhraseTable
from kg.extract.text.page import Page

__all__ = [
    "FEATURES",
    "KINDS",
    "Judge",
    "LinkModel",
    "Meanings",
    "Pair",
    "Scene",
    "Thing",
    "group_places",
    "place_level",
]

KINDS = (
    "formats", "audiences", "topics", "organisers", "partners", "venues", "channels", "outcomes", "dates",
    "region", "parent",
)  # fmt: skip

_LEVELS = {
    "省": 1, "自治区": 1, "兵团": 1, "州": 2, "盟": 2, "市": 2, "区": 3, "县": 3, "旗": 3,
    "街道": 4, "镇": 4, "乡": 4, "苏木": 4, "社区": 5, "村": 5, "嘎查": 5, "小区": 5, "居委会": 5,
}  # fmt: skip
FEATURES = 78
"""Length of a pair's own vector, its kind's one-hot code included; what the two phrases mean comes beside it."""


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
    return next(
        (level for ending, level in sorted(_LEVELS.items(), key=lambda x: -len(x[0])) if name.endswith(ending)), 0
    )


def group_places(page: Page, spans: Iterable[tuple[int, int]]) -> list[Thing]:
    """Places by their names: one thing each, with all mentions in order."""
    by_name: dict[str, list[tuple[int, int]]] = {}
    for start, end in sorted(spans):
        by_name.setdefault(page.text[start:end], []).append((start, end))
    return [Thing(tuple(found), level=place_level(name), place=name) for name, found in by_name.items()]


class Pair(NamedTuple):
    """A practice and a thing: where they stand to each other, and where each is."""

    vector: list[float]
    practice: tuple[int, int]
    thing: tuple[int, int]


class Meanings:
    """What the phrase model made of the phrases of an article, by their spans; zeros for what is no candidate."""

    def __init__(self, table: PhraseTable, layer: NDArray[np.float32]) -> None:
        self._rows = table.row_of
        self._layer = np.concatenate([layer, np.zeros((1, layer.shape[1]), np.float32)])

    def _of(self, spans: Iterable[tuple[int, int]]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = self._layer[[self._rows.get(span, -1) for span in spans]]
        return found

    def inputs(self, pairs: Sequence[Pair]) -> NDArray[np.float32]:
        """What the link model reads of each pair, shape (pairs, FEATURES + 2 × the phrase model's layer)."""
        vectors = np.asarray([pair.vector for pair in pairs], np.float32)
        return np.concatenate([vectors, self._of(p.practice for p in pairs), self._of(p.thing for p in pairs)], axis=1)


class Scene:
    """The practices of an article in their places, against which pairs are seen."""

    def __init__(self, page: Page, practices: Sequence[Thing], first_place: int = -1) -> None:
        self.page = page
        self._first_place = first_place
        self._titles = "\n".join(page.text[p.start : p.end] for p in page.layout.paragraphs if p.kind == "title")
        self.practices = practices
        everything = sorted((start, end, i) for i, p in enumerate(practices) for start, end in p.mentions)
        self._starts = [start for start, _, _ in everything]
        self._mentions = everything
        firsts = sorted((p.start, i) for i, p in enumerate(practices))
        self._first = firsts[0][1] if firsts else -1
        self._lists = self._list_neighbours()

    def _list_neighbours(self) -> list[bool]:
        """For each practice whether another one stands right beside its main mention, with only list marks between."""
        mains = sorted((p.mentions[0], i) for i, p in enumerate(self.practices))
        beside = [False] * len(self.practices)
        for ((_, end), i), ((start, _), j) in pairwise(mains):
            if end <= start and _only_list_marks(self.page.text[end:start]):
                beside[i] = beside[j] = True
        return beside

    def _nearest_mention(self, practice: Thing, start: int, end: int) -> tuple[int, int]:
        mentions = practice.mentions
        if len(mentions) == 1:
            return mentions[0]
        return min(mentions, key=lambda m: (max(m[0] - end, start - m[1], 0), m[0]))

    def near(self, at: int) -> list[int]:
        """The practices that are mentioned in the paragraph of a character or in one beside it; all, if there are none."""
        paragraphs = self.page.layout.paragraphs
        number = self.page.paragraph_at(at)
        start = paragraphs[max(number - 1, 0)].start
        end = paragraphs[min(number + 1, len(paragraphs) - 1)].end
        return sorted(self._mentioned(start, end)) or list(range(len(self.practices)))

    def _mentioned(self, start: int, end: int) -> set[int]:
        """The practices of which a mention begins between two characters."""
        first, stop = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return {number for _, _, number in self._mentions[first:stop]} if first < stop else set()

    def pair(self, number: int, thing: Thing, kind: str, other: int = -1) -> Pair:
        """One pair as the model judges it; ``other`` is the number of the practice that ``thing`` is, for parents."""
        page, practice = self.page, self.practices[number]
        start, end = thing.mentions[0]
        if kind in ("parent", "region"):
            # many mentions on both sides: the nearest one before the telling of the practice, else the nearest
            a, b = practice.mentions[0]
            start, end = min(thing.mentions, key=lambda m: (m[0] > b, max(m[0] - b, a - m[1], 0), m[0]))
        else:
            a, b = self._nearest_mention(practice, start, end)
        sentence_a, sentence_v = page.sentence_at(a), page.sentence_at(start)
        paragraph_a, paragraph_v = page.paragraph_at(a), page.paragraph_at(start)
        gap = max(a - end, start - b, 0)
        lower, upper = (end, a) if start < a else (b, start)
        between = self._mentioned(lower, upper) - {number, other}
        before = bisect_right(self._starts, start) - 1
        inside = self._mentioned(*page.sentences[sentence_v])
        same_clause = sentence_a == sentence_v and not _has_comma(page.text[lower:upper])
        kinds = [p.kind for p in (page.layout.paragraphs[paragraph_a], page.layout.paragraphs[paragraph_v])]
        steps = max(-3, min(3, sentence_v - sentence_a))
        leaps = max(-2, min(2, paragraph_v - paragraph_a))
        vector = [
            1.0,
            float(same_clause),
            *_one_of(7, steps + 3),
            *_one_of(5, leaps + 2),
            log1p(gap) / 5,
            float(start < a),
            *_one_of(4, min(len(between), 3)),
            float(before >= 0 and self._mentions[before][2] == number),
            float(before + 1 < len(self._mentions) and self._mentions[before + 1][2] == number),
            *_one_of(4, min(len(inside), 3)),
            float(a <= start and end <= b),
            float(start <= a and b <= end),
            float(gap <= 2),
            float(practice.named),
            float(self._lists[number]),
            float(kinds[0] != "body"),
            float(kinds[1] != "body"),
            float(kinds[1] == "title"),
            float(self._first == number),
            float(number in inside),
            float(practice.named and thing.named),
        ]
        vector += self._place_features(practice, thing, kind, start, end, a, other)
        vector += _one_of(len(KINDS), KINDS.index(kind))
        return Pair(vector, practice.mentions[0], (start, end))

    def _place_features(  # noqa: PLR0917 - the two ends of a pair and where they stand
        self, practice: Thing, thing: Thing, kind: str, start: int, end: int, a: int, other: int
    ) -> list[float]:
        """What only places and parents have; zeros for plain values."""
        if kind not in ("region", "parent"):
            return [0.0] * _PLACE_FEATURES
        text, page = self.page.text, self.page
        sentence = page.sentences[page.sentence_at(start)]
        paragraph = page.layout.paragraphs[page.paragraph_at(start)]
        head = text[sentence[0] : start]
        parent = kind == "parent"
        name = text[thing.start : thing.mentions[0][1]]
        firsts = [m[0] for m in thing.mentions]
        section = self._section(a)
        return [
            *_one_of(6, thing.level),
            float(len(head.strip()) == 0),
            float(head.endswith(("在", "走进", "来到"))),
            float(text[end : end + 1] == "的"),
            float(text[end : end + 1] in "、和及与"),
            float(not text[paragraph.start : start].strip()),
            float(parent and thing.named),
            float(parent and thing.place != "" and thing.place == practice.place),
            float(parent and 0 < thing.level < practice.level),
            float(parent and 0 < practice.level < thing.level),
            float(parent and other == self._first),
            float(any(page.kind_at(f) == "title" for f in firsts)),
            float(name in self._titles),
            log1p(len(firsts)) / 2,
            float(min(firsts) == self._first_place if kind == "region" else min(firsts) < practice.start),
            float(any(section[0] <= f < section[1] for f in firsts)),
            float(any(section[0] <= f < section[2] for f in firsts)),
            float(parent and self._section_first(section) == other),
            float(parent and self._lists[other]),
            float(parent and self._beside(practice, thing)),
            float(parent and self._paragraph_first(a) == other),
            float(parent and any(name in text[m[0] : m[1]] and name != text[m[0] : m[1]] for m in practice.mentions)),
            float(parent and page.sentence_at(practice.start) == page.sentence_at(thing.start)),
            float(any(text[f - 1 : f] in "省市区县" or text[f - 1 : f].isalpha() for f in firsts if f)),
            float(len(text[start:end]) <= 2),
        ]

    def _section(self, at: int) -> tuple[int, int, int]:
        """(begin, end, end of its heading) of the section that a character stands in: a heading with what follows it."""
        number = self.page.paragraph_at(at)
        paragraphs = self.page.layout.paragraphs
        top = number
        while top > 0 and paragraphs[top].kind != "heading":
            top -= 1
        bottom = number + 1
        while bottom < len(paragraphs) and paragraphs[bottom].kind != "heading":
            bottom += 1
        return paragraphs[top].start, paragraphs[bottom - 1].end, paragraphs[top].end

    def _section_first(self, section: tuple[int, int, int]) -> int:
        at = bisect_left(self._starts, section[0])
        return self._mentions[at][2] if at < len(self._mentions) and self._mentions[at][0] < section[1] else -1

    def _paragraph_first(self, at: int) -> int:
        paragraph = self.page.layout.paragraphs[self.page.paragraph_at(at)]
        first = bisect_left(self._starts, paragraph.start)
        return self._mentions[first][2] if first < len(self._mentions) else -1

    def _beside(self, one: Thing, other: Thing) -> bool:
        """Whether two practices stand in one list."""
        (_, end), (start, _) = sorted((one.mentions[0], other.mentions[0]))
        return end <= start <= end + 40 and _only_list_marks(self.page.text[end:start])


_PLACE_FEATURES = 30


_LIST_MARKS = frozenset("、“”‘’《》和与及以,， ")


@cache
def _one_of(size: int, place: int) -> tuple[float, ...]:
    """As many zeros, with a one at this place."""
    return tuple(float(i == place) for i in range(size))


def _only_list_marks(text: str) -> bool:
    return all(char in _LIST_MARKS for char in text)


def _has_comma(text: str) -> bool:
    return any(char in "，,：:" for char in text)


class LinkModel:
    """The network's weights, and its forward pass in numpy."""

    def __init__(self, weights: dict[str, NDArray[Any]]) -> None:
        self._w = {name: np.asarray(value, np.float32) for name, value in weights.items()}

    def weights(self, kind: str) -> dict[str, NDArray[Any]]:
        """The weights in a number type of numpy, to be saved."""
        return {name: value.astype(kind) for name, value in self._w.items()}

    def score(self, pairs: Sequence[Pair], meanings: Meanings) -> NDArray[np.float32]:
        """Log-odds of each pair."""
        if not len(pairs):
            return np.zeros(0, np.float32)
        w = self._w
        hidden = np.maximum(meanings.inputs(pairs) @ w["first"] + w["first_bias"], 0)
        scores: NDArray[np.float32] = (hidden @ w["second"] + w["second_bias"])[:, 0]
        return scores


class Judge:
    """The link model over one article."""

    def __init__(self, model: LinkModel, table: PhraseTable, layer: NDArray[np.float32]) -> None:
        self._model, self._meanings = model, Meanings(table, layer)

    def score(self, pairs: Sequence[Pair]) -> NDArray[np.float32]:
        """Log-odds of each pair."""
        return self._model.score(pairs, self._meanings)
