"""Regions as RDF: a node for every level, within the one above, with its codes as dated properties."""

from __future__ import annotations

import re

from kg.graph.rdf.terms import Terms, Triple
from kg.model import PlaceLevel, Region
from kg.model.iri import derived_iri

__all__ = ["LEVELS", "region_iri", "region_triples", "unresolved_iri"]

LEVELS = {
    "province": "Province",
    "prefecture": "Prefecture",
    "county": "County",
    "township": "Township",
    "village": "Village",
    "zone": "Zone",
}
"""Level of a record → individual of the ontology."""

_YEAR = re.compile(r"\b(\d{4}(?:-\d\d){0,2})\b")


def region_iri(path: tuple[str, ...]) -> str:
    """The IRI of a region: its official names from the province down are its identity, never a code."""
    return derived_iri("region", *path)


def unresolved_iri(article: str, name: str) -> str:
    """The IRI of a place whose resolution abstained: two of the same name in two articles stay two."""
    return derived_iri("place", article, name)


def region_triples(region: Region, terms: Terms) -> set[Triple]:
    """The region and all levels above it; empty where resolution abstained."""
    triples: set[Triple] = set()
    path = region.path or ()
    # A path without levels still gives nodes, of a level that nobody told.
    levels: list[PlaceLevel | None] = list(region.levels) if len(region.levels) == len(path) else [None] * len(path)
    above: str | None = None
    for depth, (label, level) in enumerate(zip(path, levels, strict=True), 1):
        node = terms.iri(region_iri(path[:depth]))
        triples.add((node, terms.name("rdf:type"), terms.name("gp:Region")))
        triples.add((node, terms.name("skos:prefLabel"), terms.text(label, "zh")))
        if level:
            triples.add((node, terms.name("gp:level"), terms.name("gp:" + LEVELS[level.level])))
            triples |= _code(node, path[:depth], level, terms)
        if above:
            triples.add((node, terms.name("gp:within"), above))
        above = node
    return triples


def _code(node: str, path: tuple[str, ...], level: PlaceLevel, terms: Terms) -> set[Triple]:
    if not level.code:
        return set()
    code = terms.iri(derived_iri("code", *path, level.code, level.code_source))
    triples = {
        (node, terms.name("gp:code"), code),
        (code, terms.name("rdf:type"), terms.name("gp:RegionCode")),
        (code, terms.name("skos:notation"), terms.text(level.code)),
    }
    if level.code_source:
        triples.add((code, terms.name("dcterms:source"), terms.text(level.code_source)))
        dated = _YEAR.search(level.code_source)
        if dated:
            triples.add((code, terms.name("gp:asOf"), terms.date(dated.group(1))))
    return triples
