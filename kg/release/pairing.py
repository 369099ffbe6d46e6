"""Which articles of two stores are the same: by their bytes, then by their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace

from kg.model import ArticleRecord
from kg.release.contents import Contents

__all__ = ["paired", "renamed", "renames"]

Pairs = list[tuple[ArticleRecord | None, ArticleRecord | None]]

_SAME: tuple[Callable[[ArticleRecord], Hashable], ...] = (
    lambda record: (record.file, record.content_hash),
    lambda record: record.content_hash,
    lambda record: record.file,
)
"""What two records of one article have in common, the surest first."""


def paired(old: Iterable[ArticleRecord], new: Iterable[ArticleRecord]) -> Pairs:
    """Each article before and after, by its name (after, where it is on both sides); None where it is on one side only.

    >>> record = ArticleRecord(file="a.txt", content_hash="0" * 64, text_hash="0" * 64)
    >>> other = record.model_copy(update={"content_hash": "1" * 64})
    >>> moved = record.model_copy(update={"file": "b.txt"})
    >>> [(was and was.content_hash[0], now and now.file) for was, now in paired([record], [other, moved])]
    [(None, 'a.txt'), ('0', 'b.txt')]
    """
    gone, come = (sorted(records, key=lambda record: (record.file, record.content_hash)) for records in (old, new))
    pairs: Pairs = []
    for same in _SAME:
        waiting: dict[Hashable, list[ArticleRecord]] = defaultdict(list)
        for record in reversed(come):
            waiting[same(record)].append(record)
        left = []
        for record in gone:
            if found := waiting[same(record)]:
                pairs.append((record, found.pop()))
            else:
                left.append(record)
        gone = left
        taken = {id(now) for _, now in pairs}
        come = [record for record in come if id(record) not in taken]
    pairs += [(record, None) for record in gone]
    pairs += [(None, record) for record in come]
    return sorted(pairs, key=lambda pair: next((one.file, one.content_hash) for one in reversed(pair) if one))


def renames(pairs: Pairs) -> dict[str, str]:
    """File before → after, of the articles that have another name now."""
    return {was.file: now.file for was, now in pairs if was and now and was.file != now.file}


def renamed(contents: Contents, pairs: Pairs) -> Contents:
    """The contents before with their articles named as after, so that what they tell is told by the same articles."""
    names = renames(pairs)
    if not names:
        return contents
    after = {id(was): now.file for was, now in pairs if was and now}
    told = tuple((_called(record, after.get(id(record), record.file), names), text) for record, text in contents.told)
    return replace(contents, told=told)


def _called(record: ArticleRecord, file: str, names: Mapping[str, str]) -> ArticleRecord:
    original = names.get(record.duplicate_of or "", record.duplicate_of)
    return record.model_copy(update={"file": file, "duplicate_of": original})
