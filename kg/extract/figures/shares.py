"""Shares written as fractions: 百分之八十五, 千分之三点五, 三分之二."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.extract.figures.numerals import DIGITS, read_number

__all__ = ["Share", "read_share"]

_SHARE = re.compile(
    r"(?P<of>[二两三四五六七八九十]{1,2}|[百千万])分之"
    r"(?P<parts>\d+(?:[.．]\d+)?|[零一二两三四五六七八九十百千]+(?:点[零〇一二三四五六七八九]+)?)"
)
_UNITS = {"百": ("%", 100), "千": ("‰", 1000)}


@dataclass(frozen=True)
class Share:
    """A share of the text in its unit, per cent where it has none of its own."""

    end: int
    value: float
    unit: str
    rounded: bool
    """Whether the value is but near what is written: 三分之一 is no round number of hundredths."""


def read_share(text: str, at: int, end: int) -> Share | None:
    """The share that begins at a character; None where none does.

    >>> read_share("百分之九十八点五", 0, 8), read_share("四分之三以上", 0, 6)
    (Share(end=8, value=98.5, unit='%', rounded=False), Share(end=4, value=75.0, unit='%', rounded=False))
    >>> read_share("三分之二", 0, 4), read_share("三分之", 0, 3)
    (Share(end=4, value=66.67, unit='%', rounded=True), None)
    """
    match = _SHARE.match(text, at, end)
    parts = _number(match["parts"]) if match else None
    of = _number(match["of"]) if match else None
    if match is None or parts is None or not of:
        return None
    unit, whole = _UNITS.get(match["of"], ("%", 100))
    value = parts * whole / of
    return Share(match.end(), round(value, 2), unit, abs(value - round(value, 2)) > _EXACT)


_EXACT = 1e-9


def _number(said: str) -> float | None:
    whole, _, decimals = said.partition("点")
    read = read_number(whole)
    if read is None:
        return None
    return read[0] + (float("0." + "".join(str(DIGITS[char]) for char in decimals)) if decimals else 0)
