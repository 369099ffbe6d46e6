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
    chip = page.locator(".chip.slot-formats", has_text="集中授课").first
    assert page.locator(".proof:visible").count() == 0
    chip.click()
    assert page.locator(".proof:visible mark").first.inner_text() == "集中授课"
    page.locator(".proof:visible a").first.click()
    page.wait_for_selector("mark.lit")
    assert page.locator(".text mark.lit").first.inner_text() == "集中授课"
    assert page.locator(".record .lit").first.inner_text().startswith("集中授课")
    # The original: the same characters are marked.
    page.click("#tab-original")
    page.wait_for_selector(".text.raw mark")
    page.locator(".record .chip", has_text="集中授课").first.click()
    assert page.locator(".text mark.lit").first.inner_text() == "集中授课"
    opened.quiet()


def test_filters_count_and_stand_in_the_address(visit: Callable[..., Visit]) -> None:
    opened = visit().go("/search")
    page = opened.page
    page.wait_for_selector(".card")
    row = page.locator(".facet .tree li button", has_text="湖南省")
    count = row.locator(".count").inner_text()
    row.click()
    page.wait_for_function("n => document.querySelector('.count-line').textContent.startsWith(n)", arg=count)
    assert "region=" in page.url
    assert page.locator(".facet .tree li button", has_text="长沙市").count() == 1, "the tree opens below the choice"
    page.reload()
    opened.ready()
    page.wait_for_function("n => document.querySelector('.count-line').textContent.startsWith(n)", arg=count)
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
    assert "practices" in page.inner_text(".count-line")
    assert page.evaluate("document.documentElement.dataset.theme") in ("dark", "light")
    opened.quiet()
