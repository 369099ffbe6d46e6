"""An article as some models read it, kept so that it can be decided again with other thresholds."""

from __future__ import annotations

from collections.abc import Mapping

from kg.extract.assemble import assemble
from kg.extract.confidence import UNCALIBRATED, Confidence
from kg.extract.dates import find_dates
from kg.extract.learned import Learned
from kg.extract.links import Judge
from kg.extract.records import to_record
from kg.model import ArticleRecord
from kg.train.corpus import Annotated

__all__ = ["Reading"]


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
