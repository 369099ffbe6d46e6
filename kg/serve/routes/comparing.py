"""Routes of the comparison: matrix, sides, pair, timeline and map, each as JSON and as CSV."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from kg.serve.answers import Feature, Level, Reference
from kg.serve.citation import graph_line
from kg.serve.comparing.matrix import Matrix, matrix
from kg.serve.comparing.sides import Pair, Sides, pair, sides
from kg.serve.comparing.timeline import Share, Timeline, appearances, shares
from kg.serve.opened.store import ServedStore
from kg.serve.routes.parameters import PROBLEMS, Filtered, Id
from kg.serve.routes.tables import csv_answer

__all__ = ["comparison_routes"]

Rows = Annotated[int, Query(ge=1, le=200, description="Features shown.")]
Columns = Annotated[int, Query(ge=1, le=400, description="Regions shown.")]
Thing = Annotated[
    str | None,
    Query(max_length=500, description="Id or IRI of a concept; without a kind, as what most practices have it."),
]


class Map(BaseModel):
    """A number a region."""

    about: Reference | None
    level: Level
    regions: list[Share]
    caption: str
    cite: str


def comparison_routes(store: ServedStore) -> APIRouter:
    """The routes over a store."""
    router = APIRouter(prefix="/api", responses=PROBLEMS, tags=["compare"])
    _add_matrix(router, store)
    _add_sides(router, store)
    _add_time_and_place(router, store)
    return router


def _add_matrix(router: APIRouter, store: ServedStore) -> None:
    @router.get("/matrix")
    def features_by_region(
        asked: Filtered, kind: Feature = "format", level: Level = "province", rows: Rows = 25, columns: Columns = 34
    ) -> Matrix:
        """How many practices of each region have each feature: the features found in most regions."""
        return matrix(store, asked, kind=kind, level=level, rows=rows, columns=columns)

    @router.get("/matrix.csv", response_class=Response)
    def features_by_region_table(
        request: Request, asked: Filtered, kind: Feature = "format", level: Level = "province"
    ) -> Response:
        """The same as CSV, up to 200 features and 400 regions; its first line says how many are left out."""
        found = matrix(store, asked, kind=kind, level=level, rows=200, columns=400)
        heading = [kind, "iri", "regions", "practices", *("/".join(column.path) for column in found.columns)]
        catalogue = store.catalogue
        rows = (
            [row.label, catalogue.iri(row.id), regions, row.practices, *cells]
            for row, regions, cells in zip(found.rows, found.regions, found.cells, strict=True)
        )
        features, regions = found.left_out
        remark = f"{features} features and {regions} regions are left out" if features or regions else ""
        return csv_answer(store, request, found.caption, heading, rows, remark=remark)


def _add_sides(router: APIRouter, store: ServedStore) -> None:
    @router.get("/sides")
    def two_regions(asked: Filtered, one: Id, other: Id, top: Annotated[int, Query(ge=1, le=100)] = 12) -> Sides:
        """Two regions side by side, feature by feature; what both have comes first."""
        return sides(store, asked, one=one, other=other, top=top)

    @router.get("/sides.csv", response_class=Response)
    def two_regions_table(request: Request, asked: Filtered, one: Id, other: Id) -> Response:
        """The same as CSV, with all features."""
        found = sides(store, asked, one=one, other=other, top=None)
        rows = ([each.kind, each.feature.label, each.one, each.other] for each in found.features)
        return csv_answer(store, request, found.caption, ["kind", "feature", found.one.label, found.other.label], rows)

    @router.get("/pair")
    def two_practices(one: Id, other: Id) -> Pair:
        """Two practices side by side."""
        return pair(store, one, other)


def _add_time_and_place(router: APIRouter, store: ServedStore) -> None:
    @router.get("/timeline")
    def timeline(asked: Filtered, kind: Feature | None = None, id: Thing = None, level: Level = "province") -> Timeline:
        """When each region first shows a feature; any practice where none is named."""
        return appearances(store, asked, kind=kind, thing=id, level=level)

    @router.get("/timeline.csv", response_class=Response)
    def timeline_table(
        request: Request, asked: Filtered, kind: Feature | None = None, id: Thing = None, level: Level = "province"
    ) -> Response:
        """The same as CSV."""
        found = appearances(store, asked, kind=kind, thing=id, level=level)
        heading = ["region", "first_day", "date_stated", "practice", "practice_iri", "practices"]
        rows = (
            [
                "/".join(each.region.path),
                each.first_day,
                each.stated,
                each.practice.label,
                store.catalogue.iri(each.practice.id),
                each.region.practices,
            ]
            for each in found.appearances
        )
        return csv_answer(store, request, found.caption, heading, rows)

    @router.get("/map")
    def by_region(asked: Filtered, kind: Feature | None = None, id: Thing = None, level: Level = "province") -> Map:
        """For each region how many of its practices have a feature, and how many there are."""
        found, about = shares(store, asked, kind=kind, thing=id, level=level)
        return Map(about=about, level=level, regions=found, caption=_map_caption(about, level), cite=graph_line(store))

    @router.get("/map.csv", response_class=Response)
    def by_region_table(
        request: Request, asked: Filtered, kind: Feature | None = None, id: Thing = None, level: Level = "province"
    ) -> Response:
        """The same as CSV."""
        found, about = shares(store, asked, kind=kind, thing=id, level=level)
        rows = (
            ["/".join(each.region.path), each.value, each.whole, each.value / each.whole if each.whole else None]
            for each in found
        )
        heading = ["region", "practices_with_it", "practices", "share"]
        return csv_answer(store, request, _map_caption(about, level), heading, rows)


def _map_caption(about: Reference | None, level: str) -> str:
    return f"Practices{f' with {about.label}' if about else ''} by {level}"
