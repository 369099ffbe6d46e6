"""Features that the words of a sentence share: where it stands, and what it tells of."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Hashable, Iterator

import numpy as np

from kg.extract.learned.buckets import Columns, hashed
from kg.extract.text.page import Page

__all__ = ["sentence_columns"]

_NATIONAL = re.compile(r"全国|我国|国家|中央|总书记|全党|党的十|党的二十|中国式|新时代以来|世界|国务院|全会")
_PLANNING = re.compile(
    r"下一步|接下来|未来|计划|将(?![^，。]{0,12}(?:作为|与|纳入|融入))|拟|即将|今后|力争|到20[2-9]\d年"
)


def sentence_columns(page: Page, strings: list[str], tags: list[str]) -> Columns:
    """What each word shares with its sentence."""
    facts = list(_sentence_facts(page, strings, tags))
    starts, _ = page.word_spans.T
    sentence = np.searchsorted([start for start, _ in page.sentences], starts, side="right") - 1
    return {
        template: np.array([hashed(template)[fact[template]] for fact in facts], np.int32)[sentence]
        for template in facts[0]
    }


def _sentence_facts(page: Page, strings: list[str], tags: list[str]) -> Iterator[dict[str, Hashable]]:
    """For each sentence the values of the templates that see it."""
    text, starts = page.text, page.word_starts
    titles = [p for p in page.layout.paragraphs if p.kind == "title"]
    titled = any(tags[page.word_at(at)] == "LOC" for title in titles for at in range(title.start, title.end))
    for number, paragraph in enumerate(page.layout.paragraphs):
        placed = False
        national = bool(_NATIONAL.search(text, paragraph.start, paragraph.end))
        for position, (start, end) in enumerate(paragraph.sentences):
            first = bisect_left(starts, start)
            inside = tags[first : bisect_left(starts, end)]
            lead = next((i for i, tag in enumerate(inside) if tag in ("LOC", "ORG")), -1)
            here = "LOC" in inside
            # of the sentence, then of its paragraph
            nation = f"{national and bool(_NATIONAL.search(text, start, end))}{national}"
            place = "here" if here else "before" if placed else "title" if titled else "nowhere"
            yield {
                "kind": paragraph.kind,
                "par": min(number, 4),
                "sen": min(position, 3),
                "subj": "" if lead < 0 else f"{inside[lead]}{min(lead, 3)}",
                "first": strings[first] if inside else "",
                "lead": "quoted" if "“" in text[start:end] else "plain",
                "nation": nation,
                "place": place,
                "plan": "plans" if _PLANNING.search(text, start, end) else "",
                "epar": min(number, 4),
                "fig": min(inside.count("m"), 2),
                "enation": nation,
                "eplace": place,
            }
            placed = placed or here
