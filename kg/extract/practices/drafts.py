"""Which phrases are practices: one draft for each, with all mentions of its name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kg.extract.dates import DateMention
from kg.extract.figures.find import Figure
from kg.extract.learned.candidates import find_rows
from kg.extract.learned.phrases import TYPES, Phrase, PhraseTable, choose
from kg.extract.text.page import Page
from kg.extract.text.quotes import quotation_lists

__all__ = ["Draft", "Linked", "find_practices", "practices_at_idle_places"]

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Linked:
    """A phrase as a practice's value, with the probability that it is one."""

    phrase: Phrase
    score: float


@dataclass
class Draft:
    """A practice on the way to the record."""

    mentions: list[Phrase]
    named: bool
    planned: bool = False
    region: Linked | None = None
    parent: int | None = None
    parent_score: float = 0.0
    values: dict[str, list[Linked]] = field(default_factory=dict)
    outcomes: list[tuple[Figure, Linked]] = field(default_factory=list)
    dates: list[tuple[DateMention, float]] = field(default_factory=list)

    @property
    def name(self) -> Phrase:
        return self.mentions[0]


def find_practices(
    page: Page,
    table: PhraseTable,
    scores: NDArray[np.float32],
    telling: NDArray[np.float32],
    least: Mapping[str, float],
) -> list[Draft]:
    """The practices of an article in the order of their telling, without their values.

    Names that recur are one practice; a name that stands in headings only is a headline's figure of speech; an unnamed
    one that overlaps a name is that name told again; a sentence that tells of a practice (``telling``, log-odds) without any
    phrase that is likely enough has its likeliest.
    """
    quoted = {(quotation.start, quotation.end) for quotation in page.quotations}
    named = [
        phrase
        for phrase in choose(table, _with_lists(page, table, scores), "named", least["named"])
        if _has_words(page.text, phrase) or (phrase.start, phrase.end) in quoted
    ]
    unnamed = choose(table, scores, "unnamed", least["unnamed"])
    drafts = _named(page, named) + _unnamed(page, named, unnamed, least["again"])
    drafts += _in_telling_sentences(page, table, scores, telling, drafts, least)
    return sorted(drafts, key=lambda draft: draft.name.start)


def _named(page: Page, named: Sequence[Phrase]) -> list[Draft]:
    by_name: dict[str, list[Phrase]] = {}
    for phrase in named:
        by_name.setdefault(page.text[phrase.start : phrase.end], []).append(phrase)
    taken = [(phrase.start, phrase.end) for phrase in named]
    drafts = []
    for name, chosen in by_name.items():
        found = [match.span() for match in re.finditer(re.escape(name), page.text)]
        again = [
            Phrase(start, end, "named", 0.0)
            for start, end in found
            if all(end <= other_start or start >= other_end for other_start, other_end in taken)
        ]
        # where a name stands in a heading or title first, the body tells of it
        mentions = sorted([*chosen, *again], key=lambda p: (page.kind_at(p.start) != "body", p.score == 0, p.start))
        if page.kind_at(mentions[0].start) == "body":
            best = max(phrase.score for phrase in chosen)
            first = mentions[0] if mentions[0].score else Phrase(mentions[0].start, mentions[0].end, "named", best)
            drafts.append(Draft([first, *mentions[1:]], True))
    return drafts


def _unnamed(
    page: Page,
    named: Sequence[Phrase],
    unnamed: Sequence[Phrase],
    again: float,
) -> list[Draft]:
    """``again``: least score in a sentence that tells of another practice already, unless they are listed."""
    drafts: list[Draft] = []
    seen: set[tuple[str, int]] = set()
    told = {page.sentence_at(phrase.start) for phrase in named}
    for phrase in sorted(unnamed, key=lambda phrase: -phrase.score):
        sentence = page.sentence_at(phrase.start)
        if sentence in told and phrase.score < again and not _is_listed(page.text, phrase):
            continue
        told.add(sentence)
        overlaps = any(phrase.start < other.end and other.start < phrase.end for other in named)
        key = (page.text[phrase.start : phrase.end], page.paragraph_at(phrase.start))
        if overlaps or key in seen or page.kind_at(phrase.start) == "title" or not _has_words(page.text, phrase):
            continue
        seen.add(key)
        drafts.append(Draft([phrase], False))
    return drafts


def _in_telling_sentences(  # noqa: PLR0917 - all that a decision looks at
    page: Page,
    table: PhraseTable,
    scores: NDArray[np.float32],
    telling: NDArray[np.float32],
    drafts: Sequence[Draft],
    least: Mapping[str, float],
) -> list[Draft]:
    told = _told_sentences(page, drafts)
    found = (
        _likeliest(page, table, scores, *page.sentences[number], least["faint"])
        for number in np.flatnonzero(telling > least["telling"]).tolist()
        if number not in told
    )
    return [Draft([phrase], False) for phrase in found if phrase and page.kind_at(phrase.start) == "body"]


def _told_sentences(page: Page, drafts: Sequence[Draft]) -> set[int]:
    return {page.sentence_at(mention.start) for draft in drafts for mention in draft.mentions}


def _likeliest(  # noqa: PLR0917 - all that a decision looks at
    page: Page, table: PhraseTable, scores: NDArray[np.float32], start: int, end: int, least: float
) -> Phrase | None:
    """The phrase between two characters that is likeliest to be a practice, named or not."""
    first, stop = np.searchsorted(table.rows[:, 2], (start, end))
    inside = first + np.flatnonzero(table.rows[first:stop, 3] <= end)
    if not len(inside):
        return None
    chances = scores[inside][:, [TYPES.index("unnamed"), TYPES.index("named")]].max(axis=1)
    best = inside[chances.argmax()]
    phrase = Phrase(int(table.rows[best, 2]), int(table.rows[best, 3]), "unnamed", float(chances.max()))
    return phrase if phrase.score >= least and _has_words(page.text, phrase) else None


def _has_words(text: str, phrase: Phrase) -> bool:
    """Whether a phrase has a Chinese character: without one it is a number or a code, and a name only where it is quoted."""
    return bool(_CHINESE.search(text, phrase.start, phrase.end))


def _is_listed(text: str, phrase: Phrase) -> bool:
    return text[phrase.start - 1 : phrase.start] in ("、", "和") or text[phrase.end : phrase.end + 1] in ("、", "和")


_LIST_SHARE = 0.6
"""Of a list of quotations the best member lends each other one this share of its score."""


def _with_lists(page: Page, table: PhraseTable, scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """The scores, with the members of one list of quotations lifted together: “甲”“乙”“丙”等栏目 are all practices or none."""
    column = TYPES.index("named")
    lifted = scores.copy()
    for group in quotation_lists(page):
        found = find_rows(table.rows, [(quotation.start, quotation.end) for quotation in group])
        members = found[found >= 0]
        if len(members) > 1:
            lifted[members, column] = np.maximum(lifted[members, column], _LIST_SHARE * scores[members, column].max())
    return lifted


def practices_at_idle_places(
    page: Page, table: PhraseTable, scores: NDArray[np.float32], drafts: Sequence[Draft], least: Mapping[str, float]
) -> list[Draft]:
    """Practices for places that surely carry one out: the likeliest phrase of the place's sentence, if there is any."""
    text = page.text
    used = {text[d.region.phrase.start : d.region.phrase.end] for d in drafts if d.region}
    told = _told_sentences(page, drafts)
    found: list[Draft] = []
    for place in choose(table, scores, "region", least["idle"]):
        name = text[place.start : place.end]
        number = page.sentence_at(place.start)
        if name in used or number in told or page.kind_at(place.start) != "body":
            continue
        if phrase := _likeliest(page, table, scores, place.end, page.sentences[number][1], least["faint"]):
            found.append(Draft([phrase], False, region=Linked(place, place.score)))
            used.add(name)
            told.add(number)
    return found
