"""An article as some models read it, kept so that it can be decided again with other thresholds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

from kg.evaluate.gold import PlainRecord
from kg.extract.assemble import assemble
from kg.extract.confidence import UNCALIBRATED, Confidence
from kg.extract.dates import find_dates
from kg.extract.learned import Learned, load_learned
from kg.extract.links import Judge
from kg.extract.records import to_record
from kg.model import ArticleRecord
from kg.train.corpus import Annotated, half_without, load_corpus, shared_articles

__all__ = ["Reading", "add_unseen", "unseen_readings"]


class Reading:
    """What does not depend on the thresholds is computed once."""

    def __init__(self, article: Annotated, models: Learned) -> None:
        self.article = article
        self._table = article.read_with(models.encoder)
        self._scores, layer = models.phrases.read(self._table)
        self._judge = Judge(models.links, self._table, layer)
        self._dates = find_dates(article.page)

    def record(self, least: Mapping[str, float], confidence: Confidence = UNCALIBRATED) -> ArticleRecord:
        """The record under these thresholds, with the scores as confidences unless curves are given."""
        page = self.article.page
        drafts = assemble(page, self._table, self._scores, self._judge, least, self._dates)
        return to_record(self.article.article, page, drafts, confidence)

    def plain(self, least: Mapping[str, float]) -> PlainRecord:
        """The record as the scorer takes it, with the scores as confidences."""
        found: PlainRecord = json.loads(self.record(least).to_json())
        return found


def add_unseen(parser: argparse.ArgumentParser) -> None:
    """The options that name annotated articles which the models were not trained on."""
    parser.add_argument(
        "--unseen",
        nargs=2,
        type=Path,
        action="append",
        default=[],
        metavar=("GOLD", "FOLDER"),
        help="annotated articles that the models were not trained on; may be given several times",
    )
    parser.add_argument(
        "--halves",
        nargs=2,
        type=Path,
        metavar=("DIR", "SHARED"),
        help="the shared articles, each read by that half of DIR (python -m kg.train --halves) which was trained without it",
    )


def unseen_readings(args: argparse.Namespace, models: Learned) -> list[Reading]:
    """What ``add_unseen`` named, read by models that have not seen it; raises ``SystemExit`` where it names nothing."""
    read = [
        Reading(article, models) for gold, folder in args.unseen for article in load_corpus(gold.stem, gold, folder)
    ]
    if args.halves:
        folder, shared = args.halves
        articles = shared_articles(shared)
        for half in (0, 1):
            sister = load_learned(folder / str(half))  # learnt from the one half, so it reads the other
            read += [Reading(article, sister) for article in half_without(articles, 1 - half)]
    if not read:
        raise SystemExit("kg.train: no unseen articles; name some with --unseen or --halves")
    return read
