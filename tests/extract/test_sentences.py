"""Which sentences tell of a practice, from what the phrases of all types say together."""

from __future__ import annotations

import numpy as np
import pytest
from extract_samples import PLAIN, TITLE, article

from kg.extract.learned.parts import learned
from kg.extract.learned.phrases import TYPES, phrase_table
from kg.extract.learned.sentences import HEIGHT, SentenceModel, sentence_evidence
from kg.extract.practices.drafts import find_practices
from kg.extract.text.words import make_page
from kg.train.corpus import Annotated
from kg.train.logistic import logistic_regression
from kg.train.reading import Reading
from kg.train.sentences import fit_sentences

TEXT = "县里的路修好了。村里请来木匠教大家做风筝，做好的风筝送给孩子。天气一天比一天暖。"


def test_evidence_is_the_best_and_the_sum_of_each_type_in_each_sentence() -> None:
    page = make_page(article(TEXT))
    table = phrase_table(page)
    scores = np.zeros((len(table.rows), len(TYPES)), np.float32)
    second = [i for i, row in enumerate(table.rows) if page.sentence_at(int(row[2])) == 1]
    topics = TYPES.index("topics")
    scores[second[:3], topics] = [0.2, 0.5, 0.1]
    evidence = np.exp(sentence_evidence(page, table, scores)) - 0.01
    assert evidence.shape == (3, 2 * len(TYPES))
    assert evidence[1, topics] == pytest.approx(0.5, abs=1e-5)
    assert evidence[1, len(TYPES) + topics] == pytest.approx(0.8, abs=1e-5)
    evidence[1, [topics, len(TYPES) + topics]] = 0
    assert np.abs(evidence).max() < 1e-6


def test_a_telling_sentence_has_its_likeliest_phrase() -> None:
    page = make_page(article(TEXT))
    table = phrase_table(page)
    scores = np.zeros((len(table.rows), len(TYPES)), np.float32)
    at = table.row_of
    start = TEXT.index("风筝")
    scores[at[start, start + 2], TYPES.index("unnamed")] = 0.1
    least = {**learned(fast=True).least, "unnamed": 0.3, "telling": 0.0, "faint": 0.05}

    def names(*telling: float) -> list[str]:
        drafts = find_practices(page, table, scores, np.array(telling, np.float32), least)
        return [TEXT[draft.name.start : draft.name.end] for draft in drafts]

    assert names(-1, -1, -1) == []
    assert names(-1, 1, -1) == ["风筝"]
    assert names(1, 1, 1) == ["风筝"]  # elsewhere no phrase is likely at all


def test_the_model_learns_which_type_tells() -> None:
    weights = {HEIGHT: [-1.0], **{kind: [0.0, 0.0] for kind in TYPES}, "formats": [1.0, 0.0]}
    page = make_page(article(TEXT))
    table = phrase_table(page)
    scores = np.full((len(table.rows), len(TYPES)), 0.3, np.float32)
    assert SentenceModel(weights).score(page, table, scores) == pytest.approx(np.log(0.31) - 1, abs=1e-5)


def test_weights_are_fitted_on_readings() -> None:
    gold = {"practices": [{"programme": "邻里课堂", "named": True, "region": "柳溪街道"}]}
    reading = Reading(Annotated("", article(PLAIN, title=TITLE), gold), learned(fast=True))
    evidence, told = reading.sentences()
    assert told.tolist() == [True, *[False] * (len(told) - 1)]  # the title is none of them
    fitted = fit_sentences([reading] * 400)
    odds = evidence @ [fitted[kind][k] for k in (0, 1) for kind in TYPES] + fitted[HEIGHT]
    assert odds.argmax() == 0


def test_logistic_regression_finds_the_weights_that_made_its_data() -> None:
    random = np.random.default_rng(4)
    x = np.concatenate([random.normal(size=(20_000, 2)), np.ones((20_000, 1))], axis=1)
    right = random.random(20_000) < 1 / (1 + np.exp(-x @ [1.5, -0.5, -1.0]))
    assert logistic_regression(x, right.astype(float), np.full(3, 1e-6)) == pytest.approx([1.5, -0.5, -1.0], abs=0.06)
    assert abs(logistic_regression(x, right.astype(float), np.array([1e9, 1e-6, 1e-6]))[0]) < 0.01
