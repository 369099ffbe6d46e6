"""What a caller may write where names or a number of rows are wanted; else an error that says what to write."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any

from kg.errors import UsageError

__all__ = ["check_number", "check_top", "one_name", "several_names"]


def several_names(said: Any, where: str) -> tuple[str, ...]:
    """One name, or several in a list, a column of a data frame or the like; none for None.

    >>> several_names("四川省", "region"), several_names(["四川省", "重庆市"], "region"), several_names(None, "region")
    (('四川省',), ('四川省', '重庆市'), ())

    Raises UsageError where something else is given, or a list without any: it would limit nothing, or all.
    """
    if said is None or isinstance(said, str):
        return () if said is None else (_in_utf8(said, where),)
    names = tuple(said) if isinstance(said, Iterable) else (said,)
    if not names:
        raise UsageError("no name is given", where=where, remedy="None sets no limit")
    for name in names:
        if not isinstance(name, str):
            raise UsageError(f"not a name: {name!r}", where=where, remedy='write one as "…", several as ["…", "…"]')
        _in_utf8(name, where)
    return names


def one_name(said: Any, where: str) -> str:
    """The name. Raises UsageError where there are several, or something else is given."""
    if isinstance(said, str):
        return _in_utf8(said, where)
    if isinstance(said, Iterable):
        raise UsageError("one name is taken, not several", where=where, remedy="ask once for each of them")
    raise UsageError(f"not a name: {said!r}", where=where, remedy="write it as text, in quotation marks")


def _in_utf8(said: str, where: str) -> str:
    try:
        said.encode("utf-8")
    except UnicodeEncodeError as error:  # bytes of another encoding on the command line
        raise UsageError(f"not UTF-8: {said!r}", where=where, remedy="write it in UTF-8") from error
    return said


def check_number(said: Any, where: str, *, whole: bool = True, least: int | None = None) -> None:
    """Raises UsageError where this is no number, none without a fraction (``whole``), or one below the ``least``."""
    if isinstance(said, bool) or not isinstance(said, Integral if whole else Real):
        kind = "a whole number" if whole else "a number"
        remedy = "write it without quotation marks" if isinstance(said, str) else None
        raise UsageError(f"{kind} is wanted, not {said!r}", where=where, remedy=remedy)
    if least is not None and said < least:
        raise UsageError(f"at least {least}, not {said!r}", where=where)


def check_top(top: Any) -> None:
    """Raises UsageError where this is no number of rows to show; None is one, for all."""
    if top is not None and (not isinstance(top, Integral) or top < 1):
        raise UsageError(f"at least 1, not {top!r}", where="top", remedy="None gives all rows")
