"""SHACL: what does not conform is not written.

The engine is `shacl` (Rust; shapes are compiled once); pySHACL is the oracle in the tests. Measured over the graphs of
200 articles: see `docs/decisions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from kg.graph.rdf.mapping import ArticleGraph
from kg.graph.rdf.terms import Terms
from kg.model.iri import BASE

__all__ = ["Shapes", "Violation", "ontology_turtle", "shapes_turtle"]


@dataclass(frozen=True)
class Violation:
    """One breach of a shape."""

    focus: str
    """The node, in N-Triples syntax."""
    path: str | None
    value: str | None
    messages: tuple[str, ...]

    def __str__(self) -> str:
        place = f"{self.focus} {self.path or ''}".strip()
        return f"{' / '.join(self.messages)} ({place}{f': {self.value}' if self.value else ''})"


def _turtle(name: str, base: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8").replace(BASE, base)


def shapes_turtle(base: str = BASE) -> str:
    """The shapes as Turtle, under a base."""
    return _turtle("shapes.ttl", base)


def ontology_turtle(base: str = BASE) -> str:
    """The ontology as Turtle, under a base."""
    return _turtle("ontology.ttl", base)


class Shapes:
    """The compiled shapes; make one and check many.

    >>> from kg.graph.rdf.mapping import map_article
    >>> from kg.model import ArticleRecord
    >>> graph = map_article(ArticleRecord(file="a.txt", content_hash="0" * 64, text_hash="0" * 64))
    >>> Shapes().check(graph)
    []
    """

    def __init__(self, terms: Terms | None = None) -> None:
        import shacl

        self._shapes = shacl.Shapes.from_turtle(shapes_turtle(terms.base if terms else BASE))

    def check(self, graph: ArticleGraph) -> list[Violation]:
        """All breaches of one article's graph (with the regions that it names), sorted."""
        return self.check_ntriples(graph.ntriples(places=True))

    def check_ntriples(self, text: str) -> list[Violation]:
        """All breaches of a graph in N-Triples, sorted."""
        report = self._shapes.validate_text(text, "ntriples")
        found = {Violation(r.focus_node, r.path, r.value, tuple(sorted(r.messages))) for r in report.results}
        return sorted(found, key=lambda v: (v.focus, v.path or "", v.value or "", v.messages))
