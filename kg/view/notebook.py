"""For notebooks: things that show themselves when they are a cell's last value."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.model import Article, ArticleRecord
from kg.query.phrases import many
from kg.view.explain import explain_html, explain_text
from kg.view.graph import PracticeGraph
from kg.view.picture.html import html_page
from kg.view.table import columns, table_rows

if TYPE_CHECKING:
    import pandas

__all__ = ["Explained", "Picture", "table_frame"]


@dataclass(frozen=True)
class Explained:
    """An article with what was read from it: marked text in a notebook, bracketed text when printed."""

    article: Article | str
    """The article, or its clean text."""
    record: ArticleRecord

    def __repr__(self) -> str:
        # Short, for a notebook keeps it beside the HTML; so is the picture's.
        return f"<article {self.record.file} with {many(len(self.record.practices), 'practice')}>"

    def _repr_html_(self) -> str:
        return explain_html(self.article, self.record)

    def __str__(self) -> str:
        return explain_text(self.article, self.record)


@dataclass(frozen=True)
class Picture:
    """The interactive graph in a frame of its own, as ``kg export html`` writes it; ``height`` in pixels."""

    graph: PracticeGraph
    height: int = 700
    max_nodes: int = 1000
    """Nodes that may be drawn; 0 for all."""
    renderer: str | None = None
    """``pyvis`` or ``sigma``; by default by the number of nodes."""

    def __repr__(self) -> str:
        return f"<picture of {many(len(self.graph.practices), 'practice')}>"

    def _repr_html_(self) -> str:
        # The frame may run the page's scripts and nothing else: it reaches neither the notebook nor the network.
        page = html.escape(html_page(self.graph, max_nodes=self.max_nodes, renderer=self.renderer), quote=True)
        return (
            f'<iframe sandbox="allow-scripts" srcdoc="{page}" '
            f'style="width:100%;height:{self.height}px;border:1px solid #ccc"></iframe>'
        )


def table_frame(graph: PracticeGraph, *, language: str = "zh") -> pandas.DataFrame:
    """The table as a DataFrame: a row a practice, columns headed in ``zh`` or ``en``."""
    import pandas

    chosen = columns(language)
    rows = [[row[column.id] for column in chosen] for row in table_rows(graph, language)]
    return pandas.DataFrame(rows, columns=[column.heading for column in chosen])
