"""From the words of a user to the practices that are meant: 夜校, 网格员, or practices by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kg.compare.column_copy.columns import FEATURES, RELATIONS, Columns
from kg.query.names import unknown

if TYPE_CHECKING:
    from kg.compare.column_copy.features import Features

__all__ = ["absent", "as_kinds", "bearers", "chosen", "concepts_of", "grounds_of", "named"]

Mask = NDArray[np.bool_]


def concepts_of(columns: Columns, said: str, kinds: Iterable[str] = FEATURES) -> set[int]:
    """The concepts of this name (any label, or IRI), those that practices have as a feature of these kinds if any are.

    A concept that no selected practice has is no mistake: the answer is empty. Raises UsageError, with the nearest names in
    use, where no concept is called so.
    """
    features = columns.features(kinds)
    used = set(features.concept.tolist())
    found = named(columns, said)
    if not found:
        labels = columns.concepts.label.take(sorted(used))
        raise unknown("feature of practices", said.strip(), labels, where="feature")
    return found & used or found


def named(columns: Columns, said: str) -> set[int]:
    """The concepts of this name, used or not: any label, the IRI or its end (format/night-school)."""
    return {columns.concepts.place[iri] for iri in columns.concepts.names.named(said)}


def bearers(
    columns: Columns, words: Sequence[str], kinds: Iterable[str] = FEATURES, *, exact: bool = False
) -> tuple[Mask, list[set[int]]]:
    """Practices that have all of these features (themselves or, unless ``exact``, a narrower one), and the concepts.

    Raises UsageError as ``concepts_of``.
    """
    wanted = tuple(kinds)
    features = columns.features(wanted, broader=not exact)
    kept = columns.practices.kept.copy()
    meant = []
    for said in words:
        # Names are looked up among all features, so that --exact tells "none has it" from "no such name".
        concepts = concepts_of(columns, said, wanted)
        kept &= having(features, concepts)
        meant.append(concepts)
    return kept, meant


def absent(
    columns: Columns, words: Sequence[str], found: Mask, kinds: Iterable[str] = FEATURES, *, exact: bool = False
) -> tuple[str, ...]:
    """A line for each word that the vocabulary knows and no practice has; or one that none has all; else nothing.

    ``found`` are practices that have all: where there is one, nothing needs to be looked up again. Raises UsageError as
    ``concepts_of``.
    """
    if found.any():
        return ()
    wanted = tuple(kinds)
    nobody = [said for said in words if not bearers(columns, [said], wanted, exact=exact)[0].any()]
    itself = " itself" if exact else ""
    if nobody:
        return tuple(f"no practice has {said}{itself}{as_kinds(wanted)}" for said in nobody)
    if words and not bearers(columns, words, wanted, exact=exact)[0].any():
        return (f"no practice has all of {'、'.join(words)}{as_kinds(wanted)}",)
    return ()


def as_kinds(kinds: Iterable[str]) -> str:
    """Which kinds of features were looked among, for a sentence; empty where it was all."""
    wanted = tuple(dict.fromkeys(kinds))
    if set(FEATURES) <= set(wanted):
        return ""
    if not wanted:
        return " (no kind of feature was asked for)"
    return " as " + ", ".join(wanted[:-1]) + (" or " if len(wanted) > 1 else "") + wanted[-1]


def having(features: Features, concepts: set[int]) -> Mask:
    """Practices that have one of these concepts, as any kind of feature."""
    hit = np.isin(features.concept, list(concepts))[features.feature]
    mask = np.zeros(features.practices, dtype=np.bool_)
    mask[features.owner[hit]] = True
    return mask


def chosen(columns: Columns, practices: Iterable[str]) -> Mask:
    """Practices by IRI or label. Raises UsageError where one is not known."""
    mask = np.zeros(len(columns), dtype=np.bool_)
    places = {iri: at for at, iri in enumerate(columns.practice_iri)}
    for said in practices:
        at = places.get(said)
        mask[columns.by_name.get(said, []) if at is None else at] = True
        if at is None and said not in columns.by_name:
            raise unknown("practice", said, columns.by_name, where="practices")
    return mask & columns.practices.kept


def grounds_of(
    columns: Columns, practices: NDArray[np.int64], concepts: Iterable[int], kinds: Iterable[str] = FEATURES
) -> dict[int, list[int]]:
    """Practice → rows of ``columns.statements`` that give it one of the concepts or a narrower one, surest first."""
    below = np.zeros(len(columns.concepts), dtype=np.bool_)
    for concept in concepts:
        below[columns.concepts.below(concept)] = True
    codes = [RELATIONS.index(kind) for kind in kinds]
    said = columns.statements
    # Sorted by practice: each practice's statements stand together.
    first = np.searchsorted(said.practice, practices, side="left").tolist()
    last = np.searchsorted(said.practice, practices, side="right").tolist()
    found: dict[int, list[int]] = {}
    for practice, start, end in zip(practices.tolist(), first, last, strict=True):
        rows = np.arange(start, end)
        fits = np.isin(said.relation[start:end], codes)
        rows = rows[fits]
        rows = rows[below[said.value[rows]]]
        order = np.lexsort((rows, -said.confidence[rows], said.inferred[rows]))
        found[practice] = rows[order].tolist()
    return found
