"""``python -m kg.train.thresholds DIR --unseen GOLD FOLDER``: choose the thresholds on articles the models have not seen.

DIR holds models; GOLD and FOLDER, as often as there are sets, annotated articles that they were not trained on (or
``--halves``: the shared ones, each by models that were trained without it). One
threshold after the other is moved to where core + links + half the mean of the other slots is best (coordinate ascent,
twice around); the result is written into DIR/thresholds.toml.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.evaluate.scoring import CORE, Counts, score_article
from kg.extract.learned import load_learned
from kg.train.reading import Reading, add_unseen, unseen_readings

OTHERS = ("topics", "organisers", "partners", "venues", "channels", "dates", "planned")
_STEPS = (-0.12, -0.06, -0.03, 0.03, 0.06, 0.12)
"""Moves of a probability, at the first time around; half of them at the second."""
_ODDS_STEPS = (-1.0, -0.5, 0.5, 1.0)
_ODDS = ("link", "last", "parent", "telling")
"""How the names of thresholds begin that are log-odds."""
_LEAST = 0.01


def scores(read: Sequence[Reading], least: Mapping[str, float]) -> dict[str, Counts]:
    """Counts by row over all articles."""
    total: dict[str, Counts] = {}
    for one in read:
        found = score_article(one.article.gold, one.plain(least), one.article.article.file).counts
        total = {row: total.get(row, Counts()) + counts for row, counts in found.items()}
    return total


def worth(rows: Mapping[str, Counts]) -> float:
    """What is to be as large as possible."""
    core = sum(rows[row].f1 for row in CORE) / len(CORE)
    return core + rows["links"].f1 + 0.5 * sum(rows[row].f1 for row in OTHERS) / len(OTHERS)


def choose(read: Sequence[Reading], start: Mapping[str, float]) -> dict[str, float]:
    """The best thresholds that were found, from ``start`` on."""
    least = dict(start)
    best = worth(scores(read, least))
    for round_ in (1, 2):
        for name in list(least):
            moves = [step / round_ for step in (_ODDS_STEPS if name.startswith(_ODDS) else _STEPS)]
            tried = {}
            for move in moves:
                value = least[name] + move
                if name.startswith(_ODDS) or _LEAST <= value <= 1 - _LEAST:
                    tried[round(value, 3)] = worth(scores(read, least | {name: value}))
            value, found = max(tried.items(), key=lambda item: item[1], default=(0.0, best))
            if found > best + 1e-4:
                least[name], best = value, found
                print(f"{name} {value:g}: {best:.4f}", file=sys.stderr)
    return least


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m kg.train.thresholds", description=__doc__.split("\n", 1)[0])
    parser.add_argument("models", type=Path, help="folder of the models")
    add_unseen(parser)
    parser.add_argument("--keep", action="store_true", help="choose nothing: only score, and write the records")
    parser.add_argument("--records", type=Path, help="file of the records of the unseen articles, for kg evaluate")
    args = parser.parse_args()
    models = load_learned(args.models)
    read = unseen_readings(args, models)
    least = models.least
    if not args.keep:
        least = choose(read, models.least)
        _write(args.models / "thresholds.toml", least)
    if args.records:
        lines = [one.record(least, models.confidence).to_json() for one in read]
        args.records.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows: dict[str, Any] = scores(read, least)
    core = sum(rows[row].f1 for row in CORE) / len(CORE)
    print(f"core {core:.3f}, links {rows['links'].f1:.3f}", file=sys.stderr)


def _write(path: Path, least: Mapping[str, float]) -> None:
    """The numbers alone change: what is written beside them stays."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for i, line in enumerate(lines):
        name, equals, rest = line.partition(" = ")
        if equals and name in least:
            _, mark, comment = rest.partition("#")
            lines[i] = (
                f"{name} = {least[name]:g}".ljust(19) + f"# {comment.strip()}" if mark else f"{name} = {least[name]:g}"
            )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
