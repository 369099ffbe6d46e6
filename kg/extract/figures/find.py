"""Figures: numbers with their unit, comparator and what they count.

余 / 多 / 近 / 超 / 约, ranges (of 8至10场 the lower value, about) and shares (八成五, 百分之九十, 三分之二). Whether a figure is
an outcome of a practice is decided later; here every figure of the article is read. Units and the words beside are in
``figures.toml``, numerals in ``numerals.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.extract.figures.comparators import BESIDE, BLANKS, comparator
from kg.extract.figures.numerals import DIGITS, LARGE, NUMERAL, SCALES, read_number
from kg.extract.figures.shares import read_share
from kg.extract.figures.words import words
from kg.extract.text.layout import clauses
from kg.extract.text.page import Page

__all__ = ["Figure", "find_figures"]

_AFTER_NUMBER = re.compile(r"(?:[余多来+＋]|好几)")
_ORDINAL = re.compile(r"第[\d一二三四五六七八九十]+[、和至到~～—-]\Z")
"""第3、4期, 第3至5期: the second number is no count either."""
_FROM = re.compile(
    r"(?<![\d.．+/~～—-])((?:\d+(?:[.．]\d+)?|[一二两三四五六七八九十百千]+)[百千]?[万亿]?)(?P<share>[%％]?)\s?(?:至|到|[-~～–]|—+)\s?\Z"
)
"""8至, 1.2～, 30到, 20%至: what stands before the upper end of a range."""
_TENTHS = {char: value / 10 for char, value in DIGITS.items()} | {"半": 0.5}
_TENTH = re.compile("[二三四五六七八九半](?![一二三四五六七八九十百千万亿])|一(?=[的以，。；、！？]|$)")
"""八成五, 六成半; of 七成一线工人 the 一 belongs to what follows."""
_ONE_TENTH = re.compile("成(?:[一二三四五六七八九半多以左的，。；、！？]|$)")
"""一成多, 一成五; not 一成立."""
_DOUBLED = re.compile("[（(]([次套])[）)]")
"""台（套）, 批(次): both units in one."""


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
    known, at = words(), match.start()
    before = text[max(at - 3, begin) : at]
    return (
        before.endswith(known.no_figure_before)
        or (not match[0][0].isdecimal() and before.endswith(known.no_numeral_before) and not _is_sum(before, match[0]))
        or _in_an_idiom(text, at, begin)
        or _ORDINAL.search(text, max(at - 6, begin), at) is not None
        or _glued(text, match, begin)
    )


def _is_sum(before: str, numeral: str) -> bool:
    """人数五百余, 户数三十: a number, unlike 数百."""
    return before.endswith("数") and before != "数" and numeral[0] not in SCALES and numeral[0] not in LARGE


def _in_an_idiom(text: str, at: int, begin: int) -> bool:
    found = (words().idiom.match(text, start) for start in range(max(at - _IDIOM, begin), at + 1))
    return any(idiom.end() > at for idiom in found if idiom)


_IDIOM = 3
"""Characters of an idiom before a numeral in it, at most."""


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
    if share := _share(text, match.start(), clause):
        return share
    read = read_number(match[0])
    if read is None:
        return None
    numeral, value, more, at = _with_what_follows(text, match, *read)
    if text.startswith("分之", at):
        return None
    if not (unit := _unit(text, at, value)):
        return _without_unit(text, match, clause, value, more)
    name, end = unit
    if name == "成" and (tenth := _TENTH.match(text, end)):
        value, end = value + _TENTHS[tenth[0]], tenth.end()
    start = match.start()
    lower = _lower_end(text, match, clause[0])
    if lower:
        start, value = lower
    sign = comparator(text[max(start - BESIDE, clause[0]) : start], numeral, more, text[end : end + BESIDE])
    sign = "~" if lower else sign
    if _more_behind(page, end):
        sign = ">" if sign == "=" else sign
        end += name in ("个", "家")
    return Figure(start, end, value, name, sign, clause)


def _with_what_follows(text: str, match: re.Match[str], value: float, more: bool) -> tuple[str, float, bool, int]:
    """The numeral with 余, 多, 来 or + and a scale behind it, its value, whether it is open upwards, and where it ends."""
    at = _past_blanks(text, match.end())
    numeral = match[0]
    if not more and (after := _AFTER_NUMBER.match(text, at)):
        numeral, more, at = numeral + after[0], after[0] != "来", after.end()
    if text.startswith(("万", "亿", "千", "百"), at) and numeral[-1:] in "余多":
        value, at = value * (LARGE.get(text[at]) or SCALES[text[at]]), at + 1
    return numeral, value, more, at


def _unit(text: str, at: int, value: float) -> tuple[str, int] | None:
    """The unit that stands at a character, as it is called, and where it ends."""
    known = words()
    large, least = known.large
    if value >= least and (unit := large.match(text, at)):
        return unit[0].removeprefix("个"), unit.end()
    unit = None if known.no_figure.match(text, at) else known.unit.match(text, at)
    if unit is None:
        return None
    name, end = unit[0].translate(_PLAIN), unit.end()
    if both := _DOUBLED.match(text, end):
        return name + both[1], both.end()
    if not name.endswith(_NEVER_TIMES) and known.times.match(text, end):
        return name + "次", end + 1
    return name, end


_NEVER_TIMES = ("次", "%", "‰", "成", "百分点", "元", "倍")
_PLAIN = str.maketrans("％", "%", "（）()")
"""Of 人（次） and 场(次) the unit is 人次, 场次."""


def _more_behind(page: Page, at: int) -> bool:
    """Whether 多 or 余 behind a unit belongs to it: 20个多, but not 12个|多功能."""
    more = words().more.match(page.text, at)
    if more is None:
        return False
    return not page.words or bool(more[1]) or page.words[page.word_at(at)][1] == at + 1


def _without_unit(text: str, match: re.Match[str], clause: tuple[int, int], value: float, more: bool) -> Figure | None:
    """惠及3万群众, 投入3500万: what a number in 万 or 亿 counts is said by the words beside it."""
    if not match[0][0].isdecimal() or not set(LARGE) & set(match[0].rstrip("余多")[-1:]):
        return None
    before = text[max(match.start() - 12, clause[0]) : match.start()]
    for unit, left, right in words().bare:
        if left.search(before) and right.match(text, match.end()):
            sign = comparator(before[-BESIDE:], match[0], more, text[match.end() : match.end() + BESIDE])
            return Figure(match.start(), match.end(), value, unit, sign, clause)
    return None


def _share(text: str, start: int, clause: tuple[int, int]) -> Figure | None:
    """百分之八十五, 千分之三点五, 三分之二."""
    share = read_share(text, start, clause[1])
    if share is None:
        return None
    before, after = text[max(start - BESIDE, clause[0]) : start], text[share.end : share.end + BESIDE]
    sign = comparator(before, text[start : share.end], after.startswith(("多", "强")), after)
    return Figure(start, share.end, share.value, share.unit, "~" if share.rounded and sign == "=" else sign, clause)


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
    while at < len(text) and text[at] in BLANKS:
        at += 1
    return at


def _at_least(text: str, match: re.Match[str]) -> bool:
    """Whether the + behind a number says that it is more: 1200+场, but 1+场景 and 5+2 are schemes."""
    number = read_number(match[0])
    return number is not None and number[0] >= _LEAST_ROUND and bool(words().unit.match(text, match.end() + 1))


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
    return match[0] == "一" and (before in ("统", "唯", "合") or not _ONE_TENTH.match(text, match.end()))
