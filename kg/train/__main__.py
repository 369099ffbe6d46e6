"""``python -m kg.train``: train the shipped models from the annotated articles, or cross-validate them.

    python -m kg.train --shared ../shared          trains on data/ and on the shared gold, writes kg/extract/models/accurate
    python -m kg.train --fast --shared ../shared   the same for the models without the encoder (models/fast)
    python -m kg.train --output DIR                on data/ alone, for comparison
    python -m kg.train --corpus CORPUS --output DIR
                                                   on annotated articles of your own: CORPUS holds NAME.jsonl, the gold, and
                                                   beside it the folder NAME with the texts, as often as there are sets
    python -m kg.train --shared ../shared --leave-out --output DIR
                                                   a set of models for each fold of the shared articles (four, or --folds
                                                   N), without this fold and without the own articles that had one of it as
                                                   their mould: thresholds, calibration and honest scores come from these
    python -m kg.train --cross-validate [--folds N] --output FILE
                                                   records of the project's own articles, each outlet style by models that
                                                   have not seen it (nor, with --folds, the other styles of its fold)

Deterministic: the same articles, torch and processor give the same files. On one core about a quarter of an hour for
the fast models, half an hour for the accurate ones.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from kg.errors import UsageError
from kg.train.commands import run, single_thread
from kg.train.corpus import CORPUS, Annotated, fold_of, fold_without, own_articles, own_without, shared_articles

FOLDS = 4
"""Of the shared articles; each costs a training, and what is left out is missed the less the more there are."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Train or cross-validate; 0 where it is done, 2 where the call is wrong."""
    parser = argparse.ArgumentParser(prog="python -m kg.train", description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--corpus", type=Path, default=CORPUS, help="folder of NAME.jsonl beside NAME/ (default: data/corpus)"
    )
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
    return run(_work, parser.parse_args(arguments))


def _work(args: argparse.Namespace) -> None:
    _check(args)
    single_thread()
    started = time.monotonic()
    own = own_articles(args.corpus)
    shared = shared_articles(args.shared) if args.shared else []
    print(f"{len(own)} own articles, {len(shared)} shared ones", file=sys.stderr)
    if args.cross_validate:
        _cross_validate(own, args)
    elif args.leave_out is not None:
        _leave_out(own, shared, args)
    else:
        from kg.train.models import SHIPPED

        _train([*shared, *own], args.output or SHIPPED / ("fast" if args.fast else "accurate"), fast=args.fast)
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)


def _check(args: argparse.Namespace) -> None:
    """Raises UsageError where options do not go together: it would be found only after a training."""
    if args.cross_validate:
        if args.folds is not None and args.folds < 2:
            raise UsageError("it takes at least 2", where="--folds")
    elif args.leave_out is not None:
        folds = _folds(args)
        if not args.shared or not args.output:
            raise UsageError("it needs --shared and --output", where="--leave-out")
        if folds < 2 or not set(args.leave_out) <= set(range(folds)):
            raise UsageError(f"it takes folds from 0 to {folds - 1}, --folds at least 2", where="--leave-out")
    elif args.corpus != CORPUS and not args.output:
        raise UsageError("it needs --output", where="--corpus", remedy="name a folder for the models")


def _folds(args: argparse.Namespace) -> int:
    return FOLDS if args.folds is None else args.folds


def _train(articles: Sequence[Annotated], folder: Path, *, fast: bool) -> None:
    from kg.train.models import check_folder, train, write_models

    check_folder(folder, fast=fast)
    write_models(folder, *train(articles, fast=fast))


def _leave_out(own: Sequence[Annotated], shared: Sequence[Annotated], args: argparse.Namespace) -> None:
    folds = _folds(args)
    for fold in args.leave_out or range(folds):
        unlike = own_without(own, fold_of(shared, fold, folds), args.corpus)
        _train([*fold_without(shared, fold, folds), *unlike], args.output / str(fold), fast=args.fast)


def _cross_validate(own: Sequence[Annotated], args: argparse.Namespace) -> None:
    from kg.train.styles import read_by_other_styles

    if len({article.origin for article in own}) < 2:
        raise UsageError(
            "there is one style alone", where="--cross-validate", remedy="name a corpus of two sets or more"
        )
    file = args.output or Path("out/cross-validation.jsonl")
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as lines:
        for one, models in read_by_other_styles(own, folds=args.folds, fast=args.fast):
            lines.write(one.record(models.least, models.confidence).to_json() + "\n")


if __name__ == "__main__":
    sys.exit(main())
