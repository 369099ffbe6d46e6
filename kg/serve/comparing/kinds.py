"""What the comparisons of the page have in common: kinds of features, levels, and things as they are answered."""

from __future__ import annotations

from typing import Literal

from kg.serve.answers import CountedReference, Reference
from kg.serve.finding.catalogue import Thing

__all__ = ["Feature", "counted", "named"]

Feature = Literal["format", "audience", "topic"]


def named(thing: Thing) -> Reference:
    """A region or a concept as an answer names it."""
    return Reference(id=thing.id, label=thing.zh, label_en=thing.en)


def counted(thing: Thing, practices: int) -> CountedReference:
    """A region or a concept with a number of practices."""
    return CountedReference(
        id=thing.id, label=thing.zh, label_en=thing.en, practices=practices, path=list(thing.path), level=thing.level
    )
