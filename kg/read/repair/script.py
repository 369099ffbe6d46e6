"""Traditional characters to simplified ones, place by place."""

from __future__ import annotations

from kg.knowledge.simplified import converter, simplified
from kg.read.tracked import TrackedText

__all__ = ["is_traditional", "simplified", "simplify"]

LEAST = 5
"""Traditional characters below which a text is not called traditional: a name or a quotation."""


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
    to_traditional: str = converter("s2t").convert(text)
    if len(to_traditional) != len(text):
        return traditional > len(text) / 10
    return traditional > sum(a != b for a, b in zip(text, to_traditional, strict=True))


def simplify(text: TrackedText) -> tuple[TrackedText, int]:
    """The text in simplified characters if it is predominantly traditional, and how many characters changed."""
    if not is_traditional(text.text):
        return text, 0
    plain = simplified(text.text)
    return text.with_text(plain), sum(a != b for a, b in zip(plain, text.text, strict=True))
