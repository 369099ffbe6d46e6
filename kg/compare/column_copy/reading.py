"""From a graph to columns: a few flat SPARQL queries, their answers taken apart as whole columns."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
from pyoxigraph import Literal, NamedNode

from kg.compare.column_copy.columns import RELATIONS, Articles, Columns, Dates, Outcomes, Reports, Statements
from kg.compare.column_copy.nodes import ALL_LEVELS, Concepts, Regions, chains
from kg.compare.column_copy.sources import Ask
from kg.compare.column_copy.term_columns import (
    Index,
    code_in,
    day_of,
    end_of,
    last_day_of,
    number_of,
    table_of,
    text_of,
    truth_of,
    uppers_of,
    values_of,
)
from kg.compare.column_copy.texts import Texts
from kg.graph.rdf.terms import Terms
from kg.model.iri import BASE
from kg.model.labels import order
from kg.query.answer import Answer

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_columns"]

_GROUND = "oa:hasSource ?article ; gp:inferred ?inferred ; gp:confidence ?confidence"
_SAID = f"""SELECT ?practice ?value ?article ?inferred ?confidence ?evidence WHERE {{
  ?evidence gp:relation %s ; gp:about ?practice ; gp:value ?value ; {_GROUND} . }}"""
_NAMED = """SELECT ?practice ?article ?confidence WHERE {
  ?evidence gp:relation skos:prefLabel ; gp:about ?practice ; oa:hasSource ?article ; gp:confidence ?confidence . }"""
_TOLD = "SELECT ?practice ?article ?planned WHERE { GRAPH ?article { ?practice a gp:Practice ; gp:planned ?planned } }"
_ARTICLES = """SELECT ?article ?file ?published ?publisher ?original WHERE {
  ?article a schema:NewsArticle ; gp:file ?file . OPTIONAL { ?article schema:datePublished ?published }
  OPTIONAL { ?article schema:publisher/skos:prefLabel ?publisher } OPTIONAL { ?article gp:nearDuplicateOf ?original } }"""
_DATES = f"""SELECT ?practice ?role ?day ?iso ?article ?inferred ?confidence ?evidence WHERE {{
  ?evidence gp:relation gp:date ; gp:about ?practice ; gp:value ?value ; {_GROUND} .
  ?value gp:firstDay ?day ; gp:iso ?iso ; gp:role ?role . }}"""
_OUTCOMES = f"""SELECT ?practice ?number ?unit ?counted ?comparator ?modality ?article ?inferred ?confidence ?evidence
WHERE {{ ?evidence gp:relation gp:outcome ; gp:about ?practice ; gp:value ?value ; {_GROUND} .
  ?value qudt:numericValue ?number ; gp:unit ?unit ; gp:comparator ?comparator ; gp:modality ?modality .
  OPTIONAL {{ ?value gp:counted ?counted }} }}"""
_LABELS = {
    "concept": "SELECT ?thing ?label WHERE { ?thing a skos:Concept ; skos:prefLabel ?label }",
    "name": "SELECT ?thing ?label WHERE { ?thing a skos:Concept ; skos:altLabel ?label }",
    "practice": "SELECT ?thing ?label WHERE { ?thing a gp:Practice ; skos:prefLabel ?label }",
    "region": "SELECT ?thing ?label WHERE { ?thing a gp:Region ; skos:prefLabel ?label }",
    "organiser": "SELECT ?thing ?label WHERE { ?p gp:organiser ?thing . ?thing skos:prefLabel ?label }",
}
_CANDIDATES = "SELECT ?lower WHERE { ?lower a gp:CandidateConcept }"
_BROADER = "SELECT ?lower ?upper WHERE { ?lower skos:broader ?upper }"
_WITHIN = "SELECT ?lower ?upper WHERE { ?lower gp:within ?upper }"
_LEVEL = "SELECT ?lower ?upper WHERE { ?lower gp:level ?upper }"


def read_columns(ask: Ask, base: str = BASE) -> Columns:
    """Read the columns of a graph; the same graph gives the same columns, to the last byte."""
    return _Reader(ask, base).columns()


class _Reader:
    def __init__(self, ask: Ask, base: str) -> None:
        self.ask, self.terms = ask, Terms(base)
        self.evidence: list[str] = []

    def columns(self) -> Columns:
        kinds = self._organiser_kinds()
        said = {name: table_of(self.ask(_SAID % f"gp:{name}")) for name in RELATIONS}
        outcomes, dates, told = (table_of(self.ask(query)) for query in (_OUTCOMES, _DATES, _TOLD))
        labels = {kind: self._labels(_LABELS[kind]) for kind in ("concept", "practice", "region")}
        broader, within = table_of(self.ask(_BROADER)), table_of(self.ask(_WITHIN))
        used = [said[name]["value"] for name in RELATIONS[:3]] + [outcomes["unit"], outcomes["counted"]]
        concepts = Index(_all(labels["concept"], kinds.values(), broader["lower"], broader["upper"], *used))
        regions = Index(_all(labels["region"], within["lower"], within["upper"], said["region"]["value"]))
        self.practices = Index(_all(labels["practice"], told["practice"]))
        articles = self._articles()
        self._witness, self._appeared = articles.repost_of < 0, articles.published
        # In this order: each appends its evidence.
        statements = self._statements(said, kinds, concepts, regions)
        stated_dates, figures = self._dates(dates), self._outcomes(outcomes, concepts)
        return Columns(
            practice_iri=Texts.of(_plain(self.practices)),
            practice_label=self._named(self.practices, labels["practice"]),
            statements=statements,
            reports=self._reports(told),
            dates=stated_dates,
            outcomes=figures,
            articles=articles,
            concepts=self._concepts(concepts, labels["concept"], broader),
            regions=self._regions(regions, labels["region"], within),
            evidence=Texts.of(self.evidence),
        )

    def _labels(self, query: str) -> dict[str, list[str]]:
        """Term → labels, Chinese before others, then by the label."""
        found: dict[str, set[tuple[int, str]]] = defaultdict(set)
        for thing, label in Answer("select", self.ask(query)).terms():
            assert isinstance(thing, NamedNode) and isinstance(label, Literal)
            found[f"<{thing.value}>"].add(order(label.value, label.language))
        return {thing: [label for _, label in sorted(names)] for thing, names in found.items()}

    def _named(self, index: Index, labels: dict[str, list[str]]) -> Texts:
        # What has no label still has the last part of its IRI for a name.
        return Texts.of(labels.get(name, [name[1:-1].rsplit("/", 1)[-1]])[0] for name in index.names)

    def _organiser_kinds(self) -> dict[str, str]:
        """Organiser → concept of the kind of organisation that its name says it is."""
        from kg.knowledge.vocabulary import Vocabulary
        from kg.resolve.concepts import ConceptLinker

        linker, kinds = ConceptLinker(Vocabulary.load()), {}
        for thing, labels in self._labels(_LABELS["organiser"]).items():
            concept = linker.organiser_kind(labels[0])
            if concept is not None:
                kinds[thing] = self.terms.iri(concept.iri)
        return kinds

    def _articles(self) -> Articles:
        table = table_of(self.ask(_ARTICLES))
        self.articles = Index(set(table["article"].cat.categories))
        place = self.articles.of(table["article"])
        # An article may have several publishers; the first by name stands for all.
        row = np.full(len(self.articles.names), -1)
        order = np.lexsort((table["publisher"].astype(str).to_numpy(), place))[::-1]
        row[place[order]] = order
        table = table.iloc[row]
        text = {name: [text_of(term) for term in table[name].astype(str)] for name in ("file", "publisher")}
        return Articles(
            Texts.of(_plain(self.articles)),
            Texts.of(text["file"]),
            Texts.of(text["publisher"]),
            values_of(table["published"], day_of, "datetime64[D]"),
            self.articles.of(table["original"]),
        )

    def _kept(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows of practices and of articles that repost no other."""
        article, practice = self.articles.of(table["article"]), self.practices.of(table["practice"])
        return table[(article >= 0) & (practice >= 0) & self._witness[article]]

    def _ground(self, table: pd.DataFrame) -> dict[str, Any]:
        nodes = table["evidence"].astype(str).to_numpy(dtype=object)
        begin = len(self.evidence)
        self.evidence += [node[1:-1] for node in nodes]
        return {
            "article": self.articles.of(table["article"]),
            "inferred": values_of(table["inferred"], truth_of, "bool"),
            "confidence": values_of(table["confidence"], number_of, "float32"),
            "evidence": np.arange(begin, begin + len(nodes), dtype=np.int32),
        }

    def _sorted(self, table: pd.DataFrame) -> pd.DataFrame:
        table = self._kept(table)
        practice = self.practices.of(table["practice"])
        return table.iloc[np.lexsort((table["evidence"].astype(str).to_numpy(dtype=object), practice))]

    def _statements(
        self, said: dict[str, pd.DataFrame], kinds: dict[str, str], concepts: Index, regions: Index
    ) -> Statements:
        parts: dict[str, list[Any]] = defaultdict(list)
        for code, name in enumerate(RELATIONS):
            table = said[name]
            if name == "organiser":
                kind = table["value"].astype(str).map(lambda term: kinds.get(term, ""))
                table = table.assign(value=kind.astype("category"))
            table = self._sorted(table)
            value = (regions if name == "region" else concepts).of(table["value"])
            table, value = table[value >= 0], value[value >= 0]
            parts["practice"].append(self.practices.of(table["practice"]))
            parts["relation"].append(np.full(len(table), code, dtype=np.int8))
            parts["value"].append(value)
            for key, column in self._ground(table).items():
                parts[key].append(column)
        whole = {key: np.concatenate(columns) for key, columns in parts.items()}
        order = np.argsort(whole["practice"], kind="stable")
        return Statements(**{key: column[order] for key, column in whole.items()})

    def _dates(self, table: pd.DataFrame) -> Dates:
        table = self._sorted(table)
        role, ground = values_of(table["role"], code_in(Dates.ROLES), "int8"), self._ground(table)
        end, appeared = values_of(table["iso"], end_of, "datetime64[D]"), self._appeared[ground["article"]]
        begins = np.isin(role, [Dates.ROLES.index("start"), Dates.ROLES.index("opened")])
        with np.errstate(invalid="ignore"):
            lasting = begins & (end >= appeared)  # False where nobody knows when the article appeared
        return Dates(
            practice=self.practices.of(table["practice"]),
            day=values_of(table["day"], day_of, "datetime64[D]"),
            last=np.where(lasting, values_of(table["iso"], last_day_of, "datetime64[D]"), end),
            role=role,
            **ground,
        )

    def _outcomes(self, table: pd.DataFrame, concepts: Index) -> Outcomes:
        table = self._sorted(table)
        return Outcomes(
            practice=self.practices.of(table["practice"]),
            value=values_of(table["number"], number_of, "float64"),
            unit=concepts.of(table["unit"]),
            counted=concepts.of(table["counted"]),
            comparator=values_of(table["comparator"], code_in(Outcomes.COMPARATORS), "int8"),
            modality=values_of(table["modality"], code_in(Outcomes.MODALITIES), "int8"),
            **self._ground(table),
        )

    def _reports(self, told: pd.DataFrame) -> Reports:
        told = self._kept(told)
        practice, article = self.practices.of(told["practice"]), self.articles.of(told["article"])
        planned = values_of(told["planned"], truth_of, "bool")
        size = max(len(self.articles.names), 1)
        # Announced and reported in one article: it has come about.
        keys, first = np.unique((practice.astype(np.int64) * size + article) * 2 + planned, return_index=True)
        first = first[np.unique(keys // 2, return_index=True)[1]]
        practice, article, planned = practice[first], article[first], planned[first]
        named = self._kept(table_of(self.ask(_NAMED)))
        key = practice.astype(np.int64) * size + article
        place = np.searchsorted(
            key, self.practices.of(named["practice"]).astype(np.int64) * size + self.articles.of(named["article"])
        )
        confidence = np.zeros(len(key) + 1, dtype=np.float32)
        np.maximum.at(confidence, place, values_of(named["confidence"], number_of, "float32"))
        return Reports(practice, article, planned, confidence[:-1])

    def _concepts(self, index: Index, labels: dict[str, list[str]], broader: pd.DataFrame) -> Concepts:
        further: dict[str, list[str]] = defaultdict(list)
        for source in (labels, self._labels(_LABELS["name"])):
            for thing, names in source.items():
                further[thing] += names[1:] if source is labels else names
        pairs = [(name, at) for at, thing in enumerate(index.names) for name in further.get(thing, ())]
        candidates = set(table_of(self.ask(_CANDIDATES))["lower"].cat.categories)
        return Concepts(
            Texts.of(_plain(index)),
            self._named(index, labels),
            *chains(len(index.names), uppers_of(index, broader)),
            Texts.of(name for name, _ in pairs),
            np.array([at for _, at in pairs], dtype=np.int32),
            np.array([thing in candidates for thing in index.names], dtype=np.bool_),
        )

    def _regions(self, index: Index, labels: dict[str, list[str]], within: pd.DataFrame) -> Regions:
        table = table_of(self.ask(_LEVEL))
        level = np.full(len(index.names) + 1, -1, dtype=np.int8)  # the last for what is no region
        level[index.of(table["lower"])] = values_of(table["upper"], code_in(ALL_LEVELS), "int8")
        return Regions(
            Texts.of(_plain(index)),
            self._named(index, labels),
            *chains(len(index.names), uppers_of(index, within)),
            level[:-1],
        )


def _plain(index: Index) -> list[str]:
    return [name[1:-1] for name in index.names]


def _all(*parts: Any) -> set[str]:
    found: set[str] = set()
    for part in parts:
        found |= set(part.cat.categories) if hasattr(part, "cat") else set(part)
    return {name for name in found if name.startswith("<")}
