"""What asking would cost, before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from kg.propose.answers import Answers
from kg.propose.request import Question

__all__ = ["Estimate", "estimate", "tokens"]

ANSWER_SHARE, ANSWER_LEAST = 1.25, 20
"""Tokens of an answer for each token of the article's message, and of an empty one. The gold of the project's own corpus,
written as proposals, has that share in sum (``tests/propose/test_estimate.py`` recomputes it)."""
_WIDE = "\u2e80"
"""Where East Asian signs begin."""


@dataclass(frozen=True)
class Estimate:
    """Tokens are estimated by counting signs, and differ by a third from model to model."""

    articles: int
    """How many have no answer yet."""
    known: int
    tokens_in: int
    tokens_out: int
    copies: int = 0
    """Further ones without an answer whose text is that of another: it is asked about once."""

    def price(self, price_in: float, price_out: float) -> float:
        """In the currency of the prices, which are for a million tokens."""
        return (self.tokens_in * price_in + self.tokens_out * price_out) / 1e6


def estimate(questions: Iterable[Question], answers: Answers) -> Estimate:
    """Count what has to be asked; nothing is sent.

    Every message and the schema count in full: what a server charges less for prompts that begin alike is left out.
    """
    known, copies, tokens_in, tokens_out = 0, 0, 0, 0
    asked: set[str] = set()
    for question in questions:
        if question.key in asked:
            copies += 1
            continue
        if question in answers:
            known += 1
            continue
        asked.add(question.key)
        messages = [tokens(message["content"]) for message in question.body["messages"]]
        tokens_in += sum(messages) + tokens(json.dumps(question.body["response_format"]))
        tokens_out += max(round(messages[-1] * ANSWER_SHARE), ANSWER_LEAST)
    return Estimate(len(asked), known, tokens_in, tokens_out, copies)


def tokens(text: str) -> int:
    """About how many tokens a text is: one a Chinese character, one for four other signs.

    Chinese models need some 0.6 a character, older ones of others up to 1.3.

    >>> tokens("社区 practice")
    5
    """
    wide = sum(sign >= _WIDE for sign in text)
    return wide + -(-(len(text) - wide) // 4)
