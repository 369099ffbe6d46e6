"""One concept of a scheme, and one place of a text where its label stands."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model.iri import VOCABULARY

__all__ = ["OPEN_SCHEMES", "SCHEMES", "Concept", "ConceptMatch", "scheme_iri"]

SCHEMES = ("activity", "mode", "recurrence", "venue-type", "audience", "topic", "organiser", "unit")
"""The schemes by short name; formats are described in the first four (activity and mode fill the slot ``formats``)."""

OPEN_SCHEMES = ("activity", "mode", "recurrence", "audience", "topic")
"""Those that a researcher's own file may add to: the graph finds venue types, organisers and units by our labels alone."""


def scheme_iri(scheme: str) -> str:
    """The IRI of a scheme.

    >>> scheme_iri("topic")
    'https://practice-graph.example/vocab/topic'
    """
    return VOCABULARY + scheme


@dataclass(frozen=True)
class Concept:
    """A ``skos:Concept`` with its labels; ``broader`` holds the IRIs one step up, sorted."""

    iri: str
    scheme: str
    """Short name, one of :data:`SCHEMES`."""
    pref_zh: str
    pref_en: str
    alt: tuple[str, ...] = ()
    """Chinese alternative labels, sorted."""
    broader: tuple[str, ...] = ()
    definition: str | None = None
    close_match: tuple[str, ...] = ()
    dimension: str | None = None
    """Of a unit: what it measures (participation, persons, households, events, items, money …)."""

    @property
    def names(self) -> tuple[str, ...]:
        """All Chinese labels, the preferred one first."""
        return (self.pref_zh, *self.alt)


@dataclass(frozen=True)
class ConceptMatch:
    """The label of a concept stands in a text from ``start`` to ``end`` (code points, half-open)."""

    start: int
    end: int
    concept: Concept
