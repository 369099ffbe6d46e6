"""The articles without a practice are sound, and next to nothing is found in them."""

from __future__ import annotations

from pathlib import Path

from kg.evaluate.gold import load_gold
from kg.evaluate.goldcheck import check_gold
from kg.extract import extract_all
from kg.model.article import Article
from kg.read import read_articles

DATA = Path(__file__).resolve().parents[2] / "data"
LENGTHS = range(250, 1000)
"""Characters of one article: long enough to tempt, short enough to be read by a person."""


def test_articles_without_practices_are_sound() -> None:
    rows = load_gold(DATA / "gold" / "empty.jsonl")
    articles = [one for one in read_articles([DATA / "empty"]) if isinstance(one, Article)]
    assert len(rows) == len(articles) == 30
    assert [str(finding) for finding in check_gold(rows, articles)] == []
    assert [row["file"] for row in rows if row["practices"] or row["regions"]] == []
    assert [article.file for article in articles if len(article.text) not in LENGTHS] == []


def test_next_to_nothing_is_found_where_no_practice_is_told() -> None:
    articles = [one for one in read_articles([DATA / "empty"]) if isinstance(one, Article)]
    found = [
        f"{record.file}: {practice.programme.text}" for record in extract_all(articles) for practice in record.practices
    ]
    assert len(found) <= 2, found
