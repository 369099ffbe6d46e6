"""The page: one article's text with its layout, words, quotations and hidden states, as plain arrays.

A spaCy ``Doc`` carries one as ``doc._.page``. Components read and add to it; spaCy's token objects are made once, for the
researcher, and are not walked again (plain arrays are ten times faster here).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.extract.text.layout import Layout

__all__ = ["Page", "Quotation", "Word"]

Word = tuple[int, int, str]
"""(start, end, tag) in code points of the clean text."""


@dataclass(frozen=True)
class Quotation:
    """Words between quotation marks; the span leaves the marks out."""

    start: int
    end: int
    mark: str
    """The opening mark."""
    depth: int
    """0 for an outer quotation, 1 for one within it."""


@dataclass
class Page:
    """All that the components know of one article."""

    text: str
    layout: Layout
    words: list[Word]
    hidden: NDArray[np.float32]
    quotations: list[Quotation] = field(default_factory=list)
    published: str | None = None
    publisher: str | None = None
    found: dict[str, Any] = field(default_factory=dict)
    """What the components found, by the component's name."""

    def __post_init__(self) -> None:
        self.word_starts = [start for start, _, _ in self.words]
        self.tags = [tag for _, _, tag in self.words]
        self.sentences = self.layout.sentences
        self._sentence_starts = [start for start, _ in self.sentences]
        self._paragraph_starts = [paragraph.start for paragraph in self.layout.paragraphs]

    @cached_property
    def characters(self) -> NDArray[np.uint32]:
        """The code points of the text."""
        return np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), np.uint32)

    def among(self, chosen: str) -> NDArray[np.bool_]:
        """Which characters of the text are among the chosen ones."""
        return _membership(chosen)[np.minimum(self.characters, _BASIC)]

    def count_before(self, chosen: str) -> NDArray[np.intp]:
        """How many of the chosen characters stand before each place of the text, its end included."""
        return np.append(0, np.cumsum(self.among(chosen)))

    @cached_property
    def tag_names(self) -> list[str]:
        """The tags that the article's words have, each once."""
        return list(dict.fromkeys(self.tags))

    @cached_property
    def tag_numbers(self) -> NDArray[np.intp]:
        """For each word the place of its tag in ``tag_names``."""
        numbers = {tag: number for number, tag in enumerate(self.tag_names)}
        return np.array([numbers[tag] for tag in self.tags], np.intp)

    def tagged(self, tags: Container[str]) -> NDArray[np.bool_]:
        """Which words have one of these tags."""
        return np.array([tag in tags for tag in self.tag_names], bool)[self.tag_numbers]

    @cached_property
    def word_spans(self) -> NDArray[np.int32]:
        """(start, end) of all words, shape (words, 2)."""
        return np.array([(start, end) for start, end, _ in self.words], np.int32).reshape(-1, 2)

    @cached_property
    def partner_marks(self) -> dict[int, int]:
        """The place of each quotation's opening mark by that of its closing one, and the other way round.

        Asked for when the quotations are found: candidates, lists and records all need it, the last for every value.
        """
        partners: dict[int, int] = {}
        for quotation in self.quotations:
            partners |= {quotation.start - 1: quotation.end, quotation.end: quotation.start - 1}
        return partners

    @cached_property
    def titles(self) -> str:
        """The lines of the title."""
        return "\n".join(self.text[p.start : p.end] for p in self.layout.paragraphs if p.kind == "title")

    def word_at(self, at: int) -> int:
        """Index of the word that holds a character."""
        return max(bisect_right(self.word_starts, at) - 1, 0)

    def sentence_at(self, at: int) -> int:
        """Index of the sentence that holds a character."""
        return max(bisect_right(self._sentence_starts, at) - 1, 0)

    def sentences_at(self, at: NDArray[np.intp]) -> NDArray[np.intp]:
        """Indices of the sentences that hold some characters."""
        return np.maximum(np.searchsorted(self._sentence_starts, at, side="right") - 1, 0)

    def paragraphs_at(self, at: NDArray[np.intp]) -> NDArray[np.intp]:
        """Indices of the paragraphs that hold some characters."""
        return np.maximum(np.searchsorted(self._paragraph_starts, at, side="right") - 1, 0)

    def paragraph_at(self, at: int) -> int:
        """Index of the paragraph that holds a character."""
        return max(bisect_right(self._paragraph_starts, at) - 1, 0)

    def kind_at(self, at: int) -> str:
        """Kind of the paragraph that holds a character."""
        return self.layout.paragraphs[self.paragraph_at(at)].kind


_BASIC = 0xFFFF
"""The last code point of Unicode's basic plane, which stands for all beyond it and is no character."""


@cache
def _membership(chosen: str) -> NDArray[np.bool_]:
    """Whether each code point of the basic plane is among the chosen characters."""
    table = np.zeros(_BASIC + 1, bool)
    table[[ord(char) for char in chosen]] = True
    return table
