"""``python -m kg.train.thresholds DIR --unseen GOLD FOLDER``: choose the thresholds on articles the models have not seen.

DIR holds models; GOLD and FOLDER, as often as there are sets, annotated articles that they were not trained on (or
``--left-out``: the shared ones, each by models that were trained without it). The thresholds that DIR has are moved in three
groups, those of practices, of values and of links, each group by one amount, to where core + links + half the mean of the
other slots is best; the result is written into DIR/thresholds.toml. What it gives on articles that had no part in the
choice is told beside (twelve folds of the articles).

Three amounts, because a threshold moved by itself follows the articles at hand: 25 of them chosen on 72 articles by
coordinate ascent did worse on 24 others than the ones they started from (docs/explanation/trials.md).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path

from kg.evaluate.scoring import CORE, Counts, score_article
from kg.extract.learned.parts import load_learned
from kg.train.commands import run
from kg.train.reading import Reading, add_unseen, unseen_readings

OTHERS = ("topics", "organisers", "partners", "venues", "channels", "dates", "planned")
PRACTICES, _SHARES = ("named", "unnamed", "idle"), (0.55, 0.75, 1.0, 1.3, 1.7, 2.2)
VALUES, _RAISES = (
    ("formats", "audiences", "topics", "organisers", "partners", "venues", "outcomes"),
    (0.8, 1.0, 1.3, 1.6, 2.0),
)
LINKS, _SHIFTS = ("link", "link_formats", "link_audiences", "link_dates"), (-1.0, -0.5, 0.0, 0.7, 1.4)
"""The groups, with what their probabilities are multiplied by, or what is added to their log-odds."""
_MOST = 0.95
_FOLDS = 12

Totals = dict[str, Counts]


def scores(read: Sequence[Reading], least: Mapping[str, float]) -> list[Totals]:
    """Counts by row of each article."""
    return [score_article(one.article.gold, one.plain(least), one.article.article.file).counts for one in read]


def total(parts: Iterable[Totals]) -> Totals:
    """Counts by row over all articles."""
    found: Totals = {}
    for part in parts:
        found = {row: found.get(row, Counts()) + counts for row, counts in part.items()}
    return found


def worth(rows: Mapping[str, Counts]) -> float:
    """What is to be as large as possible."""
    core = sum(rows[row].f1 for row in CORE) / len(CORE)
    return core + rows["links"].f1 + 0.5 * sum(rows[row].f1 for row in OTHERS) / len(OTHERS)


def moved(start: Mapping[str, float], share: float, raised: float, shift: float) -> dict[str, float]:
    """The thresholds with each group moved by its amount."""
    least = dict(start)
    least |= {name: round(start[name] * share, 3) for name in PRACTICES}
    least |= {name: round(min(start[name] * raised, _MOST), 3) for name in VALUES}
    return least | {name: round(start[name] + shift, 3) for name in LINKS}


def choose(read: Sequence[Reading], start: Mapping[str, float]) -> tuple[dict[str, float], Totals]:
    """(the best thresholds that were found from ``start``, counts of articles that each had no part in its own choice)."""
    tried = [moved(start, *amounts) for amounts in product(_SHARES, _RAISES, _SHIFTS)]
    found = [scores(read, least) for least in tried]

    def best(articles: Sequence[int]) -> int:
        return max(range(len(tried)), key=lambda i: worth(total(found[i][a] for a in articles)))

    apart: list[Totals] = []
    for fold in range(min(_FOLDS, len(read))):
        chosen = best([a for a in range(len(read)) if a % _FOLDS != fold])
        apart += [found[chosen][a] for a in range(fold, len(read), _FOLDS)]
    return tried[best(range(len(read)))], total(apart)


def main(arguments: Sequence[str] | None = None) -> int:
    """Choose the thresholds and write them; 0 where it is done, 2 where the call is wrong."""
    parser = argparse.ArgumentParser(prog="python -m kg.train.thresholds", description=__doc__.split("\n", 1)[0])
    parser.add_argument("models", type=Path, help="folder of the models")
    add_unseen(parser)
    parser.add_argument("--keep", action="store_true", help="choose nothing: only score, and write the records")
    parser.add_argument("--records", type=Path, help="file of the records of the unseen articles, for kg evaluate")
    return run(_work, parser.parse_args(arguments))


def _work(args: argparse.Namespace) -> None:
    models = load_learned(args.models)
    read = unseen_readings(args, models)
    least = models.least
    if not args.keep:
        least, apart = choose(read, models.least)
        _write(args.models / "thresholds.toml", least)
        _tell("chosen without them", apart)
    if args.records:
        lines = [one.record(least, models.confidence).to_json() for one in read]
        args.records.parent.mkdir(parents=True, exist_ok=True)
        args.records.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _tell("all", total(scores(read, least)))


def _tell(what: str, rows: Mapping[str, Counts]) -> None:
    core = sum(rows[row].f1 for row in CORE) / len(CORE)
    print(f"{what}: core {core:.3f}, links {rows['links'].f1:.3f}", file=sys.stderr)


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
    sys.exit(main())
