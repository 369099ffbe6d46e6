"""The formats of ``kg export``: one entry each, which the command line reads its choices from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.view.source import Source

__all__ = ["FORMATS", "ExportFormat", "ExportOptions", "format_for"]


@dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """What a user can choose; formats that an option does not concern leave it aside."""

    language: str = "zh"
    """Of headings and of the page's title: ``zh`` or ``en``."""
    bom: bool = False
    title: str | None = None
    max_nodes: int = 1000
    """Nodes that the picture may draw; 0 for all."""
    renderer: str | None = None
    """What draws the page: ``pyvis`` or ``sigma``; by default by the number of nodes."""
    runs: bool = False
    """RDF: with the graph of the runs, which holds times and therefore differs from build to build."""


@dataclass(frozen=True)
class ExportFormat:
    """A format by its name, and how to make it."""

    name: str
    summary: str
    suffixes: tuple[str, ...]
    make: Callable[[Source, ExportOptions], bytes]
    textual: bool = True
    """Whether it may go to standard output."""


def _html(source: Source, options: ExportOptions) -> bytes:
    from kg.view.html import html_page

    page = html_page(source.graph(), title=options.title, limit=options.max_nodes, renderer=options.renderer)
    return page.encode("utf-8", "replace")


def _table(source: Source, options: ExportOptions) -> bytes:
    from kg.view.table import table_csv

    return table_csv(source.graph(), language=options.language, bom=options.bom)


def _xlsx(source: Source, options: ExportOptions) -> bytes:
    from kg.view.sheet import table_xlsx

    return table_xlsx(source.graph(), language=options.language)


def _values(source: Source, options: ExportOptions) -> bytes:
    from kg.view.table import values_csv

    return values_csv(source.graph(), bom=options.bom)


def _graphml(source: Source, options: ExportOptions) -> bytes:
    from kg.view.networks import graphml_bytes

    return graphml_bytes(source.graph())


def _gexf(source: Source, options: ExportOptions) -> bytes:
    from kg.view.networks import gexf_bytes

    return gexf_bytes(source.graph())


def _rdf(name: str) -> Callable[[Source, ExportOptions], bytes]:
    def make(source: Source, options: ExportOptions) -> bytes:
        from kg.view.rdf import rdf_bytes

        return rdf_bytes(source.quads(runs=options.runs), name, base=source.base)

    return make


FORMATS: dict[str, ExportFormat] = {
    entry.name: entry
    for entry in (
        ExportFormat("html", "interactive graph, one page that needs no network", (".html", ".htm"), _html),
        ExportFormat("table", "a row a practice, CSV (xlsx where --output ends so)", (".csv", ".xlsx"), _table),
        ExportFormat("xlsx", "the table as an Excel workbook", (".xlsx",), _xlsx, textual=False),
        ExportFormat("csv", "a row for each value and sentence that says it, CSV", (".csv",), _values),
        ExportFormat("turtle", "RDF, the union of all articles", (".ttl",), _rdf("turtle")),
        ExportFormat("trig", "RDF, a graph an article", (".trig",), _rdf("trig")),
        ExportFormat("nquads", "RDF, a statement a line", (".nq",), _rdf("nquads")),
        ExportFormat("jsonld", "RDF as JSON-LD, a graph an article", (".jsonld",), _rdf("jsonld")),
        ExportFormat("graphml", "network for Gephi, yEd, Cytoscape, igraph", (".graphml",), _graphml),
        ExportFormat("gexf", "network for Gephi", (".gexf",), _gexf),
    )
}
"""Name → format."""
_SHEETS = ("table", "xlsx", "csv")
"""What a spreadsheet program opens by the ending of the file's name: under another it could not be read."""


def format_for(name: str, suffix: str) -> ExportFormat:
    """The format of this name; ``table`` is a workbook where the file's name ends in ``.xlsx``.

    Raises ``KeyError`` for an unknown name, ``UsageError`` where a spreadsheet would get the ending of something else.
    """
    known, suffix = FORMATS[name], suffix.lower()
    if name in _SHEETS and suffix and suffix not in known.suffixes:
        raise UsageError(
            f"{name} is not written as {suffix}",
            where="--output",
            remedy=f"name a file that ends in {' or '.join(known.suffixes)}",
        )
    return FORMATS["xlsx"] if name == "table" and suffix == ".xlsx" else known
