"""Figures: numbers with their unit, comparator and what they count.

Arabic and Chinese numerals, 万 and 亿 (100.8万 is 1008000), 余 / 多 / 近 / 超 / 约. Whether a figure is an outcome of a
practice is decided later; here every figure of the article is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.extract.layout import clauses
from kg.extract.page import Page

__all__ = ["Figure", "find_figures", "read_number"]

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}

UNITS = (
    "人次 人份 人天 户次 场次 批次 件次 车次 例次 班次 课时 学时 平方米 平方公里 立方米 平米 公里 千米 公顷 公斤 千克 千瓦 "
    "元 米 亩 吨 升 斤 度 个 名 位 人 户 家 所 处 支 项 件 条 张 台 辆 次 期 场 册 本 份 篇 门 节 堂 讲 套 只 盏 "
    "栋 幢 座 间 块 片 类 种 批 组 对 幅 部 首 面 棵 株 头 根 口 颗 枚 把 顶 床 桌 碗 袋 箱 包 瓶 支队 例 宗 起 笔 单 班 期次 "
    "款 档 扇 艘 架 道 则 则次 集 轮 遍 趟 圈 层 级 代 届 岗 员 代表 % ％ ‰"
).split()
"""Measure words of the genre, longest first when matched; a figure without one of them has no unit."""

_DURATIONS = "年 月 日 天 周 小时 分钟 秒 岁 周岁 点 时 世纪 季度 个月 星期 个小时 刻钟 载 级 度 周年 年代 号 楼".split()
"""What makes a number a time, an age or a price: no outcome by the guideline (money is read, and left to the decision: 200万元 is 2000000 元)."""

_BEFORE = {
    ">": ("超过", "超", "逾", "突破", "不少于", "不低于", "至少", "多于", "高达"),
    "<": ("将近", "接近", "近", "不足", "不到", "低于", "少于", "最多", "不超过"),
    "~": ("大约", "约", "大概", "左右"),
}
_AFTER_NUMBER = re.compile(r"(?:[余多来]|好几)")
_UNIT = re.compile("|".join(map(re.escape, sorted(UNITS, key=len, reverse=True))))
_DURATION = re.compile("|".join(sorted(_DURATIONS, key=len, reverse=True)))
_NUMBER = re.compile(
    r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\s?(?:[百千]?[万亿])?(?:[余多])?[万亿]?"
    r"|[零〇一二两三四五六七八九十百千万亿]+[余多]?[万亿千百]?"
)
_AFTER_UNIT = {"以上": ">", "左右": "~", "上下": "~", "以内": "<", "以下": "<"}


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


def read_number(text: str) -> tuple[float, bool] | None:
    """The value of a numeral and whether it is open upwards (600余); None where it is no plain number.

    >>> read_number("100.8万"), read_number("三十余"), read_number("百余"), read_number("数十")
    ((1008000.0, False), (30.0, True), (100.0, True), None)
    """
    more = "余" in text or "多" in text
    plain = re.sub(r"[余多,\s]", "", text)
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([百千]?)([万亿]{0,2})", plain)
    if match:
        value = float(match[1]) * _SCALES.get(match[2], 1)
        for char in match[3]:
            value *= _LARGE[char]
        return round(value, 6), more
    if not plain or any(char not in _DIGITS and char not in _SCALES and char not in _LARGE for char in plain):
        return None
    if len(plain) > 1 and all(char in _DIGITS for char in plain):
        return None  # 二〇二三: a year, or a row of digits such as 一一
    total, section, digit = 0.0, 0.0, 0.0
    for at, char in enumerate(plain):
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _SCALES:
            section += (digit or (1 if at == 0 or section == 0 else 0)) * _SCALES[char]
            digit = 0
        else:
            total = (total + section + digit or 1) * _LARGE[char]
            section = digit = 0
    return total + section + digit, more


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
        figure = _figure(text, match, (begin, stop))
        if figure:
            figures.append(figure)
    return figures


def _figure(text: str, match: re.Match[str], clause: tuple[int, int]) -> Figure | None:
    before = text[max(match.start() - 3, clause[0]) : match.start()]
    if before.endswith(("第", "星期", "周", "的十", "数", "几", "十几", "每", "国道", "省道", "GB", "H")) or _glued(text, match):
        return None
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
        value, at = value * {"万": 10_000, "亿": 100_000_000, "千": 1000, "百": 100}[text[at]], at + 1
    if _DURATION.match(text, at) and not _UNIT_BEATS_DURATION.match(text, at):
        return None
    unit = _UNIT.match(text, at)
    if not unit:
        return None
    last = unit.end()
    comparator = ">" if more else "="
    for sign, words in _BEFORE.items():
        if before.endswith(words):
            comparator = sign if not more else comparator
    for word, sign in _AFTER_UNIT.items():
        if text.startswith(word, last):
            comparator = sign
    if text.startswith(("多", "余"), last) and comparator == "=":
        comparator = ">"
    if unit[0] in ("个", "家") and text.startswith(("多", "余"), last):
        last += 1
    return Figure(match.start(), last, value, "%" if unit[0] == "％" else unit[0], comparator, clause)


_UNIT_BEATS_DURATION = re.compile(r"(?:级|度)(?:电|$)")
_ONE = {"一", "两", "十", "千", "万", "百", "二", "三", "四", "五", "六", "七", "八", "九"}


def _glued(text: str, match: re.Match[str]) -> bool:
    """A numeral inside a word or a name: 一张网, 一站式, 三下乡, 1+3+N, H5, 2023-06."""
    before = text[match.start() - 1] if match.start() else ""
    after = text[match.end()] if match.end() < len(text) else ""
    if before and before in "+-—/.:：＋~～" and before not in "：:—":
        return True
    if before.isascii() and before.isalpha():
        return True
    if after and after in "+＋/-":
        return True
    # 一 alone is rarely a count in this genre: 一名 introduces a person, 一张网 is a figure of speech
    return match[0] == "一"
