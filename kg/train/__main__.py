"""``python -m kg.train``: train the shipped models from the annotated articles, or cross-validate them.

    python -m kg.train --shared ../shared          trains on data/ and on the shared gold, writes kg/extract/models/accurate
    python -m kg.train --fast --shared ../shared   the same for the models without the encoder (models/fast)
    python -m kg.train --output DIR                on data/ alone, for comparison
    python -m kg.train --shared ../shared --leave-out --output DIR
                                                   a set of models for each fold of the shared articles (four, or --folds
                                                   N), without this fold and without the own articles that had one of it as
                                                   their mould: thresholds, calibration and honest scores come from these
    python -m kg.train --cross-validate [--folds N] --output FILE
                                                   records of the project's own articles, each outlet style by models that
                                                   have not seen it (nor, with --folds, the other styles of its fold)

Deterministic: the same articles, torch and processor give the same files. On one core about a quarter of an hour for
the fast models, forty minutes for the accurate ones.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import torch

from kg.train.corpus import fold_of, fold_without, own_articles, own_without, shared_articles
from kg.train.models import SHIPPED, train, write_models
from kg.train.styles import read_by_other_styles

FOLDS = 4
"""Of the shared articles; each costs a training, and what is left out is missed the less the more there are."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m kg.train", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, help="folder of the shared gold, trained on as well")
    parser.add_argument("--fast", action="store_true", help="the models without the encoder")
    parser.add_argument(
        "--leave-out",
        type=int,
        nargs="*",
        metavar="FOLD",
        help="a set of models without each fold of the shared gold (or only these, from 0), and without its casts",
    )
    parser.add_argument("--cross-validate", action="store_true", help="write records of unseen styles instead")
    parser.add_argument(
        "--folds",
        type=int,
        metavar="N",
        help=f"of the shared gold (default: {FOLDS}); with --cross-validate of the styles (default: each style one)",
    )
    parser.add_argument("--output", type=Path, help="folder of the models, or file of the records")
    args = parser.parse_args()
    torch.set_num_threads(1)  # more would change the sums, and with them the bytes
    started = time.monotonic()
    own = own_articles()
    shared = shared_articles(args.shared) if args.shared else []
    print(f"{len(own)} own articles, {len(shared)} shared ones", file=sys.stderr)
    if args.cross_validate:
        read = read_by_other_styles(own, folds=args.folds, fast=args.fast)
        lines = (one.record(models.least, models.confidence).to_json() for one, models in read)
        (args.output or Path("out/cross-validation.jsonl")).write_text("\n".join(lines) + "\n", encoding="utf-8")
    elif args.leave_out is not None:
        folds = FOLDS if args.folds is None else args.folds
        if not shared or not args.output:
            parser.error("--leave-out needs --shared and --output")
        if folds < 2 or not set(args.leave_out) <= set(range(folds)):
            parser.error(f"--leave-out takes folds from 0 to {folds - 1}, --folds at least 2")
        for fold in args.leave_out or range(folds):
            unlike = own_without(own, fold_of(shared, fold, folds))
            learnt = [*fold_without(shared, fold, folds), *unlike]
            write_models(args.output / str(fold), *train(learnt, fast=args.fast))
    else:
        write_models(
            args.output or SHIPPED / ("fast" if args.fast else "accurate"), *train([*shared, *own], fast=args.fast)
        )
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
