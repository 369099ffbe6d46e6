"""The sentence around a span with the place of the words in it: the same sentence that the store quotes."""

from __future__ import annotations

from kg.graph.rdf.sentences import sentence_span

__all__ = ["sentence_around"]


def sentence_around(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The sentence that holds ``text[start:end]``, and where in it the words stand (code points).

    Raises ``ValueError`` where the span does not lie in the text.

    >>> sentence_around("先是通知。社区集中授课两次！散会。", 7, 11)
    ('社区集中授课两次！', 2, 6)
    """
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"span {start}–{end} lies outside a text of {len(text)} characters")
    first, last = sentence_span(text, start, end)
    return text[first:last], start - first, end - first
