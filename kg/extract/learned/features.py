"""Features of words for the learned part: hashed templates, for each word one view from the left and one from the right.

A phrase's score is a function of its first word seen from the left, its last word seen from the right, its length and tags,
and the mean hidden state between: so everything that costs Python time is done once a word, not once a phrase. What the
words of a sentence share is done once a sentence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kg.extract.learned.buckets import BucketTable, Columns, Rows, hashed
from kg.extract.learned.sentence_features import sentence_columns
from kg.extract.text.page import Page
from kg.knowledge import lexicon

__all__ = ["END_TEMPLATES", "START_TEMPLATES", "word_features"]

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
_BEGIN, _END = "^", "$"
"""Stand for the words before the first and behind the last one."""


def _whole(word: str) -> str:
    return word


@cache
def _words() -> BucketTable[str]:
    """What templates see of one word: of the word itself (w, ew …), or of one beside or above it (p, n, gov …)."""
    whole = ("w", "p", "pp", "gov", "ew", "n", "nn", "fol")
    parts = {
        "w2": lambda word: word[:2],
        "pc": lambda word: word[-1:],
        "de": lambda word: word == "的",
        "e1": lambda word: word[-1:],
        "e2": lambda word: word[-2:],
        "nc": lambda word: word[:1],
        "nde": lambda word: word == "的",
        "tail": lambda word: f"等{word}",
    }
    return BucketTable({**dict.fromkeys(whole, _whole), **parts})


@cache
def _tags() -> BucketTable[str]:
    return BucketTable(dict.fromkeys(("t", "pt", "et", "nt"), _whole))


@cache
def _tag_pairs() -> BucketTable[tuple[str, str]]:
    return BucketTable(dict.fromkeys(("ptt", "tnt"), "".join))


@cache
def _quotation_marks() -> BucketTable[str]:
    return BucketTable(dict.fromkeys(("q", "eq"), _whole))


def word_features(page: Page) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """(left view, right view) of every word: ids of shape (words, templates), below ``BUCKETS``."""
    if not page.words:
        return np.zeros((0, len(START_TEMPLATES)), np.int32), np.zeros((0, len(END_TEMPLATES)), np.int32)
    strings = [page.text[start:end] for start, end, _ in page.words]
    tags = page.tags
    rows = _words().rows(strings)
    columns = (
        _neighbours(page, strings, rows)
        | _tag_columns(tags)
        | _governed(strings, tags, rows)
        | _summed_up(strings, tags, rows)
        | _head_columns(page, strings, tags)
        | _quotation_columns(page)
        | sentence_columns(page, strings, tags)
    )
    # a template's buckets lie together: it is by template that embeddings are summed up
    left, right = (np.array([columns[one] for one in kind]).T for kind in (START_TEMPLATES, END_TEMPLATES))
    return left, right


START_TEMPLATES = (
    "w", "t", "w2", "p", "pt", "pp", "ptt", "gov", "gov2", "govd", "pc", "q", "de",
    "kind", "par", "sen", "subj", "first", "lead", "nation", "place", "plan", "once",
)  # fmt: skip
END_TEMPLATES = (
    "ew", "et", "e1", "e2", "heads", "head", "n", "nt", "nn", "tnt", "tail", "fol", "nc", "eq", "nde", "n2", "epar", "fig",
    "enation", "eplace",
)  # fmt: skip


def _neighbours(page: Page, strings: list[str], rows: Rows) -> Columns:
    """The word, the two words and the character on either side, and whether the word comes again in the article."""
    table = _words()
    begin, end = table[_BEGIN], table[_END]
    around = np.concatenate([[begin, begin], rows, [end, end]])
    size = len(rows)
    seen = {"w": 2, "w2": 2, "p": 1, "de": 1, "pp": 0, "ew": 2, "e1": 2, "e2": 2, "n": 3, "nde": 3, "nn": 4}
    columns = {template: table.buckets(template, around[at : at + size]) for template, at in seen.items()}
    text = page.text
    previous = table.rows(text[start - 1] if start else _BEGIN for start, _, _ in page.words)
    following = table.rows(text[end] if end < len(text) else _END for _, end, _ in page.words)
    columns |= {"pc": table.buckets("pc", previous), "nc": table.buckets("nc", following)}
    pairs = hashed("n2")
    columns["n2"] = np.array([pairs[pair] for pair in pairwise((*strings[1:], _END, _END))], np.int32)
    _, place, count = np.unique(rows, return_inverse=True, return_counts=True)
    columns["once"] = np.where(count == 1, hashed("once")["one"], hashed("once")["more"]).astype(np.int32)[place]
    return columns


def _tag_columns(tags: list[str]) -> Columns:
    table, pairs = _tags(), _tag_pairs()
    around = table.rows((_BEGIN, *tags, _END))
    paired = pairs.rows(pairwise((_BEGIN, *tags, _END)))
    return {
        "t": table.buckets("t", around[1:-1]),
        "pt": table.buckets("pt", around[:-2]),
        "ptt": pairs.buckets("ptt", paired[:-1]),
        "et": table.buckets("et", around[1:-1]),
        "nt": table.buckets("nt", around[2:]),
        "tnt": pairs.buckets("tnt", paired[1:]),
    }


def _governed(strings: list[str], tags: list[str], rows: Rows) -> Columns:
    """The verb or preposition that governs the word, how far away it stands, and the one above it."""
    table, pairs, steps = _words(), hashed("gov2"), hashed("govd")
    governor, second = _governors(strings, tags)
    words = [*strings, _BEGIN]  # -1, none, is the last
    above = np.array(governor)
    distance = np.where(above < 0, 9, np.minimum(np.arange(len(above)) - above, 6))
    return {
        "gov": table.buckets("gov", np.append(rows, table[_BEGIN])[above]),
        "gov2": np.array([pairs[words[two], words[one]] for one, two in zip(governor, second, strict=True)], np.int32),
        "govd": np.array([steps[step] for step in range(10)], np.int32)[distance],
    }


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


def _summed_up(strings: list[str], tags: list[str], rows: Rows) -> Columns:
    """What a list that the word stands in is summed up as, and the next verb."""
    table = _words()
    words = np.append(rows, table[""])  # -1, none, is the last
    tails, verbs = (np.array(one) for one in _tails(strings, tags))
    # 等 at the very end sums up as nothing, which is not to stand in no list
    tail = np.where(tails < 0, hashed("tail")[""], table.buckets("tail", words[tails])).astype(np.int32)
    return {"tail": tail, "fol": table.buckets("fol", words[verbs])}


def _tails(strings: list[str], tags: list[str]) -> tuple[list[int], list[int]]:
    """For each word: the word that sums up a list that it stands in (等…活动), and the next verb of the clause; -1 for none."""
    tails, following = [-1] * len(strings), [-1] * len(strings)
    tail = verb = -1
    for i in range(len(strings) - 1, -1, -1):
        string, tag = strings[i], tags[i]
        if string in _HARD:
            tail = verb = -1
        tails[i], following[i] = tail, verb
        if string in ("等", "等等", "等地"):
            tail = i + 1
            while (
                tail + 1 < len(strings)
                and strings[tail + 1] not in _HARD
                and tags[tail + 1] in ("n", "vn", "nz", "m", "q", "a")
            ):
                tail += 1
        elif tag in ("v", "p", "vd"):
            verb = i
            tail = -1 if tag == "p" else tail
    return tails, following


@cache
def _heads() -> Mapping[str, tuple[int, int]]:
    """For each word of the lexicon the buckets of the lists that hold it and of the word."""
    table: dict[str, set[str]] = {}
    for name in _LEXICONS:
        for entry in lexicon.lists(name):
            for word in entry.words:
                table.setdefault(word, set()).add(f"{entry.id}/{entry.kind}/{entry.strength}")
    return {word: (hashed("heads")["|".join(sorted(ids))], hashed("head")[word]) for word, ids in table.items()}


_LONGEST_HEAD = 6


@cache
def _head_lengths() -> Mapping[str, tuple[int, ...]]:
    """How long the words of the lexicon are that end with a character, the longest first."""
    lengths: dict[str, set[int]] = {}
    for word in _heads():
        if len(word) <= _LONGEST_HEAD:
            lengths.setdefault(word[-1], set()).add(len(word))
    return {char: tuple(sorted(found, reverse=True)) for char, found in lengths.items()}


def _head_columns(page: Page, strings: list[str], tags: list[str]) -> Columns:
    """The longest word of the lexicon that ends where the word ends and begins in the same run."""
    text, heads, lengths = page.text, _heads(), _head_lengths()
    none = hashed("heads")[""], hashed("head")[""]

    def head(start: int, end: int) -> tuple[int, int]:
        for length in lengths[text[end - 1]]:
            if end - length >= start and (word := text[end - length : end]) in heads:
                return heads[word]
        return none

    starts, runs = page.word_starts, _run_starts(strings, tags)
    ends = zip(strings, runs, page.words, strict=True)
    found = [head(starts[run], end) if string[-1] in lengths else none for string, run, (_, end, _) in ends]
    lists, words = np.array(found, np.int32).T
    return {"heads": lists, "head": words}


def _run_starts(strings: list[str], tags: list[str]) -> list[int]:
    """For each word the first word of the unbroken run it stands in (up to six words back)."""
    breaks = np.array([string in _BREAKS or tag in _BREAK_TAGS for string, tag in zip(strings, tags, strict=True)])
    places = np.arange(len(strings))
    begins = np.maximum.accumulate(np.where(breaks, places + 1, 0))
    starts: list[int] = np.where(breaks, places, np.maximum(begins, places - 5)).tolist()
    return starts


_BREAKS = _HARD | _LIST
_BREAK_TAGS = {"w", "c", "p"}


def _quotation_columns(page: Page) -> Columns:
    """The opening marks of the quotations that the word begins in."""
    marks = [""] * len(page.words)
    for quotation in page.quotations:
        for i in range(bisect_left(page.word_starts, quotation.start), bisect_left(page.word_starts, quotation.end)):
            marks[i] += quotation.mark
    table = _quotation_marks()
    rows = table.rows(marks)
    return {"q": table.buckets("q", rows), "eq": table.buckets("eq", rows)}
