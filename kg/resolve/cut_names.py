"""Names of which only the end was taken for the place's: 工卡县 of 墨竹工卡县."""

from __future__ import annotations

from collections.abc import Sequence

from kg.knowledge.gazetteer import Place
from kg.resolve.mentions import PlaceContext

__all__ = ["longer_place", "longer_village"]

_LONGEST_BEGINNING = 4
"""Signs that may be missing before a village's name."""


def longer_place(name: str, context: PlaceContext, positions: Sequence[int]) -> str | None:
    """The name of a township or a place above it that ends in ``name`` wherever the text has that.

    >>> from kg.knowledge.gazetteer import Gazetteer
    >>> longer_place("工卡县", PlaceContext("在墨竹工卡县", Gazetteer.load()), [3])
    '墨竹工卡县'
    """
    ends = {match.end: match for match in context.matches if len(match.name) > len(name)}
    found = {ends[at + len(name)].name if at + len(name) in ends else None for at in positions}
    return found.pop() if len(found) == 1 else None


def longer_village(name: str, base: Place, context: PlaceContext, positions: Sequence[int]) -> str | None:
    """The name of the one village of ``base`` in the lists that ends in ``name`` wherever the text has that."""
    for missing in range(1, _LONGEST_BEGINNING + 1):
        found = {context.text[max(at - missing, 0) : at + len(name)] for at in positions}
        longer = found.pop() if found else ""
        if found or len(longer) != missing + len(name):
            return None
        if len(context.gazetteer.within(longer, base, ("village",))) == 1:
            return longer
    return None
