"""``kg evaluate``: how far extracted records agree with gold ones."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from kg.errors import printable

if TYPE_CHECKING:
    from kg.evaluate.gold import PlainRecord

__all__ = ["command"]

_T = TypeVar("_T")
_MOST_NAMES = 5
"""Names that a message shows."""

Form = StrEnum("Form", ["text", "json"])


def command(
    gold: Annotated[Path, typer.Argument(help="Gold records, JSON Lines.")],
    predicted: Annotated[
        Path | None,
        typer.Argument(help="Records that kg extract wrote; -: standard input; default: extract them from --articles."),
    ] = None,
    *,
    articles: Annotated[
        Path | None,
        typer.Option("--articles", "-a", help="Folder of the articles; counts words that do not stand in them, too."),
    ] = None,
    errors: Annotated[
        bool, typer.Option("--errors", help="List what was missed and what is spurious, by row.")
    ] = False,
    form: Annotated[Form, typer.Option("--format", "-f", help="text or json.")] = Form.text,
    seed: Annotated[int, typer.Option(help="Of the bootstrap.", min=0)] = 0,
) -> None:
    """Precision, recall and F1 by slot and link, with 95 % confidence intervals by bootstrap over articles.

    Rows: practices found (programme, planned), values over the whole article, links (is the value on the right
    practice?), meta (title, publisher, date); core is the mean F1 of programme, region, formats, audiences, outcome.

    A row of a table, table.jsonl#name.txt, also answers to name.txt.

    Example: kg evaluate data/gold/sample.jsonl --articles data/articles --errors
    """
    from kg.errors import UsageError
    from kg.evaluate import evaluate
    from kg.evaluate.gold import by_file, load_gold
    from kg.query.phrases import many

    if predicted is None and articles is None:
        raise UsageError("nothing to evaluate", where="PREDICTED", remedy="name a file of records, or --articles DIR")
    wanted = by_file(load_gold(gold), str(gold))
    texts: dict[str, str] | None = None
    failed = 0
    if predicted is None:
        assert articles is not None
        found, texts, failed = _extract(articles)
    else:
        found = by_file(load_gold(predicted), str(predicted))
        if articles is not None:
            texts, failed = _read(articles)
    found, texts = _by_gold_name(wanted, found), None if texts is None else _by_gold_name(wanted, texts)
    _check_in_common(wanted, found, str(predicted or articles))
    result = evaluate(wanted, found, texts=texts, seed=seed)
    for files, what in ((result.unpredicted, "no prediction for"), (result.ungraded, "no gold for")):
        if files:
            print(printable(f"kg: {what} {many(len(files), 'article')}: {_named(files)}"), file=sys.stderr)
    told = result.to_json(errors=errors) if form is Form.json else printable(result.to_text(errors=errors), keep="\n")
    sys.stdout.write(told)
    raise typer.Exit(1 if failed else 0)


def _by_gold_name(gold: Mapping[str, PlainRecord], given: Mapping[str, _T]) -> dict[str, _T]:
    """What is given by article, under the gold's name of the article.

    A row of a table is called ``table.jsonl#name.txt`` on one side and may be ``name.txt`` on the other: where the whole does
    not match, the part behind # does, unless two articles of either side share it.
    """
    tails = Counter(map(_row_name, given))
    known = Counter(map(_row_name, gold))
    own = {_row_name(name): name for name in gold if name not in given}
    return {
        own.get(tail, name) if name not in gold and known[tail] == tails[tail] == 1 else name: value
        for name, value in given.items()
        for tail in (_row_name(name),)
    }


def _row_name(name: str) -> str:
    return name.partition("#")[2] or name


def _check_in_common(gold: Mapping[str, PlainRecord], found: Mapping[str, PlainRecord], where: str) -> None:
    """Raises UsageError where no article of the gold is among the predictions: a table of zeros would say nothing."""
    from kg.errors import UsageError

    if not gold or gold.keys() & found.keys():
        return
    if not found:
        raise UsageError("there are no predictions", where=where, remedy="name the records of the gold's articles")
    raise UsageError(
        f"no article of the gold is among the predictions; names differ: {min(gold)} / {min(found)}",
        where=where,
        remedy='predict the same articles, or give them the same "file" in both',
    )


def _named(files: tuple[str, ...]) -> str:
    return ", ".join(files[:_MOST_NAMES]) + (", …" if len(files) > _MOST_NAMES else "")


def _read(folder: Path) -> tuple[dict[str, str], int]:
    """The clean texts of a folder by file, and how many files could not be read (each is told on standard error)."""
    from kg.read import ReadFailure, read_articles

    texts: dict[str, str] = {}
    failed = 0
    for one in read_articles([folder]):
        if isinstance(one, ReadFailure):
            failed += 1
            print(f"kg: {one.error}", file=sys.stderr)
        else:
            texts[one.file] = one.text
    return texts, failed


def _extract(folder: Path) -> tuple[dict[str, PlainRecord], dict[str, str], int]:
    """Records and clean texts of a folder by file, and how many articles failed (each is told on standard error)."""
    from kg.pipeline import Unusable, records

    found: dict[str, PlainRecord] = {}
    texts: dict[str, str] = {}
    failed = 0
    for one in records([folder]):
        if isinstance(one, Unusable):
            failed += 1
            print(f"kg: {one.error}", file=sys.stderr)
        else:
            found[one.record.file] = json.loads(one.record.to_json())
            texts[one.record.file] = one.text or ""
    return found, texts, failed
