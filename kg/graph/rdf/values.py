"""What fills a slot, as RDF: a concept, a candidate concept, an organisation, a venue or a channel."""

from __future__ import annotations

import re
import unicodedata

from kg.graph.rdf.terms import Terms, Triple
from kg.knowledge.vocabulary import Concept, Vocabulary
from kg.model import Value
from kg.model.iri import derived_iri

__all__ = ["COMPARATORS", "MODALITIES", "PROPERTIES", "ROLES", "first_day", "slot_node", "unit_node"]

PROPERTIES = {
    "formats": "gp:format",
    "audiences": "gp:audience",
    "topics": "gp:topic",
    "organisers": "gp:organiser",
    "partners": "gp:partner",
    "venues": "gp:venue",
    "channels": "gp:channel",
}
"""Slot of the record → property of the practice."""

COMPARATORS = {"=": "Exactly", ">": "MoreThan", "<": "LessThan", "~": "About"}
MODALITIES = {"achieved": "Achieved", "planned": "Planned", "quoted": "Quoted"}
ROLES = {"start": "Start", "held": "Held", "opened": "Opened", "period": "Period", "recurrence": "Recurrence"}

_CONCEPT_SLOTS = {"formats", "audiences", "topics"}
_LOCAL = {
    "organisers": ("organisation", "org:Organization"),
    "partners": ("organisation", "foaf:Agent"),
    "venues": ("venue", "gp:Venue"),
    "channels": ("channel", "gp:Channel"),
}
_FIRST = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:\Z|[T/])")


def slot_node(slot: str, value: Value, county: tuple[str, ...], terms: Terms) -> tuple[str, set[Triple]]:
    """The node that fills the slot, and what the article's graph has to say of it.

    A concept of the schemes is described in the vocabulary's own graph; all else here. An office is named by its
    words within the county of the practice: the 司法局 of two counties are two.
    """
    label = terms.text(value.text, "zh")
    if slot in _CONCEPT_SLOTS or value.concept:
        known = value.concept is not None and not value.candidate
        node = terms.iri(value.concept or derived_iri("candidate", slot, unicodedata.normalize("NFKC", value.text)))
        if known:
            return node, set()
        return node, {
            (node, terms.name("rdf:type"), terms.name("skos:Concept")),
            (node, terms.name("rdf:type"), terms.name("gp:CandidateConcept")),
            (node, terms.name("skos:prefLabel"), label),
            (node, terms.name("gp:candidateFor"), terms.name(PROPERTIES[slot])),
        }
    kind, rdf_class = _LOCAL[slot]
    node = terms.iri(derived_iri(kind, *county, value.text))
    described = {
        (node, terms.name("rdf:type"), terms.name(rdf_class)),
        (node, terms.name("skos:prefLabel"), label),
    }
    if slot == "venues" and (place := _venue_type(value.text)):
        described.add((node, terms.name("dcterms:type"), terms.iri(place.iri)))
    return node, described


def _venue_type(words: str) -> Concept | None:
    """What kind of place a venue is (龙湖社区食堂, 老王茶馆内), by the end of its name."""
    types = Vocabulary.load()
    return types.ending("venue-type", words.rstrip("内里中前旁上处")) or types.ending("venue-type", words)


def unit_node(words: str, terms: Terms) -> tuple[str, set[Triple]]:
    """The node of a measure word, and what the article's graph has to say of it.

    It is a concept of the product's scheme where that one is called so (人次), else one of its own, below the concept that
    the scheme has for the word (名 is narrower than 人). ``gp:unit/skos:broader?/gp:dimension`` says what is measured.
    """
    units = Vocabulary.load().labels("unit")
    known = units.get(words) or units.get(words.lstrip("余多来几"))
    ours = known is not None and known.pref_zh == words
    node = terms.iri(known.iri if known and ours else derived_iri("unit", words))
    described = {
        (node, terms.name("rdf:type"), terms.name("skos:Concept")),
        (node, terms.name("skos:prefLabel"), terms.text(words, "zh")),
    }
    if not ours:
        described.add((node, terms.name("skos:inScheme"), terms.name("gp:Units")))
        described |= {(node, terms.name("skos:broader"), terms.iri(known.iri))} if known else set()
    return node, described


def first_day(iso: str) -> str | None:
    """The first day of an ISO 8601 date, month, year or interval; None for a duration or a repetition.

    >>> first_day("2023-10"), first_day("2023-01-01/2023-11-15"), first_day("R/P1W")
    ('2023-10-01', '2023-01-01', None)
    """
    found = _FIRST.match(iso)
    if not found:
        return None
    year, month, day = found.group(1), found.group(2) or "01", found.group(3) or "01"
    return f"{year}-{month}-{day}"
