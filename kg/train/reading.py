"""An article as some models read it, kept so that it can be decided again with other thresholds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.errors import UsageError
from kg.evaluate.gold import PlainRecord
from kg.extract.dates import find_dates
from kg.extract.learned.confidence import UNCALIBRATED, Confidence
from kg.extract.learned.links import Judge
from kg.extract.learned.parts import Learned, load_learned
from kg.extract.learned.sentences import sentence_evidence
from kg.extract.practices.assemble import assemble
from kg.extract.records import to_record
from kg.model import ArticleRecord
from kg.train.corpus import Annotated, fold_of, load_corpus, shared_articles

__all__ = ["Reading", "add_unseen", "readings_apart", "unseen_readings"]


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
        body = [number for number, (start, _) in enumerate(page.sentences) if page.kind_at(start) == "body"]
        evidence = sentence_evidence(page, self._table, self._scores)[body]
        return evidence, np.array([number in told for number in body])

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
        "--left-out",
        nargs=2,
        type=Path,
        metavar=("DIR", "SHARED"),
        help="the shared articles, each read by the models of DIR (kg.train --leave-out) that were trained without it",
    )


def readings_apart(args: argparse.Namespace, models: Learned) -> tuple[list[Reading], list[list[Reading]]]:
    """(what ``--unseen`` named, the folds of ``--left-out``), read by models that have not seen it.

    Without ``--left-out`` the second is empty. Raises UsageError where nothing is named, and where DIR's folders are not
    named 0, 1, 2 ….
    """
    if not args.unseen and not args.left_out:
        raise UsageError("no unseen articles", remedy="name some with --unseen or --left-out")
    others = [
        Reading(article, models) for gold, folder in args.unseen for article in load_corpus(gold.stem, gold, folder)
    ]
    folds: list[list[Reading]] = []
    if args.left_out:
        folder, shared = args.left_out
        names = {one.name for one in folder.iterdir() if one.is_dir()}
        if not names or names != {str(fold) for fold in range(len(names))}:
            remedy = "let it hold the models of all folds, 0, 1, 2 …, and no other folder"
            raise UsageError("not the folds of a training", where=str(folder), remedy=remedy)
        articles = shared_articles(shared)
        for fold in range(len(names)):
            sister = load_learned(folder / str(fold))
            folds.append([Reading(article, sister) for article in fold_of(articles, fold, len(names))])
    if not others and not any(folds):
        raise UsageError("the unseen articles that were named are none", remedy="look at the gold files")
    return others, folds


def unseen_readings(args: argparse.Namespace, models: Learned) -> list[Reading]:
    """Both of ``readings_apart`` together."""
    others, folds = readings_apart(args, models)
    return [*others, *chain.from_iterable(folds)]
