"""All questions that have no answer yet, a few at a time; every answer is kept at once, so that a stopped run goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from kg.errors import KgError, UsageError
from kg.propose.answers import Answers
from kg.propose.client import KEPT, Busy, ModelApi, Session, Useless
from kg.propose.request import Question

__all__ = ["Asked", "ask"]

MOST_IN_A_ROW = 3
"""Questions that the server fails at one after the other: then it is down, or does not take what we send."""
MOST_USELESS = 5
"""Questions whose answers are of no use before any other comes out well: then the next will be of none, either."""


@dataclass
class Asked:
    """What came of a run."""

    answered: int = 0
    known: int = 0
    replies: int = 0
    """Of the model, those of no use and second tries as well."""
    tokens_in: int = 0
    """Of all replies, as the server counts them: what is of no use is paid for, too."""
    tokens_out: int = 0
    untold: int = 0
    """Replies of which the server told no tokens, or only one of both numbers."""
    failures: dict[str, KgError] = field(default_factory=dict)
    """Why a question has no answer, by its key."""

    def count(self, tokens_in: int | None, tokens_out: int | None) -> None:
        """Add up a reply."""
        self.replies += 1
        self.tokens_in += tokens_in or 0
        self.tokens_out += tokens_out or 0
        self.untold += tokens_in is None or tokens_out is None


def ask(
    questions: Iterable[Question],
    api: ModelApi,
    answers: Answers,
    *,
    parallel: int = 1,
    on_question: Callable[[bool], None] = lambda failed: None,
    asked: Asked | None = None,
) -> Asked:
    """Ask what has no answer yet; one question that fails does not end the run.

    ``on_question`` is called after each that was asked, with whether it failed. ``asked`` is filled while it runs, so that
    a run that ends with an error can be told of as well.

    Raises UsageError where answers cannot be kept, or no further question would be answered either; what was answered
    until then is kept.
    """
    answers.make()
    run = _Run(iter(questions), api, answers, on_question, Asked() if asked is None else asked)
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(run.all(parallel))
    # In a notebook the thread has a loop of its own already, and no second one may run in it.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(run.all(parallel))).result()


class _Run:
    def __init__(
        self,
        questions: Iterator[Question],
        api: ModelApi,
        answers: Answers,
        on_question: Callable[[bool], None],
        asked: Asked,
    ) -> None:
        self.questions, self.api, self.answers, self.on_question = questions, api, answers, on_question
        self.asked = asked
        self.in_a_row = self.useless = 0
        self.taken: set[str] = set()
        """Keys of this run: the same text in two files is asked about once."""

    async def all(self, parallel: int) -> Asked:
        async with Session(self.api, self.asked.count) as session:
            workers = [asyncio.create_task(self._work(session)) for _ in range(max(parallel, 1))]
            try:
                await asyncio.gather(*workers)
            finally:
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)
        return self.asked

    async def _work(self, session: Session) -> None:
        for question in self.questions:  # shared by all workers: each takes the next
            if question.key in self.taken:
                continue
            self.taken.add(question.key)
            if question in self.answers:
                self.asked.known += 1
                continue
            error = await self._one(session, question)
            if error is not None:
                self.asked.failures[question.key] = error
            self.on_question(error is not None)

    async def _one(self, session: Session, question: Question) -> KgError | None:
        """Ask one question; returns why it has no answer."""
        try:
            answer = await session.ask(question)
        except UsageError as error:
            if not self.asked.answered or KEPT in str(error):
                raise
            raise UsageError(error.what, where=error.where, remedy=f"{error.remedy}; {KEPT}") from None
        except Busy as error:
            self.in_a_row += 1
            if self.in_a_row >= MOST_IN_A_ROW:
                raise UsageError(error.what, where=self.api.address, remedy=f"{error.remedy}; {KEPT}") from None
            return error
        except Useless as error:
            self.in_a_row = 0
            self.useless += 1
            if self.useless >= MOST_USELESS and not (self.asked.answered or self.asked.known):
                what = f"none of the first {self.useless} articles got an answer of use: {error.what}"
                raise UsageError(what, where=self.api.address, remedy=error.cure) from None
            return error
        self.in_a_row = 0
        self.answers.put(question, answer)
        self.asked.answered += 1
        return None
