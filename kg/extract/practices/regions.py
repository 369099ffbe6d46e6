"""Where practices are carried out: the places of an article, and which of them each practice has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kg.extract.learned.links import Judge
from kg.extract.learned.pairs import Decision
from kg.extract.learned.phrases import Phrase, PhraseTable, choose
from kg.extract.learned.scene import Scene
from kg.extract.learned.things import Thing, group_places
from kg.extract.practices.drafts import Draft, Linked
from kg.extract.text.page import Page

__all__ = ["choose_regions", "find_places", "place_of_the_title", "spread_over_lists"]


def find_places(page: Page, table: PhraseTable, scores: NDArray[np.float32], least: float) -> list[Thing]:
    """The places that carry practices out, each with all its mentions."""
    chosen = choose(table, scores, "region", least)
    names = {page.text[phrase.start : phrase.end] for phrase in chosen}
    spans = {(phrase.start, phrase.end) for phrase in chosen}
    for name in sorted(names, key=lambda name: (-len(name), name)):  # 东圣社区 before the 圣社区 that stands in it
        for match in re.finditer(re.escape(name), page.text):
            if all(match.end() <= start or match.start() >= end for start, end in spans):
                spans.add(match.span())
    return group_places(page, spans)


_PLACE = re.compile(r"[\u4e00-\u9fff]{2,}?(?:街道|[省市区县旗镇乡村州盟])")


def place_of_the_title(page: Page) -> list[Thing]:
    """The place whose body the title names (浙江省金华市民政局：…), or none.

    A report on a single body may tell everything of 全市 and of 我局, so that no place in its text looks like one that
    carries a practice out.
    """
    bodies: list[tuple[int, int]] = []
    for start, end, tag in page.words:
        if tag in ("ORG", "LOC") and page.kind_at(start) == "title":
            joined = bodies and bodies[-1][1] == start  # 泉州市 and 民政局 are words of one body's name
            begin = bodies.pop()[0] if joined else start
            bodies.append((begin, end))
    for body in bodies:
        found = list(_PLACE.finditer(page.text, *body))
        if found:
            return group_places(page, [found[-1].span()])
    return []


def choose_regions(scene: Scene, places: Sequence[Thing], links: Judge) -> Iterator[Linked | None]:
    """The place that carries each practice out: the best of the article's places, at its nearest mention."""
    practices, every = range(len(scene.practices)), range(len(places))
    if not places:
        yield from (None for _ in practices)
        return
    decisions = [Decision("region", [number] * len(places), every) for number in practices]
    for odds, mentions in links.decide(scene, places, decisions):
        share = float(1 / np.exp(odds - odds.max()).sum())
        start, end = mentions[odds.argmax()].tolist()
        yield Linked(Phrase(start, end, "region", share), share)


def spread_over_lists(page: Page, drafts: list[Draft], places: Sequence[Thing]) -> list[Draft]:
    """A practice that a list of places carries out (甲、乙、丙等地的巡护队, or one with a name) is one in each of them.

    Not where the places come back later in the article: then the list only announces what is told of each below.
    """
    out: list[Draft] = []
    numbers: dict[int, int] = {}
    for number, draft in enumerate(drafts):
        numbers[number] = len(out)
        out.append(draft)
        region = draft.region.phrase if draft.region else None
        if region is None or page.sentence_at(region.start) != page.sentence_at(draft.name.start):
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
