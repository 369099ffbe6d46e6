"""Routes of search: what is in the graph, and the practices that fit."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from kg.serve.answers import SearchResult, Summary
from kg.serve.finding.search import Sort, search_result, summary
from kg.serve.opened.store import ServedStore
from kg.serve.routes.parameters import PROBLEMS, Filtered
from kg.serve.routes.tables import FOUND, csv_answer, found_rows

__all__ = ["finding_routes"]


def finding_routes(store: ServedStore) -> APIRouter:
    """The routes over a store."""
    router = APIRouter(prefix="/api", responses=PROBLEMS)

    @router.get("/summary", tags=["search"])
    def summary_of_the_graph(top: Annotated[int, Query(ge=1, le=50)] = 8) -> Summary:
        """What is in the graph."""
        return summary(store, top=top)

    @router.get("/search", tags=["search"])
    def search(
        asked: Filtered,
        sort: Sort = "relevance",
        offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
        limit: Annotated[int, Query(ge=0, le=100)] = 20,
        values: Annotated[int, Query(ge=1, le=1000, description="Values of each facet.")] = 30,
    ) -> SearchResult:
        """Practices that fit, with counts for every further choice, and places, concepts and articles of the name."""
        return search_result(store, asked, sort, offset, limit, values)

    @router.get("/search.csv", tags=["tables"], response_class=Response)
    def search_table(asked: Filtered, request: Request) -> Response:
        """All practices that fit, as CSV."""
        rows, remark = found_rows(store, asked)
        return csv_answer(store, request, "Practices that fit", FOUND, rows, remark=remark)

    return router
