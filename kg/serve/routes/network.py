"""Routes of the graph: overview, neighbourhood, and the whole with positions."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Annotated, Generic, TypeVar

from fastapi import APIRouter, Query
from starlette.responses import Response

from kg.serve.network.families import Family, family_picture, found_families
from kg.serve.network.parts import Neighbourhood, neighbourhood, overview
from kg.serve.network.whole import Network, network
from kg.serve.opened.store import ServedStore
from kg.serve.routes.parameters import PROBLEMS, Filtered, Id

__all__ = ["network_routes"]

_T = TypeVar("_T")


class _Once(Generic[_T]):
    """What is computed when it is first asked for, once, however many ask at the same time."""

    def __init__(self, make: Callable[[], _T]) -> None:
        self._make, self._lock = make, threading.Lock()
        self._made: list[_T] = []

    def value(self) -> _T:
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]


def network_routes(store: ServedStore) -> APIRouter:
    """The routes over a store."""
    router = APIRouter(prefix="/api", responses=PROBLEMS, tags=["graph"])

    whole_overview = _Once(lambda: overview(store))

    @router.get("/overview")
    def what_matters() -> Neighbourhood:
        """The provinces, the features that most of them have, and the strongest ties between them."""
        return whole_overview.value()

    @router.get("/neighbourhood")
    def around(id: Id, limit: Annotated[int, Query(ge=1, le=500)] = 40) -> Neighbourhood:
        """What hangs on a practice, a concept or a region."""
        return neighbourhood(store, id, limit=limit)

    families = _Once(lambda: found_families(store))

    @router.get("/families")
    def families_of_practices() -> list[Family]:
        """Practices of different places that are variants of one idea, the largest families first."""
        return families.value()

    @router.get("/family")
    def one_family(number: Annotated[int, Query(ge=0, le=1000)]) -> Neighbourhood:
        """The members of a family and the features that they share."""
        return family_picture(store, families.value(), number)

    # A model of so many numbers is not checked number by number: it was made a line before.
    @router.get("/network", response_model=None, responses={200: {"model": Network}}, response_class=Response)
    def whole(asked: Filtered, limit: Annotated[int, Query(ge=10, le=100_000)] = 10_000) -> Response:
        """Practices that fit with their features and places, as columns with positions."""
        body = network(store, asked, limit=limit).model_dump_json()
        return Response(body, media_type="application/json")

    return router
