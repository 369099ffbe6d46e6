"""Text that was decoded in a wrong encoding and saved so: UTF-8 read as GBK or Latin-1, GBK read as Latin-1."""

from __future__ import annotations

import re
from collections.abc import Callable

from kg.read.repair.plausibility import plausibility, words_score
from kg.read.tracked import Edit, TrackedText, spans_by_bytes

__all__ = ["repair_mojibake"]

LEAST_GAIN = 0.4
"""Plausibility that a repaired line must gain."""
LEAST_PLAUSIBLE = 1.0
MOST_LOST = 0.2
"""Share of characters that may stay broken in a repaired line."""

# What the lead bytes E4 to E9 of UTF-8 Chinese make of themselves when read as GBK, and as Latin-1 or Windows-1252.
_AS_GBK = re.compile(
    "["
    + "".join(bytes([a, b]).decode("gbk", errors="ignore") for a in range(0xE4, 0xEA) for b in range(0x80, 0xC0))
    + "]"
)
_AS_LATIN = re.compile(r"[\u00a1-\u00ff][\u0080-\u00ff\u0152-\u0178\u02c6-\u02dc\u2013-\u203a\u20ac\u2122]")
LOST = ord("?")
"""What a lost byte is shown as."""
MOST_SEARCHED = 300
"""Lost bytes that are searched for in one line: a limit on time."""
MARGIN = 8.0
"""Bits by which a character put together from a searched byte must be likelier than the next. Measured on 1,468 lost
bytes of real text: 8 brings back 541 characters, 2 of them wrong; 2 brings back 930, 112 of them wrong."""


def _gbk_bytes(text: str) -> list[bytes] | None:
    try:
        return [b"?" if char == "\ufffd" else char.encode("gb18030") for char in text]
    except UnicodeEncodeError:
        return None


def _latin_bytes(text: str) -> list[bytes] | None:
    """Windows-1252 with the five bytes that it leaves out read as Latin-1, as browsers do."""
    found = []
    for char in text:
        try:
            found.append(b"?" if char == "\ufffd" else char.encode("cp1252"))
        except UnicodeEncodeError:
            if char > "\xff":
                return None
            found.append(char.encode("latin-1"))
    return found


def _from_utf8(data: bytes) -> list[tuple[str, int]]:
    """Characters with their numbers of bytes; one byte of a character that was lost (``?``) is searched for."""
    found: list[tuple[str, int]] = []
    broken: list[tuple[int, bytes]] = []
    at = 0
    while at < len(data):
        lead = data[at]
        size = 1 if lead < 0x80 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
        try:
            found.append((data[at : at + size].decode("utf-8"), size))
            at += size
            continue
        except UnicodeDecodeError:
            end = at + 1
        while end < len(data) and end - at < size and (0x80 <= data[end] < 0xC0 or data[end] == LOST):
            end += 1
        broken.append((len(found), data[at:end]))
        found.append(("\ufffd", end - at))
        at = end
    for place, sequence in broken[:MOST_SEARCHED]:
        if len(sequence) == 3 and sequence.count(LOST) == 1:
            found[place] = (_lost_in(sequence, found, place), len(sequence))
    return found


def _lost_in(sequence: bytes, found: list[tuple[str, int]], place: int) -> str:
    """The character that the sequence with one byte put back most likely is; U+FFFD where none is clearly so."""
    before = "".join(char for char, _ in found[max(0, place - 2) : place])
    behind = "".join(char for char, _ in found[place + 1 : place + 3])
    at, ranked = sequence.index(LOST), []
    for byte in range(0x80, 0xC0):
        try:
            char = (sequence[:at] + bytes([byte]) + sequence[at + 1 :]).decode("utf-8")
        except UnicodeDecodeError:
            continue
        ranked.append((words_score(before + char + behind), char))
    ranked.sort(reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MARGIN):
        return "\ufffd"
    return ranked[0][1]


def _from_gbk(data: bytes) -> list[tuple[str, int]]:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return []
    return [(char, len(char.encode("gb18030"))) for char in text]


_Route = tuple[re.Pattern[str], Callable[[str], list[bytes] | None], Callable[[bytes], list[tuple[str, int]]]]
_ROUTES: tuple[_Route, ...] = (
    (_AS_GBK, _gbk_bytes, _from_utf8),
    (_AS_LATIN, _latin_bytes, _from_utf8),
    (_AS_LATIN, _latin_bytes, _from_gbk),
)


def _repair(line: str, offset: int) -> Edit | None:
    before, best, chosen = plausibility(line), LEAST_PLAUSIBLE, None
    for sign, encode, decode in _ROUTES:
        if not sign.search(line):
            continue
        old = encode(line)
        new = decode(b"".join(old)) if old else []
        words = "".join(char for char, _ in new)
        if not words or words.count("\ufffd") > len(words) * MOST_LOST:
            continue
        after = plausibility(words)
        if after > best and after >= before + LEAST_GAIN and old:
            best = after
            places = spans_by_bytes([len(b) for b in old], [size for _, size in new])
            chosen = Edit(offset, offset + len(line), words, [(offset + a, offset + b) for a, b in places])
    return chosen


def repair_mojibake(text: TrackedText) -> tuple[TrackedText, int]:
    """The text with wrongly decoded lines decoded rightly, and how many lines that were.

    A line is changed only where its bytes give much more plausible Chinese. What was lost on the way stays U+FFFD.
    """
    words = text.text
    if not (_AS_GBK.search(words) or _AS_LATIN.search(words)):
        return text, 0
    edits, at = [], 0
    for line in words.split("\n"):
        if (_many(_AS_GBK, line) or _many(_AS_LATIN, line)) and (edit := _repair(line, at)):
            edits.append(edit)
        at += len(line) + 1
    return text.edit(edits), len(edits)


def _many(sign: re.Pattern[str], text: str) -> bool:
    """Whether the sign stands at one place in twelve of what is not ASCII: ordinary text has it at one in hundreds."""
    found = sum(1 for _ in sign.finditer(text))
    return found >= 3 and found * 12 >= sum(char > "\x7f" for char in text)
