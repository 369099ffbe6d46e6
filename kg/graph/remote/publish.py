"""Bringing a server elsewhere to the state of a store: only what differs is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Store

from kg.errors import StoreError
from kg.graph.rdf.fixed import INDEX, RUNS
from kg.graph.rdf.ntriples import graph_hash, lines
from kg.graph.rdf.terms import Terms
from kg.graph.remote.endpoint import Endpoint
from kg.graph.store.quads import graph_triples
from kg.graph.store.snapshot import Snapshot

__all__ = ["PublishReport", "publish"]

BATCH = 1_000_000
"""Characters of N-Triples that go in one update."""


@dataclass
class PublishReport:
    """What was sent."""

    written: int = 0
    unchanged: int = 0
    withdrawn: int = 0


def publish(
    store: str | Path,
    endpoint: Endpoint,
    on_graph: Callable[[], None] = lambda: None,
    *,
    replace: bool = False,
) -> PublishReport:
    """Make a server hold the finished generation of a store; other graphs of the server are left alone.

    Under one base a server holds the graphs of one store: with ``replace`` they take the place of another one's.

    A graph is marked in the server's index before it is written, and gets its hash there when it is whole: a broken
    transfer goes on where it stopped, and leaves nothing on the server that the next one does not know of.

    Raises
    ------
    StoreError : there is no finished store, the server does not answer or refuses, or holds what another store wrote.
    """
    snapshot = Snapshot.at(store)
    manifest, terms, quads = snapshot.manifest, Terms(snapshot.base), snapshot.read_only()
    skip = terms.iri(INDEX)
    wanted = {graph: digest for graph, digest in manifest.fixed.items() if graph != skip}
    wanted |= {entry.graph: entry.graph_hash for entry in manifest.entries}
    runs = terms.iri(RUNS)
    wanted[runs] = graph_hash(_triples(quads, runs))
    there = endpoint.graph_hashes(terms)
    _take(endpoint, snapshot.store.identity(), terms, replace=replace)
    report = PublishReport()
    for graph in sorted(there.keys() - wanted.keys()):
        endpoint.drop(graph, terms)
        report.withdrawn += 1
    batch: list[tuple[str, str, str]] = []
    size = 0
    for graph, digest in sorted(wanted.items()):
        on_graph()
        if there.get(graph) == digest:
            report.unchanged += 1
            continue
        report.written += 1
        text = _triples(quads, graph)
        if graph in manifest.fixed or graph == runs:
            endpoint.put(graph, text, digest, terms)
            continue
        # An article is small and a request is dear: many go together.
        batch.append((graph, text, digest))
        size += len(text)
        if size > BATCH:
            endpoint.put_many(batch, there, terms)
            batch, size = [], 0
    if batch:
        endpoint.put_many(batch, there, terms)
    return report


def _take(endpoint: Endpoint, store: str, terms: Terms, *, replace: bool) -> None:
    """Raises StoreError where another store wrote there: its articles would be withdrawn, its regions overwritten."""
    holders = endpoint.holders(terms)
    if holders - {store} and not replace:
        raise StoreError(
            "the server holds the graphs of another store under the same base",
            where=endpoint.query,
            remedy="build both into one store, name another server or --base, or put these in their place with "
            "--endpoint-replace",
        )
    if holders != {store}:
        endpoint.hold(store, terms)


def _triples(store: Store, graph: str) -> str:
    held = graph_triples(store, NamedNode(graph[1:-1])).decode("utf-8")
    return "".join(sorted(f"{line}\n" for line in lines(held)))
