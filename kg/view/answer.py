"""Answers in a notebook: data frames that show labels rather than IRIs, and the words marked in their sentence."""

from __future__ import annotations

import html
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["AnswerTable"]

MOST_ROWS = 30
"""Rows that are shown; the data frame holds them all."""
MOST_NAMES = 8
"""Names of one cell that are shown."""
MARK = '<mark style="background:#fde68a;color:inherit">{}</mark>'
CELL = "text-align:left;vertical-align:top;max-width:36em;white-space:normal"


class AnswerTable(pd.DataFrame):
    """A data frame that is pleasant to read in a notebook; in all else a data frame.

    IRIs are held but not shown, several names stand in one cell as 甲、乙, and where a column ``words`` stands beside a
    column ``sentence``, the words are marked in it.
    """

    @property
    def _constructor(self) -> type[AnswerTable]:
        return AnswerTable

    @classmethod
    def of(cls, frame: pd.DataFrame) -> AnswerTable:
        """The same frame with its notes (``attrs``), which the constructor of a data frame leaves behind."""
        table = cls(frame)
        table.attrs |= frame.attrs
        return table

    def flat(self) -> pd.DataFrame:
        """A plain data frame for files: names of a cell joined by 、, data frames in cells left out."""
        plain = pd.DataFrame(self)
        nested = [name for name in plain if any(isinstance(cell, pd.DataFrame) for cell in plain[name])]
        return plain.drop(columns=nested).map(
            lambda cell: "、".join(map(str, cell)) if isinstance(cell, tuple) else cell
        )

    def _repr_html_(self) -> str:
        names = [name for name in self.columns if not _is_iris(pd.Series(self[name]))]
        heading = "".join(f'<th style="text-align:left">{html.escape(str(name))}</th>' for name in names)
        rows = []
        for _, row in self.head(MOST_ROWS).iterrows():
            cells = (_cell(name, row) for name in names)
            rows.append("<tr>" + "".join(f'<td style="{CELL}">{cell}</td>' for cell in cells) + "</tr>")
        rest = len(self) - MOST_ROWS
        more = f"<p>…… 另有 {rest} 行</p>" if rest > 0 else "" if len(self) else "<p>没有结果</p>"
        more += "".join(f"<p>{html.escape(note)}</p>" for note in self.attrs.get("notes", ()))
        return f"<table><thead><tr>{heading}</tr></thead><tbody>{''.join(rows)}</tbody></table>{more}"


def _is_iris(column: pd.Series) -> bool:
    """Whether a column holds IRIs, or tuples of them, only."""
    said = [part for cell in column for part in (cell if isinstance(cell, tuple) else (cell,))]
    return bool(said) and all(isinstance(one, str) and one.startswith(("http://", "https://", "urn:")) for one in said)


def _cell(name: str, row: pd.Series) -> str:
    value = row[name]
    if name == "sentence" and isinstance(row.get("words"), str) and isinstance(value, str):
        before, words, after = value.partition(row["words"])
        return html.escape(before) + (MARK.format(html.escape(words)) if words else "") + html.escape(after)
    return html.escape(_worded(value))


def _worded(value: Any) -> str:
    if isinstance(value, pd.DataFrame):
        return f"{len(value)} 条依据"
    if isinstance(value, tuple):
        rest = f" …（共 {len(value)}）" if len(value) > MOST_NAMES else ""
        return "、".join(map(str, value[:MOST_NAMES])) + rest
    if isinstance(value, bool | np.bool_):
        return "是" if value else ""
    if pd.isna(value):
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
