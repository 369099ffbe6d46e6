"""Numerals, Arabic, Chinese and mixed: what is written as one, and its value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

__all__ = ["DIGITS", "LARGE", "NUMERAL", "SCALES", "read_number"]

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
SCALES = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10_000, "亿": 100_000_000}

_RUN = r"(?:(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)|(?<!\d)\d{1,3}(?: \d{3})+(?!\d)|\d+)(?:[.．]\d+)?"
_SCALE = r"(?:[百千]?[万亿]|[百千](?![瓦克米]))"
_POINTED = "[零〇一二两三四五六七八九十]+点[零〇一二三四五六七八九]+[万亿]"
"""三点二万; without its scale it is an hour."""
NUMERAL = re.compile(
    rf"{_RUN}(?:\s?{_SCALE}(?:零?(?:{_RUN}|[一二两三四五六七八九]){_SCALE})*)?(?:[余多]|来(?=[万亿]))?[万亿]?"
    rf"|{_POINTED}[余多]?"
    r"|[零〇一二两三四五六七八九十百千万亿]+(?:[余多]|来(?=[万亿])|(?<=十)几)?[万亿千百]?"
)
"""Digits may stand in groups of three (12,500 or 12 500); in a mixed one (1亿3千万) each part has its scale."""
_TOKEN = re.compile(r"\d+(?:\.\d+)?|.")
_POINT = re.compile("([零〇一二两三四五六七八九十]+)点([零〇一二三四五六七八九]+)")


def read_number(text: str) -> tuple[float, bool] | None:
    """The value of a numeral and whether it is open upwards (600余); None where it is no plain number.

    Full-width digits are read like half-width ones. Of two digits in a row (三四十) the lower one is taken; where the second is
    no larger one they are no number (十五两天). A digit that ends a numeral counts the next lower scale: 三百五 is 350.

    >>> read_number("100.8万"), read_number("三十余"), read_number("百余"), read_number("数十")
    ((1008000.0, False), (30.0, True), (100.0, True), None)
    >>> read_number("3万5千"), read_number("三四十"), read_number("二十几"), read_number("十五两")
    ((35000.0, False), (30.0, False), (20.0, True), None)
    >>> read_number("一百十五"), read_number("一百五"), read_number("一百零五"), read_number("三点二万")
    ((115.0, False), (150.0, False), (105.0, False), (32000.0, False))
    >>> read_number("一亿三千万"), read_number("1亿零500万"), read_number("一万二")
    ((130000000.0, False), (105000000.0, False), (12000.0, False))
    """
    more = "余" in text or "多" in text or text.endswith("几")
    plain = re.sub(r"[余多来,\s]|几$", "", text).replace("．", ".")
    tokens = _TOKEN.findall(_POINT.sub(_in_digits, plain))
    digits = [token for token in tokens if token in DIGITS or token[0].isdecimal()]
    if not tokens or len(digits) + sum(token in SCALES or token in LARGE for token in tokens) < len(tokens):
        return None
    if len(tokens) > 1 and len(digits) == len(tokens):
        return None  # 二〇二三: a year, or a row of digits such as 一一
    if any(0 < first >= second for first, second in _rows_of_digits(tokens)):
        return None
    return round(_value(tokens), 6), more


def _in_digits(match: re.Match[str]) -> str:
    """三点二 as 3.2."""
    whole = read_number(match[1]) or (float(DIGITS.get(match[1], 0)), False)
    return f"{whole[0]:.0f}." + "".join(str(DIGITS[char]) for char in match[2])


def _rows_of_digits(tokens: list[str]) -> Iterator[tuple[int, int]]:
    """The values of any two Chinese digits that stand side by side."""
    return ((DIGITS[one], DIGITS[other]) for one, other in pairwise(tokens) if one in DIGITS and other in DIGITS)


def _value(tokens: list[str]) -> float:
    total, section, digit = 0.0, 0.0, 0.0
    lowest = 0
    """The last of 万 and 亿 in the total: of 万亿 the second multiplies all before it, of 一亿三千万 not."""
    below = 1.0
    """What a digit counts that ends the numeral: in 一万二 thousands, in 三百五 tens, behind 零 ones."""
    for token in tokens:
        if token in SCALES:
            section += (digit or 1) * SCALES[token]
            digit, below = 0, SCALES[token] / 10
        elif token in LARGE:
            scale, group = LARGE[token], section + digit
            if scale > lowest:
                total = (total + group or 1) * scale
            else:
                total += group * scale
            section, digit, lowest, below = 0, 0, scale, scale / 10
        else:
            value = float(DIGITS.get(token, 0) if token in DIGITS else token)
            below = 1 if value == 0 or value >= 10 else below
            digit = digit or value
    return total + section + digit * below
