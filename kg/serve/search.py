"""Search: practices that fit words and filters, with counts for every further choice."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from kg.errors import UsageError
from kg.serve.answers import Card, Count, Found, Named, Sentence, Suggestion, Summary
from kg.serve.catalogue import KINDS, Thing
from kg.serve.store import ServedStore

__all__ = ["Filters", "Sort", "cards", "found", "selected", "summary"]

Sort = Literal["relevance", "name", "place", "newest", "oldest"]
_MOST_VALUES = 400
"""Values of a facet that are sent; those of most practices."""
_SUGGESTIONS = 8
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Filters:
    """What a practice must be; several values of one kind: any of them."""

    words: str = ""
    region: Sequence[str] = field(default=())
    format: Sequence[str] = field(default=())
    audience: Sequence[str] = field(default=())
    topic: Sequence[str] = field(default=())
    since: int | None = None
    until: int | None = None
    """Years, both included."""
    min_confidence: float = 0.0
    stated_only: bool = False
    status: Literal["achieved", "planned"] | None = None


def found(store: ServedStore, filters: Filters, *, sort: Sort = "relevance", offset: int = 0, limit: int = 20) -> Found:
    """Practices that fit, a page of them as cards, and the facets."""
    started = time.perf_counter()
    known = store.catalogue
    masks, score = _masks(store, filters)
    whole = _all(masks, len(known.iris))
    facets = {}
    for kind in KINDS:
        facet = known.facets[kind]
        kept = whole if kind not in masks else _all(masks, len(known.iris), without=kind)
        numbers = facet.counts(kept, facet.fits(filters.min_confidence, filters.stated_only))
        facets[kind] = _counts(known.things[kind], numbers, keep=getattr(filters, kind))
    by_year = _all(masks, len(known.iris), without="year")
    by_status = _all(masks, len(known.iris), without="status")
    order = _ordered(store, np.flatnonzero(whole), score, sort)
    return Found(
        total=len(order),
        offset=offset,
        cards=cards(store, order[offset : offset + limit].tolist(), filters.words),
        facets=facets,
        years=_years(known.years[by_year]),
        planned=int((by_status & known.planned).sum()),
        achieved=int((by_status & ~known.planned).sum()),
        suggestions=_suggestions(store, filters.words),
        text_ready=store.words is not None,
        milliseconds=round((time.perf_counter() - started) * 1000, 2),
    )


def selected(store: ServedStore, filters: Filters) -> _Mask:
    """Which practices fit."""
    return _all(_masks(store, filters)[0], len(store.catalogue.iris))


def summary(store: ServedStore, *, top: int, cite: str, version: str) -> Summary:
    """What is in the graph, for a newcomer."""
    known = store.catalogue
    everything = np.ones(len(known.iris), dtype=np.bool_)
    tops = {}
    for kind in KINDS:
        facet = known.facets[kind]
        counts = _counts(known.things[kind], facet.counts(everything, facet.fits(0.0, False)))
        tops[kind] = [each for each in counts if kind != "region" or each.level == "province"][:top]
    days = sorted(article.published for article in known.articles.values() if article.published)
    provinces = {known.regions_at["province"].get(p) for p in known.place if p is not None} - {None}
    return Summary(
        practices=len(known.iris),
        planned=int(known.planned.sum()),
        articles=len(known.articles),
        reposts=sum(article.repost for article in known.articles.values()),
        provinces=len(provinces),
        first=days[0] if days else "",
        last=days[-1] if days else "",
        top=tops,
        years=_years(known.years),
        text_ready=store.words is not None,
        stale=store.is_stale(),
        cite=cite,
        version=version,
        base=store.base,
    )


def cards(store: ServedStore, numbers: Sequence[int], words: str = "") -> list[Card]:
    """Practices as cards, each with the sentence that holds the words, or that names it."""
    known = store.catalogue
    facet = known.facets["format"]
    wanted = np.isin(facet.practice, numbers) & facet.own
    formats: dict[int, list[Named]] = {}
    for practice, value in zip(facet.practice[wanted].tolist(), facet.value[wanted].tolist(), strict=True):
        thing = known.things["format"][value]
        formats.setdefault(practice, []).append(Named(id=thing.id, label=thing.zh, label_en=thing.en))
    made = []
    for number in numbers:
        place = known.place[number]
        made.append(
            Card(
                id=known.ids[number],
                label=known.labels[number],
                place=list(known.things["region"][place].path) if place is not None else [],
                first_day=known.days[number],
                planned=bool(known.planned[number]),
                confidence=round(float(known.sure[number]), 4),
                articles=len(known.articles_of[number]),
                formats=formats.get(number, [])[:4],
                sentence=_telling(store, number, words),
            )
        )
    return made


def _telling(store: ServedStore, number: int, words: str) -> Sentence | None:
    sentences = store.sentences[number] if store.sentences else []
    for word in [*words.split(), store.catalogue.labels[number]]:
        for sentence in sentences:
            at = sentence.casefold().find(word.casefold())
            if at >= 0:
                return Sentence(text=sentence, start=at, end=min(at + len(word), len(sentence)))
    return Sentence(text=sentences[0]) if sentences else None


def _masks(store: ServedStore, filters: Filters) -> tuple[dict[str, _Mask], npt.NDArray[np.int8] | None]:
    """Filter → which practices pass it; and how well the words fit each practice (None without words)."""
    if not 0 <= filters.min_confidence <= 1:
        raise UsageError("a confidence lies between 0 and 1", where="min_confidence")
    known = store.catalogue
    size = len(known.iris)
    masks: dict[str, _Mask] = {}
    for kind in KINDS:
        asked = getattr(filters, kind)
        if not asked:
            continue
        facet, mask = known.facets[kind], np.zeros(size, dtype=np.bool_)
        fits = facet.fits(filters.min_confidence, filters.stated_only)
        for short in asked:
            value = known.thing(kind, short)
            if value is None:
                raise UsageError(f"no practice has this {kind}", where=short[:200], remedy="choose one of the list")
            mask[facet.bearers(value, fits)] = True
        masks[kind] = mask
    if filters.since is not None or filters.until is not None:
        years = known.years
        masks["year"] = (years >= (filters.since or 1)) & (years <= (filters.until or 9999))
    if filters.status is not None:
        masks["status"] = known.planned if filters.status == "planned" else ~known.planned
    if filters.min_confidence > 0:
        masks["sure"] = known.sure >= filters.min_confidence
    score = _score(store, filters.words)
    if score is not None:
        masks["words"] = score > 0
    return masks, score


def _score(store: ServedStore, words: str) -> npt.NDArray[np.int8] | None:
    """For each practice how well it fits all words: 4 its very name, 3 in its name, 2 a place or concept, 1 its text."""
    score: npt.NDArray[np.int8] | None = None
    known = store.catalogue
    for word in words.split()[:8]:
        of_word = np.zeros(len(known.iris), dtype=np.int8)
        if store.words is not None:
            of_word[store.words.find(word)] = 1
        for kind in KINDS:
            facet = known.facets[kind]
            fitting = [n for n, thing in enumerate(known.things[kind]) if _holds(thing, word)]
            if fitting:
                of_word[facet.practice[np.isin(facet.value, fitting)]] = 2
        folded = word.casefold()
        names = store.catalogue.names
        of_word[names.find(word)] = 3
        of_word[[n for n in names.find(word).tolist() if known.labels[n].casefold() == folded]] = 4
        score = of_word if score is None else np.minimum(score, of_word)
    return score


def _holds(thing: Thing, word: str) -> bool:
    folded = word.casefold()
    return folded in thing.zh.casefold() or folded in thing.en.casefold()


def _all(masks: dict[str, _Mask], size: int, without: str = "") -> _Mask:
    kept = np.ones(size, dtype=np.bool_)
    for name, mask in masks.items():
        if name != without:
            kept &= mask
    return kept


def _counts(things: list[Thing], numbers: npt.NDArray[np.int64], keep: Sequence[str] = ()) -> list[Count]:
    order = np.argsort(-numbers, kind="stable")[:_MOST_VALUES].tolist()
    kept = [n for n, thing in enumerate(things) if thing.id in keep and n not in order] if keep else []
    return [
        Count(
            id=things[n].id,
            label=things[n].zh,
            label_en=things[n].en,
            practices=int(numbers[n]),
            path=list(things[n].path),
            level=things[n].level,
        )
        for n in [*order, *kept]
        if numbers[n] or n in kept
    ]


def _years(years: npt.NDArray[np.int64]) -> dict[str, int]:
    values, counts = np.unique(years, return_counts=True)
    return {str(year) if year else "": int(count) for year, count in zip(values.tolist(), counts.tolist(), strict=True)}


def _ordered(
    store: ServedStore, numbers: npt.NDArray[np.int64], score: npt.NDArray[np.int8] | None, sort: Sort
) -> npt.NDArray[np.int64]:
    known = store.catalogue
    rank = known.ranks[sort if sort != "relevance" else "relevance"][numbers]
    if sort == "relevance" and score is not None:
        return numbers[np.lexsort((rank, -score[numbers]))]
    return numbers[np.argsort(rank, kind="stable")]


def _suggestions(store: ServedStore, words: str) -> list[Suggestion]:
    """Places, concepts and articles whose name holds all that was typed."""
    asked = words.strip()
    if not asked:
        return []
    known = store.catalogue
    everything = known.totals
    made = []
    for kind in KINDS:
        fitting = [(n, thing) for n, thing in enumerate(known.things[kind]) if _holds(thing, asked)]
        fitting.sort(key=lambda pair: (pair[1].zh != asked, -int(everything[kind][pair[0]]), pair[1].zh))
        made += [
            Suggestion(
                id=thing.id,
                label=thing.zh,
                label_en=thing.en,
                practices=int(everything[kind][n]),
                path=list(thing.path),
                level=thing.level,
                kind=kind,
            )
            for n, thing in fitting[:_SUGGESTIONS]
        ]
    folded = asked.casefold()
    for iri in known.titles.find(folded).tolist()[:_SUGGESTIONS]:
        article = known.article_list[iri]
        made.append(Suggestion(id=article.file, label=article.title, practices=0, kind="article"))
    return made
