"""Which of several labels in several languages stands for a concept: one rule for files, graphs, tables and the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["is_simplified", "label_in", "order", "tag_of"]

_SIMPLIFIED_REGIONS = ("zh-cn", "zh-sg", "zh-my")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_FOREIGN = 3
"""Rank from which on a label is none of the language."""


def tag_of(text: str, tag: str | None) -> str:
    """The language tag of a label in lower case; of one without a tag ``zh`` where it has Chinese letters, else ``en``."""
    return tag.lower() if tag else "zh" if _CHINESE.search(text) else "en"


def is_simplified(tag: str) -> bool:
    """Whether Chinese of this tag (in lower case) is taken as it stands."""
    return tag == "zh" or "hans" in tag.split("-") or tag in _SIMPLIFIED_REGIONS


def order(text: str, tag: str | None) -> tuple[int, str]:
    """What sorts the labels of a thing, the one that stands for it first: ``zh``, ``zh-Hans``, ``zh-CN``, other script, the rest.

    >>> labels = [("Tea pickers", "en"), ("採茶工", "zh-Hant"), ("采茶人", "zh-CN"), ("采茶工", "zh-Hans"), ("茶工", None)]
    >>> [text for text, tag in sorted(labels, key=lambda label: order(*label))]
    ['茶工', '采茶工', '采茶人', '採茶工', 'Tea pickers']
    """
    return _rank(tag_of(text, tag)), text


@lru_cache(maxsize=256)
def _rank(tag: str, language: str = "zh") -> int:
    if tag == language:
        return 0
    if tag.partition("-")[0] != language:
        return _FOREIGN + 1
    if language == "zh" and not is_simplified(tag):
        return _FOREIGN
    return 1 if "hans" in tag.split("-") else 2


def label_in(language: str, labels: Iterable[tuple[str, str]]) -> str | None:
    """The label of a language, of pairs of a tag in lower case and a label; None where there is none.

    >>> label_in("zh", [("zh-hant", "採茶工"), ("zh-hans", "采茶工"), ("en", "Tea pickers")])
    '采茶工'
    """
    found = min(((_rank(tag, language), tag, text) for tag, text in labels), default=(_FOREIGN, "", ""))
    return found[2] if found[0] < _FOREIGN else None
