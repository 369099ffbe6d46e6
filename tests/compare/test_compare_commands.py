"""The comparison commands: what they print, in each form, and how they fail."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.cli.main import app
from kg.compare import open_graph
from kg.errors import UsageError


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["query", *arguments])


@pytest.fixture
def questions(store: Path) -> dict[str, tuple[str, ...]]:
    """Each command, asked for something that the store holds."""
    where = ("--store", str(store))
    return {
        "shared": ("shared", "--across", "city", "--feature", "format", "--top", "2", *where),
        "spread": ("spread", "流动宣讲", "--across", "county", *where),
        "contrast": ("contrast", "四川省", "浙江省", "--min-practices", "1", "--sentences", "1", *where),
        "outcomes": ("outcomes", "--unit", "人次", "--sentences", "1", *where),
        "coverage": ("coverage", "--by", "year", *where),
    }


@pytest.mark.parametrize("name", ["shared", "spread", "contrast", "outcomes", "coverage"])
def test_a_question_is_answered_in_each_form(name: str, questions: dict[str, tuple[str, ...]]) -> None:
    said = run(*questions[name])
    assert said.exit_code == 0, said.output
    assert "rests on" in said.stdout and "a sample, not of all that happened" in said.stdout
    if name != "coverage":
        assert "    · " in said.stdout and ".txt: " in said.stdout and "。" in said.stdout
    told = json.loads(run(*questions[name], "--as", "json").stdout, parse_constant=pytest.fail)
    assert told["rows"] and told["notes"] and set(told) == {"question", "rows", "figures", "notes"}
    table = list(csv.DictReader(io.StringIO(run(*questions[name], "--as", "csv").stdout)))
    assert len(table) == len(told["rows"]) and set(table[0]) <= set(told["rows"][0])
    assert "nan" not in {cell for row in table for cell in row.values()}


@pytest.mark.parametrize("name", ["shared", "spread", "contrast", "outcomes", "coverage"])
def test_every_question_takes_the_same_limits(name: str, questions: dict[str, tuple[str, ...]]) -> None:
    limits = ("--stated-only", "--min-confidence", "0.1", "--as-of", "2030", "--since", "2000", "--until", "2030-01")
    told = json.loads(run(*questions[name], *limits, "--region", "四川省", "--region", "浙江省", "--as", "json").stdout)
    assert told["notes"][-1] == (
        "only: stated, nothing inferred; confidence 0.1 or more; articles up to 2030-12-31; practices from 2000-01-01; "
        "practices until 2030-01-31; within 四川省、浙江省"
    )


def test_practices_by_name_instead_of_features(store: Path) -> None:
    for verb in ("spread", "outcomes", "coverage"):
        told = json.loads(run(verb, "--practice", "晨光学堂5号", "--store", str(store), "--as", "json").stdout)
        assert len(told["rows"]) == 1 and "1 article of" in " ".join(told["notes"])


def test_a_table_has_a_screen_of_rows_and_says_how_many_more_there_are(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.cli.asking.SCREEN", 2)
    for words in (("shared",), ("contrast", "四川省", "浙江省", "--min-practices", "1")):
        asked = (*words, "--store", str(store))
        whole = len(json.loads(run(*asked, "--as", "json", "--top", "0").stdout)["rows"])
        assert len(json.loads(run(*asked, "--as", "json").stdout)["rows"]) == whole > 3
        line = f"… and {whole - 2} more rows (all of them: --top 0, in Python top=None)"
        assert line in run(*asked).stdout.splitlines()
        assert "more row" not in run(*asked, "--top", "0").stdout
        one = run(*asked, "--top", str(whole - 1)).stdout
        assert "… and 1 more row (" in one and len(one.splitlines()) > whole


def test_outcomes_shows_a_single_figure(store: Path) -> None:
    rows = json.loads(run("outcomes", "--practice", "晨光学堂5号", "--store", str(store), "--as", "json").stdout)[
        "rows"
    ]
    with open_graph(store) as graph:
        assert (
            [row["figures"] for row in rows] == [1] == list(graph.outcomes(practices=["晨光学堂5号"]).frame["figures"])
        )


def test_an_answer_is_the_same_twice(questions: dict[str, tuple[str, ...]]) -> None:
    for name in ("shared", "spread"):
        assert run(*questions[name]).stdout == run(*questions[name]).stdout


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("spread", "流动宣教"), "did you mean 流动宣讲"),
        (("spread",), "name a feature"),
        (("coverage", "--practice", "晨光学堂99号"), "did you mean"),
        (("contrast", "四川省", "2021"), "name two of the same sort"),
        (("outcomes", "--unit", "光年"), "use one of"),
        (("shared", "--combine", "4"), "use 1, 2 or 3"),
        (("coverage", "--since", "gestern"), "write 2024-06-30"),
    ],
)
def test_wrong_usage_is_told(asked: tuple[str, ...], said: str, store: Path) -> None:
    error = run(*asked, "--store", str(store)).exception
    assert isinstance(error, UsageError) and said in str(error)
