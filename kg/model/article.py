"""The article: clean text, what it says of itself, and the way back to the original file."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Any

from kg.model.shown import article_html

__all__ = ["Article", "OffsetMap", "SourceSpan"]


@dataclass(frozen=True)
class SourceSpan:
    """A place in the original file, in code points after the recorded decoding.

    ``unit`` names what ``start`` and ``end`` count in: ``text`` (the whole decoded file: txt, html), ``paragraph``
    (docx; ``index`` is the paragraph), ``page`` (pdf; ``index`` is the page), ``row`` (jsonl, csv, xlsx; ``index`` is
    the row, counted from 0, and the offsets lie in its text column) or ``title`` (the same row's title column).
    """

    start: int
    end: int
    unit: str = "text"
    index: int | None = None

    def as_dict(self) -> dict[str, Any]:
        plain: dict[str, Any] = {"start": self.start, "end": self.end}
        if self.unit != "text":
            plain |= {"unit": self.unit, "index": self.index}
        return plain


@dataclass(frozen=True)
class OffsetMap:
    """Where each character of the clean text stands in the original.

    ``starts[i]`` and ``ends[i]`` are the half-open span, in code points of the original, of clean character ``i``; a
    character that cleaning put in itself (a line break between two paragraphs of a page) has an empty span.
    """

    starts: array[int]
    ends: array[int]

    def __len__(self) -> int:
        return len(self.starts)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of clean characters ``start`` to ``end``.

        >>> OffsetMap(array("L", [0, 4]), array("L", [1, 5])).span(0, 2)
        (0, 5)
        """
        if not 0 <= start <= end <= len(self.starts):
            raise ValueError(f"span {start}–{end} lies outside a text of {len(self.starts)} characters")
        if start == end:
            at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if len(self.ends) else 0)
            return at, at
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True)
class Article:
    """One article as it was read.

    ``text`` is the clean text (title first, then the body, one paragraph a line, ``\\n`` between them); all later
    spans count in its code points. ``original`` is the decoded original that ``offsets`` leads to.
    """

    file: str
    """Base name of the file; for a table file name, ``#`` and the row's id, or its number from 1 where it has none."""
    text: str
    original: str
    offsets: OffsetMap
    content_hash: str
    """SHA-256 of the original bytes (for a table of what the row's known columns hold), in hexadecimal."""
    path: str | None = None
    media_type: str = "text/plain"
    encoding: str | None = None
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    """ISO 8601 date (or year and month) as the article states it."""
    url: str | None = None
    title_span: tuple[int, int] | None = None
    """Where the title stands in the clean text, if it does."""
    duplicate_of: str | None = None
    """``file`` of the article that this one reposts."""
    segments: tuple[tuple[int, str, int], ...] = ()
    """For docx, pdf and tables: (offset in ``original`` at which it begins, unit, index), ascending; else empty."""
    notes: tuple[str, ...] = field(default=())
    """What reading repaired or doubts, one sentence each (for the user, not for machines)."""

    def __post_init__(self) -> None:
        if len(self.offsets) != len(self.text):
            raise ValueError(f"{self.file}: {len(self.text)} characters of text, {len(self.offsets)} offsets")

    def _repr_html_(self) -> str:
        return article_html(self)

    def source(self, start: int, end: int) -> SourceSpan:
        """The place in the original file of a span of the clean text."""
        first, last = self.offsets.span(start, end)
        unit, index, begin = "text", None, 0
        for offset, name, number in self.segments:
            if offset > first:
                break
            unit, index, begin = name, number, offset
        return SourceSpan(first - begin, last - begin, unit, index)
