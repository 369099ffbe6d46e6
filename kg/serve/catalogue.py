"""All practices with what they are found by, as arrays: every list, count and filter of the page runs on this."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.model.iri import BASE
from kg.query import Graph
from kg.serve.words import WordIndex

__all__ = ["KINDS", "Catalogue", "Facet", "Thing"]

KINDS = ("region", "format", "audience", "topic")
"""What practices are filtered and compared by."""

_Ints = npt.NDArray[np.int64]
_Mask = npt.NDArray[np.bool_]

_PRACTICES = """
SELECT ?practice ?label ?planned ?article {
  ?practice a gp:Practice ; skos:prefLabel ?label ; gp:planned ?planned ; gp:reportedIn ?article }"""
_ARTICLES = """
SELECT ?article ?file ?title ?publisher ?published ?original {
  ?article a schema:NewsArticle ; gp:file ?file .
  OPTIONAL { ?article schema:headline ?title } OPTIONAL { ?article schema:datePublished ?published }
  OPTIONAL { ?article schema:publisher/skos:prefLabel ?publisher }
  OPTIONAL { ?article gp:nearDuplicateOf ?original } }"""
_FIRST_DAYS = "SELECT ?practice (MIN(STR(?day)) AS ?first) { ?practice gp:date/gp:firstDay ?day } GROUP BY ?practice"
_SURE = """
SELECT ?practice (MAX(?confidence) AS ?most) {
  ?evidence gp:about ?practice ; gp:relation skos:prefLabel ; gp:confidence ?confidence } GROUP BY ?practice"""
_REGIONS = """
SELECT ?region ?label ?level ?upper {
  ?region a gp:Region ; skos:prefLabel ?label .
  OPTIONAL { ?region gp:level ?level } OPTIONAL { ?region gp:within ?upper } }"""
_CONCEPTS = "SELECT ?concept ?label (LANG(?label) AS ?language) { ?concept a skos:Concept ; skos:prefLabel ?label }"


@dataclass(frozen=True)
class Thing:
    """A region or a concept: its short id, labels in both languages, and where it hangs."""

    id: str
    zh: str
    en: str
    level: str = ""
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Article:
    """What names an article to a reader."""

    file: str
    title: str
    publisher: str
    published: str
    repost: bool


@dataclass(frozen=True)
class Facet:
    """(practice, value) pairs of one kind, the broader values too, each pair once; arrays of one length.

    ``sure`` is the highest confidence of the pair, ``said`` that among what is stated and not inferred (0 where
    nothing is), ``own`` whether the practice has the value itself and not only a narrower one.
    """

    practice: _Ints
    value: _Ints
    sure: npt.NDArray[np.float32]
    said: npt.NDArray[np.float32]
    own: _Mask
    size: int
    """Number of values."""

    def fits(self, min_confidence: float, stated_only: bool) -> _Mask:
        """Which pairs are sure enough."""
        if stated_only:
            return (self.said > 0) & (self.said >= min_confidence)
        return self.sure >= min_confidence

    def bearers(self, value: int, fits: _Mask) -> _Ints:
        """Practices that have the value."""
        return self.practice[(self.value == value) & fits]

    def counts(self, kept: _Mask, fits: _Mask) -> _Ints:
        """Value → number of the kept practices that have it."""
        return np.bincount(self.value[kept[self.practice] & fits], minlength=self.size).astype(np.int64)


class Catalogue:
    """Built once from an opened graph; nothing of it changes."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.base = graph.base
        self._read_articles()
        self._read_practices()
        self._read_things()
        self.facets = {kind: self._facet(kind) for kind in KINDS}
        self._read_places()

    def short(self, iri: str) -> str:
        """The id of a thing on the page: its IRI without the base."""
        return iri.removeprefix(self.base)

    def iri(self, short: str) -> str:
        """The IRI of an id."""
        return short if "://" in short or short.startswith("urn:") else self.base + short

    def stored(self, iri: str) -> str:
        """The IRI that the store has for one of a record, which is under the product's own base."""
        return self.base + iri[len(BASE) :] if iri.startswith(BASE) else iri

    def number(self, practice: str) -> int | None:
        """The number of a practice by its id or IRI; None where there is none."""
        return self.number_of.get(self.short(practice))

    def thing(self, kind: str, short: str) -> int | None:
        """The number of a value of this kind by its id or IRI; None where no practice has it."""
        return self.thing_number[kind].get(self.short(short))

    def _read_articles(self) -> None:
        self.articles: dict[str, Article] = {}
        for iri, file, title, publisher, published, original in sorted(self._graph.sparql(_ARTICLES).rows(), key=str):
            known = Article(file, title or file, publisher or "", str(published or ""), original is not None)
            self.articles.setdefault(iri, known)
        self.article_of_file = {article.file: iri for iri, article in self.articles.items()}

    def _read_practices(self) -> None:
        labels: dict[str, str] = {}
        planned: dict[str, bool] = {}
        told: dict[str, list[str]] = defaultdict(list)
        rows = sorted(self._graph.sparql(_PRACTICES).rows())
        for practice, label, plan, article in rows:
            if article not in self.articles or self.articles[article].repost:
                continue
            labels.setdefault(practice, label)
            # Announced in one article and reported in another: it has come about.
            planned[practice] = planned.get(practice, True) and bool(plan)
            if article not in told[practice]:
                told[practice].append(article)
        for practice, _, _, article in rows:
            if practice in labels and article not in told[practice]:
                told[practice].append(article)
        iris = sorted(labels)
        self.iris = iris
        self.ids = [self.short(iri) for iri in iris]
        self.number_of = {short: number for number, short in enumerate(self.ids)}
        self.labels = [labels[iri] for iri in iris]
        self.planned: _Mask = np.array([planned[iri] for iri in iris], dtype=np.bool_)
        self.articles_of = [tuple(told[iri]) for iri in iris]
        first = dict(self._graph.sparql(_FIRST_DAYS).rows())
        days = []
        for iri in iris:
            published = min((p for a in told[iri] if (p := self.articles[a].published)), default="")
            said = str(first.get(iri) or "")
            days.append(min((day for day in (said, published) if day), default=""))
        self.days = days
        """First day that is told of a practice, or that an article about it appeared; "" where there is none."""
        self.years: _Ints = np.array([int(day[:4]) if day[:4].isdigit() else 0 for day in days], dtype=np.int64)
        sure = dict(self._graph.sparql(_SURE).rows())
        self.sure = np.array([float(sure.get(iri) or 0.0) for iri in iris], dtype=np.float32)

    def _read_things(self) -> None:
        zh: dict[str, str] = {}
        en: dict[str, str] = {}
        for concept, label, language in sorted(self._graph.sparql(_CONCEPTS).rows(), key=str):
            (en if language == "en" else zh).setdefault(concept, label)
        self.labels_zh, self.labels_en = zh, en
        self.level: dict[str, str] = {}
        self.upper: dict[str, str] = {}
        self.region_label: dict[str, str] = {}
        for region, label, level, upper in sorted(self._graph.sparql(_REGIONS).rows(), key=str):
            self.region_label.setdefault(region, label)
            if level:
                self.level.setdefault(region, level.rsplit("#", 1)[-1].lower())
            if upper:
                self.upper.setdefault(region, upper)

    def path(self, region: str) -> tuple[str, ...]:
        """IRIs from the province down to the region itself."""
        chain = [region]
        while (above := self.upper.get(chain[-1])) and above not in chain:
            chain.append(above)
        return tuple(reversed(chain))

    def _facet(self, kind: str) -> Facet:
        columns = self._graph.columns
        values: dict[str, int] = {}
        pairs: dict[tuple[int, int], tuple[float, float, bool]] = {}
        for told in columns.statements:
            number = self.number_of.get(self.short(told.practice))
            if told.relation != kind or number is None:
                continue
            stated = 0.0 if told.inferred else told.confidence
            for up in columns.above(told.value):
                key = (number, values.setdefault(up, len(values)))
                sure, said, own = pairs.get(key, (0.0, 0.0, False))
                pairs[key] = (max(sure, told.confidence), max(said, stated), own or up == told.value)
        self._things_of(kind, list(values))
        keys = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
        rest = list(pairs.values())
        return Facet(
            keys[:, 0],
            keys[:, 1],
            np.array([sure for sure, _, _ in rest], dtype=np.float32),
            np.array([said for _, said, _ in rest], dtype=np.float32),
            np.array([own for _, _, own in rest], dtype=np.bool_),
            len(values),
        )

    def _things_of(self, kind: str, iris: list[str]) -> None:
        if not hasattr(self, "things"):
            self.things: dict[str, list[Thing]] = {}
            self.thing_number: dict[str, dict[str, int]] = {}
        found = []
        for iri in iris:
            if kind == "region":
                label = self.region_label.get(iri, iri.rsplit("/", 1)[-1])
                names = tuple(self.region_label.get(each, "") for each in self.path(iri))
                found.append(Thing(self.short(iri), label, label, self.level.get(iri, "unresolved"), names))
            else:
                label = self.labels_zh.get(iri) or self.labels_en.get(iri) or iri.rsplit("/", 1)[-1]
                found.append(Thing(self.short(iri), label, self.labels_en.get(iri, label)))
        self.things[kind] = found
        self.thing_number[kind] = {thing.id: number for number, thing in enumerate(found)}

    def _read_places(self) -> None:
        facet, things = self.facets["region"], self.things["region"]
        deepest: dict[int, int] = {}
        for practice, value, own in zip(facet.practice.tolist(), facet.value.tolist(), facet.own.tolist(), strict=True):
            if own and len(things[value].path) > len(things[deepest[practice]].path if practice in deepest else ()):
                deepest[practice] = value
        self.place = [deepest.get(number) for number in range(len(self.iris))]
        """Practice → number of its narrowest region; None where no article says it."""

    @cached_property
    def regions_at(self) -> dict[str, dict[int, int]]:
        """Level (province, prefecture, county, township) → number of a region → number of the one that holds it there.

        Districts of a municipality have no prefecture; the municipality stands in its place, and a functional zone in
        that of a county.
        """
        found: dict[str, dict[int, int]] = {}
        known = self.thing_number["region"]
        for level in ("province", "prefecture", "county", "township"):
            found[level] = {}
            for number, thing in enumerate(self.things["region"]):
                at = self._graph.columns.region_at(self.iri(thing.id), level)
                if at is not None and self.short(at) in known:
                    found[level][number] = known[self.short(at)]
        return found

    @cached_property
    def names(self) -> WordIndex:
        """The practices' names, for search."""
        return WordIndex(self.labels)

    @cached_property
    def article_list(self) -> list[Article]:
        """The articles in the order of ``titles``."""
        return list(self.articles.values())

    @cached_property
    def titles(self) -> WordIndex:
        """The articles' titles, for search."""
        return WordIndex([article.title for article in self.article_list])

    @cached_property
    def totals(self) -> dict[str, _Ints]:
        """Kind → value → number of practices that have it."""
        everything = np.ones(len(self.iris), dtype=np.bool_)
        return {kind: facet.counts(everything, facet.fits(0.0, False)) for kind, facet in self.facets.items()}

    @cached_property
    def ranks(self) -> dict[str, _Ints]:
        """Order → rank of each practice in it; ties always fall to the id."""
        places = ["".join(self.things["region"][p].path) if p is not None else "\U0010ffff" for p in self.place]
        told = [-len(articles) for articles in self.articles_of]
        keys: dict[str, list[Any]] = {
            "relevance": list(zip(told, (-self.sure).tolist(), self.labels, strict=True)),
            "name": self.labels,
            "place": list(zip(places, self.labels, strict=True)),
            "oldest": [day or "9999" for day in self.days],
        }
        ranks = {}
        for name, key in keys.items():
            order = np.array(sorted(range(len(key)), key=key.__getitem__), dtype=np.int64)
            ranks[name] = np.empty(len(key), dtype=np.int64)
            ranks[name][order] = np.arange(len(key))
        newest = sorted(range(len(self.days)), key=lambda n: self.days[n], reverse=True)
        ranks["newest"] = np.empty(len(newest), dtype=np.int64)
        ranks["newest"][np.array(newest, dtype=np.int64)] = np.arange(len(newest))
        return ranks

    def record_concept(self, iri: str) -> str:
        """A concept's IRI as records have it, under the product's own base."""
        return BASE + iri[len(self.base) :] if iri.startswith(self.base) else iri
