"""What a practice keeps of the values that it was given."""

from __future__ import annotations

import pytest

from kg.extract.learned.phrases import Phrase
from kg.extract.practices.drafts import Draft, Linked
from kg.extract.practices.keeping import keep_practices, keep_values

TEXT = "枫桥镇妇联和枫桥镇团委开办亲子课堂，请志愿者队伍和志愿者讲安全，讲消防安全。"
NAME = "亲子课堂"


def draft(*values: tuple[str, str, float]) -> Draft:
    """A practice called ``NAME`` with (slot, words, score) as its values."""
    made = Draft([Phrase(TEXT.index(NAME), TEXT.index(NAME) + len(NAME), "unnamed", 0.9)], named=False)
    for slot, words, score in values:
        start = TEXT.index(words)
        made.values.setdefault(slot, []).append(Linked(Phrase(start, start + len(words), slot, 0.8), score))
    return made


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param(
            [("organisers", "枫桥镇妇联", 0.9), ("partners", "枫桥镇妇联", 0.8)],
            {"organisers": ["枫桥镇妇联"]},
            id="the same words in two slots",
        ),
        pytest.param(
            [("organisers", "枫桥镇妇联", 0.6), ("partners", "枫桥镇妇联", 0.8), ("organisers", "枫桥镇团委", 0.5)],
            {"partners": ["枫桥镇妇联"], "organisers": ["枫桥镇团委"]},
            id="what falls away makes room",
        ),
        pytest.param(
            [("organisers", "枫桥镇妇联", 0.6), ("organisers", "枫桥镇团委", 0.7)],
            {"organisers": ["枫桥镇团委"]},
            id="two organisers",
        ),
        pytest.param(
            [
                ("topics", "消防安全", 0.9),
                ("topics", "安全", 0.8),
                ("partners", "志愿者", 0.9),
                ("partners", "志愿者队伍", 0.7),
            ],
            {"topics": ["消防安全"], "partners": ["志愿者"]},
            id="one within another",
        ),
        pytest.param(
            [("topics", NAME, 0.9), ("formats", NAME, 0.5)],
            {"formats": [NAME]},
            id="the practice's own name is no topic",
        ),
        pytest.param(
            [("partners", "志愿者", 0.5), ("partners", "枫桥镇妇联", 0.9), ("topics", "安全", 0.5)],
            {"partners": ["枫桥镇妇联", "志愿者"], "topics": ["安全"]},
            id="what goes together, in the order of the text",
        ),
    ],
)
def test_what_cannot_stand_together_is_decided_for_the_surer(
    given: list[tuple[str, str, float]], kept: dict[str, list[str]]
) -> None:
    found = keep_values(TEXT, draft(*given))
    assert {slot: [TEXT[v.phrase.start : v.phrase.end] for v in values] for slot, values in found.items()} == kept


def test_a_practice_is_told_once_for_a_place() -> None:
    text = "东岭村办课堂，西岭村办课堂，东岭村又办课堂。"
    starts = [text.index("课堂"), text.index("课堂", 10), text.rindex("课堂")]
    places = [0, text.index("西岭村"), text.rindex("东岭村")]
    drafts = [
        Draft(
            [Phrase(start, start + 2, "unnamed", score)],
            named=False,
            region=Linked(Phrase(place, place + 3, "region", 0.9), 0.9),
        )
        for start, place, score in zip(starts, places, (0.5, 0.4, 0.6), strict=True)
    ]
    assert keep_practices(text, drafts) == drafts[1:]
    assert keep_practices(text, drafts[:2]) == drafts[:2]
