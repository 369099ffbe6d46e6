"""``python -m kg.train``: train the shipped models from the annotated articles, or cross-validate them.

    python -m kg.train --shared ../shared          trains on data/ and on the shared gold, writes kg/extract/models/accurate
    python -m kg.train --fast --shared ../shared   the same for the models without the encoder (models/fast)
    python -m kg.train --output DIR                on data/ alone, for comparison
    python -m kg.train --shared ../shared --halves --output DIR
                                                   two sets of models, each without one half of the shared articles and
                                                   without the own ones that had an article of it as their mould:
                                                   thresholds, calibration and honest scores come from these
    python -m kg.train --cross-validate [--folds N] --output FILE
                                                   records of the project's own articles, each outlet style by models that
                                                   have not seen it (nor, with --folds, the other styles of its fold)

Deterministic: the same articles, torch and processor give the same files. On one core about a quarter of an hour for
the fast models, fifty minutes for the accurate ones.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from kg.extract.confidence import UNCALIBRATED
from kg.extract.encoder import Encoder
from kg.extract.learned import Learned, shipped_sentences, shipped_thresholds
from kg.extract.phrases import PhraseModel
from kg.train.arrays import save_arrays
from kg.train.corpus import Annotated, half_without, own_articles, own_without, shared_articles
from kg.train.links import fit_links
from kg.train.phrases import fit_phrases
from kg.train.reading import Reading

MODELS = Path(__file__).parent.parent / "extract" / "models"
SEED = 0


def train(articles: Sequence[Annotated], *, fast: bool) -> tuple[Learned, bytes | None]:
    """All models from some articles, with what is shipped of sentences and thresholds; the encoder's file, unless ``fast``."""
    phrases, file = fit_phrases(articles, tune=not fast, seed=SEED)
    phrases = PhraseModel(_rounded(phrases.weights("float16")))  # what is shipped is what the links learn from
    encoder = Encoder(file) if file else None
    links = fit_links(articles, phrases, encoder, seed=SEED)
    return Learned(phrases, shipped_sentences(fast), links, shipped_thresholds(fast), UNCALIBRATED, encoder), file


def _rounded(weights: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Multiples of 1/1024: packs a third smaller and changes no score in its third digit."""
    return {
        name: (np.round(value.astype(np.float32) * 1024) / 1024).astype(value.dtype) for name, value in weights.items()
    }


def cross_validate(articles: Sequence[Annotated], *, folds: int | None = None, fast: bool) -> Iterable[str]:
    """The records of all articles, each outlet style by models that were trained on other styles.

    ``folds`` puts the styles into so many sets of about as many articles, each read by models of the other sets; else
    each style is a fold of its own.
    """
    for styles in folds_of(Counter(article.origin for article in articles), folds):
        models, _ = train([article for article in articles if article.origin not in styles], fast=fast)
        unseen = [Reading(article, models) for article in articles if article.origin in styles]
        yield from (one.record(models.least, models.confidence).to_json() for one in unseen)
        print(f"{', '.join(sorted(styles))} done", file=sys.stderr)


def folds_of(sizes: Counter[str], folds: int | None) -> list[set[str]]:
    """The styles, largest first, each into the fold that is smallest so far."""
    found: list[set[str]] = [set() for _ in range(min(folds or len(sizes), len(sizes)))]
    for style, _ in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        min(found, key=lambda fold: sum(sizes[one] for one in fold)).add(style)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m kg.train", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, help="folder of the shared gold, trained on as well")
    parser.add_argument("--fast", action="store_true", help="the models without the encoder")
    parser.add_argument(
        "--halves",
        type=int,
        nargs="*",
        choices=(0, 1),
        metavar="HALF",
        help="a set of models without each half of the shared gold (or without 0 or 1), and without what it was the mould of",
    )
    parser.add_argument("--cross-validate", action="store_true", help="write records of unseen styles instead")
    parser.add_argument(
        "--folds", type=int, metavar="N", help="of the styles, for --cross-validate (default: each style one)"
    )
    parser.add_argument("--output", type=Path, help="folder of the models, or file of the records")
    args = parser.parse_args()
    torch.set_num_threads(1)  # more would change the sums, and with them the bytes
    started = time.monotonic()
    own = own_articles()
    shared = shared_articles(args.shared) if args.shared else []
    print(f"{len(own)} own articles, {len(shared)} shared ones", file=sys.stderr)
    if args.cross_validate:
        lines = cross_validate(own, folds=args.folds, fast=args.fast)
        (args.output or Path("out/cross-validation.jsonl")).write_text("\n".join(lines) + "\n", encoding="utf-8")
    elif args.halves is not None:
        if not shared or not args.output:
            parser.error("--halves needs --shared and --output")
        for half in args.halves or (0, 1):
            unlike = own_without(own, half_without(shared, 1 - half))
            write_models(args.output / str(half), *train([*half_without(shared, half), *unlike], fast=args.fast))
    else:
        write_models(
            args.output or MODELS / ("fast" if args.fast else "accurate"), *train([*shared, *own], fast=args.fast)
        )
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)


def write_models(folder: Path, models: Learned, encoder: bytes | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    save_arrays(folder / "phrases.npz", _rounded(models.phrases.weights("float16")))
    save_arrays(folder / "links.npz", _rounded(models.links.weights("float32")))
    for name in ("sentences.toml", "thresholds.toml"):  # kg.train.sentences and kg.train.thresholds start from these
        if not (folder / name).exists():
            shutil.copy(MODELS / ("accurate" if encoder else "fast") / name, folder)
    if encoder:
        (folder / "encoder.onnx").write_bytes(encoder)


if __name__ == "__main__":
    main()
