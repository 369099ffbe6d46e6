"""``python -m kg.train.words``: train the shipped pkuseg model from the project's own articles.

    python -m kg.train.words                 trains on data/corpus, writes kg/extract/models/pkuseg
    python -m kg.train.words --score         scores the shipped model on the tenth that was held out
    python -m kg.train.words --corpus TEXTS --output DIR
                                             the same from texts of your own

The sentences are the project's own, cut by LAC: the model learns LAC's words, not a person's. Every tenth article (by the
hash of its text, so that a new article moves no other) is never learnt from. Deterministic: the same articles give the same
files. One thread, some ten minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.errors import UsageError
from kg.extract.text.words import SHIPPED, make_pages
from kg.model import Article
from kg.read import read_articles
from kg.train.commands import run
from kg.train.corpus import CORPUS

__all__ = ["Agreement", "Sentence", "agreement", "cut_corpus", "fit", "held_out"]

Sentence = list[str]
"""The words of a sentence; white space is no word."""

ROUNDS, TRIM, LEAST = 10, 1, 0.02
"""Training rounds; features seen no oftener are not learnt; features whose weights all lie nearer to zero are left out. Set
for a small file and a short training, not tuned on the held-out tenth."""
_STEP = 256
"""Weights are kept as multiples of 1/256, which packs well."""


@dataclass(frozen=True)
class Agreement:
    """How far words agree with other words of the same sentences; a word is right if both its ends are."""

    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both, the usual score of Chinese segmentation (SIGHAN bake-off)."""
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0


def agreement(found: Iterable[Sentence], wanted: Iterable[Sentence]) -> Agreement:
    """Score words against others of the same sentences.

    >>> agreement([["社区", "开课"]], [["社区", "开", "课"]]).precision
    0.5
    """
    right = count = gold = 0
    for one, other in zip(found, wanted, strict=True):
        left, correct = _spans(one), _spans(other)
        right += len(left & correct)
        count += len(left)
        gold += len(correct)
    return Agreement(right, count, gold)


def _spans(words: Sentence) -> set[tuple[int, int]]:
    spans, at = set(), 0
    for word in words:
        if not word.isspace():
            spans.add((at, at + len(word)))
            at += len(word)
    return spans


def held_out(article: Article) -> bool:
    """Whether an article is of the tenth that is never learnt from."""
    return hashlib.sha256(article.text.encode("utf-8")).digest()[0] % 10 == 0


def cut_corpus(folder: Path = CORPUS) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences of the corpus as LAC cuts them: those to learn from, and those held out."""
    articles = [one for one in read_articles(sorted(folder.rglob("*.txt"))) if isinstance(one, Article)]
    learnt: list[Sentence] = []
    kept: list[Sentence] = []
    for article in articles:
        (kept if held_out(article) else learnt).extend(_sentences(article))
    return learnt, kept


def _sentences(article: Article) -> Iterator[Sentence]:
    (page,) = make_pages([article])
    ends = iter(page.words)
    for _, end in page.layout.sentences:
        words = []
        for start, stop, _tag in ends:
            if word := "".join(article.text[start:stop].split()):
                words.append(word)
            if stop >= end:
                break
        if words:
            yield words


def fit(sentences: Sequence[Sentence], folder: Path, *, rounds: int = ROUNDS) -> None:
    """Train a model with ``spacy_pkuseg.train`` and write it, pruned, to a folder."""
    import spacy_pkuseg
    from spacy_pkuseg.config import config

    with tempfile.TemporaryDirectory() as scratch, contextlib.redirect_stdout(sys.stderr):
        lines = "".join(" ".join(words) + "\n" for words in sentences)
        train, test = Path(scratch, "train.utf8"), Path(scratch, "test.utf8")
        train.write_text(lines, encoding="utf-8")
        test.write_text(lines[: lines.index("\n") + 1], encoding="utf-8")  # it wants one; the scores are taken apart
        random.seed(0)  # it shuffles the sentences
        before, config.featureTrim = config.featureTrim, TRIM
        try:
            spacy_pkuseg.train(str(train), str(test), str(Path(scratch, "model")), train_iter=rounds)
        finally:
            config.featureTrim = before
        _prune(Path(scratch, "model"), folder)


def _prune(trained: Path, folder: Path) -> None:
    """Write the model without what decides nothing: features of little weight, and words that none of the rest names."""
    import srsly  # type: ignore[import-untyped]

    features: dict[str, Any] = dict(srsly.read_msgpack(trained / "features.msgpack"))
    with np.load(trained / "weights.npz", allow_pickle=False) as saved:
        tags, count = (int(number) for number in saved["sizes"])
        weights: NDArray[np.float64] = saved["w"]
    nodes, edges = weights[: tags * count].reshape(count, tags), weights[tags * count :]
    heavy = np.abs(nodes).max(axis=1) >= LEAST
    heavy[0] = True  # what a character without any feature is given
    by_place = sorted(features["feature_to_idx"].items(), key=lambda pair: pair[1])
    kept = [name for name, at in by_place if heavy[at]]
    named = {name.split(".", 1)[1] for name in kept if name.startswith(("w-1.", "w1."))}
    pairs = {name.split(".", 2)[2] for name in kept if name.startswith(("ww.l.", "ww.r."))}
    named |= {word for pair in pairs for word in pair.split("*")}
    folder.mkdir(parents=True, exist_ok=True)
    srsly.write_msgpack(
        folder / "features.msgpack",
        {
            "unigram": sorted(named & set(features["unigram"])),
            "bigram": [],  # cutting looks up the feature itself
            "feature_to_idx": {name: at for at, name in enumerate(kept)},
            "tag_to_idx": dict(sorted(features["tag_to_idx"].items(), key=lambda pair: pair[1])),
        },
    )
    rounded = np.round(np.concatenate([nodes[heavy].reshape(-1), edges]) * _STEP) / _STEP
    np.savez_compressed(folder / "weights.npz", sizes=np.array([tags, len(kept)]), w=rounded)


def score(cut: Callable[[str], list[str]], wanted: Sequence[Sentence]) -> Agreement:
    """How far a segmenter agrees with LAC's words."""
    return agreement((cut("".join(words)) for words in wanted), wanted)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and score a model; 0 where it is done, 2 where the call is wrong."""
    parser = argparse.ArgumentParser(prog="python -m kg.train.words", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--score", action="store_true", help="score the model that is there, train none")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder of the texts (default: data/corpus)")
    parser.add_argument("--output", type=Path, default=SHIPPED, help="folder of the model")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="training rounds")
    return run(_work, parser.parse_args(arguments))


def _work(args: argparse.Namespace) -> None:
    if not args.score and args.corpus != CORPUS and args.output == SHIPPED:
        raise UsageError("it needs --output", where="--corpus", remedy="name a folder for the model")
    started = time.monotonic()
    learnt, kept = cut_corpus(args.corpus)
    if not learnt and not args.score:
        raise UsageError("no sentence to learn from", where=str(args.corpus), remedy="name a folder of texts (.txt)")
    print(f"{len(learnt)} sentences to learn from, {len(kept)} held out", file=sys.stderr)
    if not args.score:
        fit(learnt, args.output, rounds=args.rounds)
    from kg.extract.text.words import segmenter

    cut = segmenter("pkuseg", None if args.output == SHIPPED else str(args.output))
    assert cut is not None
    found = score(cut, kept)
    size = sum(file.stat().st_size for file in args.output.iterdir())
    print(
        f"held out: precision {found.precision:.4f}, recall {found.recall:.4f}, F1 {found.f1:.4f} "
        f"on {found.wanted} words; {size / 1e6:.1f} MB"
    )
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
