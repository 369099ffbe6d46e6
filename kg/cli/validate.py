"""``kg validate``: the proof that every value stands where it is said to stand."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.errors import printable

__all__ = ["check_there", "command"]


def command(
    target: Annotated[
        Path, typer.Argument(help="Folder of a store, or a JSON Lines file of records; -: standard input.")
    ],
    articles: Annotated[
        list[str] | None,
        typer.Option("--articles", "-a", help="Original files or folders; default: where the store read them."),
    ] = None,
    text_column: Annotated[
        str | None,
        typer.Option(help="Column of tables that holds the text; default for a store: the one it was built with."),
    ] = None,
    most: Annotated[int, typer.Option(min=0, help="Violations shown; 0 for all.")] = 50,
) -> None:
    """Prove every value against its article: the words, the place in the original file, the graph, the shapes.

    Exit code 1 where anything does not hold, or an original file is not in what --articles names.

    Example: kg validate store --articles articles
    """
    from kg.errors import UsageError
    from kg.graph.address import is_address
    from kg.graph.validate import read_records, validate_records, validate_store
    from kg.query.phrases import many
    from kg.read.given import STANDARD_INPUT

    if is_address(target):
        raise UsageError(
            "proofs are made of a store on disk, not of an endpoint",
            where="kg validate",
            remedy="name the folder that kg build wrote",
        )
    check_there(articles or [])
    if target.is_dir():
        report = validate_store(target, articles or [], text_column=text_column)
    elif not target.exists() and target != STANDARD_INPUT:
        raise UsageError("no such store or file", where=str(target), remedy="check the path")
    elif not articles:
        raise UsageError(
            "records are proved against their articles", where=str(target), remedy="name them: --articles DIR"
        )
    else:
        report = validate_records(read_records(target), articles, text_column=text_column)
    for finding in report.findings[: most or None]:
        print(printable(str(finding)))
    if most and len(report.findings) > most:
        print(f"… and {len(report.findings) - most} more")
    print(
        f"{many(report.articles, 'article')}, {many(report.values, 'value')}, "
        f"{report.sources:,} followed into the original file ({report.repaired:,} over repaired damage), "
        f"{many(report.graphs, 'graph')}, {many(report.triples, 'triple')} compared: "
        f"{many(len(report.findings), 'violation')}"
    )
    if report.older:
        made = f"{report.older} graphs were made by another version of kg and not made again to compare"
        print(f"kg: {made}: run kg build again, as it was run, then validate", file=sys.stderr)
    if report.unread:
        remedy = "name their folder as well" if articles else "name it with --articles"
        print(f"kg: {many(report.unread, 'article')} without their original file: {remedy}", file=sys.stderr)
    raise typer.Exit(report.exit_code)


def check_there(articles: list[str]) -> None:
    """Raises UsageError where a path leads to no file: values that are followed nowhere would pass for proved."""
    from kg.errors import UsageError
    from kg.read.articles import named_sources
    from kg.read.source import ReadFailure

    for each in articles:
        if each == "-":
            continue  # standard input can be read but once
        first = next(iter(named_sources([each])), None)
        if isinstance(first, ReadFailure) and isinstance(first.error, UsageError):
            raise UsageError(first.error.what, where=f"--articles {each}", remedy=first.error.remedy)
        if first is None:
            raise UsageError("no article is in it", where=f"--articles {each}", remedy="check the path")
