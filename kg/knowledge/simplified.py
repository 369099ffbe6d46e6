"""Simplified characters for traditional ones, of articles and of labels alike."""

from __future__ import annotations

from functools import cache
from typing import Any

__all__ = ["converter", "simplified"]


@cache
def converter(config: str) -> Any:
    """OpenCC's converter of that name (t2s, s2t)."""
    from opencc import OpenCC  # loads its dictionaries

    return OpenCC(config)


def simplified(text: str) -> str:
    """The text in simplified characters, of the same length.

    Phrases decide where one character stands for several (乾隆 keeps its 乾); where a phrase would change the number of
    characters, the line is converted character by character instead, so that places stay aligned.
    """
    plain: str = converter("t2s").convert(text)
    if len(plain) == len(text):
        return plain
    return "".join(_line(line) for line in text.splitlines(keepends=True))


def _line(line: str) -> str:
    plain: str = converter("t2s").convert(line)
    if len(plain) == len(line):
        return plain
    single = (converter("t2s").convert(char) for char in line)
    return "".join(new if len(new) == 1 else old for new, old in zip(single, line, strict=True))
