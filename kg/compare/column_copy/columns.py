"""The column copy: what the graph says of all practices, as arrays; every comparison runs on it.

A store is asked one practice at a time in SPARQL; a question that touches every practice is answered from these columns
a hundred times faster. They are derived from a finished generation (``kg.compare.column_copy.reading``) and kept beside it
(``kg.compare.column_copy.saved``). Numbers are indices: practice i, concept j, region k, article l are rows of ``practice_iri``,
``concepts``, ``regions``, ``articles``, each sorted by IRI. −1 stands for unknown, NaT for a date that nobody stated.
Statements of articles that repost another are left out: a repost is no witness of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from kg.compare.column_copy.features import Features, feature_table
from kg.compare.column_copy.nodes import LEVELS, Concepts, Regions
from kg.compare.column_copy.selection import ALL, Limited, Selection
from kg.compare.column_copy.texts import Texts
from kg.errors import UsageError

__all__ = ["FEATURES", "LEVELS", "RELATIONS", "Articles", "Columns", "Dates", "Outcomes", "Practices", "Statements"]

RELATIONS = ("format", "audience", "topic", "organiser", "region")
"""What a statement says of a practice; its code is the place in this tuple. ``organiser``: the kind of organisation."""
FEATURES = RELATIONS[:4]
"""Relations whose values are concepts that practices are compared by."""
REGION = RELATIONS.index("region")

Mask = NDArray[np.bool_]
Index = NDArray[np.int32]
Days = NDArray[np.datetime64]


@dataclass(frozen=True)
class Statements:
    """One feature or region that one article gives to one practice; sorted by practice."""

    practice: Index
    relation: NDArray[np.int8]
    value: Index
    """A concept; a region where the relation is ``region``."""
    article: Index
    inferred: Mask
    confidence: NDArray[np.float32]
    evidence: Index
    """Row of ``Columns.evidence``."""


@dataclass(frozen=True)
class Reports:
    """One practice told by one article (no repost)."""

    practice: Index
    article: Index
    planned: Mask
    confidence: NDArray[np.float32]
    """Of the practice's name in that article."""


@dataclass(frozen=True)
class Dates:
    """A date that an article states of a practice; only those that give a first day."""

    practice: Index
    day: Days
    last: Days
    """The last day that the words may mean: 2023 is any day up to 2023-12-31, 去年冬天 and 两年来 any day of the time they
    name; of a start that lasts until the article (从去年9月起) only the start. ``day`` itself where the words name a day."""
    role: NDArray[np.int8]
    """Place in ``Dates.ROLES``; −1 for another."""
    article: Index
    inferred: Mask
    confidence: NDArray[np.float32]
    evidence: Index
    ROLES = ("start", "held", "opened", "period", "recurrence")


@dataclass(frozen=True)
class Outcomes:
    """A figure that an article reports of a practice."""

    practice: Index
    value: NDArray[np.float64]
    unit: Index
    """A concept (人次, 期, 册 …)."""
    counted: Index
    """A concept: what was counted; −1 where the article does not say."""
    comparator: NDArray[np.int8]
    modality: NDArray[np.int8]
    article: Index
    inferred: Mask
    confidence: NDArray[np.float32]
    evidence: Index
    COMPARATORS = ("exactly", "more_than", "less_than", "about")
    MODALITIES = ("achieved", "planned", "quoted")


@dataclass(frozen=True)
class Articles:
    """The articles, reposts among them."""

    iri: Texts
    file: Texts
    publisher: Texts
    """Empty where the article names none."""
    published: Days
    """First day of what the article states (2023-10 is 2023-10-01)."""
    repost_of: Index

    @cached_property
    def source(self) -> tuple[Index, list[str]]:
        """The publisher of each article as a place in the list of them (sorted); −1 where the article names none."""
        names = list(self.publisher)
        known = sorted(set(names) - {""})
        place = {name: at for at, name in enumerate(known)} | {"": -1}
        return np.array([place[name] for name in names], dtype=np.int32), known


@dataclass(frozen=True)
class Practices:
    """One row a practice, derived from what is selected; rows that are not ``kept`` hold unknowns."""

    kept: Mask
    region: Index
    """The region most articles give it, then the surest, then the first by IRI."""
    province: Index
    prefecture: Index
    county: Index
    first_day: Days
    """The earliest day stated of the practice."""
    published: Days
    """When the first of its articles appeared."""
    planned: Mask
    """True where every article only announces it."""
    articles: Index
    """How many articles tell of it, reposts not counted."""
    confidence: NDArray[np.float32]

    @property
    def date(self) -> Days:
        """The first day stated; where there is none, the day of the first article."""
        return np.where(np.isnat(self.first_day), self.published, self.first_day)


@dataclass(frozen=True)
class Columns:
    """All of a store that comparisons need; immutable. ``select`` gives a filtered one with the same indices."""

    practice_iri: Texts
    practice_label: Texts
    statements: Statements
    reports: Reports
    dates: Dates
    outcomes: Outcomes
    articles: Articles
    concepts: Concepts
    regions: Regions
    evidence: Texts
    """IRIs of evidence nodes (``kg.query.evidence_nodes`` gives words, sentence and place in the file)."""
    chosen: Selection = ALL
    """What was selected."""
    dropped: Mask | None = None
    """Practices that the selection left out."""

    def __len__(self) -> int:
        return len(self.practice_iri)

    @cached_property
    def practices(self) -> Practices:
        """Region, dates, status and witnesses of each practice."""
        from kg.compare.column_copy.selection import derive_practices

        return derive_practices(self)

    def region_at(self, level: str) -> Index:
        """Region of each practice at a level; −1 where its path ends above it, or where it is not kept.

        Raises UsageError where there is no such level.
        """
        if level == "city":
            level = "prefecture"
        if level not in LEVELS:
            raise UsageError(f"no such level: {level}", where="across", remedy="use one of city, " + ", ".join(LEVELS))
        return self.regions.lift(self.practices.region, level)

    def features(self, kinds: Iterable[str] = FEATURES, *, broader: bool = True) -> Features:
        """Practices × features as sparse rows, broader concepts included (half of their weight) unless told not to.

        Raises UsageError where a kind is none of FEATURES.
        """
        wanted = tuple(kinds)
        for kind in wanted:
            if kind not in FEATURES:
                remedy = "use one of " + ", ".join(FEATURES)
                raise UsageError(f"no such feature: {kind}", where="features", remedy=remedy)
        known = self._features.get((wanted, broader))
        if known is None:
            known = self._features[wanted, broader] = feature_table(self, wanted, broader=broader)
        return known

    @cached_property
    def _features(self) -> dict[tuple[tuple[str, ...], bool], Features]:
        return {}

    @cached_property
    def by_name(self) -> dict[str, list[int]]:
        """Label → the practices of that name that are kept (one that only a repost tells of is not)."""
        found: dict[str, list[int]] = {}
        for at, (label, kept) in enumerate(zip(self.practice_label, self.practices.kept.tolist(), strict=True)):
            if kept:
                found.setdefault(label, []).append(at)
        return found

    def find_practice(self, said: str) -> int:
        """The practice of this label or IRI.

        Raises UsageError where there is none (with suggestions), or where there are several (with their IRIs).
        """
        from kg.compare.column_copy.selection import one_practice

        return one_practice(self, said)

    def select(self, **limits: Unpack[Limited]) -> Columns:
        """The columns without what the limits leave out; the indices stay the same.

        A date is written "2024-06-30", "2024-06", "2024" or 2024, or is one of datetime, numpy or pandas.

        Raises UsageError for a bad date, a confidence out of its range, a place that is unknown or ambiguous.
        """
        return self.within(Selection.of(**limits))

    def within(self, wanted: Selection) -> Columns:
        """The columns without what a selection leaves out. Raises UsageError for a place that is unknown or ambiguous."""
        from kg.compare.column_copy.selection import apply

        return self if wanted == ALL else apply(self, wanted)

    def limited(self, **tables: object) -> Columns:
        """The same columns with other tables (for selections and resamples)."""
        return replace(self, **tables)  # type: ignore[arg-type]
