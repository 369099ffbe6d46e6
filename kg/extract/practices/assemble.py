"""From scored phrases to practices: which mentions are one practice, and what belongs to each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.extract.dates import DateMention
from kg.extract.learned.candidates import find_rows
from kg.extract.learned.links import Judge
from kg.extract.learned.pairs import Decision
from kg.extract.learned.phrases import TYPES, Phrase, PhraseTable, choose
from kg.extract.learned.scene import Scene
from kg.extract.learned.things import Thing, place_level
from kg.extract.practices.drafts import Draft, Linked, find_practices, practices_at_idle_places
from kg.extract.practices.keeping import keep_practices, keep_values
from kg.extract.practices.lists import complete_lists
from kg.extract.practices.plans import tells_of_a_plan
from kg.extract.practices.regions import choose_regions, find_places, place_of_the_title, spread_over_lists
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
    for draft, region in zip(drafts, choose_regions(scene, places, links), strict=True):
        draft.region = region
    drafts = [draft for draft in drafts if draft.region is not None]  # a practice is somewhere, or it is background
    drafts += practices_at_idle_places(page, table, scores, drafts, least)
    drafts = sorted(keep_practices(page.text, drafts), key=lambda draft: draft.name.start)
    if not any(draft.name.score >= least["surest"] for draft in drafts):
        return []
    scene = Scene(page, [_thing(page, draft) for draft in drafts], first_place)
    for draft in drafts:
        draft.planned = tells_of_a_plan(page, draft.name.start, draft.name.end)
    _attach_values(scene, table, scores, dates, drafts, links, least)
    _parents(scene, drafts, links, least["parent"])
    return spread_over_lists(page, drafts, places)


def _thing(page: Page, draft: Draft) -> Thing:
    name = page.text[draft.region.phrase.start : draft.region.phrase.end] if draft.region else ""
    return Thing(tuple((m.start, m.end) for m in draft.mentions), draft.named, place_level(name), name)


def _attach_values(  # noqa: PLR0917 - all that a decision looks at
    scene: Scene,
    table: PhraseTable,
    scores: NDArray[np.float32],
    dates: Sequence[DateMention],
    drafts: list[Draft],
    links: Judge,
    least: Mapping[str, float],
) -> None:
    """The values, outcomes and dates of each practice; who owns them is asked of all at once."""
    values: list[Phrase] = []
    for slot in SLOTS:
        chosen = choose(table, scores, slot, least[slot])
        values += complete_lists(scene.page, table, scores, slot, chosen) if slot in LISTED else chosen
    outcomes = _outcomes(table, scores, least["outcomes"])
    dates = [date for date in dates if date.attachable]
    dated = [Phrase(date.start, date.end, "dates", date.confidence) for date in dates]
    owners = _owners(scene, [*values, *outcomes, *dated], links, least)
    for phrase in values:
        for number, score in next(owners):
            drafts[number].values.setdefault(phrase.kind, []).append(Linked(phrase, score))
    for phrase in outcomes:
        for number, score in next(owners):
            drafts[number].outcomes.append((table.figures[phrase.start, phrase.end], Linked(phrase, score)))
    for date in dates:
        for number, score in next(owners):
            drafts[number].dates.append((date, score))
    for draft in drafts:
        draft.values = keep_values(scene.page.text, draft)


def _owners(
    scene: Scene, values: Sequence[Phrase], links: Judge, thresholds: Mapping[str, float]
) -> Iterator[list[tuple[int, float]]]:
    """For each value (practice, probability) of all practices that it belongs to.

    Those whose log-odds reach the threshold of its kind (``link`` or ``link_KIND``); where none does, the best one from
    ``last_link`` or ``last_KIND`` on.
    """
    things = [Thing(((value.start, value.end),)) for value in values]
    near = [scene.near(value.start) for value in values]
    decisions = [
        Decision(value.kind, numbers, [thing] * len(numbers))
        for thing, (value, numbers) in enumerate(zip(values, near, strict=True))
    ]
    for decision, (odds, _) in zip(decisions, links.decide(scene, things, decisions), strict=True):
        least = thresholds.get(f"link_{decision.kind}", thresholds["link"])
        last = thresholds.get(f"last_{decision.kind}", thresholds["last_link"])
        best = int(odds.argmax())
        yield [
            (number, float(1 / (1 + np.exp(-value))))
            for at, (number, value) in enumerate(zip(decision.practices, odds.tolist(), strict=True))
            if value > least or (at == best and value > last)
        ]


def _outcomes(table: PhraseTable, scores: NDArray[np.float32], least: float) -> list[Phrase]:
    rows = find_rows(table.rows, sorted(table.figures))
    rows, column = rows[rows >= 0], scores[:, TYPES.index("outcomes")]
    likely = rows[column[rows] >= least]
    spans = zip(table.rows[likely, 2:].tolist(), column[likely].tolist(), strict=True)
    return [Phrase(start, end, "outcomes", score) for (start, end), score in spans]


def _parents(scene: Scene, drafts: list[Draft], links: Judge, least: float) -> None:
    """Each practice's parent, if one is likelier than none; a circle is broken at its least likely link."""
    if len(drafts) > 1:
        every = range(len(drafts))
        others = [[other for other in every if other != number] for number in every]
        decisions = [Decision("parent", [number] * len(others[number]), others[number]) for number in every]
        for draft, decision, (odds, _) in zip(
            drafts, decisions, links.decide(scene, scene.practices, decisions), strict=True
        ):
            best = int(odds.argmax())
            if odds[best] > least:
                draft.parent = decision.things[best]
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
