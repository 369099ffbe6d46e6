"""The articles that wait for the next training are sound, and their card tells the truth."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from kg.evaluate import evaluate
from kg.evaluate.gold import load_gold
from kg.evaluate.goldcheck import check_gold
from kg.model import Article
from kg.read import read_articles

FOLDER = Path(__file__).resolve().parents[2] / "data" / "corpus-next"
NAMES = ["airtime", "columns", "dispatches", "features"]


def card() -> dict[str, list[str]]:
    """First cell → the other cells of all tables of the card."""
    rows = [
        line.strip().strip("|").split("|")
        for line in (FOLDER / "README.md").read_text("utf-8").splitlines()
        if "|" in line
    ]
    return {cells[0].strip(" `/"): [cell.strip() for cell in cells[1:]] for cells in rows}


@pytest.fixture(scope="module")
def gold() -> dict[str, list[dict[str, Any]]]:
    return {name: load_gold(FOLDER / f"{name}.jsonl") for name in NAMES}


def test_card_counts_what_is_there(gold: dict[str, list[dict[str, Any]]]) -> None:
    for name, rows in gold.items():
        assert {row["file"] for row in rows} == {path.name for path in (FOLDER / name).glob("*.txt")}
        numbers = len(rows), sum(len(row["practices"]) for row in rows), sum(not row["practices"] for row in rows)
        assert card()[name] == [str(number) for number in numbers]


def test_every_cast_names_its_mould(gold: dict[str, list[dict[str, Any]]]) -> None:
    with (FOLDER / "moulds.csv").open(encoding="utf-8", newline="") as lines:
        moulds = {row["file"]: row["mould"] for row in csv.DictReader(lines)}
    assert set(moulds) == {row["file"] for name in ("airtime", "columns") for row in gold[name]}
    assert all(mould.endswith(".txt") for mould in moulds.values())


def test_nothing_waits_that_is_learnt_from_already(gold: dict[str, list[dict[str, Any]]]) -> None:
    for name, rows in gold.items():
        learnt = {row["file"] for row in load_gold(FOLDER.parent / "corpus" / f"{name}.jsonl")}
        assert not learnt & {row["file"] for row in rows}


def test_agreement_is_what_the_card_says(gold: dict[str, list[dict[str, Any]]]) -> None:
    second = {row["file"]: row for row in load_gold(FOLDER / "second-reader.jsonl")}
    first = {row["file"]: row for rows in gold.values() for row in rows if row["file"] in second}
    assert set(first) == set(second)
    found = evaluate(first, second)
    rows = ("links", "programme", "region", "formats", "audiences", "topics", "outcome")
    assert card()["F1"] == [f"{value:.3f}" for value in (found.core, *(found.rows[row].f1 for row in rows))]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_gold_is_sound(name: str, gold: dict[str, list[dict[str, Any]]]) -> None:
    articles = [one for one in read_articles(sorted((FOLDER / name).glob("*.txt"))) if isinstance(one, Article)]
    assert [str(finding) for finding in check_gold(gold[name], articles)] == []
