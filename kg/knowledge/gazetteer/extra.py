"""A researcher's own places, read from a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kg.errors import UsageError
from kg.knowledge.decoding import decoded
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
    places = []
    for number, record in _rows(path):
        where = f"{path}, line {number}"
        cells = {column: (record.get(column) or "").strip() for column in _COLUMNS}
        if not any(cells.values()):
            continue
        if not cells["name"] or cells["level"] not in LEVELS:
            raise UsageError("a place needs a name and a level", where=where, remedy="levels: " + ", ".join(LEVELS))
        if cells["year"] and not (cells["year"].isdecimal() and len(cells["year"]) <= 4):
            said = cells["year"] if len(cells["year"]) <= 20 else cells["year"][:20] + "…"
            raise UsageError(f"{said!r} is no year", where=where, remedy="write four digits or nothing")
        parent = tuple(part.strip() for part in cells["parent"].split("/") if part.strip())
        if not parent and cells["level"] != "province":
            raise UsageError(f"{cells['name']} has no parent", where=where, remedy="write its path, 省/市/县")
        aliases = tuple(alias.strip() for alias in cells["alias"].split("|") if alias.strip())
        year = int(cells["year"]) if cells["year"] else None
        level = LEVELS[LEVELS.index(cells["level"])]
        source, code = cells["source"] or path.stem, cells["code"] or None
        places.append(ExtraPlace(cells["name"], level, parent, code, source, year, aliases, number))
    return places


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str | None]]]:
    """The rows below the header, with their lines."""
    reader = csv.DictReader(_text(path).splitlines())
    try:
        missing = [column for column in _COLUMNS[:3] if column not in (reader.fieldnames or ())]
        if missing:
            remedy = "the first line names the columns: " + ",".join(_COLUMNS)
            raise UsageError("no column " + ", ".join(missing), where=str(path), remedy=remedy)
        for record in reader:
            yield reader.line_num, record
    except csv.Error as error:
        raise UsageError(
            f"this is no row of a table ({error})",
            where=f"{path}, line {reader.reader.line_num}",
            remedy="shorten the cell, or close its quotation mark",
        ) from error


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"cannot be read ({reason})", where=str(path), remedy="give a UTF-8 CSV file") from error
    return decoded(content, "this", path)
