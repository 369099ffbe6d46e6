"""What asking would cost is told before, and is near to what the corpus shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from proposals import LANTERN, PLAZA, RIGHT, practice

from kg.propose import Answer, Answers, Question, estimate, question
from kg.propose.estimate import ANSWER_SHARE, tokens
from kg.propose.proposal import Proposal
from kg.propose.request import LONGEST, sent_text
from kg.read import article_from_text

CORPUS = Path(__file__).resolve().parents[2] / "data" / "corpus"


def asked(text: str) -> Question:
    return question(article_from_text(text), api="http://127.0.0.1:1", model="m")


def test_every_question_is_counted_once_and_answered_ones_not(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    one, other = asked(LANTERN), asked(PLAZA)
    both = estimate([one, other, one], answers)
    assert (both.articles, both.known, both.copies) == (2, 0, 1)
    alone = estimate([one], answers), estimate([other], answers)
    assert both.tokens_in == alone[0].tokens_in + alone[1].tokens_in
    assert alone[0].tokens_in > alone[1].tokens_in > 1000, "system prompt, example and schema are sent with each"
    assert 200 < alone[0].tokens_out < 400
    assert both.price(2.0, 8.0) == pytest.approx((both.tokens_in * 2 + both.tokens_out * 8) / 1e6)
    answers.put(one, Answer(Proposal.model_validate(RIGHT), "m"))
    left = estimate([one, other], answers)
    assert (left.articles, left.known, left.tokens_in) == (1, 1, alone[1].tokens_in)


def test_the_share_of_an_answer_is_that_of_the_gold() -> None:
    """Written as a model would write it, the corpus's gold takes so many tokens for each of its articles'."""
    sent = answered = 0
    for gold in sorted(CORPUS.glob("*.jsonl")):
        for line in gold.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            article = gold.with_suffix("") / record["file"]
            if not article.is_file():
                continue
            sent += tokens(article.read_text(encoding="utf-8"))
            whole = {"practices": [_proposed(one) for one in record["practices"]]}
            answered += tokens(json.dumps(whole, ensure_ascii=False, separators=(",", ":")))
    if not sent:
        pytest.skip("no corpus here")
    assert answered / sent == pytest.approx(ANSWER_SHARE, rel=0.2)


def _proposed(gold: dict[str, object]) -> dict[str, object]:
    whole = practice("") | {name: value for name, value in gold.items() if name in practice("")}
    outcomes, dates = gold.get("outcomes") or [], gold.get("dates") or []
    assert isinstance(outcomes, list) and isinstance(dates, list)
    told = [{name: one.get(name) for name in ("text", "value", "unit", "what")} for one in outcomes]
    return whole | {
        "outcomes": [one | {"modality": "achieved"} for one in told],
        "dates": [{name: one.get(name) for name in ("text", "role")} for one in dates],
    }


def test_of_a_very_long_article_whole_paragraphs_are_sent() -> None:
    article = article_from_text("\n".join(f"第{n}段：{LANTERN[60:120].strip()}" for n in range(400)))
    sent = sent_text(article)
    assert LONGEST / 2 < len(sent) <= LONGEST < len(article.text)
    assert article.text.startswith(sent + "\n")
    assert sent_text(article_from_text(LANTERN)) == article_from_text(LANTERN).text


def test_braces_of_an_article_are_its_own() -> None:
    asked_of = asked(LANTERN.replace("门口课堂", "{text}{0}{title}", 1))
    said = asked_of.body["messages"][-1]["content"]
    assert said.count("{text}{0}{title}") >= 1
