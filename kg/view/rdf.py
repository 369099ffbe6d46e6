"""The store's statements as RDF files, sorted, so that the same articles give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, Quad, RdfFormat, parse, serialize

from kg.graph.rdf.terms import PREFIXES
from kg.model.iri import BASE

if TYPE_CHECKING:
    from rdflib import Dataset

__all__ = ["nquads_pieces", "rdf_bytes", "rdflib_dataset"]

FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
}


LINES_A_PIECE = 5000


def nquads_pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """N-Quads lines that are sorted already as the pieces of a file, so that it may be larger than memory."""
    waiting = iter(lines)
    while piece := "".join(f"{line}\n" for line in islice(waiting, LINES_A_PIECE)):
        yield piece.encode("utf-8")


def rdf_bytes(lines: Iterable[str], name: str, *, base: str = BASE) -> bytes:
    """N-Quads lines in the format ``turtle``, ``trig``, ``nquads`` or ``jsonld``.

    Turtle knows no graphs: it holds the union of all, each triple once. ``base`` is that of the store's IRIs, for the
    prefixes.
    """
    ordered = sorted(set(lines))
    if name == "nquads":
        return "".join(f"{line}\n" for line in ordered).encode("utf-8")
    quads = list(parse("\n".join(ordered).encode("utf-8"), format=RdfFormat.N_QUADS))
    if name == "turtle":
        quads = list(dict.fromkeys(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()) for quad in quads))
    # Serializers write as they go: what belongs together must come together. Types first, as people write them.
    quads.sort(key=lambda quad: (str(quad.graph_name), str(quad.subject), not _is_type(quad)))
    prefixes = {short: space.replace(BASE, base) for short, space in PREFIXES.items()}
    written = serialize(quads, format=FORMATS[name], prefixes=prefixes)
    assert written is not None
    return written


def rdflib_dataset(lines: Iterable[str]) -> Dataset:
    """N-Quads lines in memory, for rdflib and what is written for it; the default graph is the union of all."""
    from rdflib import Dataset

    return Dataset(default_union=True).parse(data=rdf_bytes(lines, "nquads"), format="nquads")


def _is_type(quad: Quad) -> bool:
    return quad.predicate.value == PREFIXES["rdf"] + "type"
