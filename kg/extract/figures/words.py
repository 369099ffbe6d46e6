"""What stands beside a number: the word lists of ``figures.toml``, ready for use."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

__all__ = ["Words", "figure_words", "words"]


@cache
def figure_words() -> dict[str, Any]:
    """All of ``figures.toml``."""
    return tomllib.loads(resources.files(__package__).joinpath("figures.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Words:
    """The word lists as patterns and tuples."""

    unit: re.Pattern[str]
    times: re.Pattern[str]
    """次 behind a measure word, with which it is one: 亩次, 节次."""
    large: tuple[re.Pattern[str], int]
    """Units that count something from a number on only: 1.2万小时 of service, but not 24小时."""
    no_figure: re.Pattern[str]
    no_figure_before: tuple[str, ...]
    no_numeral_before: tuple[str, ...]
    """The same for numerals in characters alone: 数百, 周三, but 人数800."""
    idiom: re.Pattern[str]
    before: tuple[tuple[str, str], ...]
    """(word, comparator), longest first: 不少于 is no 少于."""
    after: tuple[tuple[str, str], ...]
    no_comparator: tuple[str, ...]
    """Words that only end or begin like one: 签约300户, 12人不到场."""
    more: re.Pattern[str]
    """多 or 余 behind a unit; the group is what may be in one word with it."""
    bare: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]
    """(unit, what stands before, what behind) of numbers in 万 and 亿 without a measure word."""


@cache
def words() -> Words:
    """The lists as shipped."""
    table = figure_words()
    none, large = table["no_figure"], table["large"]
    beside = [
        sorted(((word, sign) for sign, said in side.items() for word in said.split()), key=lambda pair: -len(pair[0]))
        for side in (table["comparators"]["before"], table["comparators"]["after"])
    ]
    return Words(
        unit=_any(" ".join(table["units"].values())),
        times=re.compile(f"次(?!{_any(table['times']['none']).pattern})"),
        large=(_any(large["units"]), large["from"]),
        no_figure=re.compile(f"(?!{_any(none['unless']).pattern})(?:{_any(none['after']).pattern})"),
        no_figure_before=tuple(none["before"].split()),
        no_numeral_before=tuple(none["before_characters"].split()),
        idiom=_any(none["idioms"]),
        before=tuple(beside[0]),
        after=tuple(beside[1]),
        no_comparator=tuple(table["comparators"]["none"].split()),
        more=re.compile(f"[多余](?!{_any(table['more']['none']).pattern})({_any(table['more']['measure']).pattern})?"),
        bare=_bare(table["bare"]),
    )


def _bare(table: dict[str, dict[str, str]]) -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    behind = [
        (unit, re.compile(""), re.compile(rf"[\u4e00-\u9fff]{{0,4}}?(?:{_any(said).pattern})"))
        for unit, said in table["after"].items()
    ]
    before = [
        (unit, re.compile(rf"(?:{_any(said).pattern})[\u4e00-\u9fff]{{0,4}}\Z"), re.compile(r"[，。；、！？）)]|\Z"))
        for unit, said in table["before"].items()
    ]
    return (*behind, *before)


def _any(said: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(said.split(), key=len, reverse=True))))
