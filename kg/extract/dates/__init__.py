"""Dates: found by patterns, resolved against the day of publication, feasts of both calendars among them."""

from kg.extract.dates.find import DateMention, find_dates

__all__ = ["DateMention", "find_dates"]
