"""What a plain record holds in each slot; anything of another form than the record's counts as absent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.evaluate.gold import PlainRecord
from kg.evaluate.words import bare
from kg.model.record import SLOTS

__all__ = ["Item", "article_items", "outcome_key", "practice_items", "practices_of", "strings_of", "text_of", "unique"]

Item = str | tuple[Any, ...]
"""A value to compare: words, which match by likeness, or a tuple (a figure, a date, a path), which matches exactly."""

_MOST = 400
"""Values of one slot, or practices of one article, that are looked at: matching is quadratic."""


def _list(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value)[:_MOST] if isinstance(value, list | tuple) else [value]


def text_of(value: Any) -> str:
    """The words of a value, be it a string or an object with ``text`` or ``name``; empty where there are none."""
    if isinstance(value, dict):
        value = value.get("text") or value.get("name")
    return value if isinstance(value, str) else ""


def practices_of(record: PlainRecord) -> list[PlainRecord]:
    """The practices of an article."""
    return [practice for practice in _list(record.get("practices")) if isinstance(practice, dict)]


def outcome_key(outcome: Any, *, comparator: bool = False) -> tuple[Any, ...] | None:
    """(number, unit) of an outcome, and its comparator if asked for; None where it carries no plain number."""
    if not isinstance(outcome, dict):
        return None
    try:
        number = float(outcome["value"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    key = (number, bare(outcome.get("unit")))
    return (*key, str(outcome.get("comparator") or "=")) if comparator else key


def practice_items(practice: PlainRecord, slot: str) -> list[Item]:
    """The values of one practice in one slot; for ``outcomes`` their numbers and units."""
    if slot in ("region", "part_of"):
        return [words] if (words := text_of(practice.get(slot))) else []
    if slot == "outcomes":
        return [key for outcome in _list(practice.get(slot)) if (key := outcome_key(outcome))]
    return [words for value in _list(practice.get(slot)) if (words := text_of(value))]


def article_items(record: PlainRecord, slot: str) -> list[Item]:
    """The different values of an article in one slot, whichever practice they belong to.

    Beside the record's slots: ``path`` (whole administrative paths), ``outcome`` and ``comparator`` (figures).
    """
    practices = practices_of(record)
    if slot == "path":
        regions = [region for region in _list(record.get("regions")) if isinstance(region, dict) and region.get("path")]
        return unique(tuple(bare(part) for part in _list(region["path"])) for region in regions)
    if slot in ("outcome", "comparator"):
        outcomes = [outcome for practice in practices for outcome in _list(practice.get("outcomes"))]
        keys = (outcome_key(outcome, comparator=slot == "comparator") for outcome in outcomes)
        return unique(key for key in keys if key)
    if slot == "dates":
        dates = [date for practice in practices for date in _list(practice.get("dates")) if isinstance(date, dict)]
        return unique((str(date["iso"]),) for date in dates if date.get("iso"))
    return unique(item for practice in practices for item in practice_items(practice, slot))


def unique(items: Iterable[Item]) -> list[Item]:
    """The items without those that say the same as an earlier one, and without empty ones."""
    seen: set[Item] = set()
    kept = []
    for item in items:
        key = item if isinstance(item, tuple) else bare(item)
        if key and key not in seen:
            seen.add(key)
            kept.append(item)
    return kept[:_MOST]


def strings_of(record: PlainRecord) -> list[str]:
    """Every string that a record claims to have from its article: names, places, values, the clauses of outcomes."""
    strings = []
    for practice in practices_of(record):
        strings += [str(item) for slot in ("region", *SLOTS) for item in practice_items(practice, slot)]
        strings.append(text_of(practice.get("programme")))
        strings += [text_of(outcome) for outcome in _list(practice.get("outcomes"))]
    return [string for string in strings if string]
