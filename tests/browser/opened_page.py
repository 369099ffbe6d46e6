"""The Chromium of the browser tests and a page that it opened; apart from conftest.py, whose name other folders have as well."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["SWITCHES", "WEBGL_SWITCHES", "Opened", "chromium"]

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WEBGL_SWITCHES = [each for each in SWITCHES if each != "--disable-gpu"] + [
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
"""The same with WebGL, on the processor."""


def chromium() -> str | None:
    """Path of an installed Chromium, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return os.environ.get("KG_CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)


@dataclass
class Opened:
    """A page that was opened, and all that it should not have done."""

    page: Any
    requests: list[str] = field(default_factory=list)
    """What it asked for, apart from the file itself."""
    complaints: list[str] = field(default_factory=list)
    """Console errors, warnings about blocked content, uncaught exceptions, dialogs."""

    def data(self, name: str) -> str | None:
        """An entry of the root element's data set."""
        return self.page.evaluate("name => document.documentElement.dataset[name] ?? null", name)

    def search(self, words: str) -> None:
        """Type into the search box and take the first result."""
        self.page.fill("#search", words)
        self.page.wait_for_selector("#results li")
        self.page.wait_for_timeout(100)
        self.page.press("#search", "Enter")

    def shows_as_words(self, title: str, searched: Iterable[str]) -> None:
        """Search for parts of a hostile title: it comes back as words and makes no element."""
        page = self.page
        assert page.title() == title
        for words in searched:
            self.search(words)
            page.wait_for_timeout(500)
            assert page.is_visible("#panel")
        assert title in page.inner_text("#panel")
        assert page.locator("#panel script, #panel img, #panel svg, #results img, #results svg").count() == 0
        assert page.evaluate("document.scripts.length") == 3
