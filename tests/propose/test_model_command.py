"""``kg extract --model-api`` as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from proposals import CLASSROOM, DESK, LANTERN, PLAZA, STATION, outcome, practice
from replayed import Replay
from typer.testing import CliRunner, Result

from kg.cli.main import app
from kg.errors import UsageError
from kg.model import ArticleRecord
from kg.propose.client import KEY

SECRET = "sk-do-not-tell-9876543210"
INVENTED = {
    "practices": [
        CLASSROOM | {"partners": ["县医院的医生", "某大学教授"]},
        STATION | {"outcomes": [outcome("160名老人学会了视频通话", 600, "名")]},
        practice("星光讲堂", region="柏树社区"),
    ]
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "lantern.txt").write_text(LANTERN, encoding="utf-8")
    (tmp_path / "articles" / "plaza.txt").write_text(PLAZA, encoding="utf-8")
    return tmp_path / "articles"


def extract(folder: Path, *words: str | Path, key: str = SECRET) -> Result:
    told = ["extract", str(folder), "--model-answers", str(folder.parent / "answers"), *map(str, words)]
    return CliRunner().invoke(app, told, env={KEY: key})


def rows(done: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_records_of_a_model_are_records_like_all(replay: Replay, folder: Path) -> None:
    server = replay({"临溪": [{"content": INVENTED}], "白石": [{"content": DESK}]})
    prices = ("--price-in", "2", "--price-out", "8")
    done = extract(folder, "--model-api", server.url, "--model", "m", "--yes", *prices)
    assert done.exit_code == 0, done.output
    first, second = rows(done)
    assert [one["programme"]["text"] for one in first["practices"]] == ["门口课堂", "手机小站"]
    assert [one["text"] for one in first["practices"][0]["partners"]] == ["县医院的医生"]
    assert first["practices"][1]["outcomes"] == []
    assert first["practices"][0]["identity"], "station 3 gave it"
    assert second["regions"][0]["name"] == "白石镇"
    assert first["notes"][-1].endswith("refused: 1 no such figure in the clause, 2 not in the text")
    assert f"2 articles would be sent to {server.url}, model m: about 3," in done.stderr
    assert "2 answers, 2,000 tokens in, 400 out, 0.0072 at your prices; kept in" in done.stderr
    assert "3 of 25 proposed values refused (1 outcomes: no such figure in the clause, 1 partners" in done.stderr
    records = folder.parent / "records.jsonl"
    records.write_text(done.stdout, encoding="utf-8")
    proof = CliRunner().invoke(app, ["validate", str(records), "--articles", str(folder)])
    assert proof.exit_code == 0, proof.output
    everything = done.output + "".join(
        file.read_text(encoding="utf-8") for file in folder.parent.rglob("*.json*") if file.is_file()
    )
    assert SECRET not in everything


def test_the_second_time_nothing_is_sent_and_the_bytes_are_the_same(replay: Replay, folder: Path) -> None:
    server = replay({"临溪": [{"content": INVENTED}], "白石": [{"content": DESK}]})
    call = ("--model-api", server.url, "--model", "m")
    first = extract(folder, *call, "--yes")
    again = extract(folder, *call)
    assert again.exit_code == 0 and "would be sent" not in again.stderr
    assert f"kg: nothing was asked; {folder.parent / 'answers'} has answers for 2 of 2 articles\n" in again.stderr
    assert again.stdout == first.stdout
    assert len(server.requests) == 2


def test_records_of_the_answers_that_are_kept_need_no_server(replay: Replay, folder: Path) -> None:
    down = {"status": 401, "error": "no credit"}
    server = replay({"临溪": [{"content": INVENTED}], "白石": [down]})
    call = ("--model-api", server.url, "--model", "m")
    stopped = extract(folder, *call, "--yes")
    assert isinstance(stopped.exception, UsageError)
    assert "kg: 1 answer, 1,000 tokens in, 200 out; kept in" in stopped.stderr
    (folder / "copy.txt").write_bytes((folder / "plaza.txt").read_bytes())
    done = extract(folder, *call, "--model-offline")
    assert done.exit_code == 1 and [row["file"] for row in rows(done)] == ["lantern.txt"]
    assert "has answers for 1 of 3 articles; to ask about the other 2, leave out --model-offline" in done.stderr
    assert "plaza.txt: the model was not asked about it" in done.stderr
    assert len(server.requests) == 2


def test_nothing_kept_and_nothing_asked_is_nothing_usable(folder: Path) -> None:
    done = extract(folder, "--model-api", "http://127.0.0.1:9/v1", "--model", "m", "--model-offline")
    assert done.exit_code == 2 and "has answers for 0 of 2 articles" in done.stderr


def test_a_run_that_ends_names_the_way_to_what_is_kept(replay: Replay, folder: Path) -> None:
    pause = {"status": 429, "headers": {"Retry-After": "3600"}, "error": "quota"}
    done = extract(folder, "--model-api", replay({"": [pause]}).url, "--model", "m", "--yes")
    assert isinstance(done.exception, UsageError) and "--model-offline" in str(done.exception.remedy)


def test_copies_of_a_text_fail_under_their_own_names(replay: Replay, folder: Path) -> None:
    (folder / "copy.txt").write_bytes((folder / "lantern.txt").read_bytes())
    server = replay({"临溪": [{"content": "抱歉"}], "白石": [{"content": DESK}]})
    done = extract(folder, "--model-api", server.url, "--model", "m", "--yes")
    assert done.exit_code == 1 and len(server.requests) == 3
    for name in ("copy.txt", "lantern.txt"):
        assert done.stderr.count(f"kg: {folder / name}: the model's answer is not JSON; try again later") == 1


def test_nothing_is_sent_before_somebody_agrees(replay: Replay, folder: Path) -> None:
    server = replay({"": [{"content": DESK}]})
    done = extract(folder, "--model-api", server.url, "--model", "m")
    assert isinstance(done.exception, UsageError)
    assert "--yes" in str(done.exception) and "2 articles would be sent" in done.stderr
    assert server.requests == []


def test_an_article_without_an_answer_is_told_and_the_others_go_on(replay: Replay, folder: Path) -> None:
    server = replay({"临溪": [{"content": "抱歉"}], "白石": [{"content": DESK}]})
    done = extract(folder, "--model-api", server.url, "--model", "m", "--yes")
    assert done.exit_code == 1
    assert [row["file"] for row in rows(done)] == ["plaza.txt"]
    assert f"kg: {folder / 'lantern.txt'}: the model's answer is not JSON; try again later" in done.stderr
    assert len(server.requests) == 3


def test_the_key_as_the_name_of_the_model_is_in_no_record(replay: Replay, folder: Path) -> None:
    plain = {"model": f"Bearer {SECRET}", "choices": [{"message": {"content": json.dumps(DESK)}}]}
    server = replay({"": [{"raw": json.dumps(plain)}]})
    (folder / "lantern.txt").unlink()
    done = extract(folder, "--model-api", server.url, "--model", "m", "--yes")
    (row,) = rows(done)
    assert row["practices"][0]["programme"]["rule"].startswith("model-api/m@")
    assert "do-not-tell" not in done.output
    assert f"1 article would be sent to {server.url}" in done.stderr
    assert "kg: 1 answer, the server told no tokens; kept in" in done.stderr


def test_what_was_paid_is_told_where_nothing_was_answered(replay: Replay, folder: Path) -> None:
    server = replay({"": [{"content": "抱歉"}]})
    call = ("--model-api", server.url, "--model", "m", "--yes", "--price-in", "2", "--price-out", "8")
    done = extract(folder, *call)
    assert done.exit_code == 2
    assert "kg: 0 answers and 4 replies of no use, 4,000 tokens in, 800 out, 0.0144 at your prices\n" in done.stderr


def test_settings_go_into_the_request(replay: Replay, folder: Path) -> None:
    server = replay({"": [{"content": DESK}]})
    settings = ("temperature=null", "max_tokens=null", "max_completion_tokens=9000", "reasoning_effort=low")
    words = [word for one in settings for word in ("--model-setting", one)]
    extract(folder, "--model-api", server.url, "--model", "m", "--yes", "--model-parallel", "2", *words)
    body = server.requests[0]["body"]
    assert set(body) == {"model", "messages", "response_format", "max_completion_tokens", "reasoning_effort"}
    assert (body["max_completion_tokens"], body["reasoning_effort"]) == (9000, "low")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--model-api", "http://127.0.0.1:9"), "name one that the server has"),
        (("--model", "m"), "add --model-api"),
        (("--model-api", "http://127.0.0.1:9", "--model", "m", "--yes", "--model-answers", __file__), "another folder"),
        (("--model-api", "http://127.0.0.1:9", "--model", "m", "--model-setting", "messages=[]"), "max_tokens=16000"),
        (("--model-api", "models.example", "--model", "m"), "for one: http://"),
        (("--model-api", "http://127.0.0.1:99999/v1", "--model", "m"), "for one: http://"),
        (("--model-api", "http://127.0.0.1:9", "--model", "m", "--model-setting", "temperature=NaN"), "a finite one"),
        (("--model-api", "http://127.0.0.1:9", "--model", "m", "--model-setting", "stop=[-Infinity]"), "a finite one"),
    ],
)
def test_wrong_usage_is_told_with_the_remedy(folder: Path, words: tuple[str, ...], what: str) -> None:
    done = extract(folder, *words)
    assert isinstance(done.exception, UsageError) and what in str(done.exception.remedy)


def test_standard_input_cannot_be_read_twice() -> None:
    done = CliRunner().invoke(app, ["extract", "-", "--model-api", "http://127.0.0.1:9", "--model", "m"], input="村")
    assert isinstance(done.exception, UsageError) and "name files" in str(done.exception)


def test_off_by_default(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the option the extraction is the program's own, key or no key."""

    def own(*_: object, **__: object) -> Any:
        return lambda articles: [
            ArticleRecord(file=one.file, content_hash=one.content_hash, text_hash="0" * 64) for one in articles
        ]

    monkeypatch.setattr("kg.settings.Settings.extractor", own)
    monkeypatch.setattr("kg.cli.extract.proposer", lambda *_, **__: pytest.fail("a model was asked"))
    monkeypatch.chdir(folder.parent)
    done = CliRunner().invoke(app, ["extract", str(folder)], env={KEY: SECRET})
    assert done.exit_code == 0 and len(rows(done)) == 2
    assert [path.name for path in folder.parent.iterdir()] == ["articles"]


@pytest.mark.parametrize(
    "words",
    [
        ("--yes",),
        ("--price-in", "2"),
        ("--price-out", "8"),
        ("--model-answers", "model-answers"),
        ("--model-setting", "temperature=1"),
        ("--model-offline",),
        ("--model-parallel", "1"),
        ("--model-timeout", "300"),
    ],
)
def test_options_of_a_model_without_one_are_refused(folder: Path, words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["extract", str(folder), *words])
    assert isinstance(done.exception, UsageError)
    assert str(done.exception).startswith(f"{words[0]}: the option has no effect without a model; add --model-api URL")


@pytest.mark.parametrize("words", [("--fast",), ("--tokenizer", "lac"), ("--tokenizer-model", "folder")])
def test_options_whose_place_a_model_takes_are_refused(replay: Replay, folder: Path, words: tuple[str, ...]) -> None:
    server = replay({})
    done = extract(folder, "--model-api", server.url, "--model", "m", "--yes", *words)
    assert isinstance(done.exception, UsageError) and server.requests == []
    assert str(done.exception).startswith(
        f"{words[0]}: the option has no effect with a model; go without --model-api, or leave the option out"
    )


def test_a_confidence_that_no_value_of_a_model_has_is_refused(replay: Replay, folder: Path) -> None:
    server = replay({"临溪": [{"content": INVENTED}], "白石": [{"content": DESK}]})
    call = ("--model-api", server.url, "--model", "m", "--yes", "--min-confidence")
    done = extract(folder, *call, "0.51")
    assert isinstance(done.exception, UsageError) and server.requests == []
    assert "has the confidence 0.5: nothing would be left; name at most 0.5" in str(done.exception)
    assert [len(row["practices"]) for row in rows(extract(folder, *call, "0.5"))] == [2, 1]
