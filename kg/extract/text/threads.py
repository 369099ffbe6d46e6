"""Sums of matrix products in one order: on as many threads as the machine has, a confidence differs in its fourth digit."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController

__all__ = ["on_one_thread"]


@cache
def _libraries() -> ThreadpoolController:
    """The BLAS libraries of this process, looked for once."""
    return ThreadpoolController()


def on_one_thread() -> AbstractContextManager[object]:
    """NumPy's matrix products on one thread while the context lasts; what was set before comes back after it."""
    limits: AbstractContextManager[object] = _libraries().limit(limits=1, user_api="blas")
    return limits
