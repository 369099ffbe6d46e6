"""``kg validate``: the proof that every value stands where it is said to stand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["command"]


def command(
    target: Annotated[Path, typer.Argument(help="Folder of a store, or a JSON Lines file of records.")],
    articles: Annotated[
        list[str] | None,
        typer.Option("--articles", "-a", help="Original files or folders; default: where the store read them."),
    ] = None,
    most: Annotated[int, typer.Option(help="Violations shown; 0 for all.")] = 50,
) -> None:
    """Prove every value against its article: the words, the place in the original file, the graph, the shapes.

    Exit code 1 where anything does not hold.

    Example: kg validate store --articles articles
    """
    from kg.errors import UsageError
    from kg.graph.validate import read_records, validate_records, validate_store

    if target.is_dir():
        report = validate_store(target, articles or [])
    elif not target.exists():
        raise UsageError("no such store or file", where=str(target), remedy="check the path")
    elif not articles:
        raise UsageError(
            "records are proved against their articles", where=str(target), remedy="name them: --articles DIR"
        )
    else:
        report = validate_records(read_records(target), articles)
    for finding in report.findings[: most or None]:
        print(finding)
    if most and len(report.findings) > most:
        print(f"… and {len(report.findings) - most} more")
    print(
        f"{report.articles} articles, {report.values} values, {report.sources} followed into the original file "
        f"({report.repaired} over repaired damage), {report.graphs} graphs, {report.triples} triples compared: "
        f"{len(report.findings)} violations"
    )
    if report.unread:
        print(f"{report.unread} articles without their original file: name it with --articles")
    raise typer.Exit(report.exit_code)
