"""Pinyin that a converter wrote in brackets behind characters: 區(qū), taken out again."""

from __future__ import annotations

import re
from collections import defaultdict

from kg.read.tracked import TrackedText

__all__ = ["readings", "strip_pinyin"]

TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_SYLLABLE = rf"[a-zü{TONED}]{{1,7}}"
_BRACKETED = re.compile(rf"(?<=[\u3400-\u4dbf\u4e00-\u9fff])[(（]({_SYLLABLE})[)）]")
_TONE = re.compile(f"[{TONED}]")
_TONELESS = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:a|o|e|i|u|ü|ai|ei|ui|ao|ou|iu|ie|er|an|en|in|un|ang|eng|ing|ong|ia|ian|iang|iao|ua|uo|uan)"
)
MANY = 5
"""Syllables with a tone mark from which on toneless ones are believed to be of the same making: 了(le)."""


def _matches(text: str) -> list[re.Match[str]]:
    if "(" not in text and "（" not in text:
        return []
    found = list(_BRACKETED.finditer(text))
    toned = [match for match in found if _TONE.search(match.group(1))]
    if len(toned) < MANY:
        return toned
    return [match for match in found if _TONE.search(match.group(1)) or _TONELESS.fullmatch(match.group(1))]


def strip_pinyin(text: TrackedText) -> tuple[TrackedText, int]:
    """The text without single bracketed syllables behind a character, and how many were taken out.

    >>> strip_pinyin(TrackedText.of("區(qū)域(yù)，甲(a)"))[0].text
    '區域，甲(a)'
    """
    found = _matches(text.text)
    pieces, at = [], 0
    for match in found:
        pieces.append((at, match.start()))
        at = match.end()
    pieces.append((at, len(text)))
    return (text.select(pieces), len(found)) if found else (text, 0)


def readings(text: str) -> dict[str, set[str]]:
    """Character → the syllables that the text itself writes behind it."""
    table: dict[str, set[str]] = defaultdict(set)
    for match in _matches(text):
        table[text[match.start() - 1]].add(match.group(1))
    return dict(table)
