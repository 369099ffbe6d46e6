"""Pieces of words: what a language model of the unigram kind cuts Chinese text into."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = ["SPECIAL", "UNKNOWN", "Pieces"]

UNKNOWN = 2
"""Id of a character that is no piece."""
SPECIAL = 3
"""How many ids come before the first piece's: begin, end, unknown."""

_LONGEST_PIECE = 8
_UNKNOWN_SCORE = -40.0
"""Below any sum of scores of real pieces, so that an unknown character is the last resort."""


class Pieces:
    """Cuts a word into the likeliest pieces of a unigram language model (Kudo 2018), as XLM-R's tokenizer does.

    LAC's words are cut, not the running text: so no piece reaches over a candidate phrase's ends.
    """

    def __init__(self, scores: dict[str, float]) -> None:
        self._known = {piece: (number, score) for number, (piece, score) in enumerate(scores.items(), SPECIAL)}
        self.cut = lru_cache(1 << 16)(self._cut)

    def rows(self, word: str) -> list[int]:
        """The places of a word's pieces in a table with a row for each piece; unknown characters are left out."""
        return [number - SPECIAL for number, _, _ in self.cut(word) if number != UNKNOWN]

    def _cut(self, word: str) -> tuple[tuple[int, int, int], ...]:
        """(id, start, end) of the pieces of a word, start and end within it."""
        chars = [unicodedata.normalize("NFKC", char) for char in word]
        best = [(0.0, 0, UNKNOWN)]
        for end in range(1, len(word) + 1):
            choices = [(best[end - 1][0] + _UNKNOWN_SCORE, end - 1, UNKNOWN)]
            for start in range(max(0, end - _LONGEST_PIECE), end):
                number, score = self._known.get("".join(chars[start:end]), (UNKNOWN, 0.0))
                if number != UNKNOWN:
                    choices.append((best[start][0] + score, start, number))
            best.append(max(choices, key=lambda choice: choice[0]))
        found = []
        end = len(word)
        while end:
            _, start, number = best[end]
            found.append((number, start, end))
            end = start
        return tuple(reversed(found))
