"""Lines to cite: what a figure, a table or a practice is taken from."""

from __future__ import annotations

import numpy as np

from kg import __version__
from kg.serve.answers import ArticleHead
from kg.serve.opened.store import ServedStore

__all__ = ["graph_line", "practice_line"]


def graph_line(store: ServedStore) -> str:
    """The graph as a source: number of articles and practices, the program and its version, the generation."""
    catalogue = store.catalogue
    published = catalogue.columns.articles.published
    days = published[~np.isnat(published)]
    span = f", {days.min()} – {days.max()}" if len(days) else ""
    return (
        f"Practice graph of {len(catalogue.files)} articles{span}, {int(catalogue.kept.sum())} practices; "
        f"made with practice-graph {__version__}, generation {store.snapshot.folder.name}, {store.fingerprint}"
    )


def practice_line(name: str, place: str, articles: list[ArticleHead], store: ServedStore) -> str:
    """A practice as a source: its articles first, for they are the witnesses."""
    said = "; ".join(
        ", ".join(part for part in (each.publisher, f"“{each.title}”", each.published) if part)
        for each in articles
        if not each.repost_of
    )
    return f"{name} ({place}). {said}. In: {graph_line(store)}" if place else f"{name}. {said}. In: {graph_line(store)}"
