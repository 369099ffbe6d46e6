"""Answers in a notebook: data frames that show labels rather than IRIs, and the words marked in their sentence."""

from __future__ import annotations

import html
from typing import Any

import numpy as np
import pandas as pd

from kg.query.evidence import Sentence
from kg.query.tables import flat_frame

__all__ = ["AnswerTable"]

MOST_ROWS = 30
"""Rows that are shown; the data frame holds them all."""
MOST_NAMES = 8
"""Names of one cell that are shown."""
MARK = '<mark style="background:#fde68a;color:inherit">{}</mark>'
CELL = "text-align:left;vertical-align:top;max-width:36em;white-space:normal"


class AnswerTable(pd.DataFrame):
    """A data frame that is pleasant to read in a notebook; in all else a data frame.

    Columns of IRIs are held but not shown where there are others, several names stand in one cell as 甲、乙, and where a
    column ``words`` stands beside a column ``sentence``, the words are marked in it. Row numbers are not shown, names of
    rows are.
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
        """A plain data frame for files: names of a cell joined by 、, columns with data frames in their cells left out."""
        return flat_frame(self)

    def _repr_html_(self) -> str:
        columns = range(self.shape[1])
        shown = [at for at in columns if not _is_iris(self.iloc[:, at])] or list(columns)
        names = self.index.nlevels if _names_rows(self.index) else 0
        heads = [*(name or "" for name in self.index.names[:names]), *(_worded(self.columns[at]) for at in shown)]
        heading = "".join(f'<th style="text-align:left">{html.escape(str(head))}</th>' for head in heads)
        words = self.columns.get_indexer_for(["words"])[0]
        rows = []
        for number, label in enumerate(self.index[:MOST_ROWS]):
            labels = label if isinstance(label, tuple) else (label,)
            cells = [html.escape(_worded(each)) for each in labels[:names]]
            quoted = self.iat[number, words] if words >= 0 else None
            cells += [_cell(self.columns[at], self.iat[number, at], quoted) for at in shown]
            rows.append("<tr>" + "".join(f'<td style="{CELL}">{cell}</td>' for cell in cells) + "</tr>")
        rest = len(self) - MOST_ROWS
        more = f"<p>…… 另有 {rest} 行</p>" if rest > 0 else "" if len(self) else "<p>没有结果</p>"
        more += "".join(f"<p>{html.escape(note)}</p>" for note in self.attrs.get("notes", ()))
        return f"<table><thead><tr>{heading}</tr></thead><tbody>{''.join(rows)}</tbody></table>{more}"


def _names_rows(index: pd.Index) -> bool:
    """Whether an index says more than in which place a row stood."""
    return index.nlevels > 1 or index.name is not None or not pd.api.types.is_integer_dtype(index.dtype)


def _is_iris(column: pd.Series) -> bool:
    """Whether a column holds IRIs, or tuples of them, only."""
    said = [part for cell in column for part in (cell if isinstance(cell, tuple) else (cell,))]
    return bool(said) and all(isinstance(one, str) and one.startswith(("http://", "https://", "urn:")) for one in said)


def _cell(name: object, value: Any, words: Any) -> str:
    """A cell as HTML; ``words`` are those that a sentence is evidence of."""
    if name != "sentence" or not isinstance(value, str) or not isinstance(words, str) or not words:
        return html.escape(_worded(value))
    at = value.at if isinstance(value, Sentence) else value.find(words)
    if at < 0:
        return html.escape(value)
    end = at + len(words)
    return html.escape(value[:at]) + MARK.format(html.escape(value[at:end])) + html.escape(value[end:])


def _worded(value: Any) -> str:
    if isinstance(value, pd.DataFrame):
        return f"{len(value)} 条依据"
    if isinstance(value, tuple | list):
        rest = f" …（共 {len(value)}）" if len(value) > MOST_NAMES else ""
        return "、".join(map(str, value[:MOST_NAMES])) + rest
    if isinstance(value, bool | np.bool_):
        return "是" if value else ""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1000 else f"{round(value, 1):.12g}"
    return str(value)
