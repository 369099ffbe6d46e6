"""Writes the compact file of the gazetteer; ``kg.knowledge.gazetteer.table`` describes and reads it."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kg.knowledge.gazetteer.place import LEVELS
from kg.knowledge.gazetteer.table import UpperRow

__all__ = ["write_table"]


def write_table(path: Path, uppers: Sequence[UpperRow], villages: Sequence[Sequence[tuple[int, str]]]) -> None:
    """Write the file; ``villages[i]`` are (number, name) of place ``i``. The same input gives the same bytes."""
    lines = []
    for row in uppers:
        parent = "" if row.parent is None else str(row.parent)
        cells = (str(LEVELS.index(row.level)), parent, row.name, row.nbs, row.mca, "|".join(row.aliases))
        lines.append("\t".join(cells))
    counts = np.array([len(group) for group in villages], dtype="<u2")
    numbers = np.array([number for group in villages for number, _ in group], dtype="<u2")
    names = "\n".join(name for group in villages for _, name in group)
    members = {
        "places.tsv": "\n".join(lines).encode("utf-8"),
        "villages.txt": names.encode("utf-8"),
        "counts.u16": counts.tobytes(),
        "numbers.u16": numbers.tobytes(),
    }
    with zipfile.ZipFile(path, "w", compression=zipfile.ZIP_LZMA) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, date_time=(2023, 6, 30, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_LZMA
            entry.create_system = 3
            archive.writestr(entry, content)
