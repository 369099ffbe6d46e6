"""Web pages: which of their blocks are the article."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.errors import InputError
from kg.knowledge.simplified import simplified
from kg.model.article import Article
from kg.read.clean import clean_article, content_hash
from kg.read.formats.markup import Block, Page, parse_page
from kg.read.formats.page_head import stated_by, without_site
from kg.read.lines.metadata import said_in
from kg.read.lines.rules import furniture_of
from kg.read.repair.characters import CJK, decode_entities
from kg.read.repair.encoding import decode
from kg.read.source import Options, ReadFailure, Source
from kg.read.tracked import Piece, TrackedText

__all__ = ["read_html"]

SHARE = 0.8
"""Share of a page's running text that the element of the article holds. A report split over two elements, or one
with long comments, has less in any; then an element further up is taken, and the lines are sorted as those of a
text file."""
MOST_LINKED = 0.6
"""Share of links above which a block without a full stop is a menu."""
BEHIND = 12
"""Blocks behind the article's element that are looked at for the editor's line and metadata."""

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_WRAP = re.compile(rf"(?<=[{CJK}])[ \t]*\t[ \t]*(?=[{CJK}])")
_BLOCK = re.compile(r"<(?:p|br|div|section)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TABS = re.compile(r"[ \t]*\t[ \t]*")
_TO_TAB = {ord(c): "\t" for c in "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"}
_PARAGRAPHS = frozenset(
    [
        "p",
        "span",
        "font",
        "strong",
        "b",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "blockquote",
        "a",
        "center",
        "section-title",
    ]
)
_RUNNING = re.compile(r"[。；]|[，,].*[，,]")


def read_html(source: Source, options: Options) -> Iterator[Article | ReadFailure]:
    """The article of a web page; its original is the decoded source."""
    data = source.read()
    declared = _CHARSET.search(data[:4096])
    decoded = decode(data, source.file, declared=declared.group(1).decode("ascii") if declared else None)
    text = decoded.text
    notes = (f"{decoded.broken} places could not be decoded as {decoded.encoding}",) if decoded.broken else ()
    page = parse_page(text)
    chosen, headings, title = _article_blocks(text, page)
    if chosen and len(chosen) <= len(headings):
        what = "the page has a title and no text: it stands in a frame, or a script loads it"
        raise InputError(what, where=source.file, remedy="save the page again when its text is shown")
    yield clean_article(
        _laid_out(TrackedText.of(text), chosen),
        file=source.file,
        original=text, digest=content_hash(data), stated=stated_by(text, page, title), headings=headings,
        entities=False, notes=notes, path=source.where, media_type="text/html", encoding=decoded.encoding,
    )  # fmt: skip


def _laid_out(text: TrackedText, blocks: Iterable[Iterable[tuple[int, int]]]) -> TrackedText:
    """The blocks of a source (as spans), one a line, without the line breaks and entities that only the source has."""
    pieces: list[Piece] = []
    for spans in blocks:
        pieces += [*(["\n"] if pieces else []), *spans]
    tracked = text.translate(_TO_TAB).select(pieces).sub(_WRAP, "").sub(_TABS, " ")
    return decode_entities(tracked, loose=True)


def is_markup(text: str) -> bool:
    """Whether a text that should be plain is HTML: it has an element that a paragraph is made of."""
    return _BLOCK.search(text) is not None


def plain_fragment(text: TrackedText, begin: int = 0) -> TrackedText:
    """The words of a fragment of HTML, a block a line; before ``begin`` stands a plain line."""
    source = text.text[begin:]
    shown = _shown(source, parse_page(source))
    blocks = [[(begin + start, begin + end) for start, end in one.block.spans] for one in shown]
    return _laid_out(text, [[(0, begin - 1)], *blocks] if begin else blocks)


@dataclass(frozen=True)
class _Shown:
    """A block as a reader sees it."""

    index: int
    block: Block
    text: str
    running: int
    """Characters of running text: not linked, in sentences."""


def _shown(text: str, page: Page) -> list[_Shown]:
    blocks = []
    for index, block in enumerate(page.blocks):
        words = html.unescape("".join(text[a:b] for a, b in block.spans))
        words = " ".join(words.split())
        if words:
            free = len(words) - block.linked
            running = free if free > 20 and _RUNNING.search(words) else 0
            blocks.append(_Shown(index, block, words, running))
    # What is hidden or stands in a menu is left out, unless most of the text stands there (pages unfolding by script).
    for flag in ("skipped", "hidden", "aside"):
        kept = [shown for shown in blocks if not getattr(page.nodes[shown.block.node], flag)]
        if sum(s.running for s in kept) * 2 >= sum(s.running for s in blocks):
            blocks = kept
    return blocks


def _article_blocks(text: str, page: Page) -> tuple[list[list[tuple[int, int]]], set[int], str | None]:
    """The blocks (as spans) that may be the article, the numbers of its heading's, and the page's title."""
    shown = _shown(text, page)
    inside = _container(page, shown)
    within = [inside is None or _is_within(page, s.block.node, inside) for s in shown]
    first = next((i for i, here in enumerate(within) if here), 0)
    last = max((i for i, here in enumerate(within) if here), default=-1)
    title = _page_title(text, page)
    heading = _heading(shown[: last + 1], first, title)
    chosen: list[list[tuple[int, int]]] = []
    headings: set[int] = set()
    if heading is None and title is not None and page.title is not None and not _says_title(shown, first, title):
        at = text.find(title, page.title[0], page.title[1])
        if at >= 0:
            headings.add(0)
            chosen.append([(at, at + len(title))])
    for i, one in enumerate(shown):
        if i == heading:
            headings.add(len(chosen))
        elif within[i]:
            if not one.running and one.block.linked > MOST_LINKED * len(one.text):
                continue
        elif i < first and heading is None and title is None:
            pass  # a page that names its title nowhere: it is looked for among the lines, as in a text file
        elif heading is not None and i == heading + 1 and one.text.startswith(("——", "—", "--")):
            pass  # the second line of the title
        elif not _is_beside(one.text, before=i < first, near=i <= last + BEHIND):
            continue
        chosen.append(one.block.spans)
    return chosen, headings, title


def _is_beside(text: str, *, before: bool, near: bool) -> bool:
    """Whether a block outside the article's element belongs to it: metadata, before it or close behind it."""
    words = simplified(text)
    if said_in(words) is not None:
        return before or near
    return not before and near and any(rule.kind in ("end", "credit") for rule in furniture_of(words))


def _is_within(page: Page, node: int, container: int) -> bool:
    while node > container:  # parents are numbered before their children
        node = page.nodes[node].parent
    return node == container


def _container(page: Page, shown: list[_Shown]) -> int | None:
    """The lowest element that holds most of the running text, in more than one block; None for the whole page."""
    running = [0] * len(page.nodes)
    blocks = [0] * len(page.nodes)
    for one in shown:
        if one.running:
            running[one.block.node] += one.running
            blocks[one.block.node] += 1
    for index in range(len(page.nodes) - 1, 0, -1):
        parent = page.nodes[index].parent
        running[parent] += running[index]
        blocks[parent] += blocks[index]
    best: int | None = None
    for index in range(1, len(page.nodes)):
        enough = running[index] >= SHARE * running[0] and blocks[index] > 1
        if running[0] and enough and page.nodes[index].name not in _PARAGRAPHS:
            best = index  # children come after their parents, so the last is the lowest
    return best


def _page_title(text: str, page: Page) -> str | None:
    """The article's title as ``<title>`` gives it, the site's name left out."""
    if page.title is None:
        return None
    words = text[page.title[0] : page.title[1]].strip()
    found = without_site(words)
    return found if 2 <= len(found) <= 160 and "\n" not in found else None


def _plain(text: str) -> str:
    return "".join(c for c in html.unescape(text) if c.isalnum())


def _heading(shown: list[_Shown], first: int, title: str | None) -> int | None:
    """The block that is the article's heading: an ``h1``, or what ``<title>`` says again, whichever is nearest."""
    wanted = _plain(title) if title else ""
    same = [i for i, s in enumerate(shown) if wanted and len(s.text) <= 160 and _plain(s.text) == wanted]
    marked = [i for i, s in enumerate(shown) if s.block.heading and not s.running]
    agreeing = [i for i in marked if wanted and (_plain(shown[i].text) in wanted or wanted in _plain(shown[i].text))]
    for group in (agreeing, same, marked if len(marked) == 1 and not wanted else []):
        near = [i for i in group if i >= first] if group is same else group
        if near or group:
            return (near or group)[0 if near else -1]
    return None


def _says_title(shown: list[_Shown], first: int, title: str) -> bool:
    """Whether the article's own first lines begin the title that ``<title>`` gives (broken in two, or cut short)."""
    wanted = _plain(title)
    return any(len(p := _plain(s.text)) >= 5 and wanted.startswith(p) for s in shown[first : first + 6])
