"""A part of the practice graph: some practices with all that belongs to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from kg.errors import UsageError
from kg.query.limits import NO_LIMITS, Limits
from kg.view.graph import Edge, Evidence, PracticeGraph, PracticeView
from kg.view.source import Source

__all__ = ["PartSource", "part_of_graph", "rdf_is_whole"]


@dataclass(frozen=True)
class PartSource:
    """What exports are made from (a ``kg.view.source.Source``) where a part is asked for; that has no RDF."""

    whole: Source
    part: PracticeGraph
    limits: Limits

    @property
    def base(self) -> str:
        """Base of all IRIs."""
        return self.whole.base

    def graph(self) -> PracticeGraph:
        """The part."""
        return self.part

    def quads(self, *, runs: bool = False) -> Iterator[str]:
        """Raises UsageError."""
        raise rdf_is_whole(self.limits)


def rdf_is_whole(limits: Limits) -> UsageError:
    """What to tell where a part of RDF is asked for: it is the whole graph, in which every value says how sure it is."""
    return UsageError(
        "RDF is written whole, with the confidence of every value",
        where="; ".join(limits.words()),
        remedy="leave the limits out, or ask in SPARQL for gp:confidence and gp:inferred",
    )


def part_of_graph(
    graph: PracticeGraph,
    practices: Collection[str],
    limits: Limits = NO_LIMITS,
    *,
    parts: Collection[str] | None = None,
) -> PracticeGraph:
    """The graph of these practices (ids): their places with all above them, their values, their articles.

    Of values and places only those that rest on evidence which the limits admit; ``parts`` are the practices that stay
    part of another (None: all), for the graph holds no evidence of that.
    """
    wanted = set(practices)
    whole = wanted if parts is None else set(parts)

    def told(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(item for item in evidence if limits.admit(item.inferred, item.confidence))

    def part(view: PracticeView) -> PracticeView:
        said = tuple(replace(item, evidence=left) for item in view.statements if (left := told(item.evidence)))
        placed = any(item.slot == "region" for item in said)
        parent = view.part_of if view.id in whole else None
        return replace(view, statements=said, path=view.path if placed else (), part_of=parent)

    kept = tuple(part(view) for view in graph.practices if view.id in wanted)
    nodes = {view.id for view in kept}
    nodes |= {step.node for view in kept for step in view.path}
    nodes |= {said.node for view in kept for said in view.statements if said.node}
    articles = {key for view in kept for key in view.articles}
    articles |= {key for view in kept for said in view.statements for item in said.evidence for key in item.articles}

    def stays(edge: Edge) -> bool:
        if edge.source not in nodes or edge.target not in nodes:
            return False
        return edge.source in whole if edge.relation == "part_of" else not edge.evidence or bool(told(edge.evidence))

    return PracticeGraph(
        kept,
        tuple(node for node in graph.nodes if node.id in nodes),
        tuple(replace(edge, evidence=told(edge.evidence)) for edge in graph.edges if stays(edge)),
        tuple(article for article in graph.articles if article.id in articles),
    )
