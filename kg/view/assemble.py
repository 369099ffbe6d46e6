"""Records of articles → the practice graph: what several articles say of one practice comes together here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from kg.graph.rdf.mapping import article_iri
from kg.graph.rdf.places import region_iri, unresolved_iri
from kg.graph.rdf.terms import Terms
from kg.graph.rdf.values import slot_node
from kg.model import SLOTS, ArticleRecord, DateValue, Outcome, Practice, Region, Value
from kg.model.iri import derived_iri
from kg.view.graph import (
    KINDS,
    SLOT_KINDS,
    ArticleNote,
    Edge,
    Evidence,
    Node,
    PracticeGraph,
    PracticeView,
    RegionStep,
    Statement,
)
from kg.view.sentences import sentence_around

__all__ = ["ConceptLabel", "ConceptLabels", "practice_graph"]

RELATIONS = {
    "formats": "format",
    "audiences": "audience",
    "topics": "topic",
    "organisers": "organiser",
    "partners": "partner",
    "outcomes": "outcome",
}
"""Slot → the relation of its edges."""


@dataclass(frozen=True)
class ConceptLabel:
    """Labels of a concept of the vocabulary and the IRI of the broader one."""

    zh: str
    en: str | None = None
    broader: str | None = None


class ConceptLabels(Protocol):
    """What the views ask of a vocabulary: a mapping from concept IRI to its labels will do."""

    def get(self, iri: str, /) -> ConceptLabel | None: ...


def practice_graph(
    told: Iterable[tuple[ArticleRecord, str | None]],
    *,
    labels: ConceptLabels | None = None,
    terms: Terms | None = None,
) -> PracticeGraph:
    """Build the graph from (record, clean text) pairs.

    Without the clean text a statement's evidence is its bare words. Practices of the same ``identity`` become one; one
    without identity stands for itself. A sentence that two articles print is one piece of evidence with both of them. What
    only articles tell that repost another of them is left out; where they repeat a sentence, they are named beside it. The
    order of the pairs does not matter. Nodes have the IRIs of the store, under the base of ``terms``.

    Raises ``ValueError`` where a span does not lie in its text or does not equal its words.
    """
    builder = _Assembly(labels, terms or Terms())
    pairs = list(told)
    files = {record.file for record, _ in pairs}
    for record, text in sorted(pairs, key=lambda pair: (pair[0].duplicate_of in files, pair[0].file)):
        builder.add_article(record, text, repost=record.duplicate_of in files)
    return builder.finish()


def _article(record: ArticleRecord) -> str:
    return article_iri(record.file, record.content_hash)


def _detail(value: Value) -> dict[str, str | float]:
    if isinstance(value, Outcome):
        names = ["value", "unit", "comparator", "what", "modality", "period"]
    elif isinstance(value, DateValue):
        names = ["iso", "role"]
    else:
        return {}
    return {name: getattr(value, name) for name in names if getattr(value, name) is not None}


class _Assembly:
    """Gathers statements practice by practice, then lays out nodes and edges."""

    def __init__(self, labels: ConceptLabels | None, terms: Terms) -> None:
        self.labels, self.terms = labels, terms
        self.articles: dict[str, ArticleNote] = {}
        self.nodes: dict[str, Node] = {}
        self.above: dict[str, Node] = {}
        self.first: dict[str, tuple[ArticleRecord, Practice]] = {}
        self.reported: dict[str, list[str]] = defaultdict(list)
        self.paths: dict[str, tuple[RegionStep, ...]] = {}
        self.parents: dict[str, str] = {}
        self.planned: dict[str, bool] = {}
        self.statements: dict[str, dict[tuple[str, str, str | None], Statement]] = defaultdict(dict)

    def _iri(self, iri: str) -> str:
        """The IRI under the store's base."""
        return self.terms.iri(iri)[1:-1]

    def _practice_id(self, record: ArticleRecord, practice: Practice) -> str:
        alone = derived_iri("practice", _article(record), practice.id)
        return self._iri(practice.identity or alone)

    def add_article(self, record: ArticleRecord, text: str | None, *, repost: bool) -> None:
        """Add what an article says; a repost, which comes after all others, is named where it repeats their words."""
        article = _article(record)
        self.articles[article] = ArticleNote(
            self._iri(article),
            record.file,
            record.title,
            record.publisher,
            record.published,
            record.url,
            record.duplicate_of,
        )
        ids = {practice.id: self._practice_id(record, practice) for practice in record.practices}
        for practice in record.practices:
            iri = ids[practice.id]
            if repost and iri not in self.first:
                continue
            if article not in self.reported[iri]:
                self.reported[iri].append(article)
            said = [(s, v, _evidence(v, record, text, self._iri(article))) for s, v in practice.values()]
            if repost:
                for slot, _, evidence in said:
                    self._repeat(iri, slot, evidence)
                continue
            self.first.setdefault(iri, (record, practice))
            # A practice that one article still announces and another reports is carried out.
            self.planned[iri] = self.planned.get(iri, True) and practice.planned
            if practice.part_of and practice.part_of.practice in ids and ids[practice.part_of.practice] != iri:
                self.parents.setdefault(iri, ids[practice.part_of.practice])
            county = self._place(iri, record, practice)
            for slot, value, evidence in said:
                self._add_value(
                    iri, slot, value, self._value_node(iri, slot, value, county), evidence, bare=text is None
                )

    def _place(self, iri: str, record: ArticleRecord, practice: Practice) -> tuple[str, ...]:
        """Keep the deepest path that articles give the practice; returns the county that its local names belong to."""
        article = _article(record)
        county: tuple[str, ...] = (record.publisher or article,)
        if practice.region:
            region = record.region_of(practice.region) or Region(name=practice.region.text)
            county = region.county or county
            path = self._path(region, article)
            if len(path) > len(self.paths.get(iri, ())):
                self.paths[iri] = path
        return county

    def _path(self, region: Region, article: str) -> tuple[RegionStep, ...]:
        # A place that resolution could not put on the tree still is a place: a node of its own, by its words.
        names = region.path or (region.name,)
        known = len(region.levels) == len(names)
        steps: list[RegionStep] = []
        for depth, name in enumerate(names):
            node = self._iri(region_iri(names[: depth + 1]) if region.path else unresolved_iri(article, name))
            level = region.levels[depth] if known else None
            steps.append(
                RegionStep(
                    node,
                    name,
                    level.level if level else "unresolved" if not region.path else "",
                    stated=level.stated if level else True,
                    code=level.code if level else region.code if depth == len(names) - 1 else None,
                )
            )
            detail: dict[str, str | float] = {"path": "".join(names[: depth + 1])}
            detail |= {key: value for key in ("level", "code") if (value := getattr(steps[-1], key))}
            if node not in self.nodes or len(detail) > len(self.nodes[node].detail):
                parent = steps[-2].node if depth else None
                self.nodes[node] = Node(node, "region", name, parent=parent, detail=detail)
        return tuple(steps)

    def _add_value(
        self, iri: str, slot: str, value: Value, node: str | None, evidence: Evidence, *, bare: bool
    ) -> None:
        known = self.statements[iri]
        # the same words of two years are two dates
        key = (slot, node or value.text, value.iso if isinstance(value, DateValue) else None)
        if key in known:
            known[key] = replace(known[key], evidence=_joined(known[key].evidence, evidence, bare=bare))
            return
        concept = self._iri(value.concept) if value.concept else None
        label = self._label(value)
        known[key] = Statement(slot, value.text, node, label, concept, value.candidate, (evidence,), _detail(value))

    def _repeat(self, iri: str, slot: str, evidence: Evidence) -> None:
        """Name a repost beside the words that it repeats; what it alone tells is left out."""
        known = self.statements[iri]
        for key, statement in known.items():
            if key[0] == slot:
                told = tuple(_repeated(item, evidence) for item in statement.evidence)
                known[key] = replace(statement, evidence=told)

    def _concept(self, value: Value) -> ConceptLabel | None:
        return self.labels.get(value.concept) if self.labels and value.concept else None

    def _label(self, value: Value) -> str:
        concept = self._concept(value)
        return concept.zh if concept else value.text

    def _value_node(self, iri: str, slot: str, value: Value, county: tuple[str, ...]) -> str | None:
        kind = SLOT_KINDS.get(slot)
        if not kind:
            return None
        if isinstance(value, Outcome):
            # The same figure in two articles is one; different ones, and one planned here and achieved there, are two.
            figure = _detail(value)
            node = self._iri(
                derived_iri("figure", iri, value.text, *(f"{name} {said}" for name, said in figure.items()))
            )
            self.nodes.setdefault(node, Node(node, kind, value.text, detail=figure))
            return node
        node = slot_node(slot, value, county, self.terms)[0][1:-1]
        if node in self.nodes and self.nodes[node].kind != kind:
            # One concept under two slots (a topic that is a format elsewhere) is two nodes: a node has one kind.
            node = f"{node}#as-{kind}"
        if node not in self.nodes:
            concept = self._concept(value)
            broader = self._iri(concept.broader) if concept and concept.broader else None
            detail: dict[str, str | float] = {"candidate": "true"} if value.candidate else {}
            english = concept.en if concept else None
            self.nodes[node] = Node(node, kind, self._label(value), english, broader, detail)
            self._climb(kind, concept)
        return node

    def _climb(self, kind: str, concept: ConceptLabel | None) -> None:
        """Keep the concepts above one."""
        while self.labels and concept and concept.broader and self._iri(concept.broader) not in self.above:
            node, concept = self._iri(concept.broader), self.labels.get(concept.broader)
            if concept:
                parent = self._iri(concept.broader) if concept.broader else None
                self.above[node] = Node(node, kind, concept.zh, concept.en, parent)

    def finish(self) -> PracticeGraph:
        """Nodes and edges from what was gathered, all sorted."""
        practices: list[PracticeView] = []
        edges: list[Edge] = []
        for iri in self.first:
            view = self._view(iri)
            practices.append(view)
            self.nodes[iri] = Node(iri, "practice", view.name)
            if view.part_of:
                edges.append(Edge(iri, view.part_of, "part_of"))
            if view.path:
                stated = [item for place in view.slot("region") for item in place.evidence]
                edges.append(Edge(iri, view.path[-1].node, "region", tuple(stated)))
            edges += [
                Edge(iri, item.node, RELATIONS[item.slot], item.evidence) for item in view.statements if item.node
            ]
        edges += [
            Edge(node.id, node.parent, "within")
            for node in self.nodes.values()
            if node.kind == "region" and node.parent
        ]
        return PracticeGraph(
            tuple(sorted(practices, key=lambda view: (view.place, view.name, view.id))),
            _in_order(self.nodes.values()),
            tuple(sorted(edges, key=lambda edge: (edge.source, edge.relation, edge.target))),
            tuple(sorted(self.articles.values(), key=lambda article: (article.file, article.id))),
            _in_order(node for node in self.above.values() if node.id not in self.nodes),
        )

    def _view(self, iri: str) -> PracticeView:
        _, practice = self.first[iri]
        order = ("programme", "region", *SLOTS, "outcomes", "dates")
        statements = sorted(self.statements[iri].values(), key=lambda item: order.index(item.slot))
        parent = self.parents.get(iri)
        return PracticeView(
            iri,
            practice.programme.text,
            practice.named,
            self.planned[iri],
            self.paths.get(iri, ()),
            tuple(statements),
            parent if parent in self.first else None,
            tuple(map(self._iri, self.reported[iri])),
        )


def _in_order(nodes: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(sorted(nodes, key=lambda node: (KINDS.index(node.kind), node.label, node.id)))


def _evidence(value: Value, record: ArticleRecord, text: str | None, article: str) -> Evidence:
    if text is None:
        sentence, start, end = value.text, 0, len(value.text)
    else:
        if text[value.start : value.end] != value.text:
            raise ValueError(f"{record.file}: characters {value.start}–{value.end} are not {value.text!r}")
        sentence, start, end = sentence_around(text, value.start, value.end)
    return Evidence(sentence, start, end, (article,), value.rule, value.confidence, value.inferred, value.start)


def _in_sentence(item: Evidence) -> tuple[str, int, int]:
    return item.sentence, item.sentence_start, item.sentence_end


def _repeated(item: Evidence, again: Evidence) -> Evidence:
    """The evidence with the repost behind it where that has the same words in the same sentence."""
    same = _in_sentence(item) == _in_sentence(again)
    fresh = again.articles if same and again.articles[0] not in item.articles else ()
    return replace(item, articles=item.articles + fresh) if fresh else item


def _joined(known: tuple[Evidence, ...], new: Evidence, *, bare: bool) -> tuple[Evidence, ...]:
    """Add evidence; the same sentence in another article is the same witness, printed again.

    ``bare``: it has no sentence but its words, and the same words in two articles say nothing of their sentences.
    """
    for position, item in enumerate(known):
        if _in_sentence(item) == _in_sentence(new):
            if new.articles[0] in item.articles:
                return known
            if bare:
                continue
            merged = replace(
                item,
                articles=item.articles + new.articles,
                inferred=item.inferred and new.inferred,
                confidence=max(item.confidence, new.confidence),
            )
            return (*known[:position], merged, *known[position + 1 :])
    return (*known, new)
