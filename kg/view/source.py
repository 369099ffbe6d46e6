"""What the views read: the records, texts and concept labels of a store's finished generation."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Protocol, Self

from pyoxigraph import Literal, NamedNode, Store

from kg.errors import UsageError
from kg.graph.address import is_address
from kg.graph.rdf.fixed import RUNS
from kg.graph.rdf.terms import PREFIXES, Terms
from kg.graph.store.archive import Archive
from kg.graph.store.manifest import Entry
from kg.graph.store.quads import named_graph_lines
from kg.graph.store.snapshot import Snapshot
from kg.model import ArticleRecord
from kg.model.iri import BASE
from kg.model.labels import label_in, order, tag_of
from kg.query.names import unknown
from kg.view.assemble import ConceptLabel, practice_graph
from kg.view.graph import PracticeGraph

__all__ = ["Source", "StoreSource", "no_endpoint"]

VOCABULARIES = "graph/vocabulary/"
"""Where in a graph's IRI the concept schemes are told by."""


class Source(Protocol):
    """What an export asks for."""

    @property
    def base(self) -> str:
        """Base of all IRIs."""

    def graph(self) -> PracticeGraph:
        """The practice graph."""

    def quads(self, *, runs: bool = False) -> Iterator[str]:
        """Sorted N-Quads lines of the named graphs, with the runs' own graph (the only one that holds times) or not."""


def no_endpoint() -> UsageError:
    """What to tell where an endpoint is named: it has no records and no texts."""
    return UsageError(
        "exports are made from a store on disk, not from an endpoint",
        where="--store",
        remedy="name the folder that kg build wrote, or ask the endpoint with kg sparql",
    )


class StoreSource:
    """A finished generation of a store on disk, as ``kg build`` writes it.

    Raises ``StoreError`` where it cannot be read, ``GenerationGoneError`` (at any time) where later builds have removed it.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._manifest = snapshot.manifest
        self._terms = Terms(self.base)

    @classmethod
    def at(cls, path: str | os.PathLike[str]) -> Self:
        """Open a store. Raises ``StoreError`` where none is finished, and ``UsageError`` for the address of an endpoint."""
        if is_address(path):
            raise no_endpoint()
        return cls(Snapshot.at(path))

    @property
    def base(self) -> str:
        """Base of all IRIs in the store."""
        return self._snapshot.base

    @cached_property
    def _store(self) -> Store:
        return self._snapshot.read_only()

    def graph(self) -> PracticeGraph:
        """The practice graph of all articles of the generation."""
        return practice_graph(self.all_told(), labels=self.labels(), terms=self._terms)

    def quads(self, *, runs: bool = False) -> Iterator[str]:
        """Sorted N-Quads lines of the named graphs, which do not stay in memory; without the default graph, their union."""
        with self._snapshot.guard():
            yield from named_graph_lines(self._store, without=() if runs else (self._terms.iri(RUNS),))

    def told(self, file: str) -> tuple[ArticleRecord, str | None]:
        """The record of the article of this name, and its clean text where the store keeps it.

        Raises ``UsageError``, with the nearest names, where the store has no such article.
        """
        entries = {entry.file: entry for entry in self._manifest.entries}
        if file not in entries:
            raise unknown("article", file, entries, where="article")
        return next(self._read([entries[file]]))

    def all_told(self) -> Iterator[tuple[ArticleRecord, str | None]]:
        """The record of every article, with its clean text where the store keeps it."""
        return self._read(self._manifest.entries)

    def _read(self, entries: Iterable[Entry]) -> Iterator[tuple[ArticleRecord, str | None]]:
        with self._snapshot.guard(), Archive(self._snapshot.store.archive) as archive:
            for entry in entries:
                yield archive.record_and_text(entry)

    def last_run(self) -> str | None:
        """When the last build of this generation ended (ISO 8601, UTC); None where the store does not say."""
        ended, graph = NamedNode(PREFIXES["prov"] + "endedAtTime"), NamedNode(self._terms.iri(RUNS)[1:-1])
        with self._snapshot.guard():
            found = [quad.object for quad in self._store.quads_for_pattern(None, ended, None, graph)]
        return max((term.value for term in found if isinstance(term, Literal)), default=None)

    @property
    def config(self) -> str:
        """Hash of the configuration (program, knowledge, options) that the generation was built with."""
        return self._manifest.config

    def labels(self) -> dict[str, ConceptLabel]:
        """Concept IRI (under the product's base, as in records) → its labels."""
        with self._snapshot.guard():
            found, broader = self._labels()
        return {
            iri: ConceptLabel(min(order(text, tag) for tag, text in told)[1], label_in("en", told), broader.get(iri))
            for iri, told in found.items()
        }

    def _labels(self) -> tuple[dict[str, list[tuple[str, str]]], dict[str, str]]:
        """Concept IRI → its labels with their tags, and → the concept above it."""
        found: dict[str, list[tuple[str, str]]] = {}
        broader: dict[str, str] = {}
        skos = PREFIXES["skos"]
        for graph in self._manifest.fixed:
            if VOCABULARIES not in graph:
                continue
            name = NamedNode(graph[1:-1])
            for quad in self._store.quads_for_pattern(None, NamedNode(skos + "prefLabel"), None, name):
                if isinstance(quad.object, Literal):
                    text = quad.object.value
                    label = (tag_of(text, quad.object.language), text)
                    found.setdefault(self._in_records(quad.subject), []).append(label)
            for quad in self._store.quads_for_pattern(None, NamedNode(skos + "broader"), None, name):
                broader[self._in_records(quad.subject)] = self._in_records(quad.object)
        return found, broader

    def _in_records(self, term: object) -> str:
        iri = term.value if isinstance(term, NamedNode) else str(term)
        return BASE + iri[len(self.base) :] if iri.startswith(self.base) else iri
