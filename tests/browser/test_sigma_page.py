"""The page that sigma draws, in a real browser with WebGL in software and the network refused."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from opened_page import WEBGL_SWITCHES, Opened
from view_sample import generated, marked, realistic

from kg.view import Picture, html_page, practice_graph
from kg.view.picture.sigma import sigma_installed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sigma_installed(), reason="ipysigma is not installed (extra sigma)"),
]


@pytest.fixture(scope="module")
def browser(chromium_started: Callable[..., Any]) -> Iterator[Any]:
    """A Chromium that draws WebGL on the processor, in place of the one without."""
    started = chromium_started(WEBGL_SWITCHES)
    yield started
    started.close()


@pytest.fixture(scope="module")
def graph():
    return practice_graph(realistic())


@pytest.fixture(scope="module")
def html(graph):
    return html_page(graph, renderer="sigma")


def quiet(opened: Opened) -> None:
    assert opened.requests == []
    # The browser's own remark on reading a pixel back, which the page does once.
    assert [item for item in opened.complaints if "GPU stall due to ReadPixels" not in item] == []


def colours(opened: Opened) -> dict[tuple[int, int, int], int]:
    """Colour → pixels of the middle of the stage, as a viewer sees it."""
    image_module = pytest.importorskip("PIL.Image")
    opened.page.wait_for_timeout(400)
    picture = image_module.open(io.BytesIO(opened.page.locator("#stage").screenshot())).convert("RGB")
    width, height = picture.size
    middle = picture.crop((width * 2 // 5, height // 10, width * 9 // 10, height * 4 // 5))
    return {colour: count for count, colour in middle.getcolors(maxcolors=2**24)}


def near(found: dict[tuple[int, int, int], int], wanted: str) -> int:
    """Pixels of about this colour."""
    aim = tuple(int(wanted[at : at + 2], 16) for at in (1, 3, 5))
    return sum(
        count for colour, count in found.items() if max(abs(a - b) for a, b in zip(colour, aim, strict=True)) < 12
    )


def middle_of(opened: Opened, wanted: str) -> tuple[float, float]:
    """Where on the page most of this colour stands: the middle of its largest run in a row of pixels of the stage."""
    image_module = pytest.importorskip("PIL.Image")
    opened.page.wait_for_timeout(400)
    box = opened.page.locator("#stage").bounding_box()
    picture = image_module.open(io.BytesIO(opened.page.locator("#stage").screenshot())).convert("RGB")
    aim = tuple(int(wanted[at : at + 2], 16) for at in (1, 3, 5))
    spots = [
        (x, y)
        for y in range(picture.height)
        for x in range(220, picture.width)  # right of the legend
        if max(abs(a - b) for a, b in zip(picture.getpixel((x, y)), aim, strict=True)) < 4
    ]
    counts = Counter(y for _, y in spots)
    row = max(counts, key=lambda y: (counts[y], -y))
    columns = sorted(x for x, y in spots if y == row)
    return box["x"] + columns[len(columns) // 2], box["y"] + row


PAPER, PRACTICE, FORMAT, OUTCOME = "#fbfaf7", "#c2410c", "#0f766e", "#be185d"
"""Of kg/view/picture/page/page.css, light."""


def test_it_draws_in_the_colours_of_the_kinds(open_page, html):
    opened = open_page(html)
    found = colours(opened)
    assert near(found, PAPER) < sum(found.values()) * 0.97, "there is nothing but paper"
    for kind in (PRACTICE, FORMAT, OUTCOME):
        assert near(found, kind) > 100
    assert int(opened.data("drawn")) > 0
    quiet(opened)


def test_search_selects_and_centres(open_page, html):
    opened = open_page(html)
    opened.search("集中授课")
    opened.page.wait_for_selector("#panel:not([hidden]) blockquote")
    assert opened.page.inner_text("#panel h2") == "集中授课"
    found = colours(opened)
    assert near(found, PRACTICE) > 0
    # All that is not near the chosen node is pale: no practice but its own keeps the full colour.
    opened.page.keyboard.press("Escape")
    opened.page.keyboard.press("Escape")
    opened.page.wait_for_selector("#panel", state="hidden")
    assert near(colours(opened), PRACTICE) > near(found, PRACTICE)
    quiet(opened)


def test_the_chosen_node_comes_into_view_and_answers_a_click(open_page):
    record, text = marked(
        "{region:平江街道}开设“{programme:晚间学堂}”，采取{formats:集中授课}，{outcomes:举办12场}。",
        file="a.txt",
        path=("江苏省", "苏州市", "姑苏区", "平江街道"),
    )
    opened = open_page(html_page(practice_graph([(record, text)]), renderer="sigma"))
    opened.search("晚间学堂")
    opened.page.wait_for_timeout(700)
    found = colours(opened)
    for kind in (PRACTICE, FORMAT, OUTCOME):
        assert near(found, kind) > 40, "the neighbourhood is in view"
    opened.page.keyboard.press("Escape")
    opened.page.keyboard.press("Escape")
    opened.page.wait_for_selector("#panel", state="hidden")
    opened.page.mouse.click(*middle_of(opened, OUTCOME))
    opened.page.wait_for_selector("#panel:not([hidden])")
    assert opened.page.inner_text("#panel h2") == "举办12场"
    opened.page.wait_for_timeout(500)  # two clicks in one moment are a double click, which zooms
    opened.page.mouse.click(*middle_of(opened, PRACTICE))
    opened.page.wait_for_function("document.querySelector('#panel h2').textContent === '晚间学堂'")
    quiet(opened)


def test_filters_hide_nodes(open_page, html, graph):
    opened = open_page(html)
    page = opened.page
    assert opened.data("visible") == str(len(graph.nodes))
    assert near(colours(opened), OUTCOME) > 100
    page.uncheck("#kinds input[value=outcome]")
    outcomes = sum(node.kind == "outcome" for node in graph.nodes)
    assert opened.data("visible") == str(len(graph.nodes) - outcomes)
    left = colours(opened)
    assert near(left, OUTCOME) == 0 and near(left, PRACTICE) > 100
    option = page.locator("#region option", has_text="重庆市").first.get_attribute("value")
    page.select_option("#region", option)
    assert int(opened.data("visible")) < len(graph.nodes) / 4
    page.click("#reset")
    assert opened.data("visible") == str(len(graph.nodes))
    assert near(colours(opened), OUTCOME) > 0
    quiet(opened)


def test_many_edges_are_hairlines_and_hidden_with_their_nodes(open_page):
    graph = practice_graph(generated(720))
    opened = open_page(html_page(graph, max_nodes=0))
    assert opened.page.evaluate("typeof libraries.Sigma") == "function", "beyond 2,000 nodes sigma draws by itself"
    whole = colours(opened)
    paper = near(whole, PAPER)
    for kind in ("practice", "region", "format", "audience", "topic", "organisation"):
        opened.page.uncheck(f"#kinds input[value={kind}]")
    left = colours(opened)
    assert near(left, PAPER) > paper and near(left, PRACTICE) == 0
    assert near(left, OUTCOME) > 100
    opened.search("主题1")
    opened.page.wait_for_selector("#panel:not([hidden]) blockquote")
    quiet(opened)


def test_nothing_of_an_article_runs(open_page):
    hostile = "<script>window.ran = 1</script>"
    record, text = marked(
        "{region:<img src=x onerror=alert(2)>}开设“{programme:</script><script>window.ran = 2</script>}”，"
        "采取{formats:<svg onload=alert(4)>}，面向{audiences:@@SCRIPT@@}。",
        file="<b>.txt",
        title=hostile,
        publisher='"><script>window.ran = 3</script>',
        published="2024-01-01",
        path=("重庆市", "江津区", "<img src=x onerror=alert(2)>"),
    )
    opened = open_page(html_page(practice_graph([(record, text)]), title=hostile, renderer="sigma"))
    opened.shows_as_words(hostile, ("window.ran", "svg", "img", "SCRIPT"))
    assert not opened.page.evaluate("'ran' in window")
    quiet(opened)


def test_keyboard_moves_and_zooms_and_does_not_trap(open_page, html):
    opened = open_page(html)
    page = opened.page
    before = page.locator("#stage").screenshot()
    page.focus("#picture")
    for key in ("ArrowRight", "ArrowDown", "+", "+"):
        page.keyboard.press(key)
        page.wait_for_timeout(300)
    assert page.locator("#stage").screenshot() != before
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") != "picture"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    quiet(opened)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_in_both_schemes(open_page, html, scheme):
    opened = open_page(html, width=360, height=740, color_scheme=scheme)
    opened.search("银龄学院")
    opened.page.wait_for_timeout(500)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert opened.page.locator("#stage").bounding_box()["height"] > 200
    assert near(colours(opened), PRACTICE if scheme == "light" else "#fb923c") > 10
    quiet(opened)


def test_in_a_notebook(open_page, graph):
    frame = Picture(graph, height=600, renderer="sigma")._repr_html_()
    opened = open_page(f"<!DOCTYPE html><html data-drawn=0><meta charset=utf-8><body>{frame}")
    inner = opened.page.frame_locator("iframe")
    inner.locator("html[data-drawn]").wait_for(state="attached", timeout=30_000)
    assert inner.locator("#kinds label").count() == 7
    quiet(opened)


@pytest.mark.parametrize(("locale", "said"), [("zh-CN", "没有 WebGL"), ("en-US", "has no WebGL")])
def test_without_webgl_the_page_says_so_and_the_rest_works(open_page, html, locale, said):
    # As in a browser whose graphics are blocked: no canvas gives a WebGL context.
    off = (
        "<script>HTMLCanvasElement.prototype.getContext = ((given) => function (kind, ...more) "
        "{ return /webgl/.test(kind) ? null : given.call(this, kind, ...more); })(HTMLCanvasElement.prototype.getContext)"
        "</script><script>document.documentElement.dataset.drawn = 0</script>"
    )
    policy = html.index("<meta http-equiv"), html.index(">", html.index("<meta http-equiv")) + 1
    opened = open_page(html[: policy[0]] + off + html[policy[1] :], locale=locale)
    page = opened.page
    page.wait_for_selector("html[data-failed=no_webgl]", state="attached")
    assert said in page.inner_text("#welcome")
    opened.search("集中授课")
    page.wait_for_selector("#panel:not([hidden]) blockquote")
    page.uncheck("#kinds input[value=outcome]")
    assert page.is_visible("#welcome"), "the message stays"
    page.click("#language")
    assert said not in page.inner_text("#welcome") and "WebGL" in page.inner_text("#welcome")
    quiet(opened)
