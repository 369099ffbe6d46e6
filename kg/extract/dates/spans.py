"""Recurrences and spans of time: 每周三, 每季度; 三年来, 为期5天, 两个月里.

One function a kind of expression (the kinds of ``dates.toml``); each gets the match of its pattern and what is known
around it, and returns a reading, or None where the words turn out to be no date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from kg.extract.dates.values import (
    Around,
    Parts,
    Reading,
    at,
    between,
    exact,
    number,
    plan_start,
    read_published,
    since,
)

__all__ = ["SPAN_READERS"]


def _again(every: str) -> Reading:
    return Reading("recurrence", f"R/{every}")


_UNITS = {"天": "D", "日": "D", "周": "W", "星期": "W", "礼拜": "W", "年": "Y", "季": "Q", "季度": "Q"}
_UNITS |= dict.fromkeys(("月", "个月", "个多月", "个半月"), "M")
_OTHER_UNITS = {"学期": "P6M", "旬": "P10D"}


def _period(count: int | float, unit: str) -> str | None:
    """ISO duration: 半个月 is two weeks, a season's quarter three months."""
    letter = "Y" if unit in ("个冬天", "个夏天") else _UNITS.get(unit) or _UNITS[unit.removeprefix("个")]
    if letter == "Q":
        count, letter = count * 3, "M"
    if count == int(count):
        return f"P{int(count)}{letter}" if count > 0 else None
    if letter == "Y":
        return f"P{int(count * 12)}M"
    if letter == "M":
        return f"P{int(count * 4 + 0.5) if count < 1 else int(count * 4 + 1)}W"
    return None


def _weekly(match: re.Match[str], around: Around) -> Reading | None:
    return _again("P2W" if match[0].startswith("隔") or re.search("[单双](?:周|星期|礼拜)", match[0]) else "P1W")


def _monthly(match: re.Match[str], around: Around) -> Reading | None:
    if match["alternate"]:
        return _again("P2M")
    if match["ends"]:
        return _by_ends(match["ends"])
    if match["days"]:
        return _by_days(match["days"])
    return _divided(_again("P1M"), match)


def _by_days(days: str) -> Reading:
    """初一、十五 and 5日、20日 come twice a month, 10日、20日、30日 three times."""
    return _again({2: "P15D", 3: "P10D"}.get(len(re.split("[、和]", days)), "P1M"))


def _by_ends(said: str) -> Reading:
    """逢五 is the 5th, 15th and 25th, 逢五逢十 twice as often; 逢八、十八、二十八 is what 逢八 is."""
    ends = {(number(end) or 0) % 10 for end in re.split("、?逢|、", said)}
    return _again(f"P{10 // len(ends)}D")


_TIMES = re.compile(r"各?(?:举办|开展|组织)?([两二三四]|\d)(?:次|期|回|场|课|讲|堂|趟)")


def _divided(reading: Reading, match: re.Match[str]) -> Reading:
    """每月两次, 每年四期: the year or month is shared out."""
    times = _TIMES.match(match.string, match.end())
    count = number(times[1]) if times else None
    shared = {("R/P1M", 2): "R/P15D", ("R/P1M", 3): "R/P10D", ("R/P6M", 2): "R/P3M"}
    shared |= {("R/P1Y", 2): "R/P6M", ("R/P1Y", 4): "R/P3M", ("R/P1Y", 3): "R/P4M"}
    return Reading("recurrence", shared.get((reading.iso or "", count or 0), reading.iso))


_LEFT_OUT = ("天", "日", "周", "星期", "礼拜")


def _every(match: re.Match[str], around: Around) -> Reading | None:
    unit, given = match["unit"], match["count"]
    if unit in ("工作日", "早", "晚", "夜"):
        return _again("P1D") if not given else None
    if match.groupdict().get("twice"):
        return _again("P6M")
    if unit in _OTHER_UNITS and not given:
        return _divided(_again(_OTHER_UNITS[unit]), match)
    if given is None and match.start() and match.string.startswith(("人", "户"), match.start() - 1):
        return None
    count = 0.5 if given == "半" else number(given or "一")
    if count and "隔" in match[0][:2] and (given is None or (given != "半" and unit in _LEFT_OUT)):
        # 隔天, 隔月 and 每隔一天 leave one out; 隔两个月 the annotators read as the time from one to the next
        count += 1
    period = _period(count, unit.removesuffix("末")) if count else None
    if period is None:
        return None
    return _again(period) if given else _divided(_again(period), match)


def _feast_days(match: re.Match[str], around: Around) -> Reading | None:
    if match["market"]:
        return Reading("recurrence", None)
    if match["days"]:
        return _by_days(match["days"])
    every = {"years": "P6M", "yearly": "P1Y", "quarterly": "P3M", "monthly": "P1M", "moon": "P1M", "weekly": "P1W"}
    return _again(next(period for group, period in every.items() if match[group]))


def _market_days(match: re.Match[str], around: Around) -> Reading | None:
    return _again("P2D") if match["odd"] else _by_ends(match["ends"])


def _beat(match: re.Match[str], around: Around) -> Reading | None:
    unit = match["unit"]
    if unit in _OTHER_UNITS:
        return _again(_OTHER_UNITS[unit])
    count = 0.5 if match["count"] == "半" else number(match["count"] or "一")
    period = _period(count, unit) if count else None
    twice = {"P1M": "P15D", "P1Y": "P6M"} if re.search("[两二][次回期场堂趟]", match[0]) else {}
    return _again(twice.get(period, period)) if period else None


def _steady(match: re.Match[str], around: Around) -> Reading | None:
    every = {
        "daily": "P1D",
        "weekly": "P1W",
        "monthly": "P1M",
        "quarterly": "P3M",
        "halfyearly": "P6M",
        "yearly": "P1Y",
    }
    return _again(next(period for group, period in every.items() if match[group]))


def _lasted(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    given = groups["count"]
    count: float | None = 0.5 if given == "半" else number(given)
    if count is None or (given.isdigit() and len(given) == 4):
        return None
    if groups.get("half") or groups["unit"] == "个半月":
        count += 0.5
    if groups.get("months"):
        return f"P{int(12 * count) + (number(groups['months']) or 0)}M"  # 一年零四个月
    return _period(count, groups["unit"])


def _duration(match: re.Match[str], around: Around) -> Reading | None:
    before = match.string[max(match.start() - 1, 0) : match.start()]
    if before.isdigit() or (before and before in "第每逢隔前近上下这数几·后有十百千万"):
        return None
    period = _lasted(match)
    return Reading("period", period) if period else None


def _back(today: Parts, count: int, unit: str) -> Parts | None:
    """So many years, months, weeks or days before a day."""
    year, month, day = today
    if unit == "年":
        return year - count, month, min(day, 28) if day and (month, day) == (2, 29) else day
    if month is None:
        return None
    if "月" in unit:
        total = year * 12 + month - 1 - count
        then_year, then_month = divmod(total, 12)
        return then_year, then_month + 1, min(day, monthrange(then_year, then_month + 1)[1]) if day else None
    if day is None:
        return None
    then = date(year, month, day) - timedelta(count * (1 if unit == "天" else 7))
    return then.year, then.month, then.day


def _span(match: re.Match[str], around: Around) -> Reading | None:
    """十年来 is whole years, 三年来 an interval to the day, 五年多来 but a duration."""
    before = match.string[max(match.start() - 1, 0) : match.start()]
    if before in ("第", "每", "数", "几"):
        return None
    period = _lasted(match)
    if period is None:
        return None
    groups = match.groupdict()
    vague = any(groups.get(name) for name in ("more", "after")) or "多" in groups["unit"] or groups["count"] == "半"
    count = number(groups["count"])
    if vague or count is None or around.published is None:
        return Reading("period", period)
    if groups["unit"] == "年" and count >= 10 and count % 10 == 0:
        return between((around.published[0] - count, None, None), (around.published[0], None, None))
    first = _back(around.published, count, groups["unit"])
    return between(first, around.published) if first else Reading("period", period)


def _past(match: re.Match[str], around: Around) -> Reading | None:
    if match["near"].startswith("过去"):
        return _span(match, around)
    period = _lasted(match)
    return Reading("period", period) if period else None


def _ago(match: re.Match[str], around: Around) -> Reading | None:
    count = number(match["count"])
    if count is None or match.string[max(match.start() - 1, 0) : match.start()] in ("第", "每"):
        return None
    then = _back(around.published, count, match["unit"]) if around.published else None
    if then is None:
        return at(None)
    keep = {"年": 1, "个月": 2}.get(match["unit"], 3)
    return at(*[part if place < keep else None for place, part in enumerate(then)])


def _nth_year(match: re.Match[str], around: Around) -> Reading | None:
    count = number(match["count"])
    return Reading("period", f"P{count}Y") if count else None


def _era(match: re.Match[str], around: Around) -> Reading | None:
    return between(read_published(around.words[match["era"]]), around.published)


def _plan(match: re.Match[str], around: Around) -> Reading | None:
    first = plan_start(match["plan"])
    if match["after"] == "以来":
        return since((first, None, None), around.published)
    return between((first, None, None), (first + 4, None, None))


def _decade(match: re.Match[str], around: Around) -> Reading | None:
    first = 100 * int(match["century"] or 19) + exact(match["decade"])
    return between((first, None, None), (first + 9, None, None))


SPAN_READERS: dict[str, Callable[[re.Match[str], Around], Reading | None]] = {
    "weekly": _weekly,
    "monthly": _monthly,
    "every": _every,
    "feast_days": _feast_days,
    "market_days": _market_days,
    "beat": _beat,
    "steady": _steady,
    "era": _era,
    "plan": _plan,
    "decade": _decade,
    "span": _span,
    "past": _past,
    "ago": _ago,
    "lasting": _duration,
    "within": _duration,
    "duration": _duration,
    "nth_year": _nth_year,
}
"""The reader of each kind."""
