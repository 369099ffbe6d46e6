"""What the gazetteer hands out: places, their codes, and the mentions of places in a text."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["DEPTH", "LEVELS", "Code", "Level", "Place", "PlaceMatch"]

Level = Literal["province", "prefecture", "county", "zone", "township", "village"]

LEVELS: tuple[Level, ...] = ("province", "prefecture", "county", "zone", "township", "village")
"""Levels from the top down; a zone (开发区, 新区 …) stands in the county's place."""

DEPTH = {"province": 1, "prefecture": 2, "county": 3, "zone": 3, "township": 4, "village": 5}
"""How deep a level stands."""


class Code(NamedTuple):
    """One code of a place: the same place has several, by source and year."""

    code: str
    """6 digits for province, prefecture, county and zone, 9 for township, 12 for village."""
    source: str
    """Short name of the source (``nbs``, ``mca`` or a researcher's own)."""
    year: int | None


class Place(NamedTuple):
    """One administrative place."""

    id: int
    """Number within the loaded gazetteer: an index, not to be stored."""
    name: str
    """Official name."""
    level: Level
    parent: int | None
    """``id`` of the place above."""
    codes: tuple[Code, ...] = ()
    aliases: tuple[str, ...] = ()
    """Former or other names, short forms that follow from the name not among them."""
    until: int | None = None
    """Of a district that is no more, the year of its end."""
    merged_into: tuple[int, ...] = ()
    """``id`` of the places that such a district is part of now."""

    @property
    def code(self) -> Code | None:
        """The code that is shown first: the statistics bureau's, whose village codes begin with it; else any."""
        return self.codes[0] if self.codes else None


class PlaceMatch(NamedTuple):
    """A name of the gazetteer found in a text."""

    start: int
    end: int
    name: str
    """The words of the text."""
    candidates: tuple[Place, ...]
    """All places of that name, province first."""
    short: bool
    """True where the words are a short form (合肥), not an official name."""
    common: bool
    """True where the words are also an ordinary word (和平, 城区): take it for a place only with a reason."""
