"""The nearest concept for a phrase that no rule could place, or none where nothing is near enough.

Each piece of Chinese text has a vector (``concept_vectors.npz``, made by ``python -m kg.train.concept_vectors``); a phrase
is the sum of its pieces' vectors, and so is each label of the schemes. The label's own characters count besides. How often
this is right is measured in ``docs/quality.md``; why it is no whole language model stands in
``docs/decisions/nearest-concept.md``.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kg.knowledge.pieces import Pieces
from kg.knowledge.vocabulary import Concept, Vocabulary

__all__ = [
    "LINKED_SLOTS",
    "BigramRanker",
    "PieceVectors",
    "Ranker",
    "VectorRanker",
    "letters",
    "normalise",
    "part_labels",
    "slot_labels",
]

LINKED_SLOTS: dict[str, tuple[str, ...]] = {
    "formats": ("activity", "mode", "recurrence"),
    "audiences": ("audience",),
    "topics": ("topic",),
}
"""Slot of a practice → the schemes that its phrases are looked up in, the first that has the label wins."""

_NOT_TEXT = re.compile(r"[^\w%]|_")
_BIGRAM_LEAST = 0.72
"""Dice coefficient of character pairs from which two phrases count as one (chosen by eye: below it links go wrong)."""
_VECTOR_LEAST = 0.728
"""When it was chosen, nine in ten links of this ranker from here on were right on the tuning half of the gold; why it stayed when
labels were added, and fewer were: ``docs/decisions/nearest-concept.md``."""
_CONSIDERED = 60
"""Labels nearest by their vectors that are looked at more closely."""
_DICE_WEIGHT = 0.1
_VOTES = (1.0, 0.5, 0.25)
"""What a concept's best, second and third label count: one label that is near by chance is outvoted."""
_LEAD = 0.5
"""Share of the distance to the runner-up that is added: what could be two concepts is neither."""


class Ranker(Protocol):
    """Places a phrase that no rule could: the seam for an embedding model."""

    def nearest(self, slot: str, phrase: str) -> tuple[Concept, float] | None:
        """The concept whose label is most like ``phrase`` with a score from 0 to 1, or None if none is like enough."""
        ...


def normalise(phrase: str) -> str:
    """The phrase in half-width lower case without quotation marks, punctuation and blanks.

    >>> normalise("“线上 + 线下”宣讲、")
    '线上线下宣讲'
    """
    return letters(unicodedata.normalize("NFKC", phrase)).lower()


def letters(phrase: str) -> str:
    """The phrase without quotation marks, punctuation and blanks."""
    return _NOT_TEXT.sub("", phrase)


def slot_labels(vocabulary: Vocabulary, slot: str) -> dict[str, Concept]:
    """Normalised label → concept of all schemes of a slot."""
    labels: dict[str, Concept] = {}
    for scheme in reversed(LINKED_SLOTS[slot]):
        labels |= {normalise(label): concept for label, concept in vocabulary.labels(scheme).items()}
    return labels


def part_labels(labels: dict[str, Concept]) -> dict[str, Concept]:
    """Those that may be a part of a phrase, or near to it: how often (每周) counts only where the whole phrase says so."""
    return {label: one for label, one in labels.items() if one.scheme != "recurrence"}


class BigramRanker:
    """Nearest label with the same last character by the Dice coefficient of character pairs.

    Equal scores go to the shorter label, then by IRI.
    """

    def __init__(self, vocabulary: Vocabulary, *, threshold: float = _BIGRAM_LEAST) -> None:
        self.threshold = threshold
        self._pairs: dict[str, dict[str, list[tuple[Concept, str, int]]]] = {}
        for slot, schemes in LINKED_SLOTS.items():
            index: dict[str, list[tuple[Concept, str, int]]] = defaultdict(list)
            for scheme in schemes:
                for label, concept in vocabulary.labels(scheme).items():
                    pairs = _pairs(normalise(label))
                    for pair in pairs:
                        index[pair].append((concept, label, len(pairs)))
            self._pairs[slot] = dict(index)

    def nearest(self, slot: str, phrase: str) -> tuple[Concept, float] | None:
        own = _pairs(normalise(phrase))
        shared: dict[tuple[str, str], int] = defaultdict(int)
        found: dict[tuple[str, str], tuple[Concept, int]] = {}
        for pair in sorted(own):
            for concept, label, size in self._pairs[slot].get(pair, ()):
                # the head of a Chinese noun phrase is its end, and a label that says more means less
                if label[-1] != phrase[-1] or phrase in label:
                    continue
                shared[concept.iri, label] += 1
                found[concept.iri, label] = concept, size
        ranked = sorted(
            (-2 * count / (len(own) + found[key][1]), len(key[1]), key[0], key[1]) for key, count in shared.items()
        )
        if not ranked or -ranked[0][0] < self.threshold:
            return None
        return found[ranked[0][2], ranked[0][3]][0], -ranked[0][0]


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


class PieceVectors:
    """A vector for each piece; those of a phrase's pieces are summed."""

    def __init__(self, pieces: Pieces, codes: NDArray[np.int8]) -> None:
        self._pieces = pieces
        self._codes = codes
        """Shape (pieces, numbers); the scale is lost, since only directions count."""

    @staticmethod
    @cache
    def load() -> PieceVectors:
        """The vectors that are shipped; read once."""
        packed = files("kg.resolve").joinpath("concept_vectors.npz").read_bytes()
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            names = arrays["pieces"].tobytes().decode("utf-8").split("\n")
            scores = arrays["scores"].tolist()
            codes = arrays["codes"]
        return PieceVectors(Pieces(dict(zip(names, scores, strict=True))), codes)

    def of(self, phrases: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of normalised phrases, shape (phrases, numbers); zero where no piece of a phrase is known."""
        found = np.zeros((len(phrases), self._codes.shape[1]), np.float32)
        for row, phrase in enumerate(phrases):
            found[row] = self._codes[self._pieces.rows(phrase)].sum(0, dtype=np.float32)
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


@dataclass(frozen=True)
class _Labels:
    """The labels of a slot's schemes, sorted."""

    vectors: NDArray[np.float32]
    pairs: tuple[set[str], ...]
    concepts: tuple[Concept, ...]


class VectorRanker:
    """Nearest concept by the vectors of its labels' pieces, with a share for their character pairs.

    The score of a concept is the weighted mean of its three best labels, plus half the lead over the next concept. Vectors are
    read and labels placed at the first phrase of a slot (about 0.1 s).
    """

    def __init__(self, vocabulary: Vocabulary, *, threshold: float = _VECTOR_LEAST) -> None:
        self.threshold = threshold
        self._vocabulary = vocabulary
        self._slots: dict[str, _Labels] = {}

    def nearest(self, slot: str, phrase: str) -> tuple[Concept, float] | None:
        plain = normalise(phrase)
        vector = PieceVectors.load().of([plain])[0]
        labels = self._labels(slot)
        if not vector.any() or not labels.concepts:
            return None
        # rounded: the last digits of a sum differ between processors
        likeness = np.round(labels.vectors @ vector, 5)
        near = np.argsort(-likeness, kind="stable")[:_CONSIDERED]
        own = _pairs(plain)
        scores: dict[str, list[float]] = defaultdict(list)
        concepts: dict[str, Concept] = {}
        for at in near.tolist():
            concept, pairs = labels.concepts[at], labels.pairs[at]
            dice = 2 * len(own & pairs) / max(1, len(own) + len(pairs))
            scores[concept.iri].append((float(likeness[at]) + _DICE_WEIGHT * dice) / (1 + _DICE_WEIGHT))
            concepts[concept.iri] = concept
        least = min(min(of) for of in scores.values())
        voted = sorted((-_voted(of, least), iri) for iri, of in scores.items())
        best = -voted[0][0]
        score = best + _LEAD * (best + (voted[1][0] if len(voted) > 1 else -least))
        return (concepts[voted[0][1]], min(1.0, score)) if score >= self.threshold else None

    def _labels(self, slot: str) -> _Labels:
        if slot not in self._slots:
            labels = part_labels(slot_labels(self._vocabulary, slot))
            names = sorted(labels)
            self._slots[slot] = _Labels(
                PieceVectors.load().of(names),
                tuple(_pairs(name) for name in names),
                tuple(labels[name] for name in names),
            )
        return self._slots[slot]


def _voted(scores: list[float], least: float) -> float:
    """The weighted mean of the best scores; where there are fewer, the least one stands in."""
    best = [*sorted(scores, reverse=True)[: len(_VOTES)], *[least] * len(_VOTES)]
    return sum(weight * score for weight, score in zip(_VOTES, best, strict=False)) / sum(_VOTES)
