"""Former names of cities and counties, and districts that were merged into others: read beside the archive."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from kg.errors import InputError
from kg.knowledge.gazetteer.place import LEVELS, Level
from kg.knowledge.gazetteer.table import UpperRow

__all__ = ["Former", "former_names", "renamed", "with_former"]

_FILE = "former_names.csv"


class Former(NamedTuple):
    """One row of the file."""

    name: str
    year: int
    """The year from which it was no longer used."""
    level: Level | None
    """Of a place that was merged into others; None of one that only has another name."""
    parent: str
    """Path of the place above a merged one."""
    now: tuple[str, ...]
    """Path of the place as it is called today; of those that a merged one is part of."""
    aliases: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All former names."""
        return (self.name, *self.aliases)


@cache
def _read() -> tuple[Former, ...]:
    """The rows of ``former_names.csv``; several paths or aliases are joined by ``|``."""
    text = resources.files(__package__).joinpath(_FILE).read_text(encoding="utf-8")
    return tuple(
        Former(
            record["name"],
            int(record["year"]),
            LEVELS[LEVELS.index(record["level"])] if record["level"] else None,
            record["parent"],
            tuple(record["now"].split("|")),
            tuple(filter(None, record["aliases"].split("|"))),
        )
        for record in csv.DictReader(text.splitlines())
    )


@cache
def former_names() -> Mapping[str, Former]:
    """The former names of places that have another one today."""
    return {name: one for one in _read() if not one.level for name in one.names}


def renamed(name: str, path: Sequence[str]) -> int | None:
    """The year since which the place of this path has another name than ``name``; None where it never had that one.

    >>> renamed("襄樊市", ["湖北省", "襄阳市"]), renamed("襄阳市", ["湖北省", "襄阳市"])
    (2010, None)
    """
    one = former_names().get(name)
    return one.year if one and "/".join(path) in one.now else None


def with_former(rows: Sequence[UpperRow]) -> list[UpperRow]:
    """The rows with the former names as aliases, and behind them the merged districts, which have no code.

    Raises ``InputError`` where a path is not among the rows.
    """
    known, former = list(rows), _read()
    wanted = {path.rpartition("/")[2] for one in former for path in (*one.now, one.parent)}
    at = {_path(number, rows): number for number, row in enumerate(rows) if row.name in wanted}
    for one in former:
        now = tuple(_number(path, at) for path in one.now)
        if one.level:
            number = _number(one.parent, at)
            known.append(UpperRow(one.name, one.level, number, "", "", one.aliases, one.year, now))
        else:
            known[now[0]] = known[now[0]]._replace(aliases=(*known[now[0]].aliases, *one.names))
    return known


def _number(path: str, at: Mapping[str, int]) -> int:
    if path not in at:
        raise InputError(f"no place {path}", where=_FILE, remedy="correct the path")
    return at[path]


def _path(number: int | None, rows: Sequence[UpperRow]) -> str:
    names: list[str] = []
    while number is not None:
        names.append(rows[number].name)
        number = rows[number].parent
    return "/".join(reversed(names))
