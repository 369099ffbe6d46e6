"""Whether a researcher's own place fits to the places that are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.errors import UsageError
from kg.knowledge.gazetteer.extra import ExtraPlace
from kg.knowledge.gazetteer.place import DEPTH, Place

__all__ = ["check_code", "check_level", "no_parent"]

_ALIKE = {("county", "zone"), ("village", "village")}
"""Levels as deep as the one above that may stand below it: zones of counties, estates and hamlets of villages."""
_LISTS = ("nbs", "mca")
_MOST_MEANT = 3
"""Places that are suggested; of more namesakes none can be told to be meant."""


def check_level(extra: ExtraPlace, known: Place | None, parent: Place | None, where: str) -> None:
    """Raises UsageError where the level is not that of the known place, or stands above the parent's."""
    line = f"{where}, line {extra.line}"
    if known is not None and known.level != extra.level:
        what = f"{extra.name} is known as {known.level}, not as {extra.level}"
        raise UsageError(what, where=line, remedy=f"write {known.level}, or another name")
    if parent is None or DEPTH[extra.level] > DEPTH[parent.level] or (parent.level, extra.level) in _ALIKE:
        return
    what = f"the {extra.level} {extra.name} cannot lie in {parent.name}, a {parent.level}"
    raise UsageError(what, where=line, remedy="correct the level or the parent")


def check_code(extra: ExtraPlace, known: Place | None, coded: Iterable[Place], where: str) -> None:
    """Raises UsageError where the code is that of another one of the shipped places (``coded`` have it in a list).

    A row that names one of the lists, or a year, is compared with what that has: codes of other years are given anew.
    """
    clashing = [
        (place, code)
        for place in coded
        for code in place.codes
        if code.code == extra.code
        and extra.year in {None, code.year}
        and (extra.source not in _LISTS or extra.source == code.source)
    ]
    if clashing and (known is None or known.id not in {place.id for place, _ in clashing}):
        place, code = clashing[0]
        what = f"{code.code} is the code of {place.name} ({code.source} {code.year}), not of {extra.name}"
        raise UsageError(what, where=f"{where}, line {extra.line}", remedy="correct the code, or leave it out")


def no_parent(extra: ExtraPlace, known: Iterable[Sequence[str]], where: str) -> UsageError:
    """The error for a parent that is not known; ``known`` are the paths of the places that its last name may mean."""
    meant = ["/".join(path) for path in known]
    remedy = "write the official names from the province down, or add the parent in a line above"
    if 0 < len(meant) <= _MOST_MEANT:
        remedy = f"did you mean {', '.join(meant)}? Else {remedy}"
    return UsageError(f"no place {'/'.join(extra.parent)}", where=f"{where}, line {extra.line}", remedy=remedy)
