"""Options of a question that are mistaken are told in one line, before anything is read."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any, TypeVar, cast

from kg.compare.column_copy.selection import Limited, Selection
from kg.errors import UsageError
from kg.query.arguments import check_number, one_name

__all__ = ["checked"]

_LEAST = {"seed": 0, "permutations": 1, "max_nodes": 0, "height": 1}
"""Smallest numbers of options whose function does not look at them."""

Method = TypeVar("Method", bound=Callable[..., Any])


def checked(method: Method) -> Method:
    """The method; an option that it does not have, or a number or a name that is none, raises UsageError.

    ``help`` and editors see each of the limits where the method takes them as ``**limits: Unpack[Limited]``.
    """
    shown = _with_limits(signature(method))

    @wraps(method)
    def asked(*given: Any, **named: Any) -> Any:
        _check(method.__name__, shown.parameters, named)
        return method(*given, **named)

    asked.__signature__ = shown  # type: ignore[attr-defined]
    return cast(Method, asked)


def _with_limits(own: Signature) -> Signature:
    """The signature with the keys of ``Limited`` where it has ``**limits`` (PEP 692, which ``inspect`` does not read)."""
    options = [
        Parameter(
            field.name,
            Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=Limited.__annotations__[field.name].__forward_arg__,
        )
        for field in fields(Selection)
    ]
    many = [(options if one.kind is Parameter.VAR_KEYWORD else [one]) for one in own.parameters.values()]
    return own.replace(parameters=[one for some in many for one in some])


def _check(question: str, known: Mapping[str, Parameter], named: Mapping[str, Any]) -> None:
    """Raises UsageError for an option that the question does not have, and for what is no number or name where one is due."""
    for name, said in named.items():
        if name not in known:
            options = [
                one.name for one in known.values() if one.name != "self" and one.kind is not Parameter.VAR_POSITIONAL
            ]
            meant = difflib.get_close_matches(name, options, n=3, cutoff=0.6)
            remedy = f"did you mean {', '.join(meant)}?" if meant else f"use one of {', '.join(options)}"
            raise UsageError(f"there is no option {name!r}", where=question, remedy=remedy)
        kinds = str(known[name].annotation).split(" | ")
        if said is None and "None" in kinds:
            continue
        if kinds[0] == "str" and kinds[1:] in ([], ["None"]):
            one_name(said, name)
        elif kinds[0] in ("int", "float") and name != "top":  # what limits the rows has a message of its own
            check_number(said, name, whole=kinds[0] == "int", least=_LEAST.get(name))
