"""The limits that every comparison of ``kg query`` takes: written once, added to each command."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from typing import Annotated, Any

import typer

__all__ = ["ConfidenceOption", "RegionOption", "StatedOption", "limited"]

StatedOption = Annotated[bool, typer.Option("--stated-only", help="Leave out what was inferred.")]
ConfidenceOption = Annotated[float, typer.Option("--min-confidence", help="Leave out what is less sure, 0 to 1.")]
RegionOption = Annotated[
    list[str] | None, typer.Option("--region", help="Only within this place; may be given more than once.")
]
_LIMITS: dict[str, tuple[Any, Any]] = {
    "stated_only": (StatedOption, False),
    "min_confidence": (ConfidenceOption, 0.0),
    "as_of": (
        Annotated[str | None, typer.Option("--as-of", help="Only articles that appeared up to this day.")],
        None,
    ),
    "since": (Annotated[str | None, typer.Option(help="Only practices from this day, month or year on.")], None),
    "until": (Annotated[str | None, typer.Option(help="Only practices until this day, month or year.")], None),
    "region": (RegionOption, None),
}
"""Key of ``kg.compare.column_copy.selection.Limited`` → its option and default."""


def limited(command: Callable[..., None]) -> Callable[..., None]:
    """The command with an option for each limit, where it takes them all as its parameter ``limits``."""
    own = signature(command, eval_str=True, locals={"Limited": dict})  # which only the type checker imports
    options = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=option)
        for name, (option, default) in _LIMITS.items()
    ]
    parameters = [each for one in own.parameters.values() for each in (options if one.name == "limits" else [one])]

    @wraps(command)
    def run(**given: Any) -> None:
        limits = {name: given.pop(name) for name in _LIMITS}
        command(**given, limits=limits | {"region": limits["region"] or None})  # none given: an empty list

    run.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run
