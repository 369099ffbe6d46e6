"""N-Triples as text: written, hashed, cut into lines, put into a graph."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from pyoxigraph import Quad, RdfFormat, parse

from kg.graph.rdf.terms import Triple

__all__ = ["as_quads", "graph_hash", "lines", "ntriples", "parsed"]


def ntriples(triples: Iterable[Triple]) -> str:
    """Triples as sorted N-Triples."""
    return "".join(sorted(f"{s} {p} {o} .\n" for s, p, o in set(triples)))


def graph_hash(text: str | bytes) -> str:
    """SHA-256 of a graph's sorted N-Triples (or of their UTF-8), hexadecimal."""
    return hashlib.sha256(text.encode("utf-8") if isinstance(text, str) else text).hexdigest()


def as_quads(graph: str, ntriples: bytes) -> bytes:
    """N-Triples (each line ends in `` .``) as N-Quads: in the graph, and once more in the default graph."""
    # A literal holds no line break as it is, so this finds the ends of lines only.
    return ntriples.replace(b" .\n", f" {graph} .\n".encode()) + ntriples


def lines(ntriples: str) -> list[str]:
    """The lines of N-Triples; ``str.splitlines`` would also cut at U+0085 and U+2028, which literals may hold."""
    return ntriples.removesuffix("\n").split("\n") if ntriples else []


def parsed(ntriples: str) -> Iterator[Quad]:
    """The triples of N-Triples text, in the default graph. Raises SyntaxError where it is none."""
    return parse(ntriples.encode("utf-8"), format=RdfFormat.N_TRIPLES)
