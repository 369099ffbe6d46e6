"""From a proposal to a record: what does not stand in the article is refused, and told.

A model names words, not places. Words are looked up in the clean text; where they stand several times, the place nearest
to the practice's name is taken. Figures and dates are read by the same rules as everybody's: a number that the words do not
hold is no outcome, words without a date are no date.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import numpy as np

from kg.extract.dates import DateMention, find_dates
from kg.extract.figures.find import Figure, find_figures
from kg.extract.figures.numerals import read_number
from kg.extract.text.layout import lay_out
from kg.extract.text.page import Page
from kg.model import SLOTS, Article, DateValue, Outcome, PartOf, Practice, RegionValue, Value
from kg.propose.proposal import Proposal, ProposedDate, ProposedOutcome, ProposedPractice

__all__ = ["CONFIDENCE", "Verified", "verified"]

CONFIDENCE = 0.5
"""Of every value: how often a model is right nobody has measured here; ``kg evaluate`` tells it for one."""
LONGEST, LONGEST_CLAUSE = 40, 80
"""Characters of a value and of an outcome's clause: 99.9 % of the gold is shorter; what is longer is no value but a text."""
_MARKS = {"“": "”", "‘": "’", "「": "」", "『": "』", '"': '"', "'": "'"}
_POINTS = "，。；：！？、,;:!?…— \t\n\u3000"
_T = TypeVar("_T", bound=Value)
_OPEN_NUMBER = re.compile(r"[\d.,．百千万亿余多]+|[零〇一二两三四五六七八九十百千万亿余多几]+")


@dataclass
class Verified:
    """The practices that hold, and what was refused: (slot, reason) → how often."""

    practices: tuple[Practice, ...] = ()
    proposed: int = 0
    """Values that were proposed."""
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)


def verified(proposal: Proposal, article: Article, rule: str) -> Verified:
    """The practices of a proposal, each value at its place in the article; ``rule`` names the model."""
    return _Verifier(article, rule).run(proposal)


@dataclass(frozen=True)
class _Found:
    """A practice whose name stands in the text."""

    proposed: ProposedPractice
    name: tuple[int, int]
    region: tuple[int, int] | None
    near: tuple[int, ...]
    """Where its name stands."""


class _Verifier:
    def __init__(self, article: Article, rule: str) -> None:
        self.article, self.text, self.rule = article, article.text, rule
        layout = lay_out(article.text, article.title_span)
        # Neither figures nor dates need words or hidden states, so no model of ours runs here.
        page = Page(article.text, layout, [], np.zeros((0, 0), np.float32), published=article.published)
        self.sentence_at = page.sentence_at
        self.figures: list[Figure] = find_figures(page)
        self.dates: list[DateMention] = find_dates(page)
        self.result = Verified()

    def run(self, proposal: Proposal) -> Verified:
        found: list[_Found] = []
        for one in proposal.practices:
            self.result.proposed += 1
            if (here := self._practice(one)) and (here.name, here.region) not in [(o.name, o.region) for o in found]:
                found.append(here)
        found.sort(key=lambda one: one.name)
        parents = [self._parent(number, found) for number in range(len(found))]
        _break_circles(parents)
        self.result.practices = tuple(self._record(one, number, found, parents) for number, one in enumerate(found))
        return self.result

    # --- words and their places ------------------------------------------------------------------------------------

    def _refuse(self, slot: str, reason: str) -> None:
        self.result.refused[slot, reason] += 1

    def _places(self, words: str, slot: str, longest: int = LONGEST) -> list[int]:
        """Where words stand, within one line; empty, and counted, if nowhere."""
        if not words:
            self._refuse(slot, "empty")
        elif len(words) > longest:
            self._refuse(slot, "too long")
        elif "\n" in words:
            self._refuse(slot, "over several lines")
        elif places := _occurrences(words, self.text):
            return places
        else:
            self._refuse(slot, "not in the text")
        return []

    def _span(self, start: int, words: str) -> dict[str, Any]:
        end = start + len(words)
        return {
            "text": self.text[start:end], "start": start, "end": end, "rule": self.rule, "confidence": CONFIDENCE,
            "source": self.article.source(start, end).as_dict(),
        }  # fmt: skip

    def _practice(self, one: ProposedPractice) -> _Found | None:
        name = _bare(one.programme)
        names = self._places(name, "programme")
        place = _bare(one.region or "")
        if one.region is not None:
            self.result.proposed += 1
        regions = self._places(place, "region") if one.region is not None else []
        if not names:
            return None  # and with it all its values
        at = min(names, key=lambda start: (_distance(start, regions), start)) if regions and not one.named else names[0]
        near = tuple(names) if one.named else (at,)
        region = min(regions, key=lambda start: (_distance(start, near), start)) if regions else None
        span = None if region is None else (region, region + len(place))
        return _Found(one, (at, at + len(name)), span, near)

    def _parent(self, number: int, found: Sequence[_Found]) -> int | None:
        """The practice of the list that this one is part of; of several of that name the last before it."""
        said = found[number].proposed.part_of
        if said is None:
            return None
        self.result.proposed += 1
        name = _bare(said)
        same = [i for i, one in enumerate(found) if i != number and self.text[slice(*one.name)] == name]
        if not same:
            self._refuse("part_of", "no such practice")
            return None
        return max((i for i in same if i < number), default=same[0])

    # --- values ----------------------------------------------------------------------------------------------------

    def _record(self, one: _Found, number: int, found: Sequence[_Found], parents: Sequence[int | None]) -> Practice:
        parent = parents[number]
        name, above = self.text[slice(*one.name)], None
        if parent is not None:
            words = self.text[slice(*found[parent].name)]
            above = PartOf(text=words, practice=f"p{parent + 1}", rule=self.rule, confidence=CONFIDENCE)
        region = None
        if one.region is not None:
            told = {self.sentence_at(start) for start in one.near}
            words = self.text[slice(*one.region)]
            inferred = self.sentence_at(one.region[0]) not in told
            region = RegionValue(**self._span(one.region[0], words), inferred=inferred)
        slots: dict[str, Any] = {slot: self._values(getattr(one.proposed, slot), slot, one.near) for slot in SLOTS}
        outcomes = (self._outcome(each, one) for each in one.proposed.outcomes)
        dates = (self._date(each, one) for each in one.proposed.dates)
        return Practice(
            id=f"p{number + 1}",
            programme=Value(**self._span(one.name[0], name)),
            named=one.proposed.named,
            region=region,
            part_of=above,
            outcomes=_ordered(outcomes),
            dates=_ordered(dates),
            planned=one.proposed.planned,
            **slots,
        )

    def _values(self, said: Sequence[str], slot: str, near: Sequence[int]) -> tuple[Value, ...]:
        found = []
        for one in said:
            self.result.proposed += 1
            words = _bare(one)
            if places := self._places(words, slot):
                found.append(Value(**self._span(_nearest(places, near), words)))
        return _ordered(found)

    def _outcome(self, said: ProposedOutcome, one: _Found) -> Outcome | None:
        self.result.proposed += 1
        words = _bare(said.text.strip(_POINTS))
        for start in _by_distance(self._places(words, "outcomes", LONGEST_CLAUSE), one.near):
            if read := self._figure(said, start, start + len(words)):
                what = _bare(said.what.strip(_POINTS)) if said.what else None
                if what and what not in words:
                    self._refuse("outcomes", "counted thing not in the clause")
                    what = None
                return Outcome(
                    **self._span(start, words),
                    value=said.value,
                    unit=read[0],
                    comparator=read[1],
                    what=what or None,
                    modality="planned" if one.proposed.planned else said.modality,
                )
        if _occurrences(words, self.text):
            self._refuse("outcomes", "no such figure in the clause")
        return None

    def _figure(self, said: ProposedOutcome, start: int, end: int) -> tuple[str, Literal["=", ">", "<", "~"]] | None:
        """Unit and comparator of the figure with that value, as the rules read it; else as the model names its unit."""
        for figure in self.figures:
            if start <= figure.start and figure.end <= end and _same(figure.value, said.value):
                return figure.unit, _comparator(figure.comparator)
        unit = _bare(said.unit)
        for match in _OPEN_NUMBER.finditer(self.text, start, end) if unit else ():
            read = read_number(match[0])
            if read and _same(read[0], said.value) and self.text.startswith(unit, match.end(), end):
                return unit, ">" if read[1] else "="
        return None

    def _date(self, said: ProposedDate, one: _Found) -> DateValue | None:
        self.result.proposed += 1
        words = _bare(said.text.strip(_POINTS))
        for start in _by_distance(self._places(words, "dates"), one.near):
            end = start + len(words)
            shared = [(min(end, date.end) - max(start, date.start), -date.start, date.iso) for date in self.dates]
            best = max(shared, default=(0, 0, None), key=lambda each: each[:2])
            if best[0] > 0:
                return DateValue(**self._span(start, words), iso=best[2], role=said.role)
        if _occurrences(words, self.text):
            self._refuse("dates", "no date in the words")
        return None


def _bare(words: str) -> str:
    """Words without white space and quotation marks around them; a mark whose other half stands inside stays.

    >>> _bare("“邻里课堂”"), _bare("“一张网”行动"), _bare("邻里课堂”")
    ('邻里课堂', '“一张网”行动', '邻里课堂')
    """
    while words != (words := _without_mark(words.strip())):
        pass
    return words


def _without_mark(words: str) -> str:
    closing = _MARKS.get(words[:1])
    if closing and closing not in words[1:-1]:
        return words[1:-1] if words[1:].endswith(closing) else words[1:]
    opening = next((mark for mark, end in _MARKS.items() if words.endswith(end)), None)
    return words[:-1] if opening and opening not in words[:-1] else words


def _occurrences(words: str, text: str) -> list[int]:
    """Where words stand in a text; a number's digits do not stand in a longer number."""
    if not words:
        return []
    before = r"(?<!\d)" if words[0].isdigit() else ""
    after = r"(?!\d)" if words[-1].isdigit() else ""
    return [match.start() for match in re.finditer(before + re.escape(words) + after, text)]


def _distance(start: int, places: Iterable[int]) -> int:
    return min(abs(start - place) for place in places)


def _by_distance(places: Iterable[int], near: Sequence[int]) -> list[int]:
    return sorted(places, key=lambda start: (_distance(start, near), start))


def _nearest(places: Iterable[int], near: Sequence[int]) -> int:
    return _by_distance(places, near)[0]


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other))


def _comparator(sign: str) -> Literal["=", ">", "<", "~"]:
    return ">" if sign == ">" else "<" if sign == "<" else "~" if sign == "~" else "="


def _ordered(found: Iterable[_T | None]) -> tuple[_T, ...]:
    """In the order of the text, the same words once (of figures, the same words and number)."""
    best: dict[tuple[str, float | None], _T] = {}
    for one in found:
        if one is not None:
            best.setdefault((one.text, one.value if isinstance(one, Outcome) else None), one)
    return tuple(sorted(best.values(), key=lambda one: (one.start, one.end)))


def _break_circles(parents: list[int | None]) -> None:
    """A practice that would be part of itself, over others, is part of none."""
    for number in range(len(parents)):
        at, steps = parents[number], 0
        while at is not None and at != number and steps <= len(parents):
            at, steps = parents[at], steps + 1
        if at is not None:
            parents[number] = None
