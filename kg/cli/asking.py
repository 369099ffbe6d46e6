"""Options and output that the questions of ``kg query`` have in common."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from kg.errors import printable

if TYPE_CHECKING:
    import pandas as pd

    from kg.compare import ComparedGraph, Comparison
    from kg.query import Answer

__all__ = [
    "AcrossOption",
    "CorrectionOption",
    "ExactOption",
    "Feature",
    "FeatureOption",
    "Form",
    "FormOption",
    "Level",
    "MaxRowsOption",
    "SentencesOption",
    "SignificantOption",
    "StoreOption",
    "TimeoutOption",
    "TopOption",
    "features",
    "rows",
    "say",
    "show",
    "write",
    "write_answer",
]

Level = StrEnum("Level", ["province", "prefecture", "city", "county", "township", "village"])
Feature = StrEnum("Feature", ["format", "audience", "topic", "organiser"])
Correction = StrEnum("Correction", ["by", "bh"])
Form = StrEnum("Form", ["table", "csv", "json"])
StoreOption = Annotated[str, typer.Option("--store", "-s", help="Folder of the store, or URL of an endpoint.")]
FormOption = Annotated[Form, typer.Option("--as", help="How the answer is written.")]
AcrossOption = Annotated[Level, typer.Option("--across", help="Level at which two places count as different.")]
FeatureOption = Annotated[
    list[Feature] | None, typer.Option(help="Kind of feature; may be given more than once (default: all).")
]
ExactOption = Annotated[bool, typer.Option("--exact", help="Narrower concepts do not count towards broader ones.")]
SCREEN = 20
"""Rows of a table where the user sets no number; a line says how many more there are."""
TopOption = Annotated[
    int | None,
    typer.Option(min=0, help=f"Rows; 0 for all. Default: all in csv and json, the first {SCREEN} in a table."),
]
SentencesOption = Annotated[int, typer.Option(min=0, help="Sentences shown for each row.")]
CorrectionOption = Annotated[
    Correction, typer.Option(help="by (Benjamini-Yekutieli) or bh (Benjamini-Hochberg, for independent tests).")
]
SignificantOption = Annotated[
    float | None, typer.Option("--max-q", help="Only what is significant at this share of false discoveries (0.05).")
]
TimeoutOption = Annotated[float, typer.Option(help="Seconds after which the query is stopped.")]
MaxRowsOption = Annotated[int, typer.Option(help="Rows after which the answer is cut off.")]


def features(feature: list[Feature] | None) -> dict[str, list[str]]:
    """The kinds of features asked for, by their name in Python; nothing where none was: all."""
    return {"features": [one.value for one in feature]} if feature else {}


def rows(top: int | None, form: Form) -> int | None:
    """How many rows to ask for, as Python counts them; None for all."""
    return SCREEN if top is None and form is Form.table else top or None


def show(graph: ComparedGraph, answer: Comparison, form: Form, sentences: int) -> None:
    """Print an answer; as CSV the notes go to standard error, so that the table stays one."""
    if form is Form.table:
        sys.stdout.write(answer.text(sentences, graph.lookup.practices.label))
    elif form is Form.json:
        from kg.query.tables import json_text

        sys.stdout.write(json_text(answer.records(sentences)))
    else:
        write(answer.frame, form)
        for note in answer.notes:
            say(f"* {note}", error=True)


def write(frame: pd.DataFrame, form: Form) -> None:
    """Print a data frame, and the notes that it has; those only go with a table to where the table goes."""
    from kg.query.tables import frame_text
    from kg.view.table import harmless

    sys.stdout.write(frame_text(frame, form.value, worded=harmless))
    for note in frame.attrs.get("notes", ()):
        say(f"* {note}", error=form is not Form.table)


def write_answer(answer: Answer, form: str, max_rows: int, *, worded: Callable[[str], str] = str) -> None:
    """Print the answer to a query; one that was cut off says so, and the exit code is 1.

    ``worded`` gives how a text is written in CSV.
    """
    sys.stdout.write(answer.to_text(form, worded=worded))
    if answer.truncated:
        print(f"kg: the answer was cut off after {max_rows} rows; raise --max-rows", file=sys.stderr)
        raise typer.Exit(1)


def say(line: str, *, error: bool = False) -> None:
    """Print a line, to standard error where told; control characters of an article must not reach the terminal."""
    print(printable(line), file=sys.stderr if error else sys.stdout)
