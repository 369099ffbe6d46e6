"""How many phrases are linked to the right concept, and how many to none where none fits?

Run it as ``python -m kg.evaluate.concepts data/gold/concepts.csv``. Wordings that were labels of the schemes when the gold
was drawn (``seen``) are counted apart from those that were not (``unseen``); ``left out`` are the seen ones once more, after
they have been taken out of the labels. A link is right where it leads to the concept that the reader chose, or to one
that the reader would accept too; ``none`` is an answer like any other.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kg.compare.significance.statistics import wilson
from kg.errors import KgError, UsageError
from kg.knowledge.vocabulary import Vocabulary
from kg.model.iri import VOCABULARY
from kg.resolve.concepts import LINKED_SLOTS, ConceptLinker, normalise

__all__ = ["HALVES", "GoldLink", "Score", "load_links", "main", "score", "table", "without"]

HALVES = ("tune", "test")
"""Thresholds are chosen on the first and told on the second."""
_COLUMNS = ("slot", "surface", "wording", "concept", "also", "half", "file")
_NONE = "none"
_HEADING = (
    "| slot | wording | phrases | linked | right | right, first choice | links right | none right | none found |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)


@dataclass(frozen=True)
class GoldLink:
    """What a reader chose for one phrase; a concept is an IRI, none of these is None."""

    slot: str
    surface: str
    seen: bool
    """Was the phrase a label of the schemes when the gold was drawn?"""
    concept: str | None
    also: frozenset[str | None]
    """What the reader would accept besides."""
    half: str


@dataclass(frozen=True)
class Score:
    """Counts over phrases."""

    phrases: int
    linked: int
    right: int
    """Phrases with an acceptable answer."""
    first: int
    """Phrases with the reader's first choice."""
    links_right: int
    """Of the linked ones, those whose concept is acceptable."""
    none_right: int
    """Of those that are not linked, those where none is acceptable."""
    none: int
    """Phrases for which the reader chose none."""
    none_found: int
    """Of these, those that are not linked."""


def load_links(path: Path, vocabulary: Vocabulary) -> list[GoldLink]:
    """The links of a gold file.

    Raises UsageError where the file cannot be read, has other columns, or a row names what is not there.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
            columns = tuple(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("no such file of gold links", where=str(path), remedy="check the path") from error
    if columns != _COLUMNS:
        raise UsageError(f"the columns are {columns}", where=str(path), remedy=f"they must be {', '.join(_COLUMNS)}")
    links = []
    for number, row in enumerate(rows, 2):
        try:
            links.append(_link(row, vocabulary))
        except ValueError as error:
            raise UsageError(str(error), where=f"{path}, line {number}", remedy="correct the row") from error
    return links


def _link(row: dict[str, str], vocabulary: Vocabulary) -> GoldLink:
    slot, half, wording = row["slot"], row["half"], row["wording"]
    if slot not in LINKED_SLOTS or half not in HALVES or wording not in ("seen", "unseen"):
        raise ValueError(f"slot {slot!r}, half {half!r} or wording {wording!r} is none that is known")

    def iri(name: str) -> str | None:
        if name == _NONE:
            return None
        whole = VOCABULARY + name
        if whole not in vocabulary.concepts or vocabulary[whole].scheme not in LINKED_SLOTS[slot]:
            raise ValueError(f"no concept {name!r} in the schemes of {slot}")
        return whole

    also = frozenset(iri(name) for name in row["also"].split("|") if name)
    return GoldLink(slot, row["surface"], wording == "seen", iri(row["concept"] or _NONE), also, half)


def score(links: Iterable[GoldLink], linker: ConceptLinker) -> Score:
    """The counts of a linker's answers against the gold."""
    counts = [0] * 8
    for one in links:
        found = linker.link(one.slot, one.surface)
        answer = None if found.candidate else found.iri
        right = answer == one.concept or answer in one.also
        said = (
            True,
            answer is not None,
            right,
            answer == one.concept,
            right and answer is not None,
            right and answer is None,
            one.concept is None,
            one.concept is None and answer is None,
        )
        counts = [count + holds for count, holds in zip(counts, said, strict=True)]
    return Score(*counts)


def without(vocabulary: Vocabulary, links: Iterable[GoldLink]) -> Vocabulary:
    """The vocabulary without the labels that are phrases of the gold, preferred ones among them.

    A concept that has no other label keeps its preferred one.
    """
    phrases: dict[str, set[str]] = {}
    for one in links:
        for scheme in LINKED_SLOTS[one.slot]:
            phrases.setdefault(scheme, set()).add(normalise(one.surface))
    left = []
    for concept in vocabulary.concepts.values():
        names = [name for name in concept.names if normalise(name) not in phrases.get(concept.scheme, ())]
        names = names or [concept.pref_zh]
        left.append(replace(concept, pref_zh=names[0], alt=tuple(names[1:])))
    return Vocabulary(left)


def table(links: Sequence[GoldLink], vocabulary: Vocabulary) -> str:
    """The scores by slot and wording as a table in Markdown, with 95 % Wilson intervals of ``right``."""
    linker = ConceptLinker(vocabulary)
    seen = [one for one in links if one.seen]
    blind = ConceptLinker(without(vocabulary, seen))
    unseen = [one for one in links if not one.seen]
    lines = [_HEADING]
    for slot in (*LINKED_SLOTS, "all"):
        for wording, chosen, judge in (("seen", seen, linker), ("left out", seen, blind), ("unseen", unseen, linker)):
            found = score((one for one in chosen if slot in (one.slot, "all")), judge)
            if found.phrases:
                lines.append(_row(slot, wording, found))
    return "\n".join(lines)


def _row(slot: str, wording: str, found: Score) -> str:
    low, high = wilson(found.right, found.phrases)
    cells = (
        slot,
        wording,
        str(found.phrases),
        _share(found.linked, found.phrases),
        f"{_share(found.right, found.phrases)} ({float(low):.2f}–{float(high):.2f})",
        _share(found.first, found.phrases),
        _share(found.links_right, found.linked),
        _share(found.none_right, found.phrases - found.linked),
        _share(found.none_found, found.none),
    )
    return f"| {' | '.join(cells)} |"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "–"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table of a gold file; 0 where it could be read, 2 where not."""
    parser = argparse.ArgumentParser(prog="python -m kg.evaluate.concepts", description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--half", choices=HALVES, help="only the half that thresholds were chosen on, or the other")
    parser.add_argument("--vocabulary", type=Path, help="a researcher's own Turtle file, merged in")
    given = parser.parse_args(arguments)
    try:
        vocabulary = Vocabulary.load(given.vocabulary)
        links = load_links(given.gold, vocabulary)
    except KgError as error:
        print(f"concepts: {error}", file=sys.stderr)
        return 2
    print(table([one for one in links if given.half in (None, one.half)], vocabulary))
    return 0


if __name__ == "__main__":
    sys.exit(main())
