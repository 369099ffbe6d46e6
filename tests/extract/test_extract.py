"""The whole extraction: what must be found, that every span holds, that nothing depends on the company."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from extract_samples import LEAD, PLAIN, TITLE, article, sample_articles, unfaithful
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from threadpoolctl import threadpool_info, threadpool_limits

from kg.extract import extract, extract_all, load, pipeline
from kg.extract.learned.links import LinkModel
from kg.extract.learned.phrases import PhraseModel
from kg.extract.text.layout import lay_out
from kg.extract.text.quotes import find_quotations
from kg.model import SLOTS, ArticleRecord, Practice, Value

OBVIOUS = "柳溪街道办起“邻里课堂”\n今年以来，柳溪街道开办“邻里课堂”，组织居民学习急救知识，累计600余人次参加。"


def named(record: ArticleRecord, name: str) -> Practice:
    (found,) = [one for one in record.practices if one.programme.text == name]
    return found


@cache
def fast() -> Language:
    """The pipeline without the transformer: what a test asks of the decisions' form, either gives."""
    return load(fast=True)


@cache
def sample_records(without_transformer: bool, most: int | None = None) -> list[ArticleRecord]:
    return list(extract_all(sample_articles()[:most], fast() if without_transformer else None))


# What must be found: plain sentences about invented places, each of which says all about one named practice.
@pytest.mark.parametrize(
    ("text", "name", "region", "figure"),
    [
        (OBVIOUS, "邻里课堂", "柳溪街道", (600, "人次", ">")),
        (
            "青石镇开设“田间夜校”\n近日，青石镇开设“田间夜校”，请农技员为果农授课，已举办32期，培训果农1.2万人次。",
            "田间夜校", "青石镇", (12000, "人次", "="),
        ),
        (
            "枫桥社区推出“银发学堂”\n枫桥社区推出“银发学堂”，教老年人使用智能手机，目前已开课45场。",
            "银发学堂", "枫桥社区", (45, "场", "="),
        ),
    ],
)  # fmt: skip
def test_an_obvious_practice_is_found_with_its_place_and_figure(
    text: str, name: str, region: str, figure: tuple[float, str, str]
) -> None:
    record = extract(article(text, title=text.partition("\n")[0]))
    practice = named(record, name)
    assert practice.named and not practice.planned
    assert practice.region is not None and practice.region.text == region
    assert figure in {(one.value, one.unit, one.comparator) for p in record.practices for one in p.outcomes}
    assert figure in {(one.value, one.unit, one.comparator) for one in practice.outcomes}


def test_the_slots_of_a_plain_article_are_found() -> None:
    record = extract(article(PLAIN, title=TITLE))
    assert named(record, "邻里课堂").region is not None
    words = {
        slot: {v.text for p in record.practices for s, v in p.values() if s == slot} for slot in ("audiences", "dates")
    }
    assert any("老年人" in text for text in words["audiences"])
    assert any("每周五" in text for text in words["dates"])
    assert any("防诈骗" in v.text for p in record.practices for v in p.topics)


@pytest.mark.parametrize(
    "text",
    [
        "昨日，沪深两市小幅收涨，成交额较前一日略有放大，银行板块领涨。",
        "昨晚，主队凭借加时赛的进球以三比二战胜客队，晋级下一轮。",
    ],
)
def test_what_is_no_practice_gives_no_named_one(text: str) -> None:
    assert [one.programme.text for one in extract(article(text)).practices if one.named] == []


@pytest.mark.slow
@pytest.mark.parametrize("without_transformer", [True, False])
def test_every_value_of_the_sample_articles_equals_its_text_and_leads_to_the_original(
    without_transformer: bool,
) -> None:
    records = sample_records(without_transformer)
    assert sum(len(record.practices) for record in records) > 100
    for source, record in zip(sample_articles(), records, strict=True):
        assert unfaithful(record, source) == []
        assert (record.file, record.content_hash) == (source.file, source.content_hash)


@pytest.mark.parametrize("most", [12, pytest.param(None, marks=pytest.mark.slow)])
def test_ids_are_unique_and_in_order_and_parents_make_no_circle(most: int | None) -> None:
    for record in sample_records(True, most):
        assert [one.id for one in record.practices] == [f"p{i + 1}" for i in range(len(record.practices))]
        starts = [one.programme.start for one in record.practices]
        assert starts == sorted(starts)
        above = {one.id: one.part_of.practice for one in record.practices if one.part_of}
        for practice in record.practices:
            at: str | None = practice.id
            for _ in record.practices:
                at = above.get(at) if at else None
            assert at is None, f"{record.file}: {practice.id} lies above itself"


@pytest.mark.parametrize("most", [12, pytest.param(None, marks=pytest.mark.slow)])
def test_words_are_in_one_slot_of_a_practice(most: int | None) -> None:
    for record in sample_records(True, most):
        for practice in record.practices:
            words = [text for slot in SLOTS for text in {value.text for value in getattr(practice, slot)}]
            assert len(words) == len(set(words)), f"{record.file}: {practice.id} {sorted(words)}"


@pytest.mark.parametrize("most", [12, pytest.param(None, marks=pytest.mark.slow)])
def test_no_value_has_one_mark_of_a_quotation_alone(most: int | None) -> None:
    for record, source in zip(sample_records(True, most), sample_articles(), strict=False):
        quotations = find_quotations(source.text, lay_out(source.text, source.title_span))
        for practice in record.practices:
            for slot, value in practice.values():
                for one in quotations:
                    opened, closed = (value.start <= at < value.end for at in (one.start - 1, one.end))
                    assert opened == closed, f"{record.file}: {practice.id} {slot} {value.text}"


def test_a_code_is_no_practice() -> None:
    code = "BH202416"
    record = extract(
        article(f"枫桥镇公告\n枫桥镇将{code}交付使用，面积20亩，枫桥镇{code}由镇政府管理，服务居民600余人次。")
    )
    assert code not in {practice.programme.text for practice in record.practices}


def test_an_untrue_record_would_be_seen() -> None:
    source = article(OBVIOUS)
    record = extract(source)
    assert record.practices and unfaithful(record, source) == []
    moved = replace(source, text=source.text[1:] + "。")
    assert unfaithful(record, moved) != []


@pytest.mark.slow
@given(st.data())
@settings(max_examples=25, deadline=None)
def test_spans_hold_in_mutated_articles_too(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([PLAIN, OBVIOUS, LEAD]))
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        put_in = data.draw(st.text(alphabet='“”‘’《》「"、，。\n\u3000 第３一万余多0aé𠮷\r\t(（', max_size=4))
        text = text[:start] + put_in * data.draw(st.sampled_from([1, 1, 3])) + text[end:]
    source = article(text, published=data.draw(st.sampled_from([None, "2024-05", "2024-05-20"])))
    assert unfaithful(extract(source), source) == []


@given(st.text(max_size=60))
@settings(max_examples=25, deadline=None)
def test_any_text_at_all_is_survived(text: str) -> None:
    source = article(text)
    assert unfaithful(extract(source), source) == []


@pytest.mark.parametrize("text", ["", "\n", " ", "。", "\n\n\u3000\n", "，", "“", "2024", "a", "\r\n"])
def test_next_to_nothing_gives_no_practice_and_no_error(text: str) -> None:
    assert extract(article(text)).practices == ()


def test_the_same_article_twice_gives_the_same_bytes() -> None:
    source = article(PLAIN, title=TITLE)
    assert extract(source).to_json() == extract(source).to_json()


@pytest.mark.parametrize(("without_transformer", "size"), [(True, 8), (False, 2)])
def test_an_article_gives_the_same_in_any_company(without_transformer: bool, size: int) -> None:
    nlp = fast() if without_transformer else None
    chosen = sorted(sample_articles(), key=lambda one: len(one.text))[:size]
    alone = [extract(one, nlp).to_json() for one in chosen]
    assert [record.to_json() for record in extract_all(chosen, nlp)] == alone
    backwards = list(extract_all(reversed(chosen), nlp))
    assert [record.to_json() for record in reversed(backwards)] == alone


def test_sums_are_made_on_one_thread_whatever_the_machine_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """More would add in another order: a confidence was 0.8149 on one thread and 0.8148 on two."""
    threads = []

    def counted(function: Callable[..., object]) -> Callable[..., object]:
        def count(*given: object) -> object:
            # NumPy's own: SciPy, which other tests load, brings one that the extraction does not use
            threads.extend(one["num_threads"] for one in threadpool_info() if "numpy" in one["filepath"])
            return function(*given)

        return count

    monkeypatch.setattr(PhraseModel, "read", counted(PhraseModel.read))
    monkeypatch.setattr(LinkModel, "score", counted(LinkModel.score))
    with threadpool_limits(2, user_api="blas"):
        assert extract(article(OBVIOUS), fast()).practices
    assert len(threads) > 2 and set(threads) == {1}


def test_batches_keep_the_order_and_lose_nothing() -> None:
    many = [article(f"第{i}号街道开办“课堂{i}号”。" + "居民来听课。" * 400, f"{i}.txt") for i in range(12)]
    assert sum(len(one.text) for one in many) > 20_000  # more than one batch
    assert [record.file for record in extract_all(many, fast())] == [one.file for one in many]
    assert list(extract_all([], fast())) == []


def test_lines_of_json_read_back_to_the_same_record() -> None:
    for record in sample_records(True, 12):
        line = record.to_json()
        assert "\n" not in line
        again = ArticleRecord.model_validate(json.loads(line))
        assert again == record


def test_confidence_bound_leaves_out_what_is_below() -> None:
    record = extract(article(PLAIN, title=TITLE))
    everything = [value for practice in record.practices for _, value in practice.values()]
    bound = sorted(value.confidence for value in everything)[len(everything) // 2]
    assert bound > 0
    kept: list[Value] = [value for practice in record.above(bound).practices for _, value in practice.values()]
    assert kept and all(value.confidence >= bound for value in kept)
    assert len(kept) < len(everything)


# Very long articles: what lies beyond the limit is not looked at, and the record says so.
LONG_LINE = (OBVIOUS.replace("\n", "。") + "居民们来听课、下棋、聊天，都说好。") * 3000
LIMIT = 4_000


@pytest.fixture
def low_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the limit, for speed."""
    assert pipeline._LONGEST == 10 * LIMIT
    monkeypatch.setattr(pipeline, "_LONGEST", LIMIT)


@pytest.mark.usefixtures("low_limit")
@pytest.mark.parametrize("end", ["。", "。\n", "！"])
def test_of_a_very_long_article_the_first_part_is_looked_at_and_the_record_says_so(end: str) -> None:
    source = article(LONG_LINE.replace("。", end)[: 5 * LIMIT])
    record = extract(source, fast())
    (note,) = record.notes
    length = int(note.split()[-1])
    assert f"{5 * LIMIT} characters" in note
    assert LIMIT // 2 < length <= LIMIT
    assert source.text[:length].endswith(end.strip())  # whole sentences or paragraphs
    assert record.text_hash == hashlib.sha256(source.text.encode()).hexdigest()  # the article is still the whole one
    assert named(record, "邻里课堂")
    assert max(value.end for practice in record.practices for _, value in practice.values()) <= length
    assert unfaithful(record, source) == []


@pytest.mark.usefixtures("low_limit")
def test_no_ends_at_all_are_no_endless_sentence() -> None:
    source = article("居民听课" * LIMIT)
    record = extract(source, fast())
    assert len(record.notes) == 1
    assert unfaithful(record, source) == []


@pytest.mark.usefixtures("low_limit")
def test_an_article_below_the_limit_is_looked_at_to_its_end() -> None:
    text = "居民们来听课。\n" * ((LIMIT - len(OBVIOUS)) // 8) + OBVIOUS
    record = extract(article(text), fast())
    assert record.notes == ()
    assert named(record, "邻里课堂").programme.start > LIMIT * 0.9


@pytest.mark.usefixtures("low_limit")
def test_notes_of_reading_are_kept_beside() -> None:
    source = replace(article("居民们来听课。\n" * LIMIT), notes=("two lines were decoded again",))
    first, second = extract(source, fast()).notes
    assert first == "two lines were decoded again"
    assert f"{8 * LIMIT} characters" in second


@pytest.mark.slow
def test_a_line_of_200_000_characters_needs_bounded_memory() -> None:
    source = article(LONG_LINE[:200_000])
    extract(article(OBVIOUS))  # the models are there already
    tracemalloc.start()
    record = extract(source)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert record.practices
    assert peak < 400_000_000
