"""Routes of what a reader opens: a practice, an article, its original file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from kg.serve.answers import ArticleText, Level, Likeness, Original, PracticePage
from kg.serve.opened.store import ServedStore
from kg.serve.reading.article import original, reading
from kg.serve.reading.practice import likenesses, practice_page
from kg.serve.routes.parameters import PROBLEMS, Id
from kg.serve.routes.tables import PRACTICE, csv_answer, practice_rows

__all__ = ["reading_routes"]


def reading_routes(store: ServedStore) -> APIRouter:
    """The routes over a store."""
    router = APIRouter(prefix="/api", responses=PROBLEMS)

    @router.get("/practice.csv", tags=["tables"], response_class=Response)
    def practice_table(id: Id, request: Request) -> Response:
        """Every value of a practice with every sentence, as CSV."""
        page = practice_page(store, id)
        return csv_answer(store, request, f"What is said of {page.label}", PRACTICE, practice_rows(page))

    @router.get("/practice", tags=["read"])
    def practice(id: Id) -> PracticePage:
        """All that is known of one practice, every value with its sentences."""
        return practice_page(store, id)

    @router.get("/similar", tags=["read"])
    def similar(id: Id, level: Level = "province", top: Annotated[int, Query(ge=1, le=50)] = 8) -> list[Likeness]:
        """The nearest practices of other regions, with what they share."""
        return likenesses(store, id, level=level, top=top)

    @router.get("/article", tags=["read"])
    def article(file: Annotated[str, Query(max_length=1000)]) -> ArticleText:
        """An article's clean text with all spans."""
        return reading(store, file)

    @router.get("/original", tags=["read"])
    def original_of_an_article(file: Annotated[str, Query(max_length=1000)]) -> Original:
        """The original file as it was decoded, with the same spans."""
        return original(store, file)

    return router
