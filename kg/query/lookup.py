"""Looking up: what a name stands for, what lies above and below it, which practices it is said of; read once a graph."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from kg.model.labels import order
from kg.query.engine import Engine, whole
from kg.query.levels import LEVELS, at_level
from kg.query.names import Names

__all__ = ["FEATURES", "LEVELS", "Lookup", "Statement"]

_SCHEMES = {"format": ("activity", "mode", "recurrence", "venue-type"), "audience": ("audience",), "topic": ("topic",)}
"""Feature → the ends of the IRIs of the schemes that its concepts are in."""

FEATURES = ("format", "audience", "topic")
"""Kinds of features that practices are compared by."""

_STATEMENTS = """
SELECT ?practice ?relation ?value ?article ?inferred ?confidence ?evidence WHERE {
  ?evidence gp:about ?practice ; gp:relation ?relation ; gp:value ?value ; oa:hasSource ?article ;
            gp:inferred ?inferred ; gp:confidence ?confidence .
  VALUES ?relation { gp:format gp:audience gp:topic gp:region }
}"""
_LABELS = """
SELECT ?thing ?kind ?label ?language WHERE {
  { ?thing a skos:Concept ; skos:prefLabel ?label .
    BIND("concept" AS ?kind) BIND(LANG(?label) AS ?language) }
  UNION { ?thing a gp:Practice ; skos:prefLabel ?label . BIND("practice" AS ?kind) }
  UNION { ?thing a gp:Region ; skos:prefLabel ?label . BIND("region" AS ?kind) }
}"""
_ALTERNATIVES = "SELECT ?thing ?label WHERE { ?thing a skos:Concept ; skos:altLabel ?label }"
_OTHERS = """
SELECT ?thing ?label WHERE {
  VALUES ?class { org:Organization <http://xmlns.com/foaf/0.1/Agent> gp:Venue gp:Channel }
  ?thing a ?class ; skos:prefLabel ?label }"""
_TREE = """
SELECT ?lower ?upper ?level WHERE {
  { ?lower gp:within ?upper } UNION { ?lower gp:level ?level } UNION { ?lower skos:broader ?upper }
}"""
_IN_SCHEME = "SELECT ?concept ?scheme WHERE { ?concept skos:inScheme ?scheme }"
_REPOSTS = "SELECT ?article ?original WHERE { ?article gp:nearDuplicateOf ?original . ?original a schema:NewsArticle }"


@dataclass(frozen=True)
class Statement:
    """One feature (or region) that one article gives to one practice."""

    practice: str
    relation: str
    """``format``, ``audience``, ``topic`` or ``region``."""
    value: str
    article: str
    inferred: bool
    confidence: float
    evidence: str
    """IRI of the evidence."""


class Lookup:
    """Reads what it needs when it is first asked; one per opened store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._above: dict[str, tuple[str, ...]] = {}

    @cached_property
    def reposts(self) -> dict[str, str]:
        """Article → the article that it reposts, where that one is in the store: both are one witness."""
        return {str(a): str(b) for a, b in whole(self._engine, _REPOSTS).rows()}

    @cached_property
    def statements(self) -> list[Statement]:
        """All statements of features and regions, those of reposts left out."""
        # Sorted here: the store would need twice the time of the whole query for it.
        rows = sorted(whole(self._engine, _STATEMENTS).rows())
        return [
            Statement(p, r.rsplit("#", 1)[-1], v, a, bool(i), float(c), e)
            for p, r, v, a, i, c, e in rows
            if a not in self.reposts
        ]

    @cached_property
    def _tree(self) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
        upper: dict[str, list[str]] = defaultdict(list)
        level: dict[str, str] = {}
        for low, up, at in sorted(whole(self._engine, _TREE).rows(), key=str):
            if up is not None:
                upper[low].append(up)
            if at is not None:
                level[low] = at.rsplit("#", 1)[-1].lower()
        return {low: tuple(ups) for low, ups in upper.items()}, level

    def above(self, node: str) -> tuple[str, ...]:
        """The node and all above it (broader concepts, containing regions), nearest first."""
        known = self._above.get(node)
        if known is None:
            found = [node]
            for each in found:  # grows while it is walked
                found += [up for up in self._tree[0].get(each, ()) if up not in found]
            known = self._above[node] = tuple(found)
        return known

    def below(self, node: str) -> set[str]:
        """The node and all below it."""
        found, waiting = {node}, [node]
        while waiting:
            fresh = [low for low in self._lower.get(waiting.pop(), ()) if low not in found]
            found.update(fresh)
            waiting += fresh
        return found

    @cached_property
    def _lower(self) -> dict[str, list[str]]:
        lower: dict[str, list[str]] = defaultdict(list)
        for low, ups in self._tree[0].items():
            for up in ups:
                lower[up].append(low)
        return dict(lower)

    def region_at(self, region: str, level: str) -> str | None:
        """The region of this level that holds a region; None where its path is unknown or ends above the level.

        Where there is none, another may stand in its place: see ``kg.query.levels.at_level``.
        """
        holders = {at: node for node in self.above(region) if (at := self._tree[1].get(node))}
        names = {node: self.regions.label(node) for node in holders.values()}
        return at_level(holders, names, level)

    @cached_property
    def regions(self) -> Names:
        """Labels and paths of the regions."""
        labels = self._labels["region"]
        paths = {}
        for iri in labels:
            chain = self.above(iri)
            if self._tree[1].get(chain[-1]) == "province" or len(chain) > 1:
                paths[iri] = tuple(labels[node][0] for node in reversed(chain) if node in labels)
            else:
                paths[iri] = (labels[iri][0],)
        return Names("region", labels, paths)

    @cached_property
    def concepts(self) -> Names:
        """Preferred labels of all concepts, Chinese first."""
        return Names("concept", self._labels["concept"])

    @cached_property
    def vocabulary(self) -> Names:
        """All labels of all concepts: ten times as many, so read only when words of a user are looked up."""
        labels = {iri: list(names) for iri, names in self._labels["concept"].items()}
        for thing, label in sorted(whole(self._engine, _ALTERNATIVES).rows()):
            labels.setdefault(thing, []).append(label)
        return Names("concept", {iri: tuple(names) for iri, names in labels.items()})

    @cached_property
    def practices(self) -> Names:
        """Labels of the practices."""
        return Names("practice", self._labels["practice"])

    @cached_property
    def others(self) -> Names:
        """Labels of organisations, venues and channels: one name may be borne by many, each of its own county."""
        labels: dict[str, dict[str, None]] = defaultdict(dict)
        for thing, label in sorted(whole(self._engine, _OTHERS).rows()):
            labels[thing].setdefault(label)
        return Names("organisation, venue or channel", {thing: tuple(names) for thing, names in labels.items()})

    def used(self, feature: str) -> Names:
        """Labels of the concepts that practices have as this feature, with all broader ones."""
        used = {up for s in self.statements if s.relation == feature for up in self.above(s.value)}
        labels = self.vocabulary.labels
        # A concept whose scheme was not loaded still has the last part of its IRI for a name.
        return Names(feature, {iri: labels.get(iri, (iri.rsplit("/", 1)[-1],)) for iri in sorted(used)})

    def known(self, feature: str) -> Names:
        """Labels of the concepts of a feature's schemes and of a researcher's own below them, used or not."""
        heads = {
            c for c, scheme in whole(self._engine, _IN_SCHEME).rows() if scheme.rsplit("/", 1)[-1] in _SCHEMES[feature]
        }
        labels = self.vocabulary.labels
        return Names(feature, {iri: names for iri, names in labels.items() if heads.intersection(self.above(iri))})

    def meant(self, feature: str, said: str, *, where: str) -> set[str]:
        """IRIs of the concepts of this name as a feature; those that no practice has only where there are no others.

        Raises UsageError, with the nearest names in use, where neither the practices nor the schemes know the name.
        """
        used = self.used(feature)
        return used.named(said) or self.known(feature).named(said) or used.find(said, where=where)

    @cached_property
    def _labels(self) -> dict[str, dict[str, tuple[str, ...]]]:
        found: dict[str, dict[str, dict[str, None]]] = {k: defaultdict(dict) for k in ("concept", "practice", "region")}
        rows = whole(self._engine, _LABELS).rows()
        for thing, kind, label, _ in sorted(rows, key=lambda row: (row[0], *order(row[2], row[3]))):
            found[kind][thing].setdefault(label)
        return {kind: {thing: tuple(labels) for thing, labels in things.items()} for kind, things in found.items()}
