"""A researcher's own places, read from a CSV file."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from kg.errors import UsageError
from kg.knowledge.gazetteer.place import LEVELS, Level

__all__ = ["ExtraPlace", "read_extra"]

_COLUMNS = ("name", "level", "parent", "code", "source", "year", "alias")


class ExtraPlace(NamedTuple):
    """One row of the file."""

    name: str
    level: Level
    parent: tuple[str, ...]
    """Official names of the places above, province first."""
    code: str | None
    source: str
    year: int | None
    aliases: tuple[str, ...]
    line: int


def read_extra(path: Path) -> list[ExtraPlace]:
    """Read a CSV file (UTF-8, with or without BOM) with a header of at least name, level and parent.

    ``parent`` is the path above, joined by ``/`` (安徽省/合肥市/包河区); ``alias`` holds other names joined by ``|``;
    ``level`` is one of province, prefecture, county, zone, township, village. A place that is already known gets the
    code and the aliases of the row. Raises ``UsageError`` naming the line that is wrong.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot be read ({error})", where=str(path), remedy="give a UTF-8 CSV file") from error
    reader = csv.DictReader(content.splitlines())
    missing = [column for column in _COLUMNS[:3] if column not in (reader.fieldnames or ())]
    if missing:
        remedy = "the first line names the columns: " + ",".join(_COLUMNS)
        raise UsageError("no column " + ", ".join(missing), where=str(path), remedy=remedy)
    places = []
    for record in reader:
        where = f"{path}, line {reader.line_num}"
        cells = {column: (record.get(column) or "").strip() for column in _COLUMNS}
        if not any(cells.values()):
            continue
        if not cells["name"] or cells["level"] not in LEVELS:
            raise UsageError("a place needs a name and a level", where=where, remedy="levels: " + ", ".join(LEVELS))
        if cells["year"] and not cells["year"].isdecimal():
            raise UsageError(f"{cells['year']!r} is no year", where=where, remedy="write four digits or nothing")
        parent = tuple(part.strip() for part in cells["parent"].split("/") if part.strip())
        if not parent and cells["level"] != "province":
            raise UsageError(f"{cells['name']} has no parent", where=where, remedy="write its path, 省/市/县")
        aliases = tuple(alias.strip() for alias in cells["alias"].split("|") if alias.strip())
        year = int(cells["year"]) if cells["year"] else None
        level = LEVELS[LEVELS.index(cells["level"])]
        source, code, line = cells["source"] or path.stem, cells["code"] or None, reader.line_num
        places.append(ExtraPlace(cells["name"], level, parent, code, source, year, aliases, line))
    return places
