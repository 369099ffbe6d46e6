"""Writes a resolved place as a region of the record: its levels, each stated or inferred."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg.knowledge.gazetteer import Gazetteer, Level, Place
from kg.model import PlaceLevel, Region
from kg.resolve.mentions import PlaceContext
from kg.resolve.place_names import level_of

__all__ = ["Finding", "abstention", "known", "region_of"]


class Finding(NamedTuple):
    """What resolution decided: known places from the province down, and the name of one that no list has."""

    known: tuple[Place, ...]
    own: str | None
    """Name of the place itself where the gazetteer does not have it, to stand below ``known``."""
    level: Level
    """Level of the place itself."""
    rule: str
    confidence: float
    note: str | None = None


def abstention(own: str, why: str) -> Finding:
    """No place for a name, and why."""
    return Finding((), None, level_of(own) or "village", "place.open", 0.0, f"{own}: {why}")


def known(place: Place, rule: str, confidence: float, gazetteer: Gazetteer) -> Finding:
    """A place that the gazetteer has."""
    return Finding(gazetteer.path(place), None, place.level, rule, round(confidence, 2))


def region_of(
    name: str, span: tuple[int, int] | None, finding: Finding, context: PlaceContext, own_at: int = 0
) -> Region:
    """The region of a finding; ``span`` is where the text has ``name``, in which that of the place itself begins at ``own_at``.

    A finding without places is an abstention.
    """
    start, end = span or (None, None)
    if not finding.known and finding.own is None:
        return Region(
            name=name, start=start, end=end, rule=finding.rule, confidence=finding.confidence, note=finding.note
        )
    levels = [_level(place, span, context) for place in finding.known]
    if finding.own is not None:
        own_start = None if start is None else start + own_at
        levels.append(PlaceLevel(name=finding.own, level=finding.level, stated=True, start=own_start, end=end))
    elif levels and span is not None:
        own_start = _own_start(span, context, own_at)
        levels[-1] = levels[-1].model_copy(update={"stated": True, "start": own_start, "end": span[1]})
    return Region(
        name=name,
        path=tuple(level.name for level in levels),
        code=levels[-1].code,
        levels=tuple(levels),
        start=start,
        end=end,
        rule=finding.rule,
        confidence=finding.confidence,
        note=finding.note,
    )


def _own_start(span: tuple[int, int], context: PlaceContext, own_at: int) -> int:
    """Where, in a composite name, the name of the place itself begins."""
    inside = [match.start for match in context.matches if span[0] <= match.start and match.end == span[1]]
    return inside[-1] if inside else span[0] + own_at


def _level(place: Place, span: tuple[int, int] | None, context: PlaceContext) -> PlaceLevel:
    code = place.code
    stated, where = _statement(place, span, context)
    return PlaceLevel(
        name=place.name,
        level=place.level,
        code=code.code if code else None,
        code_source=f"{code.source} {code.year}" if code and code.year else (code.source if code else None),
        stated=stated,
        start=where[0] if where else None,
        end=where[1] if where else None,
    )


def _statement(
    place: Place, span: tuple[int, int] | None, context: PlaceContext
) -> tuple[bool, tuple[int, int] | None]:
    """Whether the article names the place, and where in the text: nearest before the name, else first."""
    spans: list[tuple[int, int]] = []
    for address in context.addresses:
        for match in address.matches:
            if place not in match.candidates or not _reads(address.options, place, context.gazetteer):
                continue
            if address.where != "body":
                spans.append((-1, -1))
            else:
                spans.append((match.start, match.end))
    in_text = [found for found in spans if found[0] >= 0]
    before = [found for found in in_text if span is None or found[1] <= span[1]]
    return bool(spans), (before[-1] if before else in_text[0] if in_text else None)


def _reads(options: Sequence[Place], place: Place, gazetteer: Gazetteer) -> bool:
    """Whether the address can be read with ``place``: the place itself, or one above what the address means."""
    return any(gazetteer.lies_in(option, place) for option in options)
