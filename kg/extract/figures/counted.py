"""What a figure is a number of: the noun phrase behind its unit, else the one before the numeral."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from kg.extract.figures.find import Figure
from kg.extract.figures.words import figure_words
from kg.extract.text.page import Page

__all__ = ["counted"]

_HEADS = frozenset({"n", "nz", "nw", "vn", "an", "ORG", "LOC", "PER", "nr", "ns", "nt"})
"""Tags of the word that ends a noun phrase."""
_NOMINAL = _HEADS | {"a", "s"}
"""Tags of words within one."""
_SKIPPED = frozenset({"f", "m", "q"})
"""Behind a unit: 左右, 以上."""
_BEFORE_NUMERAL = frozenset({"d", "u", "xc", "f", "ad"})
"""Between a noun phrase and its number: 问题共3个, 志愿者等3人."""
_SHARES = ("%", "‰", "成", "个百分点", "倍")
_OPENING, _CLOSING = "“‘《「", "”’》」"
_LONGEST = 24
"""Characters of a noun phrase; a longer one is a sentence that was tagged amiss."""


def counted(page: Page, figure: Figure) -> str | None:
    """The words that name what is counted, as they stand in the figure's clause; None where it does not say."""
    if not page.words:
        return None
    start, end = figure.clause
    while page.text[end : end + 1] in tuple(_CLOSING):
        end += 1
    before, behind = _pieces(page, start, figure.start), _pieces(page, figure.end, end)
    if figure.unit in _SHARES:
        said = (_first(behind) if page.text.startswith("的", figure.end) else None) or _subject(before)
    else:
        said = _first(behind) or _last(before)
    return _bare(page.text[said[0] : said[1]]) if said and said[1] - said[0] <= _LONGEST else None


def _bare(words: str) -> str:
    """Without the marks where all of it is one quotation."""
    inside = words[1:-1]
    return inside if words[0] in _OPENING and words[-1] in _CLOSING and not set(inside) & set(_OPENING) else words


@cache
def _said(kind: str) -> frozenset[str]:
    """One of the word lists of ``figures.toml`` for what is counted."""
    return frozenset(figure_words()["counted"][kind].split())


_Piece = tuple[int, int, str, str]
"""(start, end, tag, words)."""


def _pieces(page: Page, start: int, end: int) -> list[_Piece]:
    """The words between two characters; one that reaches over an edge is cut there."""
    found: list[_Piece] = []
    if start >= end:
        return found
    for number in range(page.word_at(start), page.word_at(end - 1) + 1):
        first, last, tag = page.words[number]
        first, last = max(first, start), min(last, end)
        if first < last:
            found.append((first, last, tag, page.text[first:last]))
    return found


def _first(pieces: Sequence[_Piece]) -> tuple[int, int] | None:
    """The noun phrase that begins behind the unit, or behind the 的 of what is said of it (12条|要解决的|问题)."""
    at = 0
    while at < len(pieces) and (pieces[at][2] in _SKIPPED or pieces[at][3] in ("的", "余", "多")):
        at += 1
    found = _phrase(pieces, at)
    if found or at == len(pieces) or pieces[at][2] not in ("v", "vd", "p", "d", "ad"):
        return found
    after = [number + 1 for number in range(at, len(pieces)) if pieces[number][3] == "的"]
    return _phrase(pieces, after[-1]) if after else None


def _phrase(pieces: Sequence[_Piece], at: int) -> tuple[int, int] | None:
    """The longest noun phrase that begins at a word; quotations count as nouns, 、 joins several."""
    start, end = None, None
    while at < len(pieces):
        first, last, tag, said = pieces[at]
        if said[0] in _OPENING:
            closing = _closing(pieces, at)
            if closing is None:
                break
            start, end, at = first if start is None else start, pieces[closing][1], closing + 1
            continue
        if said in _said("joining") and end is not None and at + 1 < len(pieces) and pieces[at + 1][2] in _NOMINAL:
            at += 1
            continue
        if not _is_nominal(pieces[at]):
            break
        start = first if start is None else start
        end = last if tag in _HEADS else end
        at += 1
    return (start, end) if start is not None and end is not None else None


def _is_nominal(piece: _Piece) -> bool:
    return piece[2] in _NOMINAL and piece[3] not in _said("nothing")


def _closing(pieces: Sequence[_Piece], at: int) -> int | None:
    mark = _CLOSING[_OPENING.index(pieces[at][3][0])]
    return next((number for number in range(at, len(pieces)) if mark in pieces[number][3]), None)


def _last(pieces: Sequence[_Piece]) -> tuple[int, int] | None:
    """The noun phrase right before the numeral (问题共|3个, 志愿者等|3人), or before an earlier number (站点由|3个增加到9个)."""
    at = len(pieces)
    while at and (pieces[at - 1][2] in _BEFORE_NUMERAL or pieces[at - 1][3] in _said("before")):
        at -= 1
    found = _ending(pieces, at)
    if found is None:
        rise = [n for n, piece in enumerate(pieces[:-1]) if piece[3] in ("从", "由") and pieces[n + 1][2] in ("m", "d")]
        found = _ending(pieces, rise[-1]) if rise else None
    return found


def _subject(pieces: Sequence[_Piece]) -> tuple[int, int] | None:
    """The last noun phrase before a share: 满意率|由82%升到98%."""
    for at in range(len(pieces), 0, -1):
        if pieces[at - 1][2] in _HEADS and (found := _ending(pieces, at, share=True)):
            return found
    return None


def _ending(pieces: Sequence[_Piece], at: int, *, share: bool = False) -> tuple[int, int] | None:
    """The longest noun phrase that ends before a word; a place or a verb before its noun is no part of it."""
    stop = at
    while at:
        said = pieces[at - 1][3]
        if said[-1] in _CLOSING:
            opening = _OPENING[_CLOSING.index(said[-1])]
            at = next((number for number in range(at - 1, -1, -1) if opening in pieces[number][3]), at)
            if pieces[at - 1 if at == stop else at][3][0] != opening:
                break
        elif _is_nominal(pieces[at - 1]) or (said in _said("joining") and at < stop):
            at -= 1
        else:
            break
    while at < stop and (pieces[at][3] in _said("joining") or (at + 1 < stop and _leads(pieces, at, share=share))):
        at += 1
    if at == stop or pieces[stop - 1][2] in _PLACES or pieces[stop - 1][3][0] == "全":
        return None
    return pieces[at][0], pieces[stop - 1][1]


_PLACES = frozenset({"LOC", "ns"})


def _leads(pieces: Sequence[_Piece], at: int, *, share: bool) -> bool:
    """Whether a word only stands before a noun phrase: 服务|居民, 北山县|农户; but 开放|避寒|场所, 调解|成功率."""
    tag, following = pieces[at][2], pieces[at + 1][2]
    if tag in _PLACES:
        return True
    verb_before = at > 0 and pieces[at - 1][2] in ("v", "vd")
    return tag == "vn" and following == "n" and not share and not verb_before
