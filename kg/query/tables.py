"""Tables for the terminal: columns line up although a Chinese character is two cells wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

__all__ = ["text_table", "width"]

WIDEST = 60
"""Cells; longer values are cut, with an ellipsis. Other formats give them whole."""


def width(text: str) -> int:
    """Cells that the text takes in a terminal.

    >>> width("夜校 a")
    6
    """
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _cell(value: Any) -> str:
    text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    # Control characters of an article must not reach the terminal.
    text = "".join(c if c.isprintable() else " " for c in text)
    if width(text) <= WIDEST:
        return text
    kept = ""
    for c in text:
        if width(kept + c) > WIDEST - 1:
            break
        kept += c
    return kept + "…"


def text_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """The rows under their columns, as plain text that ends in a line break."""
    cells = [list(map(_cell, columns)), *[[_cell(v) for v in row] for row in rows]]
    widths = [max(width(row[i]) for row in cells) for i in range(len(columns))]
    lines = ["  ".join(c + " " * (w - width(c)) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells]
    lines.insert(1, "  ".join("-" * w for w in widths))
    return "\n".join(lines) + "\n"
