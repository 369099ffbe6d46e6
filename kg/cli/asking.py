"""Options and output that the questions of ``kg query`` have in common."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.errors import printable

if TYPE_CHECKING:
    import pandas as pd

    from kg.compare import ComparedGraph, Comparison
    from kg.query import Answer

__all__ = [
    "AsOfOption",
    "ConfidenceOption",
    "CorrectionOption",
    "ExactOption",
    "Feature",
    "FeatureOption",
    "Form",
    "FormOption",
    "Level",
    "LevelOption",
    "MaxRowsOption",
    "RegionOption",
    "SentencesOption",
    "SignificantOption",
    "SinceOption",
    "StatedOption",
    "StoreOption",
    "TimeoutOption",
    "TopOption",
    "UntilOption",
    "kinds",
    "limits",
    "say",
    "show",
    "write",
    "write_answer",
]

Level = StrEnum("Level", ["province", "prefecture", "city", "county", "township"])
Feature = StrEnum("Feature", ["format", "audience", "topic", "organiser"])
Correction = StrEnum("Correction", ["by", "bh"])
Form = StrEnum("Form", ["table", "csv", "json"])
StoreOption = Annotated[str, typer.Option("--store", "-s", help="Folder of the store, or URL of an endpoint.")]
FormOption = Annotated[Form, typer.Option("--as", help="How the answer is written.")]
LevelOption = Annotated[
    Level, typer.Option("--level", "--across", help="Level at which two places count as different.")
]
FeatureOption = Annotated[
    list[Feature] | None, typer.Option(help="Kind of feature; may be given more than once (default: all).")
]
ExactOption = Annotated[bool, typer.Option("--exact", help="Narrower concepts do not count towards broader ones.")]
TopOption = Annotated[int, typer.Option(min=0, help="Rows; 0 for all.")]
SentencesOption = Annotated[int, typer.Option(min=0, help="Sentences shown for each row.")]
CorrectionOption = Annotated[
    Correction, typer.Option(help="by (Benjamini-Yekutieli) or bh (Benjamini-Hochberg, for independent tests).")
]
SignificantOption = Annotated[
    float | None, typer.Option("--max-q", help="Only what is significant at this share of false discoveries (0.05).")
]
StatedOption = Annotated[bool, typer.Option("--stated-only", help="Leave out what was inferred.")]
ConfidenceOption = Annotated[float, typer.Option("--min-confidence", help="Leave out what is less sure, 0 to 1.")]
AsOfOption = Annotated[str | None, typer.Option("--as-of", help="Only articles that appeared up to this day.")]
SinceOption = Annotated[str | None, typer.Option(help="Only practices from this day, month or year on.")]
UntilOption = Annotated[str | None, typer.Option(help="Only practices until this day, month or year.")]
TimeoutOption = Annotated[float, typer.Option(help="Seconds after which the query is stopped.")]
MaxRowsOption = Annotated[int, typer.Option(help="Rows after which the answer is cut off.")]
RegionOption = Annotated[
    list[str] | None, typer.Option("--region", help="Only within this place; may be given more than once.")
]


def kinds(feature: list[Feature] | None) -> dict[str, list[str]]:
    """The kinds of features asked for, by their name in Python; nothing where none was: all."""
    return {"kinds": [one.value for one in feature]} if feature else {}


def limits(  # noqa: PLR0917 - each is an option
    stated_only: bool,
    min_confidence: float,
    as_of: str | None,
    since: str | None,
    until: str | None,
    region: list[str] | None,
) -> dict[str, Any]:
    """The options that every comparison takes, by their names in Python."""
    return {
        "stated_only": stated_only,
        "min_confidence": min_confidence,
        "as_of": as_of,
        "since": since,
        "until": until,
        "region": region or None,
    }


def show(graph: ComparedGraph, answer: Comparison, form: Form, sentences: int) -> None:
    """Print an answer; as CSV the notes go to standard error, so that the table stays one."""
    if form is Form.table:
        sys.stdout.write(answer.text(sentences, graph.columns.practices.label))
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
