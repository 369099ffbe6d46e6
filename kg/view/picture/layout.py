"""Where each node of the picture stands, computed before the page is written, so that the browser need not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from kg.view.picture.mesh import mesh_repulsion, overlapping_pairs

__all__ = ["place_nodes"]

EXACT = 4000
"""Up to so many nodes each is compared with each; beyond, a mesh stands in (``kg.view.picture.mesh``)."""

SPACING = 70.0
"""Wished distance of two joined nodes, in the picture's units (pixels at zoom 1)."""
REPULSION = 0.45
GRAVITY = 0.2
BLOCK = 256
MESH_ROUNDS = 120
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))

_Array = npt.NDArray[np.float64]


def place_nodes(
    ids: Sequence[str],
    edges: Sequence[tuple[str, str, float]],
    *,
    radius: Mapping[str, float] | None = None,
    rounds: int | None = None,
) -> dict[str, tuple[int, int]]:
    """Positions by forces: nodes repel, edges (source, target, weight) draw together, the middle draws gently.

    Fruchterman and Reingold 1991, with exact repulsion in blocks that stay in the cache, or on a mesh where nodes are
    many; ``rounds`` defaults to what takes a few seconds. Starts from a spiral, uses no random number: the same input
    gives the same whole numbers. At the end what hangs on nothing is drawn near, and nodes closer than their radii
    (default 12) allow are pushed apart.

    >>> place_nodes(["a"], [])
    {'a': (0, 0)}
    """
    count = len(ids)
    if not count:
        return {}
    index = {key: position for position, key in enumerate(ids)}
    pairs = np.array([(index[a], index[b]) for a, b, _ in edges], dtype=np.int64).reshape(-1, 2)
    weights = np.array([weight for _, _, weight in edges], dtype=np.float64)
    position = _spiral(count)
    few = count <= EXACT
    rounds = rounds or (max(60, min(300, 240_000 // count)) if few else MESH_ROUNDS)
    scale = (SPACING * REPULSION) ** 2
    degree = np.bincount(pairs.ravel(), minlength=count) + 1.0
    mass = np.power(degree, 0.75)
    # Hubs must not pull their leaves into one heap: each edge pulls less the more edges its ends have.
    pull = weights / np.sqrt(np.minimum(degree[pairs[:, 0]], degree[pairs[:, 1]])) if len(pairs) else weights
    heat = SPACING * math.sqrt(count) / 4
    for step in range(rounds):
        push = _repulsion(position, mass) if few else mesh_repulsion(position, mass) * (scale * mass[:, None])
        force = push - position * (GRAVITY * mass[:, None])
        _attract(force, position, pairs, pull)
        length = np.hypot(force[:, 0], force[:, 1])
        limit = heat * (1 - step / rounds) ** 1.5 + 1.0
        position = position + force * (np.minimum(length, limit) / np.maximum(length, 1e-9))[:, None]
    radii = np.array([(radius or {}).get(key, 12.0) for key in ids])
    position = _gathered(position, radii, pairs)
    position = _apart(position - position.mean(axis=0), radii)
    return {key: (round(float(x)), round(float(y))) for key, (x, y) in zip(ids, position, strict=True)}


def _spiral(count: int) -> _Array:
    steps = np.arange(count, dtype=np.float64)
    distance = SPACING * 0.6 * np.sqrt(steps)
    return np.stack([distance * np.cos(steps * GOLDEN_ANGLE), distance * np.sin(steps * GOLDEN_ANGLE)], axis=1)


def _repulsion(position: _Array, mass: _Array) -> _Array:
    # Single precision halves the time; element-wise operations and row sums do not depend on the number of threads.
    spot, weight = position.astype(np.float32), mass.astype(np.float32)
    x, y = spot[:, 0].copy(), spot[:, 1].copy()
    force = np.empty_like(position)
    for first in range(0, len(spot), BLOCK):
        rows = slice(first, first + BLOCK)
        dx, dy = x[rows, None] - x[None, :], y[rows, None] - y[None, :]
        pull = dx * dx
        pull += dy * dy
        pull += np.float32(1.0)
        np.divide(weight[None, :], pull, out=pull)
        dx *= pull
        dy *= pull
        force[rows, 0], force[rows, 1] = dx.sum(axis=1), dy.sum(axis=1)
    return force * ((SPACING * REPULSION) ** 2 * mass[:, None])


def _attract(force: _Array, position: _Array, pairs: npt.NDArray[np.int64], pull: _Array) -> None:
    if not len(pairs):
        return
    gap = position[pairs[:, 1]] - position[pairs[:, 0]]
    strength = (np.hypot(gap[:, 0], gap[:, 1]) / SPACING * pull)[:, None] * gap
    for axis in (0, 1):
        force[:, axis] += np.bincount(pairs[:, 0], strength[:, axis], len(force))
        force[:, axis] -= np.bincount(pairs[:, 1], strength[:, axis], len(force))


def _gathered(position: _Array, radii: _Array, pairs: npt.NDArray[np.int64]) -> _Array:
    """Move each part that no edge joins to the largest one straight towards it, until it touches what lies there.

    Only edges hold the parts together: the repulsion of a large one drives the others out to twice its radius.
    """
    parts = _parts(len(position), pairs)
    largest, *others = sorted(parts, key=lambda part: (-len(part), part[0]))
    if not others:
        return position
    position = position - position[largest].mean(axis=0)
    centres = [position[part].mean(axis=0) for part in others]
    # Each part is taken for a disc; the rows of placed are x, y and radius.
    placed = np.zeros((len(parts), 3))
    placed[0, 2] = _reach(position[largest], radii[largest])
    for done, number in enumerate(np.argsort([math.hypot(*centre) for centre in centres], kind="stable"), 1):
        part, centre = others[number], centres[number]
        reach = _reach(position[part] - centre, radii[part])
        distance = math.hypot(*centre)
        nearer = min(distance, _first_free(placed[:done], centre / max(distance, 1e-9), reach + SPACING))
        placed[done] = *(centre * (nearer / max(distance, 1e-9))), reach
        position[part] += placed[done, :2] - centre
    return position


def _parts(count: int, pairs: npt.NDArray[np.int64]) -> list[list[int]]:
    """The nodes of each connected part."""
    above = list(range(count))

    def top(node: int) -> int:
        while above[node] != node:
            above[node] = above[above[node]]
            node = above[node]
        return node

    for one, other in pairs.tolist():
        above[top(one)] = top(other)
    parts: dict[int, list[int]] = {}
    for node in range(count):
        parts.setdefault(top(node), []).append(node)
    return list(parts.values())


def _reach(position: _Array, radii: _Array) -> float:
    return float((np.hypot(position[:, 0], position[:, 1]) + radii).max())


def _first_free(placed: _Array, way: _Array, room: float) -> float:
    """How far from the middle along ``way`` (of length 1) a disc that needs so much room touches none of the placed."""
    along = placed[:, :2] @ way
    aside = np.abs(placed[:, 0] * way[1] - placed[:, 1] * way[0])
    half = np.sqrt(np.maximum((placed[:, 2] + room) ** 2 - aside**2, 0))
    free = 0.0
    for start, end in sorted(zip((along - half).tolist(), (along + half).tolist(), strict=True)):
        if start > free:
            break
        free = max(free, end)
    return free


def _apart(position: _Array, radii: _Array, rounds: int = 40) -> _Array:
    """Push overlapping nodes apart."""
    for _ in range(rounds):
        close = overlapping_pairs(position, radii)
        if not len(close):
            break
        a, b = close[:, 0], close[:, 1]
        gap = position[b] - position[a]
        length = np.maximum(np.hypot(gap[:, 0], gap[:, 1]), 1e-3)
        lack = radii[a] + radii[b] + 4 - length
        if not (lack > 0.5).any():
            break
        move = (np.maximum(lack, 0) / 2 / length)[:, None] * gap
        position = position.copy()
        for axis in (0, 1):
            position[:, axis] += np.bincount(b, move[:, axis], len(position))
            position[:, axis] -= np.bincount(a, move[:, axis], len(position))
    return position
