"""A task under way: how many are sent ahead, what comes back of one where it ran, and what stands for one that is lost."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

__all__ = ["AHEAD", "ATTEMPTS", "Answer", "Lost", "answer"]

AHEAD = 2
"""Items a worker that are under way or done and waiting for their turn."""
ATTEMPTS = 3
"""How often an item is tried when the worker that holds it dies: a machine's fault passes, an item's own does not."""

Item = TypeVar("Item")

Answer = tuple[bool, Any]
"""True and the result, or False and the exception."""


@dataclass(frozen=True)
class Lost(Generic[Item]):
    """Stands for the result of an item under which worker after worker died."""

    item: Item
    reason: str


def answer(task: Callable[[Any], Any], item: Any) -> Answer:
    """Call the task; an exception that would not survive the way back is told as a RuntimeError."""
    try:
        return True, task(item)
    except Exception as error:  # noqa: BLE001 - raised again where the result is asked for
        try:
            pickle.loads(pickle.dumps(error))
        except Exception:  # noqa: BLE001 - some exceptions cannot be pickled, some not unpickled
            return False, RuntimeError(f"{type(error).__name__}: {error}")
        return False, error
