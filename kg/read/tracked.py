"""Text that remembers where each of its characters came from: what every cleaning step works on."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from kg.model.article import OffsetMap

__all__ = ["Edit", "Piece", "TrackedText", "spans_by_bytes"]


@dataclass(frozen=True)
class Edit:
    """Characters ``start`` to ``end`` become ``new``.

    ``spans`` gives, for each character of ``new``, the half-open span of the old text that it came from. Without it, a
    replacement of equal length is taken character by character, and any other leads each new character to the whole.
    """

    start: int
    end: int
    new: str
    spans: Sequence[tuple[int, int]] | None = None


Piece = tuple[int, int] | str
"""A span that is kept, or characters that cleaning puts in itself."""


@dataclass(frozen=True)
class TrackedText:
    """A text with the half-open span, in code points of the original, of each of its characters.

    Texts are immutable; every step returns a new one. Starts and ends never fall from one character to the next, as
    long as pieces are selected and edits made in the order of the text.

    >>> page = TrackedText.of("a&amp;b").edit([Edit(1, 6, "&")])
    >>> page.text, page.span(1, 2)
    ('a&b', (1, 6))
    """

    text: str
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, text: str) -> TrackedText:
        """The original itself."""
        starts = np.arange(len(text), dtype=np.int64)
        return cls(text, starts, starts + 1)

    def __len__(self) -> int:
        return len(self.text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of characters ``start`` to ``end`` (not empty)."""
        return int(self.starts[start]), int(self.ends[end - 1])

    def edit(self, edits: Iterable[Edit]) -> TrackedText:
        """The text after edits that do not overlap, given in ascending order."""
        words: list[str] = []
        starts: list[NDArray[np.int64]] = []
        ends: list[NDArray[np.int64]] = []
        done = 0
        for edit in edits:
            if not done <= edit.start <= edit.end <= len(self.text):
                raise ValueError(f"edit {edit.start}–{edit.end} overlaps the one before it or leaves the text")
            words += [self.text[done : edit.start], edit.new]
            first, last = self._origins(edit)
            starts += [self.starts[done : edit.start], first]
            ends += [self.ends[done : edit.start], last]
            done = edit.end
        if not words:
            return self
        words.append(self.text[done:])
        starts.append(self.starts[done:])
        ends.append(self.ends[done:])
        return TrackedText("".join(words), np.concatenate(starts), np.concatenate(ends))

    def _origins(self, edit: Edit) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        size = len(edit.new)
        if edit.spans is not None:
            if len(edit.spans) != size:
                raise ValueError(f"{size} new characters, {len(edit.spans)} spans")
            first = np.array([self.starts[a] for a, _ in edit.spans], dtype=np.int64)
            last = np.array([self.ends[b - 1] for _, b in edit.spans], dtype=np.int64)
            return first, last
        if size == edit.end - edit.start:
            return self.starts[edit.start : edit.end], self.ends[edit.start : edit.end]
        if edit.start == edit.end:
            begin, finish = self._between(self._border(edit.start), edit.start)
            return np.full(size, begin, dtype=np.int64), np.full(size, finish, dtype=np.int64)
        begin, finish = self.span(edit.start, edit.end)
        return np.full(size, begin, dtype=np.int64), np.full(size, finish, dtype=np.int64)

    def _border(self, at: int) -> int:
        """Where in the original something put in before character ``at`` belongs."""
        if at:
            return int(self.ends[at - 1])
        return int(self.starts[0]) if len(self.starts) else 0

    def _between(self, at: int, following: int) -> tuple[int, int]:
        """The span of something put in: empty where the characters before and behind it do not share their origin."""
        return (min(at, int(self.starts[following])) if following < len(self.starts) else at), at

    def sub(self, pattern: re.Pattern[str], new: str | Callable[[re.Match[str]], str | None]) -> TrackedText:
        """Replace each match of ``pattern`` by ``new``; a function that returns None leaves its match alone."""
        edits = []
        for match in pattern.finditer(self.text):
            words = new(match) if callable(new) else new
            if words is not None and words != match.group():
                edits.append(Edit(match.start(), match.end(), words))
        return self.edit(edits)

    def translate(self, table: dict[int, str]) -> TrackedText:
        """Replace characters one by one; ``table`` maps a code point to exactly one character."""
        text = self.text.translate(table)
        if len(text) != len(self.text):
            raise ValueError("a translation must keep the number of characters")
        return TrackedText(text, self.starts, self.ends)

    def with_text(self, text: str) -> TrackedText:
        """The same places with other characters, one for one."""
        if len(text) != len(self.text):
            raise ValueError(f"{len(text)} characters cannot stand for {len(self.text)}")
        return TrackedText(text, self.starts, self.ends)

    def select(self, pieces: Iterable[Piece]) -> TrackedText:
        """The pieces one after the other; what is put in has an empty span where the piece before it ends."""
        words: list[str] = []
        starts: list[NDArray[np.int64]] = []
        ends: list[NDArray[np.int64]] = []
        at, kept = self._border(0), list(pieces)
        for number, piece in enumerate(kept):
            if isinstance(piece, str):
                following = next((p[0] for p in kept[number + 1 : number + 3] if not isinstance(p, str)), len(self))
                begin, finish = self._between(at, following)
                words.append(piece)
                starts.append(np.full(len(piece), begin, dtype=np.int64))
                ends.append(np.full(len(piece), finish, dtype=np.int64))
                continue
            start, end = piece
            words.append(self.text[start:end])
            starts.append(self.starts[start:end])
            ends.append(self.ends[start:end])
            if end > start:
                at = int(self.ends[end - 1])
        if not words:
            return TrackedText.of("")
        return TrackedText("".join(words), np.concatenate(starts), np.concatenate(ends))

    def offset_map(self) -> OffsetMap:
        """The map of an article whose clean text this is."""
        return OffsetMap(_as_array(self.starts), _as_array(self.ends))


def _as_array(numbers: NDArray[np.int64]) -> array[int]:
    values = array("L")
    values.frombytes(numbers.astype(np.dtype("L")).tobytes())  # the C type, whose width differs between platforms
    return values


def spans_by_bytes(old: Sequence[int], new: Sequence[int]) -> list[tuple[int, int]]:
    """For characters of ``new`` byte lengths the span of characters of ``old`` byte lengths that hold their bytes.

    >>> spans_by_bytes([2, 2, 2], [3, 3])
    [(0, 2), (1, 3)]
    """
    borders = list(accumulate(old, initial=0))
    spans, at = [], 0
    for size in new:
        first = bisect_right(borders, at) - 1
        last = bisect_right(borders, at + size - 1)
        spans.append((first, last))
        at += size
    return spans
