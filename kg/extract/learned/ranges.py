"""Ranges of numbers laid one behind the other: for each of many things those of its neighbours that it is looked at with."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ranges"]


def ranges(first: NDArray[Any], counts: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """(owner, number) of each entry: the owner's numbers are as many as its count, from its first on.

    >>> ranges(np.array([5, 0]), np.array([3, 2]))
    (array([0, 0, 0, 1, 1]), array([5, 6, 7, 0, 1]))
    """
    owner = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) + (first - before)[owner]
