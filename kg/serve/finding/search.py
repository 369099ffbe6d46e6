"""A page of the practices that fit, with counts for every further choice; and what is in the graph."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from kg import __version__
from kg.serve.answers import CountedReference, SearchResult, Suggestion, Summary
from kg.serve.citation import graph_line
from kg.serve.finding.cards import cards
from kg.serve.finding.filters import Filters, masks_of, passing, values_of_name
from kg.serve.opened.catalogue import FEATURES, KINDS, Thing
from kg.serve.opened.store import ServedStore

__all__ = ["Sort", "search_result", "summary"]

Sort = Literal["relevance", "name", "place", "newest", "oldest"]
_SUGGESTIONS = 8


def search_result(  # noqa: PLR0917 - what a reader can ask
    store: ServedStore, filters: Filters, sort: Sort = "relevance", offset: int = 0, limit: int = 20, values: int = 30
) -> SearchResult:
    """Practices that fit, a page of them as cards, and of each facet so many values as most practices have.

    Of the regions also all provinces, and what lies directly below a chosen one.
    """
    started = time.perf_counter()
    catalogue = store.catalogue
    masks, score = masks_of(store, filters)
    whole = passing(catalogue.kept, masks)
    facets = {}
    for kind in KINDS:
        facet = catalogue.facets[kind]
        kept = whole if kind not in masks else passing(catalogue.kept, masks, without=kind)
        fits = facet.fits(filters.min_confidence, filters.stated_only)
        everything = fits is None and np.array_equal(kept, catalogue.kept)
        numbers = catalogue.totals[kind] if everything else facet.counts(kept, fits)
        keep = [n for short in getattr(filters, kind) if (n := catalogue.thing(kind, short)) is not None]
        if kind == "region":
            keep = catalogue.region_choices(keep)
        facets[kind] = _counts(catalogue.things[kind], numbers, values, keep)
    by_year = passing(catalogue.kept, masks, without="year")
    by_status = passing(catalogue.kept, masks, without="status")
    planned = catalogue.columns.practices.planned
    fitting = np.flatnonzero(whole)
    return SearchResult(
        total=len(fitting),
        offset=offset,
        cards=cards(store, _page(store, fitting, score, sort, offset, limit), filters),
        facets=facets,
        years=_years(catalogue.years[by_year]),
        planned=int((by_status & planned).sum()),
        achieved=int((by_status & ~planned).sum()),
        suggestions=_suggestions(store, filters.words),
        text_ready=store.words is not None,
        milliseconds=round((time.perf_counter() - started) * 1000, 2),
    )


def summary(store: ServedStore, *, top: int) -> Summary:
    """What is in the graph, for a newcomer."""
    catalogue = store.catalogue
    tops: dict[str, list[CountedReference]] = {
        kind: _counts(catalogue.things[kind], catalogue.totals[kind], top) for kind in FEATURES
    }
    tops["region"] = _counts(catalogue.regions, catalogue.totals["region"], 0, catalogue.region_choices([]))[:top]
    articles, practices = catalogue.columns.articles, catalogue.columns.practices
    days = articles.published[~np.isnat(articles.published)]
    return Summary(
        practices=int(catalogue.kept.sum()),
        planned=int(practices.planned.sum()),
        articles=len(catalogue.files),
        reposts=int((articles.repost_of >= 0).sum()),
        provinces=len(np.unique(practices.province[practices.province >= 0])),
        first=str(days.min()) if len(days) else "",
        last=str(days.max()) if len(days) else "",
        top=tops,
        years=_years(catalogue.years[catalogue.kept]),
        text_ready=store.words is not None,
        stale=store.is_stale(),
        cite=graph_line(store),
        version=__version__,
        base=store.base,
    )


def _counts(
    things: list[Thing], numbers: npt.NDArray[np.int64], most: int, keep: Sequence[int] = ()
) -> list[CountedReference]:
    """The values that most practices have, and those to keep in any case (without a practice only if they are chosen)."""
    some = np.flatnonzero(numbers)
    order = some[np.argsort(-numbers[some], kind="stable")][:most].tolist()
    order += sorted(set(keep) - set(order), key=lambda n: -int(numbers[n]))
    return [things[n].counted(int(numbers[n])) for n in order]


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
    catalogue = store.catalogue
    made = []
    for kind in KINDS:
        totals, things = catalogue.totals[kind], catalogue.things[kind]
        # Of the places whose path holds the words, those that the words are about: not all of Chongqing for 重庆.
        fitting = [
            (n, thing)
            for n in values_of_name(store, kind, asked).tolist()
            if asked not in "".join((thing := things[n]).path[:-1]) or asked in thing.zh
        ]
        fitting.sort(key=lambda pair: (pair[1].zh != asked, -int(totals[pair[0]]), pair[1].zh))
        made += [
            Suggestion(kind=kind, **thing.counted(int(totals[n])).model_dump()) for n, thing in fitting[:_SUGGESTIONS]
        ]
    for article in catalogue.title_words.find(asked).tolist()[:_SUGGESTIONS]:
        made.append(
            Suggestion(id=catalogue.files[article], label=catalogue.titles[article], practices=0, kind="article")
        )
    return made
