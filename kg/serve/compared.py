"""What the comparisons of the page have in common: kinds of features, levels, and things as they are answered."""

from __future__ import annotations

from typing import Literal

from kg.serve.answers import Count, Named
from kg.serve.catalogue import Thing

__all__ = ["Feature", "Level", "counted", "named"]

Feature = Literal["format", "audience", "topic"]
Level = Literal["province", "prefecture", "county"]


def named(thing: Thing) -> Named:
    """A region or a concept as an answer names it."""
    return Named(id=thing.id, label=thing.zh, label_en=thing.en)


def counted(thing: Thing, practices: int) -> Count:
    """A region or a concept with a number of practices."""
    return Count(
        id=thing.id, label=thing.zh, label_en=thing.en, practices=practices, path=list(thing.path), level=thing.level
    )
