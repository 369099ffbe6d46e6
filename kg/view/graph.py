"""The practice graph as the views see it: practices with their statements, nodes, edges and evidence.

Every view (picture, table, network file) is made from this one value, so that they cannot tell different stories.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

__all__ = [
    "KINDS",
    "SLOT_KINDS",
    "ArticleNote",
    "Edge",
    "Evidence",
    "Node",
    "PracticeGraph",
    "PracticeView",
    "RegionStep",
    "Statement",
]

KINDS = ("region", "practice", "format", "audience", "topic", "organisation", "outcome")
"""Kinds of nodes, in the order in which legends and files list them."""

SLOT_KINDS = {
    "formats": "format",
    "audiences": "audience",
    "topics": "topic",
    "organisers": "organisation",
    "partners": "organisation",
    "outcomes": "outcome",
}
"""Slot of a practice → kind of node that its values are. Venues, channels and dates have no node: they stay fields."""


@dataclass(frozen=True)
class ArticleNote:
    """What a reader needs to find an article again."""

    id: str
    """IRI of the article."""
    file: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    duplicate_of: str | None = None


@dataclass(frozen=True)
class Evidence:
    """The words that carry a statement, with their place in the sentence and in the article's clean text, in code points."""

    sentence: str
    sentence_start: int
    sentence_end: int
    """``sentence[sentence_start:sentence_end]`` is what the article says."""
    articles: tuple[str, ...]
    """Ids of the articles in which the sentence stands; the first is the witness, the others print it again."""
    rule: str = ""
    confidence: float = 1.0
    inferred: bool = False
    start: int = 0
    """Where the words begin in the clean text of the first article."""

    @property
    def words(self) -> str:
        """The exact words."""
        return self.sentence[self.sentence_start : self.sentence_end]

    @property
    def end(self) -> int:
        """Where the words end in the clean text of the first article."""
        return self.start + self.sentence_end - self.sentence_start


@dataclass(frozen=True)
class Statement:
    """One value of one practice with all its evidence."""

    slot: str
    text: str
    """As the article says it (the first, where several articles do)."""
    node: str | None = None
    """Id of the node that the value is; None for fields without one (venues, channels, dates)."""
    label: str = ""
    """Label of the concept, the words themselves where there is none."""
    concept: str | None = None
    candidate: bool = False
    evidence: tuple[Evidence, ...] = ()
    detail: dict[str, str | float] = field(default_factory=dict)
    """Of an outcome: value, unit, comparator, what, modality, period. Of a date: iso, role."""

    @property
    def inferred(self) -> bool:
        """True where no article says it of the practice itself."""
        return bool(self.evidence) and all(item.inferred for item in self.evidence)


@dataclass(frozen=True)
class RegionStep:
    """One level of a path: official name, level, node id."""

    node: str
    name: str
    level: str
    stated: bool = True
    code: str | None = None


@dataclass(frozen=True)
class PracticeView:
    """One practice over all articles that tell it."""

    id: str
    name: str
    named: bool
    planned: bool
    path: tuple[RegionStep, ...]
    """Province first; empty where the place is unknown."""
    statements: tuple[Statement, ...]
    """The programme's name, the region and all slot values, in the order of the record."""
    part_of: str | None = None
    articles: tuple[str, ...] = ()
    """Ids of the articles that tell it."""

    def slot(self, name: str) -> tuple[Statement, ...]:
        """The statements of one slot."""
        return tuple(item for item in self.statements if item.slot == name)

    @property
    def place(self) -> str:
        """The path as one text: 重庆市江津区双福街道."""
        return "".join(step.name for step in self.path)


@dataclass(frozen=True)
class Node:
    """A node of the picture and of the network files."""

    id: str
    kind: str
    label: str
    label_en: str | None = None
    parent: str | None = None
    """Of a region: the region above; of a concept: the broader one."""
    detail: dict[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Edge:
    """A directed edge; ``relation`` is region, within, part_of, broader or a slot in the singular (format, organiser …)."""

    source: str
    target: str
    relation: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class PracticeGraph:
    """All practices, nodes and edges; everything sorted, so that the same records give the same value."""

    practices: tuple[PracticeView, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    articles: tuple[ArticleNote, ...]
    above: tuple[Node, ...] = ()
    """Concepts above those of ``nodes`` that no practice has itself: no picture draws them, networks have them."""

    @cached_property
    def node_by_id(self) -> dict[str, Node]:
        """Node id → node."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def practice_by_id(self) -> dict[str, PracticeView]:
        """Practice id → practice."""
        return {practice.id: practice for practice in self.practices}

    @cached_property
    def article_by_id(self) -> dict[str, ArticleNote]:
        """Article id → article."""
        return {article.id: article for article in self.articles}
