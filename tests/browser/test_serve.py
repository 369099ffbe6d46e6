"""The served page in a real browser that reaches nothing but the server; screenshots go to out/screenshots."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "serve"))

from served import running  # noqa: E402

from kg.model import SLOTS  # noqa: E402

pytestmark = pytest.mark.slow
SHOTS = ROOT / "out" / "screenshots"


@dataclass
class Visit:
    """A page of the server, and what it should not have done."""

    page: Any
    base: str
    left: list[str] = field(default_factory=list)
    """Requests to anything but the server."""
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Visit:
        self.page.goto(self.base + path)
        return self.ready()

    def ready(self) -> Visit:
        self.page.wait_for_selector("html[data-ready]", state="attached", timeout=30_000)
        return self

    def quiet(self) -> None:
        assert self.left == []
        assert self.complaints == []

    def shot(self, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over the sample articles."""
    from kg.pipeline import build

    folder = tmp_path_factory.mktemp("serve") / "store"
    build([ROOT / "data" / "articles"], folder)
    with running(folder, query_seconds=3.0) as address:
        yield address


@pytest.fixture
def visit(browser: Any, base: str) -> Iterator[Callable[..., Visit]]:
    contexts = []

    def opened(width: int = 1440, height: int = 900, **options: Any) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": height}, **{"locale": "zh-CN", "accept_downloads": True, **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(120_000)  # a busy machine may take long: what is tested is what happens
        made = Visit(page, base)

        def only_the_server(route: Any) -> None:
            if route.request.url.startswith(base) or route.request.url.startswith("blob:"):
                route.continue_()
            else:
                made.left.append(route.request.url)
                route.abort()

        context.route("**/*", only_the_server)
        page.on(
            "console", lambda message: message.type in ("error", "warning") and made.complaints.append(message.text)
        )
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        return made

    yield opened
    for context in contexts:
        context.close()


def test_search_open_a_practice_and_follow_a_value_to_its_sentence(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/")
    page = opened.page
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    page.keyboard.type("福课堂")
    page.keyboard.press("Enter")
    opened.ready()
    page.wait_for_selector(".card")
    assert "q=%E7%A6%8F" in page.url, "the state stands in the address"
    page.click(".card h2 a >> text=福课堂")
    page.wait_for_selector(".values")
    chip = page.locator(", ".join(f".chip.slot-{slot}" for slot in SLOTS)).first
    assert page.locator(".proof:visible").count() == 0
    chip.click()
    word = page.locator(".proof:visible mark").first.inner_text()
    assert word and chip.inner_text().startswith(word), "the sentence holds what the chip says"
    page.locator(".proof:visible a").first.click()
    page.wait_for_selector("mark.lit")
    assert page.locator(".text mark.lit").first.inner_text() == word
    chip = page.locator(".record .lit").first
    assert chip.inner_text().startswith(word)
    # The original: the same characters are marked.
    page.click("#tab-original")
    page.wait_for_selector(".text.raw mark")
    chip.click()
    assert page.locator(".text mark.lit").first.inner_text() == word
    opened.quiet()


def test_more_is_offered_only_where_there_is_more(visit: Callable[..., Visit]) -> None:
    opened = visit().go(f"/search?q={quote('福课堂')}")
    page = opened.page
    page.wait_for_selector(".card")
    assert page.locator(".card").count() < 20
    assert page.is_hidden(".more")
    opened.go("/search")
    total = int(page.inner_text(".count-line").split()[0])
    while page.is_visible(".more"):
        before = page.locator(".card").count()
        page.click(".more")
        page.wait_for_function("before => document.querySelectorAll('.card').length > before", arg=before)
    assert page.locator(".card").count() == total > 20
    opened.quiet()


def test_filters_count_and_stand_in_the_address(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/search")
    page = opened.page
    page.wait_for_selector(".card")
    row = page.locator(".facet .tree li button", has_text="湖南省")
    count = row.locator(".count").inner_text()
    row.click()
    page.wait_for_function("n => document.querySelector('.count-line').textContent.startsWith(n + ' 项')", arg=count)
    assert "region=" in page.url
    assert page.locator(".facet .tree li button", has_text="长沙市").count() == 1, "the tree opens below the choice"
    page.reload()
    opened.ready()
    page.wait_for_function("n => document.querySelector('.count-line').textContent.startsWith(n + ' 项')", arg=count)
    page.go_back()
    page.wait_for_function("() => !location.search.includes('region')")
    opened.ready()
    opened.quiet()


def test_language_and_theme_are_switched_and_kept(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/")
    page = opened.page
    assert page.inner_text("h1") == "实践图谱"
    page.click("#language")
    page.wait_for_function("() => document.querySelector('h1').textContent === 'Practice graph'")
    assert page.get_attribute("html", "lang") == "en"
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    opened.go("/search?q=" + quote("夜校"))
    assert "practices:" in page.inner_text(".count-line")
    assert page.evaluate("document.documentElement.dataset.theme") in ("dark", "light")
    opened.quiet()


PAGES = {
    "home": "/",
    "search": "/search?q=" + quote("夜校"),
    "practice": "/practice?id=",
    "article": "/article?file=retold-shuangfu.txt&at=167-171",
    "matrix": "/compare",
    "regions": "/compare?view=sides",
    "pair": "/compare?view=pair&one=",
    "timeline": "/timeline?kind=format&id=vocab/format/teaching",
    "map": "/map?kind=format&id=vocab/format/teaching",
    "graph": "/graph",
    "neighbourhood": "/graph?id=",
    "sparql": "/query?name=practices-by-province",
}


@pytest.fixture(scope="module")
def ids(base: str) -> tuple[str, str]:
    """A practice and the one nearest to it."""
    import httpx

    found = httpx.get(f"{base}/api/search", params={"q": "福课堂"}, trust_env=False).json()["cards"][0]["id"]
    near = httpx.get(f"{base}/api/similar", params={"id": found}, trust_env=False).json()[0]["id"]
    return found, near


def address(name: str, ids: tuple[str, str]) -> str:
    path = PAGES[name]
    if name == "pair":
        return f"{path}{ids[0]}&other={ids[1]}"
    return path + ids[0] if path.endswith("id=") else path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation(visit: Callable[..., Visit], ids: tuple[str, str], scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.base", reason="axe-playwright-python is not installed")
    found: dict[str, list[str]] = {}
    opened = visit(color_scheme=scheme, bypass_csp=True)  # for the script of the checker alone
    for name in PAGES:
        opened.go(address(name, ids))
        opened.page.wait_for_timeout(300)
        opened.page.evaluate(axe.AXE_SCRIPT)
        violations = opened.page.evaluate("axe.run().then(found => found.violations)")
        bad = [each for each in violations if each["impact"] in ("serious", "critical")]
        if bad:
            found[name] = [f"{each['id']}: {each['nodes'][0]['html'][:160]} ({len(each['nodes'])})" for each in bad]
    assert found == {}
    opened.quiet()


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
@pytest.mark.parametrize("width", [360, 1440])
def test_every_page_fits_and_is_kept_as_a_picture(
    visit: Callable[..., Visit], ids: tuple[str, str], width: int, language: str
) -> None:
    opened = visit(width=width, locale=language)
    wide = {}
    for name in PAGES:
        opened.go(address(name, ids))
        opened.page.wait_for_timeout(500)
        if (reach := opened.page.evaluate("document.documentElement.scrollWidth")) > width:
            wide[name] = reach
        opened.shot(f"{name}-{width}-{language[:2]}")
    assert wide == {}
    opened.quiet()


def test_compare_two_regions_and_save_the_figure(visit: Callable[..., Visit], tmp_path: Path) -> None:
    opened = visit().go("/compare?view=sides")
    page = opened.page
    for place, region in enumerate(("重庆市", "江苏省")):
        choice = page.locator(".controls select").nth(place)
        value = choice.locator("option", has_text=region).first.get_attribute("value")
        choice.select_option(value)
        page.wait_for_function("name => document.querySelector('figcaption')?.textContent.includes(name)", arg=region)
    assert "重庆市" in page.inner_text("figcaption") and "江苏省" in page.inner_text("figcaption")
    for name, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG"), ("CSV", b"\xef\xbb\xbf# ")):
        with page.expect_download() as waiting:
            page.locator(".saving .button, .saving button", has_text=name).first.click()
        file = tmp_path / name
        waiting.value.save_as(file)
        assert file.read_bytes().startswith(begins), name
    drawing = (tmp_path / "SVG").read_text(encoding="utf-8")
    assert "/api/sides?" in drawing and "practice-graph" in drawing, "query and source stand under the figure"
    assert "<script" not in drawing and "http://127" not in drawing
    opened.quiet()


def test_matrix_is_sorted_and_leads_to_its_practices(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/compare")
    page = opened.page
    page.locator(".heat thead .sorter", has_text="湖北省").click()
    page.wait_for_function("() => location.search.includes('sort')")
    # The address changes before the table does, which is asked for anew.
    page.wait_for_selector(".heat thead th[aria-sort=descending]", state="attached")
    opened.ready()
    column = page.evaluate(
        """() => { const at = [...document.querySelectorAll('.heat thead th')].findIndex(th => th.textContent === '湖北省');
        return [...document.querySelectorAll('.heat tbody tr')].map(tr => Number(tr.children[at].textContent || 0)); }"""
    )
    assert column == sorted(column, reverse=True) and column[0] > 0
    page.locator(".heat tbody td a").nth(1).click()
    opened.ready()
    page.wait_for_selector(".card")
    assert "/search?" in page.url
    opened.quiet()


def test_numbers_lead_to_their_practices(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.page
    chosen = "kind=format&id=vocab/format/teaching&stated_only=true"
    links: list[list[str]] = []
    for path, where in (
        (f"/timeline?{chosen}", ".years a, .plain td:last-child a"),
        ("/compare?stated_only=true", ".heat td:not(.sum) a"),
        ("/compare?view=sides&stated_only=true", ".stage svg a"),
        (f"/map?{chosen}&province=", "aside .bars a"),
    ):
        opened.go(path)
        if "province" in path:
            page.locator(".tile", has_text="湖南").press("Enter")
            page.wait_for_selector("aside .bars a")
        told = "all => all.map(a => [a.getAttribute('href'), (a.querySelector('.count') ?? a).textContent])"
        links += page.eval_on_selector_all(where, told)[:4]
        assert opened.page.locator("th", has_text="all").count() == 0
    assert len(links) > 10 and all("stated_only" in href for href, _ in links)
    for href, count in links:
        opened.go(href)
        assert page.inner_text(".count-line").split()[0] == count, href
    opened.go("/map")
    assert page.locator(".controls select").nth(2).is_disabled(), "a share of any practice is always all of them"
    opened.quiet()


def test_steps_of_an_input_method_are_not_searched(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/search")
    page = opened.page
    asked: list[str] = []
    page.on("request", lambda request: "/api/search?" in request.url and asked.append(request.url))
    page.focus("#q")
    typing = page.context.new_cdp_session(page)
    for step in ("c", "ch", "chong"):
        typing.send("Input.imeSetComposition", {"text": step, "selectionStart": len(step), "selectionEnd": len(step)})
        page.wait_for_timeout(200)
    assert asked == []
    with page.expect_request("**/api/search?*") as request:
        typing.send("Input.insertText", {"text": "重庆"})
    assert quote("重庆") in request.value.url
    opened.quiet()


def test_what_was_found_before_goes_where_a_search_is_refused(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/search?q=" + quote("夜校"))
    page = opened.page
    page.wait_for_selector(".card")
    assert page.get_attribute("#q", "maxlength") == "500"
    page.evaluate("document.querySelector('#q').removeAttribute('maxlength')")
    page.fill("#q", "长" * 501)
    page.wait_for_selector(".found .problem")
    assert (
        page.locator(".card").count() == 0
        and not page.locator(".facets").is_visible()
        and page.inner_text(".count-line") == ""
    )
    assert page.is_hidden(".found a.button")
    page.fill("#q", "夜校")
    page.wait_for_selector(".card")
    assert page.is_visible(".found a.button")
    assert opened.left == [] and all("422" in each for each in opened.complaints)


def test_a_later_build_is_told_above_the_page(visit: Callable[..., Visit]) -> None:
    opened = visit()

    def stale(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "stale": True})

    opened.page.route("**/api/summary*", stale)
    opened.go("/search")
    opened.page.wait_for_selector("#notice .notice")
    assert opened.page.locator("#notice").bounding_box()["y"] < opened.page.locator("#q").bounding_box()["y"]
    opened.quiet()


def test_what_only_a_repost_tells_of_is_no_link(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/article?file=repost-shouxian.txt")
    entry = opened.page.locator(".entry h3", has_text="只有转载这样写").first
    assert entry.locator("a").count() == 0
    assert opened.page.locator(".entry h3 a").count() > 0
    opened.quiet()


def test_map_opens_its_prefectures(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/map")
    page = opened.page
    page.locator(".tile", has_text="湖南").press("Enter")
    page.wait_for_selector("aside h2")
    assert "长沙市" in page.inner_text("aside")
    opened.quiet()


def test_graph_expands_by_keyboard_and_list(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/graph")
    page = opened.page
    page.wait_for_function("() => document.documentElement.dataset.drawn")
    before = int(page.evaluate("document.documentElement.dataset.nodes"))
    page.wait_for_selector("aside.node ol button")  # the families have come: the hubs are still where they were
    page.locator("aside.node li button").first.click()
    page.locator("aside.node button.primary").click()
    page.wait_for_function("n => Number(document.documentElement.dataset.nodes) > n", arg=before)
    page.click("#whole")
    page.wait_for_function("() => location.search.includes('view=all')")
    page.wait_for_function("n => Number(document.documentElement.dataset.nodes) > n", arg=200)
    opened.quiet()


def test_catalogue_query_completion_and_the_time_limit(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/query")
    page = opened.page
    page.select_option("#examples", "formats")
    page.wait_for_selector("html[data-answered=ok]", state="attached")
    assert page.locator(".answer tbody tr").count() > 5
    assert page.locator(".answer figure svg rect").count() > 5
    page.fill("#query", "SELECT ?p { ?p a gp:Pra")
    page.press("#query", "End")
    page.keyboard.press("Control+Space")
    page.wait_for_selector("#complete li")
    page.keyboard.press("Tab")
    assert page.input_value("#query") == "SELECT ?p { ?p a gp:Practice "
    page.fill("#query", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("html[data-answered=refused]", state="attached", timeout=20_000)
    assert "stopped after 3 seconds" in page.inner_text(".answer")
    page.fill("#query", "DELETE WHERE { ?s ?p ?o }")
    page.keyboard.press("Control+Enter")
    page.wait_for_function("() => document.querySelector('.answer').textContent.includes('DELETE')")
    # The browser itself writes a line for each answer that is an error.
    assert opened.left == [] and all("503" in each or "400" in each for each in opened.complaints)


def test_a_link_of_another_site_shows_its_query_and_runs_none(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page, asked = opened.page, []
    page.on("request", lambda request: asked.append(request.url))
    query = "ASK { ?a ?b 1 }"

    def follow(path: str) -> None:
        page.goto("about:blank")
        page.set_content(f'<a href="{opened.base}{path}?query={quote(query)}">link</a>')
        with page.expect_navigation():
            page.click("a")

    follow("/sparql")
    assert "other sites" in page.inner_text("body")
    asked.clear()
    follow("/query")
    opened.ready()
    page.wait_for_load_state("networkidle")
    assert page.input_value("#query") == query and "draft=" in page.url
    assert not any("/sparql" in each for each in asked)
    page.click("#run")  # what the user runs is run
    page.wait_for_selector("html[data-answered=ok]", state="attached")


def test_completion_changes_nothing_that_was_not_chosen(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/query")
    page = opened.page
    page.fill("#query", "")
    for line in ("SELECT ?p ?label {", "?p a gp:Practice", "; gp:region", "; skos:prefLabel ?label } ORDER BY DESC"):
        page.keyboard.type(line)
        page.keyboard.press("Enter")
    assert page.input_value("#query") == (
        "SELECT ?p ?label {\n?p a gp:Practice\n; gp:region\n; skos:prefLabel ?label } ORDER BY DESC\n"
    )
    for lines in (1, 14):
        page.fill("#query", "\n" * lines + "?p gp:")
        page.keyboard.type("p")
        page.wait_for_selector("#complete li")
        offered = page.locator("#complete code").all_inner_texts()
        assert "gp:Practice" not in offered and all(name.startswith("gp:p") for name in offered)
        box, editor = page.locator("#complete").bounding_box(), page.locator(".editor").bounding_box()
        assert editor["y"] <= box["y"] and box["y"] + box["height"] <= editor["y"] + editor["height"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("#query").endswith(f"?p {offered[0]} ")
    opened.quiet()


FOCUSED = "() => document.activeElement.dataset.key ?? document.activeElement.tagName"


def test_a_change_leaves_the_focus_where_it_was(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.page
    changes = {
        "/search": ("[data-key^='facet region']", "Enter"),
        "/compare": (".heat thead .sorter", "Enter"),
        "/compare?view=sides": ("[role=tab]", "Enter"),
        "/compare?kind=audience": ("select", "ArrowDown"),
        "/map": (".tile", "Enter"),
        "/timeline": ("select", "ArrowDown"),
        "/": ("#language", "Enter"),
    }
    for path, (part, key) in changes.items():
        opened.go(path)
        page.locator(part).first.focus()
        before, drawn = page.evaluate(FOCUSED), page.locator(part).first.element_handle()
        page.keyboard.press(key)
        page.wait_for_function("part => !part.isConnected", arg=drawn)
        opened.ready()
        page.wait_for_function(f"before => ({FOCUSED})() === before", arg=before)
    opened.quiet()


def test_fields_are_not_disturbed_while_numbers_change(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/search")
    page = opened.page
    page.evaluate("document.querySelectorAll('.facet').forEach(each => { each.open = true; })")
    page.focus(".pair input >> nth=0")
    page.keyboard.type("2023")
    page.keyboard.press("Tab")
    page.keyboard.type("20")
    page.wait_for_selector(".chosen .chip")  # the first year counts: the list is drawn anew while the second is typed
    page.keyboard.type("24")
    page.keyboard.press("Tab")
    page.wait_for_function("() => location.search.includes('until=2024') && location.search.includes('since=2023')")
    page.focus("input[type=range]")
    for step in (0.05, 0.1, 0.15):
        page.keyboard.press("ArrowRight")
        page.wait_for_function("step => document.querySelector('output').textContent === step", arg=f"{step:g}")
    page.locator(".chosen .chip").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => !location.search.includes('since')")
    page.wait_for_function(f"() => ({FOCUSED})() === 'chip 0'")
    opened.quiet()


def test_a_search_is_one_step_of_the_history(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/search?q=" + quote("课堂"))
    page = opened.page
    page.wait_for_selector(".card")
    before = page.evaluate("history.length")
    page.focus("#q")
    page.keyboard.press("Control+A")
    for letter in "夜校":
        page.keyboard.type(letter)
        page.wait_for_function("q => new URLSearchParams(location.search).get('q').endsWith(q)", arg=letter)
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert page.evaluate("history.length") == before + 1
    page.go_back()
    page.wait_for_function("() => document.querySelector('#q').value === '课堂'")
    page.wait_for_selector(".card")
    opened.go("/search")
    page.dblclick(".more")
    page.wait_for_function("() => document.querySelectorAll('.card').length > 20")
    opened.quiet()


def test_the_address_of_the_graph_holds_what_was_opened(visit: Callable[..., Visit], tmp_path: Path) -> None:
    opened = visit().go("/map").go("/graph?view=all")
    page = opened.page
    page.wait_for_function("() => document.documentElement.dataset.drawn")
    with page.expect_download() as waiting:
        page.click(".saving button >> nth=0")
    waiting.value.save_as(tmp_path / "whole.svg")
    drawing = (tmp_path / "whole.svg").read_text(encoding="utf-8")
    assert "/api/network?limit=" in drawing and drawing.count("<circle") > 200
    page.click("aside.node li button >> nth=5")
    page.wait_for_selector("aside.node button.primary")
    page.click(".controls button >> nth=0")  # the overview has other nodes: none of them is chosen
    page.wait_for_selector("aside.node ol button")
    for place in (0, 3):
        page.click(f"aside.node li button >> nth={place}")
        page.click("aside.node button.primary")
        page.wait_for_function(
            "n => new URLSearchParams(location.search).getAll('open').length === n", arg=1 + place // 3
        )
        page.wait_for_function(
            "n => document.querySelector('.behind code').textContent.split('\\n').length > n", arg=1 + place // 3
        )
    names = (
        "() => document.querySelector('figcaption, .behind code').textContent + document.documentElement.dataset.nodes"
    )
    before = page.evaluate(names)
    page.reload()
    opened.ready()
    page.wait_for_function(f"before => ({names})() === before", arg=before)
    opened.go("/map").go("/graph?family=1")
    page.go_back()
    page.wait_for_function("() => location.pathname === '/map'")
    nothing = {"nodes": [], "links": [], "centre": "", "more": 0}
    page.route("**/api/overview", lambda route: route.fulfill(json=nothing))
    opened.go("/graph")
    with page.expect_download() as waiting:
        page.click(".saving button >> nth=0")
    waiting.value.save_as(tmp_path / "empty.svg")
    assert "Infinity" not in (tmp_path / "empty.svg").read_text(encoding="utf-8")
    opened.quiet()


def test_what_is_cut_off_is_told_and_can_be_had(visit: Callable[..., Visit], tmp_path: Path) -> None:
    opened = visit().go("/query")
    page = opened.page
    for query, offered in (("CONSTRUCT WHERE { ?s ?p ?o }", "Turtle"), ("SELECT * { ?s ?p ?o }", "CSV")):
        page.fill("#query", query)
        page.click("#run")
        page.wait_for_selector(f".answer a[download]:has-text('{offered}')")
        told = page.inner_text(".answer")
        assert "结果在 50,000 行处截断" in told and "显示前 500 行；下载的文件里有这 50,000 行" in told
    opened.go("/query?name=formats")
    caption = page.inner_text("figcaption")
    assert "（前 30 行，共 " in caption
    assert page.eval_on_selector(".behind code", "code => getComputedStyle(code).whiteSpace") == "pre-wrap"
    with page.expect_download() as waiting:
        page.click(".saving button >> nth=0")
    waiting.value.save_as(tmp_path / "bars.svg")
    drawing = (tmp_path / "bars.svg").read_text(encoding="utf-8")
    assert "（前 30 行，共 " in drawing
    assert ">PREFIX gp: " in drawing, "a line of the query is a line of the figure: none hides behind a comment"
    opened.quiet()


def test_an_edited_query_is_not_lost(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/query?name=formats")
    page = opened.page
    page.fill("#query", "SELECT ?mine {}")
    page.click("#language")
    page.wait_for_function(
        "() => document.documentElement.lang === 'en' && document.querySelector('#run').textContent === 'Run'"
    )
    opened.ready()
    assert page.input_value("#query") == "SELECT ?mine {}"
    page.focus(".skip")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.id === 'main'")
    page.evaluate("location.hash = 'main'")
    page.wait_for_timeout(300)
    assert page.input_value("#query") == "SELECT ?mine {}"
    opened.quiet()


WITHIN = """svg => {
  const made = document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
  document.body.append(made);
  const inner = made.querySelector("svg"), wide = inner.width.baseVal.value;
  const boxes = [...inner.querySelectorAll("text:not([transform])")].map((each) => [each.textContent, each.getBBox()]);
  made.remove();
  return boxes.filter(([, box]) => box.x < 0 || box.x + box.width > wide).map(([words]) => words);
}"""


def test_long_labels_have_room(visit: Callable[..., Visit], tmp_path: Path) -> None:
    opened = visit(locale="en-US")
    page = opened.page
    long = "Employment, entrepreneurship and the economy of villages"

    def lengthened(route: Any) -> None:
        found = route.fetch().json()
        for each in [*found.get("features", []), *found.get("rows", [])]:
            (each.get("feature") or each)["label_en"] = long
        route.fulfill(json=found)

    for name in ("sides", "matrix"):
        page.route(f"**/api/{name}?*", lengthened)
    opened.go("/compare?view=sides")
    over = page.evaluate(
        """words => { const box = (each) => each.getBBox(), all = [...document.querySelectorAll(".stage rect")].map(box);
        return [...document.querySelectorAll(".stage text")].filter((each) => each.textContent === words).map(box)
          .filter((one) => all.some((bar) => bar.x < one.x + one.width && one.x < bar.x + bar.width)).length; }""",
        long,
    )
    assert page.locator(".stage text", has_text=long).count() > 3 and over == 0
    for path in ("/compare?view=sides", "/compare"):
        opened.go(path)
        with page.expect_download() as waiting:
            page.click(".saving button >> nth=0")
        waiting.value.save_as(tmp_path / "figure.svg")
        assert page.evaluate(WITHIN, (tmp_path / "figure.svg").read_text(encoding="utf-8")) == []
    opened.quiet()


def test_refusals_are_told_in_the_language_of_the_page(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.page
    for path, said, server in (
        ("/practice?id=none", "这项实践没有页面", "no such practice"),
        ("/practice", "参数缺失", "Field required"),
        ("/map?id=none", "图中没有的东西", "no such topic"),
        ("/search?region=none", "图中没有的东西", "no such region"),
    ):
        told = opened.go(path).page.locator(".problem[role=alert]").inner_text()
        assert said in told and server in told
    changed = {"what": "the original file was changed since it was read", "where": "a.txt", "remedy": "build again"}
    page.route("**/api/original?*", lambda route: route.fulfill(status=400, json=changed))
    opened.go("/article?file=retold-shuangfu.txt")
    page.click("#tab-original")
    page.wait_for_selector("#text .problem")
    told = page.inner_text("#text")
    assert "改动过" in told and "changed since it was read" in told
    assert page.get_attribute("#tab-original", "aria-selected") == "true"
    page.click("#tab-clean")
    assert page.locator("#text mark").count() > 0
    # The browser itself writes a line for each answer that is an error.
    assert opened.left == [] and all("400" in each or "422" in each for each in opened.complaints)


# Holds back what the server answers to addresses with these words.
SLOW = """words => { const plain = window.fetch; window.fetch = async (address, options) => {
  const found = await plain(address, options);
  if (String(address).includes(words)) await new Promise((done) => setTimeout(done, 1000));
  window.late = String(address).includes(words) ? String(address) : window.late;
  return found;
}; }"""
LATE = "() => window.late"


@pytest.mark.parametrize(
    ("slow", "part", "later"),
    [
        ("/compare?kind=audience", ".choice:nth-child(1) select", ""),
        ("/timeline?level=county", ".choice:nth-child(3) select", "prefecture"),
        ("/map?stated_only=true", "[data-key=stated]", ""),
    ],
)
def test_a_late_answer_does_not_overwrite_what_was_asked_for_later(
    visit: Callable[..., Visit], slow: str, part: str, later: str
) -> None:
    path, words = slow.split("?")
    opened = visit().go(path)
    page = opened.page
    seen = "() => main.textContent + [...main.querySelectorAll('select, :checked')].map((each) => each.value)"
    page.evaluate(SLOW, words)
    if "select" in part:
        page.select_option(part, words.split("=")[1])
    else:
        page.check(part)
    page.wait_for_function("words => location.search.includes(words)", arg=words)
    if later:
        page.select_option(part, later)
    else:
        page.go_back()
    page.wait_for_function("words => !location.search.includes(words)", arg=words)
    page.wait_for_function(LATE)
    page.wait_for_timeout(300)
    opened.ready()
    drawn = page.evaluate(seen)
    opened.go(page.url.removeprefix(opened.base))
    assert page.evaluate(seen) == drawn
    opened.quiet()


def test_the_graph_shows_what_was_pressed_last(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/graph")
    page = opened.page
    overview = page.evaluate("document.documentElement.dataset.nodes")
    page.evaluate(SLOW, "network")
    page.click("#whole")
    page.click(".controls button >> nth=0")
    page.wait_for_function(LATE)
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.dataset.nodes") == overview
    for first, held in (("aside.node button.primary", "neighbourhood"), (".controls button >> nth=0", "overview")):
        opened.go("/graph")
        page.click("aside.node li button >> nth=0")
        page.evaluate(SLOW, held)
        page.click(first)
        page.click(".controls button >> nth=0" if held == "neighbourhood" else "aside.node button.primary")
        page.wait_for_function(LATE)
        page.wait_for_timeout(600)
        drawn = page.evaluate("document.documentElement.dataset.nodes")
        opened.go(page.url.removeprefix(opened.base))
        assert page.evaluate("document.documentElement.dataset.nodes") == drawn, held
        assert (drawn == overview) == (held == "neighbourhood")
    opened.quiet()


def test_an_organisation_of_the_graph_leads_to_a_search_that_says_so(
    visit: Callable[..., Visit], ids: tuple[str, str]
) -> None:
    opened = visit().go("/graph?id=" + quote(ids[0]))
    page = opened.page
    assert page.inner_text("aside.node a.button") == "打开"
    page.locator("aside.node li", has_text="机构").first.locator("button").click()
    name = page.inner_text("aside.node h2")
    assert page.inner_text("aside.node a.button") == f"搜索“{name}”"
    opened.quiet()


def test_more_is_of_the_search_that_stands(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/search")
    page = opened.page
    page.wait_for_selector(".card")
    page.evaluate(SLOW, "sort=name")
    page.select_option("#sort", "name")
    assert page.is_disabled(".more")
    page.wait_for_function(LATE)
    page.wait_for_selector(".more:enabled")
    assert page.locator(".card").count() == 20
    opened.go("/search?status=achieved")
    chips = page.locator(".chosen .chip").count()
    page.route("**/api/search?*offset=*", lambda route: route.abort())
    page.click(".more")
    page.wait_for_selector(".more + div .problem")
    assert page.locator(".chosen .chip").count() == chips > 0 and page.locator(".chosen .problem").count() == 0
    page.unroute("**/api/search?*offset=*")
    page.click(".more")
    page.wait_for_function("() => document.querySelectorAll('.card').length > 20")
    assert page.locator(".found .problem").count() == 0
    assert opened.left == [] and all("ERR_FAILED" in each for each in opened.complaints)


def test_more_regions_keep_the_focus_and_are_hidden_again(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/search")
    page = opened.page
    more = "[data-key='more region']"
    page.wait_for_selector(more)
    count = page.locator(".tree li").count()
    for said, grown in (("收起", True), ("更多", False)):
        page.focus(more)
        page.keyboard.press("Enter")
        page.wait_for_selector(f"{more}:has-text('{said}')")
        page.wait_for_function(f"() => ({FOCUSED})() === 'more region'")
        assert (page.locator(".tree li").count() > count) == grown
    opened.quiet()


def test_english_labels_are_not_broken_within_the_word(visit: Callable[..., Visit], ids: tuple[str, str]) -> None:
    opened = visit(width=390, locale="en-US")
    page = opened.page
    lines = """all => all.filter((each) => { const range = document.createRange(); range.selectNodeContents(each);
      return !each.textContent.includes(" ") && range.getClientRects().length > 1; }).map((each) => each.textContent)"""
    for path, part in (
        ("/article?file=retold-shuangfu.txt", ".entry dt"),
        (address("pair", ids), ".plain th"),
        ("/timeline", ".plain th[scope=col]"),
    ):
        opened.go(path)
        assert page.locator(part).count() > 2
        assert page.eval_on_selector_all(part, lines) == [], path
    opened.quiet()


def test_nothing_of_a_hostile_article_runs(
    visit: Callable[..., Visit], tmp_path_factory: pytest.TempPathFactory
) -> None:
    from hostile_store import NAMES, hostile_store

    with running(hostile_store(tmp_path_factory.mktemp("bad"))) as bad:
        import httpx

        cards = httpx.get(f"{bad}/api/search", params={"limit": 100}, trust_env=False).json()["cards"]
        assert len(cards) == len(NAMES)
        opened = visit()
        opened.page.unroute_all() if hasattr(opened.page, "unroute_all") else None
        opened.page.context.unroute("**/*")
        opened.page.on("request", lambda r: r.url.startswith((bad, "blob:")) or opened.left.append(r.url))
        dialogs: list[str] = []
        opened.page.on("dialog", lambda box: (dialogs.append(box.message), box.dismiss()))
        opened.base = bad
        paths = ["/", "/search", "/compare", "/timeline", "/map", "/graph", "/query?name=evidence"]
        paths += [f"/practice?id={card['id']}" for card in cards]
        paths += ["/article?file=" + quote("../../../etc/passwd"), "/article?file=" + quote("2#<u>&'\".txt")]
        for path in paths:
            opened.go(path)
            opened.page.wait_for_timeout(100)
            assert not opened.page.evaluate("'ran' in window"), path
            assert opened.page.evaluate("document.scripts.length") == 1, path
            assert opened.page.locator("main img, main iframe, main object, main script").count() == 0, path
            links = opened.page.eval_on_selector_all("a", "all => all.map(each => each.protocol)")
            assert "javascript:" not in links, path
        assert dialogs == []
        opened.quiet()
