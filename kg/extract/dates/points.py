"""Days, months, seasons and years: 7月13日上午, 今年春天, 去年底, 上周三; feasts are in ``feast_days.py``.

One function a kind of expression (the kinds of ``dates.toml``); each gets the match of its pattern and what is known
around it, and returns a reading, or None where the words turn out to be no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from kg.extract.dates.feast_days import read_feast, read_lunar
from kg.extract.dates.values import (
    Around,
    Reading,
    at,
    between,
    exact,
    number,
    plan_start,
    since,
    stated_year,
    year_for,
    year_of,
)

__all__ = ["POINT_READERS"]


def _stamp(match: re.Match[str], around: Around) -> Reading | None:
    numbers = [int(part) for part in re.split(r"[-/.]", match[0])]
    return at(*numbers)


def _year_range(match: re.Match[str], around: Around) -> Reading | None:
    return between((int(match["from"]), None, None), (int(match["to"]), None, None))


def _month_range(match: re.Match[str], around: Around) -> Reading | None:
    first, last = exact(match["from"]), exact(match["month"])
    if match["link"] == "、" and last != first + 1:
        return None if last <= first else at(year_of(match, around, last), last)
    stated, year = stated_year(match, around)
    if not stated:
        year = year_for(last, around)
    if year is None:
        return Reading("period", None)
    # a stated year is the first month's, 2022年12月至2月; one that is worked out is the last one's
    year -= first > last and not stated
    return between((year, first, None), (year + (first > last), last, None))


def _months(match: re.Match[str], around: Around) -> Reading | None:
    quarters = match["quarters"] or (match["count"] if match["unit"] == "季度" else None)
    count = exact(quarters) * 3 if quarters else exact(match["count"])
    if not 1 < count <= 12:
        return None
    year = year_of(match, around, count)
    return between((year, 1, None), (year, count, None)) if year else Reading("period", None)


def _quarter(match: re.Match[str], around: Around) -> Reading | None:
    first = exact(match["quarter"]) * 3 - 2
    year = year_of(match, around, first)
    return _span_of_months(year, first, first + 2)


def _span_of_months(year: int | None, first: int, last: int) -> Reading:
    """Whole months of a year; what a 以来 behind them starts from is the first."""
    if year is None:
        return Reading("period", None)
    return Reading("period", between((year, first, None), (year, last, None)).iso, (year, first, None))


def _half(match: re.Match[str], around: Around) -> Reading | None:
    first = 1 if match["half"] == "上半年" else 7
    return _span_of_months(year_of(match, around, first), first, first + 5)


_SPRING = 3
_SEASONS = {"春": 3, "夏": 6, "秋": 9, "冬": 12}


def _season(match: re.Match[str], around: Around) -> Reading | None:
    year, first = stated_year(match, around)[1], _SEASONS[match["season"]]
    if year is None:
        return Reading("point", None)
    if match["season"] == "冬" and "今" in (match["short"], (match["rel"] or " ")[0]) and around.published:
        # in January this winter is the one that began last year
        year -= (around.published[1] or 12) < (6 if match["short"] else _SPRING) and not (
            match["rel"] and around.future
        )
    if match[0].endswith("以来"):
        return since((year, first, None), around.published)
    last = (year + 1, 2, None) if first == 12 else (year, first + 2, None)
    return Reading("point", between((year, first, None), last).iso, (year, first, None))


_TURNS = {"入夏": 6, "入秋": 8, "入冬": 11}
"""The months in which the annotators let them begin; 立夏 is in May, but the heat comes later."""


def _turn(match: re.Match[str], around: Around) -> Reading | None:
    first = _TURNS.get(match["turn"])
    if first:
        return _turned(match, around, first)
    stated, year = stated_year(match, around)
    if not stated:
        year = around.published[0] if around.published else None
        if year and around.published and match["turn"].endswith("春"):
            year += (around.published[1] or 1) > (6 if around.future else 9)
    return at(year)


def _turned(match: re.Match[str], around: Around, first: int) -> Reading | None:
    """The last such month, or the next where that is announced or near; of 入冬前 no more than the year."""
    stated, year = stated_year(match, around)
    if not stated and around.published:
        year = around.published[0]
    if match[0].endswith("前"):
        return at(year)
    ahead = _months_ahead(year, first, around)
    if ahead == 1 and match.string.startswith(("以来", "至今"), match.end()):
        # 入夏以来, in May: it came early
        first -= 1
    elif year and not match["year"] and ahead > (6 if stated else 1):
        # 入冬, and in January 今年入冬 too, is that of this winter
        year -= 1
    return at(year, first)


def _months_ahead(year: int | None, month: int, around: Around) -> int:
    """How far a month of the year of publication is still to come without being announced; 0 for other years."""
    published = around.published
    if published is None or published[1] is None or published[0] != year or around.future:
        return 0
    return month - published[1]


def _break(match: re.Match[str], around: Around) -> Reading | None:
    # of a term the annotators gave the month in which it begins
    first, last = {"寒假": (1, 2), "春季学期": (2, None), "秋季学期": (9, None)}.get(match["break"], (7, 8))
    year = year_of(match, around, first)
    if year is None or last is None:
        return at(year, first)
    return Reading("point", between((year, first, None), (year, last, None)).iso, (year, first, None))


def _days(match: re.Match[str], around: Around) -> Reading | None:
    month, first, last = exact(match["month"]), exact(match["from"]), exact(match["to"])
    year = year_of(match, around, month)
    begin, end = at(year, month, first), at(year, month, last)
    if begin is None or end is None or first >= last:
        return None
    return Reading("period", between(begin.parts, end.parts).iso, begin.parts)


def _day(match: re.Match[str], around: Around) -> Reading | None:
    month, day = exact(match["month"]), exact(match["day"])
    return at(year_of(match, around, month), month, day)


def _month(match: re.Match[str], around: Around) -> Reading | None:
    month = exact(match["month"])
    return at(year_of(match, around, month), month)


def _year_edge(match: re.Match[str], around: Around) -> Reading | None:
    stated, year = stated_year(match, around)
    if not stated:
        year = around.published[0] if around.published else None
    edge = match["edge"]
    if edge in ("年内", "内", "全年", "一年"):
        return at(year)
    if edge == "年中":
        return at(year, 6)
    return at(year, 1 if edge.endswith("初") else 12)


def _plan_year(match: re.Match[str], around: Around) -> Reading | None:
    first = plan_start(match["plan"])
    return at(first if match["which"] == "开局" else first + 4)


def _year(match: re.Match[str], around: Around) -> Reading | None:
    return at(stated_year(match, around)[1])


def _only_day(match: re.Match[str], around: Around) -> Reading | None:
    day = int(match["day"])
    if match.end() == match.end("day") and (around.month is None or not match.string.endswith("、", 0, match.start())):
        return None  # the 12 of 12、13日 is none, in 3月11、12、13日 it is
    if around.month is not None:
        return at(*around.month, day)
    year, month, today = around.published or (0, None, None)
    if month is None:
        return at(None)
    if today is not None and day > today and not around.future:
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return at(year, month, day)


def _moon(match: re.Match[str], around: Around) -> Reading | None:
    if around.published is None or around.published[1] is None:
        return at(None)
    which = match["which"] or "本"
    shift = {"上": -1, "下": 1}.get(which[0], 0)
    year, month = divmod(around.published[0] * 12 + around.published[1] - 1 + shift, 12)
    if which == "当" and around.month:
        year, month = around.month[0], around.month[1] - 1
    return at(year, month + 1, number(match["day"]))


def _today(around: Around) -> date | None:
    if around.published is None or around.published[1] is None or around.published[2] is None:
        return None
    return date(around.published[0], around.published[1], around.published[2])


_WEEKDAYS = {char: place for place, char in enumerate("一二三四五六日")} | {"天": 6, "末": 5}


def _week_day(match: re.Match[str], around: Around) -> Reading | None:
    today = _today(around)
    if today is None:
        return at(None)
    week = {"上上": -2, "上": -1, "下": 1}.get(match["week"], 0)
    monday = today - timedelta(today.weekday()) + timedelta(7 * week)
    named = match["weekday"]
    if named is None:
        sunday = monday + timedelta(6)
        return between((monday.year, monday.month, monday.day), (sunday.year, sunday.month, sunday.day))
    first = _WEEKDAYS[named]
    last = _WEEKDAYS["日"] if named == "末" else _WEEKDAYS.get(match["until"], first)
    if last > first and ((match["link"] or "、") in "至到—-" or last == first + 1):
        day, end = monday + timedelta(first), monday + timedelta(last)
        return between((day.year, day.month, day.day), (end.year, end.month, end.day))
    day = monday + timedelta(first)
    return at(day.year, day.month, day.day)


def _near(match: re.Match[str], around: Around) -> Reading | None:
    today = _today(around)
    if today is None:
        return at(None)
    if (match["few"] or "").startswith("这几"):
        return at(today.year, today.month)
    yesterday = today - timedelta(1)
    if match["few"]:
        days = between((yesterday.year, yesterday.month, yesterday.day), (today.year, today.month, today.day))
        return Reading("point", days.iso)
    if match["stated"]:
        month, of_month = map(int, re.findall(r"\d+", match["stated"]))
        return at(year_for(month, around), month, of_month)
    shift = {"昨": -1, "前": -2, "明": 1}.get(match["near"][0], 0)
    day = today + timedelta(shift)
    return at(day.year, day.month, day.day)


POINT_READERS: dict[str, Callable[[re.Match[str], Around], Reading | None]] = {
    "stamp": _stamp,
    "year_range": _year_range,
    "month_range": _month_range,
    "months": _months,
    "week_day": _week_day,
    "quarter": _quarter,
    "half": _half,
    "lunar": read_lunar,
    "feast": read_feast,
    "feast_year": _year,
    "season": _season,
    "turn": _turn,
    "break": _break,
    "days": _days,
    "day": _day,
    "month": _month,
    "year_edge": _year_edge,
    "plan_year": _plan_year,
    "year": _year,
    "only_day": _only_day,
    "moon": _moon,
    "near": _near,
}
"""The reader of each kind."""
