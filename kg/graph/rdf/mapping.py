"""From a practice record to RDF: one article, one graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.graph.rdf.evidence import EvidenceWriter
from kg.graph.rdf.places import region_iri, region_triples, unresolved_iri
from kg.graph.rdf.terms import Terms, Triple
from kg.graph.rdf.values import COMPARATORS, MODALITIES, PROPERTIES, ROLES, first_day, slot_node, unit_node
from kg.model import SLOTS, ArticleRecord, Outcome, Practice, Region, Value
from kg.model.iri import derived_iri
from kg.model.record import DateValue

__all__ = ["ArticleGraph", "article_iri", "identities", "map_article"]


@dataclass(frozen=True)
class ArticleGraph:
    """The RDF of one article, terms in N-Triples syntax."""

    graph: str
    """The graph's own term."""
    triples: tuple[Triple, ...]
    """What the article says; sorted."""
    places: frozenset[Triple]
    """The regions it names, for the graph of the gazetteer."""

    def ntriples(self, *, places: bool = False) -> str:
        """The triples as N-Triples (with those of the places, where asked)."""
        triples: Iterable[Triple] = {*self.triples, *self.places} if places else self.triples
        return "".join([f"{s} {p} {o} .\n" for s, p, o in triples])


def article_iri(file: str, content_hash: str) -> str:
    """The IRI of an article, which is the name of its graph too: file name and bytes identify it."""
    return derived_iri("article", file, content_hash)


def identities(record: ArticleRecord) -> dict[str, str]:
    """The IRI of each practice, by its id within the article."""
    article = article_iri(record.file, record.content_hash)
    return {p.id: p.identity or derived_iri("practice", article, p.id) for p in record.practices}


def map_article(
    record: ArticleRecord,
    text: str | None = None,
    *,
    terms: Terms | None = None,
    articles: Mapping[str, str] | None = None,
) -> ArticleGraph:
    """The graph of one article.

    Parameters
    ----------
    record : what was extracted from it.
    text : its clean text, for the sentences and the context of the quotations.
    terms : renders the terms under a base of the user's; default: the product's base.
    articles : file → IRI of the other articles, to name the one that this article reposts.

    Raises
    ------
    ValueError : a span does not hold the text that it names, or a concept is named by something that is no IRI.
    """
    return _Article(record, text, terms or Terms(), articles or {}).graph()


class _Article:
    def __init__(self, record: ArticleRecord, text: str | None, terms: Terms, articles: Mapping[str, str]) -> None:
        self.record, self.text, self.t, self.articles = record, text, terms, articles
        self.iri = article_iri(record.file, record.content_hash)
        self.node = terms.iri(self.iri)
        self.triples: set[Triple] = set()
        self.places: set[Triple] = set()
        self.described: set[tuple[str, ...]] = set()  # paths of the regions in them
        self.evidence = EvidenceWriter(terms, self.iri, text, self.triples)
        self.identities = identities(record)

    def add(self, subject: str, predicate: str, *objects: str) -> None:
        for value in objects:
            self.triples.add((subject, self.t.name(predicate), value))

    def graph(self) -> ArticleGraph:
        self._head()
        for practice in self.record.practices:
            self._practice(practice)
        return ArticleGraph(self.node, tuple(sorted(self.triples)), frozenset(self.places))

    def _head(self) -> None:
        record, t = self.record, self.t
        self.add(self.node, "rdf:type", t.name("schema:NewsArticle"))
        self.add(self.node, "gp:file", t.text(record.file))
        self.add(self.node, "gp:contentHash", t.text(record.content_hash))
        self.add(self.node, "gp:textHash", t.text(record.text_hash))
        self.add(self.node, "schema:encodingFormat", t.text(record.media_type))
        for predicate, words in (("schema:headline", record.title), ("schema:author", record.author)):
            if words:
                self.add(self.node, predicate, t.text(words, "zh"))
        if record.published:
            self.add(self.node, "schema:datePublished", t.date(record.published))
        if record.url:
            self.add(self.node, "schema:url", t.typed(record.url, "anyURI"))
        if record.publisher:
            publisher = t.iri(derived_iri("publisher", record.publisher))
            self.add(self.node, "schema:publisher", publisher)
            self.add(publisher, "rdf:type", t.name("org:Organization"))
            self.add(publisher, "skos:prefLabel", t.text(record.publisher, "zh"))
        if record.duplicate_of:
            original = self.articles.get(record.duplicate_of)
            if original:
                self.add(self.node, "gp:nearDuplicateOf", t.iri(original))
            self.add(self.node, "gp:nearDuplicateOfFile", t.text(record.duplicate_of))
        for note in record.notes:
            self.add(self.node, "gp:note", t.text(note))

    def _practice(self, practice: Practice) -> None:
        t = self.t
        node = t.iri(self.identities[practice.id])
        self.add(node, "rdf:type", t.name("gp:Practice"))
        self.add(node, "gp:reportedIn", self.node)
        self.add(node, "gp:named", t.boolean(practice.named))
        self.add(node, "gp:planned", t.boolean(practice.planned))
        label = t.text(practice.programme.text, "zh")
        self.add(node, "skos:prefLabel", label)
        self._evidence(practice.programme, node, "skos:prefLabel", label)
        if practice.part_of:
            self._part_of(practice, node)
        region = self._region(practice, node) if practice.region else None
        county = region.county if region and region.path else (self.record.publisher or self.iri,)
        for slot in SLOTS:
            for value in getattr(practice, slot):
                filler, described = slot_node(slot, value, county, t)
                self.triples |= described
                self.add(node, PROPERTIES[slot], filler)
                self._evidence(value, node, PROPERTIES[slot], filler)
        for outcome in practice.outcomes:
            self._outcome(outcome, node)
        for date in practice.dates:
            self._date(date, node)

    def _evidence(self, value: Value, about: str, relation: str, filler: str) -> str:
        if self.text is not None and self.text[value.start : value.end] != value.text:
            raise ValueError(f"the text holds other words than {value.text!r} at {value.start}–{value.end}")
        return self.evidence.write(
            about=about,
            relation=self.t.name(relation),
            value=filler,
            words=value.text,
            start=value.start,
            end=value.end,
            rule=value.rule,
            confidence=value.confidence,
            inferred=value.inferred,
            source=value.source,
        )

    def _part_of(self, practice: Practice, node: str) -> None:
        link = practice.part_of
        parent = next((p for p in self.record.practices if link and p.id == link.practice), None)
        if link is None or parent is None:
            raise ValueError(f"practice {practice.id} is part of one that the record does not hold")
        whole = self.t.iri(self.identities[parent.id])
        if whole == node:
            return  # resolution found part and whole to be one
        self.add(node, "dcterms:isPartOf", whole)
        rule, confidence = link.rule or parent.programme.rule, link.confidence
        words = parent.programme.model_copy(update={"rule": rule, "confidence": confidence})
        self._evidence(words, node, "dcterms:isPartOf", whole)

    def _region(self, practice: Practice, node: str) -> Region | None:
        t, value = self.t, practice.region
        assert value is not None
        region = self.record.region_of(value)
        if region and region.path:
            place = t.iri(region_iri(region.path))
            if region.path not in self.described:
                self.described.add(region.path)
                self.places |= region_triples(region, t)
        else:
            place = t.iri(unresolved_iri(self.iri, value.text))
            self.add(place, "rdf:type", t.name("gp:Region"), t.name("gp:UnresolvedRegion"))
            self.add(place, "skos:prefLabel", t.text(value.text, "zh"))
        if region and region.note:
            self.add(place, "gp:note", t.text(region.note))
        self.add(node, "gp:region", place)
        ground = self._evidence(value, node, "gp:region", place)
        if region and region.path and len(region.levels) == len(region.path):
            for depth, level in enumerate(region.levels, 1):
                self.add(
                    ground,
                    "gp:statedLevel" if level.stated else "gp:inferredLevel",
                    t.iri(region_iri(region.path[:depth])),
                )
        return region

    def _outcome(self, outcome: Outcome, practice: str) -> None:
        t = self.t
        key = (practice, outcome.start, outcome.end, outcome.value, outcome.unit, outcome.what, outcome.comparator)
        node = t.iri(derived_iri("outcome", self.iri, *map(str, key)))
        self.add(practice, "gp:outcome", node)
        self._evidence(outcome, practice, "gp:outcome", node)
        is_one = (node, t.name("rdf:type"), t.name("gp:Outcome"))
        if is_one in self.triples:
            return  # told already, by a practice of the record that is the same one
        self.triples.add(is_one)
        self.add(node, "qudt:numericValue", t.decimal(outcome.value))
        self.add(node, "gp:words", t.text(outcome.text, "zh"))
        self.add(node, "gp:comparator", t.name("gp:" + COMPARATORS[outcome.comparator]))
        self.add(node, "gp:modality", t.name("gp:" + MODALITIES[outcome.modality]))
        if outcome.unit:
            unit, described = unit_node(outcome.unit, t)
            self.triples |= described
            self.add(node, "gp:unit", unit)
        if outcome.what:
            counted = t.iri(derived_iri("counted", outcome.what))
            self.add(node, "gp:counted", counted)
            self.add(counted, "rdf:type", t.name("skos:Concept"))
            self.add(counted, "skos:inScheme", t.name("gp:CountedThings"))
            self.add(counted, "skos:prefLabel", t.text(outcome.what, "zh"))
        if outcome.period:
            self.add(node, "gp:period", t.date(outcome.period))

    def _date(self, date: DateValue, practice: str) -> None:
        t = self.t
        node = t.iri(derived_iri("date", self.iri, practice, str(date.start), str(date.end), date.iso, date.role))
        self.add(practice, "gp:date", node)
        self.add(node, "rdf:type", t.name("gp:PracticeDate"))
        self.add(node, "gp:words", t.text(date.text, "zh"))
        self.add(node, "gp:role", t.name("gp:" + ROLES[date.role]))
        if date.iso:
            self.add(node, "gp:iso", t.text(date.iso))
            day = first_day(date.iso)
            if day:
                self.add(node, "gp:firstDay", t.typed(day, "date"))
        self._evidence(date, practice, "gp:date", node)
