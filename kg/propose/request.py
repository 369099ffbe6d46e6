"""What is asked: the article in the words of ``prompt.toml``, and the hash by which its answer is found again."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from kg.model import Article
from kg.propose.proposal import Proposal, ProposedPractice, schema

__all__ = ["LONGEST", "SETTINGS", "Question", "prompt_hash", "question", "sent_text"]

LONGEST = 12_000
"""Characters of an article that are sent: three times the longest report that was seen, and with prompt and answer within
a context of 32,000 tokens."""
SETTINGS: Mapping[str, Any] = MappingProxyType({"temperature": 0, "max_tokens": 8000})
"""What is asked for beside the model's name, unless the user says otherwise."""
LIMITS = ("max_tokens", "max_completion_tokens")
"""Settings that say how long an answer may be. A complete one does not depend on them, and others are not kept: with a
higher limit only those are asked again that were cut off."""


@dataclass(frozen=True)
class Question:
    """One article as a model is asked about it."""

    file: str
    key: str
    """SHA-256 of the server and all that is sent to it but the limits: the same key, the same question."""
    body: Mapping[str, Any]
    """The JSON of the request (chat completions)."""
    earlier: tuple[str, ...] = ()
    """Keys under which answers were kept when the limits were part of them: with those of now, and with the default."""

    @property
    def longer(self) -> str:
        """What to do about an answer that was cut off: twice the limit that it was asked with, in the words of an option."""
        name = next((name for name in LIMITS if isinstance(self.body.get(name), int)), None)
        if name is None:
            return "the limit is the server's own: raise it there"
        return f"allow more: --model-setting {name}={2 * self.body[name]}"


def question(article: Article, *, api: str, model: str, settings: Mapping[str, Any] = SETTINGS) -> Question:
    """The question about an article; ``settings`` with the value None are left to the server."""
    told = {name: value for name, value in sorted(settings.items()) if value is not None}
    body = {"model": model, "messages": [*_prelude(), _user(article)], "response_format": _form(), **told}
    bare = {name: value for name, value in body.items() if name not in LIMITS}
    default = {name: SETTINGS[name] for name in LIMITS if name in SETTINGS}
    earlier = dict.fromkeys(_key(api, one) for one in (body, bare | default))
    return Question(article.file, _key(api, bare), MappingProxyType(body), tuple(earlier))


def _key(api: str, body: Mapping[str, Any]) -> str:
    whole = json.dumps([api, body], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(whole.encode("utf-8")).hexdigest()


def sent_text(article: Article) -> str:
    """The clean text, or of one that is too long what ends with the last paragraph within the limit."""
    text = article.text
    if len(text) <= LONGEST:
        return text
    end = text.rfind("\n", LONGEST // 2, LONGEST)
    return text[: end if end > 0 else LONGEST]


@cache
def prompt_hash() -> str:
    """Eight hexadecimal digits that tell one prompt and schema from another."""
    whole = json.dumps([_prelude(), _prompt()["user"], _form()], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(whole.encode("utf-8")).hexdigest()[:8]


def _user(article: Article) -> dict[str, str]:
    told = {"title": article.title, "publisher": article.publisher, "published": article.published}
    text = _prompt()["user"].strip()
    for name, value in {**told, "text": sent_text(article)}.items():  # text last: braces in it are its own
        text = text.replace(f"{{{name}}}", value or "")
    return {"role": "user", "content": text}


@cache
def _prompt() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("prompt.toml").read_text(encoding="utf-8"))


@cache
def _prelude() -> tuple[dict[str, str], ...]:
    """System prompt, and one article with its answer."""
    prompt = _prompt()
    empty: dict[str, Any] = {
        name: None if name in ("region", "part_of") else [] for name in ProposedPractice.model_fields
    }
    example = Proposal.model_validate({"practices": [empty | one for one in prompt["example"]["practices"]]})
    return (
        {"role": "system", "content": prompt["system"].strip()},
        {"role": "user", "content": prompt["example"]["text"].strip()},
        {"role": "assistant", "content": example.model_dump_json()},
    )


@cache
def _form() -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "article_record", "strict": True, "schema": schema()}}
