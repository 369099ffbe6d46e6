"""``kg extract --model-api``: what it would cost, the question whether to go on, and the asking."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kg.errors import KgError, UsageError

if TYPE_CHECKING:
    from kg.propose import Answers, Asked, Estimate, ModelApi, Proposer, Question

__all__ = ["ModelOptions", "check_options", "proposer", "tell_refused"]

ANSWERS = Path("model-answers")
"""Where answers are kept unless the user says otherwise."""
_WITH_MODEL = (
    *("model_setting", "model_answers", "model_offline", "model_parallel", "model_timeout"),
    *("price_in", "price_out", "yes"),
)
_WITHOUT_MODEL = ("fast", "tokenizer", "tokenizer_model")
"""Options of the extraction whose place a model takes."""


@dataclass(frozen=True)
class ModelOptions:
    """What the command line says of the model."""

    url: str
    model: str | None
    settings: list[str]
    answers: Path
    parallel: int
    seconds: float
    price_in: float | None
    price_out: float | None
    yes: bool
    offline: bool


def check_options(context: typer.Context, min_confidence: float) -> None:
    """Raises UsageError where an option of ``kg extract`` has no effect without a model, or with one, or leaves nothing of a
    model's values."""
    with_model = bool(context.params["model_api"] or context.params["model"])
    for name in _WITHOUT_MODEL if with_model else _WITH_MODEL:
        if _given(context, name):
            where = "--" + name.replace("_", "-")
            remedy = "go without --model-api" if with_model else "add --model-api URL"
            what = f"the option has no effect {'with' if with_model else 'without'} a model"
            raise UsageError(what, where=where, remedy=f"{remedy}, or leave the option out")
    if not with_model:
        return
    from kg.propose.verify import CONFIDENCE

    if min_confidence > CONFIDENCE:
        what = f"all that a model proposes has the confidence {CONFIDENCE:g}: nothing would be left"
        where = f"--min-confidence {min_confidence:g}"
        raise UsageError(what, where=where, remedy=f"name at most {CONFIDENCE:g}, or leave the option out")


def _given(context: typer.Context, name: str) -> bool:
    """Whether the user gave the option, be it with the value that it has anyway."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"  # by name: typer has click's class or one of its own


def proposer(
    paths: list[str],
    options: ModelOptions,
    *,
    vocabulary: Path | None,
    gazetteer: Path | None,
    text_column: str | None,
) -> Proposer:
    """Ask the model about all articles that it has not answered yet, and give what makes records of the answers."""
    if not options.url:
        raise UsageError("no server is named", where="--model", remedy="add --model-api URL")
    if not options.model:
        raise UsageError("no model is named", where="--model", remedy="name one that the server has")
    if "-" in paths:
        raise UsageError("a model's articles are read twice", where="-", remedy="name files or folders")
    if not options.offline:
        _check_installed()
    from kg.propose import Answers, ModelApi, Proposer, estimate

    api = ModelApi.from_url(options.url, options.model, seconds=options.seconds)
    settings = _settings(options.settings)
    answers = Answers(options.answers)
    cost = estimate(_questions(paths, api, settings, text_column), answers)
    failures: Mapping[str, KgError] = {}
    if options.offline or not cost.articles:
        _tell_kept(cost, options)
    else:
        _agree(cost, api, options)
        failures = _ask(_questions(paths, api, settings, text_column), api, answers, options, cost.articles)
    return Proposer(api.address, api.model, answers, settings, failures, vocabulary=vocabulary, gazetteer=gazetteer)


def _check_installed() -> None:
    try:
        import httpx  # noqa: F401
        import tenacity  # noqa: F401
    except ImportError as error:
        remedy = "pip install 'practice-graph[model-api]'"
        raise UsageError(f"{error.name} is not installed", where="--model-api", remedy=remedy) from None


def _tell_kept(cost: Estimate, options: ModelOptions) -> None:
    """Say that nothing is asked, and how many answers are missing."""
    from kg.query.phrases import many

    missing = cost.articles + cost.copies
    if not missing + cost.known:
        return  # there is no article, as will be told
    told = (
        f"nothing was asked; {options.answers} has answers for {cost.known} of {many(missing + cost.known, 'article')}"
    )
    more = f"; to ask about the other {missing:,}, leave out --model-offline" if missing else ""
    print(f"kg: {told}{more}", file=sys.stderr)


def _ask(
    questions: Iterator[Question], api: ModelApi, answers: Answers, options: ModelOptions, total: int
) -> Mapping[str, KgError]:
    """Ask, and say what it took; returns why questions have no answer, by their key."""
    from kg.propose import Asked, ask

    asked = Asked()
    try:
        with _progress(total) as step:
            ask(questions, api, answers, parallel=options.parallel, on_question=step, asked=asked)
    finally:  # what was spent is told of a run that was stopped, too
        if asked.replies:
            print(f"kg: {_told(asked, options)}", file=sys.stderr)
    return asked.failures


def tell_refused(proposer: Proposer) -> None:
    """Say on standard error what was proposed and refused."""
    refused = proposer.refused
    if not refused:
        return
    told = ", ".join(f"{count} {slot}: {reason}" for (slot, reason), count in sorted(refused.items()))
    print(f"kg: {refused.total()} of {proposer.proposed} proposed values refused ({told})", file=sys.stderr)


def _settings(said: list[str]) -> dict[str, Any]:
    from kg.propose.request import SETTINGS

    settings: dict[str, Any] = dict(SETTINGS)
    for one in said:
        name, sign, value = one.partition("=")
        if not sign or name in {"", "model", "messages", "response_format", "stream", "n"}:
            raise UsageError(
                "no setting of a model", where=f"--model-setting {one}", remedy="for one: max_tokens=16000"
            )
        settings[name] = _value(value, where=f"--model-setting {one}")
    return settings


def _value(said: str, *, where: str) -> Any:
    """A value in JSON, or a word. Raises UsageError for NaN and Infinity, which JSON has not but Python reads."""
    try:
        value = json.loads(said)
    except ValueError:
        return said
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        raise UsageError("no number that a request can hold", where=where, remedy="give a finite one") from None
    return value


def _questions(
    paths: list[str], api: ModelApi, settings: Mapping[str, Any], text_column: str | None
) -> Iterator[Question]:
    from kg.propose import question
    from kg.read import ReadFailure, read_articles

    for article in read_articles(paths, text_column=text_column):
        if not isinstance(article, ReadFailure):  # the records tell of those
            yield question(article, api=api.address, model=api.model, settings=settings)


def _agree(cost: Estimate, api: ModelApi, options: ModelOptions) -> None:
    """Say what would be sent, and ask."""
    from kg.query.phrases import many

    if not cost.articles:
        return
    kept = f" ({cost.known} answered already)" if cost.known else ""
    told = (
        f"{many(cost.articles, 'article')}{kept} would be sent to {api.address}, model {api.model}: "
        f"about {cost.tokens_in:,} tokens in, {cost.tokens_out:,} out"
    )
    if options.price_in is not None or options.price_out is not None:
        told += f", {_money(cost.price(options.price_in or 0.0, options.price_out or 0.0))} at your prices"
    print(f"kg: {told}", file=sys.stderr)
    if options.yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to agree", where="--model-api", remedy="add --yes to send them")
    if not typer.confirm("Send them?", err=True):
        raise UsageError("nothing was sent", where="--model-api")


def _told(asked: Asked, options: ModelOptions) -> str:
    """How many answers there are now and where, and what all replies took."""
    from kg.query.phrases import many

    told = many(asked.answered, "answer")
    if useless := asked.replies - asked.answered:
        told += f" and {many(useless, 'reply', 'replies')} of no use"
    told += f", {_spent(asked, options)}"
    return f"{told}; kept in {options.answers}" if asked.answered else told


def _spent(asked: Asked, options: ModelOptions) -> str:
    from kg.query.phrases import many

    if asked.untold == asked.replies and not asked.tokens_in + asked.tokens_out:
        return "the server told no tokens"
    told = f"{asked.tokens_in:,} tokens in, {asked.tokens_out:,} out"
    if options.price_in is not None or options.price_out is not None:
        spent = (asked.tokens_in * (options.price_in or 0.0) + asked.tokens_out * (options.price_out or 0.0)) / 1e6
        told += f", {_money(spent)} at your prices"
    more = f" and what the server did not tell of {many(asked.untold, 'reply', 'replies')}"
    return told + more if asked.untold else told


def _money(amount: float) -> str:
    return f"{amount:,.2f}" if amount >= 1 else f"{amount:.4f}"


@contextmanager
def _progress(total: int) -> Iterator[Callable[[bool], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("asking"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[failed]} failed"))
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as bar:
        task, failures = bar.add_task("asking", total=total, failed=0), 0

        def step(failed: bool) -> None:
            nonlocal failures
            failures += failed
            bar.update(task, advance=1, failed=failures)

        yield step
