"""The commands: what they print, and their exit codes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_records import sample
from typer.testing import CliRunner, Result

from kg.cli.main import app, main
from kg.errors import UsageError

ODD = "\udcff\udcfe"
"""Bytes that are no UTF-8, as Python gives them to the program."""


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=stdin)


def test_practices_and_evidence_for_machines(store: Path) -> None:
    text = run(
        "query", "practices", "--store", str(store), "--region", "四川", "--format", "授课", "--as", "csv"
    ).stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows and all(row["region"].startswith("四川省/") for row in rows)
    said = run("query", "evidence", rows[0]["label"], "--store", str(store))
    assert rows[0]["label"] in said.stdout


def test_a_practice_is_shown_with_what_articles_say_differently(store: Path) -> None:
    said = run("query", "practice", "晨光学堂4号", "--store", str(store)).stdout
    assert said.startswith("晨光学堂4号, 云南省/大理白族自治州/剑川县/沙溪镇")
    assert "004.txt、second.txt" in said and "  dates: 2024-03\n" in said
    second = said.partition("  · second.txt: ")[2]
    assert "      outcome: “累计104余人次参加” = " in second or "      outcome: “累计104余人次参加” (" in second
    rows = json.loads(run("query", "practice", "晨光学堂4号", "--store", str(store), "--as", "json").stdout)
    assert [row["label"] for row in rows] == ["晨光学堂4号"]


def test_a_sentence_stands_once_with_all_that_rests_on_it(store: Path) -> None:
    said = run("query", "practice", "晨光学堂3号", "--store", str(store)).stdout
    sentence = sample(3)[1].split("\n")[1].split("。")[0]
    assert said.count(sentence) == 2 and said.count(f"  · repost.txt (repost): {sentence}") == 1
    below = said.partition(f"  · 003.txt: {sentence}")[2].partition("  · ")[0]
    assert "name: “晨光学堂3号”" in below and "format: “" in below and "audience: “" in below
    assert "prefLabel" not in said


def test_dates_are_in_the_answers_for_machines(store: Path) -> None:
    rows = json.loads(run("query", "practices", "--region", "四川", "--store", str(store), "--as", "json").stdout)
    assert ["2024-03"] in [row["dates"] for row in rows]
    assert "dates" in run("query", "practices", "--store", str(store), "--as", "csv").stdout.split("\n")[0].split(",")


def test_evidence_marks_reposts_and_takes_what_is_narrower_unless_told_not_to(store: Path) -> None:
    said = run("query", "evidence", "圆桌议事", "--store", str(store)).stdout.split("\n")
    marked = [line for line in said if "repost.txt" in line]
    assert marked and all("  repost  " in line for line in marked)
    assert not any("  repost  " in line for line in said[2:] if "003.txt" in line)
    assert said[-2].startswith(f"* {len(marked)} of {len(said) - 4} from reposts")
    assert "夜校" in run("query", "evidence", "授课", "--store", str(store)).stdout
    exact = run("query", "evidence", "授课", "--exact", "--store", str(store)).stdout
    assert "* no practice has 授课 itself" in exact


def test_figures_are_plain_numbers(store: Path) -> None:
    said = run("query", "run", "largest-outcomes", "--store", str(store), "--as", "csv").stdout
    assert {row["number"] for row in csv.DictReader(io.StringIO(said))} >= {"999", "105"}


def test_the_catalogue_is_listed_and_run(store: Path) -> None:
    assert "practices-by-province" in run("query", "list").stdout
    said = run("query", "run", "practices", "--param", "region=四川省", "--store", str(store), "--as", "csv")
    assert said.exit_code == 0 and "芦溪镇" in said.stdout
    short = run("query", "run", "practices", "--param", "region=四川", "--store", str(store), "--as", "csv")
    assert short.exit_code == 0 and short.stdout == said.stdout
    wrong = run("query", "run", "practices", "--param", "region=四州省", "--store", str(store))
    assert isinstance(wrong.exception, UsageError) and "did you mean 四川省" in str(wrong.exception)


def test_a_named_query_tells_where_it_was_cut_off_as_any_other_does(store: Path) -> None:
    cut = run("query", "run", "formats", "--max-rows", "2", "--store", str(store), "--as", "csv")
    own = run("sparql", "SELECT ?a { ?a ?b ?c }", "--max-rows", "2", "--store", str(store), "--format", "csv")
    assert len(cut.stdout.splitlines()) == len(own.stdout.splitlines()) == 3
    assert cut.stderr == own.stderr == "kg: the answer was cut off after 2 rows; raise --max-rows\n"
    assert cut.exit_code == own.exit_code == 1


def test_a_named_query_that_finds_nothing_says_so(store: Path) -> None:
    done = run("query", "run", "largest-outcomes", "--param", "measure=尊", "--store", str(store), "--as", "csv")
    assert done.exit_code == 0 and len(done.stdout.splitlines()) == 1
    assert done.stderr == "kg: no row fits measure=尊; kg query list says what is meant\n"


def test_sparql_from_a_file_and_from_standard_input(store: Path, tmp_path: Path) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?p a gp:Practice }"
    file = tmp_path / "count.rq"
    file.write_text(query, encoding="utf-8")
    answers = {
        run("sparql", str(file), "--store", str(store), "--format", "csv").stdout,
        run("sparql", "-", "--store", str(store), "--format", "csv", stdin=query).stdout,
        run("sparql", query, "--store", str(store), "--format", "csv").stdout,
    }
    assert len(answers) == 1 and answers.pop().startswith("n\n")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("sparql", "ASK {"), 2, "line 1, column"),
        (
            ("sparql", "SELECT (COUNT(*) AS ?n) {?a ?b ?c. ?d ?e ?f. ?g ?h ?i. ?j ?k ?l}", "--timeout", "1"),
            1,
            "stopped after",
        ),
        (
            ("query", "practices", "--region", "四州省"),
            2,
            "--region: no region is called '四州省'; did you mean 四川省",
        ),
        (("query", "shared", "--max-q", "7"), 2, "--max-q: a share"),
        (("query", "coverage", "--as-of", "gestern"), 2, "--as-of: not a date"),
        (("sparql", "no-such-file.rq"), 2, "cannot be read"),
    ],
)
def test_errors_are_one_line_and_an_exit_code(
    arguments: tuple[str, ...], code: int, said: str, store: Path, told: Callable[..., tuple[object, str, str]]
) -> None:
    ended, out, err = told(*arguments, "--store", str(store))
    assert ended == code
    assert said in err and err.count("\n") == 1 and out == ""


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[object, str, str]]:
    """Runs the program as its user does: exit code, standard output, standard error."""

    def run_main(*arguments: str) -> tuple[object, str, str]:
        monkeypatch.setattr("sys.argv", ["kg", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()

    return run_main


@pytest.mark.parametrize(
    "words",
    [
        ("practices", "--region", ODD),
        ("practice", ODD),
        ("evidence", ODD),
        ("similar", ODD),
        ("run", "practices", "--param", f"region={ODD}"),
    ],
)
def test_a_name_that_is_no_utf8_is_told(store: Path, words: tuple[str, ...]) -> None:
    done = run("query", *words, "--store", str(store))
    assert isinstance(done.exception, UsageError) and "not UTF-8" in str(done.exception)


def test_a_query_or_any_other_argument_that_is_no_utf8_is_told(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run("sparql", f'ASK {{ ?a ?b "{ODD}" }}', "--store", str(store))
    assert isinstance(done.exception, UsageError) and "line 1, column 14" in str(done.exception)

    def refuse(**_: object) -> None:
        ODD.encode("utf-8")

    monkeypatch.setattr("sys.argv", ["kg", "query", ODD])
    monkeypatch.setattr("kg.cli.main.app", refuse)
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert ended.value.code == 2 and "the argument is not UTF-8" in told and told.count("\n") == 1


def test_tables_for_spreadsheets_hold_no_formula(monkeypatch: pytest.MonkeyPatch, store: Path) -> None:
    for words in (("practices",), ("run", "practices"), ("evidence", "授课")):
        plain = run("query", *words, "--store", str(store), "--as", "csv").stdout
        first = next(sign for sign in plain if sign > "\u4e00" and f",{sign}" in plain)  # of some cell
        with monkeypatch.context() as patch:
            patch.setattr("kg.view.table.FORMULA_STARTS", (first,))
            told = run("query", *words, "--store", str(store), "--as", "csv").stdout
        assert f",{first}" not in told and f",'{first}" in told, words
