"""From scored phrases to practices: which mentions are one practice, and what belongs to each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from kg.extract.dates import DateMention
from kg.extract.figures import Figure
from kg.extract.links import LinkModel, Scene, Thing, group_places, place_level
from kg.extract.lists import complete_lists
from kg.extract.page import Page
from kg.extract.phrases import TYPES, Phrase, PhraseTable, choose, quotation_lists
from kg.extract.thresholds import THRESHOLDS
from kg.model import SLOTS

__all__ = ["Draft", "Linked", "assemble"]

LISTED = ("formats", "audiences", "topics", "partners", "venues")
"""Slots whose lists are completed."""
_PARENT = 0.0
"""Least log-odds of a parent against none."""
_AGAIN = 0.12
"""Least score of a practice without a name in a sentence that tells of another one already, unless the two are listed."""
_LINK = -0.25
"""Least log-odds of a link; a value always keeps its best practice if that reaches ``_LAST_LINK``."""
_LAST_LINK = -2.0


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
    planned: float
    region: Linked | None = None
    parent: int | None = None
    parent_score: float = 0.0
    values: dict[str, list[Linked]] = field(default_factory=dict)
    outcomes: list[tuple[Figure, Linked]] = field(default_factory=list)
    dates: list[tuple[DateMention, float]] = field(default_factory=list)

    @property
    def name(self) -> Phrase:
        return self.mentions[0]


def assemble(
    page: Page,
    table: PhraseTable,
    scores: NDArray[np.float32],
    links: LinkModel,
    dates: Sequence[DateMention] = (),
) -> list[Draft]:
    """The practices of an article, in the order of their first telling."""
    drafts = _practices(page, table, scores)
    if not drafts:
        return []
    places = _places(page, table, scores)
    things = [Thing(tuple((m.start, m.end) for m in d.mentions), d.named) for d in drafts]
    first_place = min((p.start for p in places), default=-1)
    scene = Scene(page, things, first_place)
    for number, draft in enumerate(drafts):
        draft.region = _region(scene, number, places, links)
    drafts = [draft for draft in drafts if draft.region is not None]  # none without a place
    drafts = sorted(drafts + _at_idle_places(page, table, scores, drafts), key=lambda draft: draft.name.start)
    if not drafts:
        return []
    things = [Thing(tuple((m.start, m.end) for m in d.mentions), d.named) for d in drafts]
    things = [
        Thing(thing.mentions, thing.named, *_level(page, draft)) for thing, draft in zip(things, drafts, strict=True)
    ]
    scene = Scene(page, things, first_place)
    for slot in SLOTS:
        chosen = choose(table, scores, slot, THRESHOLDS[slot])
        if slot in LISTED:
            chosen = complete_lists(page.text, table, scores, slot, chosen)
        for phrase in chosen:
            for number, score in _owners(scene, phrase, slot, links):
                drafts[number].values.setdefault(slot, []).append(Linked(phrase, score))
    for phrase in _outcomes(table, scores):
        for number, score in _owners(scene, phrase, "outcomes", links):
            drafts[number].outcomes.append((table.figures[phrase.start, phrase.end], Linked(phrase, score)))
    for date in dates:
        if date.attachable:
            phrase = Phrase(date.start, date.end, "dates", date.confidence)
            for number, score in _owners(scene, phrase, "dates", links):
                drafts[number].dates.append((date, score))
    _parents(scene, drafts, links)
    return _spread(page, drafts, places)


def _practices(page: Page, table: PhraseTable, scores: NDArray[np.float32]) -> list[Draft]:
    """Names that recur are one practice; an unnamed one that overlaps a name is that name told again."""
    named = choose(table, _with_lists(page, table, scores), "named", THRESHOLDS["named"])
    unnamed = choose(table, scores, "unnamed", THRESHOLDS["unnamed"])
    by_name: dict[str, list[Phrase]] = {}
    for phrase in named:
        by_name.setdefault(page.text[phrase.start : phrase.end], []).append(phrase)
    drafts = []
    for name, mentions in by_name.items():
        # where a name stands in a heading or title first, the body tells of it
        told = sorted(mentions, key=lambda p: (_kind(page, p) != "body", p.start))
        taken = [(p.start, p.end) for p in named]
        for match in re.finditer(re.escape(name), page.text):
            if all(match.end() <= start or match.start() >= end for start, end in taken):
                told.append(Phrase(*match.span(), "named", 0.0))
        drafts.append(Draft(told, True, _planned(table, scores, told[0])))
    seen: set[tuple[str, int]] = set()
    told = {page.sentence_at(phrase.start) for phrase in named}
    sure = sorted(unnamed, key=lambda phrase: -phrase.score)
    for phrase in sure:
        sentence = page.sentence_at(phrase.start)
        if sentence in told and phrase.score < _AGAIN and not _is_listed(page.text, phrase):
            continue
        told.add(sentence)
        overlaps = any(phrase.start < other.end and other.start < phrase.end for other in named)
        key = (page.text[phrase.start : phrase.end], page.paragraph_at(phrase.start))
        if overlaps or key in seen or _kind(page, phrase) == "title":
            continue
        seen.add(key)
        drafts.append(Draft([phrase], False, _planned(table, scores, phrase)))
    return sorted(drafts, key=lambda draft: draft.name.start)


def _is_listed(text: str, phrase: Phrase) -> bool:
    return text[phrase.start - 1 : phrase.start] in ("、", "和") or text[phrase.end : phrase.end + 1] in ("、", "和")


_LIST_SHARE = 0.6
"""Of a list of quotations the best member lends each other one this share of its score."""


def _with_lists(page: Page, table: PhraseTable, scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """The scores, with the members of one list of quotations lifted together: “甲”“乙”“丙”等栏目 are all practices or none."""
    rows = {(int(start), int(end)): i for i, (_, _, start, end) in enumerate(table.rows)}
    column = TYPES.index("named")
    lifted = scores.copy()
    for group in quotation_lists(page):
        members = [rows[q.start, q.end] for q in group if (q.start, q.end) in rows]
        if len(members) > 1:
            lifted[members, column] = np.maximum(lifted[members, column], _LIST_SHARE * scores[members, column].max())
    return lifted


def _kind(page: Page, phrase: Phrase) -> str:
    return page.layout.paragraphs[page.paragraph_at(phrase.start)].kind


def _planned(table: PhraseTable, scores: NDArray[np.float32], phrase: Phrase) -> float:
    rows = table.rows
    overlapping = (rows[:, 2] < phrase.end) & (rows[:, 3] > phrase.start)
    return float(scores[overlapping, TYPES.index("planned")].max(initial=0.0))


def _places(page: Page, table: PhraseTable, scores: NDArray[np.float32]) -> list[Thing]:
    """The places that carry practices out, each with all its mentions."""
    chosen = choose(table, scores, "region", THRESHOLDS["region"])
    names = {page.text[phrase.start : phrase.end] for phrase in chosen}
    spans = {(phrase.start, phrase.end) for phrase in chosen}
    for name in names:
        for match in re.finditer(re.escape(name), page.text):
            if all(match.end() <= start or match.start() >= end for start, end in spans):
                spans.add(match.span())
    return group_places(page, spans)


_IDLE = 0.3
"""Least score of a place that no practice was found for, to look for one once more."""
_FAINT = 0.01
"""Least score of the practice that it is given."""


def _at_idle_places(
    page: Page, table: PhraseTable, scores: NDArray[np.float32], drafts: Sequence[Draft]
) -> list[Draft]:
    """Practices for places that surely carry one out: the likeliest phrase of the place's sentence, if there is any."""
    text = page.text
    used = {text[d.region.phrase.start : d.region.phrase.end] for d in drafts if d.region}
    told = {page.sentence_at(mention.start) for draft in drafts for mention in draft.mentions}
    column = np.maximum(scores[:, TYPES.index("unnamed")], scores[:, TYPES.index("named")])
    found: list[Draft] = []
    for place in choose(table, scores, "region", _IDLE):
        name = text[place.start : place.end]
        number = page.sentence_at(place.start)
        if name in used or number in told or _kind(page, place) != "body":
            continue
        start, end = page.sentences[number]
        inside = np.flatnonzero((table.rows[:, 2] >= place.end) & (table.rows[:, 3] <= end))
        if len(inside) and column[best := inside[column[inside].argmax()]] >= _FAINT:
            phrase = Phrase(int(table.rows[best, 2]), int(table.rows[best, 3]), "unnamed", float(column[best]))
            planned = _planned(table, scores, phrase)
            found.append(Draft([phrase], False, planned, region=Linked(place, place.score)))
            used.add(name)
            told.add(number)
    return found


def _region(scene: Scene, number: int, places: Sequence[Thing], links: LinkModel) -> Linked | None:
    """The place that carries the practice out: the best of the article's places, at its nearest mention."""
    if not places:
        return None
    odds = links.score([scene.features(number, place, "region") for place in places])
    best = int(odds.argmax())
    share = float(1 / np.exp(odds - odds.max()).sum())
    a, b = scene.practices[number].mentions[0]
    start, end = min(places[best].mentions, key=lambda m: (m[0] > b, max(m[0] - b, a - m[1], 0)))
    return Linked(Phrase(start, end, "region", share), share)


def _spread(page: Page, drafts: list[Draft], places: Sequence[Thing]) -> list[Draft]:
    """A practice that a list of places carries out (甲、乙、丙等地的巡护队) is one practice in each of them.

    Not where the places come back later in the article: then the list only announces what is told of each below.
    """
    out: list[Draft] = []
    numbers: dict[int, int] = {}
    for number, draft in enumerate(drafts):
        numbers[number] = len(out)
        out.append(draft)
        region = draft.region.phrase if draft.region else None
        if region is None or draft.named or page.sentence_at(region.start) != page.sentence_at(draft.name.start):
            continue
        row = _place_row(page, region, places)
        if len(row) > 1 and all(len(place.mentions) == 1 for _, place in row):
            for span, _ in row:
                if span != (region.start, region.end):
                    phrase = Phrase(*span, "region", region.score)
                    out.append(replace(draft, region=Linked(phrase, region.score)))
    for draft in out:
        draft.parent = numbers.get(draft.parent) if draft.parent is not None else None
    return out


def _place_row(page: Page, region: Phrase, places: Sequence[Thing]) -> list[tuple[tuple[int, int], Thing]]:
    """The places that stand in one list with a place, summed up by 等地 or not, in the same sentence."""
    begin, end = page.sentences[page.sentence_at(region.start)]
    inside = sorted(
        ((span, place) for place in places for span in place.mentions if begin <= span[0] < end), key=lambda x: x[0]
    )
    rows: list[list[tuple[tuple[int, int], Thing]]] = []
    for span, place in inside:
        gap = page.text[rows[-1][-1][0][1] : span[0]] if rows else "。"
        # 湖南长沙、河南邓州: what stands between two members may be the province of the next one
        if rows and gap[:1] in ("、", "和", "与") and len(gap) <= _PROVINCE:
            rows[-1].append((span, place))
        else:
            rows.append([(span, place)])
    return next((row for row in rows if any(span == (region.start, region.end) for span, _ in row)), [])


_PROVINCE = 5
"""Longest gap between two members of a list of places: a list mark and the short name of a province."""


def _level(page: Page, draft: Draft) -> tuple[int, str]:
    if draft.region is None:
        return 0, ""
    name = page.text[draft.region.phrase.start : draft.region.phrase.end]
    return place_level(name), name


def _owners(scene: Scene, phrase: Phrase, kind: str, links: LinkModel) -> Iterable[tuple[int, float]]:
    """(practice, probability) of all practices that a value belongs to."""
    thing = Thing(((phrase.start, phrase.end),))
    odds = links.score([scene.features(i, thing, kind) for i in range(len(scene.practices))])
    best = int(odds.argmax())
    for i, value in enumerate(odds.tolist()):
        if value > _LINK or (i == best and value > _LAST_LINK):
            yield i, float(1 / (1 + np.exp(-value)))


def _outcomes(table: PhraseTable, scores: NDArray[np.float32]) -> list[Phrase]:
    column = scores[:, TYPES.index("outcomes")]
    return [
        Phrase(int(start), int(end), "outcomes", float(column[i]))
        for i, (_, _, start, end) in enumerate(table.rows.tolist())
        if (start, end) in table.figures and column[i] >= THRESHOLDS["outcomes"]
    ]


def _parents(scene: Scene, drafts: list[Draft], links: LinkModel) -> None:
    """Each practice's parent, if one is likelier than none; a circle is broken at its least likely link."""
    for number, draft in enumerate(drafts):
        others = [j for j in range(len(drafts)) if j != number]
        if not others:
            continue
        odds = links.score([scene.features(number, scene.practices[j], "parent", j) for j in others])
        best = int(odds.argmax())
        if odds[best] > _PARENT:
            draft.parent = others[best]
            draft.parent_score = float(np.exp(odds[best]) / (1 + np.exp(odds).sum()))
    for number in range(len(drafts)):
        trail: list[int] = []
        at: int | None = number
        while at is not None and at not in trail:
            trail.append(at)
            at = drafts[at].parent
        if at is not None:
            circle = trail[trail.index(at) :]
            drafts[min(circle, key=lambda i: drafts[i].parent_score)].parent = None
