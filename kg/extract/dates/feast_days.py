"""Feasts and days of the farmers' calendar: 国庆假期, “七一”前夕, 春节后, 三月初三, 大年三十.

Each reader gets the match of its pattern (``dates.toml``) and what is known around it, as those of ``points.py`` do.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from kg.extract.dates.festivals import feasts, lunar_day
from kg.extract.dates.values import Around, Reading, at, between, number, since, stated_year

__all__ = ["read_feast", "read_lunar"]

_MOONS = {"正": 1, "腊": 12, "冬": 11}
"""Months of the farmers' calendar with a name of their own."""


def read_lunar(match: re.Match[str], around: Around) -> Reading | None:
    """A day or month of the farmers' calendar: 农历八月十五, 三月初三, 大年三十, 去年腊月, 正月里."""
    named = match["moon"] or match["moon1"] or match["moon2"]
    month = _MOONS.get(named) or number(named) if named else 1
    words = match["lunar_day"]
    if words is None:
        return _lunar_month(match, month, around)
    day = number(words.removeprefix("初").replace("廿", "二十"))
    if month is None or day is None:
        return None
    if match["big"] and words == "三十":
        return _on_feast("除夕", match, around)
    stated, year = stated_year(match, around)
    if stated:
        found = lunar_day(year, month, day) if year else None
    else:
        found = _likeliest(partial(lunar_day, month=month, day=day), around, _NEAR_FEAST)
    return at(found.year, found.month, found.day) if found else at(None)


def _lunar_month(match: re.Match[str], month: int | None, around: Around) -> Reading | None:
    """去年腊月, 农历三月, 正月里; a bare 腊月 is any. It lies in two months as a rule."""
    stated, year = stated_year(match, around)
    if not (stated or match["moon"] or match["within"] is not None) or match["big"]:
        return None
    if month is None or (stated and year is None):
        return at(None)
    of_year = partial(lunar_day, month=month, day=_LUNAR_MONTH)
    # the month that runs today is the one that is meant
    last = of_year(year) if stated and year else _likeliest(of_year, around, _LUNAR_MONTH)
    if last is None:
        return at(None)
    first = last - timedelta(_LUNAR_MONTH - 1)
    months = between((first.year, first.month, None), (last.year, last.month, None))
    return Reading("point", months.iso, (first.year, first.month, first.day))


_LUNAR_MONTH = 29
"""Days that each month of the farmers' calendar has."""


def _on_feast(name: str, match: re.Match[str], around: Around) -> Reading | None:
    day = _feast_day(name, match, around)
    return at(day.year, day.month, day.day) if day else at(None)


def _feast_day(name: str, match: re.Match[str], around: Around) -> date | None:
    feast = feasts()[name]
    stated, year = stated_year(match, around)
    if stated:
        return feast.day(year) if year else None
    # 大年三十, which is the feast's other name, is said without what may follow a feast
    tail = match.groupdict().get("tail") or ""
    after = tail.endswith("后") and tail != "前后"
    return _likeliest(feast.day, around, _NEAR_PAST_FEAST if after else _NEAR_FEAST)


def _likeliest(of_year: Callable[[int], date | None], around: Around, near: int) -> date | None:
    """The day of the year that is meant: rather the last one than the next, unless that is near or announced."""
    if around.published is None:
        return None
    today = date(around.published[0], around.published[1] or 7, around.published[2] or 15)
    # a lunar year ends in the next
    days = [day for year in range(today.year - 2, today.year + 2) if (day := of_year(year))]
    return min(days, key=lambda day: _distance((day - today).days, around.future, near), default=None)


def _distance(days: int, future: bool, near: int) -> int:
    likely = (future or days < near) if days >= 0 else not future
    return abs(days) + (0 if likely else 1000)


_NEAR_FEAST = 62
"""Days; a feast so near is spoken of as to come: the next 春节 from December on."""
_NEAR_PAST_FEAST = 40
"""Of what is said to be after a feast, more is told that is over: 春节后 in early December is that of the old year."""


def read_feast(match: re.Match[str], around: Around) -> Reading | None:
    """A feast, with what is said behind it: 春节, 国庆假期, “七一”前夕."""
    day, tail, feast = _feast_day(match["feast"], match, around), match["tail"] or "", feasts()[match["feast"]]
    if day is None:
        return at(None)
    if tail.startswith("以来"):
        return since((day.year, day.month, day.day), around.published)
    if tail in ("前夕", "前", "之前", "来临之际", "到来之际", "到来前", "来临前", "临近"):
        eve = day - timedelta(1)
        return at(eve.year, eve.month)
    if feast.days > 1 and tail in ("假期", "长假", "小长假", "期间"):
        first, last = (day, day + timedelta(feast.days - 1)) if tail == "期间" else feast.holiday(day)
        return between((first.year, first.month, first.day), (last.year, last.month, last.day))
    if tail.endswith("后") or (feast.vague and not tail):
        return at(day.year, day.month)
    return at(day.year, day.month, day.day)
