"""The side panel of the written page: lists by province, what the filters hide, where the focus goes."""

from __future__ import annotations

import pytest
from view_sample import marked

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
