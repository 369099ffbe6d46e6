"""Families: practices of different places that are variants of one idea.

Each practice is joined with its nearest ones (``nearest.pairs``; of the same region too), and the Leiden algorithm finds
the groups that hold together (Traag, Waltman and van Eck, From Louvain to Leiden, Scientific Reports 9, 2019), as
graspologic-native implements it. How stable a family is, is measured as Hennig does (Cluster-wise assessment of cluster
stability, Computational Statistics & Data Analysis 52, 2007): the same is done with random parts of the practices, and the mean
Jaccard index of the family with the group most like it is told; below 0.6 a family should not be trusted, from 0.75 on it is
a pattern in the data.

Chance makes groups, too. What it makes is seen where the concepts of each kind are dealt out anew among the practices: each
keeps how many it has, each concept how often it is had. ``chance`` is the share of such shuffles whose strongest group (by
the sum of its similarities) is as strong as the family: a permutation test of the maximum, corrected for all groups at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.compare.choice import grounds_of
from kg.compare.column_copy.columns import FEATURES, RELATIONS, Columns
from kg.compare.column_copy.features import Features
from kg.compare.nearest.pairs import all_pairs
from kg.compare.nearest.weights import Weights, weigh
from kg.compare.result import Comparison
from kg.compare.similar import COMPARED, weighed
from kg.errors import UsageError
from kg.query.arguments import check_top
from kg.query.phrases import many

__all__ = ["MIN_SIMILARITY", "NEIGHBOURS", "families", "family_labels", "neighbour_graph", "shuffled"]

MIN_SIMILARITY = 0.3
"""Similarity from which two practices are joined. On generated graphs every bound from 0.2 to 0.4 finds what was planted
(adjusted Rand index above 0.99); on the sample data 0.3 is where pairs begin to be of one idea, read by eye."""
NEIGHBOURS = 20
"""Nearest practices that each is joined with: enough for the groups, and the graph stays sparse."""
_PART = 0.8
"""Share of the practices in a resample."""
_TYPICAL = 0.5
"""Share of a family's practices that have a typical feature."""
_ROUNDS = 2
"""Rounds of Leiden, each from the groups of the one before. On 40,000 generated practices modularity is 0.931 after one, 0.934
after two and after ten."""

Labels = NDArray[np.int64]


def families(
    columns: Columns,
    *,
    across: str = "province",
    min_members: int = 3,
    min_regions: int = 2,
    min_similarity: float = MIN_SIMILARITY,
    resamples: int = 10,
    shuffles: int = 19,
    seed: int = 0,
    features: Sequence[str] = COMPARED,
    top: int | None = None,
) -> Comparison:
    """Groups of practices that share an idea across regions, the largest first.

    Columns, options and errors: ``kg.compare.questions.Questions.families``, which asks it of a graph. A resample
    is a random 80 % of the practices; a shuffle deals the concepts out anew, and the least ``chance`` is 1 /
    (shuffles + 1).
    """
    import pandas as pd

    check_top(top)
    if min_members < 2 or min(resamples, shuffles) < 0 or not 0 < min_similarity <= 1:
        raise UsageError("a family has two members, a similarity lies between 0 and 1", where="families")
    table, weights = columns.features(features), weighed(columns, tuple(features))
    graph = neighbour_graph(weights, min_similarity=min_similarity)
    labels = family_labels(graph)
    group = columns.region_at(across)
    found = [
        members
        for members in _groups(labels)
        if len(members) >= min_members and len(np.unique(group[members][group[members] >= 0])) >= min_regions
    ]
    stable = _stability(weights, [set(m.tolist()) for m in found], min_similarity, resamples, seed)
    chance = _chance(
        columns, tuple(features), [_strength(graph, m) for m in found], min_similarity, shuffles=shuffles, seed=seed
    )
    typical = [_features(table, members) for members in found]
    date = columns.practices.date
    rows = []
    for members, own, steady, by_chance in zip(found, typical, stable, chance, strict=True):
        centre = _centre(graph, members)
        days = date[members][~np.isnat(date[members])]
        names = [columns.concepts.label[table.concept[f]] for f, _ in own]
        rows.append(
            (
                " + ".join(names[:4]) or columns.practice_label[centre],
                columns.practice_label[centre],
                len(members),
                len(np.unique(group[members][group[members] >= 0])),
                str(days.min()) if len(days) else None,
                steady,
                by_chance,
                tuple(names),
                tuple(round(share, 3) for _, share in own),
                columns.practice_iri[centre],
                tuple(columns.practice_iri.take(members.tolist())),
            )
        )
    order = sorted(range(len(rows)), key=lambda at: (-rows[at][2], -rows[at][3], rows[at][9]))[:top]
    names = ["family", "typical", "members", "regions", "first", "stability", "chance"]
    names += ["features", "shares", "typical_iri", "member_iris"]

    def grounds(row: int) -> list[str]:
        return _grounds(columns, table, found[order[row]], typical[order[row]])

    grouped = sum(len(members) for members in found)
    return Comparison(
        question=f"practices of several regions ({across}) that are variants of one idea",
        frame=pd.DataFrame([rows[at] for at in order], columns=names),
        notes=(
            f"{many(len(found), 'family', 'families')} with {grouped:,} of {many(table.compared, 'practice')} that "
            f"{'has' if table.compared == 1 else 'have'} a feature to compare by",
            f"joined from a similarity of {min_similarity:g} on, grouped by Leiden (graspologic-native)",
            f"stability: mean Jaccard index over {many(resamples, 'random part')} of 80 %; below 0.6 do not trust it (Hennig "
            "2007)",
            f"chance: share of {many(shuffles, 'shuffle')} whose strongest group is as strong (permutation test of the maximum)",
            "articles are a sample: a family is one of reports",
        ),
        figures={"families": len(found), "practices": grouped, "compared": table.compared},
        shown=("family", "typical", "members", "regions", "first", "stability", "chance"),
        grounds=grounds,
        more=len(found) - len(order),
    )


def neighbour_graph(
    weights: Weights, *, min_similarity: float = MIN_SIMILARITY, rows: NDArray[np.bool_] | None = None
) -> Any:
    """The similarity graph as a symmetric scipy CSR matrix: an edge where one is among the nearest of the other.

    ``rows`` leaves practices out (their rows and columns are empty).
    """
    from scipy import sparse

    count = weights.practices
    # Each practice a group of its own: none is left out for its place.
    groups = np.arange(count, dtype=np.int32)
    if rows is not None:
        groups[~rows] = -1  # unknown: never an answer
    found = all_pairs(weights, groups, top=NEIGHBOURS)
    kept = found.similarity >= min_similarity
    if rows is not None:
        kept &= rows[:, None]
    owner = np.nonzero(kept)[0]
    graph = sparse.csr_matrix((found.similarity[kept], (owner, found.neighbour[kept])), shape=(count, count))
    return graph.maximum(graph.T).tocsr()


def family_labels(graph: Any) -> Labels:
    """The group of each practice; groups are numbered by size, a practice without an edge is a group of its own.

    Deterministic: the same graph gives the same groups (the generator has a seed of its own for each call).
    """
    from graspologic_native import leiden_csr

    if graph.nnz == 0:
        return np.arange(graph.shape[0])
    start, nearest, similarity = (
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int32),
        graph.data.astype(np.float64),
    )
    group_of = leiden_csr(start, nearest, similarity, graph.shape[0], iterations=_ROUNDS, seed=0)[1]
    found = np.array([group_of[at] for at in range(graph.shape[0])], dtype=np.int64)
    _, first, labels, sizes = np.unique(found, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    return np.asarray(np.argsort(order)[labels], dtype=np.int64)


def _groups(labels: Labels) -> list[NDArray[np.int64]]:
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(labels[order])) + 1) if len(order) else []


def _stability(
    weights: Weights, found: list[set[int]], min_similarity: float, resamples: int, seed: int
) -> list[float | None]:
    if not resamples or not found:
        return [None] * len(found)
    rng = np.random.default_rng(seed)
    total = np.zeros(len(found))
    for _ in range(resamples):
        rows = rng.random(weights.practices) < _PART
        labels = family_labels(neighbour_graph(weights, min_similarity=min_similarity, rows=rows))
        sizes = np.bincount(labels[rows], minlength=labels.max() + 1)
        for at, family in enumerate(found):
            members = np.array([one for one in family if rows[one]], dtype=np.int64)
            if len(members):
                inside = np.bincount(labels[members])
                union = len(members) + sizes[: len(inside)] - inside
                total[at] += float((inside / np.maximum(union, 1)).max())
    return [round(each / resamples, 3) for each in total.tolist()]


def _strength(graph: Any, members: NDArray[np.int64]) -> float:
    return float(graph[members][:, members].sum()) / 2


def _chance(
    columns: Columns, kinds: tuple[str, ...], strengths: list[float], min_similarity: float, *, shuffles: int, seed: int
) -> list[float | None]:
    if not shuffles or not strengths:
        return [None] * len(strengths)
    rng = np.random.default_rng(seed + 1)
    as_strong = np.zeros(len(strengths), dtype=np.int64)
    for _ in range(shuffles):
        graph = neighbour_graph(weigh(shuffled(columns, rng).features(kinds)), min_similarity=min_similarity)
        greatest = max((_strength(graph, m) for m in _groups(family_labels(graph)) if len(m) > 1), default=0.0)
        as_strong += greatest >= np.array(strengths)
    return [round((1 + int(each)) / (1 + shuffles), 4) for each in as_strong]


def shuffled(columns: Columns, rng: np.random.Generator) -> Columns:
    """The columns with the concepts of each kind dealt out anew, as if they had nothing to do with one another."""
    said = columns.statements
    size = max(len(columns.concepts), len(columns.regions), 1)
    key = (said.practice.astype(np.int64) * len(RELATIONS) + said.relation) * size + said.value
    first = np.unique(key, return_index=True)[1]  # two articles that say the same say it once
    value = said.value[first].copy()
    relation = said.relation[first]
    for code in range(len(FEATURES)):
        here = np.flatnonzero(relation == code)
        value[here] = value[rng.permutation(here)]
    rest = {name: getattr(said, name)[first] for name in said.__dataclass_fields__}
    return columns.limited(statements=replace(said, **(rest | {"value": value})))


def _features(features: Features, members: NDArray[np.int64]) -> list[tuple[int, float]]:
    """What at least half of the members have themselves, with the share of those that do; what tells most of them first."""
    entries = np.concatenate([np.arange(*features.row(int(m)).indices(len(features.feature))[:2]) for m in members])
    own = features.feature[entries[features.own[entries]]]
    known, counts = np.unique(own, return_counts=True)
    share = counts / len(members)
    told = [(int(f), float(s)) for f, s in zip(known.tolist(), share.tolist(), strict=True) if s >= _TYPICAL]
    return sorted(told, key=lambda one: (-one[1] * float(features.idf[one[0]]), one[0]))


def _centre(graph: Any, members: NDArray[np.int64]) -> int:
    """The member with the greatest sum of similarities to the others; of equals the first."""
    within = np.asarray(graph[members][:, members].sum(axis=1)).ravel()
    return int(members[int(np.argmax(np.round(within, 9)))])


def _grounds(
    columns: Columns, features: Features, members: NDArray[np.int64], own: list[tuple[int, float]]
) -> list[str]:
    """Evidence for the typical features, member by member."""
    nodes: list[tuple[int, str]] = []
    for feature, _ in own:
        kind, concept = features.kinds[features.kind[feature]], int(features.concept[feature])
        for turn, rows in enumerate(grounds_of(columns, members, [concept], [kind]).values()):
            nodes += [(turn, columns.evidence[columns.statements.evidence[row]]) for row in rows[:1]]
    return [node for _, node in sorted(nodes, key=lambda one: one[0])]
