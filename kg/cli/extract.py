"""``kg extract``: from articles to practice records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["command"]

FORMATS = ("jsonl", "text")


def command(  # noqa: PLR0917 - each is an option
    paths: Annotated[list[str], typer.Argument(help="Files, folders, patterns, or - for standard input.")],
    format_: Annotated[
        str, typer.Option("--format", "-f", help="jsonl: one record an article and line; text: for a reader.")
    ] = "jsonl",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; standard output if absent.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show each article with its spans marked and why each was taken.")
    ] = False,
    min_confidence: Annotated[
        float, typer.Option("--min-confidence", min=0.0, max=1.0, help="Leave out values below this confidence.")
    ] = 0.0,
    vocabulary: Annotated[Path | None, typer.Option(help="Concept schemes of your own, in Turtle.")] = None,
    gazetteer: Annotated[Path | None, typer.Option(help="Places of your own, in CSV.")] = None,
    text_column: Annotated[str | None, typer.Option(help="Column of tables that holds the text.")] = None,
    tokenizer: Annotated[str, typer.Option(help="lac, pkuseg, char, or the name of an installed spaCy model.")] = "lac",
    tokenizer_model: Annotated[str | None, typer.Option(help="Folder of a pkuseg model.")] = None,
) -> None:
    """Write the practice records of articles, with paths, codes and concepts.

    Exit codes: 0 fine, 1 some articles failed, 2 wrong usage or none usable.

    Example: kg extract articles --format jsonl --output records.jsonl
    """
    from kg.errors import UsageError
    from kg.pipeline import Unusable, as_article, extractor, records
    from kg.view.explain import explain_text
    from kg.view.writing import write_bytes

    if format_ not in FORMATS:
        raise UsageError(f"no format {format_!r}", where="--format", remedy=f"choose one of {', '.join(FORMATS)}")
    for file, option in ((vocabulary, "--vocabulary"), (gazetteer, "--gazetteer")):
        if file is not None and not file.is_file():
            raise UsageError("no such file", where=f"{option} {file}", remedy="check the path")
    extract = extractor(vocabulary, gazetteer, tokenizer=tokenizer, tokenizer_model=tokenizer_model)
    found = failed = 0
    lines: list[str] = []
    for item in records(paths, text_column=text_column, extract=extract):
        if isinstance(item, Unusable):
            failed += 1
            print(f"kg: {item.error}", file=sys.stderr)
            continue
        found += 1
        record = item.record.above(min_confidence)
        readable = explain or format_ == "text"
        line = explain_text(as_article(record, item.text or ""), record) if readable else record.to_json()
        if output is None:
            print(line)
        else:
            lines.append(line + "\n")
    if output is not None and found:
        write_bytes("".join(lines).encode(), output)
    raise typer.Exit(0 if not failed else 1 if found else 2)
