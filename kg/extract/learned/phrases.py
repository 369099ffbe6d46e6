"""What a phrase is: the learned scorer of candidate phrases.

One small network scores every candidate for every type at once. Its input is a sum of embeddings (the first word seen from
the left, the last word seen from the right, the tag pattern) and projections of LAC's hidden states at both ends and in
the mean between. All that needs Python time is per word; the rest is a few matrix products.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.extract.figures.find import Figure, find_figures
from kg.extract.learned.candidates import candidate_phrases
from kg.extract.learned.encoder import STATES, Encoder
from kg.extract.learned.features import word_features
from kg.extract.learned.ranges import ranges
from kg.extract.learned.shapes import shape_features
from kg.extract.text.lac import UPPER
from kg.extract.text.layout import clauses
from kg.extract.text.page import Page

__all__ = [
    "TYPES",
    "Phrase",
    "PhraseModel",
    "PhraseTable",
    "choose",
    "phrase_table",
    "same_phrase",
]

TYPES = (
    "named", "unnamed", "region", "formats", "audiences", "topics", "organisers", "partners", "venues", "channels",
    "outcomes", "planned",
)  # fmt: skip
"""What a candidate can be; ``named`` and ``unnamed`` are practices, ``planned`` marks those that are only announced."""

_AT_ONCE = 4096
"""Candidates that go through the upper layers together: an article of usual length at once, a very long one in parts."""
_COLUMNS = 64
"""Columns of the encoder's states that are summed up together, for the same reason."""
_NEAR = 2 / 3
"""Two spans of which one holds the other count as the same phrase when the shorter has two thirds of the length of the
longer: the scorer's rule for strings."""
_FLOOR = 0.02
"""Probability below which a candidate is not looked at again."""


@dataclass(frozen=True)
class PhraseTable:
    """All candidates of an article with their features."""

    rows: NDArray[np.int32]
    """(first word, last word, start, end), ordered by place."""
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    shape: NDArray[np.int32]
    """Ids of the candidate's own templates, shape (candidates, 9)."""
    hidden: NDArray[np.float32]
    """The page's hidden states, shape (characters, 640)."""
    around: NDArray[np.int32]
    """(start, end) of each candidate's clause and of its sentence, shape (candidates, 4)."""
    figures: dict[tuple[int, int], Figure]
    states: NDArray[np.float32] | None = None
    """The encoder's states of the article's pieces, shape (pieces, 384), where it has run."""
    pieces: NDArray[np.int32] | None = None
    """For each character the row of its piece."""

    @cached_property
    def row_of(self) -> dict[tuple[int, int], int]:
        """The row of each candidate by its (start, end)."""
        spans = zip(self.rows[:, 2].tolist(), self.rows[:, 3].tolist(), strict=True)
        return {span: row for row, span in enumerate(spans)}


@dataclass(frozen=True)
class Phrase:
    """A candidate that was chosen for a type."""

    start: int
    end: int
    kind: str
    score: float


def phrase_table(page: Page, encoder: Encoder | None = None) -> PhraseTable:
    """Candidates and features of one article; a figure is a candidate too. With an encoder, its states as well."""
    found = page.found.get("figures")  # the component's, where it ran before
    figures = {(figure.start, figure.end): figure for figure in (find_figures(page) if found is None else found)}
    rows = candidate_phrases(page, figures)
    left, right = word_features(page)
    states = encoder.read(page) if encoder else (None, None)
    return PhraseTable(
        rows, left, right, shape_features(page, rows), page.hidden, _around(page, rows), figures, *states
    )


def _around(page: Page, rows: NDArray[np.int32]) -> NDArray[np.int32]:
    sentences = np.array(page.sentences, np.int32).reshape(-1, 2)
    parts = np.array([c for s in page.sentences for c in clauses(page.text, *s)], np.int32).reshape(-1, 2)
    spans = [
        spans[np.maximum(np.searchsorted(spans[:, 0], rows[:, 2], side="right") - 1, 0)] for spans in (parts, sentences)
    ]
    return np.concatenate(spans, axis=1)


class PhraseModel:
    """The network's weights, and its forward pass in numpy."""

    def __init__(self, weights: dict[str, NDArray[Any]]) -> None:
        self._w = {name: np.asarray(value, np.float32) for name, value in weights.items()}

    def weights(self, kind: str) -> dict[str, NDArray[Any]]:
        """The weights in a number type of numpy, to be saved."""
        return {name: value.astype(kind) for name, value in self._w.items()}

    @property
    def layer(self) -> int:
        """Numbers in the last layer."""
        return len(self._w["out"])

    def score(self, table: PhraseTable) -> NDArray[np.float32]:
        """Probability of each type for each candidate, shape (candidates, types)."""
        return self.read(table)[0]

    def read(self, table: PhraseTable) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The probabilities, and what the network made of each candidate: its last layer, shape (candidates, ``layer``)."""
        w = self._w
        first, last = table.rows[:, 0], table.rows[:, 1]
        left, right = _summed(w["start"], table.left), _summed(w["end"], table.right)
        # projected first and gathered afterwards: a product a character instead of one a candidate
        size = table.hidden.shape[1]
        start, end = table.rows[:, 2], table.rows[:, 3]
        at_start, at_end, within = (table.hidden @ w["hidden"][k * size : (k + 1) * size] for k in range(3))
        upper = table.hidden[:, :UPPER]
        in_clause, in_sentence = (upper @ w["context"][k * UPPER : (k + 1) * UPPER] for k in range(2))
        x = left[first]
        x += right[last]
        x += _summed(w["shape"], table.shape)
        x += w["hidden_bias"]
        x += at_start[start]
        x += at_end[end - 1]
        x += _mean(within, start, end)
        x += _mean(in_clause, table.around[:, 0], table.around[:, 1])
        x += _mean(in_sentence, table.around[:, 2], table.around[:, 3])
        if "states" in w:
            x = np.concatenate([x, self._meant(table)], axis=1)
        scores = np.empty((len(x), len(TYPES)), np.float32)
        layer = np.empty((len(x), self.layer), np.float32)
        for at in range(0, len(x), _AT_ONCE):
            now = slice(at, at + _AT_ONCE)
            read = _gelu(x[now])
            layer[now] = _gelu(read @ w["middle"] + w["middle_bias"])
            logits = layer[now] @ w["out"] + w["out_bias"] + read @ w["skip"]
            scores[now] = 1 / (1 + np.exp(-logits))
        return scores, layer

    def _meant(self, table: PhraseTable) -> NDArray[np.float32]:
        """What the encoder's states say of each candidate, shape (candidates, columns of ``states``)."""
        w = self._w
        if table.states is None or table.pieces is None:
            raise ValueError("this model reads the encoder's states: phrase_table needs the encoder")
        states, row = table.states, table.pieces

        def projected(part: int) -> NDArray[np.float32]:
            said: NDArray[np.float32] = states @ w["states"][part * STATES : (part + 1) * STATES]
            return said

        start, end = table.rows[:, 2], table.rows[:, 3]
        z: NDArray[np.float32] = w["states_bias"] + projected(0)[row[start]]
        z += projected(1)[row[end - 1]]
        # one part and a few columns at a time, from pieces to characters: a long article's are large
        around = table.around
        spans = (start, end), (around[:, 0], around[:, 1]), (around[:, 2], around[:, 3])
        for part, span in enumerate(spans, 2):
            within = projected(part)
            for first in range(0, z.shape[1], _COLUMNS):
                columns = slice(first, first + _COLUMNS)
                z[:, columns] += _mean(within[row, columns], *span)
        z += projected(5).mean(axis=0)
        return z


def _summed(embedding: NDArray[np.float32], ids: NDArray[np.int32]) -> NDArray[np.float32]:
    """The sum of each row's embeddings, a template at a time: all of them at once would be many times as large."""
    total = np.zeros((len(ids), embedding.shape[1]), np.float32)
    for column in ids.T:
        total += embedding.take(column, axis=0)
    return total


def _mean(rows: NDArray[np.float32], start: NDArray[np.int32], end: NDArray[np.int32]) -> NDArray[np.float32]:
    """The mean row of each span, by cumulated sums."""
    # neighbours often have one clause or sentence
    new = np.append(True, (start[1:] != start[:-1]) | (end[1:] != end[:-1]))[: len(start)]
    first, stop = start[new], end[new]
    sums = _cumulated(rows)
    means = sums.take(stop, axis=0)
    means -= sums.take(first, axis=0)
    means /= np.maximum(stop - first, 1)[:, None]
    each: NDArray[np.float32] = means.astype(np.float32).take(np.cumsum(new) - 1, axis=0)
    return each


_BLOCK = 32


def _cumulated(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """The sum of all rows before each one, and of all: within blocks first, a row of every block at a time."""
    sums = np.zeros((1 + -(-len(rows) // _BLOCK) * _BLOCK, rows.shape[1]))
    sums[1 : len(rows) + 1] = rows
    blocks = sums[1:].reshape(-1, _BLOCK, rows.shape[1])
    for row in range(1, _BLOCK):
        blocks[:, row] += blocks[:, row - 1]
    blocks[1:] += np.cumsum(blocks[:-1, -1], axis=0)[:, None]
    return sums[: len(rows) + 1]


def _gelu(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """GELU in its tanh form (Hendrycks and Gimpel 2016), the same in training."""
    out: NDArray[np.float32] = 0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))
    return out


def same_phrase(
    start: NDArray[np.int32], end: NDArray[np.int32], s: NDArray[np.int32] | int, e: NDArray[np.int32] | int
) -> NDArray[np.bool_]:
    """Which spans count as the same phrase as ``s`` to ``e``: one holds the other and has two thirds of its length."""
    length = end - start
    holds = ((start >= s) & (end <= e)) | ((start <= s) & (end >= e))
    same: NDArray[np.bool_] = holds & (np.minimum(length, e - s) >= _NEAR * np.maximum(length, e - s))
    return same


def choose(table: PhraseTable, scores: NDArray[np.float32], kind: str, threshold: float) -> list[Phrase]:
    """The candidates of one type whose score reaches the threshold, best first, without overlaps; in order of place.

    Where the end of a phrase is open (志愿服务 or 志愿服务活动), the candidates share its probability: each one's score is
    the mean of its own and of the sum over those that count as the same phrase.
    """
    own = scores[:, TYPES.index(kind)]
    hopeful = np.flatnonzero(own > _FLOOR)
    spans, chances = table.rows[hopeful, 2:], own[hopeful]
    pooled = (chances + np.minimum(_shared(spans, chances), 1)) / 2
    likely = np.flatnonzero(pooled >= threshold)
    best = likely[np.lexsort((spans[likely, 1], spans[likely, 0], -pooled[likely]))]
    chosen: list[Phrase] = []
    for score, (start, end) in zip(pooled[best].tolist(), spans[best].tolist(), strict=True):
        if all(end <= other.start or start >= other.end for other in chosen):
            chosen.append(Phrase(start, end, kind, score))
    return sorted(chosen, key=lambda phrase: phrase.start)


def _shared(spans: NDArray[np.int32], chances: NDArray[np.float32]) -> NDArray[np.float32]:
    """For each span the sum of the chances of all that count as the same phrase, itself among them."""
    start, end = spans.T
    longest = int((end - start).max(initial=0))
    # which begin near enough to overlap; the spans are in the order of the text
    first, stop = np.searchsorted(start, start - longest), np.searchsorted(start, end)
    one, other = ranges(first, stop - first)
    same = same_phrase(start[other], end[other], start[one], end[one])
    one, other = one[same], other[same]
    bounds = np.searchsorted(one, np.arange(len(spans) + 1)).tolist()
    shares = chances[other]
    return np.array([shares[a:b].sum() for a, b in pairwise(bounds)], np.float32)
