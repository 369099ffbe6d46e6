"""The terms of a SPARQL answer as whole columns: IRIs to numbers, literals to values, each distinct one converted once."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.graph.rdf.values import first_day
from kg.query.answer import Answer

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Index",
    "code_in",
    "day_of",
    "end_of",
    "last_day_of",
    "number_of",
    "table_of",
    "text_of",
    "truth_of",
    "uppers_of",
    "values_of",
]


def table_of(data: bytes) -> pd.DataFrame:
    """The answer of a SELECT query as TSV → its rows, a categorical column of terms a variable."""
    import pandas as pd

    frame = pd.read_csv(io.BytesIO(data), sep="\t", quoting=3, dtype=str, keep_default_na=False, na_filter=False)
    return frame.astype("category").rename(columns=lambda name: name.lstrip("?"))


class Index:
    """Names of things → their places in sorted order."""

    def __init__(self, names: set[str]) -> None:
        self.names = sorted(names)
        self._place = {name: at for at, name in enumerate(self.names)}

    def of(self, column: Any, *, absent: int = -1) -> np.ndarray[Any, np.dtype[np.int32]]:
        """The place of each name of a column; ``absent`` for those that are not among the names."""
        known = [self._place.get(name, absent) for name in column.cat.categories]
        return np.array([*known, absent], dtype=np.int32)[column.cat.codes.to_numpy()]


def values_of(column: Any, convert: Callable[[str], Any], dtype: str) -> np.ndarray[Any, Any]:
    """A column of terms, each distinct one converted once."""
    known = [convert(term) for term in column.cat.categories]
    return np.array(known, dtype=dtype)[column.cat.codes.to_numpy()] if known else np.zeros(0, dtype=dtype)


def _lexical(term: str) -> str:
    return term[1 : term.rindex('"')] if term.startswith('"') else term


def truth_of(term: str) -> bool:
    """The value of an ``xsd:boolean``."""
    return _lexical(term) in {"true", "1"}


def number_of(term: str) -> float:
    """The value of a numeric literal."""
    return float(_lexical(term))


def day_of(term: str) -> str:
    """The first day that a date names, as ISO; NaT where it is none."""
    try:
        return str(np.datetime64(first_day(_lexical(term)) or "NaT", "D"))
    except ValueError:
        return "NaT"


def last_day_of(term: str) -> str:
    """The last day of the year, the month or the day that an ISO 8601 value begins with."""
    return _last_of(_lexical(term).split("/")[0])


def end_of(term: str) -> str:
    """The last day of an ISO 8601 interval, or of what the value names where it is none."""
    found = _last_of(_lexical(term).split("/")[-1])
    return last_day_of(term) if found == "NaT" else found


def _last_of(value: str) -> str:
    first = day_of(f'"{value}"')
    parts = value.split("T", maxsplit=1)[0].count("-")
    if first == "NaT" or parts >= 2:
        return first
    return str((np.datetime64(first, "M" if parts else "Y") + 1).astype("datetime64[D]") - np.timedelta64(1, "D"))


def code_in(names: tuple[str, ...]) -> Callable[[str], int]:
    """Turns the last part of an IRI (gp:MoreThan) into its place among the names (more_than); −1 where it is none of them."""
    plain = [name.replace("_", "") for name in names]

    def code(term: str) -> int:
        name = term[1:-1].rsplit("#", 1)[-1].lower()
        return plain.index(name) if name in plain else -1

    return code


def uppers_of(index: Index, table: pd.DataFrame) -> dict[int, list[int]]:
    """Of each thing in the columns ``lower`` and ``upper``: what stands directly above it, by places in the index."""
    upper: dict[int, list[int]] = defaultdict(list)
    for low, up in sorted(zip(index.of(table["lower"]).tolist(), index.of(table["upper"]).tolist(), strict=True)):
        if low >= 0 and up >= 0:
            upper[low].append(up)
    return upper


def text_of(term: str) -> str:
    """The text of a literal in TSV."""
    plain = _lexical(term)
    if "\\" not in plain:
        return plain
    head = f"?x\n{term}\n".encode()
    return str(Answer("select", head).rows()[0][0])
