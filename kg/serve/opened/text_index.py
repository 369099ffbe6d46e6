"""A bigram index: which texts hold a string, in any script, also words of two characters.

All texts stand one after the other; each pair of neighbouring characters knows the places where it begins. A phrase is looked
up by its rarest pair and compared there, character by character, for all places at once. SQLite's trigram index finds
nothing for a word of two characters, of which Chinese is full.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["TextIndex"]

_GAP = 0
"""Stands between two texts: no phrase reaches over it."""
_BITS = 21
"""Of a Unicode code point."""


@dataclass(frozen=True)
class TextIndex:
    """Finds the texts that hold a string; upper and lower case are the same.

    >>> index = TextIndex.of(["社区夜校", "夜间巡逻", "School for all, 夜校"])
    >>> index.find("夜校").tolist(), index.find("school FOR").tolist(), index.find("校").tolist()
    ([0, 2], [2], [0, 2])
    """

    points: NDArray[np.uint32]
    """Code points of all texts, in lower case, ``_GAP`` after each."""
    owner: NDArray[np.int32]
    """The text of each code point: looked up in a tenth of the time of a search for where texts begin."""
    size: int
    """Number of texts."""
    pairs: NDArray[np.uint64]
    """The pairs that there are, ascending."""
    begins: NDArray[np.int64]
    """Where the places of each pair begin in ``places``; one more for the end."""
    places: NDArray[np.int32]

    @classmethod
    def of(cls, texts: Iterable[str]) -> TextIndex:
        """The index of these texts; some 24 bytes for each character."""
        folded = [text.casefold().replace("\0", " ") for text in texts]
        whole = np.frombuffer("".join(f"{text}\0" for text in folded).encode("utf-32-le", "surrogatepass"), dtype="<u4")
        lengths = np.fromiter((len(text) + 1 for text in folded), dtype=np.int64, count=len(folded))
        points = whole.astype(np.uint32)
        codes = _pair(points[:-1].astype(np.uint64), points[1:].astype(np.uint64))
        inside = np.flatnonzero((points[:-1] != _GAP) & (points[1:] != _GAP))
        order = inside[np.argsort(codes[inside], kind="stable")]
        pairs, first = np.unique(codes[order], return_index=True)
        begins = np.concatenate((first, [len(order)])).astype(np.int64)
        owner = np.repeat(np.arange(len(folded), dtype=np.int32), lengths)
        return cls(points, owner, len(folded), pairs, begins, order.astype(np.int32))

    def __len__(self) -> int:
        return self.size

    def find(self, words: str) -> NDArray[np.int64]:
        """Numbers of the texts that hold the words, ascending; all for an empty string."""
        if not words:
            return np.arange(len(self))
        texts = self.owner[self.where(words)].astype(np.int64)
        # The places ascend, and so do the texts.
        return texts[np.concatenate(([True], texts[1:] != texts[:-1]))] if len(texts) else texts

    def where(self, words: str) -> NDArray[np.int64]:
        """All places in ``points`` at which the words begin, ascending."""
        wanted = np.array([ord(c) for c in words.casefold()], dtype=np.uint32)
        if len(wanted) == 0 or (wanted == _GAP).any():
            return np.zeros(0, dtype=np.int64)
        if len(wanted) == 1:
            return np.flatnonzero(self.points == wanted[0])
        codes = _pair(wanted[:-1].astype(np.uint64), wanted[1:].astype(np.uint64))
        at = np.searchsorted(self.pairs, codes)
        if (at == len(self.pairs)).any() or (self.pairs[at] != codes).any():
            return np.zeros(0, dtype=np.int64)
        counts = self.begins[at + 1] - self.begins[at]
        rarest = int(np.argmin(counts))
        found = self.places[self.begins[at[rarest]] : self.begins[at[rarest] + 1]].astype(np.int64) - rarest
        found = found[(found >= 0) & (found + len(wanted) < len(self.points))]
        for offset, point in enumerate(wanted.tolist()):
            if offset not in (rarest, rarest + 1):
                found = found[self.points[found + offset] == point]
        return found


def _pair(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return (one << np.uint64(_BITS)) | other
