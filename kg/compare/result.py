"""What a comparison answers: a table, what it rests on, and what a reader must know of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg.errors import printable
from kg.query.engine import Engine
from kg.query.evidence import evidence_nodes
from kg.query.phrases import many
from kg.query.tables import flat_frame, plain_rows, text_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Comparison"]

_MOST_ROWS = 30
"""Rows that a notebook shows; the data frame has them all."""
_MOST_NAMES = 8
"""Names shown of a cell that holds many; the data frame has them all."""


def _no_grounds(row: int) -> Sequence[str]:
    return ()


def _as_it_is(evidence: pd.DataFrame) -> pd.DataFrame:
    return evidence


@dataclass(frozen=True, repr=False)
class Comparison:
    """One answer of the comparison layer; nothing in it changes.

    ``frame`` is the answer as a pandas data frame, which a notebook shows as a table; ``evidence(row)`` are the sentences
    behind one of its rows, ``notes`` what it rests on, ``figures`` numbers of the answer as a whole.
    """

    question: str
    """What was asked, in words."""
    frame: pd.DataFrame
    """The answer, a row a finding; tuples in cells that hold several names."""
    notes: tuple[str, ...] = ()
    """What it rests on and which test was made: to be printed with the table."""
    figures: Mapping[str, float | int | str | None] = field(default_factory=dict)
    """Numbers of the answer as a whole (hypotheses tried, p of a test …), by name."""
    shown: tuple[str, ...] = ()
    """Columns for the terminal; empty for all."""
    grounds: Callable[[int], Sequence[str]] = _no_grounds
    """Row → IRIs of the evidence nodes that it rests on, in the order in which a reader wants them."""
    engine: Engine | None = None
    """What the sentences are read from."""
    names: Callable[[str], str] = str
    """IRI of a practice → its label."""
    labelled: Callable[[pd.DataFrame], pd.DataFrame] = _as_it_is
    """What makes a table for a reader of the evidence."""
    more: int = 0
    """Rows that fit, too, and that ``top`` left out."""

    def __repr__(self) -> str:
        return f"<Comparison: {self.question}; {many(len(self), 'row')}>"

    def __str__(self) -> str:
        return self.text()

    def __len__(self) -> int:
        return len(self.frame)

    def evidence(self, row: int, most: int | None = None) -> pd.DataFrame:
        """The sentences behind a row (its number from 0), at most ``most``; columns as in ``kg.query.evidence.COLUMNS``;
        of a graph that ``kg.open`` opened, with ``place`` and ``label`` of the practice before them.

        Raises IndexError where there is no such row, ValueError where the answer was made without a store.
        """
        if not 0 <= row < len(self.frame):
            raise IndexError(f"row {row} of {len(self.frame)}")
        if self.engine is None:
            raise ValueError("the answer was made without a store: ask it by kg.compare.open_graph")
        nodes = list(dict.fromkeys(self.grounds(row)))[:most]
        table = evidence_nodes(self.engine, nodes).set_index("evidence", drop=False)
        return self.labelled(table.loc[[node for node in nodes if node in table.index]].reset_index(drop=True))

    def flat(self) -> pd.DataFrame:
        """The answer as a plain data frame for files (``to_csv``, ``to_excel``, ``to_latex``): names of a cell joined by 、."""
        return flat_frame(self.frame)

    def text(self, sentences: int = 0, names: Callable[[str], str] | None = None) -> str:
        """For a terminal: the table, after each row so many of its sentences, then the notes.

        ``names`` gives the label of a practice's IRI; by default the labels of the graph that was asked.
        """
        label = names or self.names
        columns = [name for name in (self.shown or self.frame.columns) if name in self.frame]
        records = self.frame[columns].to_dict("split")["data"]
        lines = text_table(columns, [[_cell(value) for value in row] for row in records]).splitlines()
        out = [self.question, "", *lines[:2]]
        for row, line in enumerate(lines[2:]):
            out.append(line)
            if sentences and self.engine is not None:
                for each in plain_rows(self.evidence(row, sentences)):
                    sentence = each["sentence"] or each["words"]
                    said = f"“{each['words']}” in {each['file']}: {sentence}"
                    # control characters of an article must not reach the terminal
                    out.append(printable(f"    · {label(str(each['practice']))}: {said}"))
        if not records:
            out.append("nothing found")
        if self.more:
            out.append(self._rest())
        return "\n".join([*out, "", *(f"* {note}" for note in self.notes)]) + "\n"

    def _rest(self) -> str:
        return f"… and {many(self.more, 'more row')} (all of them: --top 0, in Python top=None)"

    def records(self, sentences: int = 0) -> dict[str, Any]:
        """For machines: question, rows (with ``evidence`` where asked for), figures and notes, as plain values."""
        rows = plain_rows(self.frame)
        if sentences and self.engine is not None:
            for at, row in enumerate(rows):
                row["evidence"] = plain_rows(self.evidence(at, sentences))
        return {"question": self.question, "rows": rows, "figures": dict(self.figures), "notes": list(self.notes)}

    def _repr_html_(self) -> str:
        import pandas as pd

        unseen = len(self.frame) - _MOST_ROWS
        rest = [f"… and {many(unseen, 'more row')} in .frame"] if unseen > 0 else []
        rest += [self._rest()] if self.more else []
        notes = "".join(f"<li>{_escaped(note)}</li>" for note in (*rest, *self.notes))
        shown = pd.DataFrame(self.frame)[[name for name in (self.shown or self.frame.columns) if name in self.frame]]
        with pd.option_context("display.max_colwidth", None):  # a name that is cut cannot be looked up
            table = shown.head(_MOST_ROWS).map(_cell).to_html(index=False)
        return f"<p>{_escaped(self.question)}</p>{table}<ul>{notes}</ul>"


def _escaped(text: str) -> str:
    import html

    return html.escape(text)


def _cell(value: Any) -> Any:
    import pandas as pd

    if isinstance(value, tuple):
        shown = list(dict.fromkeys(map(str, value)))
        return "、".join(shown[:_MOST_NAMES]) + (f" … ({len(shown)})" if len(shown) > _MOST_NAMES else "")
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    if value is None or value is pd.NaT:
        return ""
    return value
