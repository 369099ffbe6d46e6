"""A store whose articles mean harm: markup, scripts, right-to-left marks, words of 100 KB, formulas, foreign addresses."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kg.graph.build import build
from kg.graph.intake import Item
from kg.model import ArticleRecord, Outcome, PlaceLevel, Practice, Region, RegionValue, Value

LONG = "长" * 100_000
NAMES = (
    "<script>window.ran=1</script>",
    "\"><img src=x onerror='window.ran=1'>",
    "javascript:window.ran=1",
    "\u202egnirts desrever\u202c 讲堂",
    '=HYPERLINK("http://evil.example","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "{{7*7}}${7*7}<%=7*7%>",
    "</title></style></textarea><svg onload=window.ran=1>",
    "'; DROP GRAPH <x>; --",
    "3#楼议事会",
    "\u2028\u2029\ufeff名\u0000字".replace("\u0000", ""),
    "𠮷" * 40,
    LONG,
)
PLACE = ("浙江省", "<b>湖州市</b>", "安吉县")


def _article(number: int, name: str, folder: Path) -> Item:
    text = ""

    def said(words: str) -> dict[str, object]:
        nonlocal text
        start = len(text)
        text += words
        return {"text": words, "start": start, "end": start + len(words), "rule": "<rule>"}

    region = said(PLACE[-1])
    text += "办起"
    programme = said(name)
    text += "，采用"
    form = said("<i>夜校</i>")
    text += "，"
    figure = said("=2+3人次参加")
    text += "。\n"
    levels = tuple(
        PlaceLevel(name=each, level=level, stated=True)
        for each, level in zip(PLACE, ("province", "prefecture", "county"), strict=True)
    )
    practice = Practice(
        id="p1",
        programme=Value(**programme),
        region=RegionValue(**region),
        formats=(Value(**form),),
        outcomes=(Outcome(**figure, value=5.0, unit="=人次", what="@参加"),),
    )
    file = f"{number}#<u>&'\".txt" if number else "../../../etc/passwd"
    path = folder / f"{number}.txt"
    path.write_text(text, encoding="utf-8", newline="")
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    record = ArticleRecord(
        file=file,
        title=name[:50_000] + " <script>window.ran=1</script>",
        publisher="<img src=http://evil.example/x.png>",
        published="2024-06-01",
        url="javascript:window.ran=1" if number % 2 else "https://evil.example/<script>".replace("<script>", "a"),
        content_hash=digest,
        text_hash=digest,
        regions=(Region(name=PLACE[-1], path=PLACE, levels=levels),),
        practices=(practice,),
        notes=("<script>window.ran=1</script>",),
    )
    return Item(record, text, str(path))


def hostile_store(folder: Path) -> Path:
    """A store of one article a name."""
    items = [_article(number, name, folder) for number, name in enumerate(NAMES)]
    build(lambda archive, kept: items, folder / "store")
    return folder / "store"
