"""A part of the practice graph: some practices with all that belongs to them."""

from __future__ import annotations

from collections.abc import Collection

from kg.view.graph import PracticeGraph

__all__ = ["part_of_graph"]


def part_of_graph(graph: PracticeGraph, practices: Collection[str]) -> PracticeGraph:
    """The graph of these practices (ids): their places with all above them, their values, their articles."""
    wanted = set(practices)
    kept = tuple(view for view in graph.practices if view.id in wanted)
    nodes = {view.id for view in kept}
    nodes |= {step.node for view in kept for step in view.path}
    nodes |= {said.node for view in kept for said in view.statements if said.node}
    articles = {key for view in kept for key in view.articles}
    articles |= {key for view in kept for said in view.statements for item in said.evidence for key in item.articles}
    return PracticeGraph(
        kept,
        tuple(node for node in graph.nodes if node.id in nodes),
        tuple(edge for edge in graph.edges if edge.source in nodes and edge.target in nodes),
        tuple(article for article in graph.articles if article.id in articles),
    )
