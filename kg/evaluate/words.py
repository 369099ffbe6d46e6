"""When two strings of records say the same: the rules of comparison that all scores rest on."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["bare", "place_similarity", "similarity"]

_LEVEL = re.compile(r"(特别行政区|自治区|自治州|自治县|街道办事处|街道|社区|省|市|区|县|旗|镇|乡|村|州)$")


def bare(text: object) -> str:
    """The letters and digits of a text, and ``+``, in compatibility form and lower case; empty for None.

    >>> bare("“冬训+网格”，第 ２ 期")
    '冬训+网格第2期'
    """
    plain = unicodedata.normalize("NFKC", str(text or "")).lower()
    return "".join(c for c in plain if c == "+" or unicodedata.category(c)[0] in "LN")


def similarity(one: str, other: str) -> float:
    """1 where two strings are equal but for space and punctuation; the ratio of lengths where one holds the other.

    0 where they differ, and where the shorter one is less than two thirds as long as the longer.

    >>> similarity("“集中授课”", "集中授课"), similarity("集中授课", "集中授课班"), similarity("授课", "集中授课")
    (1.0, 0.8, 0.0)
    """
    one, other = bare(one), bare(other)
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    return len(short) / len(long) if short in long and len(short) * 3 >= len(long) * 2 else 0.0


def place_similarity(one: str, other: str) -> float:
    """1 where two names are equal apart from the last administrative word, else 0.

    >>> place_similarity("双福街道", "双福"), place_similarity("双福街道", "双福新区")
    (1.0, 0.0)
    """
    one, other = bare(one), bare(other)
    return float(bool(one) and (one == other or _LEVEL.sub("", one) == _LEVEL.sub("", other) != ""))
