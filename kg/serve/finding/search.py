"""Search: practices that fit words and filters, with counts for every further choice."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from kg.errors import UsageError
from kg.serve.answers import Card, CountedReference, Reference, SearchResult, Sentence, Suggestion, Summary
from kg.serve.finding.catalogue import KINDS, Thing
from kg.serve.store import ServedStore

__all__ = ["Filters", "Sort", "cards", "found", "selected", "summary"]

Sort = Literal["relevance", "name", "place", "newest", "oldest"]
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


def found(  # noqa: PLR0917 - what a reader can ask
    store: ServedStore, filters: Filters, sort: Sort = "relevance", offset: int = 0, limit: int = 20, values: int = 30
) -> SearchResult:
    """Practices that fit, a page of them as cards, and of each facet so many values as most practices have.

    Of the regions also all provinces, and what lies directly below a chosen one.
    """
    started = time.perf_counter()
    known = store.catalogue
    masks, score = _masks(store, filters)
    whole = _all(known.kept, masks)
    facets = {}
    for kind in KINDS:
        facet = known.facets[kind]
        kept = whole if kind not in masks else _all(known.kept, masks, without=kind)
        fits = facet.fits(filters.min_confidence, filters.stated_only)
        everything = fits is None and np.array_equal(kept, known.kept)
        numbers = known.totals[kind] if everything else facet.counts(kept, fits)
        keep = [n for short in getattr(filters, kind) if (n := known.thing(kind, short)) is not None]
        if kind == "region":
            keep = known.region_choices(keep)
        facets[kind] = _counts(known.things[kind], numbers, values, keep)
    by_year = _all(known.kept, masks, without="year")
    by_status = _all(known.kept, masks, without="status")
    planned = known.columns.practices.planned
    fitting = np.flatnonzero(whole)
    return SearchResult(
        total=len(fitting),
        offset=offset,
        cards=cards(store, _page(store, fitting, score, sort, offset, limit), filters),
        facets=facets,
        years=_years(known.years[by_year]),
        planned=int((by_status & planned).sum()),
        achieved=int((by_status & ~planned).sum()),
        suggestions=_suggestions(store, filters.words),
        text_ready=store.words is not None,
        milliseconds=round((time.perf_counter() - started) * 1000, 2),
    )


def selected(store: ServedStore, filters: Filters) -> _Mask:
    """Which practices fit."""
    return _all(store.catalogue.kept, _masks(store, filters)[0])


def summary(store: ServedStore, *, top: int, cite: str, version: str) -> Summary:
    """What is in the graph, for a newcomer."""
    known = store.catalogue
    tops = {kind: _counts(known.things[kind], known.totals[kind], top) for kind in KINDS[1:]}
    tops["region"] = _counts(known.regions, known.totals["region"], 0, known.region_choices([]))[:top]
    articles, practices = known.columns.articles, known.columns.practices
    days = articles.published[~np.isnat(articles.published)]
    return Summary(
        practices=int(known.kept.sum()),
        planned=int(practices.planned.sum()),
        articles=len(known.files),
        reposts=int((articles.repost_of >= 0).sum()),
        provinces=len(np.unique(practices.province[practices.province >= 0])),
        first=str(days.min()) if len(days) else "",
        last=str(days.max()) if len(days) else "",
        top=tops,
        years=_years(known.years[known.kept]),
        text_ready=store.words is not None,
        stale=store.is_stale(),
        cite=cite,
        version=version,
        base=store.base,
    )


def cards(store: ServedStore, numbers: Sequence[int], filters: Filters | None = None) -> list[Card]:
    """Practices as cards, each with what the filters leave of it and the sentence that holds the words, or that names it."""
    filters = filters or Filters()
    known = store.catalogue
    columns = known.limited(filters.min_confidence, filters.stated_only)
    facet = known.facets["format"]
    wanted = facet.rows(np.array(numbers, dtype=np.int64))
    wanted = wanted[facet.own_fits(filters.min_confidence, filters.stated_only)[wanted]]
    formats: dict[int, list[Reference]] = {}
    for practice, value in zip(facet.practice[wanted].tolist(), facet.value[wanted].tolist(), strict=True):
        thing = known.concepts[value]
        formats.setdefault(practice, []).append(Reference(id=thing.id, label=thing.zh, label_en=thing.en))
    practices = known.columns.practices
    made = []
    for number in numbers:
        place = known.place(number, columns)
        made.append(
            Card(
                id=known.ids[number],
                label=known.labels[number],
                place=list(place.path) if place else [],
                first_day=known.day(number),
                planned=bool(practices.planned[number]),
                confidence=round(float(practices.confidence[number]), 4),
                articles=int(practices.articles[number]),
                formats=formats.get(number, [])[:4],
                sentence=_telling(store, number, filters.words),
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
    masks: dict[str, _Mask] = {}
    for kind in KINDS:
        asked = getattr(filters, kind)
        if not asked:
            continue
        values = [known.thing(kind, short) for short in asked]
        if None in values:
            said = asked[values.index(None)][:200]
            raise UsageError(f"the graph knows no such {kind}", where=said, remedy="choose one of the list")
        facet, mask = known.facets[kind], np.zeros(known.size, dtype=np.bool_)
        fits = facet.fits(filters.min_confidence, filters.stated_only)
        mask[facet.bearers(np.array(values, dtype=np.int64), fits)] = True
        masks[kind] = mask
    if filters.since is not None or filters.until is not None:
        years = known.years
        masks["year"] = (years >= (filters.since or 1)) & (years <= (filters.until or 9999))
    if filters.status is not None:
        planned = known.columns.practices.planned
        masks["status"] = planned if filters.status == "planned" else ~planned
    if filters.min_confidence > 0:
        masks["sure"] = known.columns.practices.confidence >= np.float32(filters.min_confidence)
    score = _score(store, filters.words)
    if score is not None:
        masks["words"] = score > 0
    return masks, score


def _score(store: ServedStore, words: str) -> npt.NDArray[np.int8] | None:
    """For each practice how well it fits all words: 4 its very name, 3 in its name, 2 a place or concept, 1 its text."""
    score: npt.NDArray[np.int8] | None = None
    known = store.catalogue
    for word in dict.fromkeys(words.split()):
        if score is not None and not score.any():
            break  # one word fits nothing: no practice has them all
        of_word = np.zeros(known.size, dtype=np.int8)
        if store.words is not None and len(word) > 1:  # a single character stands in most texts and tells nothing
            of_word[store.words.find(word)] = 1
        for kind in KINDS:
            facet = known.facets[kind]
            fitting = _of_name(store, kind, word)
            if len(fitting):
                of_word[facet.bearers(fitting, None)] = 2
        of_word[known.names.find(word)] = 3
        of_word[known.of_name(word)] = 4
        score = of_word if score is None else np.minimum(score, of_word)
    return score


def _of_name(store: ServedStore, kind: str, word: str) -> npt.NDArray[np.int64]:
    """Values of this kind that some practice has and whose name holds the word."""
    totals = store.catalogue.totals[kind]
    found = store.catalogue.value_words(kind).find(word)
    return found[totals[found] > 0]


def _all(kept: _Mask, masks: dict[str, _Mask], without: str = "") -> _Mask:
    """Practices that pass all masks but one."""
    left = kept.copy()
    for name, mask in masks.items():
        if name != without:
            left &= mask
    return left


def _counts(
    things: list[Thing], numbers: npt.NDArray[np.int64], most: int, keep: Sequence[int] = ()
) -> list[CountedReference]:
    """The values that most practices have, and those to keep in any case (without a practice only if they are chosen)."""
    some = np.flatnonzero(numbers)
    order = some[np.argsort(-numbers[some], kind="stable")][:most].tolist()
    order += sorted(set(keep) - set(order), key=lambda n: -int(numbers[n]))
    return [
        CountedReference(
            id=things[n].id,
            label=things[n].zh,
            label_en=things[n].en,
            practices=int(numbers[n]),
            path=list(things[n].path),
            level=things[n].level,
        )
        for n in order
    ]


def _years(years: npt.NDArray[np.int64]) -> dict[str, int]:
    counts = np.bincount(years)
    return {str(year) if year else "": int(counts[year]) for year in np.flatnonzero(counts).tolist()}


def _page(  # noqa: PLR0917 - what a page is made of
    store: ServedStore,
    numbers: npt.NDArray[np.int64],
    score: npt.NDArray[np.int8] | None,
    sort: Sort,
    offset: int,
    limit: int,
) -> list[int]:
    """The practices of one page: only they are put in order."""
    key = store.catalogue.ranks[sort][numbers]
    if sort == "relevance" and score is not None:
        key = key - score[numbers].astype(np.int64) * store.catalogue.size
    last = min(len(key), offset + limit)
    if 0 < last < len(key):
        first = np.argpartition(key, last - 1)[:last]
        numbers, key = numbers[first], key[first]
    return numbers[np.argsort(key, kind="stable")][offset:last].tolist()


def _suggestions(store: ServedStore, words: str) -> list[Suggestion]:
    """Places, concepts and articles whose name holds all that was typed."""
    asked = words.strip()
    if not asked:
        return []
    known = store.catalogue
    made = []
    for kind in KINDS:
        totals, things = known.totals[kind], known.things[kind]
        # Of the places whose path holds the words, those that the words are about: not all of Chongqing for 重庆.
        fitting = [
            (n, thing)
            for n in _of_name(store, kind, asked).tolist()
            if asked not in "".join((thing := things[n]).path[:-1]) or asked in thing.zh
        ]
        fitting.sort(key=lambda pair: (pair[1].zh != asked, -int(totals[pair[0]]), pair[1].zh))
        made += [
            Suggestion(
                id=thing.id,
                label=thing.zh,
                label_en=thing.en,
                practices=int(totals[n]),
                path=list(thing.path),
                level=thing.level,
                kind=kind,
            )
            for n, thing in fitting[:_SUGGESTIONS]
        ]
    for article in known.title_words.find(asked).tolist()[:_SUGGESTIONS]:
        made.append(Suggestion(id=known.files[article], label=known.titles[article], practices=0, kind="article"))
    return made
