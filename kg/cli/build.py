"""``kg build``: from articles to a store."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.errors import printable
from kg.workers import ENGINES

if TYPE_CHECKING:
    from kg.errors import KgError
    from kg.graph.intake import BuildReport
    from kg.graph.remote.endpoint import Endpoint
    from kg.model import ArticleRecord
    from kg.settings import Settings
    from kg.workers import Workers

__all__ = ["command"]


class Engine(StrEnum):
    """Where workers are."""

    processes = "processes"
    ray = "ray"


assert set(Engine) == set(ENGINES)

MOST_FAILURES = 20
"""Failures that are told one by one."""


def command(  # noqa: PLR0917 - each is an option
    paths: Annotated[list[str], typer.Argument(help="Files, folders, patterns, or - for standard input.")],
    store: Annotated[
        Path, typer.Option("--store", "-s", help="Folder of the store; made where it is not there.")
    ] = Path("store"),
    endpoint: Annotated[
        str | None, typer.Option(help="URL of a SPARQL 1.1 server that is brought to the state of the store, too.")
    ] = None,
    endpoint_update: Annotated[
        str | None, typer.Option(help="Where the server takes updates, if not beside its queries.")
    ] = None,
    endpoint_graphs: Annotated[
        str | None, typer.Option(help="Where the server takes graphs (graph store protocol), if not at …/store.")
    ] = None,
    endpoint_timeout: Annotated[
        float,
        typer.Option(min=1, help="Seconds for which the server may say nothing, as while it takes a large graph."),
    ] = 60,
    endpoint_replace: Annotated[
        bool, typer.Option("--endpoint-replace", help="The server may lose what another store wrote there.")
    ] = False,
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
    records: Annotated[
        bool, typer.Option("--records", help="PATH is a JSON Lines file of records, not articles.")
    ] = False,
    articles: Annotated[
        list[str] | None,
        typer.Option("--articles", "-a", help="With --records: their articles, files or folders, for the sentences."),
    ] = None,
    keep_missing: Annotated[
        bool, typer.Option("--keep-missing", help="Keep articles that are not there any more.")
    ] = False,
    base: Annotated[str | None, typer.Option(help="Base of all IRIs, for a new store.")] = None,
    workers: Annotated[
        int, typer.Option("--workers", "-j", min=0, help="How many extract at once, some 700 MB each; 0: one a core.")
    ] = 1,
    engine: Annotated[
        Engine, typer.Option(help="Workers are processes here, or tasks of a Ray cluster.")
    ] = Engine.processes,
    address: Annotated[
        str | None, typer.Option(help="Of the Ray cluster, ray://HOST:10001 for one; default: a Ray for this run.")
    ] = None,
    optimize: Annotated[
        bool,
        typer.Option(
            "--optimize", help="Arrange the finished store for reading: one practice is found in half the time."
        ),
    ] = False,
) -> None:
    """Build a store from articles, or bring one up to date: only what changed is done again.

    How many workers there are, and where, changes nothing in the store. One that dies is replaced, and a build that
    was stopped goes on where it was.

    Exit codes: 0 fine, 1 some articles failed, 2 wrong usage or none usable.

    Example: kg build articles --store store --workers 4
    """
    from kg.query.phrases import many
    from kg.settings import Settings
    from kg.workers import open_workers

    started = time.monotonic()
    settings = Settings.of(
        vocabulary=vocabulary,
        gazetteer=gazetteer,
        fast=fast,
        tokenizer=tokenizer,
        tokenizer_model=tokenizer_model,
        command_line=True,
    )
    if records:
        _check_for_records(settings, None if articles else text_column, keep_missing=keep_missing)
    _check_articles(articles, paths, records=records)
    server = _server(endpoint, endpoint_update, endpoint_graphs, endpoint_timeout, replaces=endpoint_replace)
    with open_workers(workers, engine.value, address) as hands:
        if records:
            report = _from_records(
                paths,
                store,
                settings.vocabulary,
                articles=articles or [],
                text_column=text_column,
                base=base,
                workers=hands,
                optimize=optimize,
            )
        else:
            report = _from_articles(
                paths,
                store,
                settings,
                text_column=text_column,
                keep_missing=keep_missing,
                base=base,
                workers=hands,
                optimize=optimize,
            )
    for line in _failure_lines([failure.error for failure in report.failures]):
        print(printable(f"kg: {line}"), file=sys.stderr)
    if report.articles or not report.failures:
        print(
            f"{many(report.articles, 'article')}, {many(report.practices, 'practice')} in {store}: "
            f"{report.written:,} written, "
            f"{report.unchanged:,} unchanged, {report.withdrawn:,} withdrawn, {len(report.failures)} failed "
            f"({time.monotonic() - started:.1f} s)"
        )
    if report.forgot_vocabulary:
        told = "the store held a vocabulary of your own and holds none now: to keep it, build again with --vocabulary"
        print(f"kg: {told}", file=sys.stderr)
    if server and report.articles:
        _publish(store, server, replaces=endpoint_replace)
    raise typer.Exit(report.exit_code)


def _failure_lines(errors: Sequence[KgError]) -> list[str]:
    """A line each; what is the same of many rows of a table stands once."""
    from kg.query.phrases import many

    alike: dict[tuple[str, str | None, str], list[KgError]] = {}
    for error in errors:
        table = (error.where or "").rpartition("#")[0] or str(error)
        alike.setdefault((error.what, error.remedy, table), []).append(error)
    lines = [
        f"{same[0]}" + (f" (and {many(len(same) - 1, 'more row')})" if same[1:] else "") for same in alike.values()
    ]
    more = len(lines) - MOST_FAILURES
    return [*lines[:MOST_FAILURES], f"… and {more} more failures"] if more > 0 else lines


def _check_for_records(settings: Settings, text_column: str | None, *, keep_missing: bool) -> None:
    """Raises UsageError for an option that is about articles: it would have no effect on records."""
    from kg.errors import UsageError

    said = {
        "--gazetteer": (settings.gazetteer is not None, "records hold their places: give it to kg extract"),
        "--text-column": (text_column is not None, "records are no table: name their articles, too (--articles)"),
        "--tokenizer": (settings.tokenizer != "lac", "records are extracted already: give it to kg extract"),
        "--fast": (settings.fast, "records are extracted already: give it to kg extract"),
        "--keep-missing": (keep_missing, "the store will hold just these records: name all of them"),
    }
    for option, (given, remedy) in said.items():
        if given:
            raise UsageError("the option has no effect with --records", where=option, remedy=remedy)


def _check_articles(articles: list[str] | None, paths: list[str], *, records: bool) -> None:
    """Raises UsageError where --articles has no effect, or leads to no article."""
    from kg.cli.validate import check_there
    from kg.errors import UsageError

    if articles and not records:
        what, remedy = "the option has no effect without --records", "name articles as PATHS"
        raise UsageError(what, where="--articles", remedy=remedy)
    if "-" in (articles or []) and "-" in paths:
        raise UsageError("standard input can be read but once", where="--articles -", remedy="name a folder")
    check_there(articles or [])


def _from_records(
    paths: list[str],
    store: Path,
    vocabulary: Path | None,
    *,
    articles: list[str],
    text_column: str | None,
    base: str | None,
    workers: Workers,
    optimize: bool,
) -> BuildReport:
    from kg.graph.build import build_records
    from kg.graph.validate import read_records
    from kg.knowledge.vocabulary import Vocabulary
    from kg.query.phrases import many

    held = Vocabulary.load(vocabulary).concepts
    unheld: Counter[str] = Counter()

    def found() -> Iterator[ArticleRecord]:
        for path in paths:
            for record in read_records(Path(path)):
                unheld.update(iri for iri in _concepts(record) if iri not in held)
                yield record

    own = [vocabulary] if vocabulary else []
    report = build_records(
        found(),
        store,
        articles=articles,
        text_column=text_column,
        base=base,
        vocabularies=own,
        workers=workers,
        optimize=optimize,
    )
    if unheld:
        more = f" and {len(unheld) - 1} more" if len(unheld) > 1 else ""
        told = f"{many(unheld.total(), 'value')} of concepts that no scheme holds ({min(unheld)}{more})"
        told = printable(told)
        print(f"kg: {told} without label and hierarchy; name the scheme: --vocabulary FILE", file=sys.stderr)
    if report.without_text:
        told = f"{many(report.without_text, 'article')} without sentences, for want of the text"
        remedy = "name the folder of the others as well" if articles else "name the folder"
        print(f"kg: {told}; {remedy}: --articles DIR", file=sys.stderr)
    return report


def _concepts(record: ArticleRecord) -> Iterator[str]:
    """The concept of each value that has one of a scheme."""
    for practice in record.practices:
        for _, value in practice.values():
            if value.concept and not value.candidate:
                yield value.concept


def _from_articles(
    paths: list[str],
    store: Path,
    settings: Settings,
    *,
    text_column: str | None,
    keep_missing: bool,
    base: str | None,
    workers: Workers,
    optimize: bool,
) -> BuildReport:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from kg.cli.passed_over import passed_over
    from kg.pipeline import build_store

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]} articles/s, {task.fields[failed]} failed"),
        TimeRemainingColumn(),
    )
    with (
        passed_over(besides=store) as on_skip,
        Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar,
    ):
        task = bar.add_task("articles", total=_count(paths), rate="–", failed=0)
        graph = bar.add_task("graph", total=None, visible=False, rate="–", failed=0)
        began, failures, done = time.monotonic(), 0, 0
        turned, written = 0.0, 0

        def on_article(failed: bool) -> None:
            nonlocal failures, done
            failures, done = failures + failed, done + 1
            rate = done / max(time.monotonic() - began, 0.001)
            bar.update(task, advance=1, rate=f"{rate:.1f}", failed=failures)

        def on_written() -> None:
            # Nothing is written before all are read: reposts are told over the whole.
            nonlocal turned, written
            turned, written = turned or time.monotonic(), written + 1
            rate = written / max(time.monotonic() - turned, 0.001)
            bar.update(
                graph, visible=True, total=done - failures, completed=written, rate=f"{rate:.1f}", failed=failures
            )

        return build_store(
            paths,
            store,
            settings,
            text_column=text_column,
            keep_missing=keep_missing,
            base=base,
            workers=workers,
            optimize=optimize,
            on_article=on_article,
            on_written=on_written,
            on_skip=on_skip,
        )


def _count(paths: list[str]) -> int | None:
    """How many files there are to read; None where a pattern, standard input or the system hides it."""
    from kg.read import FORMATS

    known = {suffix for form in FORMATS.values() for suffix in form.suffixes}
    count = 0
    try:
        for path in map(Path, paths):
            if path.is_dir():
                count += sum(1 for file in path.rglob("*") if file.suffix.lower() in known)
            elif path.is_file():
                count += 1
            else:
                return None
    except OSError:  # a name too long, a folder that may not be read: who reads it tells of it
        return None
    return count


def _server(
    endpoint: str | None, update: str | None, graphs: str | None, timeout: float, *, replaces: bool
) -> Endpoint | None:
    """The server to write to, where one is named.

    Raises UsageError, before anything is built, for what is no address, and for what is said of a server that is not named.
    """
    from kg.errors import UsageError
    from kg.graph.remote.endpoint import Endpoint
    from kg.graph.remote.exchange import Allowance

    if endpoint:
        server = Endpoint.from_url(endpoint, update=update, graphs=graphs)
        return replace(server, allowance=Allowance(silence=timeout))
    for option, given in (("update", update), ("graphs", graphs), ("replace", replaces)):
        if given:
            where = f"--endpoint-{option}"
            raise UsageError("the option has no effect without a server", where=where, remedy="name it: --endpoint URL")
    return None


def _publish(store: Path, server: Endpoint, *, replaces: bool) -> None:
    from kg.errors import KgError
    from kg.graph.remote.publish import publish
    from kg.query.phrases import many

    try:
        sent = publish(store, server, replace=replaces)
    except KgError:
        print(f"kg: the store {store} is complete; the same command goes on with the server", file=sys.stderr)
        raise
    print(
        f"{server.query}: {many(sent.written, 'graph')} written, {sent.unchanged:,} unchanged, {sent.withdrawn:,} withdrawn"
    )
