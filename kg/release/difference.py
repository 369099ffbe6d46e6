"""What changed between two stores or releases: articles, practices and values added, removed or changed."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from kg.release.contents import Contents, read_contents
from kg.release.pairing import Pairs, paired, renamed, renames
from kg.view.graph import PracticeGraph, PracticeView, Statement
from kg.view.table import csv_bytes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Change", "Difference", "difference"]

_SEEN = 5
"""Changes of one kind that ``text`` names before it says how many more there are."""


@dataclass(frozen=True)
class Change:
    """One thing that is said otherwise; ``before`` and ``after`` are words, empty where there is none."""

    change: str
    """added, removed or changed."""
    what: str
    """article, practice or value."""
    place: str
    programme: str
    slot: str
    """Of a value its slot; of a practice what changed (name, place, planned, part_of); of an article likewise (file …)."""
    before: str
    after: str
    file: str
    """The first article that says it."""
    practice: str
    """IRI of the practice (under the product's own base); of a changed one the new IRI."""


@dataclass(frozen=True)
class Difference:
    """All changes from one store or release to another, articles first, then practices by place and name."""

    before: str
    after: str
    changes: tuple[Change, ...]

    @property
    def counts(self) -> dict[tuple[str, str], int]:
        """(article | practice | value, added | removed | changed) → number; a changed practice or article counts once."""
        seen = {(c.what, c.change, c.practice or c.file) if c.what != "value" else c for c in self.changes}
        return dict(Counter(each[:2] if isinstance(each, tuple) else (each.what, each.change) for each in seen))

    @property
    def frame(self) -> pd.DataFrame:
        """A row a change, columns as the fields of ``Change``."""
        import pandas as pd

        return pd.DataFrame([asdict(each) for each in self.changes], columns=[each.name for each in fields(Change)])

    def to_csv(self, *, bom: bool = False) -> bytes:
        """The changes as CSV."""
        names = [each.name for each in fields(Change)]
        return csv_bytes(names, ([getattr(c, name) for name in names] for c in self.changes), bom=bom)

    def to_json(self) -> bytes:
        """Counts and changes as JSON."""
        counts: dict[str, dict[str, int]] = {}
        for (what, change), number in sorted(self.counts.items()):
            counts.setdefault(what, {})[change] = number
        told = {
            "before": self.before,
            "after": self.after,
            "counts": counts,
            "changes": [asdict(each) for each in self.changes],
        }
        return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8")

    def text(self, *, most: int = _SEEN) -> str:
        """What changed, in words: the numbers, then for each kind of change the first ``most`` (0: all)."""
        if not self.changes:
            return f"{self.before} and {self.after} say the same.\n"
        lines = [f"From {self.before} to {self.after}:"]
        for what in ("article", "practice", "value"):
            numbers = [
                f"{number} {change}"
                for change in ("added", "removed", "changed")
                if (number := self.counts.get((what, change), 0))
            ]
            lines.append(f"  {what}s: {', '.join(numbers) or 'the same'}")
        slots = Counter((c.slot, c.change) for c in self.changes if c.what == "value")
        if slots:
            said = [f"{slot} {number} {change}" for (slot, change), number in sorted(slots.items())]
            lines.append(f"  values by slot: {'; '.join(said)}")
        for what in ("article", "practice", "value"):
            for change in ("added", "removed", "changed"):
                lines += self._listed(what, change, most)
        return "\n".join(lines) + "\n"

    __str__ = text

    def _listed(self, what: str, change: str, most: int) -> list[str]:
        found = [each for each in self.changes if (each.what, each.change) == (what, change)]
        shown = found[:most] if most else found
        lines = ["", f"{what}s {change}"] if found else []
        lines += [f"  {_said(each)}" for each in shown]
        return lines + ([f"  … and {len(found) - len(shown)} more"] if len(found) > len(shown) else [])


def difference(before: str | os.PathLike[str] | Contents, after: str | os.PathLike[str] | Contents) -> Difference:
    """Compare two stores, releases or files of records, in any combination.

    An article is the same where its bytes are, whatever it is called; else where its name is. A practice is the same where
    its IRI is; a practice whose name, place or identifying values are read otherwise is
    known again by the words that name it: the same article, overlapping characters. A value is the same where its
    concept, figure, date or words are; two values of one slot over the same characters are one that changed. Confidences
    and rules are not compared.

    Raises UsageError or StoreError as ``read_contents``.
    """
    old = before if isinstance(before, Contents) else read_contents(before)
    new = after if isinstance(after, Contents) else read_contents(after)
    pairs = paired(*([record for record, _ in contents.told] for contents in (old, new)))
    changes = [*_articles(pairs), *_practices(renamed(old, pairs).graph, new.graph)]
    return Difference(old.name, new.name, tuple(changes))


def _articles(pairs: Pairs) -> Iterator[Change]:
    names = renames(pairs)
    for was, now in pairs:
        if was is None or now is None:
            change, record = ("added", now) if was is None else ("removed", was)
            assert record is not None
            said = record.title or record.file
            before, after = ("", said) if change == "added" else (said, "")
            yield Change(change, "article", "", "", "", before, after, record.file, "")
            continue
        for name in ("file", "content_hash", "text_hash", "title", "publisher", "published", "duplicate_of"):
            values = [str(getattr(record, name) or "") for record in (was, now)]
            if values[0] == values[1] or (name == "duplicate_of" and names.get(values[0]) == values[1]):
                continue  # the original's new name is its own change
            if name.endswith("_hash"):
                values = [value[:12] for value in values]
            yield Change("changed", "article", "", "", name, values[0], values[1], now.file, "")


def _practices(old: PracticeGraph, new: PracticeGraph) -> Iterator[Change]:
    pairs = _matched(old, new)
    parents = dict(pairs)
    matched = set(parents.values())
    gone = [view for view in old.practices if view.id not in parents]
    come = [view for view in new.practices if view.id not in matched]
    found: list[Change] = []
    for change, views, graph in (("removed", gone, old), ("added", come, new)):
        for view in views:
            words = ("", _summary(view)) if change == "added" else (_summary(view), "")
            found.append(Change(change, "practice", view.place, view.name, "", *words, _file(view, graph), view.id))
    for was, now in pairs:
        found += _changed(old.practice_by_id[was], new.practice_by_id[now], old, new, parents)
    order = ("practice", "value")
    yield from sorted(
        found, key=lambda c: (order.index(c.what), c.place, c.programme, c.practice, c.slot, c.before, c.after)
    )


def _matched(old: PracticeGraph, new: PracticeGraph) -> list[tuple[str, str]]:
    """(id before, id after) of the practices that are the same."""
    same = [view.id for view in old.practices if view.id in new.practice_by_id]
    pairs = [(each, each) for each in same]
    left = set(same)
    named: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for view in new.practices:
        if view.id not in left:
            for article, start, end in _named_at(view):
                named[article].append((start, end, view.id))
    taken: set[str] = set()
    for view in old.practices:
        if view.id in left:
            continue
        overlaps = sorted(
            (start - end, other)  # the longest overlap first
            for article, first, last in _named_at(view)
            for begin, stop, other in named.get(article, ())
            if other not in taken and (start := max(first, begin)) < (end := min(last, stop))
        )
        if overlaps:
            taken.add(overlaps[0][1])
            pairs.append((view.id, overlaps[0][1]))
    return sorted(pairs)


def _named_at(view: PracticeView) -> Iterator[tuple[str, int, int]]:
    """Article and characters of the words that name the practice."""
    for said in view.slot("programme"):
        for item in said.evidence:
            for article in item.articles:
                yield article, item.start, item.end


def _changed(
    was: PracticeView, now: PracticeView, old: PracticeGraph, new: PracticeGraph, parents: Mapping[str, str]
) -> Iterator[Change]:
    def change(slot: str, before: str, after: str, what: str = "practice") -> Change:
        kind = "changed" if what == "practice" or (before and after) else "added" if after else "removed"
        return Change(kind, what, now.place, now.name, slot, before, after, _file(now, new), now.id)

    if was.name != now.name:
        yield change("name", was.name, now.name)
    if was.place != now.place:
        yield change("place", was.place, now.place)
    if was.planned != now.planned:
        yield change("planned", *("only announced" if each.planned else "carried out" for each in (was, now)))
    if parents.get(was.part_of or "", was.part_of) != now.part_of:
        above = [
            graph.practice_by_id[key].name if key else "" for graph, key in ((old, was.part_of), (new, now.part_of))
        ]
        yield change("part_of", *above)
    for slot in dict.fromkeys(said.slot for view in (was, now) for said in view.statements):
        if slot not in ("programme", "region"):
            for before, after in _values(was.slot(slot), now.slot(slot)):
                yield change(slot, before, after, "value")


def _values(was: tuple[Statement, ...], now: tuple[Statement, ...]) -> Iterator[tuple[str, str]]:
    """(before, after) of what differs between the values of one slot, as words; one of them empty where there is none."""
    before = {_key(said): said for said in was}
    after = {_key(said): said for said in now}
    for key in before.keys() & after.keys():
        if before[key].inferred != after[key].inferred:
            yield _words(before[key]), _words(after[key])
    gone = [before[key] for key in sorted(before.keys() - after.keys())]
    come = [after[key] for key in sorted(after.keys() - before.keys())]
    for said in gone:
        again = next((other for other in come if _overlap(said, other)), None)
        if again is not None:
            come.remove(again)
        yield _words(said), _words(again) if again else ""
    yield from (("", _words(said)) for said in come)


def _key(said: Statement) -> tuple[str, ...]:
    detail = said.detail
    if said.slot == "outcomes":
        return tuple(
            str(detail.get(name, "")) for name in ("value", "unit", "comparator", "modality", "what", "period")
        )
    if said.slot == "dates":
        return str(detail.get("iso", said.text)), str(detail.get("role", ""))
    return (said.concept or said.text,)


def _overlap(one: Statement, other: Statement) -> bool:
    return any(
        first.articles[0] == second.articles[0] and first.start < second.end and second.start < first.end
        for first in one.evidence
        for second in other.evidence
    )


def _words(said: Statement) -> str:
    """A value for a reader: words, what they mean where that is more, and whether it is inferred."""
    detail, words = said.detail, said.text
    if said.slot == "outcomes":
        sign = "" if detail.get("comparator") == "=" else str(detail.get("comparator", ""))
        mood = "" if detail.get("modality") == "achieved" else f" ({detail.get('modality')})"
        words = f"{sign}{float(detail['value']):.12g} {detail.get('unit', '')}{mood}: {said.text}"
    elif said.slot == "dates":
        words = f"{said.text} = {detail.get('iso', '?')} ({detail.get('role', '')})"
    elif said.label and said.label != said.text:
        words = f"{said.text} = {said.label}"
    return f"{words} (inferred)" if said.inferred else words


def _summary(view: PracticeView) -> str:
    parts = [said.label or said.text for slot in ("formats", "audiences") for said in view.slot(slot)]
    return f"{view.name}: {'、'.join(dict.fromkeys(parts))}" if parts else view.name


def _file(view: PracticeView, graph: PracticeGraph) -> str:
    return graph.article_by_id[view.articles[0]].file if view.articles else ""


def _said(change: Change) -> str:
    where = f"{change.place} {change.programme}".strip()
    what = f" {change.slot}:" if change.slot else ""
    if change.what == "practice" and change.change != "changed":
        return f"{change.place} {change.after or change.before} [{change.file}]".strip()
    if change.what == "article":
        where = change.file
    told = " → ".join(part for part in (change.before, change.after) if part or change.change == "changed")
    return f"{where}{what} {told}".strip()
