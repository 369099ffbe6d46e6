"""``python -m kg.train.sentences DIR --unseen GOLD FOLDER``: fit which sentences tell of a practice, on unseen articles.

DIR holds models; GOLD and FOLDER, as often as there are sets, annotated articles that they were not trained on (or
``--left-out``: the shared ones, each by models that were trained without it). What a network says of articles that it has
learnt from is too sure to learn this from. The weights are written into DIR/sentences.toml; with ``--left-out`` those of each
fold as well, fitted on the other folds' articles, so that what comes after still judges articles that nothing has seen.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from kg.extract.learned.parts import load_learned
from kg.extract.learned.phrases import TYPES
from kg.extract.learned.sentences import HEIGHT
from kg.train.commands import run
from kg.train.logistic import logistic_regression
from kg.train.reading import Reading, add_unseen, readings_apart

_PULL = 1000.0
"""Ridge on the standardized evidence, as a number of sentences: 24 numbers that say much the same share the weight. The best
of 10, 100 and 1000 by ten-fold cross-validation over articles."""


def fit_sentences(read: Sequence[Reading]) -> dict[str, list[float]]:
    """The weights as ``kg.extract.learned.sentences.SentenceModel`` takes them."""
    evidence, telling = zip(*(one.sentences() for one in read), strict=True)
    x, y = np.concatenate(evidence).astype(float), np.concatenate(telling).astype(float)
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    ones = np.ones((len(x), 1))
    pull = np.array([*[_PULL] * x.shape[1], 1e-6])  # the height is free
    *slopes, height = logistic_regression(np.concatenate([(x - mean) / spread, ones], axis=1), y, pull)
    weights = np.array(slopes) / spread
    pairs = weights.reshape(2, len(TYPES)).T.round(4).tolist()
    return {HEIGHT: [round(float(height - weights @ mean), 4)], **dict(zip(TYPES, pairs, strict=True))}


def _write(models: Path, weights: dict[str, list[float]]) -> None:
    head = [
        "# Log-odds that a sentence introduces a practice: height + the weights of the log of each type's best probability in",
        "# the sentence, and of their sum; by kg.train.sentences",
    ]
    lines = [f"{name} = {value}" for name, value in weights.items()]
    (models / "sentences.toml").write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the weights and write them; 0 where it is done, 2 where the call is wrong."""
    parser = argparse.ArgumentParser(prog="python -m kg.train.sentences", description=__doc__.split("\n", 1)[0])
    parser.add_argument("models", type=Path, help="folder of the models")
    add_unseen(parser)
    return run(_work, parser.parse_args(arguments))


def _work(args: argparse.Namespace) -> None:
    others, folds = readings_apart(args, load_learned(args.models))
    for fold in range(len(folds)):
        rest = chain.from_iterable(folds[:fold] + folds[fold + 1 :])
        _write(args.left_out[0] / str(fold), fit_sentences([*rest, *others]))
    _write(args.models, fit_sentences([*chain.from_iterable(folds), *others]))


if __name__ == "__main__":
    sys.exit(main())
