"""``kg diff``: what changed between two stores or releases."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["command"]

Form = StrEnum("Form", ["text", "csv", "json"])


def command(
    # Not Path, which would leave one of the slashes of an address out of the message that refuses it.
    before: Annotated[
        str, typer.Argument(metavar="A", help="Store, release, or JSON Lines file of records; -: standard input.")
    ],
    after: Annotated[str, typer.Argument(metavar="B", help="The one it is compared with.")],
    *,
    form: Annotated[Form, typer.Option("--format", "-f", help="text in words; csv or json as data.")] = Form.text,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="File to write; default, and -: standard output."),
    ] = None,
    most: Annotated[
        int, typer.Option("--most", min=0, help="Of each kind of change, how many text names; 0: all.")
    ] = 5,
    bom: Annotated[bool, typer.Option("--bom", help="CSV with the mark by which Excel knows UTF-8.")] = False,
) -> None:
    """Say what changed from A to B: articles, practices and values added, removed, changed.

    An article is known again by its bytes, else by its file's name; a practice that was renamed or moved by the words
    that name it. Confidences are not compared.

    Example: kg diff release-1 release-2 --format csv --output changes.csv
    """
    from kg.errors import printable
    from kg.release import difference
    from kg.view.writing import write_bytes

    found = difference(before, after)
    if form is Form.csv:
        write_bytes(found.to_csv(bom=bom), output)
    elif form is Form.json:
        write_bytes(found.to_json(), output)
    else:
        write_bytes(printable(found.text(most=most), keep="\n").encode("utf-8"), output)
