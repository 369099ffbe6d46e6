"""Gives every practice its identity across articles: the same practice told by two articles gets one IRI.

What makes two practices one, deliberately little:

* a practice with a name: the same resolved region and the same name (letters and digits alone); where the name is
  generic (第一期培训班), also the same brand, that is the topmost practice that it is part of. A practice that states
  no region stands where the practice it is part of stands.
* a practice without a name, or in a place that is not resolved: only within its article and the article's reposts; and
  across articles where region and all values agree, at least one figure and one format or audience among them, and
  neither article tells of a second practice with these values.

So two places with practices of one name have two practices, and a community's practice that one article gives to the
community and another to its street stays two: to join what is two takes a person, to part what was joined takes more.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

from kg.knowledge.simplified import simplified
from kg.model import ArticleRecord, Practice
from kg.model.iri import BASE, derived_iri

__all__ = ["assign_identities", "identified", "is_generic", "plain_name"]


_SUM = re.compile(r"[^\W_]|(?<=\d)\+(?=\d)")
"""What of a name tells it apart; in 1+1 the sign does."""


def plain_name(name: str) -> str:
    """The letters and digits of a name, in compatibility form, lower case and simplified: what two spellings share.

    >>> plain_name("“七彩·治理”小課堂 "), plain_name("“1＋1”课堂")
    ('七彩治理小课堂', '1+1课堂')
    """
    folded = simplified(unicodedata.normalize("NFKC", name).lower())
    return "".join(_SUM.findall(folded))


def is_generic(name: str) -> bool:
    """Whether many brands have practices of this name (the patterns of ``generic_names.toml``).

    >>> is_generic("第一期培训班"), is_generic("福课堂")
    (True, False)
    """
    return any(pattern.fullmatch(plain_name(name)) for pattern in _patterns())


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    text = resources.files(__package__).joinpath("generic_names.toml").read_text(encoding="utf-8")
    return tuple(re.compile(table["regex"]) for table in tomllib.loads(text)["pattern"])


def assign_identities(records: Iterable[ArticleRecord], base: str = BASE) -> list[ArticleRecord]:
    """The records in their order, each practice with ``identity``: an IRI below ``base`` + ``practice/``.

    The IRI follows from the practice and its article alone (for a repost, from the article it repeats), so neither the
    order of the records nor what else is among them changes it; an article can be added later.
    """
    known = list(records)
    reposts = {record.file: record.duplicate_of for record in known if record.duplicate_of}
    return [identified(record, reposts, base) for record in known]


def identified(record: ArticleRecord, reposts: Mapping[str, str], base: str = BASE) -> ArticleRecord:
    """One of many records, as ``assign_identities`` gives it; ``reposts`` tells of every repost what it repeats."""
    return _identified(record, _origin(record.file, reposts), base)


def _origin(file: str, origins: Mapping[str, str]) -> str:
    """The article at the end of a chain of reposts; of a ring, the first by name."""
    seen = [file]
    while (above := origins.get(seen[-1])) is not None:
        if above in seen:
            return min(seen[seen.index(above) :])
        seen.append(above)
    return seen[-1]


def _identified(record: ArticleRecord, origin: str, base: str) -> ArticleRecord:
    by_id = {practice.id: practice for practice in record.practices}
    keys = [_key(practice, _chain(practice, by_id), record, origin) for practice in record.practices]
    told = Counter(key for key in keys if key[0] == "told")
    times: Counter[tuple[str, ...]] = Counter()
    practices = []
    for practice, alike in zip(record.practices, keys, strict=True):
        # an article that tells of two means two, whatever it says of both
        place, name = alike[1], plain_name(practice.programme.text)
        key = ("article", origin, place, name) if told[alike] > 1 else alike
        times[key] += 1
        # unnamed ones of one wording are told apart by their order
        identity = derived_iri("practice", *key, *([str(times[key])] if key[0] == "article" else []))
        practices.append(practice.model_copy(update={"identity": base + identity.removeprefix(BASE)}))
    return record.model_copy(update={"practices": tuple(practices)})


def _chain(practice: Practice, by_id: Mapping[str, Practice]) -> list[Practice]:
    """The practice and those it is part of, nearest first; a ring ends where it closes."""
    chain = [practice]
    while (part := chain[-1].part_of) is not None:
        above = by_id.get(part.practice)
        if above is None or above in chain:
            break
        chain.append(above)
    return chain


def _key(practice: Practice, chain: Sequence[Practice], record: ArticleRecord, origin: str) -> tuple[str, ...]:
    """What identifies the practice: its kind of identity first."""
    stated = next((step.region for step in chain if step.region is not None), None)
    region = record.region_of(stated) if stated else None
    name = plain_name(practice.programme.text)
    if region is None or not region.path:
        return "article", origin, stated.text if stated else "", name
    place = "/".join(region.path)
    if practice.named:
        brand = plain_name(chain[-1].programme.text) if len(chain) > 1 and is_generic(practice.programme.text) else ""
        if brand or not is_generic(practice.programme.text):
            return "named", place, name, brand
        return "article", origin, place, name
    values = _values(practice)
    return ("told", place, *values) if values else ("article", origin, place, name)


def _values(practice: Practice) -> tuple[str, ...] | None:
    """What the practice is said to be, where that is enough to know it again: a figure, and a format or audience."""
    if not practice.outcomes or not (practice.formats or practice.audiences):
        return None
    figures = sorted(f"{outcome.value:g} {outcome.unit} {outcome.comparator}" for outcome in practice.outcomes)
    slots = []
    for slot in ("formats", "audiences", "topics"):
        slots.append("|".join(sorted({plain_name(value.text) for value in getattr(practice, slot)})))
    dates = sorted({date.iso for date in practice.dates if date.iso})
    return "|".join(figures), *slots, "|".join(dates)
