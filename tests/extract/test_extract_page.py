"""The page: layout, clauses and quotations."""

from __future__ import annotations

import pytest
from extract_samples import PLAIN, TITLE, bare_page
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.text.layout import clauses, lay_out
from kg.extract.text.quotes import whole_quotations

TEXT = st.text(alphabet="甲乙丙1.0 \u3000\n。！；，、：:,—…“”‘’「」《》（）\"'a", max_size=120)


def quoted(text: str) -> list[tuple[str, str, int]]:
    return [(text[q.start : q.end], q.mark, q.depth) for q in bare_page(text).quotations]


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in lay_out(text).sentences]


def test_title_heading_body() -> None:
    text = f"{TITLE}\n一、课堂开到楼下\n街道每周开课。\n“好！”\n他说：\n\n   \n尾声"
    layout = lay_out(text, (0, len(TITLE)))
    kinds = [(text[p.start : p.end], p.kind) for p in layout.paragraphs]
    assert kinds == [
        (TITLE, "title"),
        ("一、课堂开到楼下", "heading"),
        ("街道每周开课。", "body"),
        ("“好！”", "body"),
        ("他说：", "body"),
        ("尾声", "heading"),
    ]


def test_a_long_line_without_a_full_stop_is_no_heading() -> None:
    assert lay_out("街道开课" * 20).paragraphs[0].kind == "body"
    assert lay_out("街道开课").paragraphs[0].kind == "heading"


def test_without_a_title_nothing_is_one() -> None:
    assert {paragraph.kind for paragraph in lay_out(PLAIN).paragraphs} == {"heading", "body"}


@given(TEXT)
def test_paragraphs_are_the_lines_and_sentences_tile_them(text: str) -> None:
    layout = lay_out(text)
    assert [text[p.start : p.end] for p in layout.paragraphs] == [line for line in text.split("\n") if line.strip()]
    for paragraph in layout.paragraphs:
        at = paragraph.start
        for start, end in paragraph.sentences:
            assert start == at < end
            at = end
        assert at == paragraph.end


@given(TEXT)
def test_clauses_tile_their_sentence(text: str) -> None:
    for start, end in lay_out(text).sentences:
        at = start
        for begin, stop in clauses(text, start, end):
            assert begin == at < stop
            at = stop
        assert at == end


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("开课了。大家来。", ["开课了。", "大家来。"]),
        ("“开课了。”他说。", ["“开课了。”", "他说。"]),
        ("讲了《好。不好？》一课。再讲。", ["讲了《好。不好？》一课。", "再讲。"]),
        ("课堂（每周开。免费）来了。好。", ["课堂（每周开。免费）来了。", "好。"]),
        ("讲了《好一课。再讲。又讲。", ["讲了《好一课。", "再讲。", "又讲。"]),
        ("……好！！行？！", ["……", "好！", "！", "行？", "！"]),
        ("没有句号", ["没有句号"]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_a_mark_lost_early_does_not_join_the_rest_of_the_paragraph() -> None:
    text = "街道（办起课堂。" + "居民来听课。" * 60 + "（完）"
    assert len(sentences(text)) > 60


def test_clauses_are_cut_at_either_width_but_not_within_numbers_and_times() -> None:
    text = "今天8:30,街道开课：来了1,200人，坐满——都好。"
    parts = [text[start:end] for start, end in clauses(text, 0, len(text))]
    assert parts == ["今天8:30,", "街道开课：", "来了1,200人，", "坐满——", "都好。"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("办“福邻课堂”。", [("福邻课堂", "“", 0)]),
        ("办“‘红石榴’课堂”班。", [("‘红石榴’课堂", "“", 0), ("红石榴", "‘", 1)]),
        ("讲《“一老一小”》。", [("“一老一小”", "《", 0), ("一老一小", "“", 1)]),
        ("办「邻里」和『书香』、【通知】。", [("邻里", "「", 0), ("书香", "『", 0), ("通知", "【", 0)]),
        ('办"邻里课堂"和"书香课堂"。', [("邻里课堂", '"', 0), ("书香课堂", '"', 0)]),
        ('办"邻里课堂。', []),
        ("办“邻里课堂。", []),
        ("办邻里课堂”。", []),
        ("办“邻里“书香”课堂。", [("书香", "“", 1)]),
        ("办“邻里《书香”课堂。", [("邻里《书香", "“", 0)]),
        ("办“”班。", []),
        ("办“邻里\n课堂”班。", []),
        ('“他说"好"吧”', [('他说"好"吧', "“", 0), ("好", '"', 1)]),
    ],
)
def test_quotations(text: str, found: list[tuple[str, str, int]]) -> None:
    assert quoted(text) == found


def test_a_mark_lost_in_one_paragraph_does_not_spoil_the_next() -> None:
    assert quoted("办“邻里课堂。\n又办“书香课堂”。") == [("书香课堂", "“", 0)]


@given(TEXT)
def test_quotations_are_balanced_and_nested(text: str) -> None:
    page = bare_page(text)
    closing = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", '"': '"'}
    for one in page.quotations:
        assert text[one.start - 1] == one.mark and text[one.end] == closing[one.mark]
        assert "\n" not in text[one.start : one.end]
        for other in page.quotations:  # nested or apart, never crossing
            assert not one.start < other.start < one.end < other.end


@pytest.mark.parametrize(
    ("text", "span", "whole"),
    [
        ("上“邻里课堂”去", "邻里课堂", "邻里课堂"),
        ("上“邻里”课堂去", "邻里”课堂", "“邻里”课堂"),
        ("到村“两委”去", "村“两委", "村“两委”"),
        ("办“一老‘小手”’去", "老‘小", "老‘小"),
        ("办“一‘老”人’去", "老”人", None),
        ("上“邻里课堂”学", "课堂”学", None),
        ("看《“一老一小”》书", "一老一小”》书", "《“一老一小”》书"),
        ("办“邻里课堂去", "办“邻里", "办“邻里"),
    ],
)
def test_a_span_takes_in_the_other_mark_right_beside_it(text: str, span: str, whole: str | None) -> None:
    start = text.index(span)
    found = whole_quotations(bare_page(text), start, start + len(span))
    assert (found and text[slice(*found)]) == whole


@given(TEXT, st.data())
def test_a_span_made_whole_has_both_marks_or_none_of_each_quotation(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    page = bare_page(text)
    found = whole_quotations(page, start, end, (0, len(text)))
    assert found and found[0] <= start and end <= found[1]
    for one in page.quotations:
        assert (found[0] < one.start <= found[1]) == (found[0] <= one.end < found[1])
