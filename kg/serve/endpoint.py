"""``/sparql``: the store as a SPARQL 1.1 endpoint."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kg.serve.answers import Problem
from kg.serve.protocol import answer_query, query_of
from kg.serve.store import ServedStore

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

    return router
