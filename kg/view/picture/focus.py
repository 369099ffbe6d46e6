"""What a picture leaves out when there is too much to see, by rules that it states."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from kg.view.graph import Edge, Node, PracticeGraph

__all__ = ["RULES", "Focus", "focus"]

RULES = ("outcomes", "single_features", "local_features", "small_regions", "plain_practices")
"""The rules, in the order in which they are tried until the picture fits.

outcomes: figures belong to one practice each and tell nothing about others.
single_features: a format, audience, topic or organisation of one practice only joins nothing.
local_features: nor does one that stays within one province, when regions are to be compared.
small_regions: streets and villages; their practices hang on the county.
plain_practices: the practices with the most features left come in one by one, with what they need, until it is full;
at least one comes, though it be more than the picture should hold.
"""

FEATURES = ("format", "audience", "topic", "organisation")
COUNTY_DEPTH = 3


@dataclass(frozen=True)
class Focus:
    """The part of a graph that is drawn; ``left_out`` says how many nodes each rule took away."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: tuple[tuple[str, int], ...]


def focus(graph: PracticeGraph, limit: int = 1000) -> Focus:
    """Choose the nodes to draw: all where there are at most ``limit`` (0: no limit), else rule after rule.

    One practice is drawn with all of its own, even where that is more than ``limit``; the smallest is taken then.
    Regions that hold no drawn practice go too. The result depends on nothing but the graph and the limit.
    """
    shown = {node.id for node in graph.nodes}
    taken: list[tuple[str, int]] = []
    for rule in RULES:
        if not limit or len(shown) <= limit:
            break
        kept = _RULES[rule](graph, shown, limit)
        if len(kept) < len(shown):
            taken.append((rule, len(shown) - len(kept)))
            shown = kept
    nodes = tuple(node for node in graph.nodes if node.id in shown)
    return Focus(nodes, _edges(graph, shown), tuple(taken))


def _users(graph: PracticeGraph) -> dict[str, set[str]]:
    users: dict[str, set[str]] = defaultdict(set)
    for practice in graph.practices:
        for statement in practice.statements:
            if statement.node:
                users[statement.node].add(practice.id)
    return users


def _without_outcomes(graph: PracticeGraph, shown: set[str], limit: int) -> set[str]:
    return {key for key in shown if graph.node_by_id[key].kind != "outcome"}


def _without_single(graph: PracticeGraph, shown: set[str], limit: int) -> set[str]:
    users = _users(graph)
    return {key for key in shown if graph.node_by_id[key].kind not in FEATURES or len(users[key]) > 1}


def _without_local(graph: PracticeGraph, shown: set[str], limit: int) -> set[str]:
    province = {item.id: item.path[0].node if item.path else None for item in graph.practices}
    users = _users(graph)
    wide = {key for key, users_of in users.items() if len({province[user] for user in users_of}) > 1}
    return {key for key in shown if graph.node_by_id[key].kind not in FEATURES or key in wide}


def _depths(graph: PracticeGraph) -> dict[str, int]:
    return {step.node: depth for item in graph.practices for depth, step in enumerate(item.path, 1)}


def _without_small_regions(graph: PracticeGraph, shown: set[str], limit: int) -> set[str]:
    depths = _depths(graph)
    small = {"township", "village"}
    return {
        key
        for key in shown
        if graph.node_by_id[key].kind != "region"
        or (graph.node_by_id[key].detail.get("level") not in small and depths.get(key, 1) <= COUNTY_DEPTH)
    }


def _without_plain(graph: PracticeGraph, shown: set[str], limit: int) -> set[str]:
    features = Counter(
        {item.id: sum(statement.node in shown for statement in item.statements) for item in graph.practices}
    )
    ranked = sorted((item.id for item in graph.practices), key=lambda key: (-features[key], key))
    own = {key: _own(graph, key) & shown for key in ranked}
    # What is too large by itself cannot come; where all are, the smallest does: a picture without a practice tells nothing.
    fitting = [key for key in ranked if len(own[key]) <= limit] or sorted(ranked, key=lambda key: len(own[key]))[:1]
    chosen: set[str] = set()
    for key in fitting:
        more = chosen | own[key]
        if len(more) > limit and chosen:
            break
        chosen = more
    return chosen


def _own(graph: PracticeGraph, practice: str) -> set[str]:
    """A practice with its values and places."""
    view = graph.practice_by_id[practice]
    return {practice, *(item.node for item in view.statements if item.node), *(step.node for step in view.path)}


_RULES = {
    "outcomes": _without_outcomes,
    "single_features": _without_single,
    "local_features": _without_local,
    "small_regions": _without_small_regions,
    "plain_practices": _without_plain,
}


def _edges(graph: PracticeGraph, shown: set[str]) -> tuple[Edge, ...]:
    edges = []
    for edge in graph.edges:
        if edge.source not in shown:
            continue
        target: str | None = edge.target
        # A practice whose street is left out hangs on the next region above that is drawn.
        while target and target not in shown and edge.relation == "region":
            target = graph.node_by_id[target].parent
        if target in shown and target is not None:
            edges.append(edge if target == edge.target else replace(edge, target=target))
    return tuple(edges)
