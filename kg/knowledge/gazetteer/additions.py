"""Short forms that do not follow from a name, and zones that the lists lack: read beside the archive."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from importlib import resources

from kg.errors import InputError
from kg.knowledge.gazetteer.place import LEVELS
from kg.knowledge.gazetteer.table import UpperRow

__all__ = ["with_additions"]

_FILE = "additions.csv"


def with_additions(uppers: Sequence[UpperRow]) -> list[UpperRow]:
    """The rows of the archive with the aliases of ``additions.csv``, and behind them the places that only it has.

    The file has the columns of ``kg/prepare/zones.csv``. Raises ``InputError`` where a row's parent is in neither.
    """
    rows = list(uppers)
    added = list(csv.DictReader(resources.files(__package__).joinpath(_FILE).read_text(encoding="utf-8").splitlines()))
    wanted = {name for record in added for name in (record["name"], record["parent"].rpartition("/")[2])}
    known: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        if row.name in wanted:
            known[row.name].append(index)
    for line, record in enumerate(added, 2):
        aliases = tuple(record["aliases"].split("|")) if record["aliases"] else ()
        number = _number(record["name"], record["parent"], known, rows)
        if number is not None:
            rows[number] = rows[number]._replace(aliases=(*rows[number].aliases, *aliases))
            continue
        above, _, last = record["parent"].rpartition("/")
        parent = _number(last, above, known, rows)
        if parent is None:
            where = f"{_FILE}, line {line}"
            raise InputError(f"no place {record['parent']}", where=where, remedy="correct the parent")
        known[record["name"]].append(len(rows))
        rows.append(UpperRow(record["name"], LEVELS[LEVELS.index(record["level"])], parent, "", "", aliases))
    return rows


def _number(name: str, above: str, known: dict[str, list[int]], rows: Sequence[UpperRow]) -> int | None:
    """The row of the place of this name below the path ``above``."""
    return next((number for number in known[name] if _path(rows[number].parent, rows) == above), None)


def _path(number: int | None, rows: Sequence[UpperRow]) -> str:
    names: list[str] = []
    while number is not None:
        names.append(rows[number].name)
        number = rows[number].parent
    return "/".join(reversed(names))
