"""Figures: numbers with their unit, comparator and what they count.

余 / 多 / 近 / 超 / 约, ranges (of 8至10场 the lower value, about) and shares (八成五, 百分之九十). Whether a figure is an
outcome of a practice is decided later; here every figure of the article is read. Units and the words beside are in
``figures.toml``, numerals in ``numerals.py``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from kg.extract.figures.numerals import DIGITS, LARGE, NUMERAL, SCALES, read_number
from kg.extract.text.layout import clauses
from kg.extract.text.page import Page

__all__ = ["Figure", "figure_words", "find_figures"]

_AFTER_NUMBER = re.compile(r"(?:[余多来+＋]|好几)")
_ORDINAL = re.compile(r"第[\d一二三四五六七八九十]+[、和至到~～—-]\Z")
"""第3、4期, 第3至5期: the second number is no count either."""
_FROM = re.compile(
    r"(?<![\d.．+/~～—-])((?:\d+(?:[.．]\d+)?|[一二两三四五六七八九十百千]+)[百千]?[万亿]?)(?P<share>[%％]?)\s?(?:至|到|[-~～–]|—+)\s?\Z"
)
"""8至, 1.2～, 30到, 20%至: what stands before the upper end of a range."""
_SHARES = {"百分之": "%", "千分之": "‰"}
_TENTHS = {char: value / 10 for char, value in DIGITS.items()} | {"半": 0.5}
_TENTH = re.compile("[二三四五六七八九半](?![一二三四五六七八九十百千万亿])|一(?=[的以，。；、！？]|$)")
"""八成五, 六成半; of 七成一线工人 the 一 belongs to what follows."""
_POINT = re.compile("点([零〇一二三四五六七八九]+)")
_BETWEEN = re.compile("[有达了为到于]$")
"""What may stand between the comparator and the figure: 约有300人, 超过了300人."""
_BESIDE = 6
"""Characters on either side that are looked at for a comparator, blanks among them."""
_BLANKS = " \u3000"
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
    no_comparator: tuple[str, ...]
    """Words that only end or begin like one: 签约300户, 12人不到场."""
    more: re.Pattern[str]
    """多 or 余 behind a unit; the group is what may be in one word with it."""
    bare: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]
    """(unit, what stands before, what behind) of numbers in 万 and 亿 without a measure word."""


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
        tuple(table["comparators"]["none"].split()),
        re.compile(f"[多余](?!{_any(table['more']['none']).pattern})({_any(table['more']['measure']).pattern})?"),
        _bare(table["bare"]),
    )


def _bare(table: dict[str, dict[str, str]]) -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    behind = [
        (unit, re.compile(""), re.compile(rf"[\u4e00-\u9fff]{{0,4}}?(?:{_any(words).pattern})"))
        for unit, words in table["after"].items()
    ]
    before = [
        (unit, re.compile(rf"(?:{_any(words).pattern})[\u4e00-\u9fff]{{0,4}}\Z"), re.compile(r"[，。；、！？）)]|\Z"))
        for unit, words in table["before"].items()
    ]
    return (*behind, *before)


def _any(words: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words.split(), key=len, reverse=True))))


def find_figures(page: Page) -> list[Figure]:
    """All figures with a unit, in the order of the text."""
    found = []
    for paragraph in page.layout.paragraphs:
        for sentence in paragraph.sentences:
            for begin, end in clauses(page.text, *sentence):
                found += _in_clause(page, begin, end)
    return found


def _in_clause(page: Page, begin: int, end: int) -> list[Figure]:
    text, stop, figures = page.text, end, list[Figure]()
    while stop > begin and text[stop - 1] in "，。；：！？,;:!?…—”’":
        stop -= 1
    read = begin
    for match in NUMERAL.finditer(text, begin, end):
        if match.start() < read or _counts_nothing(text, match, begin):
            continue  # 千 in 3千米 is none of its own
        if (figure := _figure(page, match, (begin, stop))) and not _in_a_word(page, match[0], figure):
            if figures and figure.start < figures[-1].end:
                figures.pop()  # 20%至30% is one
            figures.append(figure)
            read = figure.end
    return figures


def _counts_nothing(text: str, match: re.Match[str], begin: int) -> bool:
    """An ordinal, an idiom, or a numeral inside a word."""
    words, at = _words(), match.start()
    return (
        text[max(at - 3, begin) : at].endswith(words.no_figure_before)
        or any(words.idiom.match(text, max(at - back, begin)) for back in (0, 2))
        or _ORDINAL.search(text, max(at - 6, begin), at) is not None
        or _glued(text, match, begin)
    )


def _in_a_word(page: Page, numeral: str, figure: Figure) -> bool:
    """Whether a Chinese numeral and its unit are part of one longer word: 三轮|车夫, 五位|一体, 三棵|树社区."""
    if not page.words or numeral[0].isdecimal():
        return False
    _, end, tag = page.words[page.word_at(figure.start)]
    if tag == "m" or end <= figure.end or figure.unit == "个":
        return False
    # 五条路 and 两件事 count, though LAC takes them for one word
    return tag in _NAMES or end > figure.end + 1 or figure.unit not in _LOOSE


_NAMES = ("LOC", "ORG", "PER", "nz", "nw", "ns", "nt", "nr")
_LOOSE = ("条", "件", "家")


def _figure(page: Page, match: re.Match[str], clause: tuple[int, int]) -> Figure | None:
    text = page.text
    read = read_number(match[0])
    if read is None:
        return None
    if share := _share(text, match, clause, read[0]):
        return share
    value, more = read
    start, at = match.start(), _past_blanks(text, match.end())
    if not more and (after := _AFTER_NUMBER.match(text, at)):
        more, at = True, after.end()
    if text.startswith(("万", "亿", "千", "百"), at) and more and match[0][-1:] in "余多":
        value, at = value * (LARGE.get(text[at]) or SCALES[text[at]]), at + 1
    unit = None if _words().no_figure.match(text, at) else _words().unit.match(text, at)
    if not unit:
        return _without_unit(text, match, clause, value, more)
    end = unit.end()
    if unit[0] == "成" and (tenth := _TENTH.match(text, end)):
        value, end = value + _TENTHS[tenth[0]], tenth.end()
    lower = _lower_end(text, match, clause[0])
    if lower:
        start, value = lower
    sign = _comparator(text[max(start - _BESIDE, clause[0]) : start], match[0], more, text[end : end + _BESIDE])
    comparator = "~" if lower else sign
    if _more_behind(page, end):
        comparator = ">" if comparator == "=" else comparator
        end += unit[0] in ("个", "家")
    return Figure(start, end, value, unit[0].translate(_PLAIN), comparator, clause)


_PLAIN = str.maketrans("％", "%", "（）()")
"""Of 人（次） and 场(次) the unit is 人次, 场次."""


def _more_behind(page: Page, at: int) -> bool:
    """Whether 多 or 余 behind a unit belongs to it: 20个多, but not 12个|多功能."""
    more = _words().more.match(page.text, at)
    if more is None:
        return False
    return not page.words or bool(more[1]) or page.words[page.word_at(at)][1] == at + 1


def _without_unit(text: str, match: re.Match[str], clause: tuple[int, int], value: float, more: bool) -> Figure | None:
    """惠及3万群众, 投入3500万: what a number in 万 or 亿 counts is said by the words beside it."""
    if not match[0][0].isdecimal() or not set(LARGE) & set(match[0].rstrip("余多")[-1:]):
        return None
    before = text[max(match.start() - 12, clause[0]) : match.start()]
    for unit, left, right in _words().bare:
        if left.search(before) and right.match(text, match.end()):
            sign = _comparator(before[-_BESIDE:], match[0], more, text[match.end() : match.end() + _BESIDE])
            return Figure(match.start(), match.end(), value, unit, sign, clause)
    return None


def _share(text: str, match: re.Match[str], clause: tuple[int, int], value: float) -> Figure | None:
    """百分之八十五, 千分之三点五."""
    kind = text[max(match.start() - 3, clause[0]) : match.start()]
    if kind not in _SHARES:
        return None
    end = match.end()
    if point := _POINT.match(text, end):
        value += float("0." + "".join(str(DIGITS[char]) for char in point[1]))
        end = point.end()
    start = match.start() - len(kind)
    before, after = text[max(start - _BESIDE, clause[0]) : start], text[end : end + _BESIDE]
    return Figure(start, end, round(value, 6), _SHARES[kind], _comparator(before, match[0], False, after), clause)


def _lower_end(text: str, match: re.Match[str], begin: int) -> tuple[int, float] | None:
    """Where a range begins of which the numeral is the upper end, and its lower value: 8至10场, 1.2到1.5万人次."""
    found = _FROM.search(text, max(match.start() - 12, begin), match.start())
    low, high = read_number(found[1]) if found else None, read_number(match[0])
    if not found or not low or not high or (found["share"] and not text.startswith(("%", "％"), match.end())):
        return None
    if found["share"] and text.startswith(("从", "由"), found.start() - 1):
        return None  # 从82%到98% is a rise
    value = low[0]
    scale = match[0].rstrip("余多")[-1:]
    if found[1][-1] not in LARGE and scale in LARGE and value < high[0] / LARGE[scale]:
        value *= LARGE[scale]
    both_years = found[1].isdecimal() and all(1900 <= one <= 2100 for one in (value, high[0]))
    return None if value >= high[0] or both_years else (found.start(1), value)


def _past_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANKS:
        at += 1
    return at


def _comparator(before: str, numeral: str, more: bool, after: str) -> str:
    """``=``, ``>``, ``<`` or ``~`` by the numeral and the words on both sides of the figure."""
    words = _words()
    before, after = before.rstrip(_BLANKS), after.lstrip(_BLANKS)
    for word, sign in words.after:
        if after.startswith(word) and not after.startswith(words.no_comparator):
            return sign
    if more:
        return ">"
    for said in (before, _BETWEEN.sub("", before)):
        for word, sign in words.before:
            if said.endswith(word) and not said.endswith(words.no_comparator):
                return sign
    if before.endswith(("上", "过", "破")) and not before.endswith("不过") and numeral[0] in "百千万":
        return ">"  # 上百名
    return "~" if _ABOUT.search(numeral) else "="


def _at_least(text: str, match: re.Match[str]) -> bool:
    """Whether the + behind a number says that it is more: 1200+场, but 1+场景 and 5+2 are schemes."""
    number = read_number(match[0])
    return number is not None and number[0] >= _LEAST_ROUND and bool(_words().unit.match(text, match.end() + 1))


_LEAST_ROUND = 10


def _glued(text: str, match: re.Match[str], begin: int) -> bool:
    """A numeral inside a word or a name: 一张网, 一站式, 三下乡, 1+3+N, H5, 2023-06."""
    before = text[match.start() - 1] if match.start() else ""
    after = text[match.end()] if match.end() < len(text) else ""
    if before and before in "+-/.＋~～–" and not _lower_end(text, match, begin):
        return True
    if before.isascii() and before.isalpha():
        return True
    if after and after in "/-":
        return True
    if after and after in "+＋":
        return not _at_least(text, match)
    # 一 alone is rarely a count in this genre: 一名 introduces a person, 一张网 is a figure of speech
    return match[0] == "一"
