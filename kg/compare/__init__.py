"""Station 6: what practices of different places have in common, how they spread, what came of them — on a column copy."""

from kg.compare.column_copy.columns import FEATURES, LEVELS, RELATIONS, Columns
from kg.compare.column_copy.features import Features
from kg.compare.column_copy.saved import open_columns
from kg.compare.graph import ComparedGraph, open_graph
from kg.compare.result import Comparison

__all__ = [
    "FEATURES",
    "LEVELS",
    "RELATIONS",
    "Columns",
    "ComparedGraph",
    "Comparison",
    "Features",
    "open_columns",
    "open_graph",
]
