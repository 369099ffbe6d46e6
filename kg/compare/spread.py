"""When each region first shows a feature, and whether near regions follow sooner than chance."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kg.compare.choice import absent, bearers, chosen, grounds_of
from kg.compare.column_copy.columns import FEATURES, LEVELS, Columns, Dates
from kg.compare.coverage import behind
from kg.compare.result import Comparison
from kg.compare.significance.nearness import Nearness, nearness
from kg.compare.significance.neighbours import Neighbours, neighbours
from kg.errors import UsageError
from kg.query.phrases import many

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PERMUTATIONS", "spread"]

PERMUTATIONS = 1999
_QUARTERS = (0.25, 0.5, 0.75)

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Days = NDArray[np.datetime64]


@dataclass(frozen=True)
class _Stated:
    """Dates that say that a practice was there: one row a date."""

    row: Ints
    """Of ``columns.dates``."""
    practice: Ints
    day: Ints
    """Days since 1970; the middle of what the date may mean (2023 is about 2023-07-02)."""
    skipped: Ints
    """Practices of the dates that were left out: they lie after the article or belong to what was only announced."""


def spread(
    columns: Columns,
    *words: str,
    across: str = "province",
    features: Sequence[str] = FEATURES,
    practices: Sequence[str] | None = None,
    exact: bool = False,
    refused: Collection[str] = (),
    seed: int = 0,
    permutations: int = PERMUTATIONS,
) -> Comparison:
    """When each region first shows the features named (all together), the earliest first.

    Columns, options and errors: ``kg.compare.questions.Questions.spread``, which asks it of a graph; ``refused``
    are IRIs of evidence for dates that must not count (those of "before 2022"). ``latest`` is the last day that the
    same words may mean: "2023" is any day of it. Regions that show it without any date are in
    ``figures["undated_regions"]``.

    Only dates that an article states of the practice count: not the day on which it appeared, nothing inferred,
    nothing after the article itself, no practice that was only announced.

    The tests: do regions of one unit (for each level above ``across``: ``significance.nearness``), or provinces
    that border on each other (``significance.neighbours``), first show it at times more alike than if the dates
    were dealt out anew among the regions?
    """
    if not words and practices is None:
        raise UsageError("name a feature whose spread is wanted", where="spread", remedy="for one: 夜校")
    mask, meant = bearers(columns, words, features, exact=exact)
    if practices is not None:
        mask &= chosen(columns, practices)
    region = columns.region_at(across)
    stated = _stated(columns, refused)
    firsts = _first_of_regions(stated, mask, region)
    tests = _tests(columns, firsts, across, seed, permutations)

    def grounds(row: int) -> list[str]:
        return _grounds(columns, firsts, row, meant, features)

    return Comparison(
        "when each region first shows " + (" + ".join(words) or "these practices") + f" ({across})",
        _frame(columns, firsts),
        (*absent(columns, words, mask, features, exact=exact), *_notes(columns, firsts, tests, across)),
        _figures(firsts, tests),
        ("order", "region", "first", "latest", "days", "practice", "practices", "undated"),
        grounds,
    )


def _stated(columns: Columns, refused: Collection[str]) -> _Stated:
    dates = columns.dates
    unwanted = set(refused)
    told = np.array([iri not in unwanted for iri in columns.evidence], dtype=np.bool_) if unwanted else None
    counts = np.ones(len(dates.day), dtype=np.bool_) if told is None else told[dates.evidence]
    appeared = columns.articles.published[dates.article]
    planned = columns.practices.planned[dates.practice]
    with np.errstate(invalid="ignore"):
        later = dates.day > appeared  # False where nobody knows when the article appeared
    once = dates.role != Dates.ROLES.index("recurrence")
    rows = np.flatnonzero(once & counts & ~dates.inferred & ~later & ~planned & ~np.isnat(dates.day))
    first, last = dates.day[rows].astype(np.int64), _latest(columns, rows).astype(np.int64)
    return _Stated(
        rows,
        dates.practice[rows].astype(np.int64),
        (first + last) // 2,
        dates.practice[later | planned].astype(np.int64),
    )


def _latest(columns: Columns, rows: Ints) -> Days:
    """The last day that each date may mean; not after its article."""
    dates = columns.dates
    last = dates.last[rows]
    appeared = columns.articles.published[dates.article[rows]]
    capped = np.where(np.isnat(appeared), last, np.minimum(last, appeared))
    return np.maximum(capped, dates.day[rows])


@dataclass(frozen=True)
class _Firsts:
    """The first showing of each region, the earliest first."""

    region: Ints
    day: Ints
    at: Ints
    """Row of ``_Stated``."""
    stated: _Stated
    mask: Mask
    """Practices that show it."""
    place: NDArray[np.int32]
    """Region of each practice."""

    @property
    def shown(self) -> Ints:
        """Regions that show it, dated or not."""
        return np.unique(self.place[self.mask & (self.place >= 0)]).astype(np.int64)


def _first_of_regions(stated: _Stated, mask: Mask, region: NDArray[np.int32]) -> _Firsts:
    rows = np.flatnonzero(mask[stated.practice] & (region[stated.practice] >= 0))
    places = region[stated.practice[rows]]
    order = np.lexsort((rows, stated.day[rows], places))
    rows, places = rows[order], places[order]
    head = np.flatnonzero(np.diff(places, prepend=-1))
    rows = rows[head]
    order = np.lexsort((region[stated.practice[rows]], stated.day[rows]))
    rows = rows[order]
    return _Firsts(region[stated.practice[rows]].astype(np.int64), stated.day[rows], rows, stated, mask, region)


def _first_days(stated: _Stated, count: int) -> Ints:
    """The first stated day of each practice; the largest number where there is none."""
    found = np.full(count, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(found, stated.practice, stated.day)
    return found


def _tests(columns: Columns, firsts: _Firsts, level: str, seed: int, permutations: int) -> list[Nearness | Neighbours]:
    """Do near regions follow sooner than chance: of each unit above the level, or neighbouring provinces."""
    regions = columns.regions
    pools = _pools(firsts.stated, firsts.place, firsts.region)
    bearing = _bearing(firsts.stated, firsts.mask, firsts.place, firsts.region)
    if level == "province":
        names = regions.label.take(firsts.region.tolist())
        return [neighbours(firsts.day, names, pools, bearing, seed=seed, permutations=permutations)]
    own = firsts.region.astype(np.int32)
    return [
        nearness(firsts.day, regions.lift(own, upper), pools, bearing, upper, seed=seed, permutations=permutations)
        for upper in LEVELS[: LEVELS.index("prefecture" if level == "city" else level)]
    ]


def _pools(stated: _Stated, region: NDArray[np.int32], wanted: Ints) -> list[Ints]:
    """Of each wanted region: the first days of all its dated practices, ascending."""
    days = _first_days(stated, len(region))
    dated = np.flatnonzero((days < np.iinfo(np.int64).max) & (region >= 0))
    order = dated[np.lexsort((days[dated], region[dated]))]
    starts = np.searchsorted(region[order], wanted, side="left").tolist()
    ends = np.searchsorted(region[order], wanted, side="right").tolist()
    return [days[order[start:end]] for start, end in zip(starts, ends, strict=True)]


def _bearing(stated: _Stated, mask: Mask, region: NDArray[np.int32], wanted: Ints) -> Ints:
    """Of each wanted region: how many dated practices show it."""
    dated = np.unique(stated.practice)
    dated = dated[mask[dated] & (region[dated] >= 0)]
    counts = np.bincount(region[dated], minlength=int(wanted.max(initial=-1)) + 1)
    return counts[wanted].astype(np.int64)


def _frame(columns: Columns, firsts: _Firsts) -> pd.DataFrame:
    import pandas as pd

    stated, mask, region = firsts.stated, firsts.mask, firsts.place
    order = np.searchsorted(firsts.day, firsts.day) + 1
    dated = _bearing(stated, mask, region, firsts.region)
    shown = np.bincount(region[mask & (region >= 0)], minlength=int(firsts.region.max(initial=-1)) + 1)
    rows: list[dict[str, Any]] = []
    for place, (at, day) in enumerate(zip(firsts.region.tolist(), firsts.day.tolist(), strict=True)):
        date = stated.row[firsts.at[place] : firsts.at[place] + 1]
        practice = int(stated.practice[firsts.at[place]])
        rows.append(
            {
                "order": int(order[place]),
                "region": columns.regions.path(at),
                "first": str(columns.dates.day[date][0]),
                "latest": str(_latest(columns, date)[0]),
                "days": int(day - firsts.day[0]),
                "practice": columns.practice_label[practice],
                "practices": int(dated[place]),
                "undated": int(shown[at] - dated[place]),
                "practice_iri": columns.practice_iri[practice],
            }
        )
    names = ("order", "region", "first", "latest", "days", "practice", "practices", "undated", "practice_iri")
    return pd.DataFrame(rows, columns=list(names))


def _grounds(columns: Columns, firsts: _Firsts, row: int, meant: list[set[int]], kinds: Sequence[str]) -> list[str]:
    """The date first, then what gives the practice each feature."""
    stated, at = firsts.stated, int(firsts.at[row])
    practice = np.array([stated.practice[at]])
    found = [columns.evidence[int(columns.dates.evidence[stated.row[at]])]]
    for concepts in meant:
        rows = grounds_of(columns, practice, concepts, kinds)[int(practice[0])]
        found += columns.evidence.take(columns.statements.evidence[rows].tolist())
    return found


def _figures(firsts: _Firsts, tests: Sequence[Nearness | Neighbours]) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "regions": len(firsts.region),
        "undated_regions": len(firsts.shown) - len(firsts.region),
        "practices": int(np.count_nonzero(firsts.mask)),
    }
    for quarter, day in zip(_QUARTERS, _reached(firsts.day), strict=True):
        figures[f"days_to_{quarter:.0%}"] = day
    for test in tests:
        figures |= test.figures()
    return figures


def _reached(days: Ints) -> list[int | None]:
    """Days from the first region until a quarter, a half, three quarters of the dated regions show it."""
    if not len(days):
        return [None] * len(_QUARTERS)
    return [int(days[int(np.ceil(quarter * len(days))) - 1] - days[0]) for quarter in _QUARTERS]


def _notes(columns: Columns, firsts: _Firsts, tests: Sequence[Nearness | Neighbours], level: str) -> tuple[str, ...]:
    skipped = int(np.count_nonzero(firsts.mask[firsts.stated.skipped]))
    notes = [
        "articles are a sample: a first date is the first that an article in this store states, not when it began; "
        "a region that is absent was not reported",
    ]
    if shown := len(firsts.shown):
        one = len(firsts.region) == 1
        notes.append(
            f"{len(firsts.region):,} of {many(shown, 'region')} that {'shows' if shown == 1 else 'show'} it "
            f"{'states' if one else 'state'} a date; {many(skipped, 'date was', 'dates were')} left out: after the article, or "
            "of what was only announced"
        )
    if unplaced := int(np.count_nonzero(firsts.mask & (firsts.place < 0))):
        notes.append(f"{many(unplaced, 'practice')} without a known {level} left out")
    if len(firsts.day) > 1:
        quarter, half, most = _reached(firsts.day)
        notes.append(
            f"speed: a quarter of these regions within {many(quarter or 0, 'day')} of the first, half within {half}, "
            f"three quarters within {most}"
        )
    notes += [test.note() for test in tests]
    return (*notes, behind(columns, firsts.mask).note())
