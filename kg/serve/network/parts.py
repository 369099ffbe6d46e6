"""The graph in parts that a reader can take in: what matters, and the neighbourhood of a thing."""

from __future__ import annotations

import numpy as np
from pydantic import BaseModel

from kg.errors import UsageError
from kg.serve.opened.catalogue import FEATURES, Thing
from kg.serve.opened.store import ServedStore
from kg.serve.reading.practice import practice_page

__all__ = ["Link", "Neighbourhood", "Node", "neighbourhood", "overview"]

_SLOT_KINDS = {
    "formats": "format", "audiences": "audience", "topics": "topic", "organisers": "organisation", "partners": "organisation",
}  # fmt: skip
_HUBS = 12
"""Features of each kind in the overview: those found in most provinces."""
_TIES = 4
"""Of each province in the overview: the features of each kind that most of its practices have."""


class Node(BaseModel):
    """A node; ``practices`` is how many practices hang on it."""

    id: str
    label: str
    label_en: str | None = None
    kind: str
    """practice, region, format, audience, topic or organisation."""
    practices: int = 0


class Link(BaseModel):
    """An edge between two nodes, by id; ``weight`` counts practices."""

    source: str
    target: str
    relation: str
    weight: int = 1


class Neighbourhood(BaseModel):
    """Some nodes and what joins them."""

    centre: str | None
    nodes: list[Node]
    links: list[Link]
    more: int
    """Neighbours that are not shown."""


def overview(store: ServedStore) -> Neighbourhood:
    """The provinces, the features that most of them have, and the strongest ties between them."""
    catalogue = store.catalogue
    provinces = catalogue.columns.region_at("province")
    nodes: dict[str, Node] = {}
    links: list[Link] = []
    counts = np.bincount(provinces[catalogue.kept & (provinces >= 0)], minlength=len(catalogue.regions))
    for region in np.flatnonzero(counts).tolist():
        nodes[catalogue.regions[region].id] = _node(catalogue.regions[region], "region", int(counts[region]))
    for kind in FEATURES:
        facet = catalogue.facets[kind]
        here = provinces[facet.practice] >= 0
        width = max(1, len(catalogue.regions))
        value, place = facet.value[here].astype(np.int64), provinces[facet.practice[here]]
        pairs, weights = np.unique(value * width + place, return_counts=True)
        features, regions = pairs // width, pairs % width
        spread = np.bincount(features, minlength=facet.size)
        hubs = np.lexsort((-catalogue.totals[kind], -spread))[:_HUBS]
        hubs = hubs[spread[hubs] > 1]
        for hub in hubs.tolist():
            nodes[catalogue.concepts[hub].id] = _node(catalogue.concepts[hub], kind, int(catalogue.totals[kind][hub]))
        inside = np.isin(features, hubs)
        order = np.lexsort((features, -weights, regions))
        taken: dict[int, int] = {}
        for at in order[inside[order]].tolist():
            region = int(regions[at])
            taken[region] = taken.get(region, 0) + 1
            if taken[region] <= _TIES:
                source, target = catalogue.regions[region].id, catalogue.concepts[int(features[at])].id
                links.append(Link(source=source, target=target, relation=kind, weight=int(weights[at])))
    return Neighbourhood(centre=None, nodes=list(nodes.values()), links=links, more=0)


def neighbourhood(store: ServedStore, thing: str, *, limit: int) -> Neighbourhood:
    """What hangs on a practice, a concept or a region. Raises UsageError where there is no such thing."""
    catalogue = store.catalogue
    number = catalogue.number(thing)
    if number is not None:
        return _around_practice(store, thing, limit)
    region = catalogue.thing("region", thing)
    if region is not None:
        return _around_value(store, "region", region, limit)
    concept = catalogue.columns.concepts.place.get(catalogue.iri(thing))
    kind = None if concept is None else catalogue.kind_of(concept)
    if concept is None or kind is None:
        raise UsageError("the graph knows no such thing", where=thing[:200], remedy="search for its name")
    return _around_value(store, kind, concept, limit)


def _node(thing: Thing, kind: str, practices: int) -> Node:
    return Node(id=thing.id, label=thing.zh, label_en=thing.en, kind=kind, practices=practices)


def _around_practice(store: ServedStore, practice: str, limit: int) -> Neighbourhood:
    page = practice_page(store, practice)
    catalogue = store.catalogue
    nodes = {page.id: Node(id=page.id, label=page.label, kind="practice", practices=1)}
    links = []
    for value in page.values:
        kind = _SLOT_KINDS.get(value.slot)
        if kind and value.id:
            concept = catalogue.columns.concepts.place.get(catalogue.iri(value.id))
            if concept is not None and kind in FEATURES:
                count = int(catalogue.totals[kind][concept])
            else:
                count = max(1, catalogue.practices_of(value.id))
            nodes[value.id] = Node(id=value.id, label=value.label, label_en=value.label_en, kind=kind, practices=count)
            links.append(Link(source=page.id, target=value.id, relation=value.slot))
    above = page.id
    for step in reversed(page.path):
        number = catalogue.thing("region", step.id)
        count = int(catalogue.totals["region"][number]) if number is not None else 1
        nodes[step.id] = Node(id=step.id, label=step.name, kind="region", practices=count)
        links.append(Link(source=above, target=step.id, relation="within" if above != page.id else "region"))
        above = step.id
    for other, source, target in [
        *((part, part.id, page.id) for part in page.parts),
        *([(page.part_of, page.id, page.part_of.id)] if page.part_of else []),
    ]:
        nodes[other.id] = Node(id=other.id, label=other.label, kind="practice", practices=1)
        links.append(Link(source=source, target=target, relation="part_of"))
    some = dict(list(nodes.items())[: limit + 1])
    shown = [link for link in links if link.source in some and link.target in some]
    return Neighbourhood(centre=page.id, nodes=list(some.values()), links=shown, more=len(nodes) - len(some))


def _around_value(store: ServedStore, kind: str, value: int, limit: int) -> Neighbourhood:
    catalogue = store.catalogue
    facet, things = catalogue.facets[kind], catalogue.things[kind]
    centre = _node(things[value], kind, int(catalogue.totals[kind][value]))
    nodes, links = {centre.id: centre}, []
    above = catalogue.nodes(kind).above(value)
    if len(above) > 1:
        nodes[things[above[1]].id] = _node(things[above[1]], kind, int(catalogue.totals[kind][above[1]]))
        links.append(Link(source=centre.id, target=things[above[1]].id, relation="within"))
    lower = [n for n in catalogue.nodes(kind).below(value).tolist() if n != value and catalogue.totals[kind][n]]
    lower = [n for n in lower if len(catalogue.nodes(kind).above(n)) > 1 and catalogue.nodes(kind).above(n)[1] == value]
    lower.sort(key=lambda n: -int(catalogue.totals[kind][n]))
    for n in lower[: limit // 2]:
        nodes[things[n].id] = _node(things[n], kind, int(catalogue.totals[kind][n]))
        links.append(Link(source=things[n].id, target=centre.id, relation="within"))
    practices = facet.practice[(facet.value == value) & facet.own]
    order = practices[np.argsort(-catalogue.columns.practices.confidence[practices], kind="stable")]
    room = max(0, limit - len(nodes) + 1)
    for n in order[:room].tolist():
        nodes[catalogue.ids[n]] = Node(id=catalogue.ids[n], label=catalogue.labels[n], kind="practice", practices=1)
        links.append(Link(source=catalogue.ids[n], target=centre.id, relation=kind))
    more = max(0, len(practices) - room) + max(0, len(lower) - limit // 2)
    return Neighbourhood(centre=centre.id, nodes=list(nodes.values()), links=links, more=more)
