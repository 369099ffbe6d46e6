"""Practice graph: from local press articles to a graph in which every statement leads back to its words.

The verbs of the command line are functions here too; each is imported when it is first asked for:

>>> import kg
>>> sorted(set(dir(kg)) & {"build", "explain", "extract", "load", "open", "read_article", "read_articles"})
['build', 'explain', 'extract', 'load', 'open', 'read_article', 'read_articles']

``kg.build(["articles"], "store")`` makes a store, ``kg.open("store")`` gives the graph for questions,
``kg.extract("a.txt")`` the record of one article, ``kg.explain("a.txt")`` shows it in its text, ``kg.load()`` gives the
spaCy pipeline.
"""

from __future__ import annotations

import sys
from importlib import import_module
from inspect import Signature, signature
from types import ModuleType
from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__"]

_VERBS = {
    "build": ("kg.pipeline", "build"),
    "explain": ("kg.verbs", "explain"),
    "load": ("kg.extract", "load"),
    "open": ("kg.view.opened", "open_graph"),
    "read_article": ("kg.read", "read_article"),
    "read_articles": ("kg.read", "read_articles"),
}
"""Verb → module and name of the function (spaCy and pandas take a second each to import: not before they are needed)."""


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


def __getattr__(name: str) -> Any:
    if name == "extract":
        return import_module("kg.extract")
    if name not in _VERBS:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    module, function = _VERBS[name]
    return getattr(import_module(module), function)


def __dir__() -> list[str]:
    return sorted({*globals(), *_VERBS, "extract"})
