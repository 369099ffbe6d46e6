"""Honest scores on what is trained on: each fold of the articles is read by models that were trained without it."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import pytest
from extract_samples import PLAIN, TITLE, article

from kg.errors import UsageError
from kg.extract.learned.parts import learned
from kg.train.corpus import Annotated, fold_of, fold_without, own_without, shared_articles
from kg.train.reading import Reading, add_unseen, unseen_readings

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / ".." / "shared"


@pytest.mark.parametrize("folds", [2, 3, 7])
def test_every_article_is_left_out_of_one_fold_and_of_one_alone(folds: int) -> None:
    articles = [Annotated("", article(str(number)), {}) for number in range(7)]
    for fold in range(folds):
        out, kept = fold_of(articles, fold, folds), fold_without(articles, fold, folds)
        assert len(out) in (7 // folds, 7 // folds + 1)
        assert [(one in out) + (one in kept) for one in articles] == [1] * 7
    out = [one for fold in range(folds) for one in fold_of(articles, fold, folds)]
    assert [out.count(one) for one in articles] == [1] * 7


def test_a_folder_that_lacks_the_models_of_a_fold_is_refused(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_unseen(parser)
    for name in ("0", "2"):
        (tmp_path / "models" / name).mkdir(parents=True)
    named = parser.parse_args(["--left-out", str(tmp_path / "models"), str(tmp_path)])
    with pytest.raises(UsageError, match="models of all folds"):
        unseen_readings(named, learned(fast=True))


def test_what_had_an_unseen_article_as_its_mould_is_left_out() -> None:
    def named(*files: str) -> list[Annotated]:
        return [Annotated("", article(PLAIN, file=file), {}) for file in files]

    own = named("air-001.txt", "air-003.txt", "air-141.txt", "bro-001.txt")  # the third one's mould is unknown
    left = own_without(own, named("xwlb-20221203-90.txt"))
    assert [one.article.file for one in left] == ["air-003.txt", "bro-001.txt"]


def test_every_cast_names_its_mould() -> None:
    corpus = ROOT / "data" / "corpus"
    with (corpus / "moulds.csv").open(encoding="utf-8", newline="") as lines:
        told = [row["file"] for row in csv.DictReader(lines) if row["mould"]]
    casts = [path.name for folder in ("airtime", "columns", "relays") for path in (corpus / folder).iterdir()]
    assert sorted(told) == sorted(casts)


@pytest.mark.shared
def test_real_articles_that_came_without_gold_are_among_the_real_ones() -> None:
    if not (SHARED / "gold").is_dir():
        pytest.skip("the shared articles are not beside the repository")
    real = shared_articles(SHARED)
    assert len({one.article.file for one in real}) == len(real) == 96
    assert all(one.times > 1 and one.gold["file"] == one.article.file for one in real)
    assert sum(one.origin == "broadcast-unlabelled" for one in real) == 25


def test_nothing_unseen_is_said(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_unseen(parser)
    with pytest.raises(UsageError, match="--unseen or --left-out"):
        unseen_readings(parser.parse_args([]), learned(fast=True))
    (tmp_path / "gold.jsonl").write_text('{"file": "a.txt", "practices": []}\n', encoding="utf-8")
    (tmp_path / "a.txt").write_text(PLAIN, encoding="utf-8")
    named = parser.parse_args(["--unseen", str(tmp_path / "gold.jsonl"), str(tmp_path)])
    assert [one.article.article.file for one in unseen_readings(named, learned(fast=True))] == ["a.txt"]


def test_a_reading_is_decided_again_with_other_thresholds() -> None:
    models = learned(fast=True)
    reading = Reading(Annotated("", article(PLAIN, title=TITLE), {"practices": []}), models)
    assert len(reading.record(models.least).practices) >= 1
    assert reading.record({**models.least, "named": 1.1, "unnamed": 1.1, "idle": 1.1, "telling": 99.0}).practices == ()


def test_an_article_whose_surest_practice_is_unlikely_tells_of_none() -> None:
    models = learned(fast=True)
    reading = Reading(Annotated("", article(PLAIN, title=TITLE), {"practices": []}), models)
    told = reading.record({**models.least, "surest": 0.0}).practices
    surest = max(practice.programme.confidence for practice in told)  # uncalibrated: the score itself
    assert reading.record({**models.least, "surest": surest - 1e-3}).practices == told
    assert reading.record({**models.least, "surest": surest + 1e-3}).practices == ()
