"""The sentence around a span: what a reader is shown as evidence."""

from __future__ import annotations

import re

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
    earliest, latest = max(0, start - LONGEST), min(len(text), end + LONGEST)
    first = earliest
    for mark in _END.finditer(text, earliest, start):
        first = mark.end() if mark.end() <= start else first
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
