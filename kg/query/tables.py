"""Tables for the terminal: columns line up although a Chinese character is two cells wide."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from kg.errors import printable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["flat_frame", "frame_text", "json_text", "plain_rows", "text_table", "width"]

WIDEST = 60
"""Cells; longer values are cut, with an ellipsis. Other formats give them whole."""
NARROWEST = 12
"""Cells that a column is cut to at most, to fit the terminal."""
_GAP = "  "


def width(text: str) -> int:
    """Cells that the text takes in a terminal.

    >>> width("夜校 a")
    6
    """
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _number(value: float) -> str:
    """Six digits, but never a power of ten for what a reader counts: 1008000, not 1.008e+06.

    >>> _number(1008000.0), _number(1234567.25), _number(0.16731234), _number(1e-07)
    ('1008000', '1234567.25', '0.167312', '1e-07')
    """
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.2f}" if 1e5 <= abs(value) < 1e15 else f"{value:g}"


def _cell(value: Any, widest: int = WIDEST) -> str:
    text = "" if value is None else _number(value) if isinstance(value, float) else str(value)
    text = printable(text)  # control characters of an article must not reach the terminal
    if width(text) <= widest:
        return text
    kept = ""
    for c in text:
        if width(kept + c) > widest - 1:
            break
        kept += c
    return kept + "…"


def text_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], room: int | None = None) -> str:
    """The rows under their columns, as plain text that ends in a line break.

    Where they take more than ``room`` cells (the terminal's, where it goes to one; else as many as are needed), the
    widest columns are cut until they fit, none below ``NARROWEST``.
    """
    if room is None and sys.stdout.isatty():
        room = shutil.get_terminal_size().columns
    cells = [list(map(_cell, columns)), *[[_cell(v) for v in row] for row in rows]]
    widths = [max(width(row[i]) for row in cells) for i in range(len(columns))]
    if room is not None and sum(widths) + len(_GAP) * (len(widths) - 1) > room:
        widest = _fitting(widths, room - len(_GAP) * (len(widths) - 1))
        cells = [[_cell(cell, widest) for cell in row] for row in cells]
        widths = [min(w, widest) for w in widths]
    lines = [_GAP.join(c + " " * (w - width(c)) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells]
    lines.insert(1, _GAP.join("-" * w for w in widths))
    return "\n".join(lines) + "\n"


def _fitting(widths: Sequence[int], room: int) -> int:
    """The largest width for which the columns fit when none is wider."""
    return next((w for w in range(max(widths), NARROWEST, -1) if sum(min(w, one) for one in widths) <= room), NARROWEST)


def flat_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """A plain data frame for files: names of a cell joined by 、, columns with data frames in their cells left out."""
    import pandas as pd

    plain = pd.DataFrame(frame)
    nested = [any(isinstance(cell, pd.DataFrame) for cell in plain.iloc[:, at]) for at in range(plain.shape[1])]
    kept = plain.loc[:, [not each for each in nested]]
    return kept.map(_joined)


def _joined(cell: Any) -> Any:
    return "、".join(map(str, cell)) if isinstance(cell, tuple) else cell


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows by their columns; None where there is nothing (pandas makes NaN of it), frames in cells as such rows."""
    import pandas as pd

    def plain(value: Any) -> Any:
        if isinstance(value, pd.DataFrame):
            return plain_rows(value)
        return None if pd.api.types.is_scalar(value) and pd.isna(value) else value

    return [{str(name): plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def json_text(told: Any) -> str:
    """A line of JSON; numbers of numpy as such, days as text. Raises ValueError for what JSON has no word for (NaN)."""

    def word(value: Any) -> Any:
        return value.item() if hasattr(value, "item") else str(value)

    return json.dumps(told, ensure_ascii=False, allow_nan=False, default=word) + "\n"


def frame_text(frame: pd.DataFrame, form: str, *, worded: Callable[[str], str] = str) -> str:
    """A data frame as ``table``, ``csv`` or ``json`` (a list of objects); tuples of labels joined by 、 but in JSON.

    ``worded`` gives how a text is written in CSV: so that no spreadsheet takes it for a formula, for one.
    """
    told = plain_rows(frame)
    if form == "json":
        return json_text(told)
    rows = [[_joined(cell) for cell in row.values()] for row in told]
    if form == "table":
        return text_table([str(c) for c in frame.columns], rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([worded(str(name)) for name in frame.columns])
    writer.writerows([worded(v) if isinstance(v, str) else v for v in row] for row in rows)
    return out.getvalue()
