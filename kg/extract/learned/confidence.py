"""What a confidence means: the share of such values that are right, as it was measured on articles the models had not seen.

A network's own scores say which value is surer, not how sure it is, and a value is right only if its practice is one. So
each score is put through a logistic curve of itself and of its practice's confidence (Platt 1999, with a second input),
one curve a slot, fitted by ``python -m kg.train.calibrate`` and shipped beside the models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, log

__all__ = ["UNCALIBRATED", "Confidence", "log_odds"]

_EDGE = 1e-4
"""Scores nearer to 0 or 1 are taken for this near: their odds would say more than was measured."""


class Confidence:
    """One curve a slot: (height, slope over the value's log-odds, slope over those of its practice's confidence).

    The practices themselves have two, ``named`` and ``unnamed``: their scores are not on one scale.
    """

    def __init__(self, curves: Mapping[str, Sequence[float]]) -> None:
        self._curves = {slot: tuple(curve) for slot, curve in curves.items()}

    def of_practice(self, named: bool, score: float) -> float:
        """The confidence of a practice from the score of its name."""
        return self.of("named" if named else "unnamed", score, 0.5)

    def of(self, slot: str, score: float, practice: float) -> float:
        """The confidence of a value from its score and its practice's confidence; the score where no curve is known."""
        curve = self._curves.get(slot)
        if curve is None:
            return round(min(max(score, 0.0), 1.0), 4)
        height, own, above = curve
        odds = height + own * log_odds(score) + above * log_odds(practice)
        return round(1 / (1 + exp(-odds)), 4)


UNCALIBRATED = Confidence({})
"""The scores as they are."""


def log_odds(score: float) -> float:
    """Of a probability, which is kept off 0 and 1."""
    score = min(max(score, _EDGE), 1 - _EDGE)
    return log(score / (1 - score))
