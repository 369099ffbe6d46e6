"""``kg extract``: from articles to practice records."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.proposing import ANSWERS, ModelOptions, check_options, proposer, tell_refused

if TYPE_CHECKING:
    from kg.pipeline import Extracted, Unusable

__all__ = ["command"]

FORMATS = ("jsonl", "text")


def command(  # noqa: PLR0917 - each is an option
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(help="Files, folders, patterns, or - for standard input.")],
    format_: Annotated[
        str, typer.Option("--format", "-f", help="jsonl: one record an article and line; text: for a reader.")
    ] = "jsonl",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; default, and -: standard output.")
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
    tokenizer_model: Annotated[
        Path | None, typer.Option(help="Folder of a pkuseg model; default: the one that comes with the program.")
    ] = None,
    fast: Annotated[
        bool, typer.Option("--fast", help="Go without the transformer: several times faster, less accurate.")
    ] = False,
    model_api: Annotated[
        str | None, typer.Option(help="Let a model propose the records: address of an OpenAI-compatible server.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="With --model-api: the model's name there.")] = None,
    model_setting: Annotated[
        list[str] | None, typer.Option(help="With --model-api: NAME=VALUE of the request; null leaves one out.")
    ] = None,
    model_answers: Annotated[
        Path, typer.Option(help="With --model-api: folder of the answers; what is there is not asked again.")
    ] = ANSWERS,
    model_offline: Annotated[
        bool, typer.Option("--model-offline", help="With --model-api: ask nothing, take the answers that are kept.")
    ] = False,
    model_parallel: Annotated[int, typer.Option(min=1, help="With --model-api: requests at a time.")] = 1,
    model_timeout: Annotated[float, typer.Option(min=0.1, help="With --model-api: seconds for one answer.")] = 300.0,
    price_in: Annotated[
        float | None, typer.Option(min=0.0, help="With --model-api: price of a million tokens sent.")
    ] = None,
    price_out: Annotated[
        float | None, typer.Option(min=0.0, help="With --model-api: price of a million tokens answered.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --model-api: send without asking.")] = False,
) -> None:
    """Write the practice records of articles, with paths, codes and concepts.

    With --model-api the articles go to that server, and a language model proposes the records; words of its answers
    that the articles do not hold are refused. A key is read from the environment, KG_MODEL_API_KEY.

    Exit codes: 0 fine, 1 some articles failed, 2 wrong usage or none usable.

    Example: kg extract articles --format jsonl --output records.jsonl
    """
    from kg.cli.passed_over import passed_over
    from kg.errors import UsageError
    from kg.pipeline import as_article, records
    from kg.settings import Settings
    from kg.view.explain import explain_text
    from kg.view.writing import written

    if format_ not in FORMATS:
        raise UsageError(f"no format {format_!r}", where="--format", remedy=f"choose one of {', '.join(FORMATS)}")
    check_options(context, min_confidence)
    settings = Settings.of(
        vocabulary=vocabulary,
        gazetteer=gazetteer,
        fast=fast,
        tokenizer=tokenizer,
        tokenizer_model=tokenizer_model,
        command_line=True,
    )
    # Opened first: a place that cannot be written is told before the work, and before a model is paid.
    with written(output) as write, passed_over() as on_skip:
        asked = None
        if model_api or model:
            options = ModelOptions(
                model_api or "",
                model,
                model_setting or [],
                model_answers,
                model_parallel,
                model_timeout,
                price_in,
                price_out,
                yes,
                model_offline,
            )
            asked = proposer(paths, options, vocabulary=vocabulary, gazetteer=gazetteer, text_column=text_column)
        else:
            settings.extractor()  # what is wrong in a file of the user's is told before the first article
        readable = explain or format_ == "text"

        def line(item: Extracted) -> str:
            record = item.record.above(min_confidence)
            return explain_text(as_article(record, item.text or ""), record) if readable else record.to_json()

        items = records(paths, settings, text_column=text_column, extract=asked, on_skip=on_skip)
        found, failed = _tell(items, line, write)
        if asked:
            tell_refused(asked)
        if not found and not failed:
            raise UsageError("there is no article", where=", ".join(paths), remedy="name a folder of articles")
        if not found:
            raise typer.Exit(2)  # within: what stood at the place stays
    raise typer.Exit(1 if failed else 0)


def _tell(
    items: Iterable[Extracted | Unusable], line: Callable[[Extracted], str], write: Callable[[bytes], None]
) -> tuple[int, int]:
    """Write a line for each article; returns how many there were, and how many failed."""
    from kg.pipeline import Unusable

    found = failed = 0
    for item in items:
        if isinstance(item, Unusable):
            failed += 1
            print(f"kg: {item.error}", file=sys.stderr)
            continue
        found += 1
        write(f"{line(item)}\n".encode("utf-8", "replace"))
    return found, failed
