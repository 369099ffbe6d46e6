"""From which score on is the nearest concept right often enough? Told for both rankers, on phrases that no rule places.

Run it as ``python -m kg.evaluate.concept_thresholds data/gold/concepts.csv``. Thresholds are chosen on the half ``tune``: the
lowest score from which on the wanted share of links is right; ``test`` tells what that gives elsewhere. Phrases are the unseen
ones, and the seen ones after they have been taken out of the labels.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KgError
from kg.evaluate.concepts import HALVES, GoldLink, load_links, without
from kg.knowledge.vocabulary import Concept, Vocabulary
from kg.resolve.concepts import BigramRanker, ConceptLinker, Ranker, VectorRanker

__all__ = ["Answer", "answers", "lowest", "main"]

_PRECISIONS = (0.9, 0.85, 0.8)
_LEAST_LINKS = 20
"""A share of fewer links says nothing."""


@dataclass(frozen=True)
class Answer:
    """What a ranker says of one phrase, without any threshold."""

    link: GoldLink
    score: float
    right: bool


class _Nobody:
    def nearest(self, slot: str, phrase: str) -> tuple[Concept, float] | None:
        return None


def answers(links: Iterable[GoldLink], vocabulary: Vocabulary, ranker: Ranker) -> list[Answer]:
    """The ranker's best concept for each phrase that the rules leave unlinked."""
    rules = ConceptLinker(vocabulary, _Nobody())
    found = []
    for one in links:
        if rules.link(one.slot, one.surface).candidate:
            near = ranker.nearest(one.slot, one.surface)
            right = near is not None and (near[0].iri == one.concept or near[0].iri in one.also)
            found.append(Answer(one, near[1] if near else 0.0, right))
    return found


def lowest(found: Sequence[Answer], precision: float) -> float | None:
    """The lowest score from which on at least ``precision`` of the answers are right; None where no 20 of them are."""
    best, right = None, 0
    ranked = sorted(found, key=lambda one: -one.score)
    for count, one in enumerate(ranked, 1):
        right += one.right
        last_of_its_score = count == len(ranked) or ranked[count].score < one.score
        if last_of_its_score and count >= _LEAST_LINKS and right >= precision * count:
            best = one.score
    return best


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 0 where the gold could be read, 2 where not."""
    parser = argparse.ArgumentParser(prog="python -m kg.evaluate.concept_thresholds", description=__doc__)
    parser.add_argument("gold", type=Path)
    given = parser.parse_args(arguments)
    vocabulary = Vocabulary.load()
    try:
        links = load_links(given.gold, vocabulary)
    except KgError as error:
        print(f"concept_thresholds: {error}", file=sys.stderr)
        return 2
    seen = [one for one in links if one.seen]
    unseen = [one for one in links if not one.seen]
    blind = without(vocabulary, seen)
    print(
        "| ranker | wanted on tune | from score | right of linked, tune | right of linked, test | phrases, tune and test |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    for name, kind in (("character pairs", BigramRanker), ("vectors", VectorRanker)):
        found = [
            *answers(unseen, vocabulary, kind(vocabulary, threshold=0.0)),
            *answers(seen, blind, kind(blind, threshold=0.0)),
        ]
        halves = {half: [one for one in found if one.link.half == half] for half in HALVES}
        for precision in _PRECISIONS:
            least = lowest(halves["tune"], precision)
            cells = [_cell(of, least) for of in halves.values()]
            sizes = " and ".join(str(len(of)) for of in halves.values())
            from_score = f"{least:.3f}" if least is not None else "none"
            print(f"| {name} | {precision} | {from_score} | {cells[0]} | {cells[1]} | {sizes} |")
    return 0


def _cell(found: Sequence[Answer], least: float | None) -> str:
    if least is None:
        return "–"
    linked = [one for one in found if one.score >= least]
    right = sum(one.right for one in linked)
    return f"{right} of {len(linked)} ({right / len(linked):.2f})" if linked else "0"


if __name__ == "__main__":
    sys.exit(main())
