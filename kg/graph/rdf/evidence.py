"""Evidence as RDF: which statement rests on which characters of which article."""

from __future__ import annotations

from typing import Any

from kg.graph.rdf.sentences import sentence_span
from kg.graph.rdf.terms import Terms, Triple
from kg.model.iri import derived_iri

__all__ = ["EvidenceWriter"]

CONTEXT = 24
"""Code points of prefix and suffix in a quotation selector: enough to find the place again in a changed text."""


class EvidenceWriter:
    """Writes the evidence of one article.

    Parameters
    ----------
    terms : renders the terms.
    article : IRI of the article.
    text : its clean text; without it, quotations have no context and no sentence.
    triples : what is written is put in here.
    """

    def __init__(self, terms: Terms, article: str, text: str | None, triples: set[Triple]) -> None:
        self._terms, self._article, self._text, self._triples = terms, article, text, triples
        self._told: dict[str, tuple[float, set[Triple]]] = {}

    def write(
        self,
        *,
        about: str,
        relation: str,
        value: str,
        words: str,
        start: int,
        end: int,
        rule: str,
        confidence: float,
        inferred: bool,
        source: dict[str, Any] | None,
    ) -> str:
        """Write one evidence node and return it; ``about``, ``relation`` and ``value`` are rendered terms.

        Where two practices of the record are one, the same words may be told twice for one statement: the surer counts.
        """
        t, name, add = self._terms, self._terms.name, self._triples.add
        node = t.iri(derived_iri("evidence", self._article, about, relation, value, start, end, rule))
        add((node, name("rdf:type"), name("oa:SpecificResource")))
        add((node, name("oa:hasSource"), t.iri(self._article)))
        add((node, name("gp:about"), about))
        add((node, name("gp:relation"), relation))
        add((node, name("gp:value"), value))
        add((node, name("gp:rule"), t.text(rule or "unnamed")))
        self._weigh(node, confidence, inferred)
        add((node, name("oa:hasSelector"), self._position(start, end)))
        add((node, name("oa:hasSelector"), self._quote(words, start, end)))
        if source:
            add((node, name("gp:originalSelector"), self._original(source)))
        if self._text is not None:
            first, last = sentence_span(self._text, start, end)
            add((node, name("gp:sentence"), t.text(self._text[first:last], "zh")))
        return node

    def _weigh(self, node: str, confidence: float, inferred: bool) -> None:
        t, name = self._terms, self._terms.name
        known, written = self._told.get(node, (-1.0, set()))
        if confidence > known:
            self._triples -= written
            told = {
                (node, name("gp:confidence"), t.decimal(confidence)),
                (node, name("gp:inferred"), t.boolean(inferred)),
            }
            self._triples |= told
            self._told[node] = confidence, told

    def _position(self, start: int, end: int) -> str:
        t, name = self._terms, self._terms.name
        node = t.iri(f"{self._article}#t{start}-{end}")
        self._triples |= {
            (node, name("rdf:type"), name("oa:TextPositionSelector")),
            (node, name("oa:start"), t.count(start)),
            (node, name("oa:end"), t.count(end)),
        }
        return node

    def _quote(self, words: str, start: int, end: int) -> str:
        t, name = self._terms, self._terms.name
        node = t.iri(f"{self._article}#q{start}-{end}")
        self._triples |= {
            (node, name("rdf:type"), name("oa:TextQuoteSelector")),
            (node, name("oa:exact"), t.text(words)),
        }
        if self._text is not None:
            self._triples |= {
                (node, name("oa:prefix"), t.text(self._text[max(0, start - CONTEXT) : start])),
                (node, name("oa:suffix"), t.text(self._text[end : end + CONTEXT])),
            }
        return node

    def _original(self, source: dict[str, Any]) -> str:
        t, name = self._terms, self._terms.name
        unit, index = source.get("unit", "text"), source.get("index")
        start, end = int(source["start"]), int(source["end"])
        place = "" if index is None else f"{unit}{index}-"
        node = t.iri(f"{self._article}#o{place}{start}-{end}")
        self._triples |= {
            (node, name("rdf:type"), name("gp:OriginalPositionSelector")),
            (node, name("oa:start"), t.count(start)),
            (node, name("oa:end"), t.count(end)),
            (node, name("gp:sourceUnit"), t.text(unit)),
        }
        if index is not None:
            self._triples.add((node, name("gp:sourceIndex"), t.count(int(index))))
        return node
