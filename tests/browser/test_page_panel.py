"""The side panel of the written page: lists by province, what the filters hide, where the focus goes."""

from __future__ import annotations

import pytest
from view_sample import generated, marked

from kg.model import Region
from kg.view import html_page, practice_graph

pytestmark = pytest.mark.slow

ZHEJIANG = ("浙江省", "杭州市", "拱墅区", "米市巷街道")
YUNNAN = ("云南省", "昆明市", "五华区", "华山街道")
NINGBO = ("浙江省", "宁波市", "鄞州区", "白鹤街道")


def told(name, path, words="采取{formats:集中授课}", **facts):
    """An article of one practice; a path of one place could not be put on the tree of regions."""
    record, text = marked(
        f"{{region:{path[-1]}}}开设“{{programme:{name}}}”，{words}。", file=f"{name}.txt", path=path, **facts
    )
    if len(path) == 1:
        record = record.model_copy(update={"regions": (Region(name=path[0]),)})
    return record, text


@pytest.fixture
def five(open_page):
    """The page of five practices, whose names are not in the order of their provinces."""
    places = {"甲课堂": ZHEJIANG, "乙课堂": YUNNAN, "丙课堂": NINGBO, "丁课堂": ("彩虹桥头",), "戊课堂": ZHEJIANG}
    return lambda **options: open_page(
        html_page(practice_graph(told(name, path) for name, path in places.items())), **options
    )


def test_a_list_stands_by_province_and_counts_provinces_only(five):
    opened = five()
    opened.search("集中授课")
    page = opened.page
    assert page.locator("#panel h4").all_inner_texts() == ["云南省", "浙江省", "地区不明"]
    assert page.locator("#panel .case > .link").all_inner_texts() == ["乙课堂", "丙课堂", "戊课堂", "甲课堂", "丁课堂"]
    assert page.locator("#panel h3").first.inner_text() == "5 项实践，2 个省份"


def pale(page):
    """Whether anything in the picture stands back: opaque ink is gone where the nodes are."""
    return page.evaluate(
        """() => {
          const { width, height } = document.querySelector("#picture canvas");
          const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
          copy.drawImage(document.querySelector("#picture canvas"), 0, 0);
          const { data } = copy.getImageData(0, 0, width, height);
          let inked = 0;
          for (let at = 3; at < data.length; at += 4) if (data[at] > 200) inked += 1;
          return inked < 2000;
        }"""
    )


def hides(page, told):
    """The panel says that the filters hide what is chosen, or does not; then the picture is not pale."""
    page.wait_for_timeout(600)
    assert page.is_visible("#filtered") == told
    if told:
        assert not pale(page), "all of the picture stands back for something that is not in it"


@pytest.mark.parametrize("locale, notice", [("zh-CN", "被筛选隐去"), ("en-US", "filters hide")])
def test_what_the_filters_hide_is_told_and_the_picture_does_not_fade(five, locale, notice):
    opened = five(locale=locale)
    page = opened.page
    region = {
        name: page.locator("#region option", has_text=name).first.get_attribute("value")
        for name in ("浙江省", "云南省")
    }
    # Filter, then search: a region, a practice; the filter stays.
    page.select_option("#region", region["浙江省"])
    for outside in ("云南省", "乙课堂"):
        opened.search(outside)
        hides(page, True)
        assert notice in page.inner_text("#filtered")
        assert page.input_value("#region") == region["浙江省"]
    # Out of a list in the panel, in and out of the filter.
    opened.search("集中授课")
    hides(page, False)
    for name, outside in (("乙课堂", True), ("甲课堂", False)):
        opened.search("集中授课")
        page.click(f"#panel .case > .link >> text={name}")
        hides(page, outside)
    # A filter that comes after the choice.
    page.select_option("#region", region["云南省"])
    hides(page, True)
    page.click("#unfilter")
    hides(page, False)
    assert page.input_value("#region") == ""
    assert page.inner_text("#panel h2") == "甲课堂"
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.uncheck("#kinds input[value=practice]")
    hides(page, True)
    page.click("#close")
    assert page.is_hidden("#panel")
    assert opened.complaints == []


def test_what_is_not_drawn_is_hidden_with_its_practices(open_page):
    graph = practice_graph(
        [told("甲课堂", ZHEJIANG, "{outcomes:举办12场}"), told("乙课堂", YUNNAN, "{outcomes:培训骨干8名}")]
    )
    opened = open_page(html_page(graph, max_nodes=len(graph.nodes) - 1))
    page = opened.page
    option = page.locator("#region option", has_text="浙江省").first.get_attribute("value")
    page.select_option("#region", option)
    for outcome, outside in (("培训骨干8名", True), ("举办12场", False)):
        opened.search(outcome)
        assert page.locator("#panel .badge", has_text="图中略去").count() == 1
        assert page.is_visible("#filtered") == outside


def test_the_focus_follows_a_link_of_the_panel_and_stays_in_the_search(five):
    opened = five()
    page = opened.page
    opened.search("集中授课")
    assert page.evaluate("document.activeElement.id") == "search", "the next search can be typed at once"
    page.locator("#panel .case > .link").first.focus()
    page.keyboard.press("Enter")
    assert page.inner_text("#panel h2") == "乙课堂"
    assert page.evaluate("document.activeElement === document.querySelector('#panel h2')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "云南省", "the next stop is the first link below it"


@pytest.mark.parametrize("width, height", [(390, 844), (1366, 440)])
def test_the_legend_ends_above_the_zoom_buttons(open_page, width, height):
    # The page tells what it leaves out, which makes the legend long.
    opened = open_page(html_page(practice_graph(generated(200)), max_nodes=100), width=width, height=height)
    page = opened.page
    page.evaluate("document.getElementById('legend').open = true")
    for choose in (None, "重庆市"):
        if choose:
            opened.search(choose)
        page.wait_for_timeout(300)
        legend, zoom = (page.locator(name).bounding_box() for name in ("#legend", "#zoom"))
        assert legend["y"] + legend["height"] <= zoom["y"]
        assert legend["height"] > 60, "some of it is to be seen"
        page.locator("#kinds input").last.check()
