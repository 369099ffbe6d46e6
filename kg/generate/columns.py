"""A plan straight into columns: as if its articles had been extracted without an error and built into a store."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.compare.column_copy.columns import RELATIONS, Articles, Columns, Dates, Outcomes, Reports, Statements
from kg.compare.column_copy.nodes import ALL_LEVELS, Concepts, Regions, chains
from kg.compare.column_copy.texts import Texts
from kg.generate.plan import Plan
from kg.graph.rdf.mapping import article_iri
from kg.graph.rdf.places import region_iri
from kg.graph.rdf.terms import Terms
from kg.graph.rdf.values import unit_node
from kg.knowledge.vocabulary import Vocabulary

__all__ = ["plan_columns"]


def plan_columns(plan: Plan) -> Columns:
    """The columns of a plan. They have no evidence: that needs articles (``kg.generate.plan_articles``)."""
    concepts, concept_at, unit_at = _concepts(plan)
    regions, town_at = _regions(plan)
    count, seconds = len(plan), np.flatnonzero(plan.second)
    reposts = np.flatnonzero(plan.repost)
    # Articles: one a practice, then the second ones, then the reposts of the first.
    told = np.concatenate((np.arange(count), seconds))
    teller = np.arange(count + len(seconds), dtype=np.int32)
    sizes = np.diff(plan.start)[told]
    begins = np.concatenate(([0], np.cumsum(sizes)))
    taken = np.repeat(plan.start[:-1][told] - begins[:-1], sizes) + np.arange(int(begins[-1]))
    kind = np.array(plan.world.kind, dtype=np.int8)[plan.concept[taken]]
    practice = np.concatenate((np.repeat(told, sizes), told)).astype(np.int32)
    order = np.argsort(practice, kind="stable")
    columns = {
        "practice": practice,
        "relation": np.concatenate((kind, np.full(len(told), RELATIONS.index("region"), dtype=np.int8))),
        "value": np.concatenate((concept_at[plan.concept[taken]], town_at[plan.town[told]])).astype(np.int32),
        "article": np.concatenate((np.repeat(teller, sizes), teller)),
        "inferred": np.concatenate((np.zeros(len(taken), dtype=np.bool_), plan.inferred[told])),
    }
    columns = {key: column[order] for key, column in columns.items()}
    dated = told[plan.stated[told]]
    figured = told[~np.isnan(plan.figure[told])]
    return Columns(
        practice_iri=Texts.of(plan.iri),
        practice_label=Texts.of(plan.name),
        statements=Statements(**columns, **_sure(plan, columns["practice"])),
        reports=Reports(told.astype(np.int32), teller, plan.planned[told], plan.confidence[told]),
        dates=Dates(
            practice=dated.astype(np.int32),
            day=plan.day[dated],
            last=plan.day[dated],
            role=np.zeros(len(dated), dtype=np.int8),
            article=teller[plan.stated[told]],
            inferred=np.zeros(len(dated), dtype=np.bool_),
            **_sure(plan, dated),
        ),
        outcomes=Outcomes(
            practice=figured.astype(np.int32),
            value=plan.figure[figured],
            unit=unit_at[plan.unit[figured]],
            counted=np.full(len(figured), -1, dtype=np.int32),
            comparator=np.zeros(len(figured), dtype=np.int8),
            modality=plan.planned[figured].astype(np.int8),
            article=teller[~np.isnan(plan.figure[told])],
            inferred=np.zeros(len(figured), dtype=np.bool_),
            **_sure(plan, figured),
        ),
        articles=_articles(plan, seconds, reposts),
        concepts=concepts,
        regions=regions,
        evidence=Texts.of([""]),
    )


def _sure(plan: Plan, practice: NDArray[Any]) -> dict[str, Any]:
    return {"confidence": plan.confidence[practice], "evidence": np.zeros(len(practice), dtype=np.int32)}


def _concepts(plan: Plan) -> tuple[Concepts, NDArray[np.int32], NDArray[np.int32]]:
    world, known = plan.world, Vocabulary.load()
    used = set(np.unique(plan.concept).tolist())
    labels = {one.iri: one.pref_zh for one in known.concepts.values()}
    further = {one.iri: (*one.alt, one.pref_en) for one in known.concepts.values()}
    labels |= {world.iri[at]: world.label[at] for at in used if world.candidate[at]}
    nodes = [unit_node(unit, Terms()) for unit in plan.UNITS]
    units = [node[1:-1] for node, _ in nodes]
    labels |= dict(zip(units, plan.UNITS, strict=True))
    iris = sorted(labels)
    place = {iri: at for at, iri in enumerate(iris)}
    upper = {
        place[one.iri]: [place[up] for up in one.broader if up in place]
        for one in known.concepts.values()
        if one.broader
    }
    for node, said in nodes:
        if above := sorted(place[o[1:-1]] for s, p, o in said if p == Terms().name("skos:broader")):
            upper[place[node[1:-1]]] = above
    names = [(name, place[iri]) for iri in iris for name in further.get(iri, ())]
    concepts = Concepts(
        Texts.of(iris),
        Texts.of(labels[iri] for iri in iris),
        *chains(len(iris), upper),
        Texts.of(name for name, _ in names),
        np.array([at for _, at in names], dtype=np.int32),
        np.array([iri not in further and iri not in units for iri in iris], dtype=np.bool_),
    )
    at = np.array([place.get(iri, -1) for iri in world.iri], dtype=np.int32)
    return concepts, at, np.array([place[iri] for iri in units], dtype=np.int32)


def _regions(plan: Plan) -> tuple[Regions, NDArray[np.int32]]:
    found: dict[str, tuple[str, int]] = {}
    above: dict[str, list[str]] = defaultdict(list)
    narrowest: dict[int, str] = {}
    for town in np.unique(plan.town).tolist():
        path = plan.world.towns[town]
        names = tuple(place.name for place in path)
        iris = [region_iri(names[: depth + 1]) for depth in range(len(path))]
        for depth, (iri, place) in enumerate(zip(iris, path, strict=True)):
            found[iri] = (place.name, ALL_LEVELS.index(place.level))
            if depth:
                above[iri] = [iris[depth - 1]]
        narrowest[town] = iris[-1]
    iris = sorted(found)
    place_of = {iri: at for at, iri in enumerate(iris)}
    upper = {place_of[low]: [place_of[up] for up in ups] for low, ups in above.items()}
    regions = Regions(
        Texts.of(iris),
        Texts.of(found[iri][0] for iri in iris),
        *chains(len(iris), upper),
        np.array([found[iri][1] for iri in iris], dtype=np.int8),
    )
    town_at = np.full(len(plan.world.towns), -1, dtype=np.int32)
    for town, iri in narrowest.items():
        town_at[town] = place_of[iri]
    return regions, town_at


def _articles(plan: Plan, seconds: NDArray[np.int64], reposts: NDArray[np.int64]) -> Articles:
    count = len(plan)
    told = np.concatenate((np.arange(count), seconds, reposts)).tolist()
    files = [f"g{at:07d}.txt" for at in range(count)]
    files += [f"g{at:07d}-b.txt" for at in seconds] + [f"g{at:07d}-r.txt" for at in reposts]
    county = [plan.world.towns[town][-2].name for town in plan.town.tolist()]
    original = np.full(len(files), -1, dtype=np.int32)
    original[count + len(seconds) :] = reposts
    return Articles(
        # In the order of the practices, not by IRI: there are no bytes to derive IRIs from.
        Texts.of(article_iri(file, "") for file in files),
        Texts.of(files),
        Texts.of(f"{county[at]}融媒体中心" for at in told),
        plan.published[told],
        original,
    )
