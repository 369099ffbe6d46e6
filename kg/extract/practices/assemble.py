"""From scored phrases to practices: which mentions are one practice, and what belongs to each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.extract.dates import DateMention
from kg.extract.learned.links import Judge, Scene, Thing, place_level
from kg.extract.learned.phrases import TYPES, Phrase, PhraseTable, choose
from kg.extract.practices.drafts import Draft, Linked, find_practices, practices_at_idle_places
from kg.extract.practices.keeping import keep_practices, keep_values
from kg.extract.practices.lists import complete_lists
from kg.extract.practices.plans import tells_of_a_plan
from kg.extract.practices.regions import choose_region, find_places, place_of_the_title, spread_over_lists
from kg.extract.text.page import Page
from kg.model import SLOTS

__all__ = ["assemble"]

LISTED = ("formats", "audiences", "topics", "partners", "venues")
"""Slots whose lists are completed."""


def assemble(  # noqa: PLR0917 - all that a decision looks at
    page: Page,
    table: PhraseTable,
    scores: NDArray[np.float32],
    telling: NDArray[np.float32],
    links: Judge,
    least: Mapping[str, float],
    dates: Sequence[DateMention] = (),
) -> list[Draft]:
    """The practices of an article, in the order of their first telling; none where not even the surest one is likely enough.

    ``telling`` are the log-odds of each sentence that it introduces one, ``least`` the models' thresholds.
    """
    drafts = find_practices(page, table, scores, telling, least)
    places = find_places(page, table, scores, least["region"]) or place_of_the_title(page)
    first_place = min((place.start for place in places), default=-1)
    scene = Scene(page, [_thing(page, draft) for draft in drafts], first_place)
    for number, draft in enumerate(drafts):
        draft.region = choose_region(scene, number, places, links)
    drafts = [draft for draft in drafts if draft.region is not None]  # a practice is somewhere, or it is background
    drafts += practices_at_idle_places(page, table, scores, drafts, least)
    drafts = sorted(keep_practices(page.text, drafts), key=lambda draft: draft.name.start)
    if not any(draft.name.score >= least["surest"] for draft in drafts):
        return []
    scene = Scene(page, [_thing(page, draft) for draft in drafts], first_place)
    for draft in drafts:
        draft.planned = tells_of_a_plan(page, draft.name.start, draft.name.end)
    _attach_values(scene, table, scores, drafts, links, least)
    _attach_dates(scene, dates, drafts, links, least)
    _parents(scene, drafts, links, least["parent"])
    return spread_over_lists(page, drafts, places)


def _thing(page: Page, draft: Draft) -> Thing:
    name = page.text[draft.region.phrase.start : draft.region.phrase.end] if draft.region else ""
    return Thing(tuple((m.start, m.end) for m in draft.mentions), draft.named, place_level(name), name)


def _attach_values(  # noqa: PLR0917 - all that a decision looks at
    scene: Scene,
    table: PhraseTable,
    scores: NDArray[np.float32],
    drafts: list[Draft],
    links: Judge,
    least: Mapping[str, float],
) -> None:
    for slot in SLOTS:
        chosen = choose(table, scores, slot, least[slot])
        if slot in LISTED:
            chosen = complete_lists(scene.page, table, scores, slot, chosen)
        for phrase in chosen:
            for number, score in _owners(scene, phrase, slot, links, least):
                drafts[number].values.setdefault(slot, []).append(Linked(phrase, score))
    for draft in drafts:
        draft.values = keep_values(scene.page.text, draft)
    for phrase in _outcomes(table, scores, least["outcomes"]):
        for number, score in _owners(scene, phrase, "outcomes", links, least):
            drafts[number].outcomes.append((table.figures[phrase.start, phrase.end], Linked(phrase, score)))


def _attach_dates(
    scene: Scene, dates: Sequence[DateMention], drafts: list[Draft], links: Judge, least: Mapping[str, float]
) -> None:
    for date in dates:
        if date.attachable:
            phrase = Phrase(date.start, date.end, "dates", date.confidence)
            for number, score in _owners(scene, phrase, "dates", links, least):
                drafts[number].dates.append((date, score))


def _owners(
    scene: Scene, phrase: Phrase, kind: str, links: Judge, thresholds: Mapping[str, float]
) -> Iterable[tuple[int, float]]:
    """(practice, probability) of all practices that a value belongs to.

    Those whose log-odds reach the threshold of its kind (``link`` or ``link_KIND``); where none does, the best one from
    ``last_link`` or ``last_KIND`` on.
    """
    least = thresholds.get(f"link_{kind}", thresholds["link"])
    last = thresholds.get(f"last_{kind}", thresholds["last_link"])
    thing = Thing(((phrase.start, phrase.end),))
    near = scene.near(phrase.start)
    odds = links.score([scene.pair(i, thing, kind) for i in near])
    best = int(odds.argmax())
    for at, (number, value) in enumerate(zip(near, odds.tolist(), strict=True)):
        if value > least or (at == best and value > last):
            yield number, float(1 / (1 + np.exp(-value)))


def _outcomes(table: PhraseTable, scores: NDArray[np.float32], least: float) -> list[Phrase]:
    column = scores[:, TYPES.index("outcomes")]
    return [
        Phrase(int(start), int(end), "outcomes", float(column[i]))
        for i, (_, _, start, end) in enumerate(table.rows.tolist())
        if (start, end) in table.figures and column[i] >= least
    ]


def _parents(scene: Scene, drafts: list[Draft], links: Judge, least: float) -> None:
    """Each practice's parent, if one is likelier than none; a circle is broken at its least likely link."""
    for number, draft in enumerate(drafts):
        others = [j for j in range(len(drafts)) if j != number]
        if not others:
            continue
        odds = links.score([scene.pair(number, scene.practices[j], "parent", j) for j in others])
        best = int(odds.argmax())
        if odds[best] > least:
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
