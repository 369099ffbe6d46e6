"""Practices as cards: what a list shows of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kg.serve.answers import Card, Reference, Sentence
from kg.serve.finding.filters import Filters
from kg.serve.opened.store import ServedStore

__all__ = ["cards"]


def cards(store: ServedStore, numbers: Sequence[int], filters: Filters | None = None) -> list[Card]:
    """Practices as cards, each with what the filters leave of it and the sentence that holds the words, or that names it."""
    filters = filters or Filters()
    catalogue = store.catalogue
    columns = catalogue.limited(filters.min_confidence, filters.stated_only)
    facet = catalogue.facets["format"]
    wanted = facet.rows(np.array(numbers, dtype=np.int64))
    wanted = wanted[facet.own_fits(filters.min_confidence, filters.stated_only)[wanted]]
    formats: dict[int, list[Reference]] = {}
    for practice, value in zip(facet.practice[wanted].tolist(), facet.value[wanted].tolist(), strict=True):
        formats.setdefault(practice, []).append(catalogue.concepts[value].reference())
    practices = catalogue.columns.practices
    made = []
    for number in numbers:
        place = catalogue.place(number, columns)
        made.append(
            Card(
                id=catalogue.ids[number],
                label=catalogue.labels[number],
                place=list(place.path) if place else [],
                first_day=catalogue.day(number),
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
