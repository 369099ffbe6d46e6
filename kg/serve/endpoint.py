"""``/sparql``: the store as a SPARQL 1.1 endpoint."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kg.query.protocol import GRAPHS, TABLES, answered
from kg.serve.answers import Problem
from kg.serve.guard import ENDPOINT_METHODS
from kg.serve.store import MOST_ROWS, ServedStore
from kg.serve.tables import csv_answer

__all__ = ["endpoint_routes"]

_QUERY = {"name": "query", "in": "query", "required": True, "schema": {"type": "string"}, "description": "SPARQL 1.1."}
_FORMS = (*TABLES, *GRAPHS)
_RESPONSES: dict[int | str, dict[str, object]] = {
    200: {"description": "The answer.", "content": {form: {} for form in _FORMS}},
    400: {"model": Problem, "description": "Not a query, or one that would write or ask another server."},
    406: {"model": Problem, "description": "No such form of answers."},
    415: {"model": Problem, "description": "No such type of body."},
    503: {"model": Problem, "description": "Stopped at the time limit, or the store was just built again."},
}


def endpoint_routes(store: ServedStore) -> APIRouter:
    """The SPARQL endpoint."""
    router = APIRouter(tags=["sparql"])

    async def replied(request: Request) -> Response:
        body = await request.body() if request.method == "POST" else b""
        return await run_in_threadpool(_reply, store, request, body)

    @router.get("/sparql", responses=_RESPONSES, response_class=Response, openapi_extra={"parameters": [_QUERY]})
    async def ask(request: Request) -> Response:
        """Answer a query; the default graph is the union of all graphs, and the usual prefixes are known."""
        return await replied(request)

    body = {"content": {"application/sparql-query": {"schema": {"type": "string"}}}, "required": True}

    @router.post("/sparql", responses=_RESPONSES, response_class=Response, openapi_extra={"requestBody": body})
    async def ask_by_post(request: Request) -> Response:
        """The same with the query as the body (or as a form)."""
        return await replied(request)

    @router.head("/sparql", include_in_schema=False)
    async def ask_for_the_head(request: Request) -> Response:
        return await replied(request)

    @router.options("/sparql", include_in_schema=False)
    def ways() -> Response:
        return Response(status_code=204, headers={"allow": ENDPOINT_METHODS})

    @router.get("/sparql.csv", responses=_RESPONSES, response_class=Response)
    def ask_for_a_table(request: Request, query: Annotated[str, Query(max_length=100_000)]) -> Response:
        """The answer as a table for spreadsheets: caption, query and source before it, no cell that is a formula."""
        with store.worker() as engine:
            answer = engine.query(query, seconds=store.query_seconds, rows=MOST_ROWS)
        rows = [(answer.value,)] if answer.kind == "ask" else answer.rows()
        cut = len(rows) if answer.truncated else None
        return csv_answer(store, request, "Answer of a query", answer.columns, rows, cut=cut)

    return router


def _reply(store: ServedStore, request: Request, body: bytes) -> Response:
    with store.worker() as engine:
        reply = answered(
            engine,
            request.method,
            request.url.query,
            request.headers,
            body,
            seconds=store.query_seconds,
            rows=MOST_ROWS,
        )
    return Response(reply.body, reply.status, {**reply.headers, "vary": "accept"})
