"""The reference of the Python packages, from their docstrings: a page a package, what its ``__all__`` names."""

from __future__ import annotations

from importlib import import_module

__all__ = ["PACKAGES", "python_pages"]

PACKAGES = {
    "kg.view.opened": "an opened store: what `kg.open` gives",
    "kg.query": "questions to a store",
    "kg.compare": "comparison across regions and time",
    "kg.view": "tables, pictures, exports",
    "kg.view.figures": "figures for print",
    "kg.release": "data releases, and what changed between two",
    "kg.model": "articles and records",
    "kg.read": "files to articles",
    "kg.verbs": "one article at a time",
    "kg.pipeline": "articles to records and stores",
    "kg.evaluate": "scores against gold",
    "kg.errors": "errors",
}
"""Package or module → what it is for. A name that is not there is left out with the page's row, never silently broken."""


def python_pages() -> dict[str, str]:
    """Name of the page → its Markdown; ``index`` lists them."""
    pages = {}
    rows = [
        "# Python",
        "",
        "`import kg` has `kg.build`, `kg.open`, `kg.extract`, `kg.explain`, `kg.load`, `kg.read_article` and the errors.",
        "",
    ]
    rows += ["| package | |", "| --- | --- |"]
    for name, what in PACKAGES.items():
        module = import_module(name)
        if not getattr(module, "__all__", ()):
            raise ValueError(f"{name} names nothing in __all__")
        pages[name] = f"# {name}\n\n```{{eval-rst}}\n.. automodule:: {name}\n   :members:\n```\n"
        rows.append(f"| [{name}]({name}.md) | {what} |")
    pages["index"] = "\n".join(rows) + "\n"
    return pages
