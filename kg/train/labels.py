"""From gold records to labelled spans: where in the text each value of a record most likely stands.

Gold values are strings. A value is placed at the occurrence nearest to where its practice is told; its other occurrences are
neither right nor wrong, and training leaves them out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.extract.figures.find import Figure
from kg.extract.text.page import Page
from kg.model import SLOTS

__all__ = ["Labels", "Placed", "PlacedPractice", "label_article"]

_SENTENCE, _PARAGRAPH, _CHARACTER, _LATER_MENTION = 3.0, 6.0, 1 / 200, 0.5
"""Costs of a distance of one sentence, of another paragraph, of one character, and of not being the main mention."""


@dataclass(frozen=True)
class Placed:
    """A value of the gold at its place; ``kind`` is a type of ``kg.extract.learned.phrases.TYPES`` or ``dates``."""

    kind: str
    start: int
    end: int


@dataclass
class PlacedPractice:
    """A practice of the gold with the place of its name and of its values."""

    index: int
    """In the gold record."""
    named: bool
    mentions: list[tuple[int, int]]
    """The telling mention first."""
    region: tuple[int, int] | None = None
    parent: str | None = None
    name: str = ""
    planned: bool = False
    values: list[Placed] = field(default_factory=list)


@dataclass
class Labels:
    """All labels of one article."""

    positive: set[Placed]
    unsure: set[Placed]
    practices: list[PlacedPractice]


def label_article(page: Page, record: dict[str, Any], figures: Sequence[Figure]) -> Labels:
    """Labels of an article for its gold record."""
    labels = Labels(set(), set(), [])
    for index, practice in enumerate(record["practices"]):
        placed = _place_practice(page, index, practice)
        if placed is None:
            continue
        labels.practices.append(placed)
        kind = "named" if placed.named else "unnamed"
        labels.positive |= {Placed(kind, a, b) for a, b in placed.mentions}
        if placed.planned:
            labels.positive.add(Placed("planned", *placed.mentions[0]))
        for a in _occurrences(page.text, placed.name):
            labels.unsure.add(Placed(kind, a, a + len(placed.name)))
        _place_values(page, practice, placed, labels, figures)
    labels.unsure -= labels.positive
    return labels


def _occurrences(text: str, words: str | None) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(words), text)] if words else []


def _place_practice(page: Page, index: int, practice: dict[str, Any]) -> PlacedPractice | None:
    """The practice at the mention of its name that most of its values stand near."""
    name, text = practice["programme"], page.text
    body = text.find("\n") + 1
    at = [i for i in _occurrences(text, name) if i >= body] or _occurrences(text, name)
    if not at:
        return None
    values = [v for slot in SLOTS for v in practice.get(slot) or []] + [
        o["text"] for o in practice.get("outcomes") or []
    ]
    places = [_occurrences(text, value) for value in values]

    def nearness(i: int) -> float:
        near = 0.0
        for found in places:
            if any(page.sentence_at(j) == page.sentence_at(i) for j in found):
                near += 1
            elif any(page.paragraph_at(j) == page.paragraph_at(i) for j in found):
                near += 0.5
        quoted = i > 0 and text[i - 1] in "“‘「《"
        return near + (0.6 if quoted else 0)

    main = max(at, key=lambda i: (nearness(i), -i))
    named = practice.get("named", True)
    others = [i for i in at if i != main] if named else []
    return PlacedPractice(
        index,
        named,
        [(i, i + len(name)) for i in [main, *others]],
        name=name,
        parent=practice.get("part_of"),
        planned=bool(practice.get("planned")),
    )


def _place_values(
    page: Page, practice: dict[str, Any], placed: PlacedPractice, labels: Labels, figures: Sequence[Figure]
) -> None:
    nearest = _Nearest(page, [start for start, _ in placed.mentions], labels)
    body = page.text.find("\n") + 1
    wanted = [(slot, value, body) for slot in SLOTS for value in practice.get(slot) or []]
    wanted += [("dates", date["text"], body) for date in practice.get("dates") or []]
    placed.values += [one for kind, value, begin in wanted if (one := nearest.place(kind, value, begin))]
    if practice.get("region") and (one := nearest.place("region", practice["region"], 0)):
        placed.region = (one.start, one.end)
        labels.positive.add(one)
    for outcome in practice.get("outcomes") or []:
        if figure := _figure(page, outcome, figures, nearest.cost):
            placed.values.append(Placed("outcomes", figure.start, figure.end))
    labels.positive |= {value for value in placed.values if value.kind != "dates"}


class _Nearest:
    """Finds the occurrence of a value that is nearest to where its practice is told."""

    def __init__(self, page: Page, anchors: list[int], labels: Labels) -> None:
        self._page, self._anchors, self._labels = page, anchors, labels

    def cost(self, at: int) -> float:
        page = self._page
        return min(
            abs(page.sentence_at(at) - page.sentence_at(anchor)) * _SENTENCE
            + (0 if page.paragraph_at(at) == page.paragraph_at(anchor) else _PARAGRAPH)
            + abs(at - anchor) * _CHARACTER
            + (0 if number == 0 else _LATER_MENTION)
            for number, anchor in enumerate(self._anchors)
        )

    def place(self, kind: str, value: str, begin: int) -> Placed | None:
        """The value at its nearest occurrence from ``begin`` on; all others become unsure."""
        everywhere = _occurrences(self._page.text, value)
        found = [i for i in everywhere if i >= begin] or everywhere
        if not found:
            return None
        best = min(found, key=self.cost)
        self._labels.unsure |= {Placed(kind, i, i + len(value)) for i in found if i != best}
        return Placed(kind, best, best + len(value))


def _figure(
    page: Page, outcome: dict[str, Any], figures: Sequence[Figure], cost: Callable[[int], float]
) -> Figure | None:
    """The figure that an outcome of the gold reports: of its value, within its words or close by."""
    found = _occurrences(page.text, outcome["text"])
    if not found:
        return None
    begin = min(found, key=cost)
    end = begin + len(outcome["text"])
    fitting = [
        figure for figure in figures if figure.value == outcome["value"] and begin - 40 < figure.start < end + 40
    ]
    return min(fitting, key=lambda f: max(begin - f.start, f.end - end, 0), default=None)
