"""Station 5: questions to a finished graph — SPARQL within limits, practices, evidence."""

from kg.query.answer import Answer
from kg.query.graph import Graph, open_graph
from kg.query.guard import QueryMemoryError, QueryTimeoutError
from kg.query.named import NamedQuery, named_queries, named_query

__all__ = [
    "Answer",
    "Graph",
    "NamedQuery",
    "QueryMemoryError",
    "QueryTimeoutError",
    "named_queries",
    "named_query",
    "open_graph",
]
