"""Routes of the graph: overview, neighbourhood, and the whole with positions."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from kg.serve.network import Neighbourhood, neighbourhood, overview
from kg.serve.request import PROBLEMS, Filtered, Id
from kg.serve.store import ServedStore
from kg.serve.whole import Network, network

__all__ = ["network_routes"]


def network_routes(store: ServedStore) -> APIRouter:
    """The routes over a store."""
    router = APIRouter(prefix="/api", responses=PROBLEMS, tags=["graph"])

    once = cache(lambda: overview(store))

    @router.get("/overview")
    def what_matters() -> Neighbourhood:
        """The provinces, the features that most of them have, and the strongest ties between them."""
        return once()

    @router.get("/neighbourhood")
    def around(id: Id, limit: Annotated[int, Query(ge=1, le=500)] = 40) -> Neighbourhood:
        """What hangs on a practice, a concept or a region."""
        return neighbourhood(store, id, limit=limit)

    # A model of so many numbers is not checked number by number: it was made a line before.
    @router.get("/network", response_model=None, responses={200: {"model": Network}}, response_class=Response)
    def whole(asked: Filtered, limit: Annotated[int, Query(ge=10, le=100_000)] = 10_000) -> Response:
        """Practices that fit with their features and places, as columns with positions."""
        body = network(store, asked, limit=limit).model_dump_json()
        return Response(body, media_type="application/json")

    return router
