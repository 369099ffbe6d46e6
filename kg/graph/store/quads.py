"""The quads of a generation: named graphs, and their union in the default graph.

The default graph holds every triple of every graph once. Oxigraph's own union (``use_default_graph_as_union``) returns
a triple once for each graph that has it, so that a practice told by two articles would be counted twice; and a server
elsewhere may offer no union at all. Keeping the union costs half as much disk again and is right everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store

from kg.graph.rdf.ntriples import as_quads, lines, parsed
from kg.graph.store.disk_errors import storage_errors
from kg.graph.store.loading import BulkLoader
from kg.graph.store.sorting import sorted_lines

__all__ = ["QuadWriter", "graph_triples", "named_graph_lines"]

MOST_REPLACED = 32_000_000
"""Bytes of graphs that wait for taking the place of older ones, before they do."""


class QuadWriter:
    """Writes into the database of a generation that nobody reads yet.

    Parameters
    ----------
    path : folder of the database.
    spool : folder for the N-Quads that wait for being loaded; made where it is not there.
    """

    def __init__(self, path: Path, spool: Path) -> None:
        self._path = path
        with storage_errors(path):
            self._store = Store(str(path))
        self._loader = BulkLoader(self._store, spool)
        self._replaced: dict[str, bytes] = {}
        self._size = 0

    def put(self, graph: str, ntriples: str) -> None:
        """Add the triples (N-Triples) of a graph that the store does not hold yet."""
        self.put_quads(as_quads(graph, ntriples.encode("utf-8")))

    def put_quads(self, nquads: bytes) -> None:
        """Add what ``as_quads`` made of such a graph."""
        with storage_errors(self._path):
            self._loader.add(nquads)

    def replace(self, graph: str, nquads: bytes) -> None:
        """Put what ``as_quads`` made of a graph in the place of what the store holds of it."""
        # Not at once: what is being loaded would have to end first, for each of them.
        self._replaced[graph] = nquads
        self._size += len(nquads)
        if self._size > MOST_REPLACED:
            self._settle()

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
        self._settle()
        self._drop(graphs)

    def _drop(self, graphs: Iterable[str]) -> None:
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
        self._settle()
        return graph_triples(self._store, NamedNode(graph[1:-1])).decode("utf-8")

    def finish(self, checkpoint: Path, *, optimize: bool = False) -> None:
        """Write all that is pending and leave a copy of the database at ``checkpoint``, arranged for reading where asked."""
        self._settle()
        with storage_errors(self._path):
            if optimize:
                self._store.optimize()
            self._store.flush()
            self._store.backup(str(checkpoint))

    def close(self) -> None:
        """Let go of the files (Oxigraph does when the last reference goes); may be called twice."""
        self._loader.close()
        self.__dict__.pop("_store", None)

    def _settle(self) -> None:
        """Bring into the database all that was put or is to be replaced."""
        with storage_errors(self._path):
            self._loader.finish()
            if self._replaced:
                replaced, self._replaced, self._size = self._replaced, {}, 0
                self._drop(replaced)
                for nquads in replaced.values():
                    self._loader.add(nquads)
                self._loader.finish()


def graph_triples(store: Store, graph: NamedNode | BlankNode) -> bytes:
    """N-Triples of a named graph, in the order of the database; empty where there is no such graph."""
    dumped = store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph)
    assert dumped is not None
    return dumped


def named_graph_lines(store: Store, *, without: Iterable[str] = ()) -> Iterator[str]:
    """The N-Quads lines of all named graphs but some, sorted: the same articles, the same lines.

    However many there are: in memory are a graph at a time, and what ``sorted_lines`` holds.
    """
    return (line[:-1].decode("utf-8") for line in sorted_lines(_named_graph_lines(store, set(without))))


def _named_graph_lines(store: Store, left_out: set[str]) -> Iterator[bytes]:
    for graph in store.named_graphs():
        if str(graph) in left_out:
            continue
        end = f"{graph} .\n".encode()
        for line in graph_triples(store, graph).split(b"\n"):  # not splitlines: a literal may hold what that cuts at
            if line:
                yield line[:-1] + end
