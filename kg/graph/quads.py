"""The quads of a generation: named graphs, and their union in the default graph.

The default graph holds every triple of every graph once. Oxigraph's own union (``use_default_graph_as_union``) returns
a triple once for each graph that has it, so that a practice told by two articles would be counted twice; and a server
elsewhere may offer no union at all. Keeping the union costs half as much disk again and is right everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kg.graph.folder import storage_errors

__all__ = ["QuadWriter", "lines", "named_graph_lines", "parsed", "withdraw_update"]

BATCH_BYTES = 16_000_000
"""N-Quads that are gathered before they are loaded: enough for a bulk load to pay, little enough for any machine."""


class QuadWriter:
    """Writes into the database of a generation that nobody reads yet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with storage_errors(path):
            self._store = Store(str(path))
        self._pending: list[str] = []
        self._size = 0

    def put(self, graph: str, ntriples: str) -> None:
        """Add the triples (N-Triples) of a graph that the store does not hold yet."""
        for line in lines(ntriples):
            self._pending.append(f"{line[:-1]}{graph} .\n{line}\n")
            self._size += 2 * len(line) + len(graph)
        if self._size > BATCH_BYTES:
            self._load()

    def change(self, graph: str, ntriples: str) -> None:
        """Make a graph that the store holds say this: only what differs is touched."""
        before, after = set(lines(self.triples(graph))), set(lines(ntriples))
        node = NamedNode(graph[1:-1])
        with storage_errors(self._path):
            for quad in parsed("".join(f"{line}\n" for line in sorted(before - after))):
                self._store.remove(Quad(quad.subject, quad.predicate, quad.object, node))
                self._leave_union(quad)
        self.put(graph, "".join(f"{line}\n" for line in sorted(after - before)))

    def remove(self, graphs: Iterable[str]) -> None:
        """Remove graphs, and from the default graph what no other graph says."""
        self._load()
        with storage_errors(self._path):
            for name in graphs:
                graph = NamedNode(name[1:-1])
                quads = list(self._store.quads_for_pattern(None, None, None, graph))
                self._store.remove_graph(graph)
                for quad in quads:
                    self._leave_union(quad)

    def _leave_union(self, quad: Quad) -> None:
        """Remove a triple from the default graph where no named graph says it any more."""
        union = DefaultGraph()
        elsewhere = self._store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        if all(other.graph_name == union for other in elsewhere):
            self._store.remove(Quad(quad.subject, quad.predicate, quad.object, union))

    def triples(self, graph: str) -> str:
        """The N-Triples of a graph that stands in the store."""
        self._load()
        return str(
            self._store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(graph[1:-1])).decode("utf-8")  # type: ignore[union-attr]
        )

    def finish(self, checkpoint: Path) -> None:
        """Write all that is pending and leave a compact copy of the database at ``checkpoint``."""
        self._load()
        with storage_errors(self._path):
            self._store.flush()
            self._store.backup(str(checkpoint))

    def close(self) -> None:
        """Let go of the files (Oxigraph does when the last reference goes); may be called twice."""
        self.__dict__.pop("_store", None)

    def _load(self) -> None:
        if not self._pending:
            return
        data = "".join(self._pending).encode("utf-8")
        self._pending, self._size = [], 0
        with storage_errors(self._path):
            self._store.bulk_load(data, format=RdfFormat.N_QUADS)


def named_graph_lines(store: Store, *, without: Iterable[str] = ()) -> list[str]:
    """The N-Quads lines of all named graphs but some, sorted: the same articles, the same lines."""
    left_out = set(without)
    found: list[str] = []
    for graph in store.named_graphs():
        if str(graph) in left_out:
            continue
        dumped = store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph)
        assert dumped is not None
        found += [f"{line[:-1]}{graph} ." for line in lines(dumped.decode("utf-8"))]
    return sorted(found)


def withdraw_update(graph: str) -> str:
    """The SPARQL update that removes a graph and, from the default graph, what no other graph says."""
    return (
        f"DELETE {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} "
        f"FILTER NOT EXISTS {{ GRAPH ?other {{ ?s ?p ?o }} FILTER(?other != {graph}) }} }} ;\n"
        f"DROP SILENT GRAPH {graph}"
    )


def lines(ntriples: str) -> list[str]:
    """The lines of N-Triples; ``str.splitlines`` would also cut at U+0085 and U+2028, which literals may hold."""
    return ntriples.removesuffix("\n").split("\n") if ntriples else []


def parsed(ntriples: str) -> Iterator[Quad]:
    """The triples of N-Triples text, in the default graph."""
    return parse(ntriples.encode("utf-8"), format=RdfFormat.N_TRIPLES)
