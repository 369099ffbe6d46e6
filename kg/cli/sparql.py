"""``kg sparql``: a query of the user's own, read-only, within limits of time and rows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.asking import MaxRowsOption, StoreOption, TimeoutOption, write_answer

__all__ = ["command"]

_FIRST_WORD = re.compile(
    r"\s*(SELECT|ASK|CONSTRUCT|DESCRIBE|PREFIX|BASE|INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY)\s",
    re.IGNORECASE,
)
"""Begins a query that has no braces (DESCRIBE), or an update, which is refused as one and not as a missing file."""


def command(
    query: Annotated[str, typer.Argument(help="A file, - for standard input, or the query itself.")],
    store: StoreOption = "store",
    output: Annotated[
        str, typer.Option("--format", "-f", help="table, csv, json, xml (SELECT, ASK) or turtle (CONSTRUCT).")
    ] = "table",
    timeout: TimeoutOption = 60.0,
    max_rows: MaxRowsOption = 1_000_000,
) -> None:
    """Ask the store in SPARQL; the default graph is the union of all graphs, and the usual prefixes are known.

    CSV is written as it stands in the graph, for programs: a spreadsheet may take a cell for a formula. For those use
    kg query … --as csv, kg export csv, or the page.

    Example: kg sparql 'SELECT ?p ?l { ?p a gp:Practice ; skos:prefLabel ?l }' --store store
    """
    from kg.query import open_graph

    given = query != "-" and ("{" in query or "\n" in query or _FIRST_WORD.match(query))
    text = query if given else _read(query)
    with open_graph(store, timeout=timeout) as graph:
        answer = graph.sparql(text, timeout=timeout, max_rows=max_rows)
    write_answer(answer, output, max_rows)


def _read(source: str) -> str:
    """The query in a file, or on standard input (-): UTF-8 on every system, whatever the terminal's encoding is."""
    from kg.errors import UsageError
    from kg.read.given import read_given

    try:
        content, where = read_given(Path(source))
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"the query cannot be read ({reason})", where=source, remedy="name a file, or -") from error
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UsageError("the query is not UTF-8", where=where, remedy="save it as UTF-8") from error
