"""The articles without a practice are sound; how many practices are found in them is measured, not asserted, so far."""

from __future__ import annotations

from pathlib import Path

from kg.evaluate.gold import load_gold
from kg.evaluate.goldcheck import check_gold
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
