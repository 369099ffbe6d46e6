"""The formats of ``kg export``: one entry each, which the command line reads its choices from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.view.writing import written

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
    pieces: Callable[[Source, ExportOptions], Iterator[bytes]]
    """The file, piece by piece where it may be larger than memory."""
    textual: bool = True
    """Whether it may go to standard output."""

    def make(self, source: Source, options: ExportOptions) -> bytes:
        """The whole file."""
        return b"".join(self.pieces(source, options))

    def write(self, source: Source, options: ExportOptions, output: Path | None) -> None:
        """Write the file, or to standard output, as ``kg.view.writing.written`` does."""
        with written(output) as write:
            for piece in self.pieces(source, options):
                write(piece)


def _html(source: Source, options: ExportOptions) -> Iterator[bytes]:
    from kg.view.picture.html import html_page

    page = html_page(source.graph(), title=options.title, max_nodes=options.max_nodes, renderer=options.renderer)
    yield page.encode("utf-8", "replace")


def _table(source: Source, options: ExportOptions) -> Iterator[bytes]:
    from kg.view.table import table_csv

    yield table_csv(source.graph(), language=options.language, bom=options.bom)


def _xlsx(source: Source, options: ExportOptions) -> Iterator[bytes]:
    from kg.view.sheet import table_xlsx

    yield table_xlsx(source.graph(), language=options.language)


def _values(source: Source, options: ExportOptions) -> Iterator[bytes]:
    from kg.view.table import values_csv

    yield values_csv(source.graph(), bom=options.bom)


def _graphml(source: Source, options: ExportOptions) -> Iterator[bytes]:
    from kg.view.networks import graphml_bytes

    yield graphml_bytes(source.graph())


def _gexf(source: Source, options: ExportOptions) -> Iterator[bytes]:
    from kg.view.networks import gexf_bytes

    yield gexf_bytes(source.graph())


def _nquads(source: Source, options: ExportOptions) -> Iterator[bytes]:
    from kg.view.rdf import nquads_pieces

    yield from nquads_pieces(source.quads(runs=options.runs))


def _rdf(name: str) -> Callable[[Source, ExportOptions], Iterator[bytes]]:
    def pieces(source: Source, options: ExportOptions) -> Iterator[bytes]:
        from kg.view.rdf import rdf_bytes

        yield rdf_bytes(source.quads(runs=options.runs), name, base=source.base)

    return pieces


FORMATS: dict[str, ExportFormat] = {
    entry.name: entry
    for entry in (
        ExportFormat("html", "interactive graph, one page that needs no network", (".html", ".htm"), _html),
        ExportFormat("table", "a row a practice, CSV (xlsx where --output ends so)", (".csv", ".xlsx"), _table),
        ExportFormat("xlsx", "the table as an Excel workbook", (".xlsx",), _xlsx, textual=False),
        ExportFormat("csv", "a row for each value and sentence that says it, CSV", (".csv",), _values),
        ExportFormat("turtle", "RDF, the union of all articles", (".ttl",), _rdf("turtle")),
        ExportFormat("trig", "RDF, a graph an article", (".trig",), _rdf("trig")),
        ExportFormat("nquads", "RDF, a statement a line", (".nq",), _nquads),
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
