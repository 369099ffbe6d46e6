"""``kg export``: the graph as a page, a table or a file for another program."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.limits import StatedOption
from kg.errors import UsageError
from kg.view.formats import FORMATS, format_for
from kg.view.picture.renderers import MANY_NODES, RENDERERS

__all__ = ["command"]

Form = StrEnum("Form", {name: name for name in FORMATS})  # type: ignore[misc] # the registry feeds the choices
Language = StrEnum("Language", ["zh", "en"])
Drawing = StrEnum("Drawing", {name: name for name in RENDERERS})  # type: ignore[misc] # as above
_CHOICES = "\n\n".join(f"* {entry.name}: {entry.summary}" for entry in FORMATS.values())


def command(
    form: Annotated[Form, typer.Argument(metavar="FORMAT", help="One of those above.", show_default=False)],
    *,
    store: Annotated[Path, typer.Option("--store", "-s", metavar="DIR", help="Store that kg build wrote.")] = Path(
        "store"
    ),
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="File to write; default, and -: standard output."),
    ] = None,
    language: Annotated[
        Language, typer.Option("--language", help="Of the table's headings and own words.")
    ] = Language.zh,
    bom: Annotated[bool, typer.Option("--bom", help="CSV with the mark by which Excel knows UTF-8.")] = False,
    title: Annotated[str | None, typer.Option("--title", help="Heading of the page.")] = None,
    max_nodes: Annotated[
        int,
        typer.Option(
            "--max-nodes",
            min=0,
            help="Nodes the page may draw, at least one practice with its own; it says what it leaves out. 0: all.",
        ),
    ] = 1000,
    renderer: Annotated[
        Drawing | None,
        typer.Option(
            "--renderer",
            help="What draws the page; sigma (WebGL, extra 'sigma') for many nodes. "
            f"Default: pyvis for up to {MANY_NODES:,}, beyond it sigma where it is installed.",
            show_default=False,
        ),
    ] = None,
    runs: Annotated[bool, typer.Option("--runs", help="RDF with the graph of the runs (it holds times).")] = False,
    stated_only: StatedOption = False,
    min_confidence: Annotated[
        float,
        typer.Option(
            "--min-confidence", min=0.0, max=1.0, help="Leave out what is less sure; not of RDF, which is whole."
        ),
    ] = 0.0,
    part_mb: Annotated[
        int | None,
        typer.Option("--part-mb", min=1, help="nquads: a folder of packed files, each of so many MB before packing."),
    ] = None,
    union: Annotated[
        bool, typer.Option("--union", help="With --part-mb: the union of all graphs as default graph, too.")
    ] = False,
) -> None:
    """Write the graph as a page, a table or a file for another program."""
    if part_mb is not None:
        _check_whole(stated_only, min_confidence)
        _in_parts(form, store, output, part_mb, union=union, runs=runs)
        return
    if union:
        raise UsageError("only parts can have it", where="--union", remedy="add --part-mb 256")
    from kg.graph.address import is_address
    from kg.view.opened import open_graph
    from kg.view.source import no_endpoint

    if is_address(store):  # before it is asked: that it answers would not help
        raise no_endpoint()
    if output == Path("-"):
        output = None
    chosen = format_for(form.value, output.suffix if output else "")
    if output is None and not chosen.textual:
        raise UsageError(
            f"{form.value} is no text", where="--output", remedy=f"name a file: --output graph{chosen.suffixes[0]}"
        )
    with open_graph(store) as graph:
        graph.export(
            output or "-",
            form.value,
            language=language.value,
            bom=bom,
            title=title,
            max_nodes=max_nodes,
            renderer=renderer.value if renderer else None,
            runs=runs,
            stated_only=stated_only,
            min_confidence=min_confidence,
        )


def _check_whole(stated_only: bool, min_confidence: float) -> None:
    from kg.query.limits import NO_LIMITS, Limits
    from kg.view.part import rdf_is_whole

    limits = Limits(stated_only, min_confidence)
    if limits != NO_LIMITS:
        raise rdf_is_whole(limits)


def _in_parts(form: Form, store: Path, folder: Path | None, megabytes: int, *, union: bool, runs: bool) -> None:
    from kg.graph.remote.partitions import write_partitions

    if form.value != "nquads" or folder is None:
        raise UsageError("parts are of N-Quads, in a folder", where="--part-mb", remedy="kg export nquads --output DIR")
    parts = write_partitions(store, folder, megabytes=megabytes, union=union, runs=runs)
    print(f"{sum(part.quads for part in parts)} quads in {len(parts)} files in {folder}")


command.__doc__ = f"""Write the graph as a page, a table or a file for another program.

{_CHOICES}

Example: kg export html --store store --output graph.html
"""
