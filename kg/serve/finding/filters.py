"""Which practices fit the words and filters of a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from kg.errors import UsageError
from kg.serve.opened.catalogue import KINDS
from kg.serve.opened.store import ServedStore

__all__ = ["Filters", "Mask", "masks_of", "passing", "selected", "values_of_name"]

Mask = npt.NDArray[np.bool_]
"""Practice → whether it fits."""


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


def selected(store: ServedStore, filters: Filters) -> Mask:
    """Which practices fit."""
    return passing(store.catalogue.kept, masks_of(store, filters)[0])


def masks_of(store: ServedStore, filters: Filters) -> tuple[dict[str, Mask], npt.NDArray[np.int8] | None]:
    """Filter → which practices pass it; and how well the words fit each practice (None without words)."""
    if not 0 <= filters.min_confidence <= 1:
        raise UsageError("a confidence lies between 0 and 1", where="min_confidence")
    catalogue = store.catalogue
    masks: dict[str, Mask] = {}
    for kind in KINDS:
        asked = getattr(filters, kind)
        if not asked:
            continue
        values = [catalogue.thing(kind, short) for short in asked]
        if None in values:
            said = asked[values.index(None)][:200]
            raise UsageError(f"the graph knows no such {kind}", where=said, remedy="choose one of the list")
        facet, mask = catalogue.facets[kind], np.zeros(catalogue.size, dtype=np.bool_)
        fits = facet.fits(filters.min_confidence, filters.stated_only)
        mask[facet.bearers(np.array(values, dtype=np.int64), fits)] = True
        masks[kind] = mask
    if filters.since is not None or filters.until is not None:
        years = catalogue.years
        masks["year"] = (years >= (filters.since or 1)) & (years <= (filters.until or 9999))
    if filters.status is not None:
        planned = catalogue.columns.practices.planned
        masks["status"] = planned if filters.status == "planned" else ~planned
    if filters.min_confidence > 0:
        masks["sure"] = catalogue.columns.practices.confidence >= np.float32(filters.min_confidence)
    score = _score(store, filters.words)
    if score is not None:
        masks["words"] = score > 0
    return masks, score


def passing(kept: Mask, masks: dict[str, Mask], without: str = "") -> Mask:
    """Practices that pass all masks but one."""
    left = kept.copy()
    for name, mask in masks.items():
        if name != without:
            left &= mask
    return left


def _score(store: ServedStore, words: str) -> npt.NDArray[np.int8] | None:
    """For each practice how well it fits all words: 4 its very name, 3 in its name, 2 a place or concept, 1 its text."""
    score: npt.NDArray[np.int8] | None = None
    catalogue = store.catalogue
    for word in dict.fromkeys(words.split()):
        if score is not None and not score.any():
            break  # one word fits nothing: no practice has them all
        of_word = np.zeros(catalogue.size, dtype=np.int8)
        if store.words is not None and len(word) > 1:  # a single character stands in most texts and tells nothing
            of_word[store.words.find(word)] = 1
        for kind in KINDS:
            facet = catalogue.facets[kind]
            fitting = values_of_name(store, kind, word)
            if len(fitting):
                of_word[facet.bearers(fitting, None)] = 2
        of_word[catalogue.names.find(word)] = 3
        of_word[catalogue.of_name(word)] = 4
        score = of_word if score is None else np.minimum(score, of_word)
    return score


def values_of_name(store: ServedStore, kind: str, word: str) -> npt.NDArray[np.int64]:
    """Values of this kind that some practice has and whose name holds the word."""
    totals = store.catalogue.totals[kind]
    found = store.catalogue.value_words(kind).find(word)
    return found[totals[found] > 0]
