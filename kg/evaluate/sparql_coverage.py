"""Which practices of a gold file can be asked for in SPARQL, with their region, formats, audiences and outcomes?

Run it as ``python -m kg.evaluate.sparql_coverage GOLD PATH…``: PATH is a store, or articles, which are built into one first.
A gold practice is found where a practice of the graph aligns with it; it is answered where each of its values stands at
that practice, as a triple of its own with evidence. Words are compared as the scorer compares them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KgError
from kg.evaluate.gold import PlainRecord, by_file, load_gold
from kg.evaluate.matching import align, pair_items
from kg.evaluate.slots import Item, practice_items, practices_of, text_of, unique
from kg.query.graph import Graph, open_graph

__all__ = ["ASKED", "Coverage", "asked_practices", "coverage", "main"]

ASKED = ("region", "formats", "audiences", "outcomes")
"""Slots whose values a practice must have in the graph."""

_QUERY = """
SELECT ?file ?practice ?relation ?words ?number ?unit WHERE {
  ?evidence gp:about ?practice ; gp:relation ?relation ; gp:value ?value ; oa:hasSource ?article ;
            oa:hasSelector ?quote .
  ?quote oa:exact ?words .
  ?article gp:file ?file .
  ?practice a gp:Practice ; ?relation ?value .
  OPTIONAL { ?value qudt:numericValue ?number }
  OPTIONAL { ?value gp:unit ?measure . ?measure skos:prefLabel ?unit FILTER(LANG(?unit) = "zh") }
} ORDER BY ?file ?practice ?relation ?words ?number ?unit"""

_SLOTS = {"prefLabel": "programme", "region": "region", "format": "formats", "audience": "audiences"}


@dataclass(frozen=True)
class Coverage:
    """What the graph holds of one gold practice."""

    file: str
    programme: str
    found: bool
    missing: tuple[tuple[str, str], ...]
    """(slot, value) of the gold that the practice in the graph does not have; all of them where it is not found.

    Of a value that another practice of the article has, that one's name is said in brackets.
    """

    @property
    def answered(self) -> bool:
        """Whether the practice is there with all its values."""
        return self.found and not self.missing

    def __str__(self) -> str:
        lost = ", ".join(f"{slot} {value}" for slot, value in self.missing) or "nothing more"
        return f"{self.file[:12]}  {self.programme}: {'lacks' if self.found else 'not found;'} {lost}"


def asked_practices(graph: Graph) -> dict[str, list[PlainRecord]]:
    """File → the practices that its statements are about, in the record's plain form, all from one SPARQL query."""
    found: dict[str, dict[str, PlainRecord]] = defaultdict(dict)
    for file, practice, relation, words, number, unit in graph.sparql(_QUERY).rows():
        plain = found[file].setdefault(practice, {"formats": [], "audiences": [], "outcomes": []})
        name = str(relation).rsplit("#", 1)[-1].rsplit("/", 1)[-1]
        if name == "outcome":
            plain["outcomes"].append({"text": words, "value": number, "unit": unit})
        elif name in ("format", "audience"):
            plain[_SLOTS[name]].append(words)
        elif name in _SLOTS:
            plain.setdefault(_SLOTS[name], words)
    return {file: list(practices.values()) for file, practices in found.items()}


def coverage(gold: Sequence[PlainRecord], graph: Graph) -> list[Coverage]:
    """For each practice of the gold, in its order, what of it the graph answers."""
    held = asked_practices(graph)
    rows = []
    for name, article in by_file(gold, "gold").items():
        mine, theirs = practices_of(article), held.get(name, [])
        aligned = align(mine, theirs)
        for at, practice in enumerate(mine):
            other = theirs[aligned[at]] if at in aligned else {}
            missing = []
            for slot in ASKED:
                want, got = unique(practice_items(practice, slot)), unique(practice_items(other, slot))
                pairs = pair_items(want, got, slot)
                missing += [(slot, _said(value, slot, theirs)) for i, value in enumerate(want) if i not in pairs]
            rows.append(Coverage(name, text_of(practice.get("programme")), at in aligned, tuple(missing)))
    return rows


def _said(value: Item, slot: str, held: Sequence[PlainRecord]) -> str:
    words = (
        value if isinstance(value, str) else " ".join(f"{v:.15g}" if isinstance(v, float) else str(v) for v in value)
    )
    others = (other for other in held if pair_items([value], practice_items(other, slot), slot))
    at = "" if slot == "region" else next((text_of(other.get("programme")) for other in others), "")
    return f"{words} (at {at})" if at else words


def _measured(gold: Path, paths: Sequence[str]) -> list[Coverage]:
    from kg.pipeline import build

    rows = load_gold(gold)
    if len(paths) == 1 and (Path(paths[0]) / "VERSION").is_file():
        with open_graph(paths[0]) as graph:
            return coverage(rows, graph)
    with tempfile.TemporaryDirectory() as folder:
        build(paths, Path(folder) / "store")
        with open_graph(Path(folder) / "store") as graph:
            return coverage(rows, graph)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the misses and the counts; returns 0, or 2 where gold or articles are unusable."""
    parser = argparse.ArgumentParser(prog="python -m kg.evaluate.sparql_coverage", description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("paths", nargs="+", help="a store, or articles")
    given = parser.parse_args(arguments)
    try:
        rows = _measured(given.gold, given.paths)
    except KgError as error:
        print(f"kg: {error}", file=sys.stderr)
        return error.exit_code
    for row in rows:
        if not row.answered:
            print(row)
    print(f"{len(rows)} practices: {sum(r.found for r in rows)} found, {sum(r.answered for r in rows)} with all values")
    for slot in ASKED:
        lost = sum(any(s == slot for s, _ in r.missing) for r in rows if r.found)
        print(f"  {slot}: {lost} of those found lack a value")
    return 0


if __name__ == "__main__":
    sys.exit(main())
