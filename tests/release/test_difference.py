"""What changed between two stores is told once, in words and as data, and nothing else is."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kg.cli.main import app
from kg.errors import UsageError
from kg.model import ArticleRecord
from kg.release import Contents, difference, read_contents

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "graph"))
from sample_records import sample

RECORDS = tuple(sample(number)[0] for number in range(4))


def contents(records: tuple[ArticleRecord, ...], name: str = "store") -> Contents:
    return Contents(name, tuple((record, None) for record in records), {})


def practice(number: int = 0, **update: Any) -> tuple[ArticleRecord, ...]:
    """The records with the first practice of one of them changed."""
    record = RECORDS[number]
    first = record.practices[0].model_copy(update=update)
    changed = record.model_copy(update={"practices": (first, *record.practices[1:])})
    return (*RECORDS[:number], changed, *RECORDS[number + 1 :])


def changes(after: tuple[ArticleRecord, ...], before: tuple[ArticleRecord, ...] = RECORDS) -> list[tuple[str, ...]]:
    found = difference(contents(before), contents(after)).changes
    return [(each.change, each.what, each.slot, each.before, each.after) for each in found]


def test_the_same_is_the_same() -> None:
    found = difference(contents(RECORDS, "a"), contents(RECORDS[::-1], "b"))
    assert found.changes == () and found.text() == "a and b say the same.\n"


def test_an_article_more_brings_its_practices() -> None:
    found = difference(contents(RECORDS[:3]), contents(RECORDS))
    assert found.counts[("article", "added")] == 1
    assert found.counts[("practice", "added")] == len(RECORDS[3].practices)
    assert {each.change for each in found.changes} == {"added"}
    back = difference(contents(RECORDS), contents(RECORDS[:3]))
    assert {(what, number) for (what, _), number in back.counts.items()} == {
        (what, number) for (what, _), number in found.counts.items()
    }


def test_a_value_that_is_read_no_more() -> None:
    gone = RECORDS[0].practices[0].formats[0]
    assert changes(practice(formats=RECORDS[0].practices[0].formats[1:])) == [
        ("removed", "value", "formats", gone.text, "")
    ]


def test_a_figure_read_otherwise_is_one_change() -> None:
    outcome = RECORDS[0].practices[0].outcomes[0]
    other = outcome.model_copy(update={"value": outcome.value + 1})
    ((change, what, slot, before, after),) = changes(practice(outcomes=(other,)))
    assert (change, what, slot) == ("changed", "value", "outcomes")
    assert f"{outcome.value:g}" in before and f"{outcome.value + 1:g}" in after


def test_a_renamed_practice_is_known_again_by_its_words() -> None:
    name = RECORDS[0].practices[0].programme
    shorter = name.model_copy(update={"text": name.text[:-1], "end": name.end - 1})
    renamed = practice(programme=shorter, identity="https://practice-graph.example/practice/other")
    assert ("changed", "practice", "name", name.text, shorter.text) in changes(renamed)
    assert not [each for each in changes(renamed) if each[0] in ("added", "removed")]


def test_only_announced_and_carried_out() -> None:
    assert changes(practice(planned=True)) == [("changed", "practice", "planned", "carried out", "only announced")]


def test_confidence_and_rule_are_no_change() -> None:
    formats = tuple(v.model_copy(update={"confidence": 0.1, "rule": "x"}) for v in RECORDS[0].practices[0].formats)
    assert changes(practice(formats=formats)) == []


def test_inferred_is() -> None:
    first, *rest = RECORDS[0].practices[0].formats
    turned = first.model_copy(update={"inferred": not first.inferred})
    ((change, what, slot, _, after),) = changes(practice(formats=(turned, *rest)))
    assert (change, what, slot) == ("changed", "value", "formats") and after.endswith("(inferred)") == turned.inferred


def test_data_say_what_words_say(tmp_path: Path) -> None:
    files = []
    for name, records in (("a", RECORDS[:3]), ("b", practice(planned=True))):
        files.append(tmp_path / f"{name}.jsonl")
        files[-1].write_text("".join(f"{record.to_json()}\n" for record in records), encoding="utf-8")
    found = difference(*files)
    as_json = json.loads(found.to_json())
    assert as_json["counts"]["article"] == {"added": 1} and as_json["counts"]["practice"]["changed"] == 1
    as_csv = list(csv.DictReader(io.StringIO(found.to_csv().decode("utf-8"))))
    assert len(as_csv) == len(as_json["changes"]) == len(found.frame) == len(found.changes)
    call = CliRunner().invoke(app, ["diff", str(files[0]), str(files[1])])
    assert call.exit_code == 0 and "articles: 1 added" in call.output and "only announced" in call.output
    call = CliRunner().invoke(app, ["diff", *map(str, files), "--format", "json", "--output", str(tmp_path / "d.json")])
    assert call.exit_code == 0 and json.loads((tmp_path / "d.json").read_text(encoding="utf-8")) == as_json


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"file": 1}\n', encoding="utf-8")
    for path in (tmp_path, tmp_path / "absent", tmp_path / "x.jsonl"):
        with pytest.raises(UsageError):
            read_contents(path)
    with pytest.raises(UsageError, match="endpoint"):
        read_contents("http://127.0.0.1:1/query")
