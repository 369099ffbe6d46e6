"""What ``help`` shows of a question: the options of the function behind it, and the limits that every question takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from inspect import Parameter, Signature, cleandoc, signature
from typing import Any, TypeVar

from kg.compare.selection import Date
from kg.query.arguments import several_names

__all__ = ["LIMITS", "limits", "takes_options_of"]

_INNER = ("refused", "quoted", "among")
"""Options that the graph fills in itself."""
_FROM_GRAPH = (*_INNER, "columns")

Method = TypeVar("Method", bound=Callable[..., Any])


def limits(
    *,
    stated_only: bool = False,
    min_confidence: float = 0.0,
    as_of: Date | None = None,
    since: Date | None = None,
    until: Date | None = None,
    region: str | Iterable[str] | None = None,
) -> dict[str, Any]:
    """Limits, the same for every question: ``stated_only`` leaves out what was inferred (a place taken over from the
    headline), ``min_confidence`` (0 to 1) what is less sure, ``as_of`` (a date) articles that appeared later; ``since`` and
    ``until`` leave out practices that are not dated in the range, ``region`` (a place, or a list of them) those elsewhere.
    Dates are written 2024, "2024-06" or "2024-06-30", or are those of datetime and pandas; see ``Columns.select``.
    """
    given = {"stated_only": stated_only, "min_confidence": min_confidence, "as_of": as_of}
    return given | {"since": since, "until": until, "regions": several_names(region, "region")}


LIMITS = tuple(signature(limits).parameters)
"""Options that every question takes: see ``Columns.select``; ``region`` is one place or several."""


def takes_options_of(asked: Callable[..., Any], *more: Callable[..., Any]) -> Callable[[Method], Method]:
    """The method, which hands its options to these functions, with their options in its signature and its docstring.

    Of the first function the docstring is taken from its second paragraph on; the method's own stands before it, and the
    others' between the two.
    """

    def described(method: Method) -> Method:
        own = [one for one in signature(method).parameters.values() if one.kind is not Parameter.VAR_KEYWORD]
        known = {one.name for one in own}.union(_INNER)
        options = [
            one
            for function in (asked, *more)
            for one in signature(function).parameters.values()
            if one.kind is Parameter.KEYWORD_ONLY and one.name not in known
        ]
        # the sections of a docstring end it: what is no section stands before them
        texts = [cleandoc(method.__doc__ or ""), *(cleandoc(each.__doc__ or "") for each in more), _body(asked)]
        method.__doc__ = "\n\n".join(text for text in texts if text)
        answer = signature(method).return_annotation
        method.__signature__ = Signature([*own, *options], return_annotation=answer)  # type: ignore[attr-defined]
        return method

    return described


def _body(function: Callable[..., Any]) -> str:
    """The docstring without its first paragraph, and without what the graph fills in itself."""
    text = cleandoc(function.__doc__ or "").partition("\n\n")[2]
    return re.sub(rf"^(?:{'|'.join(_FROM_GRAPH)}) : .*\n(?: +.*\n)*", "", text + "\n", flags=re.MULTILINE).strip()
