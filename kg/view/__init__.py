"""Station 7: the practice graph as tables, pictures and files for other programs.

What stands in ``__all__`` is imported when it is first asked for: the command line needs the names of the formats alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.view.assemble import ConceptLabel, practice_graph
    from kg.view.explain import explain_html, explain_text
    from kg.view.formats import FORMATS, ExportFormat, ExportOptions
    from kg.view.graph import ArticleNote, Edge, Evidence, Node, PracticeGraph, PracticeView, RegionStep, Statement
    from kg.view.networks import networkx_graph
    from kg.view.notebook import Explained, Picture, table_frame
    from kg.view.picture.html import html_page
    from kg.view.source import Source, StoreSource
    from kg.view.table import statement_rows, table_rows

__all__ = [
    "FORMATS",
    "ArticleNote",
    "ConceptLabel",
    "Edge",
    "Evidence",
    "Explained",
    "ExportFormat",
    "ExportOptions",
    "Node",
    "Picture",
    "PracticeGraph",
    "PracticeView",
    "RegionStep",
    "Source",
    "Statement",
    "StoreSource",
    "explain_html",
    "explain_text",
    "html_page",
    "networkx_graph",
    "practice_graph",
    "statement_rows",
    "table_frame",
    "table_rows",
]

_PLACES = {
    "assemble": ("ConceptLabel", "practice_graph"),
    "explain": ("explain_html", "explain_text"),
    "formats": ("FORMATS", "ExportFormat", "ExportOptions"),
    "graph": ("ArticleNote", "Edge", "Evidence", "Node", "PracticeGraph", "PracticeView", "RegionStep", "Statement"),
    "picture.html": ("html_page",),
    "networks": ("networkx_graph",),
    "notebook": ("Explained", "Picture", "table_frame"),
    "source": ("Source", "StoreSource"),
    "table": ("statement_rows", "table_rows"),
}
"""Module → what it gives."""


def __getattr__(name: str) -> Any:
    for module, names in _PLACES.items():
        if name in names:
            return getattr(import_module(f"kg.view.{module}"), name)
    raise AttributeError(f"module 'kg.view' has no attribute {name!r}")
