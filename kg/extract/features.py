"""Features of words and phrases for the learned part: hashed templates, read once a word.

A phrase's score is a function of its first word seen from the left, its last word seen from the right, its length and tags,
and the mean hidden state between: so everything that costs Python time is done once a word, not once a phrase.
"""

from __future__ import annotations

import zlib
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kg.extract.page import Page
from kg.knowledge import lexicon

__all__ = ["BUCKETS", "END_TEMPLATES", "START_TEMPLATES", "word_features"]

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


@cache
def _bucket(template: str, value: str | int | bool | None) -> int:
    return zlib.crc32(f"{template}={value}".encode()) % BUCKETS


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
    count = len(words)
    left = np.zeros((count, len(START_TEMPLATES)), np.int32)
    right = np.zeros((count, len(END_TEMPLATES)), np.int32)
    quoted = _quote_depths(page)
    governor, second = _governors(strings, tags)
    tails, following = _tails(strings, tags)
    sentence_facts = _sentence_facts(page, strings, tags)
    runs = _run_starts(strings, tags)
    counts: dict[str, int] = {}
    for string in strings:
        counts[string] = counts.get(string, 0) + 1
    for i in range(count):
        start, end, tag = words[i]
        string = strings[i]
        before = strings[i - 1] if i else "^"
        before_tag = tags[i - 1] if i else "^"
        after = strings[i + 1] if i + 1 < count else "$"
        after_tag = tags[i + 1] if i + 1 < count else "$"
        heads, head = _head_of(text, words[runs[i]][0], end)
        facts = sentence_facts[i]
        left_values = (
            string,
            tag,
            string[:2],
            before,
            before_tag,
            strings[i - 2] if i > 1 else "^",
            before_tag + tag,
            strings[governor[i]] if governor[i] >= 0 else "^",
            (strings[second[i]] if second[i] >= 0 else "^") + "/" + (strings[governor[i]] if governor[i] >= 0 else "^"),
            min(i - governor[i], 6) if governor[i] >= 0 else 9,
            text[start - 1] if start else "^",
            quoted[start],
            before == "的",
            facts[0],
            facts[1],
            facts[2],
            facts[3],
            facts[4],
            facts[5],
            "one" if counts[string] == 1 else "more",
        )
        right_values = (
            string,
            tag,
            string[-1],
            string[-2:],
            heads,
            head,
            after,
            after_tag,
            strings[i + 2] if i + 2 < count else "$",
            tag + after_tag,
            tails[i],
            following[i],
            text[end] if end < len(text) else "$",
            quoted[start],
            after == "的",
            after + "/" + (strings[i + 2] if i + 2 < count else "$"),
            facts[1],
            facts[6],
        )
        left[i] = [_bucket(name, value) for name, value in zip(START_TEMPLATES, left_values, strict=True)]
        right[i] = [_bucket(name, value) for name, value in zip(END_TEMPLATES, right_values, strict=True)]
    return left, right


START_TEMPLATES = (
    "w", "t", "w2", "p", "pt", "pp", "ptt", "gov", "gov2", "govd", "pc", "q", "de",
    "kind", "par", "sen", "subj", "first", "lead", "once",
)  # fmt: skip
END_TEMPLATES = (
    "ew", "et", "e1", "e2", "heads", "head", "n", "nt", "nn", "tnt", "tail", "fol", "nc", "eq", "nde", "n2", "epar", "fig",
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
            while j + 1 < len(strings) and strings[j + 1] not in _HARD and tags[j + 1] in ("n", "vn", "nz", "m", "q", "a"):
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


def _sentence_facts(page: Page, strings: list[str], tags: list[str]) -> list[tuple[str | int, ...]]:
    """For each word what it shares with its sentence: paragraph kind, positions, subject, first word, lead place, figure."""
    facts: list[tuple[str | int, ...]] = [("", 0, 0, "", "", "", "")] * len(strings)
    index = 0
    for number, paragraph in enumerate(page.layout.paragraphs):
        for position, (start, end) in enumerate(paragraph.sentences):
            while index < len(strings) and page.words[index][0] < start:
                index += 1
            first = index
            while index < len(strings) and page.words[index][0] < end:
                index += 1
            inside = range(first, index)
            lead = next((i for i in inside if tags[i] in ("LOC", "ORG")), -1)
            subject = "" if lead < 0 else f"{tags[lead]}{min(lead - first, 3)}"
            figure = sum(1 for i in inside if tags[i] == "m")
            shared = (
                paragraph.kind,
                min(number, 4),
                min(position, 3),
                subject,
                strings[first] if first < index else "",
                "quoted" if "“" in page.text[start:end] else "plain",
                min(figure, 2),
            )
            for i in inside:
                facts[i] = shared
    return facts
