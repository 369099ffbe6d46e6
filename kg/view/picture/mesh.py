"""Forces for many nodes: repulsion on a mesh, so that a round costs little more than the nodes and edges there are."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

__all__ = ["mesh_repulsion", "overlapping_pairs"]

CELLS = 192
"""Cells along a side of the mesh. Nodes in one cell hardly repel each other: the caller parts them at the end."""

_Array = npt.NDArray[np.float64]


def mesh_repulsion(position: _Array, mass: _Array) -> _Array:
    """What each node feels of all others: the sum of mass · (x − y) / |x − y|², shape (n, 2), in the positions' unit.

    Particle-mesh (Hockney and Eastwood, Computer Simulation Using Particles, 1988): masses go to the four nearest mesh
    points in proportion, one convolution by Fourier transform gives the field there, and nodes read it from the same
    four points. Blurred within two cells, true beyond.
    """
    low, high = position.min(axis=0), position.max(axis=0)
    cell = max(float((high - low).max()) / (CELLS - 2), 1e-9)
    spot = (position - low) / cell
    corner = np.minimum(spot.astype(np.int64), CELLS - 2)
    part = spot - corner
    weights = [
        (1 - part[:, 0]) * (1 - part[:, 1]),
        (1 - part[:, 0]) * part[:, 1],
        part[:, 0] * (1 - part[:, 1]),
        part[:, 0] * part[:, 1],
    ]
    first = corner[:, 0] * CELLS + corner[:, 1]
    points = [first, first + 1, first + CELLS, first + CELLS + 1]
    density = np.zeros(CELLS * CELLS)
    for point, weight in zip(points, weights, strict=True):
        density += np.bincount(point, weight * mass, CELLS * CELLS)
    spectrum = np.fft.rfft2(density.reshape(CELLS, CELLS), (2 * CELLS, 2 * CELLS))
    felt = np.empty_like(position)
    for axis, kernel in enumerate(_kernels()):
        field = np.fft.irfft2(spectrum * kernel, (2 * CELLS, 2 * CELLS))[:CELLS, :CELLS].ravel()
        felt[:, axis] = sum(field[point] * weight for point, weight in zip(points, weights, strict=True))
    return felt / cell


def overlapping_pairs(position: _Array, radii: _Array) -> npt.NDArray[np.int64]:
    """Pairs (a < b) of nodes that may overlap, shape (m, 2): for each size of node those within reach, each pair once.

    Few nodes are large; a search with the largest diameter for all would meet hundreds of neighbours of each.
    """
    from scipy.spatial import cKDTree  # half a second, which commands that draw nothing do without

    found = []
    classes = np.ceil(np.log2(np.maximum(radii, 1.0))).astype(np.int64)
    sizes = np.unique(classes)
    trees = {size: (cKDTree(position[classes == size]), np.flatnonzero(classes == size)) for size in sizes.tolist()}
    for size, (tree, numbers) in trees.items():
        own = tree.query_pairs(2.0 ** (size + 1) + 4, output_type="ndarray")
        found.append(numbers[own])
        for other, (smaller, theirs) in trees.items():
            if other < size:
                near = tree.sparse_distance_matrix(smaller, 2.0**size + 2.0**other + 4, output_type="coo_matrix")
                found.append(np.stack([numbers[near.row], theirs[near.col]], axis=1))
    pairs = np.concatenate(found).astype(np.int64).reshape(-1, 2)
    pairs.sort(axis=1)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


@cache
def _kernels() -> tuple[npt.NDArray[np.complex128], npt.NDArray[np.complex128]]:
    """The transformed kernel x / (x² + y²) for both axes, in cells, on a mesh twice as wide (no wrapping around)."""
    steps = np.fft.fftfreq(2 * CELLS, 1 / (2 * CELLS))
    x, y = np.meshgrid(steps, steps, indexing="ij")
    square = x * x + y * y
    square[0, 0] = 1.0
    return np.fft.rfft2(x / square), np.fft.rfft2(y / square)
