"""The practices nearest to one, or to a description, with what they share, how rare that is, and where it is said.

The measure is that of ``kg.compare.nearest.weights``: rare features weigh more, siblings get half the credit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kg.compare.choice import as_kinds, grounds_of
from kg.compare.column_copy.columns import Columns
from kg.compare.column_copy.features import Features
from kg.compare.described import described
from kg.compare.nearest.pairs import best, scores
from kg.compare.nearest.weights import Weights, weigh
from kg.compare.result import Comparison
from kg.errors import UsageError
from kg.query.arguments import check_top
from kg.query.phrases import many

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["COMPARED", "Likeness", "near", "similar_practices"]

COMPARED = ("format", "audience", "topic")
"""Kinds of features that practices are compared by unless told otherwise; who runs them says little of the idea."""
_COLUMNS = ("practice", "label", "region", "similarity", "features", "kinds", "feature_practices", "concept_iris")


@dataclass(frozen=True)
class Likeness:
    """One practice near to what was asked."""

    practice: int
    similarity: float
    """Above 0, at most 1."""
    shared: tuple[int, ...]
    """Features (of the table) that both have, what weighs most first; broader ones only where no narrower is shared."""


def similar_practices(
    columns: Columns,
    said: str,
    *,
    across: str = "province",
    top: int | None = 10,
    features: Sequence[str] = COMPARED,
    everywhere: bool = False,
    among: NDArray[np.bool_] | None = None,
) -> Comparison:
    """Practices of other regions with any feature in common, the nearest first, then by number in the columns.

    Columns, options and errors: ``kg.compare.questions.Questions.similar``, which asks it of a graph; ``among`` are
    the practices that may be answers (default: all). A description (``kg.compare.described``) has no region of its
    own. A practice whose region at the level is not known is never an answer, unless ``everywhere``; if that of the
    one asked about is not known, those of all regions are.
    """
    import pandas as pd

    check_top(top)
    table = columns.features(features)
    weights = weighed(columns, tuple(features))
    asked, own, weight, nobody = _asked(columns, table, weights, said)
    found = near(
        columns,
        table,
        weights,
        own,
        weight,
        asked=asked,
        across=across,
        top=top or 0,
        everywhere=everywhere,
        among=among,
    )
    labels, iris = columns.concepts.label, columns.concepts.iri
    bearers, concept = table.bearers, table.concept
    rows = [
        (
            columns.practice_iri[each.practice],
            columns.practice_label[each.practice],
            columns.regions.path(int(columns.practices.region[each.practice])),
            round(each.similarity, 6),
            tuple(labels[concept[f]] for f in each.shared),
            tuple(table.kinds[table.kind[f]] for f in each.shared),
            tuple(int(bearers[f]) for f in each.shared),
            tuple(iris[concept[f]] for f in each.shared),
        )
        for each in found
    ]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    frame["shared"] = [tuple(f"{label} ({count})" for label, count in zip(row[4], row[6], strict=True)) for row in rows]

    def grounds(row: int) -> Sequence[str]:
        return _grounds(columns, table, found[row], asked)

    # A description has no place of its own, and that of a practice may be unknown.
    elsewhere = not everywhere and asked >= 0 and columns.region_at(across)[asked] >= 0
    names = labels.take(concept[own[np.argsort(-weight, kind="stable")]].tolist())
    return Comparison(
        question=f"practices like {said}" + (f" in another {across}" if elsewhere else ""),
        frame=frame,
        notes=(
            *(f"no practice has {said}{as_kinds(features)}" for said in nobody),
            f"compared by {'、'.join(dict.fromkeys(names)) or 'nothing'}; "
            f"{many(table.compared, 'practice has', 'practices have')} a feature to compare by",
            "behind a feature: how many practices have it",
            "similarity from 0 to 1: weighted Jaccard, rare features weigh more (ln(1 + N/n)), broader ones half",
            "articles are a sample: what nobody reported is not here",
        ),
        figures={"compared": table.compared},
        shown=("label", "region", "similarity", "shared"),
        grounds=grounds,
    )


def weighed(columns: Columns, kinds: tuple[str, ...]) -> Weights:
    """The weights of these kinds of features, kept with the columns."""
    known: dict[tuple[str, ...], Weights] = columns.__dict__.setdefault("_weights", {})
    if kinds not in known:
        known[kinds] = weigh(columns.features(kinds))
    return known[kinds]


def _asked(
    columns: Columns, features: Features, weights: Weights, said: str
) -> tuple[int, NDArray[np.int32], NDArray[np.int32], tuple[str, ...]]:
    try:
        practice = columns.find_practice(said)
    except UsageError as error:
        if said.strip() in columns.by_name:  # several of the name
            raise
        try:
            return -1, *described(columns, features, weights, said)
        except UsageError as words:
            if len(said.split()) > 1:
                raise words from None
            raise error from None
    row = features.row(practice)
    return practice, weights.feature[row], weights.weight[row], ()


def near(
    columns: Columns,
    features: Features,
    weights: Weights,
    own: NDArray[np.int32],
    weight: NDArray[np.int32],
    *,
    asked: int = -1,
    across: str = "province",
    top: int = 10,
    everywhere: bool = False,
    among: NDArray[np.bool_] | None = None,
) -> list[Likeness]:
    """The practices nearest to one with features ``own`` of these weights; ``asked`` is its number, −1 for a description."""
    here, found = scores(weights, own, weight)
    fits = here != asked
    if among is not None:
        fits &= among[here]
    if not everywhere:
        group = columns.region_at(across)
        fits &= group[here] >= 0
        if asked >= 0 and group[asked] >= 0:
            fits &= group[here] != group[asked]
    mine = dict(zip(own.tolist(), weight.tolist(), strict=True))
    order, values = best(here[fits], found[fits], top)
    return [
        Likeness(practice, value, _shared(columns, features, weights, mine, practice))
        for practice, value in zip(order.tolist(), values.tolist(), strict=True)
    ]


def _shared(
    columns: Columns, features: Features, weights: Weights, mine: dict[int, int], practice: int
) -> tuple[int, ...]:
    row = features.row(practice)
    both = {
        f: min(w, mine[f])
        for f, w in zip(weights.feature[row].tolist(), weights.weight[row].tolist(), strict=True)
        if f in mine
    }
    implied = set()
    for f in both:
        kind = features.kinds[features.kind[f]]
        implied |= {
            features.place.get((kind, up)) for up in columns.concepts.above(int(features.concept[f])).tolist()[1:]
        }
    kept = [f for f in both if f not in implied]
    return tuple(sorted(kept, key=lambda f: (-both[f], f)))


def _grounds(columns: Columns, features: Features, found: Likeness, asked: int) -> list[str]:
    """For each shared feature the surest evidence of the practice found, then of the one asked about."""
    nodes = []
    for feature in found.shared:
        kind, concept = features.kinds[features.kind[feature]], int(features.concept[feature])
        for practice in (found.practice, asked):
            if practice < 0:
                continue
            rows = grounds_of(columns, np.array([practice]), [concept], [kind])[practice]
            own = [row for row in rows if columns.statements.value[row] == concept] or rows
            nodes += [columns.evidence[columns.statements.evidence[row]] for row in own[:1]]
    return nodes
