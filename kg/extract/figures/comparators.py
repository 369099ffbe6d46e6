"""How a figure is meant: exactly, as a bound, or about, by the numeral and the words on both sides."""

from __future__ import annotations

import re

from kg.extract.figures.words import words

__all__ = ["BESIDE", "BLANKS", "comparator"]

BESIDE = 6
"""Characters on either side of a figure that are looked at, blanks among them."""
BLANKS = " \u3000"
_BETWEEN = re.compile("[有达了为到于]$")
"""What may stand between the comparator and the figure: 约有300人, 超过了300人."""
_ABOUT = re.compile("[〇一二两三四五六七八九]{2}(?=[十百千万亿]|$)|来")
"""三四十, 七八百, 十五六: two digits in a row; 来: 三十来, 20来万."""


def comparator(before: str, numeral: str, more: bool, after: str) -> str:
    """``=``, ``>``, ``<`` or ``~``; ``more``: whether 余, 多 or + belongs to the numeral.

    >>> comparator("近", "百", False, "到场"), comparator("参加者约有", "300", False, "到场"), comparator("", "二十来", False, "")
    ('<', '~', '~')
    """
    known = words()
    before, after = before.rstrip(BLANKS), after.lstrip(BLANKS)
    for word, sign in known.after:
        if after.startswith(word) and not after.startswith(known.no_comparator):
            return sign
    if more:
        return ">"
    for said in (before, _BETWEEN.sub("", before)):
        for word, sign in known.before:
            if said.endswith(word) and not said.endswith(known.no_comparator):
                return sign
    # 上百名, 破1200万次; but 破12起 are cases
    past = before.endswith(("上", "过")) and numeral[0] in "百千万"
    past = past or (before.endswith("破") and bool(set("百千万亿") & set(numeral)))
    if past and not before.endswith(("不过", *known.no_comparator)):
        return ">"
    return "~" if _ABOUT.search(numeral) else "="
