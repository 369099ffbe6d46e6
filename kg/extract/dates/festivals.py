"""Feasts: the day on which a named day of the year, or one of the farmers' calendar, falls.

The lunar years are a table (1978 to 2050, the same in two published almanacs); what lies outside has no date.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

__all__ = ["Feast", "feasts", "lunar_day"]


@dataclass(frozen=True)
class Feast:
    """One named day of the year."""

    vague: bool
    """Whether the bare name stands for the month: 国庆 is a week, 春节 longer still."""
    days: int
    """Length of its holiday in days."""
    rule: tuple[str, Any]
    holidays: Mapping[str, str] = field(default_factory=dict)
    """The official holiday of a year where it was another: first and last month-day."""

    def day(self, year: int) -> date | None:
        """The day in a (Gregorian) year; None outside the tables."""
        kind, given = self.rule
        if kind == "day":
            month, day = map(int, given.split("-"))
            return date(year, month, day)
        if kind == "nth":
            month, nth, weekday = given
            first = date(year, month, 1)
            return first + timedelta((weekday - first.isoweekday()) % 7 + 7 * (nth - 1))
        if kind == "term":
            return _solar_term(given, year)
        if kind == "eve":
            new_year = lunar_day(year, 1, 1)
            return new_year - timedelta(given) if new_year else None
        month, day = map(int, given.split("-"))
        # the twelfth month of a lunar year mostly falls in January or February of the next
        candidates = (lunar_day(year - 1, month, day), lunar_day(year, month, day))
        return next((found for found in candidates if found and found.year == year), None)

    def holiday(self, day: date) -> tuple[date, date]:
        """First and last day of the holiday around the feast's day: the official one where the table has it."""
        if str(day.year) not in self.holidays:
            return day, day + timedelta(self.days - 1)
        first, last = (date.fromisoformat(f"{day.year}-{end}") for end in self.holidays[str(day.year)].split("/"))
        return first, last


def lunar_day(year: int, month: int, day: int) -> date | None:
    """The day of the farmers' calendar; ``year`` is the one in which that lunar year begins.

    >>> lunar_day(2025, 1, 8), lunar_day(2020, 7, 7), lunar_day(1900, 1, 1)
    (datetime.date(2025, 2, 5), datetime.date(2020, 8, 25), None)
    """
    row = _tables()["lunar_year"].get(str(year))
    if row is None or not 1 <= month <= 12 or not 1 <= day <= 30:
        return None
    start, leap, lengths = row.split()
    first_month, first_day = map(int, start.split("-"))
    passed = month - 1 + (0 < int(leap) < month)
    before = sum(29 + int(length) for length in lengths[:passed])
    return date(year, first_month, first_day) + timedelta(before + day - 1)


@cache
def feasts() -> dict[str, Feast]:
    """All feasts by each of their names."""
    found: dict[str, Feast] = {}
    for row in _tables()["feast"]:
        kind = next(kind for kind in ("day", "lunar", "term", "nth", "eve") if kind in row)
        feast = Feast(row.get("vague", False), row.get("days", 1), (kind, row[kind]), row.get("holidays", {}))
        found |= dict.fromkeys(row["names"], feast)
    return found


def _solar_term(name: str, year: int) -> date | None:
    if not 2000 <= year <= 2099:
        return None
    month, constant = _tables()["term"][name]
    day = int(year % 100 * 0.2422 + constant) - year % 100 // 4
    return date(year, month, day + _tables()["term_exception"].get(f"{name}-{year}", 0))


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("festivals.toml").read_text(encoding="utf-8"))
