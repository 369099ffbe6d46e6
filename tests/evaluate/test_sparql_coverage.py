"""What of a gold practice the graph answers: nothing is lost between record and SPARQL."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.evaluate.gold import PlainRecord, load_gold
from kg.evaluate.sparql_coverage import coverage, main
from kg.graph.build import build_records
from kg.knowledge.vocabulary import Vocabulary
from kg.model import SLOTS, ArticleRecord
from kg.resolve.concepts import ConceptLinker
from kg.resolve.identity import assign_identities

SHARED = Path(__file__).parents[2] / ".." / "shared"


def as_record(plain: PlainRecord) -> ArticleRecord:
    """A gold record in the product's own form; its spans say nothing, for it is built without the text."""
    at = itertools.count(0, 1000)

    def value(text: str) -> dict[str, Any]:
        start = next(at)
        return {"text": text, "start": start, "end": start + len(text), "rule": "gold"}

    ids: dict[str, str] = {}
    for number, practice in enumerate(plain["practices"], 1):
        ids.setdefault(practice["programme"], f"p{number}")

    def practice(number: int, one: PlainRecord) -> dict[str, Any]:
        above = one.get("part_of")
        return {
            "id": f"p{number}",
            "programme": value(one["programme"]),
            "named": one.get("named", True),
            "region": value(one["region"]) if one.get("region") else None,
            "part_of": {"text": above, "practice": ids[above]} if above in ids else None,
            "outcomes": [value(o["text"]) | {k: v for k, v in o.items() if k != "text"} for o in one["outcomes"]],
            **{slot: [value(words) for words in one.get(slot, ())] for slot in SLOTS},
        }

    return ArticleRecord.model_validate(
        {
            "file": plain["file"],
            "title": plain.get("title"),
            "content_hash": hashlib.sha256(plain["file"].encode()).hexdigest(),
            "text_hash": "0" * 64,
            "regions": [{"name": r["name"], "path": r.get("path")} for r in plain["regions"]],
            "practices": [practice(number, one) for number, one in enumerate(plain["practices"], 1)],
        }
    )


def resolved(rows: list[PlainRecord]) -> Iterator[ArticleRecord]:
    linker = ConceptLinker(Vocabulary.load())
    return iter(assign_identities(linker.link_record(as_record(row)) for row in rows))


def invented() -> PlainRecord:
    figures = [
        {"text": "办班12期", "value": 12, "unit": "期", "comparator": "=", "what": None},
        {"text": "听课300余人次", "value": 300, "unit": "人次", "comparator": ">", "what": "听课"},
    ]
    night = {
        "programme": "月下课堂",
        "region": "青石街道",
        "formats": ["夜校", "集中授课"],
        "audiences": ["网格员"],
        "outcomes": figures,
    }
    inner = {"programme": "第一期培训班", "region": None, "part_of": "月下课堂", "outcomes": []}
    same = {"programme": "送学上门", "region": "白沙村", "formats": ["送学上门"], "outcomes": []}
    regions = [{"name": "青石街道", "path": None}, {"name": "白沙村", "path": None}]
    return {"file": "a.txt", "title": "夜里也上课", "regions": regions, "practices": [night, inner, same]}


def test_what_is_in_the_graph_is_answered_and_what_is_not_is_named(tmp_path: Path) -> None:
    gold = invented()
    build_records(resolved([gold]), tmp_path / "store")
    more = json.loads(json.dumps(gold))
    more["practices"][0]["audiences"].append("楼栋长")
    more["practices"][0]["outcomes"].append({"text": "x", "value": 7, "unit": "册"})
    more["practices"].append({"programme": "板凳会", "region": "白沙村", "outcomes": []})
    with kg.open(tmp_path / "store") as graph:
        assert all(row.answered for row in coverage([gold], graph))
        first, second, third, fourth = coverage([more], graph)
    assert first.found and first.missing == (("audiences", "楼栋长"), ("outcomes", "7 册"))
    assert second.answered and third.answered
    assert not fourth.found and fourth.missing == (("region", "白沙村"),)


def test_the_program_prints_misses_and_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = invented()
    build_records(resolved([gold]), tmp_path / "store")
    gold["practices"][2]["audiences"] = ["老人"]
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold), encoding="utf-8")
    assert main([str(tmp_path / "gold.jsonl"), str(tmp_path / "store")]) == 0
    said = capsys.readouterr().out
    assert "送学上门: lacks audiences 老人" in said and "3 practices: 3 found, 2 with all values" in said
    assert main([str(tmp_path / "none.jsonl"), str(tmp_path / "store")]) == 2


@pytest.mark.shared
def test_every_practice_of_the_seeds_gold_can_be_asked_for(tmp_path: Path) -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared articles are not beside this repository")
    gold = load_gold(SHARED / "gold" / "seeds.jsonl")
    build_records(resolved(gold), tmp_path / "store")
    with kg.open(tmp_path / "store") as graph:
        rows = coverage(gold, graph)
    assert len(rows) == 54
    assert [str(row) for row in rows if not row.answered] == []
