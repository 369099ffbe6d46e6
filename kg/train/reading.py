"""An article as some models read it, kept so that it can be decided again with other thresholds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.evaluate.gold import PlainRecord
from kg.extract.assemble import assemble
from kg.extract.confidence import UNCALIBRATED, Confidence
from kg.extract.dates import find_dates
from kg.extract.learned import Learned, load_learned
from kg.extract.links import Judge
from kg.extract.records import to_record
from kg.extract.sentences import sentence_evidence
from kg.model import ArticleRecord
from kg.train.corpus import Annotated, half_without, load_corpus, shared_articles

__all__ = ["Reading", "add_unseen", "half_readings", "other_readings", "unseen_readings"]


class Reading:
    """What does not depend on the thresholds is computed once."""

    def __init__(self, article: Annotated, models: Learned) -> None:
        self.article = article
        self._table = article.read_with(models.encoder)
        self._scores, layer = models.phrases.read(self._table)
        self._telling = models.sentences.score(article.page, self._table, self._scores)
        self._judge = Judge(models.links, self._table, layer)
        self._dates = find_dates(article.page)

    def record(self, least: Mapping[str, float], confidence: Confidence = UNCALIBRATED) -> ArticleRecord:
        """The record under these thresholds, with the scores as confidences unless curves are given."""
        page = self.article.page
        drafts = assemble(page, self._table, self._scores, self._telling, self._judge, least, self._dates)
        return to_record(self.article.article, page, drafts, confidence)

    def sentences(self) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """(evidence of the sentences of the body, whether the gold's practices are told in each)."""
        page = self.article.page
        told = {page.sentence_at(practice.mentions[0][0]) for practice in self.article.labels.practices}
        body = [
            number
            for number, (start, _) in enumerate(page.sentences)
            if page.layout.paragraphs[page.paragraph_at(start)].kind == "body"
        ]
        evidence = sentence_evidence(page, self._table, self._scores)[body]
        return evidence, np.array([number in told for number in body])

    def plain(self, least: Mapping[str, float]) -> PlainRecord:
        """The record as the scorer takes it, with the scores as confidences."""
        found: PlainRecord = json.loads(self.record(least).to_json())
        return found


def add_unseen(parser: argparse.ArgumentParser) -> None:
    """The options that name annotated articles which the models were not trained on, and ``--fast``."""
    parser.add_argument("--fast", action="store_true", help="the models without the encoder")
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


def other_readings(args: argparse.Namespace, models: Learned) -> list[Reading]:
    """What ``--unseen`` named, read by some models."""
    return [
        Reading(article, models) for gold, folder in args.unseen for article in load_corpus(gold.stem, gold, folder)
    ]


def half_readings(args: argparse.Namespace, half: int) -> list[Reading]:
    """The shared articles that the models of one half (``--halves``) were trained without, as they read them."""
    folder, shared = args.halves
    models = load_learned(folder / str(half), fast=args.fast)
    return [Reading(article, models) for article in half_without(shared_articles(shared), 1 - half)]


def unseen_readings(args: argparse.Namespace, models: Learned) -> list[Reading]:
    """What ``add_unseen`` named, read by models that have not seen it; raises ``SystemExit`` where it names nothing."""
    read = other_readings(args, models)
    if args.halves:
        read += [one for half in (0, 1) for one in half_readings(args, half)]
    if not read:
        raise SystemExit("kg.train: no unseen articles; name some with --unseen or --halves")
    return read
