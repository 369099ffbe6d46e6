"""Every example of the furniture rules, and that no pattern needs long for any line."""

from __future__ import annotations

import time

import pytest

from kg.read.lines.rules import LONGEST_LINE, FurnitureRule, furniture_rules

RULES = furniture_rules()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples(rule: FurnitureRule) -> None:
    assert rule.matches, "a rule needs examples"
    assert rule.refuses, "a rule needs examples that it must not match"
    assert [line for line in rule.matches if not rule.pattern.fullmatch(line)] == []
    assert [line for line in rule.refuses if rule.pattern.fullmatch(line)] == []


def test_fields() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert {rule.kind for rule in RULES} <= {"menu", "tool", "credit", "caption", "notice", "end", "stop"}
    assert {rule.where for rule in RULES} <= {"head", "tail", "any"}


PARTS = ["首页 ", "大 ", "分享到", "（", "记者 ", "A", "0", "繁體 ", "繁體 |", "首页>", "王 "]
PARTS += ["图：", "微信", "电话:1", "来源", "王、", "更多>"]
PARTS += sorted({line for rule in RULES for line in rule.matches})


@pytest.mark.parametrize("end", ["。", "", "甲"])
def test_no_line_takes_long(end: str) -> None:
    begin = time.process_time()  # not by the clock: the machine may be busy
    for part in PARTS:
        line = (part * LONGEST_LINE)[: LONGEST_LINE - 1] + end
        for rule in RULES:
            rule.pattern.fullmatch(line)
    assert time.process_time() - begin < 10
