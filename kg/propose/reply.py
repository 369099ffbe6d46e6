"""What a server sends back, read without trust: the answer in it, or why it is of no use."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import ValidationError

from kg.errors import one_line
from kg.propose.answers import Answer
from kg.propose.proposal import Proposal

__all__ = ["MASK", "NO_SCHEMA", "Unusable", "read_reply"]

MASK = "…"
"""What is shown in the place of the key."""
_SHORTEST_SECRET = 8
"""Signs of a key that is masked in replies; a shorter one is a word that a local server wants (EMPTY, ollama), and
may stand anywhere."""
NO_SCHEMA = "check that the server follows JSON schemas (response_format), or take another model"
_NO_SERVER = "check that --model-api is the address of an OpenAI-compatible server"

_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n\s*```\s*\Z", re.DOTALL)
_LONGEST_NAME = 80
_MOST_TOKENS = 1_000_000_000
"""Of one answer: what is more is no count."""


class Unusable(Exception):
    """A reply that holds no answer."""

    tokens: tuple[int | None, int | None] = (None, None)
    """Sent and answered, as the server counts them: they are paid for as well."""

    def __init__(self, what: str, *, again: bool = True, remedy: str | None = None, cure: str = NO_SCHEMA) -> None:
        self.again, self.remedy, self.cure = again, remedy, cure
        """Whether asking once more may help; what may help with this article; and where all replies are of this kind."""
        super().__init__(what)


def read_reply(body: bytes, key: str | None = None, *, longer: str) -> Answer:
    """The answer in the body of a chat completion; raises Unusable.

    Where the server repeats the ``key``, it is masked: an answer is kept, and goes into records and stores. ``longer`` says
    what to do about one that was cut off.
    """
    try:
        reply = _masked(json.loads(body), key)
    except (ValueError, RecursionError):
        raise Unusable("the server's reply is not JSON", cure=_NO_SERVER) from None
    tokens = _usage(reply)
    try:
        return Answer(_proposal(_content(reply, longer), key), _name(reply.get("model")), *tokens)
    except Unusable as error:
        error.tokens = tokens
        raise


def _content(reply: Any, longer: str) -> str:
    """What the model says; raises Unusable where it says nothing whole."""
    try:
        choice = reply["choices"][0]
        message = choice["message"]
        content = message["content"]
        refusal = message.get("refusal")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise Unusable("the server's reply is no chat completion", cure=_NO_SERVER) from None
    if choice.get("finish_reason") == "length":
        raise Unusable("the answer was cut off at the limit of tokens", again=False, remedy=longer, cure=longer)
    if refusal or choice.get("finish_reason") == "content_filter":
        remedy = "extract this article without a model"
        raise Unusable("the model declined to answer", again=False, remedy=remedy, cure="take another model")
    if not isinstance(content, str) or not content.strip():
        raise Unusable("the model's answer is empty")
    return content


def _masked(plain: Any, key: str | None) -> Any:
    """What was read from JSON, with a mask in the place of the key."""
    if key is None or len(key) < _SHORTEST_SECRET:
        return plain
    if isinstance(plain, str):
        return plain.replace(key, MASK)
    if isinstance(plain, list):
        return [_masked(one, key) for one in plain]
    if isinstance(plain, dict):
        return {_masked(name, key): _masked(value, key) for name, value in plain.items()}
    return plain


def _proposal(content: str, key: str | None) -> Proposal:
    bare = _THOUGHT.sub("", content)
    if fenced := _FENCE.match(bare):
        bare = fenced[1]
    try:
        plain = _masked(json.loads(bare), key)
        json.dumps(plain, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):  # of numbers with thousands of digits and of half characters, too
        raise Unusable("the model's answer is not JSON") from None
    try:
        return Proposal.model_validate(plain)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "the whole"
        told = one_line(f"{place}: {first['msg']}")
        raise Unusable(f"the model's answer does not follow the schema ({told})") from None


def _usage(reply: Any) -> tuple[int | None, int | None]:
    """Tokens sent and answered; None where the server says no number of them, or one that cannot be."""
    usage = reply.get("usage") if isinstance(reply, dict) else None
    counts = usage if isinstance(usage, dict) else {}
    tokens = [counts.get("prompt_tokens"), counts.get("completion_tokens")]
    told = [
        count if isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= _MOST_TOKENS else None
        for count in tokens
    ]
    return told[0], told[1]


def _name(said: object) -> str:
    """The model's name; where a server tells the path of a file, its last part; none where it tells the key."""
    name = said if isinstance(said, str) and MASK not in said else ""
    if re.match(r"[/.~]|[A-Za-z]:\\|\\", name):
        name = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[^\w.:@+/-]", "", name)[:_LONGEST_NAME]
