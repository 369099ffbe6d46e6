"""What two regions, two periods or two levels do differently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kg.compare.choice import grounds_of
from kg.compare.column_copy.columns import FEATURES, Columns
from kg.compare.column_copy.nodes import ALL_LEVELS
from kg.compare.column_copy.selection import Selection, dated_within
from kg.compare.coverage import behind
from kg.compare.result import Comparison
from kg.compare.shared import CORRECTIONS
from kg.compare.significance.statistics import adjusted, fisher, newcombe, wilson
from kg.errors import UsageError
from kg.query.arguments import check_top
from kg.query.phrases import many

if TYPE_CHECKING:
    import pandas as pd

    from kg.compare.column_copy.features import Features

__all__ = ["contrast"]

_LEAST = 5
"""Practices of both sides together that a feature needs to be tested: fewer cannot be significant after correction."""
_PERIOD = re.compile(r"(\d{4}(?:-\d\d){0,2})?(\.\.)?(\d{4}(?:-\d\d){0,2})?\Z")

_YEARS = re.compile(r"\s*(\d{4})年?\s*[-–—~～至到]+\s*(\d{4})年?\s*\Z")
"""A period as it is written elsewhere: 2020-2022, 2020年至2022年."""

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _Side:
    name: str
    mask: Mask


def contrast(
    columns: Columns,
    one: str,
    other: str,
    *,
    features: Sequence[str] | None = None,
    exact: bool = False,
    min_practices: int = _LEAST,
    correction: str = "by",
    max_q: float | None = None,
    top: int | None = None,
) -> Comparison:
    """Features of which two sides report different shares, the largest difference against its error first.

    Columns, options and errors: ``kg.compare.questions.Questions.contrast``, which asks it of a graph.

    A side is a place (四川省, 重庆市/江津区), a period (2021, 2020-03..2022, ..2019; of the first date stated of a practice,
    or the day of its first article) or a level (province, prefecture, county, township, village: how far down the
    place of the practice is). Both sides are of one sort; practices of both are left out. Where levels are
    contrasted, organisers are not, as a practice stands where its organiser is.

    Intervals of shares are Wilson's, of the difference Newcombe's; ``p`` is Fisher's exact test, two-sided, ``q``
    corrected for all features tested. A share is of the practices of a side of which any feature of the kind is
    told: what an article leaves out is no evidence of absence.
    """
    check_top(top)
    if correction not in CORRECTIONS:
        raise UsageError(f"no such correction: {correction}", where="correction", remedy="use by or bh")
    sides, sort = _sides(columns, one, other)
    if features is None:
        features = [kind for kind in FEATURES if sort != "level" or kind != "organiser"]
    table = columns.features(features, broader=not exact)
    counts, totals = _counts(table, sides)
    tested = np.flatnonzero((counts.sum(axis=0) >= max(min_practices, 1)) & _specific(table, counts, columns))
    frame = _frame(columns, table, tested, counts, totals)
    frame["q"] = adjusted(frame["p"].to_numpy(), dependent=correction == "by")
    number = len(frame)
    frame["_at"] = tested
    frame = frame.sort_values(["p", "feature", "kind"], kind="stable")
    if max_q is not None:
        frame = frame[frame["q"] <= max_q]
    fits = len(frame)
    frame = frame.head(top) if top else frame
    shown = frame.pop("_at").to_numpy()
    author = "Benjamini-Yekutieli 2001" if correction == "by" else "Benjamini-Hochberg 1995"

    def grounds(row: int) -> list[str]:
        return _grounds(columns, table, int(shown[row]), sides)

    return Comparison(
        f"what {one} and {other} do differently ({sort})",
        frame[list(_COLUMNS)].reset_index(drop=True),
        (
            *(
                f"{at}: {side.name}, {many(int(side.mask.sum()), 'practice')}; {behind(columns, side.mask).note()}"
                for at, side in enumerate(sides, 1)
            ),
            *((_of_dates(columns),) if sort == "period" else ()),
            "shares of the practices of which a feature of the kind is told; intervals of 95 % (Wilson 1927; difference: "
            "Newcombe 1998)",
            f"p: Fisher's exact test; q: corrected for {many(number, 'feature')} that {min_practices} or more practices of both "
            f"sides have ({author}); practices of one article are no independent witnesses: a small q is a reason to read "
            "the sentences, no proof",
        ),
        {
            "tested": number,
            "practices_1": int(np.count_nonzero(sides[0].mask)),
            "practices_2": int(np.count_nonzero(sides[1].mask)),
        },
        ("feature", "kind", *_SHOWN),
        grounds,
        more=fits - len(frame),
    )


_SHOWN = (
    *("count_1", "of_1", "share_1", "low_1", "high_1", "count_2", "of_2", "share_2", "low_2", "high_2"),
    *("difference", "q"),
)
_COLUMNS = ("feature", "kind", *_SHOWN[:-1], "difference_low", "difference_high", "p", "q", "concept_iri")


def _sides(columns: Columns, one: str, other: str) -> tuple[list[_Side], str]:
    sorts = [_sort(said) for said in (one, other)]
    if sorts[0] != sorts[1]:
        raise UsageError(
            f"{one} is a {sorts[0]}, {other} a {sorts[1]}", where="contrast", remedy="name two of the same sort"
        )
    read = {"level": _of_level, "period": _of_period, "place": _of_place}[sorts[0]]
    masks = [read(columns, said) for said in (one, other)]
    both = masks[0] & masks[1]
    sides = [_Side(said, mask & ~both) for said, mask in zip((one, other), masks, strict=True)]
    for side in sides:
        if not side.mask.any():
            without = _undated(columns) if sorts[0] == "period" else 0
            undated = f" ({many(without, 'practice')} without any date)" if without else ""
            raise UsageError(
                f"no practice is of {side.name} alone{undated}", where="contrast", remedy="name another side"
            )
    return sides, sorts[0]


def _sort(said: str) -> str:
    if years := _YEARS.match(said):
        remedy = f"write {years.group(1)}..{years.group(2)}"
        raise UsageError(f"a period is written with two dots, not {said!r}", where="contrast", remedy=remedy)
    if said in ALL_LEVELS or said == "city":
        return "level"
    return "period" if said and said != ".." and _PERIOD.match(said) else "place"


def _of_level(columns: Columns, said: str) -> Mask:
    level = np.append(columns.regions.level, np.int8(-1))[columns.practices.region]
    return columns.practices.kept & (level == ALL_LEVELS.index("prefecture" if said == "city" else said))


def _of_period(columns: Columns, said: str) -> Mask:
    since, dots, until = said.partition("..")
    chosen = Selection.of(since=since or None, until=(until if dots else since) or None)
    return columns.practices.kept & dated_within(columns.practices, chosen.since, chosen.until)


def _of_dates(columns: Columns) -> str:
    """By which day a practice belongs to a period, and how many have none; for the notes."""
    practices = columns.practices
    by_article = np.isnat(practices.first_day) & ~np.isnat(practices.published) & practices.kept
    all_of_them = many(int(practices.kept.sum()), "practice")
    return (
        "a practice counts by the first date stated of it, or the day of its first article "
        f"({np.count_nonzero(by_article):,} of {all_of_them}); {_undated(columns):,} with neither left out"
    )


def _undated(columns: Columns) -> int:
    return int(np.count_nonzero(np.isnat(columns.practices.date) & columns.practices.kept))


def _of_place(columns: Columns, said: str) -> Mask:
    inside = np.zeros(len(columns.regions) + 1, dtype=np.bool_)  # the last for −1
    for iri in columns.regions.names.find(said, where="contrast"):
        inside[columns.regions.below(columns.regions.place[iri])] = True
    return columns.practices.kept & inside[columns.practices.region]


def _counts(table: Features, sides: Sequence[_Side]) -> tuple[Ints, Ints]:
    """Sides × features: practices with each; sides × kinds: practices of which any of the kind is told."""
    counts, totals = [], []
    for side in sides:
        entry = side.mask[table.owner]
        counts.append(np.bincount(table.feature[entry], minlength=len(table)))
        kind = table.kind[table.feature[entry]].astype(np.int64)
        told = np.unique(kind * table.practices + table.owner[entry]) // max(table.practices, 1)
        totals.append(np.bincount(told, minlength=len(table.kinds)))
    return np.stack(counts), np.stack(totals)


def _specific(table: Features, counts: Ints, columns: Columns) -> Mask:
    """False where a narrower concept is had by the very same practices of both sides."""
    keep = np.ones(len(table), dtype=np.bool_)
    for (kind, concept), feature in table.place.items():
        for up in columns.concepts.above(concept).tolist()[1:]:
            broader = table.place.get((kind, up))
            if broader is not None and (counts[:, broader] == counts[:, feature]).all():
                keep[broader] = False
    return keep


def _frame(columns: Columns, table: Features, tested: Ints, counts: Ints, totals: Ints) -> pd.DataFrame:
    import pandas as pd

    kind = table.kind[tested]
    data: dict[str, Any] = {
        "feature": columns.concepts.label.take(table.concept[tested].tolist()),
        "kind": [table.kinds[at] for at in kind.tolist()],
        "concept_iri": columns.concepts.iri.take(table.concept[tested].tolist()),
    }
    for side in (0, 1):
        count, of = counts[side, tested], totals[side, kind]
        low, high = wilson(count, of)
        name = str(side + 1)
        data |= {f"count_{name}": count, f"of_{name}": of, f"share_{name}": count / np.maximum(of, 1)}
        data |= {f"low_{name}": low, f"high_{name}": high}
    four = (data["count_1"], data["of_1"], data["count_2"], data["of_2"])
    data["difference"] = data["share_1"] - data["share_2"]
    data["difference_low"], data["difference_high"] = newcombe(*four)
    data["p"] = fisher(*four) if len(tested) else np.zeros(0)
    return pd.DataFrame(data)


def _grounds(columns: Columns, table: Features, feature: int, sides: Sequence[_Side]) -> list[str]:
    """The evidence of both sides, taking turns."""
    begins, practices, _ = table.postings
    bearers = practices[begins[feature] : begins[feature + 1]].astype(np.int64)
    kind, concept = table.kinds[int(table.kind[feature])], int(table.concept[feature])
    found = []
    for side in sides:
        rows = grounds_of(columns, bearers[side.mask[bearers]], [concept], [kind])
        found.append([at for statements in rows.values() for at in statements])
    most = max(map(len, found))
    turns = [side[at] for at in range(most) for side in found if at < len(side)]
    return columns.evidence.take(columns.statements.evidence[turns].tolist())
