"""A headless Chromium without network, shared by the browser tests; they are skipped where there is none."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from opened_page import SWITCHES, Opened, chromium

sys.path.insert(0, str(Path(__file__).parents[1] / "view"))


@pytest.fixture(scope="session")
def chromium_started() -> Iterator[Callable[..., Any]]:
    """Starts a Chromium with the switches given; playwright itself runs once a session."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (pip install playwright)")
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on PATH (Debian: apt-get install chromium); KG_CHROMIUM may name one")
    with sync_api.sync_playwright() as playwright:
        yield lambda switches: playwright.chromium.launch(executable_path=path, args=switches)


@pytest.fixture(scope="session")
def browser(chromium_started: Callable[..., Any]) -> Iterator[Any]:
    """One Chromium for all tests of the session."""
    started = chromium_started(SWITCHES)
    yield started
    started.close()


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Writes HTML to a file and opens it with every request refused."""
    contexts = []

    def open_html(html: str, width: int = 1440, height: int = 900, **options: Any) -> Opened:
        file = tmp_path / "page.html"
        file.write_text(html, encoding="utf-8", newline="\n")
        options = {"locale": "zh-CN", **options}
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(120_000)  # a busy machine may take long: what is tested is what happens
        opened = Opened(page)

        def refuse(route: Any) -> None:
            if route.request.url == file.as_uri():
                route.continue_()
            else:
                opened.requests.append(route.request.url)
                route.abort()

        def dialog(box: Any) -> None:
            opened.complaints.append(f"dialog {box.message}")
            box.dismiss()

        context.route("**/*", refuse)
        page.on(
            "console", lambda message: message.type in ("error", "warning") and opened.complaints.append(message.text)
        )
        page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        page.on("dialog", dialog)
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-drawn]", timeout=60_000, state="attached")
        return opened

    yield open_html
    for context in contexts:
        context.close()
