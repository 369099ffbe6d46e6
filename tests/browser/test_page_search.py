"""The search of the written page: what it finds, in which order, and what it says where it does not."""

from __future__ import annotations

import pytest
from view_sample import PLACES, generated, marked

from kg.model.iri import derived_iri
from kg.view import html_page, practice_graph
from kg.view.assemble import ConceptLabel

pytestmark = pytest.mark.slow


def rows(opened, words):
    """The rows below the search box, each its label and the small print beside it."""
    opened.page.fill("#search", words)
    opened.page.wait_for_timeout(200)
    return [row.split("\n") for row in opened.page.locator("#results li").all_inner_texts()]


@pytest.fixture(scope="module")
def many():
    return practice_graph(generated(200))


def test_a_page_of_some_practices_says_so(open_page, many):
    opened = open_page(html_page(many, max_nodes=100))
    data = opened.page.evaluate('JSON.parse(document.getElementById("data").textContent)')
    held, total = len(data["practices"]), len(many.practices)
    assert held < total
    absent = next(item.name for item in many.practices if item.name not in {thing["l"] for thing in data["things"]})
    (found,), (told,) = rows(opened, absent)
    assert found == "没有找到"
    assert f"{total} 项实践中的 {held} 项" in told and "kg serve" in told and "--max-nodes 0" in told
    whole = sum(item.path[0].name == "重庆市" for item in many.practices)
    region = opened.page.locator("#region option")
    assert region.first.inner_text() == f"全部地区 (本页 {held}，全库 {total})"
    assert region.filter(has_text="重庆市").inner_text().endswith(f"，全库 {whole})")
    assert opened.complaints == []


def test_a_page_of_all_practices_says_nothing_of_it(open_page, many):
    opened = open_page(html_page(many, max_nodes=0))
    assert rows(opened, "查无此名") == [["没有找到"]]
    assert opened.page.locator("#region option").first.inner_text() == "全部地区"
    whole = sum(item.path[0].name == "重庆市" for item in many.practices)
    assert opened.page.locator("#region option", has_text="重庆市").inner_text() == f"重庆市 ({whole})"


def test_a_whole_label_stands_first_and_names_that_are_alike_tell_their_place(open_page):
    party = derived_iri("concept", "党员")
    told = [
        marked(
            f"{{region:{path[-1]}}}开设“{{programme:课堂{number}}}”，由{{organisers:党员}}和{{partners:党员志愿队}}主讲，"
            f"面向{{audiences:党员骨干}}，{{outcomes:举办12场}}。",
            file=f"{number}.txt",
            path=path,
            concepts={"党员骨干": party},
        )
        for number, path in enumerate(PLACES[2:5])
    ]
    labels = {party: ConceptLabel("党员", "Party members")}
    opened = open_page(html_page(practice_graph(told, labels=labels)))
    found = rows(opened, "党员")
    assert found[0] == ["党员", "对象"], "the audience of three practices before organisations of one"
    assert sorted(row[1] for row in found[1:4]) == [
        "四川省 成都市 武侯区",
        "江苏省 苏州市 姑苏区",
        "湖南省 长沙市 望城区",
    ]
    assert [row[0] for row in found] == ["党员"] * 4 + ["党员志愿队"] * 3
    assert rows(opened, "party members")[0][0] == "党员"
    assert rows(opened, "党员 姑苏区")[0] == ["党员", "江苏省 苏州市 姑苏区"]
    assert {row[1] for row in rows(opened, "举办12场")} == {row[1] for row in found[1:4]}
    opened.search("党员 姑苏区")
    assert opened.page.locator("#panel .tags .region").all_inner_texts() == ["江苏省", "苏州市", "姑苏区"]
    assert opened.complaints == []


def test_every_wording_of_a_concept_is_found(open_page):
    poor = derived_iri("concept", "困难家庭")
    wordings = ("低保户", "特困户", "困难家庭")
    told = [
        marked(
            "{region:平江街道}开设“{programme:板凳课堂}”，面向{audiences:低保户}、{audiences:特困户}和{audiences:困难家庭}。",
            file="a.txt",
            path=PLACES[4],
            concepts=dict.fromkeys(wordings, poor),
        )
    ]
    opened = open_page(html_page(practice_graph(told, labels={poor: ConceptLabel("困难家庭")})))
    for wording in wordings:
        assert rows(opened, wording) == [["困难家庭", "对象"]], wording
    opened.search("特困户")
    assert opened.page.inner_text("#panel h2") == "困难家庭"
    assert opened.page.locator("#panel mark").all_inner_texts() == list(wordings)
    assert opened.complaints == []


def test_results_beyond_the_thirtieth_are_counted(open_page, many):
    opened = open_page(html_page(many, max_nodes=0))
    named = sum("课堂" in item.name for item in many.practices)
    assert named > 30
    found = rows(opened, "课堂")
    assert len(found) == 31
    assert found[-1] == [f"另有 {named - 30} 项，请加词"]
    # The keys go round the thirty.
    opened.page.press("#search", "ArrowUp")
    assert opened.page.locator("#results li[aria-selected=true]").get_attribute("id") == "result-29"
    opened.page.press("#search", "ArrowDown")
    assert opened.page.locator("#results li[aria-selected=true]").get_attribute("id") == "result-0"
    assert opened.complaints == []
