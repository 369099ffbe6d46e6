"""Candidate phrases and lists: what can be a value at all, and what is taken along with it."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from extract_samples import LEAD, PLAIN, PROJECT, TITLE, article, bare_page, sample_articles

from kg.extract.learned.candidates import LONGEST, candidate_phrases
from kg.extract.learned.phrases import TYPES, Phrase, PhraseTable, phrase_table
from kg.extract.practices.lists import complete_lists
from kg.extract.text.page import Page
from kg.extract.text.quotes import quotation_lists
from kg.extract.text.words import make_page, make_pages


def candidates(page: Page) -> set[str]:
    return {page.text[start:end] for _, _, start, end in candidate_phrases(page).tolist()}


def test_the_values_of_a_plain_article_are_candidates() -> None:
    wanted = {"邻里课堂", "柳溪街道", "社区活动室", "律师", "老年人", "防诈骗知识"}
    assert wanted <= candidates(make_page(article(LEAD)))


def test_rows_are_words_in_order_within_a_clause() -> None:
    page = make_page(article(PLAIN, title=TITLE))
    rows = candidate_phrases(page).tolist()
    assert len(rows) > 50
    assert [(start, end) for _, _, start, end in rows] == sorted({(start, end) for _, _, start, end in rows})
    quoted = {(q.start, q.end) for q in page.quotations}
    for first, last, start, end in rows:
        assert 0 <= start < end <= len(page.text)
        assert page.words[first][0] <= start < page.words[first][1]
        assert page.words[last][0] < end <= page.words[last][1]
        if (start, end) not in quoted:
            assert end - start <= LONGEST
            assert not set(page.text[start:end]) & set("，。；：！？\n")


def test_a_quotation_is_a_candidate_whatever_is_in_it() -> None:
    name = "一起来，把课堂办到田埂上、院坝里、果园中去"
    assert name in candidates(make_page(article(f"村里办起“{name}”活动。")))
    assert "好" not in candidates(make_page(article("村里说“好”。")))


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("街道干部实地调研了三个村。", "实地调研"),
        ("在四川绵阳，社区办起夜校。", "绵阳"),
        ("昨天，柳荫街道办事处举办讲座。", "柳荫街道"),
        ("昨天，柳荫街道办事处举办讲座。", "柳荫街道办事处"),
    ],
)
def test_an_adverb_opens_a_phrase_and_a_place_within_a_longer_name_is_one(text: str, phrase: str) -> None:
    assert phrase in candidates(make_page(article(text)))


def test_no_candidate_goes_over_one_mark_of_a_quotation_that_ends_elsewhere() -> None:
    text = "村里组织“银发志愿讲解”队伍宣传防火知识。"
    assert "讲解队伍" in candidates(make_page(article(text.replace("“", "").replace("”", ""))))
    found = candidates(make_page(article(text)))
    assert "队伍" in found and not any(one.startswith("讲解”") for one in found)


@pytest.mark.parametrize("text", ["", "\n", "。", "，，，", "“”", "1"])
def test_no_words_no_candidates(text: str) -> None:
    assert candidate_phrases(make_page(article(text))).shape == (0, 4)


def test_nearly_all_values_of_the_sample_gold_are_candidates() -> None:
    """What is no candidate can never be found (of the shared gold 95 to 100 %, module docstring)."""
    gold = {}
    for line in (PROJECT / "data" / "gold" / "sample.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        gold[row["file"]] = row["practices"]
    articles = [one for one in sample_articles() if one.file in gold]
    assert len(articles) > 30
    reached = total = 0
    for one, page in zip(articles, make_pages(articles), strict=True):
        found = candidates(page)
        for practice in gold[one.file]:
            for slot in ("formats", "audiences", "topics", "organisers", "partners", "venues", "channels"):
                for value in practice.get(slot, ()):
                    total += 1
                    reached += value in found or any(value in c and len(c) * 2 <= len(value) * 3 for c in found)
    assert total > 500
    assert reached / total > 0.93


def table_of(page: Page) -> tuple[PhraseTable, np.ndarray]:
    table = phrase_table(page)
    return table, np.zeros((len(table.rows), len(TYPES)), np.float32)


def completed(text: str, known: str) -> list[str]:
    """A list's members when one is known, and nothing is known of the others."""
    page = make_page(article(text))
    table, scores = table_of(page)
    start = text.index(known)
    phrase = Phrase(start, start + len(known), "formats", 0.8)
    return [text[p.start : p.end] for p in complete_lists(page, table, scores, "formats", [phrase])]


@pytest.mark.parametrize(
    ("text", "known", "members"),
    [
        ("开展知识讲座、手工体验、亲子阅读等活动。", "知识讲座", ["知识讲座", "手工体验", "亲子阅读"]),
        ("开展知识讲座、手工体验、亲子阅读等活动。", "手工体验", ["手工体验", "亲子阅读"]),
        ("开展“知识讲座”“手工体验”等活动。", "知识讲座", ["知识讲座"]),
        ("开展知识讲座。手工体验、亲子阅读等也来了。", "知识讲座", ["知识讲座"]),
        ("开展知识讲座，受到好评。", "知识讲座", ["知识讲座"]),
        ("开展知识讲座、手工体验和亲子阅读。", "知识讲座", ["知识讲座", "手工体验"]),
    ],
)
def test_members_of_a_list_are_taken_along(text: str, known: str, members: list[str]) -> None:
    found = completed(text, known)
    assert [one for one in found if one in members] == members
    assert "知识讲座。手工体验" not in "".join(found)


@pytest.mark.parametrize(
    ("text", "known"),
    [("党员、群众积极参与学习。", "党员"), ("律师、民警平等交流。", "律师"), ("村民、干部及时清扫。", "村民")],
)
def test_a_conjunction_within_a_word_ends_no_member(text: str, known: str) -> None:
    assert completed(text, known) == [known]


def test_members_are_surer_of_themselves_than_their_neighbours() -> None:
    text = "开展知识讲座、手工体验、亲子阅读等活动。"
    page = make_page(article(text))
    table, scores = table_of(page)
    start = text.index("知识讲座")
    found = complete_lists(page, table, scores, "formats", [Phrase(start, start + 4, "formats", 0.8)])
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert found[0].score == 0.8 and found[-1].score < 0.8
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_quotations_side_by_side_are_one_list() -> None:
    page = bare_page("开设“邻里课堂”“书香小站”、“银发讲堂”等栏目，另有“暖心驿站”。讲《礼记》和《论语》。")
    lists = [[page.text[q.start : q.end] for q in group] for group in quotation_lists(page)]
    assert lists == [["邻里课堂", "书香小站", "银发讲堂"], ["暖心驿站"]]
