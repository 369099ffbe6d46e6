"""The API under ``/api``: every answer of the page, typed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from kg import __version__
from kg.serve import answers
from kg.serve.citation import graph_line
from kg.serve.finding.search import Sort, found, summary
from kg.serve.practice import likenesses, practice_page
from kg.serve.reading import original, reading
from kg.serve.request import PROBLEMS, Filtered, Id, Level
from kg.serve.store import ServedStore
from kg.serve.tables import FOUND, PRACTICE, csv_answer, found_rows, practice_rows

__all__ = ["api_routes"]


def api_routes(store: ServedStore) -> APIRouter:
    """The routes over a store."""
    router = APIRouter(prefix="/api", responses=PROBLEMS)
    _add_reading(router, store)
    return router


def _add_reading(router: APIRouter, store: ServedStore) -> None:
    @router.get("/summary", tags=["search"])
    def summary_of_the_graph(top: Annotated[int, Query(ge=1, le=50)] = 8) -> answers.Summary:
        """What is in the graph."""
        return summary(store, top=top, cite=graph_line(store), version=__version__)

    @router.get("/search", tags=["search"])
    def search(
        asked: Filtered,
        sort: Sort = "relevance",
        offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
        limit: Annotated[int, Query(ge=0, le=100)] = 20,
        values: Annotated[int, Query(ge=1, le=1000, description="Values of each facet.")] = 30,
    ) -> answers.SearchResult:
        """Practices that fit, with counts for every further choice, and places, concepts and articles of the name."""
        return found(store, asked, sort, offset, limit, values)

    @router.get("/search.csv", tags=["tables"], response_class=Response)
    def search_table(asked: Filtered, request: Request) -> Response:
        """All practices that fit, as CSV."""
        rows, remark = found_rows(store, asked)
        return csv_answer(store, request, "Practices that fit", FOUND, rows, remark=remark)

    @router.get("/practice.csv", tags=["tables"], response_class=Response)
    def practice_table(id: Id, request: Request) -> Response:
        """Every value of a practice with every sentence, as CSV."""
        page = practice_page(store, id)
        return csv_answer(store, request, f"What is said of {page.label}", PRACTICE, practice_rows(page))

    @router.get("/practice", tags=["read"])
    def practice(id: Id) -> answers.PracticePage:
        """All that is known of one practice, every value with its sentences."""
        return practice_page(store, id)

    @router.get("/similar", tags=["read"])
    def similar(
        id: Id, level: Level = "province", top: Annotated[int, Query(ge=1, le=50)] = 8
    ) -> list[answers.Likeness]:
        """The nearest practices of other regions, with what they share."""
        return likenesses(store, id, level=level, top=top)

    @router.get("/article", tags=["read"])
    def article(file: Annotated[str, Query(max_length=1000)]) -> answers.ArticleText:
        """An article's clean text with all spans."""
        return reading(store, file)

    @router.get("/original", tags=["read"])
    def original_of_an_article(file: Annotated[str, Query(max_length=1000)]) -> answers.Original:
        """The original file as it was decoded, with the same spans."""
        return original(store, file)
