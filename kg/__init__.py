"""Practice graph: from local press articles to a graph in which every statement leads back to its words.

The verbs of the command line are functions here too; each is imported when it is first asked for:
``kg.open(store)`` gives the graph for questions.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__"]

_VERBS = {
    "build": ("kg.pipeline", "build"),
    "load": ("kg.extract", "load"),
    "open": ("kg.query", "open_graph"),
}
"""Verb → module and name of the function (spaCy and pandas take a second each to import: not before they are needed)."""


def __getattr__(name: str) -> Any:
    if name not in _VERBS:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    module, function = _VERBS[name]
    return getattr(import_module(module), function)


def __dir__() -> list[str]:
    return sorted([*globals(), *_VERBS])
