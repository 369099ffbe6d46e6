"""Layout: paragraphs, headings, sentences and clauses of the clean text."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Layout", "Paragraph", "clauses", "lay_out"]

_SENTENCE_END = re.compile(r"(?:[。！？!?；;]|…+)[”’」』\"）)》]*")
_CLAUSE_END = re.compile(r"[，：]|(?<!\d)[,:]|[,:](?!\d)|——|--+")
"""A comma or colon between two digits (1,200 and 8:30) ends nothing."""
_HEADING_LONGEST = 40
"""Characters; a line without a full stop up to this length is a heading."""
_LONGEST_BRACKET = 200


@dataclass(frozen=True)
class Paragraph:
    """One line of the clean text, as (start, end) without its line break."""

    start: int
    end: int
    kind: str
    """``title``, ``heading`` or ``body``."""
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Layout:
    """All paragraphs in order; sentences tile each paragraph."""

    paragraphs: tuple[Paragraph, ...]

    @property
    def sentences(self) -> list[tuple[int, int]]:
        return [sentence for paragraph in self.paragraphs for sentence in paragraph.sentences]


def lay_out(text: str, title: tuple[int, int] | None = None) -> Layout:
    """Paragraphs of a clean text; the one that holds the title's span is marked as such."""
    paragraphs, start = [], 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            paragraphs.append(Paragraph(start, end, _kind(line, start, title), tuple(_sentences(line, start))))
        start = end + 1
    return Layout(tuple(paragraphs))


def _kind(line: str, start: int, title: tuple[int, int] | None) -> str:
    if title and title[0] <= start < max(title[1], title[0] + 1):
        return "title"
    ends_open = not re.search(r"[。！？!?；;：:…][”’」』\"）)]*$", line.strip())
    return "heading" if ends_open and len(line) <= _HEADING_LONGEST else "body"


def _sentences(line: str, offset: int) -> list[tuple[int, int]]:
    cuts, start = [], 0
    for match in _SENTENCE_END.finditer(line):
        if match.end() < len(line) and _inside_brackets(line, start, match.start()):
            continue
        cuts.append((offset + start, offset + match.end()))
        start = match.end()
    if start < len(line):
        cuts.append((offset + start, offset + len(line)))
    return cuts


def _inside_brackets(line: str, start: int, at: int) -> bool:
    """Whether a full stop stands within a title's or bracket's marks that were opened in the same sentence.

    Marks that are not closed soon hold nothing together: one lost mark must not make a paragraph one sentence.
    """
    for opening, closing in ("《》", "（）"):
        opened = line.rfind(opening, max(start, at - _LONGEST_BRACKET), at)
        if (
            opened >= 0
            and line.rfind(closing, opened, at) < 0
            and line.find(closing, at, opened + _LONGEST_BRACKET) >= 0
        ):
            return True
    return False


def clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The clauses of one sentence: cut at commas and colons, whether full-width or half-width."""
    spans, begin = [], start
    for match in _CLAUSE_END.finditer(text, start, end):
        spans.append((begin, match.end()))
        begin = match.end()
    if begin < end:
        spans.append((begin, end))
    return spans
