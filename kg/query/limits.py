"""How sure a statement must be to count: the limits that practices and comparisons have in common."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real

from kg.errors import UsageError

__all__ = ["NO_LIMITS", "Limits"]


@dataclass(frozen=True)
class Limits:
    """Which statements count; raises UsageError where the confidence is none."""

    stated_only: bool = False
    """Nothing that was inferred."""
    min_confidence: float = 0.0
    """From 0 to 1; nothing less sure."""

    def __post_init__(self) -> None:
        number = isinstance(self.min_confidence, Real)
        if not number or not 0 <= self.min_confidence <= 1:
            raise UsageError("a confidence lies between 0 and 1", where="min_confidence")

    def admit(self, inferred: bool, confidence: float) -> bool:
        """Whether a statement counts."""
        return confidence >= self.min_confidence and not (self.stated_only and inferred)

    def words(self) -> tuple[str, ...]:
        """The limits in words, for notes; empty where there are none.

        >>> Limits(stated_only=True, min_confidence=0.8).words()
        ('stated, nothing inferred', 'confidence 0.8 or more')
        """
        stated = ("stated, nothing inferred",) if self.stated_only else ()
        sure = (f"confidence {self.min_confidence:g} or more",) if self.min_confidence else ()
        return stated + sure

    def note(self) -> str:
        """The limits as a line below a table; empty where there are none."""
        return "only: " + "; ".join(self.words()) if self.words() else ""


NO_LIMITS = Limits()
"""Every statement counts."""
