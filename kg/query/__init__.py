"""Station 5: questions to a finished graph — SPARQL within limits, shared features, practices, evidence."""

from kg.query.answer import Answer
from kg.query.graph import Graph, open_graph
from kg.query.guard import QueryTimeoutError
from kg.query.named import NamedQuery, named_queries, named_query
from kg.query.shared import SharedFeature, shared_features

__all__ = [
    "Answer",
    "Graph",
    "NamedQuery",
    "QueryTimeoutError",
    "SharedFeature",
    "named_queries",
    "named_query",
    "open_graph",
    "shared_features",
]
