"""Records from the answers that are there: offline, the same answers give the same records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.errors import InputError, KgError
from kg.graph.proof import check_spans
from kg.model import Article, ArticleRecord
from kg.propose.answers import Answer, Answers
from kg.propose.request import LONGEST, SETTINGS, Question, prompt_hash, question, sent_text
from kg.propose.verify import Verified, verified

__all__ = ["Proposer", "proposed_record"]


class Proposer:
    """Stations 2 and 3 with a model's answers in the place of the extraction (a ``kg.settings.Extractor``).

    ``failures`` says of questions, by key, why they have no answer.
    """

    def __init__(  # noqa: PLR0917 - what tells one question from another, and the user's own files
        self,
        api: str,
        model: str,
        answers: Answers,
        settings: Mapping[str, Any] = SETTINGS,
        failures: Mapping[str, KgError] | None = None,
        vocabulary: Path | None = None,
        gazetteer: Path | None = None,
    ) -> None:
        from kg.knowledge.gazetteer import Gazetteer
        from kg.knowledge.vocabulary import Vocabulary
        from kg.resolve.concepts import ConceptLinker
        from kg.resolve.places import PlaceResolver

        self._api, self._model, self._settings = api, model, settings
        self._answers, self._failures = answers, failures or {}
        self._linker = ConceptLinker(Vocabulary.load(vocabulary))
        self._places = PlaceResolver(Gazetteer.load(gazetteer))
        self._results: dict[str, Verified] = {}

    def __call__(self, articles: Sequence[Article]) -> Iterator[ArticleRecord]:
        """A record for each; raises why there is none for one."""
        for article in articles:
            asked = question(article, api=self._api, model=self._model, settings=self._settings)
            answer = self._answers.get(asked)
            if answer is None:
                raise self._missing(asked, article.path or article.file)
            record, result = proposed_record(answer, article, self._model)
            self._results[asked.key] = result
            yield self._linker.link_record(self._places.resolve_record(record, article))

    def _missing(self, asked: Question, where: str) -> KgError:
        """Why a question has no answer, told of its own file: a text may lie in several, and is asked about once."""
        error = self._failures.get(asked.key)
        if error is None:
            return InputError("the model was not asked about it", where=where, remedy="ask it first")
        return type(error)(error.what, where=where, remedy=error.remedy)

    @property
    def proposed(self) -> int:
        """How many values were proposed, over all articles."""
        return sum(result.proposed for result in self._results.values())

    @property
    def refused(self) -> Counter[tuple[str, str]]:
        """What was proposed and does not hold, over all articles: (slot, reason) → how often."""
        return sum((result.refused for result in self._results.values()), Counter())


def proposed_record(answer: Answer, article: Article, model: str) -> tuple[ArticleRecord, Verified]:
    """The record of an article as a model proposed it, without paths and concepts, and what was refused.

    Every value is proved against the text as ``kg validate`` proves those of the extraction.
    """
    name = answer.model or model
    result = verified(answer.proposal, article, f"model-api/{name}@{prompt_hash()}")
    notes = list(article.notes)
    if len(sent_text(article)) < len(article.text):
        notes.append(f"the article has {len(article.text)} characters; {name} was shown fewer than {LONGEST} of them")
    if result.refused:
        reasons: Counter[str] = Counter()
        for (_, reason), count in result.refused.items():
            reasons[reason] += count
        told = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
        notes.append(f"{name} proposed {result.proposed} values; refused: {told}")
    record = ArticleRecord.of(article, result.practices, tuple(notes))
    if findings := check_spans(record, article.text):
        raise InputError(
            f"a proposed value is not proved: {findings[0]}",
            where=article.file,
            remedy="please report it with the file",
        )
    return record, result
