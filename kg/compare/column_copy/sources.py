"""Where the columns of a graph are asked for: a finished generation on disk, or an endpoint elsewhere.

Each query is one that any SPARQL 1.1 endpoint answers. Of a store on disk they are asked in this process, without the
limits of rows and bytes that protect a researcher's own queries.
"""

from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import QueryResultsFormat, QuerySolutions

from kg.graph.store.snapshot import Snapshot
from kg.query.engine import Engine, whole
from kg.query.guard import prefixes

__all__ = ["Ask", "ask_engine", "ask_snapshot"]

Ask = Callable[[str], bytes]
"""A SELECT query → its answer as TSV."""


def ask_snapshot(snapshot: Snapshot) -> Ask:
    """Asks the Oxigraph database of a finished generation."""
    store, known = snapshot.read_only(), prefixes(snapshot.base)

    def ask(query: str) -> bytes:
        rows = store.query(query, prefixes=known)
        assert isinstance(rows, QuerySolutions)
        return bytes(rows.serialize(format=QueryResultsFormat.TSV) or b"")

    return ask


def ask_engine(engine: Engine) -> Ask:
    """Asks through an engine: an endpoint elsewhere."""
    return lambda query: whole(engine, query).data
