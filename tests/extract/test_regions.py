"""Which mentions of a place are found."""

from __future__ import annotations

import numpy as np
import pytest
from extract_samples import article

from kg.extract.learned.phrases import TYPES, phrase_table
from kg.extract.practices.regions import find_places, place_of_the_title
from kg.extract.text.words import make_page

PAIRS = ["江东社区", "上林社区", "小河社区", "南湖社区", "北山社区", "新桥社区"]
"""Each holds the name of another place: its own without the first character."""


def test_a_name_within_another_is_not_taken_for_a_mention_whatever_the_hash_seed() -> None:
    told = "".join(f"{name}办起课堂。{name[1:]}也办。后来{name}又办了一期。" for name in PAIRS)
    page = make_page(article(told))
    table = phrase_table(page)
    scores = np.zeros((len(table.rows), len(TYPES)), np.float32)
    table.rows[
        : 2 * len(PAIRS), 2:
    ] = [  # the first mention of each place is recognised, the second of the longer is not
        span
        for name in PAIRS
        for span in (
            (told.index(name), told.index(name) + 4),
            (told.index("。" + name[1:]) + 1, told.index("。" + name[1:]) + 4),
        )
    ]
    scores[: 2 * len(PAIRS), TYPES.index("region")] = 1.0
    found = {place.place: len(place.mentions) for place in find_places(page, table, scores, 0.5)}
    assert found == {name: 2 for name in PAIRS} | {name[1:]: 1 for name in PAIRS}


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("福建省泉州市民政局：让老人在家门口吃上热饭", "泉州市"),
        ("泉州市洛江区妇联开办假期课堂", "洛江区"),
        ("双阳街道：傍晚的议事会", "双阳街道"),
        ("让老人在家门口吃上热饭", None),
    ],
)
def test_the_place_of_a_body_that_only_the_title_names(title: str, place: str | None) -> None:
    text = f"{title}\n今年以来，该局开办“暖心食堂”，全市老人都可以来吃饭。"
    page = make_page(article(text, title=title))
    found = place_of_the_title(page)
    assert [thing.place for thing in found] == ([place] if place else [])
    assert [text[a:b] for thing in found for a, b in thing.mentions] == [thing.place for thing in found]
