"""From a graph to columns: a few flat SPARQL queries, their answers taken apart as whole columns.

Each query is one that any SPARQL 1.1 endpoint answers. Of a store on disk they are asked in this process, without the
limits of rows and bytes that protect a researcher's own queries.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from kg.compare.columns import RELATIONS, Articles, Columns, Dates, Outcomes, Reports, Statements
from kg.compare.nodes import ALL_LEVELS, Concepts, Regions, chains
from kg.compare.texts import Texts
from kg.errors import StoreError
from kg.graph.terms import Terms
from kg.graph.values import first_day
from kg.model.iri import BASE
from kg.query.answer import Answer
from kg.query.engine import Engine
from kg.query.guard import prefixes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Ask", "ask_engine", "ask_folder", "read_columns"]

Ask = Callable[[str], bytes]
"""A SELECT query → its answer as TSV."""

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


def ask_folder(quads: Path, base: str) -> Ask:
    """Asks the Oxigraph database of a finished generation."""
    store = Store.read_only(str(quads))
    known = prefixes(base)

    def ask(query: str) -> bytes:
        rows = store.query(query, prefixes=known)
        assert isinstance(rows, QuerySolutions)
        return bytes(rows.serialize(format=QueryResultsFormat.TSV) or b"")

    return ask


def ask_engine(engine: Engine) -> Ask:
    """Asks through an engine: an endpoint elsewhere."""

    def ask(query: str) -> bytes:
        answer = engine.query(query, seconds=3600)
        if answer.truncated:
            raise StoreError(
                "the graph is too large to be compared over an endpoint",
                where="columns",
                remedy="build a store on this machine from the same articles",
            )
        return answer.data

    return ask


def read_columns(ask: Ask, base: str = BASE) -> Columns:
    """Read the columns of a graph; the same graph gives the same columns, to the last byte."""
    return _Reader(ask, base).columns()


def _table(data: bytes) -> pd.DataFrame:
    import pandas as pd

    frame = pd.read_csv(io.BytesIO(data), sep="\t", quoting=3, dtype=str, keep_default_na=False, na_filter=False)
    return frame.astype("category").rename(columns=lambda name: name.lstrip("?"))


class _Index:
    """Names of things → their places in sorted order."""

    def __init__(self, names: set[str]) -> None:
        self.names = sorted(names)
        self._place = {name: at for at, name in enumerate(self.names)}

    def of(self, column: Any, *, absent: int = -1) -> np.ndarray[Any, np.dtype[np.int32]]:
        known = [self._place.get(name, absent) for name in column.cat.categories]
        return np.array([*known, absent], dtype=np.int32)[column.cat.codes.to_numpy()]


def _values(column: Any, convert: Callable[[str], Any], dtype: str) -> np.ndarray[Any, Any]:
    """A column of terms, each distinct one converted once."""
    known = [convert(term) for term in column.cat.categories]
    return np.array(known, dtype=dtype)[column.cat.codes.to_numpy()] if known else np.zeros(0, dtype=dtype)


def _lexical(term: str) -> str:
    return term[1 : term.rindex('"')] if term.startswith('"') else term


def _true(term: str) -> bool:
    return _lexical(term) in {"true", "1"}


def _number(term: str) -> float:
    return float(_lexical(term))


def _day(term: str) -> str:
    try:
        return str(np.datetime64(first_day(_lexical(term)) or "NaT", "D"))
    except ValueError:
        return "NaT"


def _last(term: str) -> str:
    """The last day of the year, the month or the day that an ISO 8601 value begins with."""
    return _last_of(_lexical(term).split("/")[0])


def _end(term: str) -> str:
    """The last day of an ISO 8601 interval, or of what the value names where it is none."""
    found = _last_of(_lexical(term).split("/")[-1])
    return _last(term) if found == "NaT" else found


def _last_of(value: str) -> str:
    first = _day(f'"{value}"')
    parts = value.split("T", maxsplit=1)[0].count("-")
    if first == "NaT" or parts >= 2:
        return first
    return str((np.datetime64(first, "M" if parts else "Y") + 1).astype("datetime64[D]") - np.timedelta64(1, "D"))


def _one_of(names: tuple[str, ...]) -> Callable[[str], int]:
    plain = [name.replace("_", "") for name in names]

    def code(term: str) -> int:
        name = term[1:-1].rsplit("#", 1)[-1].lower()
        return plain.index(name) if name in plain else -1

    return code


class _Reader:
    def __init__(self, ask: Ask, base: str) -> None:
        self.ask, self.terms = ask, Terms(base)
        self.evidence: list[str] = []

    def columns(self) -> Columns:
        kinds = self._organiser_kinds()
        said = {name: _table(self.ask(_SAID % f"gp:{name}")) for name in RELATIONS}
        outcomes, dates, told = (_table(self.ask(query)) for query in (_OUTCOMES, _DATES, _TOLD))
        labels = {kind: self._labels(_LABELS[kind]) for kind in ("concept", "practice", "region")}
        broader, within = _table(self.ask(_BROADER)), _table(self.ask(_WITHIN))
        used = [said[name]["value"] for name in RELATIONS[:3]] + [outcomes["unit"], outcomes["counted"]]
        concepts = _Index(_all(labels["concept"], kinds.values(), broader["lower"], broader["upper"], *used))
        regions = _Index(_all(labels["region"], within["lower"], within["upper"], said["region"]["value"]))
        self.practices = _Index(_all(labels["practice"], told["practice"]))
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
        found: dict[str, set[tuple[bool, str]]] = defaultdict(set)
        for thing, label in Answer("select", self.ask(query)).terms():
            found[f"<{thing.value}>"].add((getattr(label, "language", None) not in ("zh", None), label.value))  # type: ignore[union-attr]
        return {thing: [label for _, label in sorted(names)] for thing, names in found.items()}

    def _named(self, index: _Index, labels: dict[str, list[str]]) -> Texts:
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
        table = _table(self.ask(_ARTICLES))
        self.articles = _Index(set(table["article"].cat.categories))
        place = self.articles.of(table["article"])
        # An article may have several publishers; the first by name stands for all.
        row = np.full(len(self.articles.names), -1)
        order = np.lexsort((table["publisher"].astype(str).to_numpy(), place))[::-1]
        row[place[order]] = order
        table = table.iloc[row]
        text = {name: [_unescaped(term) for term in table[name].astype(str)] for name in ("file", "publisher")}
        return Articles(
            Texts.of(_plain(self.articles)),
            Texts.of(text["file"]),
            Texts.of(text["publisher"]),
            _values(table["published"], _day, "datetime64[D]"),
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
            "inferred": _values(table["inferred"], _true, "bool"),
            "confidence": _values(table["confidence"], _number, "float32"),
            "evidence": np.arange(begin, begin + len(nodes), dtype=np.int32),
        }

    def _sorted(self, table: pd.DataFrame) -> pd.DataFrame:
        table = self._kept(table)
        practice = self.practices.of(table["practice"])
        return table.iloc[np.lexsort((table["evidence"].astype(str).to_numpy(dtype=object), practice))]

    def _statements(
        self, said: dict[str, pd.DataFrame], kinds: dict[str, str], concepts: _Index, regions: _Index
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
        role, ground = _values(table["role"], _one_of(Dates.ROLES), "int8"), self._ground(table)
        end, appeared = _values(table["iso"], _end, "datetime64[D]"), self._appeared[ground["article"]]
        begins = np.isin(role, [Dates.ROLES.index("start"), Dates.ROLES.index("opened")])
        with np.errstate(invalid="ignore"):
            lasting = begins & (end >= appeared)  # False where nobody knows when the article appeared
        return Dates(
            practice=self.practices.of(table["practice"]),
            day=_values(table["day"], _day, "datetime64[D]"),
            last=np.where(lasting, _values(table["iso"], _last, "datetime64[D]"), end),
            role=role,
            **ground,
        )

    def _outcomes(self, table: pd.DataFrame, concepts: _Index) -> Outcomes:
        table = self._sorted(table)
        return Outcomes(
            practice=self.practices.of(table["practice"]),
            value=_values(table["number"], _number, "float64"),
            unit=concepts.of(table["unit"]),
            counted=concepts.of(table["counted"]),
            comparator=_values(table["comparator"], _one_of(Outcomes.COMPARATORS), "int8"),
            modality=_values(table["modality"], _one_of(Outcomes.MODALITIES), "int8"),
            **self._ground(table),
        )

    def _reports(self, told: pd.DataFrame) -> Reports:
        told = self._kept(told)
        practice, article = self.practices.of(told["practice"]), self.articles.of(told["article"])
        planned = _values(told["planned"], _true, "bool")
        size = max(len(self.articles.names), 1)
        # Announced and reported in one article: it has come about.
        keys, first = np.unique((practice.astype(np.int64) * size + article) * 2 + planned, return_index=True)
        first = first[np.unique(keys // 2, return_index=True)[1]]
        practice, article, planned = practice[first], article[first], planned[first]
        named = self._kept(_table(self.ask(_NAMED)))
        key = practice.astype(np.int64) * size + article
        place = np.searchsorted(
            key, self.practices.of(named["practice"]).astype(np.int64) * size + self.articles.of(named["article"])
        )
        confidence = np.zeros(len(key) + 1, dtype=np.float32)
        np.maximum.at(confidence, place, _values(named["confidence"], _number, "float32"))
        return Reports(practice, article, planned, confidence[:-1])

    def _concepts(self, index: _Index, labels: dict[str, list[str]], broader: pd.DataFrame) -> Concepts:
        further: dict[str, list[str]] = defaultdict(list)
        for source in (labels, self._labels(_LABELS["name"])):
            for thing, names in source.items():
                further[thing] += names[1:] if source is labels else names
        pairs = [(name, at) for at, thing in enumerate(index.names) for name in further.get(thing, ())]
        candidates = set(_table(self.ask(_CANDIDATES))["lower"].cat.categories)
        return Concepts(
            Texts.of(_plain(index)),
            self._named(index, labels),
            *chains(len(index.names), _upper(index, broader)),
            Texts.of(name for name, _ in pairs),
            np.array([at for _, at in pairs], dtype=np.int32),
            np.array([thing in candidates for thing in index.names], dtype=np.bool_),
        )

    def _regions(self, index: _Index, labels: dict[str, list[str]], within: pd.DataFrame) -> Regions:
        table = _table(self.ask(_LEVEL))
        level = np.full(len(index.names) + 1, -1, dtype=np.int8)  # the last for what is no region
        level[index.of(table["lower"])] = _values(table["upper"], _one_of(ALL_LEVELS), "int8")
        return Regions(
            Texts.of(_plain(index)),
            self._named(index, labels),
            *chains(len(index.names), _upper(index, within)),
            level[:-1],
        )


def _plain(index: _Index) -> list[str]:
    return [name[1:-1] for name in index.names]


def _all(*parts: Any) -> set[str]:
    found: set[str] = set()
    for part in parts:
        found |= set(part.cat.categories) if hasattr(part, "cat") else set(part)
    return {name for name in found if name.startswith("<")}


def _upper(index: _Index, table: pd.DataFrame) -> dict[int, list[int]]:
    upper: dict[int, list[int]] = defaultdict(list)
    for low, up in sorted(zip(index.of(table["lower"]).tolist(), index.of(table["upper"]).tolist(), strict=True)):
        if low >= 0 and up >= 0:
            upper[low].append(up)
    return upper


def _unescaped(term: str) -> str:
    """The text of a literal in TSV."""
    plain = _lexical(term)
    if "\\" not in plain:
        return plain
    head = f"?x\n{term}\n".encode()
    return str(Answer("select", head).rows()[0][0])
