"""Rules of page furniture: data in ``furniture.toml``, tried on whole lines."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

__all__ = ["LONGEST_LINE", "FurnitureRule", "furniture_of", "furniture_rule", "furniture_rules", "metadata_words"]

LONGEST_LINE = 300
"""Characters above which a line is a paragraph of the article, whatever it says; it also bounds the patterns' work."""


@dataclass(frozen=True)
class FurnitureRule:
    """One kind of line that is not the article (fields: see the data file)."""

    id: str
    kind: str
    where: str
    pattern: re.Pattern[str]
    matches: tuple[str, ...]
    refuses: tuple[str, ...]


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


@cache
def furniture_rules() -> tuple[FurnitureRule, ...]:
    """All rules, in the order of the file."""
    return tuple(
        FurnitureRule(
            row["id"],
            row["kind"],
            row["where"],
            re.compile(row["pattern"]),
            tuple(row["matches"]),
            tuple(row["refuses"]),
        )
        for row in _table("furniture.toml")["rule"]
    )


@cache
def furniture_rule(id: str) -> FurnitureRule:
    """The rule with this id."""
    return next(rule for rule in furniture_rules() if rule.id == id)


@cache
def metadata_words() -> dict[str, dict[str, Any]]:
    """Labels, values, page fields and columns: ``metadata.toml`` as it stands."""
    return _table("metadata.toml")


@lru_cache(maxsize=4096)
def furniture_of(line: str) -> tuple[FurnitureRule, ...]:
    """The rules that a line (blanks at its ends taken off) matches, wherever they apply."""
    if not line or len(line) > LONGEST_LINE:
        return ()
    return tuple(rule for rule in furniture_rules() if rule.pattern.fullmatch(line))
