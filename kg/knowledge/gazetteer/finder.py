"""Finds the names of places in running text: longest match, left to right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import compress, count
from operator import add

__all__ = ["NameFinder"]


class NameFinder:
    """Looks up, at each pair of characters that begins a name, the longest name that stands there.

    Twice as fast as an Aho-Corasick automaton here, whose root has a branch for each of some 4,000 characters. Names of
    one character are not looked for. Where names overlap, the leftmost wins, and of those that begin there the longest.

    >>> list(NameFinder(["长沙", "长沙市", "市场"]).find("在长沙市场"))
    [(1, 4, '长沙市')]
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {name for name in names if len(name) >= 2}
        lengths: dict[str, set[int]] = defaultdict(set)
        for name in self._names:
            lengths[name[:2]].add(len(name))
        self._lengths = {pair: tuple(sorted(found, reverse=True)) for pair, found in lengths.items()}

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """(start, end, name) in the order of the text, not overlapping."""
        lengths, names, free = self._lengths, self._names, 0
        begins = map(lengths.__contains__, map(add, text, text[1:]))
        for start in compress(count(), begins):
            if start < free:
                continue
            for length in lengths[text[start : start + 2]]:
                name = text[start : start + length]
                if name in names:
                    free = start + length
                    yield start, free, name
                    break
