"""The sentence around a span: what a reader is shown as evidence."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

__all__ = ["sentence_span"]

_END = re.compile(r"[。！？!?；;\n]+[”’」』）)]*")
LONGEST = 300
"""Code points; a longer sentence (a table, a damaged text) is cut to a window around the words."""


def sentence_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence that holds ``text[start:end]`` begins and ends, without space at its edges.

    >>> text = "一句。街道办了夜校。第三句。"
    >>> text[slice(*sentence_span(text, 7, 9))]
    '街道办了夜校。'
    """
    ends, latest = _ends(text), min(len(text), end + LONGEST)
    before = bisect_right(ends, start)
    first = max(ends[before - 1] if before else 0, start - LONGEST, 0)
    closing = _END.search(text, end, latest)
    last = closing.end() if closing else latest
    if last - first > max(LONGEST, end - start):
        room = max(0, LONGEST - (end - start)) // 2
        first, last = max(first, start - room), min(last, end + room)
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


@lru_cache(maxsize=2)
def _ends(text: str) -> list[int]:
    """Where the sentences of a text end; one article asks many times."""
    return [mark.end() for mark in _END.finditer(text)]
