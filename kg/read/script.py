"""Traditional characters to simplified ones, place by place."""

from __future__ import annotations

from functools import cache
from typing import Any

from kg.read.tracked import TrackedText

__all__ = ["is_traditional", "simplified", "simplify"]

LEAST = 5
"""Traditional characters below which a text is not called traditional: a name or a quotation."""


@cache
def _converter(config: str) -> Any:
    from opencc import OpenCC  # loads its dictionaries

    return OpenCC(config)


def simplified(text: str) -> str:
    """The text in simplified characters, of the same length.

    Phrases decide where one character stands for several (乾隆 keeps its 乾); where a phrase would change the number of
    characters, the line is converted character by character instead, so that places stay aligned.
    """
    plain: str = _converter("t2s").convert(text)
    if len(plain) == len(text):
        return plain
    return "".join(_line(line) for line in text.splitlines(keepends=True))


def _line(line: str) -> str:
    plain: str = _converter("t2s").convert(line)
    if len(plain) == len(line):
        return plain
    single = (_converter("t2s").convert(char) for char in line)
    return "".join(new if len(new) == 1 else old for new, old in zip(single, line, strict=True))


def is_traditional(text: str) -> bool:
    """Whether more of the characters are only traditional than only simplified.

    >>> is_traditional("黨員幹部學習"), is_traditional("馬英九先生说党员干部学习实践")
    (True, False)
    """
    if text.isascii():
        return False
    to_simplified = simplified(text)
    traditional = sum(a != b for a, b in zip(text, to_simplified, strict=True))
    if traditional < min(LEAST, len(text) / 4):
        return False
    to_traditional: str = _converter("s2t").convert(text)
    if len(to_traditional) != len(text):
        return traditional > len(text) / 10
    return traditional > sum(a != b for a, b in zip(text, to_traditional, strict=True))


def simplify(text: TrackedText) -> tuple[TrackedText, int]:
    """The text in simplified characters if it is predominantly traditional, and how many characters changed."""
    if not is_traditional(text.text):
        return text, 0
    plain = simplified(text.text)
    return text.with_text(plain), sum(a != b for a, b in zip(plain, text.text, strict=True))
