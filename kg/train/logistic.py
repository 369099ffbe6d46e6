"""Logistic regression, for the small curves that stand on top of the networks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["logistic_regression"]

_STEPS = 50


def logistic_regression(
    x: NDArray[np.float64], right: NDArray[np.float64], pull: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The weights of the columns of ``x``, by Newton's method.

    ``pull`` is the strength, as a number of values, with which each weight is drawn towards 0 (ridge, Hoerl and Kennard 1970);
    it must be above 0 for a column that says nothing.
    """
    weights: NDArray[np.float64] = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (right - p) - pull * weights
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag(pull), slope)
        weights = weights + step
        if np.abs(step).max() < 1e-9:
            break
    return weights
