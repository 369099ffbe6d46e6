"""The proof holds for every character of the shared articles, in all their damages, and for wrong maps it does not."""

from __future__ import annotations

import hashlib
from array import array
from dataclasses import replace
from pathlib import Path

import pytest

from kg.graph.proof import check_source
from kg.model import Article, ArticleRecord, OffsetMap, Practice, Value
from kg.read import read_articles

SHARED = Path(__file__).resolve().parent.parent.parent.parent / "shared"
FOLDERS = ("seeds", "corpus/press", "corpus/press-html", "corpus/broadcast")
STEP = 9


def covering(article: Article) -> ArticleRecord:
    """A record whose values cover the whole text."""
    values = []
    for start in range(0, len(article.text), STEP):
        words = article.text[start : start + STEP]
        end = start + len(words)
        source = article.source(start, end).as_dict()
        values.append(Value(text=words, start=start, end=end, source=source, rule="test"))
    return ArticleRecord(
        file=article.file,
        content_hash=article.content_hash,
        text_hash=hashlib.sha256(article.text.encode("utf-8")).hexdigest(),
        practices=(Practice(id="p1", programme=values[0], topics=tuple(values)),),
    )


@pytest.mark.shared
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_character_of_the_shared_articles_leads_to_its_place_in_the_file(folder: str) -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared articles are not beside the repository")
    articles = [one for one in read_articles([SHARED / folder]) if isinstance(one, Article)]
    assert articles
    for article in articles:
        proof = check_source(covering(article), article)
        assert proof.findings == () and proof.checked > len(article.text) // STEP
        assert proof.repaired <= 2


def test_a_character_that_was_lost_and_is_known_again_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("桥头镇办起夜校\n桥头镇今年办起夜校，请来老师讲课。\n", encoding="utf-8")
    (article,) = read_articles([tmp_path / "a.txt"])
    assert isinstance(article, Article)
    lost = replace(article, original=article.original.replace("，", "?"))
    for one, repaired in ((article, 0), (lost, 1)):
        proof = check_source(covering(one), one)
        assert (proof.findings, proof.repaired) == ((), repaired)


def shifted(article: Article) -> Article:
    starts = array("L", (min(at + 1, len(article.original)) for at in article.offsets.starts))
    ends = array("L", (min(at + 1, len(article.original)) for at in article.offsets.ends))
    return replace(article, offsets=OffsetMap(starts, ends))


def emptied(article: Article) -> Article:
    return replace(article, offsets=OffsetMap(article.offsets.starts, article.offsets.starts))


@pytest.mark.parametrize("damage", [shifted, emptied])
def test_a_wrong_offset_map_is_found(damage: object, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("桥头镇办起夜校\n桥头镇今年办起夜校，请来老师讲课。\n", encoding="utf-8")
    (article,) = read_articles([tmp_path / "a.txt"])
    assert isinstance(article, Article)
    assert check_source(covering(article), article).findings == ()
    wrong = damage(article)  # type: ignore[operator]
    assert check_source(covering(wrong), wrong).findings
