"""Paragraphs that were broken into lines of a fixed width, joined again."""

from __future__ import annotations

import re
from collections import Counter

from kg.read.repair.characters import CJK
from kg.read.tracked import Piece, TrackedText

__all__ = ["unwrap"]

_ENDS = "。！？；…：:!?”』」）)】》—"
_CJK_END = re.compile(f"[{CJK}”’“‘—…]$")
_CJK_START = re.compile(f"^[{CJK}”’“‘—…]")
MIN_WIDTH = 16
"""Characters of a line below which text is not taken for wrapped: poems, lists and headings."""
FULL = 0.86
"""A line of this share of the usual width has no room for the next word and is taken to go on."""


def unwrap(text: TrackedText, *, always: bool = False) -> TrackedText:
    """Join the lines of a wrapped text; without ``always`` only where most lines have one and the same width.

    A line goes on where it is nearly full and the next is not indented. Between Chinese characters nothing is put in,
    else a blank.
    """
    lines = text.text.split("\n")
    widths = [len(line.strip()) for line in lines if line.strip()]
    if len(widths) < 6 and not (always and len(widths) > 1):
        return text
    width = _usual_width(widths, always)
    if width is None:
        return text
    pieces: list[Piece] = []
    at = 0
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        end = at + len(line)
        if _goes_on(line, following, width):
            stripped = line.rstrip()
            pieces.append((at, at + len(stripped)))
            following_plain = following.lstrip()
            between = "" if _CJK_END.search(stripped) and _CJK_START.search(following_plain) else " "
            if between:
                pieces.append(between)
        elif end < len(text):
            pieces.append((at, end + 1))
        else:
            pieces.append((at, end))
        at = end + 1
    return text.select(pieces)


def _usual_width(widths: list[int], always: bool) -> int | None:
    """The width that lines are broken at; None where the text is not wrapped."""
    most = max(1, len(widths) // 10)
    for longer in (most, most + 1):  # one line more may stand out: the head of a page
        if longer > len(widths) // 2:
            break
        long = sorted(widths)[-longer]
        near = Counter(width >= FULL * long for width in widths)[True]
        if MIN_WIDTH <= long <= 120 and near >= (max(2, len(widths) * 0.2) if always else len(widths) * 0.6):
            return long
    return None


def _goes_on(line: str, following: str, width: int) -> bool:
    stripped = line.strip()
    if not stripped or not following.strip() or not FULL * width <= len(stripped) <= width / FULL:
        return False
    if following[0] in " \u3000\t" and not line[:1].isspace():
        return False  # the next paragraph is indented
    return not (stripped[-1] in _ENDS and len(stripped) < width - 1)
