"""Where words stand in the sentences of practices: an index of pairs of characters, made for words of two characters.

SQLite's full text search finds Chinese words of three characters or more (its trigram tokenizer); most are of two.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

__all__ = ["WordIndex"]

_Ints = npt.NDArray[np.int64]
_BLOCK = 2_000
"""Texts that are indexed at once: the pairs of so many fit into a few dozen megabytes."""


class WordIndex:
    """Finds the texts that hold a string; upper and lower case are the same.

    >>> WordIndex(["社区夜校", "夜间巡逻", "School for all"]).find("夜校").tolist()
    [0]
    >>> WordIndex(["社区夜校", "夜间巡逻", "School for all"]).find("school FOR").tolist()
    [2]
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = [text.casefold() for text in texts]
        pairs: list[_Ints] = []
        owners: list[npt.NDArray[np.int32]] = []
        for first in range(0, len(self._texts), _BLOCK):
            block = self._texts[first : first + _BLOCK]
            lengths = np.array([len(text) for text in block], dtype=np.int64)
            points = np.frombuffer("".join(block).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)
            owner = np.repeat(np.arange(len(block), dtype=np.int64), lengths)
            codes = (points[:-1] << 21) | points[1:]
            inside = owner[:-1] == owner[1:]
            # One number for text and pair, so that one sort finds each pair of a text once.
            order = np.lexsort((owner[:-1][inside], codes[inside]))
            code, of = codes[inside][order], owner[:-1][inside][order]
            fresh = np.ones(len(code), dtype=np.bool_)
            fresh[1:] = (code[1:] != code[:-1]) | (of[1:] != of[:-1])
            pairs.append(code[fresh])
            owners.append((of[fresh] + first).astype(np.int32))
        code = np.concatenate(pairs) if pairs else np.empty(0, dtype=np.int64)
        of32 = np.concatenate(owners) if owners else np.empty(0, dtype=np.int32)
        order = np.argsort(code, kind="stable")
        self._owners = of32[order]
        self._codes, self._starts = np.unique(code[order], return_index=True)

    def find(self, words: str) -> _Ints:
        """Numbers of the texts that hold the words, ascending. A single character is looked for in all texts."""
        wanted = words.casefold()
        if not wanted:
            return np.arange(len(self._texts), dtype=np.int64)
        if len(wanted) == 1:
            return np.array([n for n, text in enumerate(self._texts) if wanted in text], dtype=np.int64)
        lists = []
        for one, other in pairwise(wanted):
            code = (ord(one) << 21) | ord(other)
            at = int(np.searchsorted(self._codes, code))
            if at == len(self._codes) or self._codes[at] != code:
                return np.empty(0, dtype=np.int64)
            end = self._starts[at + 1] if at + 1 < len(self._starts) else len(self._owners)
            lists.append(self._owners[self._starts[at] : end])
        lists.sort(key=len)
        found = lists[0]
        for other_list in lists[1:]:
            found = found[np.isin(found, other_list, assume_unique=True)]
        if len(wanted) > 2:  # the pairs stand in the text, not yet side by side
            found = np.array([n for n in found.tolist() if wanted in self._texts[n]], dtype=np.int64)
        return np.sort(found).astype(np.int64)

    def where(self, number: int, words: str) -> int:
        """Where the words begin in a text (of its lower case form); -1 where they do not stand."""
        return self._texts[number].find(words.casefold())
