"""What ``help`` shows of a question: the options of the function behind it, and the limits that every question takes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from inspect import Parameter, Signature, cleandoc, signature
from typing import Any, TypeVar, cast

from kg.compare.selection import Date
from kg.errors import UsageError
from kg.query.arguments import check_number, one_name

__all__ = ["LIMITS", "limits", "takes_options_of"]

_INNER = ("refused", "quoted", "among")
"""Options that the graph fills in itself."""
_FROM_GRAPH = (*_INNER, "columns")
_LEAST = {"seed": 0, "permutations": 1, "max_nodes": 0, "height": 1}
"""Smallest numbers of options whose function does not look at them."""

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
    return given | {"since": since, "until": until, "region": region}


LIMITS = tuple(signature(limits).parameters)
"""Options that every question takes: see ``Columns.select``; ``region`` is one place or several."""


def takes_options_of(
    asked: Callable[..., Any], *more: Callable[..., Any], told: bool = True
) -> Callable[[Method], Method]:
    """The method, which hands its options to these functions, with their options in its signature and its docstring.

    Of the first function the docstring is taken from its second paragraph on (not at all unless ``told``); the method's own
    stands before it, and the others' between the two. Called with an option that is none of these, or with a number or a
    name that is none, the method raises UsageError.
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
        texts = [cleandoc(method.__doc__ or ""), *(cleandoc(each.__doc__ or "") for each in more)]
        method.__doc__ = "\n\n".join(text for text in [*texts, _body(asked) if told else ""] if text)
        shown = Signature([*own, *options], return_annotation=signature(method).return_annotation)

        @wraps(method)
        def checked(*given: Any, **named: Any) -> Any:
            _check(method.__name__, shown.parameters, named)
            return method(*given, **named)

        checked.__signature__ = shown  # type: ignore[attr-defined]
        return cast(Method, checked)

    return described


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


def _body(function: Callable[..., Any]) -> str:
    """The docstring without its first paragraph, and without what the graph fills in itself."""
    text = cleandoc(function.__doc__ or "").partition("\n\n")[2]
    return re.sub(rf"^(?:{'|'.join(_FROM_GRAPH)}) : .*\n(?: +.*\n)*", "", text + "\n", flags=re.MULTILINE).strip()
