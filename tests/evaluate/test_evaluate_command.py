"""``kg evaluate`` as a user calls it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.cli.main import app
from kg.errors import UsageError

TEXT = "青石街道开了“灯下课堂”，每周三请律师给网格员讲课，已讲6期。"
PRACTICE = {"programme": "灯下课堂", "region": "青石街道", "formats": ["讲课"], "audiences": ["网格员"]}


def kg(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["evaluate", *map(str, words)])


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    return _write(tmp_path / "gold.jsonl", {"file": "a.txt", "practices": [PRACTICE]})


def _write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_table_and_errors_by_row(gold: Path, tmp_path: Path) -> None:
    guess = {"file": "sub/a.txt", "practices": [PRACTICE | {"formats": ["直播"]}]}
    done = kg(gold, _write(tmp_path / "guess.jsonl", guess, {"file": "b.txt"}), "--errors")
    assert done.exit_code == 0
    table, *errors = done.stdout.split("\n\n")
    assert "programme         1.000  1.000  1.000   1.000–1.000       1      1" in table
    assert errors[0] == "formats\n  missed   a.txt: 讲课\n  spurious a.txt: 直播"
    assert errors[1].startswith("link:formats\n  missed   a.txt: 讲课  (灯下课堂)")
    assert "no gold for 1 article: b.txt" in done.stderr


def test_no_article_in_common_is_an_error_not_a_table_of_zeros(gold: Path, tmp_path: Path) -> None:
    done = kg(gold, _write(tmp_path / "guess.jsonl", {"file": "lamp.txt", "practices": [PRACTICE]}))
    assert isinstance(done.exception, UsageError) and done.exception.exit_code == 2 and done.stdout == ""
    assert "no article of the gold is among the predictions; names differ: a.txt / lamp.txt; " in str(done.exception)
    nothing = kg(gold, _write(tmp_path / "nothing.jsonl"))
    assert "there are no predictions" in str(nothing.exception)


def test_a_row_of_a_table_answers_to_its_own_name_where_that_is_unambiguous(gold: Path, tmp_path: Path) -> None:
    row = {"file": "boats.jsonl#a.txt", "practices": [PRACTICE]}
    done = kg(gold, _write(tmp_path / "one.jsonl", row), "--format", "json")
    assert json.loads(done.stdout)["programme"]["f1"] == 1.0 and done.stderr == ""
    both = kg(gold, _write(tmp_path / "both.jsonl", row, row | {"file": "carts.jsonl#a.txt"}))
    assert "names differ: a.txt / boats.jsonl#a.txt" in str(both.exception)
    whole = kg(gold, _write(tmp_path / "whole.jsonl", {"file": "a.txt"}, row), "--format", "json")
    assert json.loads(whole.stdout)["articles"] == {"n": 1, "unpredicted": [], "ungraded": ["boats.jsonl#a.txt"]}


def test_either_side_may_have_the_name_of_the_row() -> None:
    from kg.cli.evaluate import _by_gold_name

    assert _by_gold_name({"a.txt": {}}, {"boats.jsonl#a.txt": TEXT}) == {"a.txt": TEXT}
    assert _by_gold_name({"boats.jsonl#a.txt": {}}, {"a.txt": TEXT}) == {"boats.jsonl#a.txt": TEXT}


def test_a_list_of_names_that_was_cut_says_so(tmp_path: Path) -> None:
    wanted = _write(tmp_path / "many.jsonl", *({"file": f"{n}.txt"} for n in range(7)))
    done = kg(wanted, _write(tmp_path / "some.jsonl", {"file": "0.txt"}))
    assert "no prediction for 6 articles: 1.txt, 2.txt, 3.txt, 4.txt, 5.txt, …\n" in done.stderr
    done = kg(wanted, _write(tmp_path / "more.jsonl", {"file": "0.txt"}, {"file": "1.txt"}))
    assert done.stderr.endswith("2.txt, 3.txt, 4.txt, 5.txt, 6.txt\n")


def test_json_counts_words_that_do_not_stand_in_the_article(gold: Path, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    guess = {"file": "a.txt", "practices": [PRACTICE | {"formats": ["直播"]}]}
    done = kg(gold, _write(tmp_path / "guess.jsonl", guess), "--articles", folder, "--format", "json")
    said = json.loads(done.stdout)
    assert said["unsupported"] == {"f1": 0.25, "n": 4}
    assert said["core"]["f1"] == pytest.approx(0.6), "programme, region, audiences of five"
    assert said["formats"] == {"p": 0.0, "r": 0.0, "f1": 0.0, "n": 1, "low": 0.0, "high": 0.0}
    assert "errors" not in said


def test_an_article_that_cannot_be_read_is_told(gold: Path, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("", encoding="utf-8")
    done = kg(gold, gold, "--articles", folder)
    assert done.exit_code == 1 and "a.txt" in done.stderr


def test_extracts_where_no_records_are_named(gold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.model import Article, ArticleRecord

    def extract(articles: Sequence[Article]) -> list[ArticleRecord]:
        nothing = "0" * 64
        return [
            ArticleRecord(file=a.file, publisher="青石报", content_hash=nothing, text_hash=nothing) for a in articles
        ]

    monkeypatch.setattr("kg.settings.Settings.extractor", lambda *given: extract)
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    done = kg(gold, "--articles", folder, "--format", "json", "--errors")
    said = json.loads(done.stdout)
    assert done.exit_code == 0 and said["articles"] == {"n": 1, "unpredicted": [], "ungraded": []}
    assert said["programme"]["r"] == 0.0
    assert {"file": "a.txt", "row": "meta:publisher", "kind": "spurious", "value": "青石报"} in said["errors"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("{", "line 1: not JSON"),
        ('\n{"practices": []}', 'line 2: no "file"'),
        ('{"file": "a.txt"}\n{"file": "x/a.txt"}', "a.txt stands twice"),
        ("", "no article in the gold"),
    ],
)
def test_unusable_gold_is_told(tmp_path: Path, lines: str, said: str) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(lines, encoding="utf-8")
    done = kg(gold, gold)
    assert isinstance(done.exception, UsageError) and said in str(done.exception)


def test_nothing_to_evaluate(gold: Path, tmp_path: Path) -> None:
    assert "--articles DIR" in str(kg(gold).exception)
    assert isinstance(kg(gold, tmp_path / "absent.jsonl").exception, UsageError)
