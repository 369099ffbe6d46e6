"""What the views read: the records, texts and concept labels of a store's finished generation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Store

from kg.errors import UsageError
from kg.graph.address import is_address
from kg.graph.archive import Archive
from kg.graph.fixed import RUNS
from kg.graph.folder import StoreFolder, storage_errors
from kg.graph.manifest import Entry, Generation
from kg.graph.quads import named_graph_lines
from kg.graph.terms import PREFIXES, Terms
from kg.model import ArticleRecord
from kg.model.iri import BASE
from kg.model.labels import label_in, order, tag_of
from kg.query.engine import gone_errors, identity
from kg.query.names import unknown
from kg.view.assemble import ConceptLabel, practice_graph
from kg.view.graph import PracticeGraph

__all__ = ["Source", "StoreSource"]

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


class StoreSource:
    """A store on disk, as ``kg build`` writes it: its finished generation, or the one of this folder.

    ``opened`` is the ``identity`` of that one's database, where it was opened before.

    Raises ``StoreError`` where there is none that can be read, ``GenerationGoneError`` (at any time) where later builds have
    removed the generation.
    """

    def __init__(self, path: str | Path, generation: Path | None = None, opened: bytes = b"") -> None:
        if is_address(path):
            raise UsageError(
                "exports are made from a store on disk, not from an endpoint",
                where="--store",
                remedy="name the folder that kg build wrote, or ask the endpoint with kg sparql",
            )
        folder = StoreFolder(path)
        self._generation_folder = generation or folder.finished()
        self._archive_file = folder.archive
        self._opened = opened or identity(self._generation_folder / "quads")
        with self._guarded():
            self._generation = Generation.read(self._generation_folder)
        self._terms = Terms(self._generation.base)

    @property
    def base(self) -> str:
        """Base of all IRIs in the store."""
        return self._generation.base

    @cached_property
    def _store(self) -> Store:
        with storage_errors(self._generation_folder):
            return Store.read_only(str(self._generation_folder / "quads"))

    def _guarded(self) -> AbstractContextManager[None]:
        return gone_errors(self._generation_folder, self._opened)

    def graph(self) -> PracticeGraph:
        """The practice graph of all articles of the generation."""
        return practice_graph(self.all_told(), labels=self.labels(), terms=self._terms)

    def quads(self, *, runs: bool = False) -> Iterator[str]:
        """Sorted N-Quads lines of the named graphs, which do not stay in memory; without the default graph, their union."""
        with self._guarded():
            yield from named_graph_lines(self._store, without=() if runs else (self._terms.iri(RUNS),))

    def told(self, file: str) -> tuple[ArticleRecord, str | None]:
        """The record of the article of this name, and its clean text where the store keeps it.

        Raises ``UsageError``, with the nearest names, where the store has no such article.
        """
        entries = {entry.file: entry for entry in self._generation.entries}
        if file not in entries:
            raise unknown("article", file, entries, where="article")
        return next(self._read([entries[file]]))

    def all_told(self) -> Iterator[tuple[ArticleRecord, str | None]]:
        """The record of every article, with its clean text where the store keeps it."""
        return self._read(self._generation.entries)

    def _read(self, entries: Iterable[Entry]) -> Iterator[tuple[ArticleRecord, str | None]]:
        with self._guarded(), Archive(self._archive_file) as archive:
            for entry in entries:
                yield archive.told(entry)

    def last_run(self) -> str | None:
        """When the last build of this generation ended (ISO 8601, UTC); None where the store does not say."""
        ended, graph = NamedNode(PREFIXES["prov"] + "endedAtTime"), NamedNode(self._terms.iri(RUNS)[1:-1])
        with self._guarded():
            found = [quad.object for quad in self._store.quads_for_pattern(None, ended, None, graph)]
        return max((term.value for term in found if isinstance(term, Literal)), default=None)

    @property
    def config(self) -> str:
        """Hash of the configuration (program, knowledge, options) that the generation was built with."""
        return self._generation.config

    def labels(self) -> dict[str, ConceptLabel]:
        """Concept IRI (under the product's base, as in records) → its labels."""
        with self._guarded():
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
        for graph in self._generation.fixed:
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
