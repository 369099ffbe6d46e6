"""The README's pictures, taken from the product: ``python docs/site/pictures.py``, or ``make pictures``.

Builds the sample store where it is missing, serves it on this machine, and takes the pages with a Chromium on PATH (or the one
that KG_CHROMIUM names). Figures are drawn by ``kg.view.figures``. Needs the extra ``test``; nothing is fetched.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
STORE = ROOT / "out" / "store"
WIDTH, HEIGHT = 1180, 760
COLOURS = 128
"""Of a screenshot: enough for text and areas, and a third of the bytes."""


def main() -> None:
    """Take all pictures anew."""
    import kg

    PICTURES.mkdir(parents=True, exist_ok=True)
    if not (STORE / "CURRENT").is_file():
        kg.build([ROOT / "data" / "articles"], STORE)
    with kg.open(STORE) as graph:
        practice = graph.practices(region="重庆市/江津区").query("label == '福课堂'")["practice"].iloc[0]
        _figures(graph)
    with _served() as address, _browser() as browser:
        _take(browser, f"{address}/", "page-home.png")
        _take(
            browser, f"{address}/practice?id={quote(practice, safe='')}", "page-practice.png", open_words="展开所有原句"
        )
    for picture in sorted(PICTURES.glob("*.png")):
        print(f"{picture.relative_to(ROOT)}  {picture.stat().st_size // 1024} KB")


def _figures(graph: Any) -> None:
    from kg.view.figures import heat_map

    matrix = graph.matrix("format", across="province", min_regions=4, top=8)
    matrix = matrix.loc[:, matrix.sum() > 0]
    (PICTURES / "figure.png").write_bytes(_smaller(heat_map(matrix).to_bytes(dpi=130)))


@contextmanager
def _served() -> Iterator[str]:
    call = [sys.executable, "-m", "kg", "serve", str(STORE), "--port", "0"]
    server = subprocess.Popen(call, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, encoding="utf-8", cwd=ROOT)
    assert server.stderr
    try:
        for line in server.stderr:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                yield found[0]
                return
        raise SystemExit("kg serve did not start")
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    path = os.environ.get("KG_CHROMIUM") or next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        raise SystemExit("no Chromium on PATH; KG_CHROMIUM may name one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def _take(browser: Any, address: str, name: str, *, open_words: str = "") -> None:
    options = {"viewport": {"width": WIDTH, "height": HEIGHT}, "locale": "zh-CN", "color_scheme": "light"}
    context = browser.new_context(**options)
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    if open_words:
        page.get_by_text(open_words).first.click()
    page.wait_for_timeout(800)  # what is drawn after the data came
    (PICTURES / name).write_bytes(_smaller(page.screenshot()))
    context.close()


def _smaller(png: bytes) -> bytes:
    """The picture with few colours: the same to the eye."""
    from PIL import Image

    buffer = io.BytesIO()
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
