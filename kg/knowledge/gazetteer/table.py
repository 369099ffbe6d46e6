"""The compact file of the gazetteer: how it is laid out, and read (``kg.prepare.place_table`` writes it).

One zip (LZMA inside), four members:

``places.tsv``
    Every place above the village, a parent always before its children: level (a number into ``LEVELS``), parent's row
    (empty for a province), name, code of the NBS, code of the MCA, aliases joined by ``|``.
``villages.txt``
    Names of villages, one a line, by township in the order of ``places.tsv``.
``counts.u16``
    Per place above the village the number of its villages, little-endian.
``numbers.u16``
    Per village the last three digits of its code, little-endian; before them stands the township's NBS code.
"""

from __future__ import annotations

import zipfile
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.knowledge.gazetteer.place import LEVELS, Level

__all__ = ["UpperRow", "Villages", "read_uppers", "read_villages_table"]

_PRIME = np.uint64(0x100000001B3)


class UpperRow(NamedTuple):
    """One place above the village, as stored."""

    name: str
    level: Level
    parent: int | None
    nbs: str
    mca: str
    aliases: tuple[str, ...]
    until: int | None = None
    """Of a district that is no more, the year of its end."""
    merged_into: tuple[int, ...] = ()
    """Rows of the places that such a district is part of now."""


def read_uppers(file: IO[bytes]) -> list[UpperRow]:
    """The places above the village, in the order of their rows."""
    with zipfile.ZipFile(file) as archive:
        text = archive.read("places.tsv").decode("utf-8")
    rows = []
    for line in text.split("\n"):
        level, parent, name, nbs, mca, aliases = line.split("\t")
        names = tuple(aliases.split("|")) if aliases else ()
        rows.append(UpperRow(name, LEVELS[int(level)], int(parent) if parent else None, nbs, mca, names))
    return rows


class Villages:
    """All villages: names in one string, found by a hash of the name and binary search.

    Some 20 MB for 620,000 names, against 100 MB and more as objects. Village ``i`` lies in the place ``parent(i)``.
    """

    def __init__(self, names: str, counts: NDArray[np.uint16], numbers: NDArray[np.uint16]) -> None:
        self._text = names
        points = np.frombuffer(names.encode("utf-32-le"), dtype="<u4")
        breaks = np.flatnonzero(points == 10)
        self._starts = np.concatenate(([0], breaks + 1)).astype(np.uint32)
        self._ends = np.concatenate((breaks, [len(points)])).astype(np.uint32)
        self._numbers = numbers
        self._first = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
        hashes = _hashes(points, self._starts, self._ends)
        self._order = np.argsort(hashes, kind="stable").astype(np.uint32)
        self._hashes = hashes[self._order]

    def __len__(self) -> int:
        return len(self._starts)

    def name(self, index: int) -> str:
        return self._text[int(self._starts[index]) : int(self._ends[index])]

    def number(self, index: int) -> int:
        """The last three digits of its code."""
        return int(self._numbers[index])

    def parent(self, index: int) -> int:
        """Row of the place above the village that it lies in."""
        return int(np.searchsorted(self._first, index, side="right")) - 1

    def of(self, parent: int) -> range:
        """The villages of a place above the village; none of one that is not in the file."""
        last = len(self._first) - 1
        return range(int(self._first[min(parent, last)]), int(self._first[min(parent + 1, last)]))

    def named(self, name: str) -> list[int]:
        """The villages of exactly this name, in the order of the file."""
        if not name:
            return []
        points = np.frombuffer(name.encode("utf-32-le"), dtype="<u4")
        wanted = _hashes(points, np.array([0], dtype=np.uint32), np.array([len(points)], dtype=np.uint32))[0]
        low = int(np.searchsorted(self._hashes, wanted, side="left"))
        high = int(np.searchsorted(self._hashes, wanted, side="right"))
        found = sorted(int(index) for index in self._order[low:high])
        return [index for index in found if self.name(index) == name]


def _hashes(points: NDArray[np.uint32], starts: NDArray[np.uint32], ends: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """A polynomial hash of each slice of ``points``, modulo 2**64."""
    lengths = (ends - starts).astype(np.int64)
    powers = np.ones(int(lengths.max(initial=0)) + 1, dtype=np.uint64)
    np.multiply.accumulate(np.full(len(powers) - 1, _PRIME), out=powers[1:])
    result = np.zeros(len(starts), dtype=np.uint64)
    for offset in range(int(lengths.max(initial=0))):  # a name has at most some thirty characters
        longer = np.flatnonzero(lengths > offset)
        result[longer] += points[starts[longer] + offset].astype(np.uint64) * powers[offset]
    return result


def read_villages_table(file: IO[bytes]) -> Villages:
    """The villages of the file (some 0.4 s: call it when one is asked for)."""
    with zipfile.ZipFile(file) as archive:
        names = archive.read("villages.txt").decode("utf-8")
        counts = np.frombuffer(archive.read("counts.u16"), dtype="<u2")
        numbers = np.frombuffer(archive.read("numbers.u16"), dtype="<u2")
    return Villages(names, counts, numbers)
