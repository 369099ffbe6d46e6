"""The word lists of the genre, read from the TOML files of this folder."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["WordList", "lists", "words"]


@dataclass(frozen=True)
class WordList:
    """One list of a file: its id, its words, and what the file says of it."""

    id: str
    words: tuple[str, ...]
    kind: str = "head"
    strength: str = "strong"
    weight: float = 1.0
    effect: str = "held"
    role: str = ""
    as_region: bool = False


@cache
def lists(name: str) -> tuple[WordList, ...]:
    """The lists of the file ``name``.toml, in the order of the file.

    >>> lists("role_nouns")[0].id
    'role.experts'
    """
    text = files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tuple(WordList(**{**table, "words": tuple(table["words"])}) for table in tomllib.loads(text)["list"])


@cache
def words(name: str, *, kind: str | None = None, strength: str | None = None) -> tuple[str, ...]:
    """The words of one file, without repetitions, optionally of one kind or strength only, in the order of the file.

    >>> "网格员" in words("audience_heads", kind="head")
    True
    """
    chosen = [
        word
        for one in lists(name)
        if (kind is None or one.kind == kind) and (strength is None or one.strength == strength)
        for word in one.words
    ]
    return tuple(dict.fromkeys(chosen))
