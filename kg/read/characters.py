"""Characters that mean the same made the same: spaces, line ends, invisible marks, entities left in plain text."""

from __future__ import annotations

import html
import re

from kg.read.tracked import TrackedText

__all__ = ["CJK", "decode_entities", "even_spaces"]

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
