"""The paths of the gold, each name of the gold resolved in its article: measured, with a floor for each set."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import opencc
import pytest

from kg.knowledge.gazetteer import Gazetteer
from kg.resolve.mentions import PlaceContext
from kg.resolve.places import PlaceResolver

_SHARED = Path(__file__).parents[2] / ".." / "shared"
_PINYIN = re.compile(r"[（(][^（()）\u4e00-\u9fff]{1,8}[）)]")


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).lower()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("gold", "folder", "floor", "floor_filled"),
    [
        # floor: exactly the gold's path; floor_filled: the gold's path, or that with levels of the gazetteer between,
        # where the reader left them out (in broadcasts two readers of one article differ in it)
        ("seeds", "seeds", 0.95, 0.95),
        ("press", "corpus/press", 0.95, 0.95),
        ("broadcast", "corpus/broadcast", 0.85, 0.95),
        ("broadcast-more", "corpus/broadcast-more", 0.9, 0.95),
    ],
)
def test_paths_of_the_gold(gold: str, folder: str, floor: float, floor_filled: float) -> None:
    if not _SHARED.is_dir():
        pytest.skip("the shared articles are not beside this repository")
    gazetteer = Gazetteer.load()
    resolver, simplified = PlaceResolver(gazetteer), opencc.OpenCC("t2s")
    exact = filled = total = 0
    for line in (_SHARED / "gold" / f"{gold}.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        text = (_SHARED / folder / article["file"]).read_text(encoding="utf-8")
        text = _PINYIN.sub("", simplified.convert(text))
        context = PlaceContext(text, gazetteer, title=article["title"], publisher=article["publisher"])
        for region in article["regions"]:
            if not region.get("path"):
                continue
            total += 1
            found = [_plain(name) for name in resolver.resolve(region["name"], context=context).path or ()]
            wanted = [_plain(name) for name in region["path"]]
            rest = iter(found)
            exact += found == wanted
            filled += bool(found) and found[-1] == wanted[-1] and all(name in rest for name in wanted)
    assert exact / total >= floor, f"{exact} of {total} paths"
    assert filled / total >= floor_filled, f"{filled} of {total} paths"
