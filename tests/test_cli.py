"""The command line as a whole: help with an example that is right, and exit codes that mean something."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import commands, parse
from typer.testing import CliRunner

from kg.cli import main as entry
from kg.errors import InputError, KgError, UsageError

COMMANDS = commands()


def kg(*words: str | Path) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "kg", *map(str, words)]
    return subprocess.run(call, capture_output=True, check=False, encoding="utf-8")


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
    for words in (["qery"], ["query", "shared", "--level", "town"], ["evaluate", tmp_path / "absent.jsonl", gold]):
        wrong = kg(*words)
        assert wrong.returncode == 2 and wrong.stderr and "Traceback" not in wrong.stderr, words


@pytest.mark.parametrize(
    ("error", "code"), [(InputError("x"), 1), (UsageError("x"), 2), (KgError("x"), 3), (RuntimeError("x"), 3)]
)
def test_errors_become_exit_codes(
    error: Exception, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(**options: object) -> None:
        raise error

    monkeypatch.setattr(entry, "app", broken)
    with pytest.raises(SystemExit) as left:
        entry.main()
    assert left.value.code == code
    said = capsys.readouterr().err
    assert said.splitlines()[-1].startswith("kg: ")
    assert ("Traceback" in said) == (type(error) is RuntimeError)


def test_output_is_utf8_whatever_the_terminal(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    record = {"file": "a.txt", "practices": [{"programme": "灯下课堂", "region": "青石街道"}]}
    gold.write_text(json.dumps(record) + "\n", encoding="utf-8")
    (tmp_path / "none.jsonl").write_text('{"file": "a.txt"}\n', encoding="utf-8")
    call = [sys.executable, "-m", "kg", "evaluate", str(gold), str(tmp_path / "none.jsonl"), "--errors"]
    done = subprocess.run(call, capture_output=True, check=True, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert "missed   a.txt: 灯下课堂" in done.stdout.decode("utf-8")
