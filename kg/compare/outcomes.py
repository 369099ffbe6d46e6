"""What practices with a feature report: comparable figures only, achieved apart from planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.compare.choice import absent, bearers, chosen, named
from kg.compare.column_copy.columns import FEATURES, Columns, Outcomes
from kg.compare.coverage import behind
from kg.compare.figures import Measure, measure
from kg.compare.result import Comparison
from kg.errors import UsageError
from kg.query.arguments import check_top
from kg.query.phrases import many

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["outcomes"]

Words = Callable[[Sequence[str]], Mapping[str, str]]
"""IRIs of evidence nodes → the words that they quote."""


def _no_words(nodes: Sequence[str]) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class _Figure:
    """One figure, although several practices or articles may hold it."""

    measure: Measure
    modality: str
    value: float
    bounded: bool
    """The article gives it as a bound or about (600余, 近千)."""
    rows: tuple[int, ...]
    """Rows of ``columns.outcomes``."""


def outcomes(
    columns: Columns,
    *words: str,
    features: Sequence[str] = FEATURES,
    practices: Sequence[str] | None = None,
    exact: bool = False,
    unit: str | None = None,
    min_figures: int = 1,
    top: int | None = None,
    quoted: Words = _no_words,
) -> Comparison:
    """Medians and quartiles of the figures that practices with all these features report, the most figures first.

    Columns, options and errors: ``kg.compare.questions.Questions.outcomes``, which asks it of a graph; ``quoted``
    gives the words of evidence nodes; without it all figures of a unit are taken for one meaning.

    A row holds comparable figures only: one unit (units of one meaning are taken together: 名 and 人), one meaning of
    the clause (听课 and 观看 are two, both 人次) or one thing counted, totals apart from figures for one time (每期),
    achieved apart from planned and quoted. Nothing is ever added up. The rules are data: ``outcomes.toml``.
    ``comparable`` is False where the article does not say what a figure is a number of: such rows stand last and
    have no median. Quartiles are linear between figures (Hyndman and Fan 1996, type 7); ``bounds`` are figures that
    the article gives as a bound or about; ``values`` are all of them, ascending, ``practice_names`` in their order.

    A figure that two practices of one clause share is one figure, and so is one that two articles tell of one
    practice.
    """
    check_top(top)
    mask, _ = bearers(columns, words, features, exact=exact)
    if practices is not None:
        mask &= chosen(columns, practices)
    uncounted: tuple[str, ...] = ()
    figures = _figures(columns, np.flatnonzero(mask[columns.outcomes.practice]).tolist(), quoted)
    if unit is not None:
        used = sorted({each.measure.unit for each in figures})
        figures = [each for each in figures if each.measure.unit == measure(unit, "", "").unit]
        if not figures and not named(columns, unit) and used:
            raise UsageError(f"no figure is counted in {unit!r}", where="unit", remedy="use one of " + "、".join(used))
        uncounted = () if figures else (f"no figure of these practices is counted in {unit}",)
    groups: dict[tuple[Measure, str], list[_Figure]] = defaultdict(list)
    for each in figures:
        groups[each.measure, each.modality].append(each)
    ranked = sorted(groups.items(), key=lambda item: (not item[0][0].comparable, -len(item[1]), item[0]))
    fits = [item for item in ranked if len(item[1]) >= min_figures]
    ranked = fits[:top]
    members = [sorted(group, key=lambda each: (each.value, each.rows)) for _, group in ranked]

    def grounds(row: int) -> list[str]:
        rows = [at for each in members[row] for at in each.rows]
        return columns.evidence.take(columns.outcomes.evidence[rows].tolist())

    reporting = np.zeros(len(columns), dtype=np.bool_)
    reporting[[int(columns.outcomes.practice[at]) for each in figures for at in each.rows]] = True
    told = int(np.count_nonzero(reporting))
    return Comparison(
        "what practices report" + (f" that have {' + '.join(words)}" if words else ""),
        _frame(columns, [key for key, _ in ranked], members),
        (
            *absent(columns, words, mask, features, exact=exact),
            *uncounted,
            "medians and quartiles of comparable figures (none where the article does not say what is counted); nothing is added "
            "up: totals cover periods of different length",
            *_reporting(told, int(np.count_nonzero(mask))),
            behind(columns, reporting).note(),
        ),
        {
            "figures": len(figures),
            "reporting": told,
            "practices": int(np.count_nonzero(mask)),
        },
        tuple(name for name in _COLUMNS if name not in ("comparable", "bounds", "values")),
        grounds,
        more=len(fits) - len(ranked),
    )


def _reporting(told: int, practices: int) -> tuple[str, ...]:
    if not practices:
        return ()
    report = "reports" if told == 1 else "report"
    who = f"{told:,} of {many(practices, 'practice')} {report} a figure"
    return (f"{who}; those that report are those that had something to show",)


_COLUMNS = (
    *("unit", "of", "scope", "modality", "figures", "practices", "articles", "comparable", "median", "lower"),
    *("upper", "least", "most", "bounds", "values", "practice_names"),
)


def _figures(columns: Columns, rows: list[int], quoted: Words) -> list[_Figure]:
    said = columns.outcomes
    nodes = columns.evidence.take(said.evidence[rows].tolist())
    words = quoted(nodes)
    told: dict[int, tuple[Measure, str]] = {}
    same = _Same(rows)
    seen: dict[tuple[Any, ...], int] = {}
    for row, node in zip(rows, nodes, strict=True):
        unit = columns.concepts.label[said.unit[row]] if said.unit[row] >= 0 else ""
        counted = columns.concepts.label[said.counted[row]] if said.counted[row] >= 0 else ""
        kind = measure(unit, counted, words.get(node, ""))
        modality = Outcomes.MODALITIES[said.modality[row]]
        told[row] = kind, modality
        value, clause = float(said.value[row]), words.get(node)
        keys: list[tuple[Any, ...]] = [("practice", int(said.practice[row]), value, kind, modality)]
        if clause is not None:
            keys.append(("clause", int(said.article[row]), clause, value, kind, modality))
        for key in keys:
            same.join(row, seen.setdefault(key, row))
    return [
        _Figure(
            *told[group[0]],
            float(said.value[group[0]]),
            all(Outcomes.COMPARATORS[said.comparator[at]] != "exactly" for at in group),
            tuple(group),
        )
        for group in same.groups()
    ]


class _Same:
    """Rows that are one figure (union-find)."""

    def __init__(self, rows: list[int]) -> None:
        self._up = {row: row for row in rows}

    def _top(self, row: int) -> int:
        while self._up[row] != row:
            self._up[row] = self._up[self._up[row]]
            row = self._up[row]
        return row

    def join(self, one: int, other: int) -> None:
        """Say that two rows are one figure."""
        first, second = sorted((self._top(one), self._top(other)))
        self._up[second] = first

    def groups(self) -> list[list[int]]:
        """The rows of each figure, ascending."""
        found: dict[int, list[int]] = defaultdict(list)
        for row in self._up:
            found[self._top(row)].append(row)
        return [sorted(group) for group in found.values()]


def _frame(columns: Columns, keys: list[tuple[Measure, str]], members: list[list[_Figure]]) -> pd.DataFrame:
    import pandas as pd

    said = columns.outcomes
    rows = []
    for (kind, modality), group in zip(keys, members, strict=True):
        held = [at for each in group for at in each.rows]
        values = np.array([each.value for each in group])
        quarters = np.quantile(values, [0.25, 0.5, 0.75]) if kind.comparable else np.full(3, np.nan)
        lower, median, upper = quarters.tolist()
        rows.append(
            {
                "unit": kind.unit,
                "of": kind.of,
                "scope": "each time" if kind.each else "total",
                "modality": modality,
                "figures": len(group),
                "practices": len(set(said.practice[held].tolist())),
                "articles": len(set(said.article[held].tolist())),
                "comparable": kind.comparable,
                "median": median,
                "lower": lower,
                "upper": upper,
                "least": float(values[0]),
                "most": float(values[-1]),
                "bounds": sum(each.bounded for each in group),
                "values": tuple(values.tolist()),
                "practice_names": tuple(columns.practice_label[said.practice[each.rows[0]]] for each in group),
            }
        )
    return pd.DataFrame(rows, columns=list(_COLUMNS))
