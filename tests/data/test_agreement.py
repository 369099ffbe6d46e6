"""The second reading of the training corpus is sound, and agrees with the first as the corpus's card says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kg.evaluate import evaluate
from kg.evaluate.gold import load_gold
from kg.evaluate.goldcheck import check_form, check_words
from kg.read import article_from_text

CORPUS = Path(__file__).resolve().parents[2] / "data" / "corpus"
FIRST, SECOND = (CORPUS.parent / "gold" / f"{reader}-reader.jsonl" for reader in ("first", "second"))
FOLDERS = ["broadcast", "bulletins", "items", "press", "rounds", "themed", "relays", "dispatches", "features"]


def card() -> dict[str, dict[str, float]]:
    """The table of the card's section "Agreement": column → row → F1; empty cells are left out."""
    text = (CORPUS / "README.md").read_text(encoding="utf-8").split("## Agreement", 1)[1]
    head, _, *lines = (
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if "|" in line
    )
    table: dict[str, dict[str, float]] = {column: {} for column in head[1:]}
    for row, *cells in lines:
        for column, cell in zip(head[1:], cells, strict=True):
            if cell != "–":
                table[column][row] = float(cell)
    return table


@pytest.fixture(scope="module")
def second() -> dict[str, dict[str, Any]]:
    return {row["file"]: row for row in load_gold(SECOND)}


@pytest.fixture(scope="module")
def first(second: dict[str, dict[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Folder → file → the first reader's record."""
    rows = load_gold(FIRST)
    return {
        folder: {row["file"]: row for row in rows if (CORPUS / folder / row["file"]).exists()} for folder in FOLDERS
    }


def test_second_reading_is_sound(
    first: dict[str, dict[str, dict[str, Any]]], second: dict[str, dict[str, Any]]
) -> None:
    assert sorted(second) == sorted(file for rows in first.values() for file in rows)
    for folder, rows in first.items():
        for file in rows:
            article = article_from_text((CORPUS / folder / file).read_text(encoding="utf-8"), file=file)
            assert [str(one) for one in (*check_form(second[file]), *check_words(second[file], article.text))] == []


@pytest.mark.parametrize("column", [*FOLDERS, "all"])
def test_agreement_is_what_the_card_says(
    column: str, first: dict[str, dict[str, dict[str, Any]]], second: dict[str, dict[str, Any]]
) -> None:
    wanted = first[column] if column in first else {file: row for rows in first.values() for file, row in rows.items()}
    found = evaluate(wanted, {file: second[file] for file in wanted})
    told = card()[column]
    assert {"core", "links", "programme"} <= set(told)
    measured = {row: found.core if row == "core" else found.rows[row].f1 for row in told}
    assert measured == pytest.approx(told, abs=0.0006)
