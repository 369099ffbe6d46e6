"""The practice graph with its comparisons: one object for a researcher."""

from __future__ import annotations

import os
from functools import cached_property

from kg.compare.column_copy.columns import Columns
from kg.compare.column_copy.reading import read_columns
from kg.compare.column_copy.saved import load_columns
from kg.compare.column_copy.sources import ask_engine
from kg.compare.questions import Questions
from kg.query.engine import SECONDS
from kg.query.graph import Graph

__all__ = ["ComparedGraph", "open_graph"]


def open_graph(store: str | os.PathLike[str], *, timeout: float = SECONDS) -> ComparedGraph:
    """Open a store for questions and comparisons: a folder that ``kg build`` wrote, or the URL of an endpoint.

    ``timeout`` is the time in which an endpoint must have answered what it is asked when it is opened.

    Raises
    ------
    StoreError : there is no finished store, or one of another version; the endpoint does not answer.
    QueryTimeoutError : the endpoint does not answer in time.
    """
    return ComparedGraph.at(store, timeout=timeout)


class ComparedGraph(Questions, Graph):
    """A finished practice graph and the comparisons over all its practices."""

    @cached_property
    def columns(self) -> Columns:
        """The column copy that comparisons run on, made when it is first needed."""
        if self.snapshot is not None:
            return load_columns(self.snapshot)
        return read_columns(ask_engine(self._engine), self.base)
