"""RDF terms as N-Triples text: each term is rendered once, which is ten times cheaper than term objects."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import lru_cache

from kg.model.iri import BASE, GP

__all__ = ["CORE", "PREFIXES", "Terms", "Triple", "number"]

Triple = tuple[str, str, str]
"""Subject, predicate, object in N-Triples syntax."""

PREFIXES = {
    "gp": GP,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "org": "http://www.w3.org/ns/org#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
}
"""Prefix → namespace, under the default base."""

CORE = ("gp", "rdf", "rdfs", "xsd", "skos", "dcterms", "schema", "org", "oa", "prov", "qudt")
"""Prefixes that queries get without declaring them."""

_ESCAPES = {
    **{chr(code): f"\\u{code:04X}" for code in (*range(0x20), 0x7F)},
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}
_TRANSLATE = str.maketrans(_ESCAPES)
_SPECIAL = re.compile(r'[\x00-\x1f\x7f"\\\ud800-\udfff]')
"""What must be escaped, or cannot be written at all: most texts hold none of it, and looking is cheap."""
_BAD_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_DATES = (
    (re.compile(r"\d{4}-\d\d-\d\d\Z"), "date"),
    (re.compile(r"\d{4}-\d\d\Z"), "gYearMonth"),
    (re.compile(r"\d{4}\Z"), "gYear"),
)


def number(value: float) -> str:
    """A number as the lexical form of ``xsd:decimal``.

    >>> number(600.0), number(0.97), number(1e-7)
    ('600', '0.97', '0.0000001')
    """
    if not math.isfinite(value):
        raise ValueError(f"not a finite number: {value}")
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0") if "." in text else text


class Terms:
    """Renders terms under one base.

    Parameters
    ----------
    base : what stands in place of the default base in every IRI of the product; ends in ``/``.

    >>> Terms().name("gp:Practice")
    '<https://practice-graph.example/ontology#Practice>'
    >>> Terms("http://a.example/").iri("https://practice-graph.example/practice/1")
    '<http://a.example/practice/1>'
    >>> Terms().text('a "word"', "zh")
    '"a \\\\"word\\\\""@zh'
    """

    def __init__(self, base: str = BASE) -> None:
        if _BAD_IRI.search(base) or not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:.*/\Z", base) or "#" in base:
            raise ValueError(f"not a base IRI that ends in /: {base!r}")
        self.base = base
        self.name = lru_cache(maxsize=None)(self._name)
        self.count = lru_cache(maxsize=20_000)(self._count)
        self.decimal = lru_cache(maxsize=20_000)(self._decimal)
        self.boolean = lru_cache(maxsize=2)(self._boolean)
        self.iri = lru_cache(maxsize=50_000)(self._iri)

    def _iri(self, value: str) -> str:
        """An IRI; raises ValueError where it is none (words of an article never become part of one)."""
        if _BAD_IRI.search(value) or ":" not in value:
            raise ValueError(f"not an IRI: {value!r}")
        return f"<{self.base}{value[len(BASE) :]}>" if value.startswith(BASE) else f"<{value}>"

    def _name(self, short: str) -> str:
        prefix, local = short.split(":", 1)
        return self._iri(PREFIXES[prefix] + local)

    def text(self, value: str, language: str | None = None) -> str:
        """A literal; raises UnicodeEncodeError where it holds half a character (a lone surrogate)."""
        if _SPECIAL.search(value):
            value.encode("utf-8")
            value = value.translate(_TRANSLATE)
        return f'"{value}"@{language}' if language else f'"{value}"'

    def typed(self, lexical: str, datatype: str) -> str:
        return f'"{lexical.translate(_TRANSLATE)}"^^{self.name("xsd:" + datatype)}'

    def date(self, iso: str) -> str:
        """A date, month or year with its datatype; anything else as a plain literal."""
        for pattern, datatype in _DATES:
            if pattern.match(iso):
                return self.typed(iso, datatype)
        return self.text(iso)

    def _count(self, value: int) -> str:
        # Not xsd:nonNegativeInteger: Oxigraph keeps that as xsd:integer, and the store must hold what was written.
        return self.typed(str(value), "integer")

    def _decimal(self, value: float) -> str:
        return self.typed(number(value + 0.0), "decimal")  # never -0

    def _boolean(self, value: bool) -> str:
        return self.typed("true" if value else "false", "boolean")
