"""kg extract: formats, options and exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from extract_samples import PLAIN, TITLE
from typer.testing import CliRunner, Result

import kg
import kg.pipeline
from kg.cli.main import app
from kg.errors import UsageError
from kg.pipeline.records import Extracted
from kg.settings import Settings
from kg.view.source import StoreSource

BINARY = bytes(range(256)) * 40


def run(*words: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["extract", *map(str, words)], input=stdin)


def records(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.txt").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "articles" / "two.txt").write_text(PLAIN.replace("柳溪", "桃源"), encoding="gb18030")
    return tmp_path / "articles"


def test_a_line_of_json_an_article(folder: Path) -> None:
    done = run(folder)
    assert done.exit_code == 0, done.output
    one, two = records(done.stdout)
    assert (one["file"], two["file"]) == ("one.txt", "two.txt")
    assert one["title"] == TITLE
    practices = one["practices"]
    assert isinstance(practices, list)
    assert any(practice["programme"]["text"] == "邻里课堂" for practice in practices)
    region = next(practice["region"]["text"] for practice in practices if practice["programme"]["text"] == "邻里课堂")
    assert region in {place["name"] for place in one["regions"]}  # type: ignore[attr-defined]
    assert "桃源街道" in done.stdout


def test_a_file_is_written_instead_and_is_the_same(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(folder, "--output", tmp_path / "out.jsonl")
    assert (done.exit_code, done.stdout) == (0, "")
    monkeypatch.chdir(tmp_path)
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == run(folder, "--output", "-").stdout
    assert not Path("-").exists()


def test_for_a_reader(folder: Path) -> None:
    for options in (["--format", "text"], ["--explain"]):
        done = run(folder / "one.txt", *options)
        assert done.exit_code == 0, done.output
        assert done.stdout.startswith("one.txt")
        assert "[邻里课堂]" in done.stdout
        # below the article each span with what it is, the rule that took it and its confidence
        assert any("programme" in line and "phrases/named" in line for line in done.stdout.splitlines())


def test_a_bound_on_the_confidence(folder: Path) -> None:
    everything, surest, none = (
        json.dumps(records(run(folder / "one.txt", "--min-confidence", bound).stdout)[0]["practices"])
        for bound in ("0", "0.9", "1")
    )
    assert len(none) <= len(surest) < len(everything)
    for practice in json.loads(surest):
        assert practice["programme"]["confidence"] >= 0.9
    assert run(folder, "--min-confidence", "1.1").exit_code == 2


def test_standard_input() -> None:
    done = run("-", stdin=PLAIN)
    assert done.exit_code == 0, done.output
    assert "邻里课堂" in done.stdout


def test_some_unusable_articles_give_exit_code_1_and_the_others_are_there(folder: Path) -> None:
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.txt").write_bytes(BINARY)
    done = run(folder)
    assert done.exit_code == 1
    assert [one["file"] for one in records(done.stdout)] == ["one.txt", "two.txt"]
    assert "empty.txt" in done.stderr and "picture.txt" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_usable_gives_exit_code_2_and_writes_no_file(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    done = run(tmp_path / "empty.txt", "--output", tmp_path / "out.jsonl")
    assert done.exit_code == 2
    assert not (tmp_path / "out.jsonl").exists()
    assert run(tmp_path / "absent.txt").exit_code == 2


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (["--format", "xml"], "choose one of jsonl, text"),
        (["--tokenizer", "no-such-thing"], "choose one of lac, pkuseg, char"),
        (["--tokenizer", "pkuseg", "--tokenizer-model", "absent"], "spacy_pkuseg.train"),
        (["--vocabulary", "absent.ttl"], "check the path"),
        (["--gazetteer", "absent.csv"], "check the path"),
    ],
)
def test_wrong_usage_is_said_with_the_remedy(folder: Path, options: list[str], what: str) -> None:
    done = run(folder, *options)
    assert isinstance(done.exception, UsageError)
    assert done.exception.exit_code == 2
    assert what in str(done.exception)


def test_another_tokenizer_by_name(folder: Path) -> None:
    done = run(folder / "one.txt", "--tokenizer", "char")
    assert done.exit_code == 0, done.output
    assert records(done.stdout)[0]["file"] == "one.txt"


def test_a_tokenizer_serves_wherever_articles_are_extracted(folder: Path, tmp_path: Path) -> None:
    file, store = folder / "one.txt", tmp_path / "store"
    record = kg.extract(file, fast=True, tokenizer="pkuseg")
    assert record.practices != kg.extract(file, fast=True).practices
    assert records(run(file, "--fast", "--tokenizer", "pkuseg").stdout) == [json.loads(record.to_json())]
    assert kg.build(file, store, fast=True, tokenizer="pkuseg").written == 1
    assert StoreSource.at(store).told("one.txt")[0].practices == record.practices
    done = CliRunner().invoke(app, ["build", str(file), "--store", str(store), "--fast", "--tokenizer", "pkuseg"])
    assert done.exit_code == 0 and "0 written, 1 unchanged" in done.stdout


def test_a_tokenizer_that_is_not_there_is_told_before_there_is_a_store(folder: Path, tmp_path: Path) -> None:
    for options, said in (
        ({"tokenizer": "no-such-thing"}, "choose one of lac, pkuseg, char"),
        ({"tokenizer": "pkuseg", "tokenizer_model": "absent"}, "no pkuseg model at absent"),
        (
            {"tokenizer_model": "mine"},
            "^tokenizer_model mine: the tokenizer 'lac' takes no model; add tokenizer pkuseg, or leave the model out",
        ),
    ):
        with pytest.raises(UsageError, match=said):
            kg.build(folder, tmp_path / "store", **options)
        assert not (tmp_path / "store").exists()
        with pytest.raises(UsageError, match=said):
            kg.extract(folder / "one.txt", **options)
    done = run(folder, "--tokenizer-model", "mine")
    assert str(done.exception).startswith("--tokenizer-model mine: the tokenizer 'lac' takes no model")


def test_the_fast_way_is_another_configuration_that_extracts_too(folder: Path) -> None:
    done = run(folder / "one.txt", "--fast")
    assert done.exit_code == 0, done.output
    assert records(done.stdout)[0]["practices"]
    assert Settings(fast=True).digest() != Settings().digest()


def test_a_place_that_cannot_be_written_is_told_before_the_work(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "extractor", lambda *given: pytest.fail("the work was begun"))
    done = run(folder, "--output", tmp_path / "missing" / "out.jsonl")
    assert isinstance(done.exception, UsageError)
    assert "out.jsonl: cannot be written" in str(done.exception)


def test_stopped_in_the_middle_nothing_half_is_left(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*given: object, **options: object) -> Iterator[Extracted]:
        yield next(real(*given, **options))
        raise KeyboardInterrupt

    real = kg.pipeline.records
    monkeypatch.setattr("kg.pipeline.records", stopped)
    (tmp_path / "out.jsonl").write_text("old\n", encoding="utf-8")
    done = run(folder, "--output", tmp_path / "out.jsonl")
    assert done.exit_code == 130
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == "old\n"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["articles", "out.jsonl"]


def test_a_folder_without_articles_is_refused_and_what_lies_there_told(tmp_path: Path) -> None:
    (tmp_path / "old.doc").write_bytes(b"x")
    result = run(tmp_path)
    assert isinstance(result.exception, UsageError) and "there is no article" in str(result.exception)
    assert result.stdout == "" and result.stderr == "kg: passed over: 1 .doc (save it as .docx)\n"
