"""One article made ready for the store: mapped, checked, written as N-Quads. Depends on nothing but the article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.errors import InputError
from kg.graph.rdf.mapping import map_article
from kg.graph.rdf.ntriples import as_quads, graph_hash, ntriples
from kg.graph.rdf.shapes import Shapes
from kg.graph.rdf.terms import Terms, Triple
from kg.model import ArticleRecord, text_hash

__all__ = ["Rendered", "Rendering", "Unrendered"]


@dataclass(frozen=True)
class Unrendered:
    """An article on its way to a worker."""

    record: ArticleRecord | str
    """Or its JSON, which is cheaper to send."""
    text: str | None
    original: str | None
    """IRI of the article that it reposts."""
    where: str
    """What it is called in an error."""


@dataclass(frozen=True)
class Rendered:
    """An article's graph."""

    nquads: bytes
    """As ``as_quads`` gives it."""
    digest: str
    """The graph's hash."""
    places: frozenset[Triple]


@lru_cache(maxsize=2)
def _tools(base: str) -> tuple[Terms, Shapes]:
    terms = Terms(base)
    return terms, Shapes(terms)


@dataclass(frozen=True)
class Rendering:
    """The task: renders a few articles under a base."""

    base: str

    def __call__(self, articles: Sequence[Unrendered]) -> list[Rendered | InputError]:
        """What became of each: its graph, or why it must not be written."""
        return [self._one(article) for article in articles]

    def _one(self, article: Unrendered) -> Rendered | InputError:
        try:
            return self._rendered(article)
        except (ValueError, UnicodeError) as error:
            return InputError(f"the article was left out: {error}", where=article.where)

    def _rendered(self, article: Unrendered) -> Rendered | InputError:
        terms, shapes = _tools(self.base)
        given = article.record
        record = ArticleRecord.model_validate_json(given) if isinstance(given, str) else given
        if article.text is not None and text_hash(article.text) != record.text_hash:
            raise ValueError("the record belongs to another text than the one that came with it")
        articles = {record.duplicate_of: article.original} if record.duplicate_of and article.original else {}
        mapped = map_article(record, article.text, terms=terms, articles=articles)
        text = mapped.ntriples()
        breaches = shapes.check_ntriples(text + ntriples(mapped.places))
        if breaches:
            more = f", and {len(breaches) - 1} more" if len(breaches) > 1 else ""
            return InputError(f"its graph does not conform: {breaches[0]}{more}", where=article.where)
        encoded = text.encode("utf-8")
        return Rendered(as_quads(mapped.graph, encoded), graph_hash(encoded), mapped.places)
