"""``python -m kg.train``: train the shipped models from the annotated articles, or cross-validate them.

    python -m kg.train --shared ../shared          trains on data/ and on the shared gold, writes kg/extract/models/
    python -m kg.train --own-only                  the same without the shared gold, for comparison
    python -m kg.train --shared ../shared --cross-validate 4
                                                   scores articles that the models have not seen

Deterministic: the same articles give the same files. About ten minutes on one core.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import time
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from kg.extract.assemble import assemble
from kg.extract.dates import find_dates
from kg.extract.links import Judge, LinkModel
from kg.extract.phrases import PhraseModel
from kg.extract.records import to_record
from kg.train.corpus import Annotated, load_corpus
from kg.train.links import fit_links
from kg.train.phrases import fit_phrases

MODELS = Path(__file__).parent.parent / "extract" / "models"
DATA = Path(__file__).parent.parent.parent / "data"
SEED = 0


def own_articles() -> list[Annotated]:
    """The project's own training corpus; the sample is never learnt from."""
    sets = [(gold.stem, gold, gold.with_suffix("")) for gold in sorted((DATA / "corpus").glob("*.jsonl"))]
    return [article for name, gold, folder in sets for article in load_corpus(name, gold, folder)]


def shared_articles(shared: Path) -> list[Annotated]:
    """The shared gold: seeds, press and broadcasts."""
    folders = {
        "seeds": "seeds",
        "press": "corpus/press",
        "broadcast": "corpus/broadcast",
        "broadcast-more": "corpus/broadcast-more",
    }
    return [
        article
        for name, folder in folders.items()
        for article in load_corpus(name, shared / "gold" / f"{name}.jsonl", shared / folder)
    ]


def save(path: Path, weights: dict[str, NDArray[Any]]) -> None:
    """Write an .npz whose bytes depend on the weights alone (numpy's own carries the time).

    Weights are rounded to multiples of 1/1024, which packs a third smaller and changes no score in its third digit.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(weights):
            stream = io.BytesIO()
            rounded = (np.round(weights[name].astype(np.float32) * 1024) / 1024).astype(weights[name].dtype)
            np.lib.format.write_array(stream, np.ascontiguousarray(rounded), allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), stream.getvalue(), zipfile.ZIP_DEFLATED
            )


def train(articles: Sequence[Annotated]) -> tuple[PhraseModel, LinkModel]:
    """Both models from some articles."""
    phrases = fit_phrases(articles, seed=SEED)
    return phrases, fit_links(articles, phrases, seed=SEED)


def cross_validate(
    articles: Sequence[Annotated], always: Sequence[Annotated], folds: int
) -> Iterable[tuple[Annotated, str]]:
    """(article, record as JSON) of every article, by models that were trained on the other folds and on ``always``."""
    order = list(range(len(articles)))
    random.Random(SEED).shuffle(order)
    for fold in range(folds):
        held_out = order[fold::folds]
        seen = [articles[i] for i in order if i not in set(held_out)]
        phrases, links = train([*seen, *always])
        for i in held_out:
            one = articles[i]
            scores, layer = phrases.read(one.table)
            drafts = assemble(one.page, one.table, scores, Judge(links, one.table, layer), find_dates(one.page))
            yield one, to_record(one.article, one.page, drafts).to_json()
        print(f"fold {fold + 1} of {folds} done", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m kg.train", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, help="folder of the shared gold, trained on as well")
    parser.add_argument("--own-only", action="store_true", help="train on data/ alone")
    parser.add_argument(
        "--cross-validate", type=int, metavar="FOLDS", help="write records of unseen shared articles instead"
    )
    parser.add_argument("--links-only", action="store_true", help="keep the shipped phrase model, train the link model")
    parser.add_argument("--output", type=Path, default=MODELS, help="folder of the models, or file of the records")
    args = parser.parse_args()
    torch.set_num_threads(1)  # more would change the sums, and with them the bytes
    started = time.monotonic()
    own = own_articles()
    shared = shared_articles(args.shared) if args.shared and not args.own_only else []
    print(f"{len(own)} own articles, {len(shared)} shared ones", file=sys.stderr)
    if args.cross_validate:
        lines = [record for _, record in cross_validate(shared, own, args.cross_validate)]
        args.output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        everything = [*shared, *own]
        if args.links_only:
            phrases = PhraseModel.load()
            links = fit_links(everything, phrases, seed=SEED)
        else:
            phrases, links = train(everything)
        args.output.mkdir(parents=True, exist_ok=True)
        save(args.output / "phrases.npz", phrases.weights("float16"))
        save(args.output / "links.npz", links.weights("float32"))
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
