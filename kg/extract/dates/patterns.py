"""The patterns of dates, from ``dates.toml``: where one may begin, and which kinds can begin there."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from kg.extract.dates.festivals import feasts

__all__ = ["Pattern", "begins", "by_lead", "date_words", "patterns"]


@dataclass(frozen=True)
class Pattern:
    """One way of writing a date."""

    kind: str
    lead: frozenset[str]
    """The characters that it can begin with."""
    source: str
    regex: re.Pattern[str]


@cache
def date_words() -> dict[str, Any]:
    """All of ``dates.toml``, with the confidence of each kind."""
    table = tomllib.loads(resources.files(__package__).joinpath("dates.toml").read_text(encoding="utf-8"))
    table["confidence"] = table["joined"] | {row["kind"]: row["confidence"] for row in table["pattern"]}
    return table


@cache
def patterns() -> dict[str, Pattern]:
    """The patterns by name (the kind, numbered where a kind has several), their parts put in."""
    table = date_words()
    names = sorted(feasts(), key=len, reverse=True)
    parts = {**table["part"], "feasts": "|".join(map(re.escape, names))}
    parts["eras"] = "|".join(sorted(table["eras"], key=len, reverse=True))
    leads = {**table["lead"], "feasts": "".join(sorted({name[0] for name in names}))}
    found: dict[str, Pattern] = {}
    for row in table["pattern"]:
        source, lead = _filled(row["regex"], parts), _filled(row["lead"], leads)
        name = row["kind"] if row["kind"] not in found else f"{row['kind']}{len(found)}"
        found[name] = Pattern(row["kind"], frozenset(lead), source, re.compile(source))
    return found


def _filled(source: str, parts: dict[str, str]) -> str:
    while (filled := re.sub(r"\{([a-z]+)\}", lambda part: parts[part[1]], source)) != source:
        source = filled
    return source


@cache
def by_lead() -> dict[str, re.Pattern[str]]:
    """For each character that can begin a date, its patterns in one; the last group that matched names the pattern."""
    found: dict[str, re.Pattern[str]] = {}
    compiled: dict[tuple[str, ...], re.Pattern[str]] = {}
    for char in sorted(set().union(*(pattern.lead for pattern in patterns().values()))):
        names = tuple(name for name, pattern in patterns().items() if char in pattern.lead)
        if names not in compiled:
            plain = (f"(?P<{name}>{_NAMED.sub('(?:', patterns()[name].source)})" for name in names)
            compiled[names] = re.compile("|".join(plain))
        found[char] = compiled[names]
    return found


_NAMED = re.compile(r"\(\?P<[a-z_0-9]+>")


@cache
def begins() -> re.Pattern[str]:
    """Where a date may begin: most numbers are followed by something else than a unit of time, and are passed over."""
    number, second = date_words()["lead"]["number"], date_words()["second"]
    pairs = dict(second)
    for name in feasts():
        pairs[name[0]] = pairs.get(name[0], "") + name[1]
    free = "".join(char for char in by_lead() if char not in number and char not in pairs)
    paired = "|".join(f"(?<={re.escape(char)})(?=[{re.escape(follows)}])" for char, follows in sorted(pairs.items()))
    run = f"(?<=[{number}])[{number}○〇零OО]{{0,7}}(?=[{re.escape(_AFTER_NUMBER)}])"
    # a class of characters first: the engine then skips to the next of them
    return re.compile(f"[{re.escape(''.join(by_lead()))}](?:(?<=[{re.escape(free)}])|{paired}|{run})")


_AFTER_NUMBER = "年月日号天个周星礼季学冬夏度多余几世 -—–~./·至到、五六四"
