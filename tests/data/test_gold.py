"""The sample data is sound, is what its card says, and takes nothing from the shared articles; faults are found."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from opencc import OpenCC

from kg.evaluate.gold import load_gold
from kg.evaluate.goldcheck import check_form, check_gold, check_words, main
from kg.model.article import Article
from kg.read import article_from_text, read_articles

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "data" / "gold" / "sample.jsonl"
ARTICLES = ROOT / "data" / "articles"
SHARED = ROOT / ".." / "shared"
RUN = 12
"""Characters that no clause of the sample may share with a shared article."""

TEXT = "青石街道开了“灯下课堂”，每周三请律师给网格员讲课，已讲6期。"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return load_gold(GOLD)


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return [one for one in read_articles([ARTICLES]) if isinstance(one, Article)]


@pytest.fixture
def row() -> dict[str, Any]:
    """Gold of ``TEXT`` that is sound."""
    practice: dict[str, Any] = {
        "programme": "灯下课堂",
        "named": True,
        "region": "青石街道",
        "part_of": None,
        "formats": ["讲课"],
        "audiences": ["网格员"],
        "topics": [],
        "organisers": ["青石街道"],
        "partners": ["律师"],
        "venues": [],
        "channels": [],
        "outcomes": [{"text": "已讲6期", "value": 6, "unit": "期", "comparator": "=", "what": None}],
        "dates": [{"text": "每周三", "iso": "R/P1W", "role": "recurrence"}],
    }
    return {
        "file": "a.txt",
        "title": None,
        "publisher": None,
        "published": "2024-05-06",
        "regions": [{"name": "青石街道", "path": ["河南省", "平顶山市", "新华区", "青石街道"]}],
        "practices": [practice],
    }


def test_sample_gold_is_sound(rows: list[dict[str, Any]], articles: list[Article]) -> None:
    assert [str(finding) for finding in check_gold(rows, articles)] == []


def test_card_tells_the_truth(rows: list[dict[str, Any]]) -> None:
    card = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    practices = [practice for row in rows for practice in row["practices"]]
    unnamed = sum(not practice["named"] for practice in practices)
    announced = sum(practice.get("planned", False) for practice in practices)
    files = [path for path in ARTICLES.iterdir() if path.is_file()]
    txt = sum(path.suffix == ".txt" for path in files)
    assert f"| articles | {len(rows)} in {len(files)} files: {txt} txt" in card
    assert f"| {len(practices)}: {len(practices) - unnamed} with a name of their own, {unnamed} without" in card
    assert f"{announced} only announced" in card
    assert f"| {sum(not row['practices'] for row in rows)} (`none-*`)" in card
    assert f"| {len({region['path'][0] for row in rows for region in row['regions']})} of 31 provinces" in card
    assert sum("duplicate_of" in row for row in rows) == 3


def test_sound_row_passes(row: dict[str, Any]) -> None:
    assert list(check_form(row)) == []
    assert list(check_words(row, TEXT)) == []


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("practices", 0, "region"), "白石街道", "region 青石街道, 灯下课堂.region"),
        (("practices", 0, "part_of"), "夜读会", "灯下课堂.part_of"),
        (("practices", 0, "part_of"), "灯下课堂", "灯下课堂"),
        (("practices", 0, "named"), "yes", "灯下课堂.named"),
        (("practices", 0, "audiences"), ["网格员", "网格员"], "灯下课堂.audiences"),
        (("practices", 0, "topics"), ["，"], "灯下课堂.topics"),
        (("practices", 0, "venue"), [], "灯下课堂"),
        (("practices", 0, "outcomes", 0, "value"), "6", "灯下课堂.outcomes"),
        (("practices", 0, "outcomes", 0, "comparator"), "≥", "灯下课堂.outcomes"),
        (("practices", 0, "outcomes", 0, "unit"), "人次", "灯下课堂.outcomes"),
        (("practices", 0, "dates", 0, "iso"), "每周", "灯下课堂.dates"),
        (("practices", 0, "dates", 0, "role"), "begin", "灯下课堂.dates"),
        (("regions", 0, "path"), ["平顶山市", "新华区", "青石街道"], "region 青石街道"),
        (("published",), "5月6日", "published"),
    ],
)
def test_faults_of_form_are_found(row: dict[str, Any], path: tuple[Any, ...], value: object, where: str) -> None:
    at: Any = row
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    assert ", ".join(finding.where for finding in check_form(row)) == where


@pytest.mark.parametrize("slot", ["programme", "audiences", "dates", "outcomes"])
def test_words_that_do_not_stand_in_the_text_are_found(row: dict[str, Any], slot: str) -> None:
    assert [f.where for f in check_words(row, TEXT.replace("灯下", "月下").replace("网格员", "楼长"))] == [
        "灯下课堂.programme",
        "灯下课堂.audiences",
    ]
    without = {"programme": "灯下课堂", "audiences": "网格员", "dates": "每周三", "outcomes": "6期"}[slot]
    assert f"灯下课堂.{slot}" in [finding.where for finding in check_words(row, TEXT.replace(without, ""))]


def test_alike_and_unmatched_articles_are_found(row: dict[str, Any]) -> None:
    body = TEXT + "第二年，课堂搬进了老电影院，听课的人从四十个添到两百个，连邻县的网格员也坐公共汽车来听。"
    more = body + "散场以后，灯还要亮一刻钟，留给没有听懂的人问个明白。"
    other = copy.deepcopy(row) | {"file": "b.txt"}
    articles = [article_from_text(body, file="a.txt"), article_from_text(more, file="b.txt")]
    found = {(finding.file, finding.where) for finding in check_gold([row, other], articles)}
    assert ("a.txt", "text") in found, "two articles alike, none marked"
    marked = [str(finding) for finding in check_gold([row, other | {"duplicate_of": "a.txt"}], articles)]
    assert marked == []
    other["practices"][0]["programme"] = "讲课"
    found = {(f.file, f.where) for f in check_gold([row, other | {"duplicate_of": "a.txt"}], articles)}
    assert found == {("b.txt", "practices")}
    assert ("b.txt", "file") in {(f.file, f.where) for f in check_gold([row], articles)}
    assert ("a.txt", "file") in {(f.file, f.where) for f in check_gold([row], articles[1:])}


def test_command_reports_and_exits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(TEXT, encoding="utf-8")
    gold = tmp_path / "gold.jsonl"
    gold.write_text("{", encoding="utf-8")
    assert main([str(gold), str(tmp_path / "articles")]) == 2
    assert "line 1" in capsys.readouterr().err
    gold.write_text('{"file": "b.txt"}', encoding="utf-8")
    assert main([str(gold), str(tmp_path / "articles")]) == 1
    assert "an article without gold" in capsys.readouterr().out


def _clauses(text: str) -> list[str]:
    text = re.sub(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ]+\)", "", OpenCC("t2s").convert(text))
    return re.findall(rf"[^\W_]{{{RUN},}}", text)


@pytest.mark.shared
def test_nothing_is_taken_from_the_shared_articles(articles: list[Article]) -> None:
    if not SHARED.exists():
        pytest.skip("no shared articles beside the repository")
    files = [*SHARED.glob("seeds/*.txt"), *SHARED.glob("corpus/*/*.txt"), *SHARED.glob("corpus/*.jsonl")]
    assert files
    taken = set()
    for path in files:
        for clause in _clauses(path.read_text(encoding="utf-8", errors="replace")):
            taken |= {clause[i : i + RUN] for i in range(len(clause) - RUN + 1)}
    for article in articles:
        for clause in _clauses(article.text):
            common = taken & {clause[i : i + RUN] for i in range(len(clause) - RUN + 1)}
            assert not common, (article.file, sorted(common))
