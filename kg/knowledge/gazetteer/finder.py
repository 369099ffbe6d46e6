"""Finds the names of places in running text: longest match, left to right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import ahocorasick

__all__ = ["NameFinder"]


class NameFinder:
    """An Aho-Corasick automaton over names; where names overlap, the leftmost wins, and of those the longest.

    >>> list(NameFinder(["长沙", "长沙市", "市场"]).find("在长沙市场"))
    [(1, 4, '长沙市')]
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._automaton = ahocorasick.Automaton()
        for name in names:
            self._automaton.add_word(name, name)
        if len(self._automaton):
            self._automaton.make_automaton()

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """(start, end, name) in the order of the text, not overlapping."""
        if len(self._automaton):
            for last, name in self._automaton.iter_long(text):
                yield last + 1 - len(name), last + 1, name
