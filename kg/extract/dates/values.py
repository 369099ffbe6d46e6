"""Values of dates: points, intervals and their ISO 8601, and what a year named in words stands for."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field

from kg.extract.figures.numerals import read_number

__all__ = [
    "Around",
    "Parts",
    "Reading",
    "at",
    "between",
    "exact",
    "number",
    "plan_start",
    "read_published",
    "since",
    "stated_year",
    "year_for",
    "year_of",
]

Parts = tuple[int, int | None, int | None]
"""Year, month, day, as far as they are known."""


@dataclass(frozen=True)
class Reading:
    """What a date expression says."""

    shape: str
    """``point``, ``period`` or ``recurrence``."""
    iso: str | None
    parts: Parts | None = None
    """Of a point: what a range or a 以来 after it starts from; of days of a month, the first: what a day after them goes by."""


@dataclass
class Around:
    """What the words around a date expression say of it."""

    published: Parts | None
    future: bool = False
    """Whether the clause speaks of something to come."""
    year: int | None = None
    """The year named last in the same sentence."""
    latest: int | None = None
    """The year named last in the article: what 同年 and 第二年 go by."""
    month: tuple[int, int] | None = None
    """The year and month named last in the same paragraph."""
    opening: bool = False
    """Whether the expression opens its sentence."""
    words: dict[str, str] = field(default_factory=dict)
    """The eras, each with the month in which it began."""


def read_published(published: str | None) -> Parts | None:
    """The parts of the day, month or year of publication.

    >>> read_published("2025-10"), read_published(None)
    ((2025, 10, None), None)
    """
    match = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", published or "")
    if not match:
        return None
    return int(match[1]), int(match[2]) if match[2] else None, int(match[3]) if match[3] else None


def at(year: int | None, month: int | None = None, day: int | None = None) -> Reading | None:
    """A point in time; without a year it stays unresolved; None for a day that the calendar does not have."""
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    if year is None:
        return Reading("point", None)
    if day is not None and month is not None and day > monthrange(year, month)[1]:
        return None
    return Reading("point", iso_of((year, month, day)), (year, month, day))


def between(first: Parts | None, last: Parts | None) -> Reading:
    """The interval from one point to another; unresolved where one of them is."""
    if first is None or last is None:
        return Reading("period", None)
    return Reading("period", iso_of(first) if first == last else f"{iso_of(first)}/{iso_of(last)}")


def since(first: Parts | None, published: Parts | None, *, vague: bool = False) -> Reading:
    """The interval up to publication, as exact as that: 今年以来 begins on 1 January, 8月以来 on 1 August.

    A ``vague`` month stays one: winter begins in November, on no certain day.
    """
    if first is not None and published is not None:
        if published[2] is not None and not (vague and first[1]):
            first = (first[0], first[1] or 1, first[2] or 1)
        elif published[1] is not None and first[1] is None:
            first = (first[0], 1, 1)
        if (first[0], first[1] or 1, first[2] or 1) > _last_day(published):
            return Reading("period", None)
    return between(first, published)


def _last_day(parts: Parts) -> tuple[int, int, int]:
    return parts[0], parts[1] or 12, parts[2] or 31


def iso_of(parts: Parts) -> str:
    year, month, day = parts
    return f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if month and day else "")


def number(text: str | None) -> int | None:
    """A small whole number in digits or characters; None where it is none."""
    if not text:
        return None
    found = read_number(text)
    return int(found[0]) if found else None


def plan_start(ordinal: str) -> int:
    """The first year of a five-year plan, named by the digit behind 十: of 十四五 2021."""
    return 1956 + 5 * (10 + exact(ordinal) - 1)


def exact(text: str) -> int:
    """The same for words that a pattern has made sure of."""
    return number(text) or 0


_RELATIVE = {"今": 0, "本": 0, "新": 0, "去": -1, "上": -1, "前": -2, "明": 1, "来": 1, "后": 2}
_LAST_CENTURY = 80
"""Two digits from here on are 1980 and later; between this and the year of publication they are no year of the genre."""
_YEAR_DIGITS = {char: str(value) for value, char in enumerate("零一二三四五六七八九")} | dict.fromkeys("〇○OО", "0")


def _written_year(words: str, published: Parts | None) -> int | None:
    """The year in digits or characters; of two digits, 23年5月, one up to the next."""
    year = int("".join(_YEAR_DIGITS.get(char, char) for char in words))
    if year >= 100:
        return year
    if published is not None and 2000 + year <= published[0] + 1:
        return 2000 + year
    return 1900 + year if year >= _LAST_CENTURY else None


def stated_year(match: re.Match[str], around: Around) -> tuple[bool, int | None]:
    """Whether the words state a year, and which."""
    groups = match.groupdict()
    if groups.get("year"):
        return True, _written_year(groups["year"], around.published)
    relative = groups.get("rel") or groups.get("short")
    if not relative:
        return False, None
    published = around.published[0] if around.published else None
    if relative in ("当年", "同年", "次年", "翌年", "第二年"):
        base = around.latest if around.latest is not None else (published if relative in ("当年", "同年") else None)
        return True, None if base is None else base + (relative not in ("当年", "同年"))
    return True, None if published is None else published + _RELATIVE[relative[0]]


def year_for(month: int, around: Around) -> int | None:
    """The year of a month named without one: the one named before it, else the nearest, rather past than to come."""
    if around.published is None:
        return around.year
    year, now = around.published[0], around.published[1]
    if around.year is not None and around.year != year:
        # 去年10月…3月: the year has turned meanwhile
        return around.year + (around.month is not None and around.month[0] == around.year and month < around.month[1])
    if around.opening and around.month is not None and _goes_on(month, around.month, around):
        return around.month[0]
    if now is None:
        return year
    if around.future:
        return year + 1 if month < now - 8 else year
    return year - 1 if month > now + 3 else year


def _goes_on(month: int, told: tuple[int, int], around: Around) -> bool:
    """2021年3月，开班。5月，扩大到全区: the sentence goes on with the year told last; but this month and the last are news."""
    now = around.published[1] if around.published else None
    news = now is not None and (now - month) % 12 <= 1
    return told[0] == around.latest and told[1] <= month and not news


def year_of(match: re.Match[str], around: Around, month: int) -> int | None:
    """The year that the words state, else that of a month named without one."""
    stated, year = stated_year(match, around)
    return year if stated else year_for(month, around)
