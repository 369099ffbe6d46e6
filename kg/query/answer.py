"""The answer to a query, and the forms it can be given in."""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
    serialize,
)

from kg.errors import UsageError
from kg.query.phrases import many

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FORMATS", "Answer", "plain"]

FORMATS = ("table", "csv", "json", "xml", "turtle")
"""Forms that ``Answer.to_text`` knows."""

Term = NamedNode | Literal | BlankNode
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + t: int for t in ("integer", "nonNegativeInteger", "int", "long")} | {
    _XSD + t: float for t in ("decimal", "double", "float")
}


def plain(term: Term | None) -> Any:
    """A term as a Python value: numbers and truth values as such, all else as text; None where it is unbound."""
    if term is None:
        return None
    if isinstance(term, Literal):
        kind = term.datatype.value
        if kind == _XSD + "boolean":
            return term.value in {"true", "1"}
        convert = _NUMBERS.get(kind)
        try:
            return convert(term.value) if convert else term.value
        except ValueError:
            return term.value
    return term.value


def _written(value: Any) -> Any:
    """A value as CSV has it: whole numbers without .0, nothing for None."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return "" if value is None else value


_MOST_ROWS = 30
"""Rows that a notebook shows; the answer has them all."""


@dataclass(frozen=True, repr=False)
class Answer:
    """What a query gave.

    ``kind`` is ``select``, ``ask`` or ``graph`` (CONSTRUCT, DESCRIBE). ``truncated`` is True where the limit of rows
    or bytes cut it off.
    """

    kind: str
    data: bytes = b""
    """TSV of a SELECT, N-Triples of a graph."""
    value: bool | None = None
    truncated: bool = False

    def __repr__(self) -> str:
        if self.kind == "ask":
            return f"<Answer: {self.value}>"
        cut = ", cut off" if self.truncated else ""
        return f"<Answer: {many(len(self.terms()), 'row')}{cut}; {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        import pandas

        rows = self._values()
        # With the whole of each value: an IRI that is cut cannot be looked up.
        with pandas.option_context("display.max_colwidth", None):
            shown = [["" if value is None else value for value in row] for row in rows[:_MOST_ROWS]]
            table = pandas.DataFrame(shown, columns=list(self.columns), dtype=object).to_html(index=False)
        unseen = len(rows) - _MOST_ROWS
        more = f"<p>… and {many(unseen, 'more row')}: to_pandas() has them all</p>" if unseen > 0 else ""
        return table + more + ("<p>cut off: raise max_rows, or ask for less</p>" if self.truncated else "")

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the columns; empty but for a SELECT."""
        return tuple(v.value for v in self._solutions().variables) if self.kind == "select" else ()

    def terms(self) -> list[tuple[Term | None, ...]]:
        """The rows of a SELECT, or subject, predicate and object of a graph, as pyoxigraph terms."""
        if self.kind == "select":
            names = self.variables
            return [tuple(row[name] for name in names) for row in self._solutions()]
        if self.kind == "graph":
            triples = parse(self.data, format=RdfFormat.N_TRIPLES)
            return [(q.subject, q.predicate, q.object) for q in triples]
        return []

    def rows(self) -> list[tuple[Any, ...]]:
        """The rows as Python values (``plain``)."""
        return [tuple(map(plain, row)) for row in self.terms()]

    def to_pandas(self) -> pd.DataFrame:
        """A data frame: a column a variable (subject, predicate, object of a graph; answer of an ASK).

        Of an answer that was cut off, it warns, and ``attrs["truncated"]`` is True.
        """
        import pandas

        frame = pandas.DataFrame(self._values(), columns=list(self.columns))
        if self.truncated:
            frame.attrs["truncated"] = True
            warnings.warn(
                f"the answer was cut off after {many(len(frame), 'row')}: raise max_rows, or ask for less", stacklevel=2
            )
        return frame

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, whatever the kind of the answer."""
        return {"ask": ("answer",), "graph": ("subject", "predicate", "object")}.get(self.kind) or self.variables

    def _values(self) -> list[tuple[Any, ...]]:
        return [(self.value,)] if self.kind == "ask" else self.rows()

    def to_text(self, form: str = "table", *, worded: Callable[[str], str] = str) -> str:
        """The answer as text; ``form`` is one of FORMATS.

        ``worded`` gives how a text is written in CSV; as it is, a spreadsheet may take one for a formula.

        Raises
        ------
        UsageError : Turtle is asked of a SELECT, or XML of a graph, or the form is unknown.
        """
        if form not in FORMATS:
            raise UsageError(f"no such format: {form}", where="format", remedy="use one of " + ", ".join(FORMATS))
        if form in {"turtle", "xml"} and (self.kind == "graph") != (form == "turtle"):
            right = "CONSTRUCT or DESCRIBE" if form == "turtle" else "SELECT or ASK"
            raise UsageError(f"{form} is a format for {right}", where="format", remedy="use another format")
        return self._csv(worded) if form == "csv" else getattr(self, f"_{form}")()

    def _solutions(self) -> QuerySolutions:
        return parse_query_results(self.data, format=QueryResultsFormat.TSV)  # type: ignore[return-value]

    def _csv(self, worded: Callable[[str], str]) -> str:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        for row in self._values():
            writer.writerow([worded(cell) if isinstance(cell, str) else cell for cell in map(_written, row)])
        return out.getvalue()

    def _json(self) -> str:
        if self.kind == "graph":
            keys = ("subject", "predicate", "object")
            return json.dumps([dict(zip(keys, map(str, row), strict=True)) for row in self.terms()], ensure_ascii=False)
        if self.kind == "ask":
            return json.dumps({"head": {}, "boolean": self.value})
        return bytes(self._solutions().serialize(format=QueryResultsFormat.JSON) or b"").decode("utf-8")

    def _xml(self) -> str:
        if self.kind == "ask":
            value = str(self.value).lower()
            space = "http://www.w3.org/2005/sparql-results#"
            return f'<?xml version="1.0"?><sparql xmlns="{space}"><head/><boolean>{value}</boolean></sparql>'
        return bytes(self._solutions().serialize(format=QueryResultsFormat.XML) or b"").decode("utf-8")

    def _turtle(self) -> str:
        triples = (q.triple for q in parse(self.data, format=RdfFormat.N_TRIPLES))
        return bytes(serialize(triples, format=RdfFormat.TURTLE) or b"").decode("utf-8")

    def _table(self) -> str:
        from kg.query.tables import text_table

        return text_table(self.columns, self._values())
