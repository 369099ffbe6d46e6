"""``kg evaluate``: how far extracted records agree with gold ones."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kg.evaluate.gold import PlainRecord
    from kg.model import Article

__all__ = ["command"]

Form = StrEnum("Form", ["text", "json"])


def command(
    gold: Annotated[Path, typer.Argument(help="Gold records, JSON Lines.")],
    predicted: Annotated[
        Path | None, typer.Argument(help="Records that kg extract wrote; default: extract them from --articles.")
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

    Example: kg evaluate data/gold/sample.jsonl --articles data/articles --errors
    """
    from kg.errors import UsageError
    from kg.evaluate import evaluate
    from kg.evaluate.gold import by_file, load_gold

    if predicted is None and articles is None:
        raise UsageError("nothing to evaluate", where="PREDICTED", remedy="name a file of records, or --articles DIR")
    wanted = by_file(load_gold(gold), str(gold))
    read, failed = _read(articles) if articles else ([], 0)
    found = by_file(load_gold(predicted), str(predicted)) if predicted else _extract(read)
    result = evaluate(wanted, found, texts={one.file: one.text for one in read} if articles else None, seed=seed)
    for files, what in ((result.unpredicted, "no prediction for"), (result.ungraded, "no gold for")):
        if files:
            print(f"kg: {what} {len(files)} articles: {', '.join(files[:5])}", file=sys.stderr)
    sys.stdout.write(result.to_json(errors=errors) if form is Form.json else result.to_text(errors=errors))
    raise typer.Exit(1 if failed else 0)


def _read(folder: Path) -> tuple[list[Article], int]:
    """The articles of a folder, and how many files could not be read (each is told on standard error)."""
    from kg.model import Article
    from kg.read import mark_reposts, read_articles

    read: list[Article] = []
    failed = 0
    for one in read_articles([folder]):
        if isinstance(one, Article):
            read.append(one)
        else:
            failed += 1
            print(f"kg: {one.error}", file=sys.stderr)
    return list(mark_reposts(read)), failed


def _extract(articles: list[Article]) -> dict[str, PlainRecord]:
    import json

    from kg.pipeline import extract_records

    return {record.file: json.loads(record.to_json()) for record in extract_records(articles)}
