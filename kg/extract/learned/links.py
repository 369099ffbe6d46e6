"""Which value belongs to which practice, which place carries it out, and which practice it is a part of.

One small network judges pairs (practice, thing) from where the two stand: the same clause, sentence or paragraph, what lies
between, lists, headings, and for places their level and position in the sentence. A value can belong to several practices
(three columns named in one list share what the sentence says of them); a place and a parent are chosen once, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.extract.learned.candidates import find_rows
from kg.extract.learned.pairs import Decision, Pairs, see_pairs
from kg.extract.learned.phrases import PhraseTable
from kg.extract.learned.scene import Scene
from kg.extract.learned.things import Numbers, Thing

__all__ = ["Judge", "Judged", "LinkModel", "Meanings"]

_AT_ONCE = 2048
"""Pairs that are seen together: an article with very many practices takes little memory."""


class Meanings:
    """What the phrase model made of the phrases of an article, by their spans; zeros for what is no candidate."""

    def __init__(self, table: PhraseTable, layer: NDArray[np.float32]) -> None:
        self._rows = table.rows
        self._layer = np.concatenate([layer, np.zeros((1, layer.shape[1]), np.float32)])

    def inputs(self, pairs: Pairs) -> NDArray[np.float32]:
        """What the link model reads of each pair, shape (pairs, FEATURES + 2 × the phrase model's layer)."""
        practices, things = (self._layer[find_rows(self._rows, spans)] for spans in (pairs.practices, pairs.things))
        return np.concatenate([pairs.vectors, practices, things], axis=1)


class LinkModel:
    """The network's weights, and its forward pass in numpy."""

    def __init__(self, weights: dict[str, NDArray[Any]]) -> None:
        self._w = {name: np.asarray(value, np.float32) for name, value in weights.items()}

    def weights(self, kind: str) -> dict[str, NDArray[Any]]:
        """The weights in a number type of numpy, to be saved."""
        return {name: value.astype(kind) for name, value in self._w.items()}

    def score(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log-odds of each pair, from its ``Meanings.inputs``."""
        w = self._w
        hidden = np.maximum(inputs @ w["first"] + w["first_bias"], 0)
        scores: NDArray[np.float32] = (hidden @ w["second"] + w["second_bias"])[:, 0]
        return scores


class Judged(NamedTuple):
    """What the model says of one decision."""

    odds: NDArray[np.float32]
    """Log-odds of each pair."""
    mentions: Numbers
    """(start, end) of the mention of each pair's thing that counts, shape (pairs, 2)."""


class Judge:
    """The link model over one article."""

    def __init__(self, model: LinkModel, table: PhraseTable, layer: NDArray[np.float32]) -> None:
        self._model, self._meanings = model, Meanings(table, layer)

    def decide(self, scene: Scene, things: Sequence[Thing], decisions: Sequence[Decision]) -> Iterator[Judged]:
        """Each decision judged; they are all on values, all on places or all on parents."""
        for some in _batches(decisions):
            pairs = see_pairs(scene, things, some)
            inputs = self._meanings.inputs(pairs)
            bounds = np.cumsum([0, *(len(decision.things) for decision in some)])
            # each decision by itself: in one product with others a pair's sum would be made in another order
            for first, stop in pairwise(bounds.tolist()):
                yield Judged(self._model.score(inputs[first:stop]), pairs.things[first:stop])


def _batches(decisions: Sequence[Decision]) -> Iterator[Sequence[Decision]]:
    first = size = 0
    for at, decision in enumerate(decisions):
        if size and size + len(decision.things) > _AT_ONCE:
            yield decisions[first:at]
            first, size = at, 0
        size += len(decision.things)
    if size:
        yield decisions[first:]
