"""All pairs: exact, whatever the loops, blocks and threads; near equal to the formula in floating point."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from kg.compare.column_copy.features import Features
from kg.compare.nearest import pairs
from kg.compare.nearest.pairs import all_pairs, all_pairs_on, nearest
from kg.compare.nearest.weights import Weights, weigh
from kg.generate import make_plan, plan_columns
from kg.workers import open_workers

KINDS = ("format", "audience", "topic")


@pytest.fixture(scope="module")
def table() -> tuple[Features, np.ndarray]:
    columns = plan_columns(make_plan(1500, 7))
    groups = columns.practices.province.copy()
    groups[::50] = -1  # some whose region nobody knows
    return columns.features(KINDS), groups


@pytest.fixture(scope="module")
def weights(table: tuple[Features, np.ndarray]) -> Weights:
    return weigh(table[0])


def by_scipy(table: Features, groups: np.ndarray) -> np.ndarray:
    """Similarities of all pairs of other groups, by the formula of ``kg.compare.nearest.weights`` in floating point."""
    # Σ min: half of the idf where both have it at all, and as much again where both have it themselves.
    shape = (table.practices, 2 * len(table))
    half = np.sqrt(table.idf[table.feature] / 2)
    rows = sparse.csr_matrix((half, (table.owner, table.feature)), shape=shape)
    rows += sparse.csr_matrix((half * table.own, (table.owner, table.feature + len(table))), shape=shape)
    common = (rows @ rows.T).toarray()
    total = table.total
    found = np.divide(common, total[:, None] + total - common, out=np.zeros_like(common), where=common > 0)
    found[:, groups < 0] = 0
    found[(groups[:, None] == groups) & (groups[:, None] >= 0)] = 0
    np.fill_diagonal(found, 0)
    return found


def test_without_a_feature_nobody_is_near(table: tuple[Features, np.ndarray]) -> None:
    groups = table[1]
    nothing = weigh(plan_columns(make_plan(30, 7)).features(()))
    found = all_pairs(nothing, groups[:30], top=3)
    assert found.neighbour.shape == (30, 3) and (found.neighbour == -1).all() and not found.similarity.any()
    with open_workers(1) as workers:
        assert np.array_equal(all_pairs_on(workers, nothing, groups[:30], top=3).neighbour, found.neighbour)


@pytest.mark.parametrize("loops", ["compiled", "numpy"])
def test_equal_to_scipy_to_five_digits(
    table: tuple[Features, np.ndarray], weights: Weights, loops: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if loops == "compiled":
        pytest.importorskip("numba")
    else:
        monkeypatch.setattr(pairs, "_kernel", lambda: None)
    features, groups = table
    found = all_pairs(weights, groups, top=20)
    wanted = by_scipy(features, groups)
    best = np.sort(wanted, axis=1)[:, ::-1][:, :20]
    assert np.abs(found.similarity - best).max() < 5e-6
    there = found.neighbour >= 0
    rows = np.repeat(np.arange(len(wanted)), 20).reshape(-1, 20)
    assert np.abs(wanted[rows[there], found.neighbour[there]] - found.similarity[there]).max() < 5e-6
    assert (there == (best > 0)).all() and not np.isin(found.neighbour, np.flatnonzero(groups < 0)).any()


def test_the_same_bytes_by_one_practice_by_blocks_and_by_threads(
    table: tuple[Features, np.ndarray], weights: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups = table[1]
    whole = all_pairs(weights, groups, top=7, threads=1)
    monkeypatch.setattr(pairs, "_BLOCK", 100)
    threads = all_pairs(weights, groups, top=7, threads=3)
    parts = [all_pairs(weights, groups, top=7, rows=range(at, min(at + 411, 1500))) for at in range(0, 1500, 411)]
    for other in (threads.neighbour, np.concatenate([part.neighbour for part in parts])):
        assert other.tobytes() == whole.neighbour.tobytes()
    assert np.concatenate([part.similarity for part in parts]).tobytes() == whole.similarity.tobytes()
    for practice in range(0, 1500, 13):
        found, how = nearest(weights, groups, practice, top=7)
        assert (whole.neighbour[practice, : len(found)] == found).all()
        assert (whole.similarity[practice, : len(found)] == how).all()
        assert (whole.neighbour[practice, len(found) :] == -1).all()


@pytest.mark.slow
def test_blocks_larger_than_the_sums_held_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    columns = plan_columns(make_plan(20_000, 3))
    weights, groups = weigh(columns.features(KINDS)), columns.practices.province
    found = all_pairs(weights, groups, top=5, rows=range(9000, 9300))
    for at, practice in enumerate(range(9000, 9300)):
        wanted, how = nearest(weights, groups, practice, top=5)
        assert (found.neighbour[at, : len(wanted)] == wanted).all() and (
            found.similarity[at, : len(wanted)] == how
        ).all()


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["processes", "ray"])
def test_blocks_of_rows_on_workers_give_the_same_bytes(
    table: tuple[Features, np.ndarray], weights: Weights, engine: str
) -> None:
    if engine == "ray":
        pytest.importorskip("ray")
    with open_workers(2, engine) as workers:
        found = all_pairs_on(workers, weights, table[1], top=7, block=400)
    whole = all_pairs(weights, table[1], top=7)
    assert found.neighbour.tobytes() == whole.neighbour.tobytes()
    assert found.similarity.tobytes() == whole.similarity.tobytes()


def test_nothing_in_common_gives_nothing() -> None:
    empty = np.zeros(0, dtype=np.int32)
    features = Features(
        KINDS,
        np.zeros(2, dtype=np.int8),
        np.arange(2, dtype=np.int32),
        np.array([0, 1, 2, 2]),
        np.arange(2, dtype=np.int32),
        np.ones(2, dtype=np.bool_),
    )
    found = all_pairs(weigh(features), np.arange(3, dtype=np.int32), top=2)
    assert (found.neighbour == -1).all() and (found.similarity == 0).all()
    assert len(nearest(weigh(features), np.arange(3, dtype=np.int32), 2)[0]) == len(empty)
