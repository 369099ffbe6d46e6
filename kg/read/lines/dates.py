"""Dates of publication as pages write them, to ISO 8601."""

from __future__ import annotations

import datetime
import re

__all__ = ["DATE", "date_in_address", "first_date", "iso_date"]

_TIME = (
    r"(?:[T \u00a0]{0,3}(?:上午|下午)?\s?[0-2]?\d\s?[:：时]\s?[0-5]\d"
    r"(?:\s?[:：分]\s?[0-5]\d(?:\.\d+)?)?秒?分?(?:Z|[+-]\d\d:?\d\d)?)?"
)
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def _wide(pattern: str) -> str:
    """The pattern, each digit of it written half-width or full-width."""

    def both(part: re.Match[str]) -> str:
        digits = "".join(re.findall(r"[0-9](?:-[0-9])?", part[0]))
        if part[0][0] == "{":
            return part[0]
        return (
            f"{part[0][:-1]}{digits.translate(_WIDE)}]" if part[0][0] == "[" else f"[{digits}{digits.translate(_WIDE)}]"
        )

    return re.sub(r"\{[^}]*\}|\[[^\]]*\]|[0-9]", both, pattern)


DATE = re.compile(
    _wide(
        r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?(?:年/|[-/.年－—])\s?(?P<month>1[0-2]|0?[1-9])"
        rf"(?:\s?(?:月/|[-/.月－—])\s?(?P<day>3[01]|[12]\d|0?[1-9])(?!\d(?!\d?[:：]))\s?日?{_TIME}|\s?月份?|(?![\d./-]))"
        r"|(?<![\d])(?P<compact>(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)"
        r"|(?P<han_year>[一二][〇○零О０一二三四五六七八九]{3})年(?P<han_month>十[一二]?|[一二三四五六七八九])月(?:(?P<han_day>[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])日)?"
    )
)
_HAN = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "О": 0, "０": 0}


def _han_number(words: str) -> int:
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return _HAN[words]
    return (_HAN[tens] if tens else 1) * 10 + (_HAN[ones] if ones else 0)


def iso_date(match: re.Match[str]) -> str | None:
    """The ISO date, or year and month, of a match of ``DATE``; None where the calendar has no such day."""
    if match["compact"]:
        year, month, day = int(match["compact"][:4]), int(match["compact"][4:6]), int(match["compact"][6:])
    elif match["han_year"]:
        year = int("".join(str(_HAN[c]) for c in match["han_year"]))
        month = _han_number(match["han_month"])
        day = _han_number(match["han_day"]) if match["han_day"] else 0
    else:
        year, month, day = int(match["year"]), int(match["month"]), int(match["day"] or 0)
    return _day(year, month, day) if day else f"{year:04}-{month:02}"


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def first_date(text: str) -> str | None:
    """The first date of a short string.

    >>> first_date("2021年03月30日10:54"), first_date("2025-10"), first_date("二〇二四年四月十六日"), first_date("2月")
    ('2021-03-30', '2025-10', '2024-04-16', None)
    >>> first_date("２０２０年１１月２５日"), first_date("２０２０－１１－２５"), first_date("某某日报/2020年/11月/25日/第003版")
    ('2020-11-25', '2020-11-25', '2020-11-25')
    """
    for match in DATE.finditer(text[:2000]):
        if found := iso_date(match):
            return found
    return None


_IN_ADDRESS = re.compile(
    r"(?<!\d)(?P<year>20\d\d)(?P<mark>[-/_]?)(?P<month>0[1-9]|1[0-2])(?:(?P=mark)|/)(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
)


def date_in_address(url: str) -> str | None:
    """The day that the path of an address holds, the last of several; sites sort their articles by it.

    >>> date_in_address("https://a.example/2024-11/20/content_12.htm"), date_in_address("https://a.example/t20241120_7.html")
    ('2024-11-20', '2024-11-20')
    >>> date_in_address("https://a.example/20249999.html?d=20240101")
    """
    path = re.split("[?#]", url, maxsplit=1)[0]
    for match in reversed(list(_IN_ADDRESS.finditer(path))):
        if found := _day(int(match["year"]), int(match["month"]), int(match["day"])):
            return found
    return None
