"""Which features practices of different regions have in common, and whether more than chance would have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kg.compare.choice import grounds_of
from kg.compare.column_copy.columns import FEATURES, Columns
from kg.compare.column_copy.features import Features
from kg.compare.column_copy.texts import Texts
from kg.compare.coverage import behind
from kg.compare.result import Comparison
from kg.compare.significance.combinations import Reach
from kg.compare.significance.hierarchy import most_specific
from kg.compare.significance.statistics import adjusted, occupancy_tail, together_tail
from kg.errors import UsageError
from kg.query.arguments import check_top
from kg.query.phrases import many

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CORRECTIONS", "shared_features"]

CORRECTIONS = ("by", "bh")
"""Benjamini-Yekutieli, for tests that hang together in any way; Benjamini-Hochberg, for independent ones."""
_SIZES = {1: "features", 2: "pairs of features", 3: "combinations of three features"}
_ONE = {1: "feature", 2: "pair of features", 3: "combination of three features"}

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Found:
    """What was counted, a row a combination."""

    features: Ints
    """Combinations × size, numbers of the feature table."""
    practices: Ints
    articles: Ints
    regions: Ints
    expected: Floats
    lift: Floats
    p: Floats
    tried: int
    """How many combinations were looked at."""

    def take(self, rows: Ints) -> _Found:
        kept = {name: getattr(self, name)[rows] for name in self.__dataclass_fields__ if name != "tried"}
        return _Found(**kept, tried=self.tried)


def shared_features(
    columns: Columns,
    *,
    across: str = "province",
    min_regions: int = 2,
    features: Sequence[str] = FEATURES,
    combine: int = 1,
    exact: bool = False,
    min_articles: int = 2,
    correction: str = "by",
    max_q: float | None = None,
    top: int | None = None,
) -> Comparison:
    """Features, or combinations of them, that practices of at least ``min_regions`` regions have.

    Columns, options and errors: ``kg.compare.questions.Questions.shared``, which asks it of a graph; ``columns`` is
    the column copy, filtered by ``Columns.select`` where wanted. Regions of one name have as much of the path as
    tells them apart; practices without a region of the level are left out. Unless ``exact``, a broader concept is
    listed only where it says more than a narrower one does. What one article says of five provinces has one witness
    (``min_articles``).

    For combinations ``expected`` is the number of practices that would have them by chance
    (``significance.combinations``), ``lift`` is practices / expected; p that so many *articles* have it is bounded
    by ``together_tail``. For a single feature ``expected`` is the number of regions that its reports (an article on
    a region) would reach if they were drawn from all reports, ``lift`` is regions / expected, p is bounded by
    ``occupancy_tail``: small where the feature is more evenly spread over the regions than reports are. q is p
    corrected for all combinations of features that enough regions have, whether any practice combines them or not.
    """
    check_top(top)
    _check(min_regions, min_articles, combine, correction, max_q)
    table = columns.features(features, broader=not exact)
    region = columns.region_at(across)
    reach = Reach(table, region, _first_article(columns), min_regions)
    counted = _alone(reach) if combine == 1 else _together(reach, combine, columns)
    # Before rows are left out for display: the correction counts all that was tried.
    q = adjusted(counted.p, counted.tried, dependent=correction == "by")
    keep = most_specific(counted.features, counted.practices, table, columns.concepts) & (
        counted.articles >= min_articles
    )
    if max_q is not None:
        keep &= q <= max_q
    known = list(columns.concepts.label)
    labels = [known[at] for at in table.concept.tolist()]
    fits = np.flatnonzero(keep)
    rows = _ranked(counted, _foremost(counted, fits, top), labels)[:top]
    shown = counted.take(rows)
    members = [_members(table, shown.features[at], region) for at in range(len(rows))]

    def grounds(row: int) -> list[str]:
        return _grounds(columns, table, shown.features[row], _in_turns(members[row], region[members[row]]))

    return Comparison(
        f"{_SIZES[combine]} that practices of {min_regions} or more regions share ({across})",
        _frame(columns, table, shown, members, region).assign(q=q[rows])[list(_COLUMNS)],
        (*_notes(combine, correction, counted.tried, len(counted.p)), behind(columns).note()),
        {"tried": counted.tried, "found": len(counted.p), "listed": len(rows)},
        ("feature", "kind", "regions", "practices", "articles", "expected", "lift", "q", "region_names"),
        grounds,
        more=len(fits) - len(rows),
    )


def _check(min_regions: int, min_articles: int, combine: int, correction: str, max_q: float | None) -> None:
    if min_regions < 1:
        raise UsageError("at least one region is needed", where="min_regions")
    if min_articles < 1:
        raise UsageError("at least one article is needed", where="min_articles")
    if combine not in _SIZES:
        raise UsageError("features are taken alone, by twos or by threes", where="combine", remedy="use 1, 2 or 3")
    if correction not in CORRECTIONS:
        raise UsageError(f"no such correction: {correction}", where="correction", remedy="use by or bh")
    if max_q is not None and not 0 < max_q <= 1:
        raise UsageError("a share of false discoveries lies above 0 and up to 1", where="max_q")


def _first_article(columns: Columns) -> NDArray[np.int32]:
    """The article that each practice counts for; −1 where none is selected."""
    many = len(columns.articles.iri)
    found = np.full(len(columns), many, dtype=np.int32)
    np.minimum.at(found, columns.reports.practice, columns.reports.article)
    return np.where(found < many, found, np.int32(-1))


def _alone(reach: Reach) -> _Found:
    practices, reports = reach.counts.sum(axis=1), reach.reports.sum(axis=1)
    regions = np.count_nonzero(reach.counts, axis=1)
    expected, p = np.zeros(len(practices)), np.ones(len(practices))
    kinds = reach.table.kind[reach.features]
    for kind in np.unique(kinds).tolist():
        rows = kinds == kind
        # Reports that give any feature of this kind: in others it could not be seen.
        described = reach.described(kind)
        expected[rows] = _reached_by_chance(reports[rows], described)
        p[rows] = occupancy_tail(regions[rows], expected[rows], int(np.count_nonzero(described)))
    lift = np.divide(regions, expected, out=np.ones(len(expected)), where=expected > 0)
    return _Found(reach.features[:, None], practices, reach.articles, regions, expected, lift, p, len(practices))


def _reached_by_chance(drawn: Ints, sizes: Ints) -> Floats:
    """Expected number of regions (of these sizes) among so many reports drawn without replacement."""
    from scipy.special import gammaln

    total = float(sizes.sum())
    chosen, others = drawn[:, None].astype(float), total - sizes[None, :].astype(float)
    left = np.maximum(others - chosen, 0.0)
    none = gammaln(others + 1) - gammaln(left + 1) - gammaln(total + 1) + gammaln(total - chosen + 1)
    return np.asarray((1 - np.where(chosen > others, 0.0, np.exp(none))).sum(axis=1))


def _together(reach: Reach, size: int, columns: Columns) -> _Found:
    found = reach.together(size, columns.concepts)
    lift = np.divide(found.practices, found.expected, out=np.ones(len(found.expected)), where=found.expected > 0)
    p = together_tail(found.articles, found.expected, found.trials)
    features = reach.features[found.features] if len(found.features) else np.zeros((0, size), dtype=np.int64)
    return _Found(features, found.practices, found.articles, found.regions, found.expected, lift, p, found.tried)


def _foremost(counted: _Found, rows: Ints, top: int | None) -> Ints:
    """Of these rows, those that so many others do not precede by regions and practices: few need their labels compared."""
    if not top or len(rows) <= top:
        return rows
    key = counted.regions[rows] * (int(counted.practices.max()) + 1) + counted.practices[rows]
    return rows[key >= np.partition(key, len(key) - top)[len(key) - top]]


def _ranked(counted: _Found, rows: Ints, labels: list[str]) -> Ints:
    """The rows by regions, practices, labels, numbers."""
    features = counted.features[rows]
    used, places = np.unique(features, return_inverse=True)
    names = np.array([labels[at] for at in used.tolist()], dtype=np.str_)
    rank = np.unique(names, return_inverse=True)[1][places].reshape(features.shape)
    last = [*features.T[::-1], *rank.T[::-1]]
    return rows[np.lexsort((*last, -counted.practices[rows], -counted.regions[rows]))]


def _members(table: Features, features: Ints, region: NDArray[np.int32]) -> Ints:
    begins, practices, _ = table.postings
    found: NDArray[Any] | None = None
    for feature in features.tolist():
        those = practices[begins[feature] : begins[feature + 1]]
        found = those if found is None else np.intersect1d(found, those, assume_unique=True)
    assert found is not None
    return found[region[found] >= 0].astype(np.int64)


def _in_turns(practices: Ints, region: NDArray[np.int32]) -> Ints:
    """The practices in an order in which a reader soon sees each region."""
    order = np.argsort(region, kind="stable")
    starts = np.concatenate(([0], np.flatnonzero(np.diff(region[order])) + 1))
    turn = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    return practices[order][np.argsort(turn, kind="stable")]


def _grounds(columns: Columns, table: Features, features: Ints, practices: Ints) -> list[str]:
    found = []
    each = [
        grounds_of(columns, practices, [int(table.concept[f])], [table.kinds[int(table.kind[f])]])
        for f in features.tolist()
    ]
    for practice in practices.tolist():
        for rows in each:
            found += columns.evidence.take(columns.statements.evidence[rows[practice]].tolist())
    return found


def _frame(
    columns: Columns, table: Features, shown: _Found, members: list[Ints], region: NDArray[np.int32]
) -> pd.DataFrame:
    import pandas as pd

    # Each decoded once: common features have tens of thousands of practices.
    names, iris = _texts(columns.practice_label, members), _texts(columns.practice_iri, members)
    places = columns.regions.told_apart(np.unique(region[region >= 0]).tolist())
    rows = []
    for at, features in enumerate(shown.features.tolist()):
        practices = members[at]
        rows.append(
            {
                "feature": " + ".join(columns.concepts.label[int(table.concept[f])] for f in features),
                "kind": " + ".join(table.kinds[int(table.kind[f])] for f in features),
                "regions": int(shown.regions[at]),
                "practices": int(shown.practices[at]),
                "articles": int(shown.articles[at]),
                "expected": float(shown.expected[at]),
                "lift": float(shown.lift[at]),
                "p": float(shown.p[at]),
                "region_names": tuple(sorted(places[each] for each in np.unique(region[practices]).tolist())),
                "practice_names": names[at],
                "concept_iris": tuple(columns.concepts.iri.take([int(table.concept[f]) for f in features])),
                "practice_iris": iris[at],
            }
        )
    return pd.DataFrame(rows, columns=[name for name in _COLUMNS if name != "q"])


def _texts(column: Texts, members: list[Ints]) -> list[tuple[str, ...]]:
    if sum(map(len, members)) < len(column):
        return [tuple(column.take(practices.tolist())) for practices in members]
    return [tuple(column.whole[practices]) for practices in members]


_COLUMNS = (
    *("feature", "kind", "regions", "practices", "articles", "expected", "lift", "p", "q"),
    *("region_names", "practice_names", "concept_iris", "practice_iris"),
)


def _notes(combine: int, correction: str, tried: int, found: int) -> tuple[str, ...]:
    author = "Benjamini-Yekutieli 2001" if correction == "by" else "Benjamini-Hochberg 1995"
    if combine == 1:
        chance = (
            "expected: regions that so many reports would reach if drawn from all reports; lift: regions / expected; "
            "p bounded by Chernoff (Dubhashi and Ranjan 1998)"
        )
    else:
        chance = (
            "expected: practices that would combine them by chance within their regions; lift: practices / expected; "
            "p counts articles, bounded by the binomial tail (Hoeffding 1956)"
        )
    return (
        chance,
        f"q: p corrected for {many(tried, _ONE[combine], _SIZES[combine])} that could be tried ({author}); {found:,} "
        f"{'was' if found == 1 else 'were'} found",
    )
