"""The practices of other regions that are nearest to one.

Similarity is a weighted Jaccard over the concepts (formats, audiences, topics) of two practices a and b::

    similarity(a, b) = Σ min(w(a, c), w(b, c)) / Σ max(w(a, c), w(b, c))     over all concepts c
    w(p, c) = idf(c)       where an article gives c to p
              idf(c) / 2   where c is only broader (skos:broader, any number of steps) than such a concept
              0            otherwise
    idf(c)  = ln(1 + N / n(c))

N practices have a concept at all, n(c) of them c or a narrower one. It lies between 0 (nothing in common) and 1 (the
same concepts); siblings meet in what is above them, a rare concept counts more than a common one.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.query.columns import FEATURES, LEVELS, Columns, Statement
from kg.query.engine import Engine
from kg.query.evidence import evidence_nodes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Common", "SimilarPractice", "similar_frame", "similar_practices"]

_Concept = tuple[str, str]
"""(kind, IRI)."""
_BROADER = 0.5
"""Part of its idf that a concept weighs where the practice has it only through a narrower one."""
_COLUMNS = ("practice", "label", "region", "similarity", "features", "kinds", "feature_practices", "concept_iris")


@dataclass(frozen=True)
class Common:
    """A concept that both practices have, themselves or through a narrower one."""

    kind: str
    concept: str
    practices: int
    """How many practices have it, or a narrower one."""
    evidence: str
    """IRI of the surest evidence of the other practice for it."""


@dataclass(frozen=True)
class SimilarPractice:
    """A practice of another region, and what it has in common with the one asked about."""

    practice: str
    similarity: float
    """From 0 (left out) to 1."""
    regions: tuple[str, ...]
    """IRIs of its regions as the articles give them, sorted."""
    common: tuple[Common, ...]
    """What weighs most first; broader concepts only where no narrower one is common."""


def similar_practices(
    columns: Columns,
    name: str,
    *,
    level: str = "province",
    stated_only: bool = False,
    min_confidence: float = 0.0,
) -> list[SimilarPractice]:
    """Practices of other regions with any concept in common, the nearest first, then by label and IRI.

    Parameters
    ----------
    name : label or IRI of a practice.
    level : administrative level at which two places count as different.
    stated_only : leave out what was inferred (a place taken over from the headline, for one).
    min_confidence : leave out statements of a lower confidence, from 0 to 1.

    A practice whose region at the level is not known is never an answer; if that of the one asked about is not
    known, those of all regions are. An article that reposts another is no witness of its own.

    Raises
    ------
    UsageError : no practice of this name (with suggestions), or several (with their IRIs); a level that does not
        exist, a confidence out of its range.
    """
    if level not in LEVELS:
        raise UsageError(f"no such level: {level}", where="--across", remedy="use one of " + ", ".join(LEVELS))
    if not 0 <= min_confidence <= 1:
        raise UsageError("a confidence lies between 0 and 1", where="--min-confidence")
    asked = _the_one(columns, name)
    kept = [s for s in columns.statements if s.confidence >= min_confidence and not (stated_only and s.inferred)]
    grounds, places = _features(columns, kept), _places(kept)
    if asked not in grounds:
        return []
    bearers = Counter(key for has in grounds.values() for key in has)
    idf = {key: math.log(1 + len(grounds) / count) for key, count in bearers.items()}
    here, mine = _at(columns, places[asked], level), _weights(grounds[asked], idf)
    found = []
    for practice, has in grounds.items():
        there = _at(columns, places[practice], level)
        if practice == asked or not there or here & there or not mine.keys() & has.keys():
            continue
        theirs = _weights(has, idf)
        similarity = _jaccard(mine, theirs)
        common = _common(columns, mine, theirs, has, bearers)
        found.append(SimilarPractice(practice, similarity, tuple(sorted(places[practice])), common))
    return sorted(found, key=lambda f: (-f.similarity, columns.practices.label(f.practice), f.practice))


def similar_frame(columns: Columns, engine: Engine, found: list[SimilarPractice], *, evidence: bool) -> pd.DataFrame:
    """The answers as ``Graph.similar`` gives them."""
    import pandas as pd

    paths = columns.regions.paths
    rows = [
        (
            each.practice,
            columns.practices.label(each.practice),
            "; ".join(sorted("/".join(paths.get(r, (columns.regions.label(r),))) for r in each.regions)),
            each.similarity,
            tuple(columns.concepts.label(c.concept) for c in each.common),
            tuple(c.kind for c in each.common),
            tuple(c.practices for c in each.common),
            tuple(c.concept for c in each.common),
        )
        for each in found
    ]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    if evidence:
        nodes = sorted({c.evidence for each in found for c in each.common})
        table = evidence_nodes(engine, nodes).set_index("evidence", drop=False)
        frame["evidence"] = [table.loc[[c.evidence for c in each.common]].reset_index(drop=True) for each in found]
    return frame


def _the_one(columns: Columns, name: str) -> str:
    found = sorted(columns.practices.find(name, where="practice"))
    if len(found) > 1:
        remedy = "name one by its IRI: " + ", ".join(found[:8])
        raise UsageError(f"{len(found)} practices are called {name!r}", where="practice", remedy=remedy)
    return found[0]


def _features(columns: Columns, kept: list[Statement]) -> dict[str, dict[_Concept, list[Statement]]]:
    """Practice → concept → the statements that give it, or a narrower one."""
    grounds: dict[str, dict[_Concept, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for s in kept:
        if s.relation in FEATURES:
            for concept in columns.above(s.value):
                grounds[s.practice][s.relation, concept].append(s)
    return grounds


def _places(kept: list[Statement]) -> dict[str, set[str]]:
    places: dict[str, set[str]] = defaultdict(set)
    for s in kept:
        if s.relation == "region":
            places[s.practice].add(s.value)
    return places


def _at(columns: Columns, places: set[str], level: str) -> set[str]:
    return {region for place in places if (region := columns.region_at(place, level))}


def _weights(has: dict[_Concept, list[Statement]], idf: dict[_Concept, float]) -> dict[_Concept, float]:
    return {
        key: idf[key] if any(s.value == key[1] for s in statements) else idf[key] * _BROADER
        for key, statements in has.items()
    }


def _jaccard(one: dict[_Concept, float], other: dict[_Concept, float]) -> float:
    # fsum, and digits that no order of summation changes: ties must be ties.
    either = one.keys() | other.keys()
    least = math.fsum(min(one[key], other[key]) for key in one.keys() & other.keys())
    return round(least / math.fsum(max(one.get(key, 0.0), other.get(key, 0.0)) for key in either), 6)


def _common(
    columns: Columns,
    mine: dict[_Concept, float],
    theirs: dict[_Concept, float],
    has: dict[_Concept, list[Statement]],
    bearers: Counter[_Concept],
) -> tuple[Common, ...]:
    both = mine.keys() & theirs.keys()
    implied = {(kind, up) for kind, concept in both for up in columns.above(concept)[1:]}
    found = []
    for key in sorted(both - implied, key=lambda k: (-min(mine[k], theirs[k]), columns.concepts.label(k[1]), k)):
        surest = min(has[key], key=lambda s: (s.value != key[1], s.inferred, -s.confidence, s.evidence))
        found.append(Common(*key, bearers[key], surest.evidence))
    return tuple(found)
