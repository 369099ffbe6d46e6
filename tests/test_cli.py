"""The command line as a whole: help with an example that is right, and exit codes that mean something."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from inspect import Parameter, signature
from pathlib import Path

import pytest
import typer
from command_line import commands, parse
from typer.testing import CliRunner

from kg.cli import main as entry
from kg.cli.asking import Level
from kg.errors import InputError, KgError, UsageError
from kg.pipeline import build
from kg.query.levels import LEVELS
from kg.verbs import explain, extract
from kg.view.opened import OpenedGraph

COMMANDS = commands()


def kg(*words: str | Path) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "kg", *map(str, words)]
    return subprocess.run(call, capture_output=True, check=False, encoding="utf-8")


def left_with(error: Exception, monkeypatch: pytest.MonkeyPatch) -> object:
    """The exit code of a command that raises this."""

    def broken(**options: object) -> None:
        raise error

    monkeypatch.setattr(entry, "app", broken)
    with pytest.raises(SystemExit) as left:
        entry.main()
    return left.value.code


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_of_itself(name: str) -> None:
    said = CliRunner().invoke(entry.app, [*name.split()[1:], "--help"])
    assert said.exit_code == 0
    examples = re.findall(r"Example: (kg .+)", COMMANDS[name].help)
    assert examples, f"{name} --help shows no example"
    assert [parse(example) for example in examples] == [name] * len(examples)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is(name: str) -> None:
    silent = [p.name for p in COMMANDS[name].params if not getattr(p, "help", None) and p.name != "help"]
    assert silent == []


QUESTIONS = {
    **{
        name: name.removeprefix("kg query ")
        for name in COMMANDS
        if name.startswith("kg query ") and name != "kg query list"
    },
    "kg sparql": "sparql",
    "kg export": "export",
}
"""Command → method of an opened graph that answers it."""
OF_THE_SHELL = {"store", "output", "sentences", "param", "help"}
"""Options of the command line alone: which store, where to and how an answer is written, an argument by its name."""
OF_FILES = {"part_mb", "union"}
"""Of `kg export`: a folder of parts is no single file as ``export`` writes one."""
SPELT = {"feature": "features", "practice": "practices", "format_": "format"}
"""Option that is given once for each of several names → that of Python, which takes a list of them."""


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_option_has_the_same_name_and_default_in_python(name: str) -> None:
    options = {
        SPELT.get(one.name, one.name): getattr(one.default, "value", one.default)
        for one in COMMANDS[name].params
        if one.param_type_name == "option" and one.name not in OF_THE_SHELL | OF_FILES
    }
    method = signature(getattr(OpenedGraph, QUESTIONS[name])).parameters.values()
    python = {one.name: one.default for one in method if one.kind is Parameter.KEYWORD_ONLY}
    assert options == python


OF_OTHER_WAYS = {
    "endpoint",
    "endpoint_update",
    "endpoint_graphs",
    "endpoint_replace",
    "endpoint_timeout",
    "records",
    "articles",
    "engine",
    "address",
}
"""Options of ``kg build`` for what ``kg.build`` does not do: a server beside the store, records, workers of Ray."""


def test_build_and_extract_have_the_same_options_in_python() -> None:
    def options(command: str) -> dict[str, object]:
        return {one.name: one.default for one in COMMANDS[command].params if one.param_type_name == "option"}

    def keywords(verb: Callable[..., object]) -> dict[str, object]:
        found = signature(verb).parameters.values()
        return {each.name: each.default for each in found if each.kind is Parameter.KEYWORD_ONLY}

    apart = OF_THE_SHELL | OF_OTHER_WAYS
    built = {name: default for name, default in options("kg build").items() if name not in apart}
    assert built == {name: default for name, default in keywords(build).items() if not name.startswith("on_")}
    extracted = keywords(extract)
    assert {"tokenizer", "tokenizer_model"} <= extracted.keys() and keywords(explain) == extracted
    assert {name: options("kg extract")[name] for name in extracted} == extracted


@pytest.mark.parametrize("line", ["kg query sharde", "kg query shared --acros province", "kg export docx --store s"])
def test_a_wrong_example_would_be_seen(line: str) -> None:
    with pytest.raises((Exception, SystemExit)):
        parse(line)


def test_exit_code_0_and_1_and_2(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"file": "a.txt", "practices": []}) + "\n", encoding="utf-8")
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "a.txt").write_text("", encoding="utf-8")
    assert kg("evaluate", gold, gold).returncode == 0
    failed = kg("evaluate", gold, gold, "--articles", articles)
    assert failed.returncode == 1 and "a.txt" in failed.stderr
    for words in (["qery"], ["query", "shared", "--across", "town"], ["evaluate", tmp_path / "absent.jsonl", gold]):
        wrong = kg(*words)
        assert wrong.returncode == 2 and wrong.stderr and "Traceback" not in wrong.stderr, words


@pytest.mark.parametrize(
    ("error", "code"),
    [
        *((InputError("x"), 1), (UsageError("x"), 2), (KgError("x"), 3), (RuntimeError("x"), 3)),
        (RuntimeError("Corruption: block checksum mismatch in 000023.sst"), 2),
    ],
)
def test_errors_become_exit_codes(
    error: Exception, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert left_with(error, monkeypatch) == code
    said = capsys.readouterr().err
    assert said.splitlines()[-1].startswith("kg: ")
    assert ("Traceback" in said) == (type(error) is RuntimeError and code == 3)


def test_output_is_utf8_whatever_the_terminal(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    record = {"file": "a.txt", "practices": [{"programme": "灯下课堂", "region": "青石街道"}]}
    gold.write_text(json.dumps(record) + "\n", encoding="utf-8")
    (tmp_path / "none.jsonl").write_text('{"file": "a.txt"}\n', encoding="utf-8")
    call = [sys.executable, "-m", "kg", "evaluate", str(gold), str(tmp_path / "none.jsonl"), "--errors"]
    done = subprocess.run(call, capture_output=True, check=True, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert "missed   a.txt: 灯下课堂" in done.stdout.decode("utf-8")


REFUSED = ("ENOENT", "EACCES", "EPERM", "EISDIR", "ENOTDIR", "EROFS", "ELOOP", "ENAMETOOLONG")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        *((OSError(getattr(errno, name), "the reason", "given/a.txt"), 2) for name in REFUSED),
        (OSError(errno.EBADF, "the reason", "given/a.txt"), 3),
        (OSError(errno.ENOENT, "the reason"), 3),
        (OSError(errno.ENOENT, "the reason", str(Path(entry.__file__).with_name("gone.toml"))), 3),
    ],
)
def test_a_path_that_the_system_refuses_is_the_users(
    error: OSError, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """But not a file of the program's own, nor what names none."""
    assert left_with(error, monkeypatch) == code
    said = capsys.readouterr().err
    assert ("Traceback" in said) == (code == 3)
    if code == 2:
        assert said.count("\n") == 1 and said.startswith("kg: given/a.txt: ") and "the reason" in said and ";" in said


@pytest.mark.skipif(os.name == "nt", reason="there a long name is not found, and told as such")
def test_a_name_too_long_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    long = tmp_path / ("x" * 300)
    for words in (("query", "practices", "--store", long), ("validate", long), ("build", long, "--store", "s")):
        monkeypatch.setattr("sys.argv", ["kg", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            entry.main()
        told = capfd.readouterr().err
        assert ended.value.code == 2 and "Traceback" not in told, told
        assert str(long) in told and told.count("\n") == 1 and ";" in told


def test_ctrl_c_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    stopped = typer.Typer()

    @stopped.command()
    def command() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(entry, "app", stopped)
    monkeypatch.setattr("sys.argv", ["kg"])
    with pytest.raises(SystemExit) as left:
        entry.main()
    assert left.value.code == 130 and capsys.readouterr().err == "kg: stopped\n"


def test_a_proof_against_articles_that_are_not_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "store").mkdir()
    for given, said in (("nowhere", "no such file or folder"), ("*.txt", "nothing matches"), ("empty", "no article")):
        ran = CliRunner().invoke(entry.app, ["validate", str(tmp_path / "store"), "--articles", str(tmp_path / given)])
        assert isinstance(ran.exception, UsageError) and said in str(ran.exception), ran.exception
        assert str(ran.exception).startswith(f"--articles {tmp_path / given}: ")
    assert CliRunner().invoke(entry.app, ["validate", str(tmp_path / "store"), "--most", "-3"]).exit_code == 2


def test_places_can_be_compared_at_every_level() -> None:
    assert {level.value for level in Level} == {*LEVELS, "city"}  # city: the press's word for prefecture
