"""Is a gold file sound? Its form, its words against its articles, and its articles against one another.

Run it as ``python -m kg.evaluate.goldcheck data/gold/sample.jsonl data/articles``.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.evaluate.gold import load_gold
from kg.evaluate.words import bare
from kg.model.article import Article
from kg.model.record import SLOTS
from kg.read import ReadFailure, mark_reposts, read_articles
from kg.read.reposts import fingerprint

__all__ = ["ALIKE", "Finding", "check_form", "check_gold", "check_likeness", "check_words", "main"]

ALIKE = 0.3
"""Estimated Jaccard similarity above which two articles count as one, unless one is marked a repost of the other."""

_ARTICLE = {"file", "title", "publisher", "published", "regions", "practices"}
_ARTICLE_MAY = {"duplicate_of"}
_PRACTICE = {"programme", "named", "region", "part_of", "outcomes", "dates", *SLOTS}
_PRACTICE_MAY = {"planned"}
_OUTCOME = {"text", "value", "unit", "comparator", "what"}
_DATE = {"text", "iso", "role"}
_COMPARATORS = {"=", ">", "<", "~"}
_ROLES = {"start", "held", "opened", "period", "recurrence"}
_DAY = r"\d{4}(-\d{2}(-\d{2})?)?"
_DURATION = r"P\d+[YMWD]"
_ISO = re.compile(rf"{_DAY}(/{_DAY})?|{_DURATION}|R/{_DURATION}")
_CORPS = ["新疆生产建设兵团"]
"""A body that carries practices out over a whole province and is no part of its tree."""
_PROVINCE = re.compile(r".+(省|自治区|特别行政区)|(北京|天津|上海|重庆)市")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong in a gold file."""

    file: str
    where: str
    """Field of the article, or the name of the practice and its field."""
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.where}: {self.what}"


def check_gold(rows: Sequence[Mapping[str, Any]], articles: Iterable[Article]) -> list[Finding]:
    """All findings on a gold file whose articles were read by ``kg.read``; none where it is sound."""
    texts = {article.file: article for article in articles}
    found: list[Finding] = []
    for row in rows:
        wrong_form = list(check_form(row))
        found += wrong_form
        if row["file"] not in texts:
            found.append(Finding(row["file"], "file", "no such article"))
        elif not wrong_form:
            found += check_words(row, texts[row["file"]].text)
    for file in sorted(set(texts) - {row["file"] for row in rows}):
        found.append(Finding(file, "file", "an article without gold"))
    names = [row["file"] for row in rows]
    found += [Finding(name, "file", "stands twice") for name in sorted(set(names)) if names.count(name) > 1]
    return found + list(check_likeness(rows, texts))


def check_form(row: Mapping[str, Any]) -> Iterator[Finding]:
    """Fields, values, places and parts of one article."""
    file = row["file"]
    yield from (Finding(file, "article", why) for why in _keys(row, _ARTICLE, _ARTICLE_MAY))
    regions, practices = row.get("regions") or [], row.get("practices") or []
    published = row.get("published")
    if published is not None and not re.fullmatch(_DAY, str(published)):
        yield Finding(file, "published", f"{published!r} is no ISO date")
    places = [region.get("name") for region in regions]
    for region in regions:
        path = region.get("path")
        if not path or not (_PROVINCE.fullmatch(path[0]) or path == _CORPS) or len(path) > 5:
            yield Finding(file, f"region {region.get('name')}", f"{path!r} does not lead down from a province")
    used = {practice.get("region") for practice in practices}
    for place in places:
        if place not in used:
            yield Finding(file, f"region {place}", "no practice is carried out there")
        if places.count(place) > 1:
            yield Finding(file, f"region {place}", "stands twice")
    names = {practice.get("programme") for practice in practices}
    for practice in practices:
        name = str(practice.get("programme"))
        for where, why in _practice_form(practice, set(places), names):
            yield Finding(file, f"{name}.{where}" if where else name, why)
    yield from (Finding(file, name, "is part of itself") for name in _in_circles(practices))


def _keys(row: Mapping[str, Any], must: set[str], may: Iterable[str] = ()) -> Iterator[str]:
    for key in sorted(must - set(row)):
        yield f"{key} is missing"
    for key in sorted(set(row) - must - set(may)):
        yield f"{key} is no field"


def _practice_form(practice: Mapping[str, Any], places: set[Any], names: set[Any]) -> Iterator[tuple[str, str]]:
    yield from (("", why) for why in _keys(practice, _PRACTICE, _PRACTICE_MAY))
    if not isinstance(practice.get("named"), bool) or not isinstance(practice.get("planned", False), bool):
        yield "named", "named and planned are true or false"
    if practice.get("region") not in places:
        yield "region", f"{practice.get('region')!r} is none of the article's regions"
    if practice.get("part_of") is not None and practice.get("part_of") not in names:
        yield "part_of", f"{practice.get('part_of')!r} is no practice of the article"
    for slot in SLOTS:
        values = practice.get(slot) or []
        if any(not isinstance(value, str) or not bare(value) for value in values):
            yield slot, "a value without a word"
        if len({bare(str(value)) for value in values}) < len(values):
            yield slot, "a value stands twice"
    for outcome in practice.get("outcomes") or []:
        yield from (("outcomes", why) for why in _outcome_form(outcome))
    for date in practice.get("dates") or []:
        yield from (("dates", why) for why in _date_form(date))


def _outcome_form(outcome: Mapping[str, Any]) -> Iterator[str]:
    yield from _keys(outcome, _OUTCOME)
    number = outcome.get("value")
    if isinstance(number, bool) or not isinstance(number, int | float):
        yield f"{number!r} is no number"
    if outcome.get("comparator") not in _COMPARATORS:
        yield f"{outcome.get('comparator')!r} is no comparator"
    if bare(outcome.get("unit") or "") not in bare(outcome.get("text") or ""):
        yield f"unit {outcome.get('unit')!r} does not stand in {outcome.get('text')!r}"


def _date_form(date: Mapping[str, Any]) -> Iterator[str]:
    yield from _keys(date, _DATE)
    if date.get("iso") is not None and not _ISO.fullmatch(str(date["iso"])):
        yield f"{date['iso']!r} is no ISO date, interval, duration or repetition"
    if date.get("role") not in _ROLES:
        yield f"{date.get('role')!r} is no role"


def _in_circles(practices: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Names of practices from which ``part_of`` leads back to themselves (a name that two bear cannot be followed)."""
    names = [p.get("programme") for p in practices]
    above = {p.get("programme"): p.get("part_of") for p in practices if names.count(p.get("programme")) == 1}
    for name in above:
        seen, at = set(), name
        while at is not None and at not in seen:
            seen.add(at)
            at = above.get(at)
        if at == name:
            yield str(name)


def check_words(row: Mapping[str, Any], text: str) -> Iterator[Finding]:
    """Words of the gold that do not stand in the article's clean text."""
    text = bare(text)
    for practice in row["practices"]:
        for where, words in _words(practice):
            if bare(words) not in text:
                yield Finding(row["file"], f"{practice['programme']}.{where}", f"{words!r} does not stand in the text")


def _words(practice: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "programme", practice["programme"]
    yield "region", practice["region"]
    for slot in SLOTS:
        yield from ((slot, value) for value in practice[slot])
    for outcome in practice["outcomes"]:
        yield "outcomes", outcome["text"]
        yield "outcomes", outcome["what"] or ""
    yield from (("dates", date["text"]) for date in practice["dates"])


def check_likeness(rows: Sequence[Mapping[str, Any]], texts: Mapping[str, Article]) -> Iterator[Finding]:
    """Articles too alike, reposts that are not recognised, and reposts with other practices than their original."""
    by_file = {row["file"]: row for row in rows}
    prints = [fingerprint(article) for _, article in sorted(texts.items())]
    for i, one in enumerate(prints):
        for other in prints[i + 1 :]:
            likeness = one.signature.jaccard(other.signature)
            if likeness > ALIKE and not _marked(by_file, one.file, other.file):
                yield Finding(one.file, "text", f"too like {other.file}: {likeness:.2f}")
    recognised = {article.file: article.duplicate_of for article in mark_reposts(list(texts.values()))}
    for file, row in by_file.items():
        original = row.get("duplicate_of")
        if recognised.get(file) != original:
            yield Finding(file, "duplicate_of", f"gold says {original}, the reader {recognised.get(file)}")
        if original and _practices(row) != _practices(by_file.get(original, {})):
            yield Finding(file, "practices", f"not those of {original}")


def _marked(by_file: Mapping[str, Mapping[str, Any]], one: str, other: str) -> bool:
    return any(by_file.get(a, {}).get("duplicate_of") == b for a, b in ((one, other), (other, one)))


def _practices(row: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    return [(p.get("programme"), p.get("region"), p.get("part_of")) for p in row.get("practices") or []]


def main(arguments: Sequence[str] | None = None) -> int:
    """Check one gold file against a folder of articles; 0 where it is sound, 1 where not, 2 where it cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m kg.evaluate.goldcheck", description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("articles", type=Path, help="folder of the articles")
    given = parser.parse_args(arguments)
    try:
        rows = load_gold(given.gold)
        read = list(read_articles([given.articles]))
    except (KgError, OSError) as error:
        print(f"goldcheck: {error}", file=sys.stderr)
        return 2
    found = check_gold(rows, [one for one in read if isinstance(one, Article)])
    for line in [*(str(one.error) for one in read if isinstance(one, ReadFailure)), *map(str, found)]:
        print(line)
    practices = sum(len(row.get("practices") or []) for row in rows)
    print(f"{len(rows)} articles, {practices} practices, {len(found)} findings", file=sys.stderr)
    return 1 if found or any(isinstance(one, ReadFailure) for one in read) else 0


if __name__ == "__main__":
    sys.exit(main())
