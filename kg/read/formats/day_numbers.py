"""Days that programs write as a number: of a spreadsheet, or seconds since 1970."""

from __future__ import annotations

import datetime

__all__ = ["as_day"]

_SERIAL_DIGITS = 5
_SINCE_1970 = {10: 1, 13: 1000}
"""Digits of seconds and of milliseconds since 1970, with how many of them a second has."""
_CHINA = datetime.timezone(datetime.timedelta(hours=8))


def as_day(said: str) -> str:
    """A date as it is written, or the day that a bare number stands for: of a spreadsheet, or seconds or more since 1970.

    >>> as_day("44651"), as_day("1649731200"), as_day("1649731200000"), as_day("20220331")
    ('2022-03-31', '2022-04-12', '2022-04-12', '20220331')
    """
    plain = said.strip()
    if not plain.isascii() or not plain.isdigit():
        return said
    if len(plain) == _SERIAL_DIGITS:
        return (datetime.date(1899, 12, 30) + datetime.timedelta(days=int(plain))).isoformat()
    if len(plain) in _SINCE_1970:
        seconds = int(plain) / _SINCE_1970[len(plain)]
        return datetime.datetime.fromtimestamp(seconds, _CHINA).date().isoformat()
    return said
