"""Families of practices on the page: the list, and one of them as a picture."""

from __future__ import annotations

import numpy as np
from pydantic import BaseModel

from kg.compare.families import families
from kg.errors import UsageError
from kg.query.tables import plain_rows
from kg.serve.answers import Reference
from kg.serve.network.parts import Link, Neighbourhood, Node
from kg.serve.opened.catalogue import FEATURES
from kg.serve.opened.store import ServedStore

__all__ = ["Family", "family_picture", "found_families"]

_MOST = 24
_SHOWN = 150
"""Members of a family that are drawn."""


class Family(BaseModel):
    """Practices of different places that are variants of one idea (``kg query families`` tests how sure that is)."""

    number: int
    label: str
    """Its typical features."""
    members: int
    regions: int
    first: str
    """Earliest day; empty where none is catalogue."""
    typical: Reference
    """The member most similar to the others."""
    ids: list[str]
    """Its members."""


def found_families(store: ServedStore) -> list[Family]:
    """The largest families over provinces, without the tests of their stability and of chance."""
    catalogue = store.catalogue
    frame = families(catalogue.columns, resamples=0, shuffles=0, top=_MOST).frame
    made = []
    for number, row in enumerate(plain_rows(frame)):
        typical = catalogue.short(row["typical_iri"])
        made.append(
            Family(
                number=number,
                label=row["family"],
                members=row["members"],
                regions=row["regions"],
                first=row["first"] or "",
                typical=Reference(id=typical, label=row["typical"]),
                ids=[catalogue.short(iri) for iri in row["member_iris"]],
            )
        )
    return made


def family_picture(store: ServedStore, found: list[Family], number: int) -> Neighbourhood:
    """The members of a family and the features that at least two of them have. Raises UsageError for an unknown one."""
    if not 0 <= number < len(found):
        raise UsageError("there is no such family", where=str(number), remedy="see /api/families")
    catalogue = store.catalogue
    members = [n for each in found[number].ids if (n := catalogue.number(each)) is not None]
    shown = np.array(members[:_SHOWN], dtype=np.int64)
    nodes = [Node(id=catalogue.ids[n], label=catalogue.labels[n], kind="practice", practices=1) for n in shown.tolist()]
    links = []
    for kind in FEATURES:
        facet = catalogue.facets[kind]
        rows = facet.rows(shown)
        rows = rows[facet.own[rows]]
        values, counts = np.unique(facet.value[rows], return_counts=True)
        for value in values[counts > 1].tolist():
            thing = catalogue.concepts[value]
            count = int(catalogue.totals[kind][value])
            nodes.append(Node(id=thing.id, label=thing.zh, label_en=thing.en, kind=kind, practices=count))
            here = rows[facet.value[rows] == value]
            links += [
                Link(source=catalogue.ids[n], target=thing.id, relation=kind) for n in facet.practice[here].tolist()
            ]
    # One concept may be format and topic at once: it is one node.
    once = {node.id: node for node in reversed(nodes)}
    return Neighbourhood(centre=None, nodes=list(once.values()), links=links, more=len(members) - len(shown))
