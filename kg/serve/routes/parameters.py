"""What requests may say: ids, filters, and the answers to those that make no sense."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Depends, Query

from kg.serve.answers import Problem
from kg.serve.finding.filters import Filters

__all__ = ["PROBLEMS", "Filtered", "Id", "filters"]

Id = Annotated[str, Query(max_length=500, description="Id or IRI.")]
Ids = Annotated[list[str], Query(max_length=50, description="Ids or IRIs; any of them.")]
PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "What was asked for does not exist, or makes no sense."},
    422: {"model": Problem, "description": "A parameter is malformed."},
}


def filters(  # noqa: PLR0917 - each is a parameter of the address
    q: Annotated[str, Query(max_length=500, description="Words; all of them must fit.")] = "",
    region: Ids = [],  # noqa: B006 - FastAPI reads the default, nobody changes it
    format: Ids = [],  # noqa: B006
    audience: Ids = [],  # noqa: B006
    topic: Ids = [],  # noqa: B006
    since: Annotated[int | None, Query(ge=1, le=9999, description="First year.")] = None,
    until: Annotated[int | None, Query(ge=1, le=9999, description="Last year.")] = None,
    min_confidence: Annotated[float, Query(ge=0, le=1)] = 0.0,
    stated_only: Annotated[bool, Query(description="Leave out what was inferred.")] = False,
    status: Annotated[Literal["achieved", "planned"] | None, Query()] = None,
) -> Filters:
    """The filters that most answers take."""
    return Filters(q, region, format, audience, topic, since, until, min_confidence, stated_only, status)


Filtered = Annotated[Filters, Depends(filters)]
