"""``kg query``: questions with names, for those who do not write SPARQL."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.asking import (
    ExactOption,
    Form,
    FormOption,
    MaxRowsOption,
    StoreOption,
    TimeoutOption,
    say,
    write,
    write_answer,
)
from kg.cli.comparing import contrast, coverage, outcomes, shared, spread
from kg.cli.limits import ConfidenceOption, RegionOption, StatedOption
from kg.cli.query_similar import families, similar
from kg.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True, help="Questions with names: shared features, practices, evidence, the catalogue."
)

_OPTIONS = {
    name: f"--{name.replace('_', '-')}"
    for name in (
        *("region", "format", "audience", "topic", "min_confidence", "as_of", "since", "until", "by", "unit"),
        *("min_regions", "min_articles", "combine", "correction", "max_q"),
    )
} | {"across": "--across", "features": "--feature", "practices": "--practice"}
"""Parameter in Python, as errors name it → option of the command line."""
_RELATIONS = {"prefLabel": "name", "isPartOf": "part of"}
"""Relation → what a reader calls it, where that is another word."""


def _named_as_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command, with errors that name the option rather than the parameter of Python."""

    @wraps(command)
    def run(*given: Any, **named: Any) -> None:
        try:
            command(*given, **named)
        except UsageError as error:
            error.where = _OPTIONS.get(error.where or "", error.where)
            raise

    return run


for _question in (shared, similar, families, spread, contrast, outcomes, coverage):
    app.command()(_named_as_options(_question))


@app.command()
@_named_as_options
def practices(  # noqa: PLR0917 - each is an option
    store: StoreOption = "store",
    region: RegionOption = None,
    format_: Annotated[str | None, typer.Option("--format", help="A format of practices (or narrower).")] = None,
    audience: Annotated[str | None, typer.Option(help="An audience (or narrower).")] = None,
    topic: Annotated[str | None, typer.Option(help="A topic (or narrower).")] = None,
    stated_only: StatedOption = False,
    min_confidence: ConfidenceOption = 0.0,
    output: FormOption = Form.table,
) -> None:
    """Practices by place, format, audience and topic.

    Example: kg query practices --region 四川省 --format 夜校 --store store
    """
    from kg.query import open_graph

    with open_graph(store) as graph:
        frame = graph.practices(
            region=region,
            format=format_,
            audience=audience,
            topic=topic,
            stated_only=stated_only,
            min_confidence=min_confidence,
        )
    if output is Form.table:
        frame = frame[["label", "region", "dates", "format", "audience", "topic", "outcome", "files"]]
    write(frame, output)


@app.command()
def practice(
    name: Annotated[str, typer.Argument(help="Label or IRI of a practice.")],
    store: StoreOption = "store",
    output: FormOption = Form.table,
) -> None:
    """All that is known of one practice, what articles say differently side by side, with the sentences.

    Example: kg query practice 福课堂 --store store
    """
    from kg.query import open_graph

    with open_graph(store) as graph:
        frame = graph.practice(name)
        if output is not Form.table:
            write(frame, output)
            return
        for row in frame.to_dict("records"):
            say(f"{row['label']}, {row['region'] or 'no place'}{' (only planned)' if row['planned'] else ''}")
            for slot in (*frame.columns[3:-2], "files"):
                if row[slot]:
                    say(f"  {slot}: {'、'.join(map(str, row[slot]))}")
            said = graph.evidence(row["practice"])
            _say_sentences(said[said["practice"] == row["practice"]])


def _say_sentences(evidence: pd.DataFrame) -> None:
    """Print each sentence once, below it all that rests on it; an article's title and text may hold the same one."""
    for (file, sentence, repost), rows in evidence.groupby(["file", "sentence", "repost"], sort=False, dropna=False):
        say(f"  · {file}{' (repost)' if repost else ''}: {sentence if isinstance(sentence, str) else ''}")
        for each in rows.to_dict("records"):
            value = "" if each["value"] == each["words"] else f" = {each['value']}"
            inferred = ", inferred" if each["inferred"] else ""
            relation = _RELATIONS.get(each["relation"], each["relation"])
            say(f"      {relation}: “{each['words']}”{value} ({each['start']}–{each['end']}{inferred})")


@app.command()
def evidence(
    thing: Annotated[
        str,
        typer.Argument(
            help="Label or IRI of a practice, a concept (or narrower), a region (all within it), an organisation, a venue."
        ),
    ],
    store: StoreOption = "store",
    exact: ExactOption = False,
    output: FormOption = Form.table,
) -> None:
    """The exact words, sentences and places in the files on which statements rest.

    Example: kg query evidence 福课堂 --store store
    """
    from kg.query import open_graph

    with open_graph(store) as graph:
        frame = graph.evidence(thing, exact=exact)
        if output is Form.table:
            frame["practice"] = [graph.lookup.practices.label(practice) for practice in frame["practice"]]
            frame = _with_reposts_marked(frame)
            names = ["practice", "relation", "value", "words", "file", "repost", "start", "end", "rule", "confidence"]
            frame = frame[[*names, "inferred", "sentence"]]
    write(frame, output)


def _with_reposts_marked(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with a word instead of True and nothing instead of False, and a note where there is a repost."""
    copies = int(frame["repost"].sum())
    marked = frame.assign(repost=["repost" if repost else "" for repost in frame["repost"]])
    if copies:
        marked.attrs["notes"] = (
            *frame.attrs.get("notes", ()),
            f"{copies} of {len(frame)} from reposts, which are no witnesses of their own",
        )
    return marked


@app.command("list")
def list_() -> None:
    """The named queries of the catalogue, with their parameters.

    Example: kg query list
    """
    from kg.query.named import named_queries

    for query in named_queries().values():
        parameters = "".join(f"\n    {name}: {said}" for name, said in query.parameters.items())
        print(f"{query.name}: {query.title_en} / {query.title_zh}{parameters}")


@app.command()
def run(  # noqa: PLR0917 - each is an option
    name: Annotated[str, typer.Argument(help="Name of the query (kg query list).")],
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", help="NAME=VALUE; may be given more than once.")
    ] = None,
    store: StoreOption = "store",
    output: Annotated[str, typer.Option("--as", help="table, csv, json or xml.")] = "table",
    timeout: TimeoutOption = 60.0,
    max_rows: MaxRowsOption = 1_000_000,
) -> None:
    """Run a query of the catalogue.

    Example: kg query run practices --param region=四川省 --store store
    """
    from kg.query import open_graph
    from kg.query.named import parameter_values
    from kg.view.table import harmless

    values = parameter_values(param or [])
    with open_graph(store) as graph:
        answer = graph.run(name, values, timeout=timeout, max_rows=max_rows)
    write_answer(answer, output, max_rows, worded=harmless)
    if answer.kind == "select" and not answer.truncated and not answer.rows():
        fits = f"fits {', '.join(param)}; kg query list says what is meant" if param else "was found"
        say(f"kg: no row {fits}", error=True)
