"""What the words mean where they stand: a small multilingual transformer, fine-tuned on the annotated articles.

LAC's hidden states know a word's tag and its neighbours; this encoder (multilingual-e5-small, pruned to simplified Chinese,
see ``docs/decisions/fine-tuned-encoder.md``) has read a good part of the web and sees a whole stretch of the article at
once. It costs four times LAC's run, so it is what ``--fast`` leaves out. onnxruntime runs it on one thread, in full
precision whatever the processor: the weights are stored in eight bits and widened when the model is loaded.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kg.extract.onnx import session
from kg.extract.page import Page

__all__ = ["BEGIN", "END", "SPECIAL", "STATES", "UNKNOWN", "Encoder", "Pieces", "Windows", "windows"]

STATES = 384
"""Numbers a piece."""
BEGIN, END, UNKNOWN = 0, 1, 2
"""Ids of what stands around a window and of a character that is no piece."""
SPECIAL = 3
"""How many ids come before the first piece's."""

_WINDOW = 254
"""Pieces a window holds besides its two marks; about 380 characters. Attention grows with its square."""
_LONGEST_PIECE = 8
_UNKNOWN_SCORE = -40.0
"""Below any sum of scores of real pieces, so that an unknown character is the last resort."""


class Pieces:
    """Cuts a word into the likeliest pieces of a unigram language model (Kudo 2018), as XLM-R's tokenizer does.

    LAC's words are cut, not the running text: so no piece reaches over a candidate phrase's ends.
    """

    def __init__(self, scores: dict[str, float]) -> None:
        self._known = {piece: (number, score) for number, (piece, score) in enumerate(scores.items(), SPECIAL)}
        self.cut = lru_cache(1 << 16)(self._cut)

    def _cut(self, word: str) -> tuple[tuple[int, int, int], ...]:
        """(id, start, end) of the pieces of a word, start and end within it."""
        chars = [unicodedata.normalize("NFKC", char) for char in word]
        best = [(0.0, 0, UNKNOWN)]
        for end in range(1, len(word) + 1):
            choices = [(best[end - 1][0] + _UNKNOWN_SCORE, end - 1, UNKNOWN)]
            for start in range(max(0, end - _LONGEST_PIECE), end):
                number, score = self._known.get("".join(chars[start:end]), (UNKNOWN, 0.0))
                if number != UNKNOWN:
                    choices.append((best[start][0] + score, start, number))
            best.append(max(choices, key=lambda choice: choice[0]))
        found = []
        end = len(word)
        while end:
            _, start, number = best[end]
            found.append((number, start, end))
            end = start
        return tuple(reversed(found))


@dataclass(frozen=True)
class Windows:
    """An article as the encoder reads it."""

    ids: list[NDArray[np.int64]]
    """The pieces of each window, its two marks included."""
    rows: NDArray[np.int32]
    """For each character the number of its piece, counted through all windows."""


def windows(page: Page, pieces: Pieces) -> Windows:
    """Whole sentences, as many as fit into each window; a sentence that is longer than a window is cut."""
    rows = np.zeros(len(page.text), np.int32)
    filled: list[list[tuple[int, int, int]]] = [[]]
    for sentence in _sentences(page):
        found = [
            (number, start + a, start + b)
            for start, end in sentence
            for number, a, b in pieces.cut(page.text[start:end])
        ]
        if len(filled[-1]) + len(found) > _WINDOW:
            filled.append([])
        for first in range(0, len(found), _WINDOW):
            if first:
                filled.append([])
            filled[-1] += found[first : first + _WINDOW]
    at = 0
    ids = []
    for window in filled:
        for row, (_, start, end) in enumerate(window, at + 1):
            rows[start:end] = row
        at += len(window) + 2
        ids.append(np.array([BEGIN, *(number for number, _, _ in window), END], np.int64))
    # what is no word (a line break) takes the piece before it
    return Windows(ids, np.maximum.accumulate(rows))


def _sentences(page: Page) -> list[list[tuple[int, int]]]:
    """The words of each sentence, as (start, end)."""
    bounds = [page.word_at(start) for start, _ in page.sentences] + [len(page.words)]
    return [[(start, end) for start, end, _ in page.words[a:b]] for a, b in pairwise(bounds)]


class Encoder:
    """Runs the shipped model."""

    def __init__(self, model: bytes) -> None:
        self._session = session(model)
        self.pieces = Pieces(json.loads(self._session.get_modelmeta().custom_metadata_map["pieces"]))

    def read(self, page: Page) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """(states of the pieces, shape (pieces, 384); for each character the row of its piece)."""
        cut = windows(page, self.pieces)
        return np.concatenate([self._run(ids) for ids in cut.ids]), cut.rows

    def _run(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        states: Sequence[NDArray[np.float32]] = self._session.run(None, {"ids": ids[None]})
        return states[0][0]
