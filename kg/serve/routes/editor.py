"""Routes of the query editor: what it needs beside the endpoint, named queries, vocabulary, limits."""

from __future__ import annotations

from functools import cache
from importlib import resources

from fastapi import APIRouter
from pydantic import BaseModel
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.graph.rdf.terms import CORE, PREFIXES
from kg.model.iri import BASE, GP
from kg.query import named_queries
from kg.query.guard import prefixes
from kg.serve.opened.store import MOST_ROWS, ServedStore
from kg.serve.routes.parameters import PROBLEMS

__all__ = ["editor_routes"]

_RDFS = PREFIXES["rdfs"]
_BORROWED = (
    "skos:prefLabel", "skos:altLabel", "skos:broader", "skos:Concept", "skos:inScheme", "dcterms:isPartOf", "schema:NewsArticle",
    "schema:headline", "schema:publisher", "schema:datePublished", "schema:url", "qudt:numericValue", "oa:hasSource",
    "oa:hasSelector", "oa:exact", "oa:start", "oa:end", "org:Organization", "rdf:type",
)  # fmt: skip
"""Terms of other vocabularies that the graph uses."""


class Example(BaseModel):
    """A query of the catalogue."""

    name: str
    title_zh: str
    title_en: str
    text: str


class Term(BaseModel):
    """A term that queries use."""

    name: str
    """With its prefix."""
    label: str
    label_en: str
    comment: str
    """In English."""


class Vocabulary(BaseModel):
    """Prefixes that need not be declared, terms, and the limits of a query."""

    prefixes: dict[str, str]
    terms: list[Term]
    seconds: float
    rows: int


def editor_routes(store: ServedStore) -> APIRouter:
    """The routes over a store."""
    router = APIRouter(prefix="/api", responses=PROBLEMS, tags=["sparql"])

    @router.get("/catalogue")
    def catalogue() -> list[Example]:
        """The named queries, with their parameters left free."""
        return [
            Example(name=name, title_zh=each.title_zh, title_en=each.title_en, text=each.fill({}, store.base).strip())
            for name, each in named_queries().items()
        ]

    @router.get("/vocabulary")
    def vocabulary() -> Vocabulary:
        """Prefixes and terms for the editor."""
        known = prefixes(store.base)
        return Vocabulary(
            prefixes={name: known[name] for name in CORE}, terms=_terms(), seconds=store.query_seconds, rows=MOST_ROWS
        )

    return router


@cache
def _terms() -> list[Term]:
    text = resources.files("kg.graph.rdf").joinpath("ontology.ttl").read_text(encoding="utf-8")
    told: dict[str, dict[str, str]] = {}
    for quad in parse(text, format=RdfFormat.TURTLE):
        subject = quad.subject
        if isinstance(subject, NamedNode) and subject.value.startswith(GP) and isinstance(quad.object, Literal):
            part = quad.predicate.value.removeprefix(_RDFS)
            if part in ("label", "comment"):
                key = part if part == "comment" else f"label-{quad.object.language}"
                told.setdefault("gp:" + subject.value[len(GP) :], {}).setdefault(key, quad.object.value)
    own = [
        Term(
            name=name,
            label=said.get("label-zh", name),
            label_en=said.get("label-en", name),
            comment=said.get("comment", ""),
        )
        for name, said in sorted(told.items())
    ]
    assert GP.startswith(BASE)
    return own + [Term(name=name, label=name, label_en=name, comment="") for name in _BORROWED]
