"""Characters that mean the same made the same: spaces, line ends, invisible marks, entities left in plain text."""

from __future__ import annotations

import html
import re
from itertools import pairwise

from kg.read.tracked import Edit, TrackedText

__all__ = ["CJK", "close_up", "decode_entities", "even_spaces", "even_thousands"]

CJK = "\u2e80-\u2fdf\u3001-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
"""Ranges of a character class: Chinese characters and full-width punctuation, the ideographic space apart."""

_SPACES = {
    ord(c): " "
    for c in "\t\x0b\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
}
_LINE_ENDS = {ord(c): "\n" for c in "\x0c\x1c\x1d\x1e\x85\u2028\u2029"}
_RETURN = re.compile(r"\r\n?")
# Zero width, direction marks, soft hyphen, byte order mark, object replacement, other controls.
_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffc\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]+"
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_LOOSE_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});?")


def even_spaces(text: TrackedText) -> TrackedText:
    """Every kind of space one blank, every line end one ``\\n``, nothing invisible; runs of blanks are kept."""
    if "\r" in text.text:
        text = text.sub(_RETURN, "\n")
    text = text.translate(_SPACES | _LINE_ENDS)
    return text.sub(_INVISIBLE, "")


_LINE = re.compile(r"[^\n]+")
_LETTER_SPACED = 8
"""Characters, each with a blank behind it, from which on a line is set with space between its letters."""


def close_up(text: TrackedText) -> TrackedText:
    """Lines in which a blank follows nearly every character lose these blanks; of two blanks in a row one stays.

    Converters of justified and letter-spaced print leave them. A line with words of several characters keeps its blanks.
    """
    edits = []
    for line in _LINE.finditer(text.text):
        words = line.group().split(" ")
        single = sum(len(word) == 1 for word in words)
        if single < _LETTER_SPACED or single < 0.9 * sum(map(bool, words)):
            continue
        at = line.start()
        for word, following in pairwise(words):
            at += len(word) + 1
            if word and (following or at == line.end()):
                edits.append(Edit(at - 1, at, ""))
    return text.edit(edits)


_THOUSANDS = re.compile(r"(?<![\d０-９.．,，])[1-9１-９][\d０-９]{0,2}(?:，[\d０-９]{3})+(?![\d０-９.．,，])")


def even_thousands(text: TrackedText) -> TrackedText:
    """A full-width comma that groups the digits of a number becomes the half-width one: 1，320人次."""
    return text.sub(_THOUSANDS, lambda match: match.group().replace("，", ",")) if "，" in text.text else text


def decode_entities(text: TrackedText, *, loose: bool = False) -> TrackedText:
    """Character references become their characters; ``loose`` also those without a semicolon, as browsers do.

    A reference that names nothing stays as it is; one for a line end becomes a blank, so that lines stay lines.
    """
    if "&" not in text.text:
        return text

    def character(match: re.Match[str]) -> str | None:
        new = html.unescape(match.group())
        return None if new == match.group() else re.sub(r"[\r\n\x0c\x1c-\x1e\x85\u2028\u2029]", " ", new)

    return text.sub(_LOOSE_ENTITY if loose else _ENTITY, character)
