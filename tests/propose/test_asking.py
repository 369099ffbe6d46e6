"""Asking a server that answers well, badly, late or not at all."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from proposals import CLASSROOM, DESK, LANTERN, PLAZA, RIGHT
from replayed import Replay, Server

from kg.errors import InputError, UsageError
from kg.propose import Answer, Answers, Asked, ModelApi, Question, ask, question
from kg.propose.client import KEY, Busy
from kg.propose.proposal import Proposal, ProposedPractice, schema
from kg.propose.request import SETTINGS
from kg.read import article_from_text

GOOD = {"content": RIGHT}
SECRET = "sk-do-not-tell-0123456789"


def quick(url: str, *, key: str | None = None, seconds: float = 5.0) -> ModelApi:
    environment = {KEY: key} if key else {}
    return replace(ModelApi.from_url(url, "m", seconds=seconds, environment=environment), first_wait=0.01)


def questions(api: ModelApi, *texts: str, **settings: Any) -> list[Question]:
    articles = [article_from_text(text, file=f"{i}.txt") for i, text in enumerate(texts or (LANTERN,))]
    return [question(article, api=api.address, model=api.model, **settings) for article in articles]


def one(server: Server, folder: Path, **options: Any) -> tuple[Asked, list[Question]]:
    api = quick(server.url, **options)
    asked = questions(api)
    return ask(asked, api, Answers(folder / "answers")), asked


def failure(result: Asked) -> Any:
    (error,) = result.failures.values()
    return error


def test_an_answer_is_kept_and_not_asked_for_again(replay: Replay, tmp_path: Path) -> None:
    server = replay({"临溪": [GOOD]})
    first, (asked,) = one(server, tmp_path, key=SECRET)
    assert (first.answered, first.known, first.tokens_in, first.tokens_out, first.failures) == (1, 0, 1000, 200, {})
    answer = Answers(tmp_path / "answers").get(asked)
    assert answer is not None and answer.model == "m-0711"
    assert answer.proposal.model_dump() == RIGHT
    again, _ = one(server, tmp_path, key=SECRET)
    assert (again.answered, again.known) == (0, 1)
    (request,) = server.requests
    assert request["path"].endswith("/v1/chat/completions")
    assert request["headers"]["Authorization"] == f"Bearer {SECRET}"
    body = request["body"]
    assert (body["model"], body["temperature"]) == ("m", 0)
    form = body["response_format"]
    assert form["type"] == "json_schema" and form["json_schema"]["strict"] is True
    assert form["json_schema"]["schema"] == schema()
    assert "门口课堂点亮夜晚" in body["messages"][-1]["content"]
    kept = [file.read_text(encoding="utf-8") for file in (tmp_path / "answers").rglob("*") if file.is_file()]
    assert len(kept) == 1 and SECRET not in kept[0]


def test_without_a_key_none_is_sent(replay: Replay, tmp_path: Path) -> None:
    server = replay({"临溪": [GOOD]})
    one(server, tmp_path)
    assert "Authorization" not in server.requests[0]["headers"]


def test_another_text_model_or_setting_is_another_question(replay: Replay) -> None:
    api = quick("http://127.0.0.1:9/v1")
    plain = questions(api)[0].key
    other = questions(api, LANTERN.replace("16", "17"))[0].key
    told = {plain, other, questions(replace(api, model="n"))[0].key, questions(api, settings={"temperature": 1})[0].key}
    assert len(told) == 4
    assert plain == questions(api)[0].key


def test_limits_of_an_answer_make_no_other_question(replay: Replay, tmp_path: Path) -> None:
    api = quick(replay({"临溪": [GOOD]}).url)
    more = {"temperature": 0, "max_tokens": 16000}
    other = {"temperature": 0, "max_completion_tokens": 9000}
    keys = {questions(api, settings=settings)[0].key for settings in (SETTINGS, more, other, {"temperature": 0})}
    assert len(keys) == 1
    ask(questions(api), api, Answers(tmp_path))
    assert ask(questions(api, settings=more), api, Answers(tmp_path)).known == 1


@pytest.mark.parametrize("kept", [{"max_tokens": 8000}, {"max_tokens": 16000}], ids=["the default", "that of now"])
def test_answers_kept_when_limits_were_part_of_the_key_are_known(tmp_path: Path, kept: dict[str, int]) -> None:
    api = quick("http://127.0.0.1:9/v1")
    (asked,) = questions(api, settings={"temperature": 0, "max_tokens": 16000})
    plain = json.dumps([api.address, dict(asked.body) | kept], ensure_ascii=False, sort_keys=True)
    key = hashlib.sha256(plain.encode("utf-8")).hexdigest()
    assert key != asked.key
    answers = Answers(tmp_path)
    answers.put(Question(asked.file, key, asked.body), Answer(Proposal.model_validate(RIGHT), "m"))
    assert asked in answers
    assert questions(api, LANTERN.replace("16", "17"))[0] not in answers


def test_only_answers_that_were_cut_off_are_asked_again_with_a_higher_limit(replay: Replay, tmp_path: Path) -> None:
    cut = {"content": "{", "finish_reason": "length"}
    server = replay({"临溪": [GOOD], "白石": [cut, {"content": DESK}]})
    api = quick(server.url)
    first = ask(questions(api, LANTERN, PLAZA), api, Answers(tmp_path))
    assert (first.answered, len(first.failures)) == (1, 1)
    again = ask(
        questions(api, LANTERN, PLAZA, settings={"max_tokens": 16000, "temperature": 0}), api, Answers(tmp_path)
    )
    assert (again.known, again.answered, len(server.requests)) == (1, 1, 3)


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"max_tokens": 20000}, "allow more: --model-setting max_tokens=40000"),
        (
            {"max_tokens": None, "max_completion_tokens": 9000},
            "allow more: --model-setting max_completion_tokens=18000",
        ),
        ({"max_tokens": None}, "the limit is the server's own: raise it there"),
    ],
)
def test_more_than_the_limit_of_now_is_advised_for_what_was_cut_off(
    replay: Replay, tmp_path: Path, settings: dict[str, Any], remedy: str
) -> None:
    api = quick(replay({"临溪": [{"content": "{", "finish_reason": "length"}]}).url)
    (error,) = ask(questions(api, settings=settings), api, Answers(tmp_path)).failures.values()
    assert error.remedy == remedy


def test_a_pause_that_the_server_asks_for_is_kept(replay: Replay, tmp_path: Path) -> None:
    limit = {"status": 429, "headers": {"Retry-After": "1"}, "error": "slow down"}
    server = replay({"临溪": [limit, GOOD]})
    result, _ = one(server, tmp_path)
    assert result.answered == 1
    first, second = (request["at"] for request in server.requests)
    assert 0.9 < second - first < 10


def test_a_pause_until_a_date_is_understood(replay: Replay, tmp_path: Path) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    server = replay({"临溪": [{"status": 503, "headers": {"Retry-After": until}, "error": "maintenance"}]})
    with pytest.raises(UsageError, match=r"pause of 7\d\d\d seconds.*kept"):
        one(server, tmp_path)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_passes_is_tried_again(replay: Replay, tmp_path: Path, status: int) -> None:
    server = replay({"临溪": [{"status": status, "error": "overloaded"}, {"status": status, "error": "still"}, GOOD]})
    result, _ = one(server, tmp_path)
    assert (result.answered, len(server.requests)) == (1, 3)


def test_what_does_not_pass_is_given_up_after_five_tries(replay: Replay, tmp_path: Path) -> None:
    server = replay({"临溪": [{"status": 500, "error": "a\nbug"}]})
    result, (asked,) = one(server, tmp_path)
    error = failure(result)
    assert isinstance(error, Busy) and str(error).startswith("0.txt: the server answered 500: a bug")
    assert len(server.requests) == 5
    assert asked not in Answers(tmp_path / "answers")


BROKEN = [
    ({"content": "这篇文章介绍了门口课堂。"}, "answer is not JSON", 2),
    ({"content": '{"practices": ['}, "answer is not JSON", 2),
    ({"content": {"practices": [{"programme": "门口课堂"}]}}, "follow the schema (practices.0.named", 2),
    ({"content": {"practices": [], "confidence": 1}}, "follow the schema (confidence", 2),
    ({"content": {"practices": [], "\x1b[2J" + "x" * 9000: 1}}, "follow the schema ([2Jxxx", 2),
    ({"content": '{"practices": [{"programme": "\\ud800"}]}'}, "answer", 2),
    ({"content": json.dumps({"practices": [CLASSROOM | {"programme": "门口\ud800课堂"}]})}, "answer is not JSON", 2),
    ({"content": '{"practices": [], "\\udfff": 1}'}, "answer is not JSON", 2),
    ({"content": '{"practices": ' + "9" * 5000 + "}"}, "answer is not JSON", 2),
    ({"content": json.dumps(RIGHT).replace("1600,", "1" + "0" * 4000 + ",")}, "follow the schema (practices.0.outc", 2),
    ({"content": []}, "follow the schema (the whole", 2),
    ({"content": ""}, "answer is empty", 2),
    ({"raw": "<html>busy</html>"}, "reply is not JSON", 2),
    ({"raw": '{"error": {"message": "no"}}'}, "no chat completion", 2),
    ({"raw": "[" * 100_000}, "reply is not JSON", 2),
    ({"content": '{"practices": [{"programme": "门口', "finish_reason": "length"}, "cut off at the limit", 1),
    ({"content": "", "refusal": "I cannot"}, "declined to answer", 1),
    ({"status": 400, "error": "response_format is not supported"}, "(400: response_format is not supported)", 1),
]


@pytest.mark.parametrize(("reply", "what", "tries"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_answer_is_no_answer(
    replay: Replay, tmp_path: Path, reply: dict[str, Any], what: str, tries: int
) -> None:
    server = replay({"临溪": [reply]})
    result, (asked,) = one(server, tmp_path)
    error = failure(result)
    assert isinstance(error, InputError) and what in str(error) and error.remedy
    assert str(error).isprintable() and len(str(error)) < 400
    assert len(server.requests) == tries
    assert asked not in Answers(tmp_path / "answers")
    assert [path for path in (tmp_path / "answers").rglob("*") if path.is_file()] == []


def test_an_answer_that_cannot_be_written_leaves_no_file(replay: Replay, tmp_path: Path) -> None:
    answers = Answers(tmp_path / "answers")
    (asked,) = questions(quick("http://127.0.0.1:9/v1"))
    proposal = Proposal(practices=[ProposedPractice(**CLASSROOM | {"programme": "门口\ud800课堂"})])
    with pytest.raises(UnicodeEncodeError):
        answers.put(asked, Answer(proposal, "m"))
    assert [path for path in answers.folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("count", [-5, True, "9", 10**4000])
def test_what_is_no_count_of_tokens_is_not_added_up(replay: Replay, tmp_path: Path, count: Any) -> None:
    choice = {"message": {"content": json.dumps(RIGHT)}, "finish_reason": "stop"}
    told = {"choices": [choice], "usage": {"prompt_tokens": count, "completion_tokens": 7}}
    result, _ = one(replay({"临溪": [{"raw": json.dumps(told)}]}), tmp_path)
    assert (result.answered, result.tokens_in, result.tokens_out) == (1, 0, 7)


def test_a_broken_answer_may_be_followed_by_a_whole_one(replay: Replay, tmp_path: Path) -> None:
    server = replay({"临溪": [{"content": "{"}, GOOD]})
    result, _ = one(server, tmp_path)
    assert (result.answered, result.failures) == (1, {})


@pytest.mark.parametrize("wrapped", ["```json\n{}\n```", "<think>门口课堂？</think>\n\n{}"], ids=["fence", "thought"])
def test_what_local_servers_put_around_json_is_taken_off(replay: Replay, tmp_path: Path, wrapped: str) -> None:
    server = replay({"临溪": [{"content": wrapped.replace("{}", '{"practices": []}')}]})
    result, _ = one(server, tmp_path)
    assert result.answered == 1


@pytest.mark.parametrize("slow", [{"hang": 30}, {"drip": True}], ids=["hangs", "drips"])
def test_a_server_that_hangs_is_left(replay: Replay, tmp_path: Path, slow: dict[str, Any]) -> None:
    server = replay({"临溪": [GOOD | slow]})
    began = time.monotonic()
    api = replace(quick(server.url, seconds=0.3), tries=2)
    result = ask(questions(api), api, Answers(tmp_path))
    assert "no answer within 0.3 seconds" in str(failure(result))
    assert len(server.requests) == 2
    assert time.monotonic() - began < 20


def told_by(content: Any, model: str = "m", **usage: int) -> dict[str, Any]:
    """A reply whose model and usage are as given."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    plain = {"model": model, "choices": [{"message": {"content": text}, "finish_reason": "stop"}], "usage": usage}
    return {"raw": json.dumps(plain, ensure_ascii=False)}


@pytest.mark.parametrize("name", [SECRET, f"Bearer {SECRET}", f"/keys/{SECRET}/qwen", f"qwen{'x' * 60}{SECRET}"])
def test_a_key_that_the_server_repeats_is_kept_nowhere(replay: Replay, tmp_path: Path, name: str) -> None:
    said = {"practices": [CLASSROOM | {"topics": [f"用药常识 {SECRET}"]}]}
    escaped = json.dumps(said, ensure_ascii=False).replace("sk-do", "sk\\u002ddo")
    for content in (said, escaped):
        result, (asked,) = one(replay({"临溪": [told_by(content, name)]}), tmp_path / str(len(content)), key=SECRET)
        answers = Answers(tmp_path / str(len(content)) / "answers")
        answer = answers.get(asked)
        assert result.answered == 1 and answer is not None and answer.model == ""
        assert answer.proposal.practices[0].topics == ["用药常识 …"]
        assert not any("do-not-tell" in file.read_text(encoding="utf-8") for file in answers.folder.rglob("*.json"))


def test_a_word_that_stands_for_a_key_masks_nothing(replay: Replay, tmp_path: Path) -> None:
    result, (asked,) = one(replay({"临溪": [told_by(RIGHT, "ollama/m")]}), tmp_path, key="ollama")
    answer = Answers(tmp_path / "answers").get(asked)
    assert result.answered == 1 and answer is not None and answer.model == "ollama/m"


@pytest.mark.parametrize("status", [307, 401, 400])
def test_no_part_of_a_key_is_told_where_a_message_is_cut(replay: Replay, tmp_path: Path, status: int) -> None:
    long = "x" * 190 + SECRET
    server = replay({"临溪": [{"status": status, "headers": {"Location": f"/{long}"}, "error": long}]})
    try:
        told = str(failure(one(server, tmp_path, key=SECRET)[0]))
    except UsageError as error:
        told = str(error)
    assert "xxx" in told and SECRET[:4] not in told


def test_tokens_of_replies_without_use_and_of_second_tries_are_added_up(replay: Replay, tmp_path: Path) -> None:
    usage = {"prompt_tokens": 1500, "completion_tokens": 300}
    again, cut = told_by("?", **usage), {"content": "{", "finish_reason": "length"}
    server = replay({"临溪": [again, GOOD], "白石": [again, again], "南溪": [cut]})
    api = quick(server.url)
    result = ask(questions(api, LANTERN, PLAZA, PLAZA.replace("白石", "南溪")), api, Answers(tmp_path))
    assert (result.answered, result.replies, result.untold) == (1, 5, 0)
    assert (result.tokens_in, result.tokens_out) == (3 * 1500 + 2 * 1000, 3 * 300 + 2 * 200)


def test_replies_without_usage_are_counted_as_untold(replay: Replay, tmp_path: Path) -> None:
    server = replay({"临溪": [{"raw": "<html>"}, told_by(RIGHT)]})
    result, _ = one(server, tmp_path)
    assert (result.answered, result.replies, result.untold, result.tokens_in) == (1, 2, 2, 0)


def test_what_a_run_took_is_told_of_one_that_was_stopped_too(replay: Replay, tmp_path: Path) -> None:
    server = replay({"临溪": [GOOD], "白石": [{"status": 401, "error": "no credit"}]})
    api, asked = quick(server.url), Asked()
    with pytest.raises(UsageError, match=r"no credit.*what was answered is kept, and --model-offline makes"):
        ask(questions(api, LANTERN, PLAZA), api, Answers(tmp_path), asked=asked)
    assert (asked.answered, asked.tokens_in, asked.tokens_out) == (1, 1000, 200)


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    api = replace(quick(address), tries=2)
    with pytest.raises(UsageError, match=r"cannot be reached"):
        ask(questions(api, *(LANTERN.replace("16", str(n)) for n in (1, 2, 3, 4))), api, Answers(tmp_path))


@pytest.mark.parametrize(("status", "what"), [(401, "key is missing or wrong"), (404, "no such address or model")])
def test_what_no_question_will_get_past_ends_the_run_at_once(
    replay: Replay, tmp_path: Path, status: int, what: str
) -> None:
    server = replay({"街道": [{"status": status, "error": f"wrong key {SECRET}"}]})
    api = quick(server.url, key=SECRET)
    with pytest.raises(UsageError, match=what) as caught:
        ask(questions(api, LANTERN, LANTERN.replace("16", "17")), api, Answers(tmp_path))
    assert len(server.requests) == 1
    assert SECRET not in str(caught.value) and SECRET not in repr(api)


def test_the_key_is_not_carried_to_another_server(replay: Replay, tmp_path: Path) -> None:
    other = replay({"临溪": [GOOD]})
    moved = {"status": 307, "headers": {"Location": f"{other.url}/chat/completions"}, "raw": ""}
    server = replay({"临溪": [moved]})
    with pytest.raises(UsageError, match="sends us on to"):
        one(server, tmp_path, key=SECRET)
    assert other.requests == []


def test_a_stopped_run_goes_on_where_it_was(replay: Replay, tmp_path: Path) -> None:
    down = {"status": 500, "error": "down"}
    server = replay({"临溪": [GOOD], "白石": [*[down] * 9, {"content": DESK}]})
    api = replace(quick(server.url), tries=3)
    texts = [LANTERN, *(PLAZA.replace("320", str(n)) for n in (1, 2, 3, 4))]
    with pytest.raises(UsageError, match=r"down.*kept"):
        ask(questions(api, *texts), api, Answers(tmp_path))
    assert len(server.requests) == 1 + 9
    result = ask(questions(api, *texts), api, Answers(tmp_path))
    assert (result.known, result.answered, result.failures) == (1, 4, {})


PLAZAS = [PLAZA.replace("320", str(n)) for n in range(12)]


@pytest.mark.parametrize(
    ("reply", "what", "remedy"),
    [
        ({"content": "好的，记录如下。"}, "the model's answer is not JSON", "(response_format), or take another model"),
        ({"content": {"records": []}}, "does not follow the schema", "(response_format), or take another model"),
        ({"content": "{", "finish_reason": "length"}, "cut off", "--model-setting max_tokens=16000"),
        ({"content": "", "refusal": "no"}, "declined", "take another model"),
        ({"raw": "<html>welcome</html>"}, "reply is not JSON", "the address of an OpenAI-compatible server"),
    ],
)
def test_a_run_of_which_nothing_comes_out_well_ends(
    replay: Replay, tmp_path: Path, reply: dict[str, Any], what: str, remedy: str
) -> None:
    server = replay({"白石": [reply]})
    api = quick(server.url)
    with pytest.raises(UsageError, match="none of the first 5 articles got an answer of use") as caught:
        ask(questions(api, *PLAZAS), api, Answers(tmp_path))
    assert what in caught.value.what and str(caught.value.remedy).endswith(remedy)
    assert len({request["body"]["messages"][-1]["content"] for request in server.requests}) == 5


def test_a_run_of_which_something_came_out_well_goes_on(replay: Replay, tmp_path: Path) -> None:
    server = replay({"临溪": [GOOD], "白石": [{"content": "?"}]})
    api = quick(server.url)
    for _ in "12":  # the second time the good one is known
        assert len(ask(questions(api, LANTERN, *PLAZAS[:7]), api, Answers(tmp_path)).failures) == 7


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("/v2/chat/completions", "{host}/v2/chat/completions; name that"),
        ("../v2", "{host}/v2; name that"),
        ("http://[", "sends us on to http://[; name that"),
        ("", "sends us on to elsewhere; name that"),
    ],
)
def test_the_address_of_a_redirect_is_told_whole(replay: Replay, tmp_path: Path, location: str, told: str) -> None:
    server = replay({"临溪": [{"status": 308, "headers": {"Location": location}, "raw": ""}]})
    host = server.url.rsplit("/", 2)[0] if location.startswith("/") else server.url
    with pytest.raises(UsageError) as caught:
        one(server, tmp_path)
    assert told.format(host=host) in str(caught.value)


def test_one_that_fails_does_not_end_the_run(replay: Replay, tmp_path: Path) -> None:
    server = replay({"临溪": [{"content": "?"}], "白石": [{"content": DESK}]})
    api = quick(server.url)
    seen: list[bool] = []
    result = ask(questions(api, LANTERN, PLAZA), api, Answers(tmp_path), parallel=2, on_question=seen.append)
    assert (result.answered, len(result.failures), sorted(seen)) == (1, 1, [False, True])


def test_several_are_asked_at_a_time(replay: Replay, tmp_path: Path) -> None:
    server = replay({f"第{n}号": [GOOD | {"hang": 4.0}] for n in range(4)})
    api = quick(server.url, seconds=30)
    texts = [LANTERN.replace("16期", f"16期，第{n}号") for n in range(4)]
    result = ask(questions(api, *texts, texts[0]), api, Answers(tmp_path), parallel=4)
    assert (result.answered, result.known) == (4, 0), "the same text twice is one question"
    at = [request["at"] for request in server.requests]
    assert max(at) - min(at) < 4.0, "none waited for another's answer"


def test_a_damaged_answer_is_asked_for_again(replay: Replay, tmp_path: Path) -> None:
    server = replay({"临溪": [GOOD]})
    _, (asked,) = one(server, tmp_path)
    (file,) = (tmp_path / "answers").rglob("*.json")
    file.write_text(file.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    assert asked not in Answers(tmp_path / "answers")
    again, _ = one(server, tmp_path)
    assert again.answered == 1 and asked in Answers(tmp_path / "answers")


@pytest.mark.parametrize(
    ("url", "key", "what"),
    [
        ("ftp://127.0.0.1/v1", None, "not an http address"),
        ("127.0.0.1:8080", None, "not an http address"),
        ("https://me:word@models.example/v1", None, "more than a path"),
        ("http://models.example/v1", SECRET, "unencrypted"),
    ],
)
def test_addresses_that_will_not_do(url: str, key: str | None, what: str) -> None:
    with pytest.raises(UsageError, match=what) as caught:
        ModelApi.from_url(url, "m", environment={KEY: key} if key else {})
    assert "word" not in str(caught.value) and SECRET not in str(caught.value)


@pytest.mark.parametrize("key", [f"{SECRET}\nsecond", f"{SECRET}\0", f"{SECRET} b", f"{SECRET}é", f"密{SECRET}"])
def test_a_key_that_fits_into_no_header_is_refused_untold(key: str) -> None:
    with pytest.raises(UsageError, match=f"^{KEY}: the key holds .* copy the key anew") as caught:
        ModelApi.from_url("https://models.example/v1", "m", environment={KEY: key})
    assert SECRET not in str(caught.value) and caught.value.exit_code == 2


def test_a_request_that_cannot_be_sent_is_told_without_its_key(replay: Replay, tmp_path: Path) -> None:
    api = replace(quick(replay({"": [GOOD]}).url), key=f"{SECRET}\nsecond", tries=2)
    told = str(failure(ask(questions(api), api, Answers(tmp_path))))
    assert "the request cannot be sent" in told and SECRET not in told


@pytest.mark.parametrize(
    "url", ["https://models.example/v1", "http://127.0.0.1:1/v1", "http://gpu:1/v1", "http://[::1]:1"]
)
def test_addresses_that_a_key_may_go_to(url: str) -> None:
    assert ModelApi.from_url(f"{url}/chat/completions", "m", environment={KEY: SECRET}).address == url


def test_without_a_key_a_plain_address_will_do() -> None:
    assert ModelApi.from_url("http://models.example/v1/", "m", environment={}).key is None


def test_a_notebook_whose_loop_runs_already_can_ask(replay: Replay, tmp_path: Path) -> None:
    server = replay({"临溪": [GOOD]})

    async def cell() -> Asked:
        return one(server, tmp_path)[0]

    assert asyncio.run(cell()).answered == 1
