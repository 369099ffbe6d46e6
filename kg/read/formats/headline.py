"""Where a web page has the article's title: in ``<title>``, in a heading, or in the line above its metadata."""

from __future__ import annotations

import html
from collections.abc import Sequence

from kg.knowledge.simplified import simplified
from kg.read.formats.markup import Page
from kg.read.formats.page_head import is_site_name, without_site
from kg.read.formats.shown import Shown
from kg.read.lines.metadata import said_in
from kg.read.lines.rules import furniture_of

__all__ = ["broken_title", "heading_among", "page_title", "says_title"]

LONGEST = 160
"""Characters of a title, at most."""
_LEAST = 5
_ALONE = 8
"""Letters of a heading that nothing else on the page confirms."""
_NEAR = 15
"""Blocks before the article among which its line of metadata is looked for."""


def page_title(text: str, page: Page) -> str | None:
    """The article's title as ``<title>`` gives it, the site's name left out."""
    if page.title is None:
        return None
    found = without_site(text[page.title[0] : page.title[1]].strip())
    return found if 2 <= len(found) <= LONGEST and "\n" not in found else None


def heading_among(shown: Sequence[Shown], first: int, title: str | None) -> int | None:
    """The block that is the article's heading; ``first`` is the first of its text, ``title`` what ``<title>`` says.

    It says what ``<title>`` says, or begins it (the rest is the site's name); else it is the page's one ``h1``, or the
    line right above the metadata.
    """
    wanted = _plain(title) if title else ""
    marked = [i for i, one in enumerate(shown) if one.block.heading and not one.running]
    agreeing = [i for i in marked if wanted and _agrees(_plain(shown[i].text), wanted)]
    if agreeing:
        return agreeing[0]
    short = [(i, _plain(one.text)) for i, one in enumerate(shown) if len(one.text) <= LONGEST]
    same = [i for i, words in short if wanted and words == wanted]
    begun = [(len(words), i) for i, words in short if len(words) >= _LEAST and wanted.startswith(words)]
    longest = [i for size, i in begun if size == max(begun)[0] and size * 2 >= len(wanted)]
    for group in (same, longest):
        within = [i for i in group if i >= first]
        if group:
            return within[0] if within else group[-1]
    if len(marked) == 1 and (not wanted or len(_plain(shown[marked[0]].text)) >= _ALONE):
        return marked[0]
    return _above_metadata(shown, first, wanted)


def _agrees(words: str, wanted: str) -> bool:
    return wanted in words or (words in wanted and len(words) * 2 >= len(wanted))


def _above_metadata(shown: Sequence[Shown], first: int, wanted: str) -> int | None:
    """The block right above the line of metadata, where it can be a title and is longer than what ``<title>`` says."""
    for i in range(max(1, first - _NEAR), min(first + 3, len(shown))):
        above = shown[i - 1]
        if said_in(simplified(shown[i].text)) is None or said_in(simplified(above.text)) is not None:
            continue
        words = _plain(above.text)
        can_be = (
            len(words) >= _ALONE and len(above.text) <= LONGEST // 2 and not above.running and not above.block.linked
        )
        if can_be and len(words) > len(wanted) and not is_site_name(above.text) and not furniture_of(above.text):
            return i - 1
    return None


def says_title(shown: Sequence[Shown], first: int, title: str) -> bool:
    """Whether the lines before the running text begin the title that ``<title>`` gives (broken in two, or cut short)."""
    wanted = _plain(title)
    for i, one in enumerate(shown[first:]):
        if len(words := _plain(one.text)) >= _LEAST and wanted.startswith(words):
            return True
        if i >= 6 and one.running:  # among the first lines may be a sentence: a summary, a notice
            return False
    return False


def broken_title(shown: Sequence[Shown], title: str | None) -> range:
    """The blocks, two or more in a row, that together say what ``<title>`` says; empty where there are none."""
    wanted = _plain(title) if title else ""
    plain = [_plain(one.text) for one in shown]
    for begin in range(len(plain)):
        end, words = begin, ""
        while words != wanted and wanted.startswith(words) and end < len(plain):
            words += plain[end]
            end += 1
        if wanted and words == wanted and end - begin > 1:
            return range(begin, end)
    return range(0)


def _plain(text: str) -> str:
    return "".join(c for c in html.unescape(text) if c.isalnum())
