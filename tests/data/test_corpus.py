"""The training corpus is sound, and its card counts what is there."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from kg.evaluate.gold import load_gold
from kg.evaluate.goldcheck import check_gold
from kg.model import Article
from kg.read import read_articles

CORPUS = Path(__file__).resolve().parents[2] / "data" / "corpus"
FOLDERS = sorted(path.stem for path in CORPUS.glob("*.jsonl"))
CASTS = ("airtime", "columns", "relays")
"""The folders whose articles have a real one each as their mould."""

KNOWN = [
    f"not-006.txt: {name}.region: '色满乡' does not stand in the text"
    for name in ("亮灯行动", "亮服务灯", "亮学习灯", "冬闲夜校", "亮安全灯", "夜巡队")
]
"""The one line that names the township is the issuing office's, which reading takes for the publisher."""


@pytest.fixture(scope="module")
def gold() -> dict[str, list[dict[str, Any]]]:
    return {name: load_gold(CORPUS / f"{name}.jsonl") for name in FOLDERS}


def test_card_counts_what_is_there(gold: dict[str, list[dict[str, Any]]]) -> None:
    counted = {
        name: (len(rows), sum(len(row["practices"]) for row in rows), sum(not row["practices"] for row in rows))
        for name, rows in gold.items()
    }
    card = (CORPUS / "README.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)/` \| (\d+) \| (\d+) \| (\d+) \|$", card, re.MULTILINE)
    assert {name: tuple(map(int, numbers)) for name, *numbers in told} == counted
    articles, practices, _ = map(sum, zip(*counted.values(), strict=True))
    assert f"{articles} annotated articles, {practices} practices" in card


def test_every_article_is_annotated_once(gold: dict[str, list[dict[str, Any]]]) -> None:
    for name, rows in gold.items():
        assert sorted(row["file"] for row in rows) == sorted(path.name for path in (CORPUS / name).glob("*.txt"))
    files = [row["file"] for rows in gold.values() for row in rows]
    assert len(files) == len(set(files))


def test_every_cast_names_its_mould(gold: dict[str, list[dict[str, Any]]]) -> None:
    with (CORPUS / "moulds.csv").open(encoding="utf-8", newline="") as lines:
        files = [row["file"] for row in csv.DictReader(lines)]
    assert sorted(files) == sorted(row["file"] for name in CASTS for row in gold[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", FOLDERS)
def test_gold_is_sound(name: str, gold: dict[str, list[dict[str, Any]]]) -> None:
    articles = [one for one in read_articles(sorted((CORPUS / name).glob("*.txt"))) if isinstance(one, Article)]
    expected = KNOWN if name == "press" else []
    assert [str(finding) for finding in check_gold(gold[name], articles)] == expected
