"""``python -m kg.train.concept_vectors``: vectors of pieces for the nearest concept, out of a transformer's twelve layers.

As model2vec does it (Tulkens and van Dongen 2024): each piece runs through multilingual-e5-small alone and keeps the mean of
its states, weighted down by how frequent it is (Arora, Liang and Ma 2017). Then, other than there, the numbers that are kept
are those that tell the concepts of the schemes apart: a linear discriminant analysis (Fisher 1936) over the vectors of the
labels, whose within-class scatter is shrunk towards the identity. Deterministic: the same weights, schemes and processor
give the same file. About two minutes on one idle core. Needs the ``train`` extra.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kg.knowledge.pieces import SPECIAL, Pieces
from kg.knowledge.vocabulary import Vocabulary
from kg.resolve.nearest import LINKED_SLOTS, slot_labels
from kg.train.arrays import save_arrays
from kg.train.commands import run, single_thread

if TYPE_CHECKING:
    from kg.train.encoder import Transformer

__all__ = ["discriminant", "frequency_weights", "pack", "states_alone"]

LAYERS = 12
NUMBERS = 96
"""Numbers a piece; 64 and 128 differ from it by less than the gold can tell."""
FREQUENT = 1e-3
"""A piece as probable as this counts half (the ``a`` of Arora et al.)."""
SHRINKAGE = 0.3
"""How much of the mean variance is added to each direction's."""
BATCH = 256
FILE = Path(__file__).parent.parent / "resolve" / "concept_vectors.npz"

Numbers = NDArray[np.float64]


def states_alone(model: Transformer, pieces: int) -> NDArray[np.float32]:
    """The mean state of each piece between its two marks, nothing around it; shape (pieces, 384)."""
    import torch

    parts = []
    for first in range(SPECIAL, SPECIAL + pieces, BATCH):
        numbers = torch.arange(first, min(first + BATCH, SPECIAL + pieces))
        ids = torch.stack([torch.zeros_like(numbers), numbers, torch.ones_like(numbers)], 1)
        with torch.no_grad():
            parts.append(model(ids, torch.full((len(numbers),), 3)).mean(1))
    return torch.cat(parts).numpy()


def frequency_weights(scores: Sequence[float]) -> Numbers:
    """``a / (a + p)`` for each piece, from the logarithms of their probabilities."""
    likely = np.exp(np.asarray(scores, np.float64))
    return FREQUENT / (FREQUENT + likely / likely.sum())


def discriminant(vectors: Numbers, sets: Sequence[tuple[Numbers, Sequence[str]]], numbers: int = NUMBERS) -> Numbers:
    """The vectors in the directions in which classes differ most, in units of what their members differ among themselves.

    ``sets`` holds unit vectors of examples, shape (examples, dimensions), with the class of each; a set's classes are
    compared with one another only.
    """
    size = vectors.shape[1]
    within, between, freedom = np.zeros((size, size)), np.zeros((size, size)), 0
    for examples, classes in sets:
        _, place, count = np.unique(np.asarray(classes), return_inverse=True, return_counts=True)
        mean = np.zeros((len(count), size))
        np.add.at(mean, place, examples)
        mean /= count[:, None]
        apart = examples - mean[place]
        within += apart.T @ apart
        freedom += len(examples) - len(count)
        off = mean - examples.mean(0)
        between += (off * count[:, None]).T @ off
    within /= freedom
    within += SHRINKAGE * np.trace(within) / size * np.eye(size)
    variance, axes = np.linalg.eigh(within)
    whitening = axes / np.sqrt(variance)
    _, axes = np.linalg.eigh(whitening.T @ between @ whitening)
    found: Numbers = vectors @ whitening @ axes[:, ::-1][:, :numbers]
    return found


def _sets(vectors: Numbers, pieces: Pieces, vocabulary: Vocabulary) -> list[tuple[Numbers, list[str]]]:
    """Unit vectors of the labels of each slot's schemes, with their concepts."""
    sets = []
    for slot in LINKED_SLOTS:
        labels = sorted(slot_labels(vocabulary, slot).items())
        sums = np.stack([vectors[pieces.rows(label)].sum(0) for label, _ in labels])
        length = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
        sets.append((sums / length, [concept.iri for _, concept in labels]))
    return sets


def pack(states: NDArray[np.float32], scores: dict[str, float], vocabulary: Vocabulary) -> dict[str, NDArray[Any]]:
    """The arrays of the file: codes of eight bits with one scale for all, the pieces as text, their scores."""
    weighted = (states - states.mean(0)) * frequency_weights(list(scores.values()))[:, None]
    kept = discriminant(weighted, _sets(weighted, Pieces(scores), vocabulary))
    return {
        "codes": np.round(kept * (127 / np.abs(kept).max())).astype(np.int8),
        "pieces": np.frombuffer("\n".join(scores).encode("utf-8"), np.uint8),
        "scores": np.array(list(scores.values())),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file of vectors; 0 where it is done, 2 where the call is wrong."""
    parser = argparse.ArgumentParser(prog="python -m kg.train.concept_vectors", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--output", type=Path, default=FILE, help="file of the vectors")
    return run(_work, parser.parse_args(arguments))


def _work(args: argparse.Namespace) -> None:
    single_thread()
    from kg.train.encoder import pretrained

    model, scores = pretrained(LAYERS)
    save_arrays(args.output, pack(states_alone(model.eval(), len(scores)), scores, Vocabulary.load()))


if __name__ == "__main__":
    sys.exit(main())
