"""The application: pages, their files, the API and the SPARQL endpoint behind one guard."""

from __future__ import annotations

import logging
from importlib import resources
from pathlib import PurePosixPath

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from kg import __version__
from kg.errors import KgError
from kg.query.protocol import status_of
from kg.serve.guard import Guard
from kg.serve.opened.store import ServedStore
from kg.serve.routes.comparing import comparison_routes
from kg.serve.routes.editor import editor_routes
from kg.serve.routes.finding import finding_routes
from kg.serve.routes.network import network_routes
from kg.serve.routes.reading import reading_routes
from kg.serve.routes.sparql import endpoint_routes

__all__ = ["PAGES", "create_app"]

PAGES = ("", "search", "practice", "article", "compare", "timeline", "map", "graph", "query")
"""Paths that show the page; which of its views, its script decides by the path."""
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_DESCRIPTION = """Read-only access to a practice graph: search, practices with their sentences, articles, comparisons across
regions, and SPARQL 1.1 at `/sparql`. Ids are IRIs without the base of the store; full IRIs are taken too."""


def create_app(store: ServedStore) -> FastAPI:
    """The ASGI application over an opened store; the caller closes the store."""
    app = FastAPI(
        title="Practice graph",
        description=_DESCRIPTION,
        version=__version__,
        docs_url=None,  # they would load their scripts from a CDN
        redoc_url=None,
    )
    app.include_router(finding_routes(store))
    app.include_router(reading_routes(store))
    app.include_router(comparison_routes(store))
    app.include_router(network_routes(store))
    app.include_router(editor_routes(store))
    app.include_router(endpoint_routes(store))
    _add_pages(app)
    _add_errors(app)
    app.add_middleware(Guard, pages=[f"/{page}" for page in PAGES])
    return app


def _add_pages(app: FastAPI) -> None:
    folder = resources.files("kg.serve").joinpath("page")
    known = {entry.name: entry.read_bytes() for entry in folder.iterdir() if PurePosixPath(entry.name).suffix in _TYPES}

    def shown() -> Response:
        return _file(known, "index.html")

    for page in PAGES:
        app.add_api_route(f"/{page}", shown, methods=["GET"], include_in_schema=False)

    @app.get("/page/{name}", include_in_schema=False)
    def part(name: str) -> Response:
        return _file(known, name)

    @app.get("/favicon.ico", include_in_schema=False)
    def icon() -> Response:
        return _file(known, "icon.svg")


def _file(known: dict[str, bytes], name: str) -> Response:
    # Only what was read at the start is there: no path of a request ever reaches the disk.
    body = known.get(name)
    if body is None:
        raise HTTPException(404)
    return Response(body, media_type=_TYPES[PurePosixPath(name).suffix], headers={"cache-control": "no-cache"})


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(KgError)
    async def told(_: Request, error: KgError) -> Response:
        said = {"what": error.what, "where": error.where, "remedy": error.remedy}
        return JSONResponse(said, status_code=status_of(error))

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        return JSONResponse({"what": first["msg"], "where": where, "remedy": "see /openapi.json"}, status_code=422)

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> Response:
        said = {"what": str(error.detail), "where": None, "remedy": None}
        return JSONResponse(said, status_code=error.status_code, headers=error.headers)

    @app.exception_handler(Exception)
    async def failed(_: Request, error: Exception) -> Response:
        # What went wrong goes to the terminal, not to the page: it may name files of this machine.
        logging.getLogger("kg.serve").error("internal error", exc_info=error)
        said = {"what": "an error of the program", "where": None, "remedy": "see the terminal, and please report it"}
        return JSONResponse(said, status_code=500)
