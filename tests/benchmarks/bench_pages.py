"""What is read of saved web pages: body, title, day, publisher and author, against what a person found on them.

    python tests/benchmarks/bench_pages.py FOLDER [--answers NAME=FILE ...] [--worst N]

FOLDER holds pages (``*.html``) and ``truth.jsonl``: an object a page with ``file`` and, where it is known, ``body``, ``title``,
``day`` (2024-05-06, or null where the page has none), ``publisher`` and ``author`` (a list of names, or null). ``--answers``
scores what another extractor said of the same pages: a file of the same form. The body's score is F1 of runs of three letters
and digits (each as often as it stands there), the mean over pages; a title is right when its letters and digits are, an
author when the names are the same ones. ``found`` counts the pages whose field is stated at all.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kg.read import ReadFailure, read_articles

FIELDS = ("title", "day", "publisher", "author")
Answers = Mapping[str, Mapping[str, Any]]


def letters(text: str | None) -> str:
    return "".join(c for c in text or "" if c.isalnum())


def runs(text: str | None) -> Counter[str]:
    plain = letters(text)
    return Counter(plain[i : i + 3] for i in range(len(plain) - 2))


def agreement(said: str | None, true: str) -> float:
    one, other = runs(said), runs(true)
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def read(folder: Path) -> Answers:
    """What this product says of the pages."""
    answers: dict[str, Mapping[str, Any]] = {}
    for path in sorted(folder.glob("*.html")):
        for article in read_articles(path):
            if isinstance(article, ReadFailure):
                continue
            body = article.text[article.title_span[1] :] if article.title_span else article.text
            names = article.author.split("、") if article.author else None
            stated = {"title": article.title, "day": article.published, "publisher": article.publisher, "author": names}
            answers[path.name] = {"body": body, **stated}
    return answers


def load(path: Path) -> Answers:
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return {row["file"]: row for row in rows}


def is_right(field: str, said: Any, true: Any) -> bool:
    if field == "author":
        return {letters(name) for name in said or ()} == {letters(name) for name in true or ()}
    if field == "day":
        return (said or "")[:10] == (true or "")
    return letters(said) == letters(true)


def report(name: str, truth: Answers, answers: Answers, worst: int) -> None:
    bodies = {file: row["body"] for file, row in truth.items() if row.get("body")}
    scores = {file: agreement(answers.get(file, {}).get("body"), body) for file, body in bodies.items()}
    if scores:
        whole = sum(score >= 0.9 for score in scores.values())
        print(f"{name:<14} body F1 {sum(scores.values()) / len(scores):.3f}, {whole} of {len(scores)} at 0.9 or more")
    for field in FIELDS:
        asked = [(file, row[field]) for file, row in truth.items() if field in row]
        if asked:
            said = [(answers.get(file, {}).get(field), true) for file, true in asked]
            right, found = sum(is_right(field, one, true) for one, true in said), sum(bool(one) for one, _ in said)
            print(f"{name:<14} {field} {right} of {len(asked)} right, {found} found")
    for file in sorted(scores, key=scores.__getitem__)[:worst]:
        print(f"    {scores[file]:.3f} {file}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--answers", action="append", default=[], metavar="NAME=FILE", help="of another extractor")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="name the N pages with the lowest scores")
    given = parser.parse_args()
    truth = load(given.folder / "truth.jsonl")
    report("kg", truth, read(given.folder), given.worst)
    for one in given.answers:
        name, _, file = one.partition("=")
        report(name, truth, load(Path(file)), given.worst)


if __name__ == "__main__":
    main()
