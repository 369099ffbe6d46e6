"""The shared articles: metadata as the gold states it, and every string of the gold still in the clean text."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.read import read_article
from kg.read.repair.script import simplified

SHARED = Path("../shared")
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the shared articles are not beside the repository"),
]
SETS = [
    ("seeds", "seeds", ".txt"),
    ("press", "corpus/press", ".txt"),
    ("press", "corpus/press-html", ".html"),
    ("broadcast", "corpus/broadcast", ".txt"),
    ("broadcast-more", "corpus/broadcast-more", ".txt"),
]
NOT_IN_THE_ORIGINAL = {"上海市"}
"""What a reader of the gold wrote for 上海."""


def _norm(text: str) -> str:
    """As the scorer compares strings."""
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in text if unicodedata.category(c)[0] in "LN" or c in "+")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key not in ("iso", "role", "unit", "comparator", "what", "path", "code"):
                yield from _strings(one)


@pytest.mark.parametrize(("gold", "folder", "suffix"), SETS)
def test_against_the_gold(gold: str, folder: str, suffix: str) -> None:
    for line in (SHARED / "gold" / f"{gold}.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        article = read_article((SHARED / folder / record["file"]).with_suffix(suffix))
        stated = {field: record.get(field) for field in ("title", "publisher", "published")}
        assert {field: getattr(article, field) for field in stated} == stated
        text = _norm(article.text)
        missing = {s for s in _strings([record["practices"], record["regions"]]) if _norm(s) not in text}
        assert missing <= NOT_IN_THE_ORIGINAL
        for i, char in enumerate(article.text):
            origin = article.original[slice(*article.offsets.span(i, i + 1))]
            assert char in (origin, simplified(origin), "\n") or len(origin) > 1


def test_press_pages_and_texts_agree() -> None:
    for path in sorted((SHARED / "corpus/press").glob("*.txt")):
        page = read_article(SHARED / "corpus/press-html" / f"{path.stem}.html")
        text = read_article(path)
        assert (page.text, page.title, page.author, page.published) == (
            text.text,
            text.title,
            text.author,
            text.published,
        )
