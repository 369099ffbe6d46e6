"""The pages of a release are Markdown files with gaps (``string.Template``): here they are filled."""

from __future__ import annotations

from importlib.resources import files
from string import Template

__all__ = ["filled"]


def filled(name: str, **words: str) -> str:
    """A template of ``templates/`` with its words filled in; raises ``KeyError`` where one is missing."""
    text = files("kg.release").joinpath("templates", name).read_text(encoding="utf-8")
    return Template(text).substitute(words)
