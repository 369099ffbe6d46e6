"""Features of candidates: what a phrase looks like, and how the article treats the same words elsewhere."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kg.extract.learned.buckets import Columns, hashed
from kg.extract.learned.candidates import find_rows
from kg.extract.text.page import Page
from kg.extract.text.quotes import quotation_lists
from kg.knowledge import lexicon

__all__ = ["SHAPE_TEMPLATES", "shape_features"]

SHAPE_TEMPLATES = ("tags", "chars", "words", "quotation", "background", "after", "repeats", "titled", "listed")
_MOST_TAGS, _MOST_CHARS, _MOST_WORDS, _MOST_REPEATS, _MOST_LISTED = 6, 20, 7, 4, 4
"""What is more counts as this many."""


def shape_features(page: Page, rows: NDArray[np.int32]) -> NDArray[np.int32]:
    """Ids of each candidate's own templates, shape (candidates, 9); its rows are those of ``candidate_phrases``."""
    first, last, start, end = rows.T
    chars = np.array([hashed("chars")[size] for size in range(_MOST_CHARS + 1)], np.int32)
    words = np.array([hashed("words")[size] for size in range(_MOST_WORDS + 1)], np.int32)
    columns = {
        "tags": _tag_patterns(page, first, last),
        "chars": chars[np.minimum(end - start, _MOST_CHARS)],
        "words": words[np.minimum(last - first, _MOST_WORDS)],
        **_repeats(page, rows),
    }
    for template, plain in (("quotation", ""), ("background", ""), ("after", ""), ("listed", 0)):
        columns[template] = np.full(len(rows), hashed(template)[plain], np.int32)
    _quotations(page, rows, columns)
    return np.array([columns[template] for template in SHAPE_TEMPLATES], np.int32).T


def _tag_patterns(page: Page, first: NDArray[np.int32], last: NDArray[np.int32]) -> NDArray[np.int32]:
    """The tags of a candidate's words, as far as the sixth."""
    # one number a pattern: each tag a digit, 0 for none
    digits = np.append(page.tag_numbers + 1, np.zeros(_MOST_TAGS, np.int64))
    patterns = np.zeros(len(first), np.int64)
    for place in range(_MOST_TAGS):
        patterns = patterns * (len(page.tag_names) + 1) + np.where(first + place <= last, digits[first + place], 0)
    _, example, number = np.unique(patterns, return_index=True, return_inverse=True)
    stop = np.minimum(last + 1, first + _MOST_TAGS)
    table, tags = hashed("tags"), page.tags
    spans = zip(first[example].tolist(), stop[example].tolist(), strict=True)
    return np.array([table[".".join(tags[begin:end])] for begin, end in spans], np.int32)[number]


def _repeats(page: Page, rows: NDArray[np.int32]) -> Columns:
    """How often the candidate's words stand in the article, and whether they stand in its title."""
    repeats, titled = hashed("repeats"), hashed("titled")
    text, titles = page.text, page.titles
    start = rows[:, 2]
    in_title = np.zeros(len(rows), bool)
    for title in (p for p in page.layout.paragraphs if p.kind == "title"):
        in_title |= (title.start <= start) & (start < title.end)
    # of words that stand once; the others are counted
    columns = {
        "repeats": np.full(len(rows), repeats["1"], np.int32),
        "titled": np.where(in_title, titled["True"], titled["False"]).astype(np.int32),
    }
    known: dict[str, tuple[int, int]] = {}
    for row in np.flatnonzero(~_once(page, rows)).tolist():
        words = text[start[row] : rows[row, 3]]
        if words not in known:
            known[words] = repeats[str(min(text.count(words), _MOST_REPEATS))], titled[str(words in titles)]
        columns["repeats"][row], columns["titled"][row] = known[words]
    return columns


def _once(page: Page, rows: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Candidates whose words surely stand once in the article, since two characters beside each other in them do."""
    characters = page.characters.astype(np.int64)
    _, number, count = np.unique(characters[:-1] << 32 | characters[1:], return_inverse=True, return_counts=True)
    counts = np.append(count[number], 0)
    spans = np.stack([rows[:, 2], rows[:, 3] - 1], axis=1).ravel()
    least = np.minimum.reduceat(counts, spans)[::2]
    once: NDArray[np.bool_] = (least == 1) & (rows[:, 3] - rows[:, 2] > 1)
    return once


def _quotations(page: Page, rows: NDArray[np.int32], columns: Columns) -> None:
    """What quotations have of their own, put into the columns."""
    listed = {one: len(group) for group in quotation_lists(page) for one in group}
    found = find_rows(rows, [(one.start, one.end) for one in page.quotations])
    for quotation, row in zip(page.quotations, found.tolist(), strict=True):
        if row < 0:
            continue
        words = page.text[quotation.start : quotation.end]
        values = {
            "quotation": f"{quotation.mark}{quotation.depth}",
            "background": _background(words),
            "after": _following_word(page, quotation.end + 1),
            "repeats": f"{min(page.text.count(words), _MOST_REPEATS)}{quotation.mark}",
            "titled": f"{words in page.titles}{quotation.mark}",
            "listed": min(listed.get(quotation, 0), _MOST_LISTED),
        }
        for template, value in values.items():
            columns[template][row] = hashed(template)[value]


def _following_word(page: Page, at: int) -> str:
    """The word that begins right after a closing quotation mark, without which the name would not say what it is."""
    if at >= len(page.text):
        return ""
    start, end, _ = page.words[page.word_at(at)]
    return page.text[start:end] if start == at else ""


@cache
def _background(words: str) -> str:
    """Ids of the lists of things that are quoted and never practices (``background_terms``) that the words fall under."""
    hits = []
    for entry in lexicon.lists("background_terms"):
        if (
            (entry.kind == "contains" and any(word in words for word in entry.words))
            or (entry.kind == "equals" and words in entry.words)
            or (entry.kind == "pattern" and any(re.search(pattern, words) for pattern in entry.words))
        ):
            hits.append(entry.id)
    return "|".join(hits)
