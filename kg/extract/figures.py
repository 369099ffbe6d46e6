"""Figures: numbers with their unit, comparator and what they count.

Arabic and Chinese numerals, 万 and 亿 (100.8万 is 1008000), 余 / 多 / 近 / 超 / 约. Whether a figure is an outcome of a
practice is decided later; here every figure of the article is read. Units and the words beside are in ``figures.toml``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from kg.extract.layout import clauses
from kg.extract.page import Page

__all__ = ["Figure", "figure_words", "find_figures", "read_number"]

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}

_DIGIT_RUN = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:[.．]\d+)?"
_NUMBER = re.compile(
    rf"{_DIGIT_RUN}(?:亿\d+万|万\d+千(?![瓦克米]))[余多]?"
    rf"|{_DIGIT_RUN}\s?(?:[百千]?[万亿]|[百千](?![瓦克米]))?[余多]?[万亿]?"
    r"|[零〇一二两三四五六七八九十百千万亿]+(?:[余多]|(?<=十)几)?[万亿千百]?"
)
_AFTER_NUMBER = re.compile(r"(?:[余多来]|好几)")
_ORDINAL = re.compile(r"第[\d一二三四五六七八九十]+[、和]\Z")
"""第3、4期: the second number is no count either."""
_ABOUT = re.compile("[〇一二两三四五六七八九]{2}(?=[十百千万亿]|$)")
"""三四十, 七八百, 十五六: two digits in a row."""


@dataclass(frozen=True)
class Figure:
    """One number of the text with its unit."""

    start: int
    end: int
    value: float
    unit: str
    comparator: str
    clause: tuple[int, int]
    """The clause's span, without its closing punctuation."""


@cache
def figure_words() -> dict[str, Any]:
    """All of ``figures.toml``."""
    return tomllib.loads(resources.files(__package__).joinpath("figures.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class _Words:
    """The word lists of ``figures.toml``, ready for use."""

    unit: re.Pattern[str]
    no_figure: re.Pattern[str]
    no_figure_before: tuple[str, ...]
    idiom: re.Pattern[str]
    before: tuple[tuple[str, str], ...]
    """(word, comparator), longest first: 不少于 is no 少于."""
    after: tuple[tuple[str, str], ...]


@cache
def _words() -> _Words:
    table = figure_words()
    none = table["no_figure"]
    beside = [
        sorted(((word, sign) for sign, words in side.items() for word in words.split()), key=lambda pair: -len(pair[0]))
        for side in (table["comparators"]["before"], table["comparators"]["after"])
    ]
    return _Words(
        _any(" ".join(table["units"].values())),
        re.compile(f"(?!{_any(none['unless']).pattern})(?:{_any(none['after']).pattern})"),
        tuple(none["before"].split()),
        _any(none["idioms"]),
        tuple(beside[0]),
        tuple(beside[1]),
    )


def _any(words: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words.split(), key=len, reverse=True))))


def read_number(text: str) -> tuple[float, bool] | None:
    """The value of a numeral and whether it is open upwards (600余); None where it is no plain number.

    Full-width digits are read like half-width ones. Of two digits in a row (三四十) the lower one is taken.

    >>> read_number("100.8万"), read_number("三十余"), read_number("百余"), read_number("数十")
    ((1008000.0, False), (30.0, True), (100.0, True), None)
    >>> read_number("3万5千"), read_number("三四十"), read_number("二十几")
    ((35000.0, False), (30.0, False), (20.0, True))
    """
    more = "余" in text or "多" in text or text.endswith("几")
    plain = re.sub(r"[余多,\s]|几$", "", text).replace("．", ".")
    if re.fullmatch(r"\d+(?:\.\d+)?[百千]?[万亿]{0,2}(?:(?<=亿)\d+万|(?<=万)\d+千)?", plain):
        value = 0.0
        for part in re.finditer(r"(\d+(?:\.\d+)?)([百千]?)([万亿]{0,2})", plain):
            amount = float(part[1]) * _SCALES.get(part[2], 1)
            for char in part[3]:
                amount *= _LARGE[char]
            value += amount
        return round(value, 6), more
    if not plain or any(char not in _DIGITS and char not in _SCALES and char not in _LARGE for char in plain):
        return None
    if len(plain) > 1 and all(char in _DIGITS for char in plain):
        return None  # 二〇二三: a year, or a row of digits such as 一一
    return _chinese(plain), more


def _chinese(numeral: str) -> float:
    total, section, digit = 0.0, 0.0, 0.0
    for at, char in enumerate(numeral):
        if char in _DIGITS:
            digit = digit or _DIGITS[char]
        elif char in _SCALES:
            section += (digit or (1 if at == 0 or section == 0 else 0)) * _SCALES[char]
            digit = 0
        else:
            total = (total + section + digit or 1) * _LARGE[char]
            section = digit = 0
    return total + section + digit


def find_figures(page: Page) -> list[Figure]:
    """All figures with a unit, in the order of the text."""
    found = []
    for paragraph in page.layout.paragraphs:
        for sentence in paragraph.sentences:
            for begin, end in clauses(page.text, *sentence):
                found += _in_clause(page.text, begin, end)
    return found


def _in_clause(text: str, begin: int, end: int) -> list[Figure]:
    figures = []
    stop = end
    while stop > begin and text[stop - 1] in "，。；：！？,;:!?…—”’":
        stop -= 1
    for match in _NUMBER.finditer(text, begin, end):
        if not _counts_nothing(text, match, begin) and (figure := _figure(text, match, (begin, stop))):
            figures.append(figure)
    return figures


def _counts_nothing(text: str, match: re.Match[str], begin: int) -> bool:
    """An ordinal, an idiom, or a numeral inside a word."""
    words, at = _words(), match.start()
    return (
        text[max(at - 3, begin) : at].endswith(words.no_figure_before)
        or any(words.idiom.match(text, max(at - back, begin)) for back in (0, 2))
        or _ORDINAL.search(text, max(at - 6, begin), at) is not None
        or _glued(text, match)
    )


def _figure(text: str, match: re.Match[str], clause: tuple[int, int]) -> Figure | None:
    read = read_number(match[0])
    if read is None:
        return None
    value, more = read
    at = match.end()
    while at < len(text) and text[at] == " ":
        at += 1
    if not more and (after := _AFTER_NUMBER.match(text, at)):
        more, at = True, after.end()
    if text.startswith(("万", "亿", "千", "百"), at) and more and match[0][-1:] in "余多":
        value, at = value * (_LARGE.get(text[at]) or _SCALES[text[at]]), at + 1
    unit = None if _words().no_figure.match(text, at) else _words().unit.match(text, at)
    if not unit:
        return None
    end = unit.end()
    comparator = _comparator(
        text[max(match.start() - 3, clause[0]) : match.start()], match[0], more, text[end : end + 2]
    )
    if text.startswith(("多", "余"), end):
        comparator = ">" if comparator == "=" else comparator
        end += unit[0] in ("个", "家")
    return Figure(match.start(), end, value, "%" if unit[0] == "％" else unit[0], comparator, clause)


def _comparator(before: str, numeral: str, more: bool, after: str) -> str:
    """``=``, ``>``, ``<`` or ``~`` by the numeral and the words on both sides of the figure."""
    for word, sign in _words().after:
        if after.startswith(word):
            return sign
    if more:
        return ">"
    for word, sign in _words().before:
        if before.endswith(word):
            return sign
    if before.endswith("上") and numeral[0] in "百千万":
        return ">"  # 上百名
    return "~" if _ABOUT.search(numeral) else "="


def _glued(text: str, match: re.Match[str]) -> bool:
    """A numeral inside a word or a name: 一张网, 一站式, 三下乡, 1+3+N, H5, 2023-06."""
    before = text[match.start() - 1] if match.start() else ""
    after = text[match.end()] if match.end() < len(text) else ""
    if before and before in "+-/.＋~～":
        return True
    if before.isascii() and before.isalpha():
        return True
    if after and after in "+＋/-":
        return True
    # 一 alone is rarely a count in this genre: 一名 introduces a person, 一张网 is a figure of speech
    return match[0] == "一"
