"""Features of words and phrases for the learned part: hashed templates, read once a word.

A phrase's score is a function of its first word seen from the left, its last word seen from the right, its length and tags,
and the mean hidden state between: so everything that costs Python time is done once a word, not once a phrase.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Hashable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.extract.text.page import Page
from kg.knowledge import lexicon

__all__ = ["BUCKETS", "END_TEMPLATES", "START_TEMPLATES", "hashed", "word_features"]

BUCKETS = 1 << 14
"""Rows of each embedding table; feature strings are hashed into them by CRC-32."""

_LEXICONS = (
    "audience_heads",
    "format_heads",
    "programme_heads",
    "organisation_heads",
    "venue_heads",
    "channel_heads",
    "role_nouns",
    "action_verbs",
)
_GOVERNORS = {"v", "p", "vd"}
_HARD = set("，。；：！？…—,;:!?\n（）()")
_LIST = set("、+＋")
_LONGEST_HEAD = 6


class _Hashed(dict[Hashable, int]):
    """Bucket of each value of one template, by CRC-32; computed once a value."""

    def __init__(self, template: str) -> None:
        super().__init__()
        self._template = template

    def __missing__(self, value: Hashable) -> int:
        bucket = self[value] = zlib.crc32(f"{self._template}={value}".encode()) % BUCKETS
        return bucket


@cache
def hashed(template: str) -> dict[Hashable, int]:
    """The buckets of one template, looked up by value."""
    return _Hashed(template)


@cache
def _heads() -> dict[str, frozenset[str]]:
    """Word → the ids of the lexicon lists that hold it."""
    table: dict[str, set[str]] = {}
    for name in _LEXICONS:
        for entry in lexicon.lists(name):
            for word in entry.words:
                table.setdefault(word, set()).add(f"{entry.id}/{entry.kind}/{entry.strength}")
    return {word: frozenset(ids) for word, ids in table.items()}


def _head_of(text: str, start: int, end: int) -> tuple[str, str]:
    """The longest lexicon word that ends at ``end`` and begins at ``start`` or later: (list ids, the word)."""
    heads = _heads()
    for begin in range(max(start, end - _LONGEST_HEAD), end):
        ids = heads.get(text[begin:end])
        if ids:
            return "|".join(sorted(ids)), text[begin:end]
    return "", ""


def word_features(page: Page) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """(left view, right view) of every word: ids of shape (words, templates), below ``BUCKETS``."""
    text, words = page.text, page.words
    strings = [text[start:end] for start, end, _ in words]
    tags = [tag for _, _, tag in words]
    if not words:
        return np.zeros((0, len(START_TEMPLATES)), np.int32), np.zeros((0, len(END_TEMPLATES)), np.int32)
    quoted = _quote_depths(page)
    governor, second = _governors(strings, tags)
    tails, following = _tails(strings, tags)
    facts = _sentence_facts(page, strings, tags)
    heads = [
        _head_of(text, words[run][0], end) for run, (_, end, _) in zip(_run_starts(strings, tags), words, strict=True)
    ]
    counts = Counter(strings)
    before, before_tags = ["^", *strings[:-1]], ["^", *tags[:-1]]
    after, after_tags = [*strings[1:], "$"], [*tags[1:], "$"]
    after_next = [*strings[2:], "$", "$"][: len(strings)]
    governing = [strings[g] if g >= 0 else "^" for g in governor]
    depth = [quoted[start] for start, _, _ in words]
    left: dict[str, Sequence[Hashable]] = {
        "w": strings,
        "t": tags,
        "w2": [string[:2] for string in strings],
        "p": before,
        "pt": before_tags,
        "pp": ["^", "^", *strings[:-2]][: len(strings)],
        "ptt": [one + two for one, two in zip(before_tags, tags, strict=True)],
        "gov": governing,
        "gov2": [f"{strings[g] if g >= 0 else '^'}/{one}" for g, one in zip(second, governing, strict=True)],
        "govd": [min(i - g, 6) if g >= 0 else 9 for i, g in enumerate(governor)],
        "pc": [text[start - 1] if start else "^" for start, _, _ in words],
        "q": depth,
        "de": [string == "的" for string in before],
        "kind": facts.kind,
        "par": facts.paragraph,
        "sen": facts.position,
        "subj": facts.subject,
        "first": facts.first_word,
        "lead": facts.quotation,
        "nation": facts.nation,
        "place": facts.place,
        "plan": facts.plan,
        "once": ["one" if counts[string] == 1 else "more" for string in strings],
    }
    right: dict[str, Sequence[Hashable]] = {
        "ew": strings,
        "et": tags,
        "e1": [string[-1] for string in strings],
        "e2": [string[-2:] for string in strings],
        "heads": [ids for ids, _ in heads],
        "head": [word for _, word in heads],
        "n": after,
        "nt": after_tags,
        "nn": after_next,
        "tnt": [one + two for one, two in zip(tags, after_tags, strict=True)],
        "tail": tails,
        "fol": following,
        "nc": [text[end] if end < len(text) else "$" for _, end, _ in words],
        "eq": depth,
        "nde": [string == "的" for string in after],
        "n2": [f"{one}/{two}" for one, two in zip(after, after_next, strict=True)],
        "epar": facts.paragraph,
        "fig": facts.figures,
        "enation": facts.nation,
        "eplace": facts.place,
    }
    return _ids(left, START_TEMPLATES), _ids(right, END_TEMPLATES)


def _ids(columns: dict[str, Sequence[Hashable]], templates: Sequence[str]) -> NDArray[np.int32]:
    """Buckets of all values, shape (words, templates)."""
    rows = []
    for template in templates:
        bucket = hashed(template)
        rows.append([bucket[value] for value in columns[template]])
    return np.ascontiguousarray(np.array(rows, np.int32).T)


START_TEMPLATES = (
    "w", "t", "w2", "p", "pt", "pp", "ptt", "gov", "gov2", "govd", "pc", "q", "de",
    "kind", "par", "sen", "subj", "first", "lead", "nation", "place", "plan", "once",
)  # fmt: skip
END_TEMPLATES = (
    "ew", "et", "e1", "e2", "heads", "head", "n", "nt", "nn", "tnt", "tail", "fol", "nc", "eq", "nde", "n2", "epar", "fig",
    "enation", "eplace",
)  # fmt: skip


def _quote_depths(page: Page) -> list[str]:
    marks = [""] * (len(page.text) + 1)
    for quotation in page.quotations:
        for at in range(quotation.start, quotation.end):
            marks[at] += quotation.mark
    return marks


def _governors(strings: list[str], tags: list[str]) -> tuple[list[int], list[int]]:
    """For each word the nearest verb or preposition to its left in the clause, list members skipped, and the one before."""
    governor, second = [-1] * len(strings), [-1] * len(strings)
    stack: list[int] = []
    item_start_depth = 0
    for i, (string, tag) in enumerate(zip(strings, tags, strict=True)):
        if string in _HARD:
            stack, item_start_depth = [], 0
        elif string in _LIST or tag == "c":
            # a member of a list is governed by what governs the first one
            del stack[item_start_depth:]
        governor[i] = stack[-1] if stack else -1
        second[i] = stack[-2] if len(stack) > 1 else -1
        if tag in _GOVERNORS:
            stack.append(i)
            following = strings[i + 1] if i + 1 < len(strings) else ""
            if following not in _LIST:
                item_start_depth = len(stack)
    return governor, second


def _tails(strings: list[str], tags: list[str]) -> tuple[list[str], list[str]]:
    """For each word: what a list that it stands in is summed up as (等…活动), and the next verb of the clause."""
    tails, following = [""] * len(strings), [""] * len(strings)
    tail, verb = "", ""
    for i in range(len(strings) - 1, -1, -1):
        string, tag = strings[i], tags[i]
        if string in _HARD:
            tail, verb = "", ""
        tails[i], following[i] = tail, verb
        if string in ("等", "等等", "等地"):
            j = i + 1
            while (
                j + 1 < len(strings) and strings[j + 1] not in _HARD and tags[j + 1] in ("n", "vn", "nz", "m", "q", "a")
            ):
                j += 1
            tail = "等" + (strings[j] if j < len(strings) else "")
        elif tag in ("v", "p", "vd"):
            verb = string
            tail = "" if tag == "p" else tail
    return tails, following


def _run_starts(strings: list[str], tags: list[str]) -> list[int]:
    """For each word the first word of the unbroken run it stands in (up to six words back)."""
    starts, begin = [], 0
    for i, (string, tag) in enumerate(zip(strings, tags, strict=True)):
        if string in _HARD or string in _LIST or tag in ("w", "c", "p"):
            begin = i + 1 if i + 1 < len(strings) else i
            starts.append(i)
        else:
            starts.append(min(i, max(begin, i - 5)))
    return starts


_NATIONAL = re.compile(r"全国|我国|国家|中央|总书记|全党|党的十|党的二十|中国式|新时代以来|世界|国务院|全会")
_PLANNING = re.compile(
    r"下一步|接下来|未来|计划|将(?![^，。]{0,12}(?:作为|与|纳入|融入))|拟|即将|今后|力争|到20[2-9]\d年"
)


class _SentenceFacts(NamedTuple):
    """What each word shares with its sentence: one entry a word in every field."""

    kind: Sequence[Hashable]
    """Of the paragraph: title, heading, body …"""
    paragraph: Sequence[Hashable]
    """Its number in the article, 4 for all later ones."""
    position: Sequence[Hashable]
    """The sentence's number in the paragraph, 3 for all later ones."""
    subject: Sequence[Hashable]
    """Tag of the first place or organisation and how many words stand before it."""
    first_word: Sequence[Hashable]
    quotation: Sequence[Hashable]
    figures: Sequence[Hashable]
    """How many numbers, 2 for more."""
    nation: Sequence[Hashable]
    """Whether the sentence and whether the paragraph speak of the whole country."""
    place: Sequence[Hashable]
    """Where the nearest place stands: here, before (in the paragraph), in the title, nowhere."""
    plan: Sequence[Hashable]


def _sentence_facts(page: Page, strings: list[str], tags: list[str]) -> _SentenceFacts:
    facts: list[tuple[str | int, ...]] = [("",) * len(_SentenceFacts._fields)] * len(strings)
    text = page.text
    index = 0
    titled = any(
        tags[page.word_at(a)] == "LOC"
        for p in page.layout.paragraphs
        if p.kind == "title"
        for a in range(p.start, p.end)
    )
    for number, paragraph in enumerate(page.layout.paragraphs):
        placed = False
        national = bool(_NATIONAL.search(text, paragraph.start, paragraph.end))
        for position, (start, end) in enumerate(paragraph.sentences):
            while index < len(strings) and page.words[index][0] < start:
                index += 1
            first = index
            while index < len(strings) and page.words[index][0] < end:
                index += 1
            inside = range(first, index)
            lead = next((i for i in inside if tags[i] in ("LOC", "ORG")), -1)
            here = any(tags[i] == "LOC" for i in inside)
            figure = sum(1 for i in inside if tags[i] == "m")
            shared = (
                paragraph.kind,
                min(number, 4),
                min(position, 3),
                "" if lead < 0 else f"{tags[lead]}{min(lead - first, 3)}",
                strings[first] if first < index else "",
                "quoted" if "“" in text[start:end] else "plain",
                min(figure, 2),
                f"{bool(_NATIONAL.search(text, start, end))}{national}",
                "here" if here else "before" if placed else "title" if titled else "nowhere",
                "plans" if _PLANNING.search(text, start, end) else "",
            )
            placed = placed or here
            for i in inside:
                facts[i] = shared
    return _SentenceFacts(*zip(*facts, strict=True))
