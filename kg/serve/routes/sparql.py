"""``/sparql``: the store as a SPARQL 1.1 endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kg.query.engine import LocalEngine
from kg.query.protocol import GRAPHS, TABLES, answered
from kg.serve.answers import Problem
from kg.serve.guard import ENDPOINT_METHODS
from kg.serve.opened.store import MOST_ROWS, ServedStore
from kg.serve.routes.tables import csv_answer, cut_off

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
        return await _asked(store, request, lambda engine: _reply(engine, store.query_seconds, request, body))

    @router.get("/sparql", responses=_RESPONSES, response_class=Response, openapi_extra={"parameters": [_QUERY]})
    async def ask(request: Request) -> Response:
        """Answer a query; the default graph is the union of all graphs, and the usual prefixes are known."""
        return await replied(request)

    body = {"content": {"application/sparql-query": {"schema": {"type": "string"}}}, "required": True}

    @router.post("/sparql", responses=_RESPONSES, response_class=Response, openapi_extra={"requestBody": body})
    async def ask_by_post(request: Request) -> Response:
        """The same with the query as the body (or as a form)."""
        return await replied(request)

    @router.options("/sparql", include_in_schema=False)
    def ways() -> Response:
        return Response(status_code=204, headers={"allow": ENDPOINT_METHODS})

    @router.get("/sparql.csv", responses=_RESPONSES, response_class=Response)
    async def ask_for_a_table(request: Request, query: Annotated[str, Query(max_length=100_000)]) -> Response:
        """The answer as a table for spreadsheets: caption, query and source before it, no cell that is a formula."""

        def table(engine: LocalEngine) -> Response:
            answer = engine.query(query, timeout=store.query_seconds, max_rows=MOST_ROWS)
            rows = [(answer.value,)] if answer.kind == "ask" else answer.rows()
            remark = cut_off(len(rows)) if answer.truncated else ""
            return csv_answer(store, request, "Answer of a query", answer.columns, rows, remark=remark)

        return await _asked(store, request, table)

    return router


def _reply(engine: LocalEngine, timeout: float, request: Request, body: bytes) -> Response:
    reply = answered(
        engine, request.method, request.url.query, request.headers, body, timeout=timeout, max_rows=MOST_ROWS
    )
    return Response(reply.body, reply.status, {**reply.headers, "vary": "accept"})


async def _asked(store: ServedStore, request: Request, ask: Callable[[LocalEngine], Response]) -> Response:
    """What ``ask`` answers with a process of the store; it ends where the client hangs up, waiting or running."""
    asking, gone = asyncio.ensure_future(_run(store, ask)), asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait((asking, gone), return_when=asyncio.FIRST_COMPLETED)
        return asking.result() if asking.done() else Response(status_code=499)  # which nobody reads
    finally:
        for task in (asking, gone):
            task.cancel()
        await asyncio.wait((asking, gone))


async def _run(store: ServedStore, ask: Callable[[LocalEngine], Response]) -> Response:
    async with store.worker() as engine:
        running = asyncio.ensure_future(run_in_threadpool(ask, engine))
        try:
            return await asyncio.shield(running)
        finally:
            while not running.done():
                engine.close()  # again and again: it may have been about to start a process
                await asyncio.wait((running,), timeout=0.1)
            await asyncio.gather(running, return_exceptions=True)


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
