"""The orders in which found practices stand."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from kg.compare import Columns

__all__ = ["ranks_of"]

_Ints = npt.NDArray[np.int64]


def ranks_of(columns: Columns, labels: list[str], paths: list[str]) -> dict[str, _Ints]:
    """Order (relevance, name, place, oldest, newest) → rank of each practice in it; ties always fall to the id.

    ``labels`` and ``paths`` are the names of the practices and of their places from the province down, joined.
    """
    practices = columns.practices
    named, placed, dates = _order(labels), _order(paths), practices.date
    days = np.where(np.isnat(dates), np.datetime64("9999-12-31"), dates)
    early = np.where(np.isnat(dates), np.datetime64("0001-01-01"), dates)
    keys: dict[str, tuple[Any, ...]] = {
        "relevance": (named, -practices.confidence, -practices.articles),
        "name": (named,),
        "place": (named, placed),
        "oldest": (named, days),
        "newest": (named, -early.astype(np.int64)),
    }
    ranks = {}
    for name, key in keys.items():
        ranks[name] = np.empty(len(columns), dtype=np.int64)
        ranks[name][np.lexsort(key)] = np.arange(len(columns))
    return ranks


def _order(strings: list[str]) -> _Ints:
    """Place of each string among the different ones, sorted."""
    places = {string: place for place, string in enumerate(sorted(set(strings)))}
    return np.array([places[string] for string in strings], dtype=np.int64)
