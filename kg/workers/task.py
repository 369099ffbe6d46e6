"""Running a task where it was sent: what it gives, or what it raised, as one answer that can be sent back."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

__all__ = ["Answer", "answer"]

Answer = tuple[bool, Any]
"""True and the result, or False and the exception."""


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
