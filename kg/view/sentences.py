"""The sentence around a span, for readers of evidence."""

from __future__ import annotations

import re

__all__ = ["LONGEST", "sentence_around"]

LONGEST = 240
"""A longer sentence is cut around the words (code points): an undivided page must not fill the panel."""

_END = re.compile(r"[。！？!?；;…]+[”’」』）)\"]*|\n")


def sentence_around(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The sentence that holds ``text[start:end]``, and where in it the words stand.

    A span that runs over a sentence's end yields all the sentences that it touches. Offsets are code points.

    >>> sentence_around("先是通知。社区集中授课两次！散会。", 7, 11)
    ('社区集中授课两次！', 2, 6)
    """
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"span {start}–{end} lies outside a text of {len(text)} characters")
    window = max(0, start - 2 * LONGEST)
    first = window
    for match in _END.finditer(text, window, start):
        first = match.end()
    closing = _END.search(text, max(start, end - 1), min(len(text), end + 2 * LONGEST))
    last = closing.end() if closing else min(len(text), end + 2 * LONGEST)
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    head = tail = ""
    if last - first > LONGEST:
        room = max(0, LONGEST - (end - start)) // 2
        if start - first > room:
            first, head = start - room, "…"
        if last - end > room:
            last, tail = end + room, "…"
    return f"{head}{text[first:last]}{tail}", start - first + len(head), end - first + len(head)
