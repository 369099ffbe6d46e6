"""What the words mean where they stand: a small multilingual transformer, fine-tuned on the annotated articles.

LAC's hidden states know a word's tag and its neighbours; this encoder (multilingual-e5-small, pruned to simplified Chinese,
see ``docs/decisions/fine-tuned-encoder.md``) has read a good part of the web and sees a whole stretch of the article at
once. It reads each article three times (``docs/decisions/three-readings.md``), which costs thirteen times LAC's run: it is what
``--fast`` leaves out. onnxruntime runs it on one thread, in full precision whatever the processor: the weights are stored in
eight bits and widened when the model is loaded.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kg.extract.text.onnx import session
from kg.extract.text.page import Page
from kg.knowledge.pieces import UNKNOWN, Pieces

__all__ = ["BEGIN", "END", "STATES", "Encoder", "Windows", "windows"]

STATES = 384
"""Numbers a piece."""
BEGIN, END = 0, 1
"""Ids of what stands around a window."""

_WINDOW = 254
"""Pieces a window holds besides its two marks; about 380 characters. Attention grows with its square."""
FIRST_WINDOWS = tuple(_WINDOW * third // 3 for third in (3, 1, 2))
"""Pieces of an article's first window, in each of the ways in which it is cut into windows."""


@dataclass(frozen=True)
class Windows:
    """An article as the encoder reads it."""

    ids: list[NDArray[np.int64]]
    """The pieces of each window, its two marks included."""
    rows: NDArray[np.int32]
    """For each character the number of its piece, the marks not counted: the same however the article is cut."""


def windows(page: Page, pieces: Pieces, first: int = _WINDOW) -> Windows:
    """Whole sentences, as many as fit into each window; a sentence that is longer than a window is cut.

    ``first`` is what the first window holds (a first sentence that is longer has it alone), so that the others begin
    elsewhere.
    """
    room = first
    rows = np.zeros(len(page.text), np.int32)
    filled: list[list[tuple[int, int, int]]] = [[]]
    for sentence in _sentences(page):
        found = [
            (number, start + a, start + b)
            for start, end in sentence
            for number, a, b in pieces.cut(page.text[start:end])
        ]
        if filled[-1] and len(filled[-1]) + len(found) > room:
            filled.append([])
            room = _WINDOW
        for at in range(0, len(found), _WINDOW):
            if at:
                filled.append([])
            filled[-1] += found[at : at + _WINDOW]
    if not filled[0]:  # blanks alone: they are one piece, so that each character has its row
        filled[0].append((UNKNOWN, 0, len(page.text)))
    at = 0
    ids = []
    for window in filled:
        for row, (_, start, end) in enumerate(window, at):
            rows[start:end] = row
        at += len(window)
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
        """(states of the pieces, shape (pieces, 384); for each character the row of its piece).

        What stands at the edge of a window is read without what stands beyond it. So the article is cut into windows in
        three ways, and a piece means the mean of what it means in each.
        """
        cuts = [windows(page, self.pieces, first) for first in FIRST_WINDOWS]
        states = np.zeros((int(cuts[0].rows.max(initial=0)) + 1, STATES), np.float32)
        readings = self._readings([ids for cut in cuts for ids in cut.ids])
        for cut in cuts:
            at = 0
            for ids in cut.ids:
                states[at : at + len(ids) - 2] += next(readings)[1:-1]
                at += len(ids) - 2
        states /= len(cuts)
        return states, cuts[0].rows

    def _readings(self, ids: Sequence[NDArray[np.int64]]) -> Iterator[NDArray[np.float32]]:
        """The states of each window; one that comes again, where cuts fall together, is run once and kept until then."""
        left = Counter(window.tobytes() for window in ids)
        kept: dict[bytes, NDArray[np.float32]] = {}
        for window in ids:
            key = window.tobytes()
            left[key] -= 1
            states = kept.pop(key) if key in kept else self._run(window)
            if left[key]:
                kept[key] = states
            yield states

    def _run(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        states: Sequence[NDArray[np.float32]] = self._session.run(None, {"ids": ids[None]})
        return states[0][0]
