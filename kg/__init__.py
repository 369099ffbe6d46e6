"""Practice graph: from local press articles to a graph in which every statement leads back to its words.

``kg build`` and ``kg extract`` are functions here too, and with them what leads to the rest; each is imported when it is
first asked for:

>>> import kg
>>> [name for name in kg.__all__ if name.islower()]
['__version__', 'build', 'explain', 'extract', 'load', 'open', 'read_article', 'read_articles']

``kg.build(["articles"], "store")`` makes a store, ``kg.open("store")`` gives the graph for questions,
``kg.extract("a.txt")`` the record of one article, ``kg.explain("a.txt")`` shows it in its text, ``kg.load()`` gives the
spaCy pipeline. Questions and exports are methods of what ``kg.open`` gives; the other commands have packages of their own:
``from kg.evaluate import evaluate``, and so ``kg.release`` (with ``kg diff``), ``kg.serve``,
``kg.generate`` and ``kg.graph.validate``.

All errors are a ``KgError``: an ``InputError`` of one article, a ``UsageError`` of the call, a ``StoreError`` of the store, a
``QueryTimeoutError`` of a query that was stopped.
"""

from __future__ import annotations

import sys
from importlib import import_module
from inspect import Signature, signature
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.errors import InputError, KgError, StoreError, UsageError
    from kg.extract import load
    from kg.graph.intake import BuildReport
    from kg.pipeline.build import build
    from kg.query import QueryTimeoutError
    from kg.read import read_article, read_articles
    from kg.verbs import explain, extract
    from kg.view.opened import open_graph as open

__version__ = "0.1.0"
__all__ = [
    "BuildReport",
    "InputError",
    "KgError",
    "QueryTimeoutError",
    "StoreError",
    "UsageError",
    "__version__",
    "build",
    "explain",
    "extract",
    "load",
    "open",
    "read_article",
    "read_articles",
]

_PLACES = {
    "BuildReport": ("kg.graph.intake", "BuildReport"),
    "InputError": ("kg.errors", "InputError"),
    "KgError": ("kg.errors", "KgError"),
    "QueryTimeoutError": ("kg.query", "QueryTimeoutError"),
    "StoreError": ("kg.errors", "StoreError"),
    "UsageError": ("kg.errors", "UsageError"),
    "build": ("kg.pipeline.build", "build"),
    "explain": ("kg.verbs", "explain"),
    "load": ("kg.extract", "load"),
    "open": ("kg.view.opened", "open_graph"),
    "read_article": ("kg.read", "read_article"),
    "read_articles": ("kg.read", "read_articles"),
}
"""Name → module, and what it is called there (spaCy and pandas take a second each to import: not before they are needed)."""


class _Extract(ModuleType):
    """``kg.extract`` is a station and a verb: the package of this name can be called."""

    @property
    def __signature__(self) -> Signature:
        return signature(import_module("kg.verbs").extract)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return import_module("kg.verbs").extract(*arguments, **options)


class _Package(ModuleType):
    """Python sets ``kg.extract`` whenever that package is imported, by whomever; it becomes callable then."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "extract" and isinstance(value, ModuleType):
            value.__class__ = _Extract
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


if not TYPE_CHECKING:  # a type checker knows the names from above, and none beside them

    def __getattr__(name: str) -> Any:
        if name == "extract":
            return import_module("kg.extract")
        if name not in _PLACES:
            raise AttributeError(f"module 'kg' has no attribute {name!r}")
        module, inner = _PLACES[name]
        return getattr(import_module(module), inner)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
