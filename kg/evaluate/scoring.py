"""Counts of one article: what was found, missed and invented, by slot and by link.

The rules are those of the project's shared scorer (``score.py``), and a test keeps the two equal: practices are aligned
one to one, slots are sets over the whole article, links ask whether a value hangs on the right practice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.evaluate.gold import PlainRecord
from kg.evaluate.matching import align, pair_items
from kg.evaluate.slots import Item, article_items, practice_items, practices_of, strings_of, text_of, unique
from kg.evaluate.words import bare, similarity
from kg.model.record import SLOTS

__all__ = ["CORE", "LINKED", "ROWS", "ArticleScore", "Counts", "Mistake", "score_article", "unsupported"]

LINKED = ("region", "part_of", "formats", "audiences", "outcomes")
"""Slots whose values are scored as links too: is the value attached to the right practice?"""

CORE = ("programme", "region", "formats", "audiences", "outcome")
"""Rows whose mean F1 is the core score."""

_SETS = ("region", "path", *SLOTS, "outcome", "comparator", "dates")
_META = ("title", "publisher", "published")

ROWS = (
    "programme",
    "planned",
    *_SETS,
    *(f"link:{slot}" for slot in LINKED),
    "links",
    *(f"meta:{field}" for field in _META),
)
"""All rows of the score, in the order in which they are shown."""

_TRADITIONAL = re.compile("[區黨會與來學]")


@dataclass(frozen=True)
class Counts:
    """How many values matched, of how many in the gold and how many predicted."""

    matched: int = 0
    gold: int = 0
    predicted: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.matched + other.matched, self.gold + other.gold, self.predicted + other.predicted)

    @property
    def precision(self) -> float:
        return self.matched / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.matched / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 where nothing matched."""
        return 2 * self.matched / (self.gold + self.predicted) if self.matched else 0.0


@dataclass(frozen=True)
class Mistake:
    """One value that was missed, or one that the gold does not have."""

    file: str
    row: str
    kind: str
    """``missed`` or ``spurious``."""
    value: str
    practice: str = ""
    """For a link, the practice it hangs on."""


@dataclass(frozen=True)
class ArticleScore:
    """Counts by row and the mistakes of one article."""

    counts: dict[str, Counts]
    mistakes: tuple[Mistake, ...]


def score_article(gold: PlainRecord, predicted: PlainRecord | None, file: str) -> ArticleScore:
    """Score one article's prediction, or its absence."""
    one = _Article(gold, predicted or {}, file)
    one.practices()
    for slot in _SETS:
        one.values(slot)
    for slot in LINKED:
        one.links(slot)
    one.meta()
    return ArticleScore({row: one.counts[row] for row in ROWS}, tuple(one.mistakes))


def unsupported(record: PlainRecord, text: str) -> tuple[int, int] | None:
    """(strings of a record that do not stand in the article's text, strings); None for a text in traditional script."""
    if _TRADITIONAL.search(text):
        return None
    text, strings = bare(text), strings_of(record)
    return sum(bare(string) not in text for string in strings), len(strings)


class _Article:
    def __init__(self, gold: PlainRecord, predicted: PlainRecord, file: str) -> None:
        self.gold, self.predicted, self.file = gold, predicted, file
        self.mine, self.theirs = practices_of(gold), practices_of(predicted)
        self.aligned = align(self.mine, self.theirs)
        self.counts = dict.fromkeys(ROWS, Counts())
        self.mistakes: list[Mistake] = []

    def practices(self) -> None:
        """Rows ``programme`` and ``planned``."""
        names = [text_of(p.get("programme")) for p in self.mine], [text_of(p.get("programme")) for p in self.theirs]
        self._count("programme", self.aligned, list(names[0]), list(names[1]))
        both = sum(bool(self.mine[g].get("planned") and self.theirs[p].get("planned")) for g, p in self.aligned.items())
        announced = [sum(bool(p.get("planned")) for p in practices) for practices in (self.mine, self.theirs)]
        self.counts["planned"] = Counts(both, *announced)

    def values(self, slot: str) -> None:
        """A slot over the whole article."""
        want, got = article_items(self.gold, slot), article_items(self.predicted, slot)
        self._count(slot, pair_items(want, got, slot), want, got)

    def links(self, slot: str) -> None:
        """Values on the right practice: of aligned practices those that agree, of all others none."""
        row = f"link:{slot}"
        other_way = {p: g for g, p in self.aligned.items()}
        for g, practice in enumerate(self.mine):
            want = unique(practice_items(practice, slot))
            got = unique(practice_items(self.theirs[self.aligned[g]], slot)) if g in self.aligned else []
            pairs = pair_items(want, got, slot)
            if slot == "part_of" and want and got and not pairs and self._same_parent(want[0], got[0]):
                pairs = {0: 0}
            self._count(row, pairs, want, got, text_of(practice.get("programme")))
        for p, practice in enumerate(self.theirs):
            if p not in other_way:
                got = unique(practice_items(practice, slot))
                self._count(row, {}, [], got, text_of(practice.get("programme")))
        self.counts["links"] += self.counts[row]

    def _same_parent(self, want: Item, got: Item) -> bool:
        """Whether the gold's parent is aligned with the predicted one, which may go by another phrase."""
        names = [bare(text_of(practice.get("programme"))) for practice in self.mine]
        above = self.aligned.get(names.index(bare(want))) if bare(want) in names else None
        return above is not None and similarity(text_of(self.theirs[above].get("programme")), str(got)) > 0

    def meta(self) -> None:
        """Title, publisher and date of the article."""
        for field in _META:
            want, got = ([bare(r.get(field))] if bare(r.get(field)) else [] for r in (self.gold, self.predicted))
            self._count(f"meta:{field}", {0: 0} if want and want == got else {}, list(want), list(got))

    def _count(self, row: str, pairs: dict[int, int], want: list[Item], got: list[Item], practice: str = "") -> None:
        self.counts[row] += Counts(len(pairs), len(want), len(got))
        found = set(pairs.values())
        for kind, items, hit in (("missed", want, pairs.keys()), ("spurious", got, found)):
            lost = (item for i, item in enumerate(items) if i not in hit)
            self.mistakes += [Mistake(self.file, row, kind, _shown(item), practice) for item in lost]


def _shown(item: Item) -> str:
    if isinstance(item, str):
        return item
    return " / ".join(f"{part:g}" if isinstance(part, float) else str(part) for part in item)
