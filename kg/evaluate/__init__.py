"""Evaluation: how far predicted records agree with gold ones, and whether the gold is sound."""

from kg.evaluate.evaluation import Evaluation, evaluate
from kg.evaluate.scoring import Counts, Mistake

__all__ = ["Counts", "Evaluation", "Mistake", "evaluate"]
