"""What the page finds practices by: the column copy, with labels in two languages, places and counts at hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pyoxigraph import DefaultGraph, NamedNode, QuerySolution, QuerySolutions, Store

from kg.compare import Columns
from kg.compare.column_copy.nodes import ALL_LEVELS, Nodes
from kg.graph.store.disk_errors import storage_errors
from kg.model.iri import BASE
from kg.model.labels import label_in, tag_of
from kg.query.guard import prefixes
from kg.serve.answers import CountedReference, Feature, Reference
from kg.serve.opened.facets import facet
from kg.serve.opened.orders import ranks_of
from kg.serve.opened.text_index import TextIndex

__all__ = ["FEATURES", "KINDS", "Catalogue", "Thing"]

FEATURES: tuple[Feature, ...] = ("format", "audience", "topic")
KINDS = ("region", *FEATURES)
"""What practices are filtered and compared by."""

_Ints = npt.NDArray[np.int64]
_Small = npt.NDArray[np.int32]
_Mask = npt.NDArray[np.bool_]

_OTHERS = """
SELECT ?concept ?label { ?concept a skos:Concept ; skos:prefLabel ?label . FILTER(LANG(?label) != "zh") }"""
_SENTENCES = """
SELECT ?practice ?sentence (MAX(IF(?relation = skos:prefLabel, 1, 0)) AS ?names) {
  ?evidence gp:about ?practice ; gp:relation ?relation ; gp:sentence ?sentence } GROUP BY ?practice ?sentence"""
_TITLES = "SELECT ?article ?title { ?article a schema:NewsArticle ; schema:headline ?title }"


@dataclass(frozen=True)
class Thing:
    """A region or a concept: its short id, labels in both languages, and where it hangs."""

    id: str
    zh: str
    en: str
    level: str = ""
    path: tuple[str, ...] = ()

    def reference(self) -> Reference:
        """As an answer names it."""
        return Reference(id=self.id, label=self.zh, label_en=self.en)

    def counted(self, practices: int) -> CountedReference:
        """As an answer names it, with a number of practices."""
        return CountedReference(
            id=self.id, label=self.zh, label_en=self.en, practices=practices, path=list(self.path), level=self.level
        )


class Catalogue:
    """Made once from the column copy of a store; numbers of practices, concepts and regions are those of the copy.

    ``where`` is the folder that errors name. Raises StoreError where the database cannot be read.
    """

    def __init__(self, columns: Columns, store: Store, base: str, where: Path) -> None:
        self.columns, self.base, self._store, self._where = columns, base, store, where
        self.size = len(columns)
        self.kept: _Mask = columns.practices.kept
        """Practices that more than a repost tells of: the only ones that the page shows."""
        self.labels = list(columns.practice_label)
        self.ids = [self.short(iri) for iri in columns.practice_iri]
        self._number = {short: number for number, short in enumerate(self.ids)}
        self.concepts = self._concepts()
        self.regions = self._regions()
        self.things = {kind: self.regions if kind == "region" else self.concepts for kind in KINDS}
        self.facets = {kind: facet(columns, kind) for kind in KINDS}
        self._limited = ((0.0, False), columns)

    def warm(self) -> None:
        """Make now what the first search would wait for."""
        self.ranks, self.names, self.title_words, self.totals, self.years, self._below  # noqa: B018
        self.of_name("")
        self.value_words("format")

    def short(self, iri: str) -> str:
        """The id of a thing on the page: its IRI without the base."""
        return iri.removeprefix(self.base)

    def iri(self, short: str) -> str:
        """The IRI of an id."""
        return short if "://" in short or short.startswith("urn:") else self.base + short

    def stored(self, iri: str) -> str:
        """The IRI that the store has for one of a record, which is under the product's own base."""
        return self.base + iri[len(BASE) :] if iri.startswith(BASE) else iri

    def recorded(self, iri: str) -> str:
        """The IRI that records have for one of the store."""
        return BASE + iri[len(self.base) :] if iri.startswith(self.base) else iri

    def number(self, practice: str) -> int | None:
        """The number of a practice by its id or IRI; None where there is none."""
        found = self._number.get(self.short(practice))
        return found if found is not None and self.kept[found] else None

    def is_only_reposted(self, practice: str) -> bool:
        """Whether there is such a practice, by its id or IRI, but only a repost tells of it."""
        return self.number(practice) is None and self.short(practice) in self._number

    def thing(self, kind: str, short: str) -> int | None:
        """The number of a value of this kind by its id or IRI; None where there is none."""
        return self.nodes(kind).place.get(self.iri(short))

    @cached_property
    def _below(self) -> dict[int, list[int]]:
        """Region → those directly below it that some practice has; −1 → the provinces."""
        found: dict[int, list[int]] = {}
        nodes = self.columns.regions
        for n in np.flatnonzero(self.totals["region"]).tolist():
            above = nodes.above(n)
            if len(above) > 1:
                found.setdefault(int(above[1]), []).append(n)
            elif self.regions[n].level == "province":
                found.setdefault(-1, []).append(n)
        return found

    def region_choices(self, chosen: list[int]) -> list[int]:
        """The provinces, the chosen regions with all above them, and what lies directly below each of these."""
        shown = {up for n in chosen for up in self.columns.regions.above(n).tolist()}
        return sorted(shown.union(*(self._below.get(n, []) for n in (-1, *shown))))

    def nodes(self, kind: str) -> Nodes:
        """The regions, or the concepts."""
        return self.columns.regions if kind == "region" else self.columns.concepts

    def kind_of(self, concept: int) -> str | None:
        """As what most practices have a concept: format, audience or topic; None where none has it."""
        kinds = [kind for kind in FEATURES if self.totals[kind][concept]]
        return max(kinds, key=lambda kind: int(self.totals[kind][concept]), default=None)

    def concept(self, iri: str) -> Thing | None:
        """A concept by its IRI."""
        found = self.columns.concepts.place.get(iri)
        return None if found is None else self.concepts[found]

    def _ask(self, query: str) -> Iterator[QuerySolution]:
        # In this process: a fixed query of which no answer is too large, and no time limit.
        with storage_errors(self._where, "read"):
            rows = self._store.query(query, prefixes=prefixes(self.base))
            assert isinstance(rows, QuerySolutions)
            yield from rows

    def _regions(self) -> list[Thing]:
        nodes = self.columns.regions
        labels = list(nodes.label)
        levels = [ALL_LEVELS[code] if code >= 0 else "unresolved" for code in nodes.level.tolist()]
        paths = [tuple(labels[up] for up in nodes.above(at)[::-1].tolist()) for at in range(len(nodes))]
        shorts = map(self.short, nodes.iri)
        return [
            Thing(short, label, label, level, path)
            for short, label, level, path in zip(shorts, labels, levels, paths, strict=True)
        ]

    def _concepts(self) -> list[Thing]:
        labels: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in self._ask(_OTHERS):
            label = row["label"]
            labels[self.short(row["concept"].value)].append((tag_of(label.value, label.language), label.value))
        english = {short: label for short, told in labels.items() if (label := label_in("en", told))}
        nodes = self.columns.concepts
        shorts = map(self.short, nodes.iri)
        return [Thing(short, zh, english.get(short, zh)) for short, zh in zip(shorts, nodes.label, strict=True)]

    def sentences(self) -> Iterator[tuple[int, str, int]]:
        """(practice, sentence, 1 where it names the practice and else 0), in no order."""
        for row in self._ask(_SENTENCES):
            number = self._number.get(self.short(row["practice"].value))
            if number is not None:
                yield number, row["sentence"].value, int(row["names"].value)

    @cached_property
    def dates(self) -> npt.NDArray[np.datetime64]:
        """First day told of each practice, else the day of its first article; NaT where neither is known."""
        return self.columns.practices.date

    @cached_property
    def years(self) -> _Ints:
        """Year of each practice's date; 0 where none is known."""
        days = self.dates
        years = days.astype("datetime64[Y]").astype(np.int64) + 1970
        return np.where(np.isnat(days), 0, years)

    def day(self, number: int) -> str:
        """First day told of a practice, else the day of its first article; empty where neither is known."""
        day = self.dates[number]
        return "" if np.isnat(day) else str(day)

    def limited(self, min_confidence: float, stated_only: bool) -> Columns:
        """The columns without what is less sure or, where asked, inferred: the regions too, that practices are put in."""
        asked, found = self._limited
        if asked != (min_confidence, stated_only):
            found = self.columns.select(min_confidence=min_confidence, stated_only=stated_only)
            self._limited = (min_confidence, stated_only), found
        return found

    def place(self, number: int, columns: Columns | None = None) -> Thing | None:
        """The narrowest region of a practice, where given in limited columns; None where no article says it."""
        region = int((columns or self.columns).practices.region[number])
        return self.regions[region] if region >= 0 else None

    def practices_of(self, organisation: str) -> int:
        """Number of practices that an organisation, by its id or IRI, holds or helps with."""
        who, own = NamedNode(self.iri(organisation)), prefixes(self.base)["gp"]
        roles = [NamedNode(own + role) for role in ("organiser", "partner")]
        with storage_errors(self._where, "read"):
            quads = [quad for role in roles for quad in self._store.quads_for_pattern(None, role, who, DefaultGraph())]
        told = {quad.subject for quad in quads}
        return sum(isinstance(each, NamedNode) and self.number(each.value) is not None for each in told)

    @cached_property
    def _reports(self) -> tuple[_Ints, _Small]:
        told = self.columns.reports
        order = np.argsort(told.practice, kind="stable")
        return np.searchsorted(told.practice[order], np.arange(self.size + 1)), told.article[order]

    def articles_of(self, number: int, *, reposts: bool = False) -> list[int]:
        """Articles that tell of a practice, and where asked those that repost them."""
        starts, articles = self._reports
        found = np.unique(articles[starts[number] : starts[number + 1]]).tolist()
        if reposts:
            found += np.flatnonzero(np.isin(self.columns.articles.repost_of, found)).tolist()
        return found

    @cached_property
    def files(self) -> list[str]:
        """File of each article."""
        return list(self.columns.articles.file)

    @cached_property
    def titles(self) -> list[str]:
        """Title of each article, its file where it has none."""
        told = {row["article"].value: row["title"].value for row in self._ask(_TITLES)}
        return [told.get(iri, file) for iri, file in zip(self.columns.articles.iri, self.files, strict=True)]

    @cached_property
    def title_words(self) -> TextIndex:
        """The articles' titles, for search."""
        return TextIndex.of(self.titles)

    @cached_property
    def _value_words(self) -> dict[str, TextIndex]:
        concepts = TextIndex.of([f"{each.zh}\n{each.en}" for each in self.concepts])
        # The whole path, too: 江津区双福街道 is how tables write it.
        regions = TextIndex.of(["".join(each.path) for each in self.regions])
        return {"region": regions} | dict.fromkeys(FEATURES, concepts)

    def value_words(self, kind: str) -> TextIndex:
        """The paths of regions, or the labels of concepts, for search."""
        return self._value_words[kind]

    @cached_property
    def _of_name(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, label in enumerate(self.labels):
            found.setdefault(label.casefold(), []).append(number)
        return found

    def of_name(self, name: str) -> list[int]:
        """Practices of just this name, upper and lower case the same."""
        return self._of_name.get(name.casefold(), [])

    @cached_property
    def names(self) -> TextIndex:
        """The practices' names, for search."""
        return TextIndex.of(self.labels)

    @cached_property
    def totals(self) -> dict[str, _Ints]:
        """Kind → value → number of practices that have it."""
        return {kind: pairs.counts(self.kept) for kind, pairs in self.facets.items()}

    @cached_property
    def ranks(self) -> dict[str, _Ints]:
        """Order → rank of each practice in it; ties always fall to the id."""
        places = (self.place(number) for number in range(self.size))
        # What has no place stands last.
        return ranks_of(self.columns, self.labels, ["".join(place.path) if place else "\U0010ffff" for place in places])
