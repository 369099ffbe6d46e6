"""A researcher's own places, read from a CSV file."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from kg.errors import UsageError
from kg.knowledge.decoding import decoded
from kg.knowledge.gazetteer.place import LEVELS, Level

__all__ = ["ExtraPlace", "read_extra"]

_COLUMNS = ("name", "level", "parent", "code", "source", "year", "alias")
_LONGEST_CELL = 131_072
_SPOILT = re.compile(r"\d(?:[.,]\d+)?E\+\d+|\d{6,}[.,]0+|\d{1,3}(?:,\d{3})+", re.IGNORECASE)
"""What spreadsheets make of a code that they take for a number: 5.00117E+11, 500117.0, 500,117."""


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

    @property
    def path(self) -> tuple[str, ...]:
        """The names from the province down."""
        return (*self.parent, self.name)


def read_extra(path: Path) -> list[ExtraPlace]:
    """Read a CSV file (UTF-8, with or without BOM) with a header of at least name, level and parent.

    ``parent`` is the path above, joined by ``/`` (安徽省/合肥市/包河区); ``alias`` holds other names joined by ``|``;
    ``level`` is one of province, prefecture, county, zone, township, village. A place that is already known gets the
    code and the aliases of the row. Raises ``UsageError`` naming the line that is wrong, also where two rows give one
    place two codes of the same source and year, or two places the same.
    """
    places = []
    for number, record in _rows(path):
        where = f"{path}, line {number}"
        cells = {column: record.get(column, "").strip() for column in _COLUMNS}
        if not any(cells.values()):
            continue
        if not cells["name"] or cells["level"] not in LEVELS:
            raise UsageError("a place needs a name and a level", where=where, remedy="levels: " + ", ".join(LEVELS))
        _check_cells(cells, where)
        parent = tuple(part.strip() for part in cells["parent"].split("/") if part.strip())
        if not parent and cells["level"] != "province":
            raise UsageError(f"{cells['name']} has no parent", where=where, remedy="write its path, 省/市/县")
        aliases = tuple(alias.strip() for alias in cells["alias"].split("|") if alias.strip())
        year = int(cells["year"]) if cells["year"] else None
        level = LEVELS[LEVELS.index(cells["level"])]
        source, code = cells["source"] or path.stem, cells["code"] or None
        places.append(ExtraPlace(cells["name"], level, parent, code, source, year, aliases, number))
    if not places:
        raise UsageError("there is no place in it", where=str(path), remedy="write one a line below the header")
    _check_codes(places, path)
    return places


def _check_cells(cells: dict[str, str], where: str) -> None:
    """Raises UsageError where year or code is none."""
    if cells["year"] and not (cells["year"].isdecimal() and len(cells["year"]) <= 4):
        said = cells["year"] if len(cells["year"]) <= 20 else cells["year"][:20] + "…"
        raise UsageError(f"{said!r} is no year", where=where, remedy="write four digits or nothing")
    if _SPOILT.fullmatch(cells["code"]):
        what = f"a spreadsheet has made a number of the code ({cells['code']})"
        raise UsageError(what, where=where, remedy="format the column as text, and write the code anew")


def _check_codes(places: Iterable[ExtraPlace], path: Path) -> None:
    """Raises UsageError where the same source and year give a place two codes, or two places one."""
    by_place: dict[tuple[object, ...], ExtraPlace] = {}
    by_code: dict[tuple[object, ...], ExtraPlace] = {}
    for place in places:
        if place.code is None:
            continue
        where = f"{path}, line {place.line}"
        first = by_place.setdefault((place.path, place.source, place.year), place)
        if first.code != place.code:
            what = f"{place.name} has the code {first.code} already (line {first.line})"
            raise UsageError(what, where=where, remedy="keep one of them, or tell them apart by source or year")
        first = by_code.setdefault((place.code, place.source, place.year), place)
        if first.path != place.path:
            what = f"{place.code} is the code of {first.name}, too (line {first.line})"
            raise UsageError(what, where=where, remedy="give each place its own, or none")


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below the header, with their lines."""
    reader = csv.reader(_text(path).splitlines())
    try:
        columns = _header(reader, path)
        for cells in reader:
            if max(map(len, cells), default=0) > _LONGEST_CELL:  # the csv module's limit is the whole process's
                raise csv.Error(f"field larger than field limit ({_LONGEST_CELL})")
            if any(cell.strip() for cell in cells[len(columns) :]):
                remedy = "put a cell that holds a comma into quotation marks; other names are joined by |"
                where = f"{path}, line {reader.line_num}"
                raise UsageError("the row has more cells than the header", where=where, remedy=remedy)
            yield reader.line_num, dict(zip(columns, cells, strict=False))
    except csv.Error as error:
        raise UsageError(
            f"this is no row of a table ({error})",
            where=f"{path}, line {reader.line_num}",
            remedy="shorten the cell, or close its quotation mark",
        ) from error


def _header(rows: Iterator[list[str]], path: Path) -> list[str]:
    """The columns, without empty ones at the end; raises UsageError where they are not those that are known."""
    columns = [column.strip() for column in next(rows, [])]
    while columns and not columns[-1]:
        columns.pop()
    remedy = "the first line names the columns: " + ",".join(_COLUMNS)
    missing = [column for column in _COLUMNS[:3] if column not in columns]
    if missing:
        raise UsageError("no column " + ", ".join(missing), where=str(path), remedy=remedy)
    for column, count in Counter(columns).items():
        if column not in _COLUMNS:
            raise UsageError(f"no column is called {column!r}", where=f"{path}, line 1", remedy=remedy)
        if count > 1:
            raise UsageError(f"{count} columns are called {column!r}", where=f"{path}, line 1", remedy="keep one")
    return columns


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"cannot be read ({reason})", where=str(path), remedy="give a UTF-8 CSV file") from error
    return decoded(content, "this", path)
