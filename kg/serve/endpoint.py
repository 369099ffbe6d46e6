"""``/sparql``: the store as a SPARQL 1.1 endpoint."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kg.serve.answers import Problem
from kg.serve.protocol import MOST_ROWS, answer_query, query_of
from kg.serve.store import ServedStore
from kg.serve.tables import csv_answer

__all__ = ["endpoint_routes"]

_QUERY = {"name": "query", "in": "query", "required": True, "schema": {"type": "string"}, "description": "SPARQL 1.1."}
_FORMS = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
    "text/turtle",
    "application/n-triples",
    "application/ld+json",
)
_RESPONSES: dict[int | str, dict[str, object]] = {
    200: {"description": "The answer.", "content": {form: {} for form in _FORMS}},
    400: {"model": Problem, "description": "Not a query, or one that would write or ask another server."},
    406: {"model": Problem, "description": "No such form of answers."},
    503: {"model": Problem, "description": "Stopped at the time limit."},
}


def endpoint_routes(store: ServedStore) -> APIRouter:
    """The SPARQL endpoint."""
    router = APIRouter(tags=["sparql"])

    async def answered(request: Request) -> Response:
        text = await query_of(request)
        return await run_in_threadpool(answer_query, store, text, request.headers.get("accept", ""))

    @router.get("/sparql", responses=_RESPONSES, response_class=Response, openapi_extra={"parameters": [_QUERY]})
    async def ask(request: Request) -> Response:
        """Answer a query; the default graph is the union of all graphs, and the usual prefixes are known."""
        return await answered(request)

    body = {"content": {"application/sparql-query": {"schema": {"type": "string"}}}, "required": True}

    @router.post("/sparql", responses=_RESPONSES, response_class=Response, openapi_extra={"requestBody": body})
    async def ask_by_post(request: Request) -> Response:
        """The same with the query as the body (or as a form)."""
        return await answered(request)

    @router.get("/sparql.csv", responses=_RESPONSES, response_class=Response)
    def ask_for_a_table(request: Request, query: Annotated[str, Query(max_length=100_000)]) -> Response:
        """The answer as a table for spreadsheets: caption, query and source before it, no cell that is a formula."""
        with store.worker() as graph:
            answer = graph.sparql(query, timeout=store.query_seconds, max_rows=MOST_ROWS)
        rows = [(answer.value,)] if answer.kind == "ask" else answer.rows()
        return csv_answer(store, request, "Answer of a query", answer.columns, rows)

    return router
