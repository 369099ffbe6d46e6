"""Which figures are comparable: a unit, what it is a number of, a total or for one time. The words are in outcomes.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

__all__ = ["Measure", "Rules", "measure", "rules"]


@dataclass(frozen=True, order=True)
class Measure:
    """What a figure measures; only figures of one measure are comparable."""

    unit: str
    of: str
    """What it is a number of: a meaning of outcomes.toml, the thing counted, or empty where the article does not say."""
    each: bool
    """True where it is for one time (每期, 当天), not a total."""

    @property
    def comparable(self) -> bool:
        """Whether two figures of it measure the same: 9人 救起 and 9人 whatever they did do not."""
        return bool(self.of) or self.unit in rules().alone


@dataclass(frozen=True)
class Rules:
    """The entries of outcomes.toml, ready for use."""

    same: dict[str, str]
    alone: frozenset[str]
    people: frozenset[str]
    meanings: tuple[tuple[str, re.Pattern[str]], ...]
    each: re.Pattern[str]


@cache
def rules() -> Rules:
    """The rules as shipped."""
    table = tomllib.loads(resources.files(__package__).joinpath("outcomes.toml").read_text(encoding="utf-8"))
    return Rules(
        {name: unit["name"] for unit in table["unit"] for name in (unit["name"], *unit["same"])},
        frozenset(table["alone"]["units"]),
        frozenset(table["people"]["units"]),
        tuple((each["name"], re.compile(each["pattern"])) for each in table["meaning"]),
        re.compile(table["each"]["pattern"]),
    )


def measure(unit: str, counted: str, words: str) -> Measure:
    """What a figure measures, from its unit, the thing counted (or empty) and the words of its clause.

    >>> measure("名", "", "累计培训网格员600余名")
    Measure(unit='人', of='受训与听课', each=False)
    >>> measure("条", "建议", "每期收到建议20条")
    Measure(unit='条', of='建议', each=True)
    """
    known = rules()
    name = known.same.get(unit, unit)
    of = "" if name in known.alone else counted
    if name in known.people:
        of = next((label for label, pattern in known.meanings if pattern.search(words + counted)), "")
    return Measure(name, of, known.each.search(words) is not None)
