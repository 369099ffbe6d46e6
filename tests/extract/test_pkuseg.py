"""The pkuseg model that comes with the program, and how it is made."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from extract_samples import LEAD, PLAIN, PROJECT, TITLE, article

from kg.errors import UsageError
from kg.extract import extract, load
from kg.extract.text.words import SHIPPED, make_page, segmenter
from kg.model import Article
from kg.read import article_from_text, read_articles
from kg.train.words import agreement, cut_corpus, fit, held_out, score


def test_the_shipped_model_is_taken_where_none_is_named() -> None:
    nlp = load("pkuseg", fast=True)
    assert [token.text for token in nlp.tokenizer("社区组织居民学习。\n居民都说好")] == [
        *("社区", "组织", "居民", "学习", "。", "\n"),
        *("居民", "都", "说", "好"),
    ]
    assert "".join(token.text for token in nlp.tokenizer(LEAD)) == LEAD
    record = extract(article(PLAIN, title=TITLE), nlp)
    assert record.practices
    assert all(PLAIN[v.start : v.end] == v.text for practice in record.practices for _, v in practice.values())


def test_it_is_small_and_holds_nothing_that_could_run() -> None:
    files = {file.name: file.stat().st_size for file in SHIPPED.iterdir()}
    assert set(files) == {"README.md", "features.msgpack", "weights.npz"}, "no pickle"
    assert sum(files.values()) < 5_000_000


def test_it_cuts_unseen_articles_much_like_lac() -> None:
    cut = segmenter("pkuseg", None)
    assert cut is not None
    found = []
    paths = sorted((PROJECT / "data" / "corpus").rglob("*.txt"))
    for one in islice((one for one in read_articles(paths) if isinstance(one, Article) and held_out(one)), 6):
        page = make_page(one)
        found.append([one.text[start:end] for start, end, _ in page.words if not one.text[start:end].isspace()])
    assert len(found) == 6
    assert 0.88 < score(cut, found).f1 < 1


def test_a_name_of_pkusegs_own_models_is_no_folder() -> None:
    """``news`` is a model that its package would fetch from the network."""
    with pytest.raises(UsageError, match="no pkuseg model at news"):
        segmenter("pkuseg", "news")


def test_a_tenth_is_held_out_by_its_text_alone() -> None:
    texts = [
        article_from_text(f"村里办起第{number}期夜校，大家都来听课。", file=f"{number}.txt") for number in range(300)
    ]
    kept = [one.file for one in texts if held_out(one)]
    assert 15 < len(kept) < 50
    again = [article_from_text(one.text, file=f"other-{one.file}") for one in texts]
    assert [one.file for one in again if held_out(one)] == [f"other-{name}" for name in kept]


def test_the_corpus_is_cut_by_lac_and_parted(tmp_path: Path) -> None:
    for number in range(30):
        text = f"社区夜校开班\n\n社区开办了第{number}期夜校。\n居民 都说好。"
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
    learnt, kept = cut_corpus(tmp_path)
    assert len(learnt) > len(kept) > 0
    assert {"社区", "居民"} <= {word for words in learnt for word in words}
    assert not any(word.isspace() or " " in word for words in [*learnt, *kept] for word in words)
    assert {len(part) % 3 for part in (learnt, kept)} == {0}, "an article is learnt from whole, or not at all"


def test_training_gives_the_same_files_each_time(tmp_path: Path) -> None:
    subjects, objects = ("街道", "社区", "学校", "村委会"), ("邻里 课堂", "反诈 讲座", "消防 演练", "义诊 活动")
    sentences = [f"{one} 开办 {two} ， 居民 都 说 好 。".split() for one in subjects for two in objects]
    for name in ("one", "two"):
        fit(sentences, tmp_path / name, rounds=3)
    for file in ("features.msgpack", "weights.npz"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    cut = segmenter("pkuseg", str(tmp_path / "one"))
    assert cut is not None and cut("街道开办反诈讲座，居民都说好。") == [
        *("街道", "开办", "反诈", "讲座", "，"),
        *("居民", "都", "说", "好", "。"),
    ]


def test_agreement_counts_words_by_both_ends() -> None:
    found = agreement([["社区", "开课"], ["好"]], [["社区", "开", "课"], ["好"]])
    assert (found.right, found.precision, found.recall, found.f1) == (2, 2 / 3, 2 / 4, 4 / 7)
    assert agreement([[" ", "好"]], [["好"]]).f1 == 1
    assert agreement([], []).f1 == 0
