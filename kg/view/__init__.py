"""Station 6: the practice graph as tables, pictures and files for other programs."""

from kg.view.assemble import ConceptLabel, practice_graph
from kg.view.explain import explain_html, explain_text
from kg.view.formats import FORMATS, ExportFormat, ExportOptions
from kg.view.graph import ArticleNote, Edge, Evidence, Node, PracticeGraph, PracticeView, RegionStep, Statement
from kg.view.html import html_page
from kg.view.networks import networkx_graph
from kg.view.notebook import Explained, Picture, table_frame
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
