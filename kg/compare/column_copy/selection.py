"""What a question leaves out, and the practices as they are without it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from kg.errors import UsageError
from kg.graph.rdf.values import first_day
from kg.query.arguments import several_names
from kg.query.limits import Limits
from kg.query.names import unknown

if TYPE_CHECKING:
    from kg.compare.column_copy.columns import Columns, Practices

__all__ = ["ALL", "Date", "Limited", "Selection", "apply", "dated_within", "derive_practices", "one_practice"]

Date = str | int | date
"""2024-06-30, 2024-06 or 2024 as text; a year as a number; a date or moment of datetime or pandas."""
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?\Z")
_NEVER = np.datetime64("NaT", "D")


class Limited(TypedDict, total=False):
    """The limits that every question takes, as keywords; a limit that is left out limits nothing."""

    stated_only: bool
    """Leave out what was inferred (a place taken over from the headline, for one)."""
    min_confidence: float
    """From 0 to 1; leave out what is less sure."""
    as_of: Date | None
    """Leave out articles that appeared later, or of which nobody knows when; a month or a year stands for its last day."""
    since: Date | None
    """Only practices whose date (``Practices.date``) is not before this; a month or a year stands for its first day."""
    until: Date | None
    """Only practices whose date is not after this; a month or a year stands for its last day."""
    region: str | Iterable[str] | None
    """Only practices within this place (name, path or IRI), or within one of these."""


@dataclass(frozen=True)
class Selection(Limits):
    """The limits of a question, checked; the fields are those of ``Limited``."""

    as_of: str | None = None
    """An ISO day, as ``since`` and ``until``."""
    since: str | None = None
    until: str | None = None
    region: tuple[str, ...] | None = None

    @classmethod
    def of(cls, **limits: Unpack[Limited]) -> Selection:
        """The limits as a user writes them. Raises UsageError for a date, a confidence or a name that is none."""
        given: dict[str, Any] = dict(limits)
        for name in ("as_of", "since", "until"):
            given[name] = _day(given.get(name), name, last=name != "since")
        given["region"] = several_names(given.get("region"), "region") or None
        return cls(**given)

    def words(self) -> tuple[str, ...]:
        """The limits in words, for notes; empty where there are none.

        >>> Selection.of(since=2024, region="四川省").words()
        ('practices from 2024-01-01', 'within 四川省')
        """
        parts = (
            f"articles up to {self.as_of}" if self.as_of else "",
            f"practices from {self.since}" if self.since else "",
            f"practices until {self.until}" if self.until else "",
            f"within {'、'.join(self.region)}" if self.region else "",
        )
        return (*super().words(), *(part for part in parts if part))


ALL = Selection()
"""Nothing left out."""


def _day(said: Date | None, name: str, *, last: bool = False) -> str | None:
    """A year or a month stands for its first day, or its last."""
    if said is None:
        return None
    iso = _iso(said)
    try:
        if not _DATE.match(iso):
            raise ValueError
        day = np.datetime64(first_day(iso) or "", "D")
        if last and len(iso) < 10:
            following = np.datetime64(iso, "Y" if len(iso) == 4 else "M") + 1
            day = following.astype("datetime64[D]") - np.timedelta64(1, "D")
        return str(day)
    except ValueError as error:
        raise UsageError(f"not a date: {said!r}", where=name, remedy="write 2024-06-30, 2024-06 or 2024") from error


def _iso(said: object) -> str:
    """A date as it is written: of a year its number, of a moment its day; whatever else it is as text."""
    if isinstance(said, date):  # those of datetime and pandas are dates
        return said.isoformat()[:10]
    if isinstance(said, np.datetime64):
        return str(said)[:10]
    return str(said)


def apply(columns: Columns, wanted: Selection) -> Columns:
    """The columns without what the selection leaves out."""
    if columns.chosen != ALL:
        raise ValueError("select from the whole columns, not from a selection")
    article = np.ones(len(columns.articles.iri), dtype=np.bool_)
    if wanted.as_of:
        with np.errstate(invalid="ignore"):
            article = columns.articles.published <= np.datetime64(wanted.as_of)  # False for NaT

    def fits(table: Any) -> NDArray[np.bool_]:
        kept = article[table.article] & (table.confidence >= np.float32(wanted.min_confidence))
        if wanted.stated_only and hasattr(table, "inferred"):
            kept &= ~table.inferred
        return kept

    names = ("statements", "reports", "dates", "outcomes")
    first = columns.limited(
        **{name: _rows(getattr(columns, name), fits(getattr(columns, name))) for name in names}, chosen=wanted
    )
    kept = first.practices.kept.copy()
    if wanted.since or wanted.until:
        kept &= dated_within(first.practices, wanted.since, wanted.until)
    if wanted.region:
        kept &= _within(first, wanted.region)
    if np.array_equal(kept, first.practices.kept):
        return first
    tables = {name: _rows(getattr(first, name), kept[getattr(first, name).practice]) for name in names}
    return first.limited(**tables, dropped=~kept)


def dated_within(practices: Practices, since: str | None, until: str | None) -> NDArray[np.bool_]:
    """Practices whose date (``Practices.date``) lies between two ISO days, both included; never those without a date."""
    day = practices.date
    inside = ~np.isnat(day)
    if since:
        inside &= day >= np.datetime64(since)
    if until:
        inside &= day <= np.datetime64(until)
    return inside


def _rows(table: Any, kept: NDArray[np.bool_]) -> Any:
    return type(table)(**{name: getattr(table, name)[kept] for name in table.__dataclass_fields__})


def _within(columns: Columns, regions: Iterable[str]) -> NDArray[np.bool_]:
    inside = np.zeros(len(columns.regions) + 1, dtype=np.bool_)  # the last for −1
    names = columns.regions.names
    for said in regions:
        for iri in names.find(said, where="region"):
            inside[columns.regions.below(columns.regions.place[iri])] = True
    inside[-1] = False
    return inside[columns.practices.region]


def derive_practices(columns: Columns) -> Practices:
    """Region, dates, status and witnesses of each practice, from the tables as they are."""
    from kg.compare.column_copy.columns import REGION, Practices

    count, told = len(columns), columns.reports
    articles = np.bincount(told.practice, minlength=count).astype(np.int32)
    kept = articles > 0
    if columns.dropped is not None:
        kept &= ~columns.dropped
    confidence = np.zeros(count, dtype=np.float32)
    np.maximum.at(confidence, told.practice, told.confidence)
    achieved = np.zeros(count, dtype=np.bool_)
    achieved[told.practice[~told.planned]] = True
    said = columns.statements
    here = said.relation == REGION
    region = _most_told(count, said.practice[here], said.value[here], said.confidence[here], len(columns.regions))
    region[~kept] = -1
    lift = columns.regions.lift
    return Practices(
        kept=kept,
        region=region,
        province=lift(region, "province"),
        prefecture=lift(region, "prefecture"),
        county=lift(region, "county"),
        first_day=_earliest(count, columns.dates.practice, columns.dates.day),
        published=_earliest(count, told.practice, columns.articles.published[told.article]),
        planned=kept & ~achieved,
        articles=np.where(kept, articles, np.int32(0)),
        confidence=confidence,
    )


def _most_told(
    count: int, practice: NDArray[np.int32], value: NDArray[np.int32], sure: NDArray[np.float32], values: int
) -> NDArray[np.int32]:
    found = np.full(count, -1, dtype=np.int32)
    if not len(practice):
        return found
    pairs, inverse, times = np.unique(
        practice.astype(np.int64) * values + value, return_inverse=True, return_counts=True
    )
    surest = np.zeros(len(pairs), dtype=np.float32)
    np.maximum.at(surest, inverse, sure)
    owner, node = pairs // values, pairs % values
    order = np.lexsort((-node, surest, times, owner))  # the best of each practice is written last
    found[owner[order]] = node[order]
    return found


def _earliest(count: int, practice: NDArray[np.int32], day: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    found = np.full(count, _NEVER, dtype="datetime64[D]")
    known = ~np.isnat(day)
    order = np.argsort(day[known], kind="stable")[::-1]  # the earliest is written last
    found[practice[known][order]] = day[known][order]
    return found


def one_practice(columns: Columns, said: str) -> int:
    """See ``Columns.find_practice``."""
    said = said.strip()
    found = list(columns.by_name.get(said, ()))
    if not found and ":" in said:
        found = [at for at, iri in enumerate(columns.practice_iri) if iri == said]
    if len(found) > 1:
        remedy = "name one by its IRI: " + ", ".join(columns.practice_iri.take(found[:8]))
        raise UsageError(f"{len(found)} practices are called {said!r}", where="practice", remedy=remedy)
    if not found:
        raise unknown("practice", said, columns.by_name, where="practice")
    return found[0]
