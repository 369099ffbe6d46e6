"""Web pages: which of their blocks are the article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kg.errors import InputError
from kg.knowledge.simplified import simplified
from kg.model.article import Article
from kg.read.clean import clean_article, content_hash
from kg.read.formats.headline import broken_title, heading_among, page_title, says_title
from kg.read.formats.markup import Page, parse_page
from kg.read.formats.page_head import stated_by
from kg.read.formats.shown import GAP, LINE_ENDS, TABS, WRAP, Shown, shown_blocks, sums_of_elements
from kg.read.lines.metadata import said_in
from kg.read.lines.rules import furniture_of
from kg.read.repair.characters import decode_entities
from kg.read.repair.encoding import decode
from kg.read.source import Options, ReadFailure, Source
from kg.read.tracked import Piece, TrackedText

__all__ = ["read_html"]

SHARE = 0.8
"""Share of a page's running text that the element of the article holds. A report split over two elements, or one
with long comments, has less in any; then an element further up is taken, and the lines are sorted as those of a
text file."""
HALF = 0.5
"""Share that is enough where the article ends with its element: what else runs on the page stands behind its end."""
MOST_LINKED = 0.6
"""Share of links above which a block without a full stop is a menu."""
HEADS_LINKS = 12
"""Characters of a line that heads a list of links, at most."""
BEHIND = 12
"""Blocks behind the article's element that are looked at for the editor's line and metadata."""

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_BLOCK = re.compile(r"<(?:p|br|div|section)(?:\s[^<>]*)?/?>", re.IGNORECASE)
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


def _laid_out(text: TrackedText, blocks: Iterable[Iterable[Piece]]) -> TrackedText:
    """The blocks of a source (as pieces), one a line, without the line breaks and entities that only the source has."""
    pieces: list[Piece] = []
    for block in blocks:
        pieces += [*(["\n"] if pieces else []), *block]
    tracked = text.translate(LINE_ENDS).select(pieces).sub(WRAP, "").sub(TABS, " ")
    return decode_entities(tracked, loose=True)


def is_markup(text: str) -> bool:
    """Whether a text that should be plain is HTML: it has an element that a paragraph is made of."""
    return _BLOCK.search(text) is not None


def plain_fragment(text: TrackedText, begin: int = 0) -> TrackedText:
    """The words of a fragment of HTML, a block a line; before ``begin`` stands a plain line."""
    source = text.text[begin:]
    shown = shown_blocks(source, parse_page(source))
    blocks: list[list[Piece]] = [[(begin + start, begin + end) for start, end in one.block.spans] for one in shown]
    return _laid_out(text, [[(0, begin - 1)], *blocks] if begin else blocks)


def _article_blocks(text: str, page: Page) -> tuple[list[list[Piece]], set[int], str | None]:
    """The blocks (as pieces) that may be the article, the numbers of its heading's, and the page's title."""
    shown = shown_blocks(text, page)
    inside = _container(page, shown)
    within = [inside is None or _is_within(page, s.block.node, inside) for s in shown]
    first = next((i for i, here in enumerate(within) if here), 0)
    last = max((i for i, here in enumerate(within) if here), default=-1)
    behind, links = _behind(shown, last), _links(shown)
    title = page_title(text, page)
    heading = heading_among(shown[: last + 1], first, title)
    place = _place_of_title(text, page, title)
    marked = heading is not None and shown[heading].block.heading
    broken = broken_title(shown, title) if place and not marked else range(0)
    if heading in broken:
        heading = None
    chosen: list[list[Piece]] = []
    headings: set[int] = set()
    if heading is None and place and title and (broken or not says_title(shown, first, title)):
        headings.add(0)
        chosen.append([place])
    for i, one in enumerate(shown):
        if i == heading:
            headings.add(len(chosen))
        elif within[i] and i not in broken:
            if i in links:
                continue
        elif i < first and heading is None and title is None:
            pass  # a page that names its title nowhere: it is looked for among the lines, as in a text file
        elif heading is not None and i == heading + 1 and one.text.startswith(("——", "—", "--")):
            pass  # the second line of the title
        elif not _is_beside(one.text, before=i < first, near=i < behind):
            continue
        chosen.append(_pieces(one))
    return chosen, headings, title


def _links(shown: Sequence[Shown]) -> set[int]:
    """The blocks that are links, and the short lines that head two of them or more: a list of other articles."""
    found = {i for i, one in enumerate(shown) if not one.running and one.block.linked > MOST_LINKED * len(one.text)}
    heads = {i for i, one in enumerate(shown) if len(one.text) <= HEADS_LINKS}
    return found | {i for i in heads if {i + 1, i + 2} <= found}


def _place_of_title(text: str, page: Page, title: str | None) -> tuple[int, int] | None:
    at = text.find(title, *page.title) if title is not None and page.title is not None else -1
    return (at, at + len(title)) if title is not None and at >= 0 else None


def _pieces(one: Shown) -> list[Piece]:
    pieces: list[Piece] = []
    for span in one.block.spans:
        pieces += [*([GAP] if pieces and one.gaps else []), span]
    return pieces


def _behind(shown: Sequence[Shown], last: int) -> int:
    """Where what is close behind the article's element ends: after some blocks, or where the page goes on to others."""
    close = range(last + 1, min(last + 1 + BEHIND, len(shown)))
    return next(
        (i for i in close if any(rule.kind == "stop" for rule in furniture_of(simplified(shown[i].text)))), close.stop
    )


def _is_beside(text: str, *, before: bool, near: bool) -> bool:
    """Whether a block outside the article's element belongs to it: metadata, before it or close behind it.

    Behind it what no label names is another article's, as lists of them have it.
    """
    words = simplified(text)
    said = said_in(words)
    if said is not None:
        return before or (near and said.labels > 0)
    return not before and near and any(rule.kind in ("end", "credit") for rule in furniture_of(words))


def _is_within(page: Page, node: int, container: int) -> bool:
    while node > container:  # parents are numbered before their children
        node = page.nodes[node].parent
    return node == container


def _container(page: Page, shown: Sequence[Shown]) -> int | None:
    """The lowest element that holds most of the running text, in more than one block; None for the whole page."""
    running = sums_of_elements(page, shown)
    blocks = [0] * len(page.nodes)
    for one in shown:
        blocks[one.block.node] += one.running > 0
    for index in range(len(page.nodes) - 1, 0, -1):
        blocks[page.nodes[index].parent] += blocks[index]

    def lowest(share: float) -> int | None:
        # Children come after their parents, so the last is the lowest.
        fit = (i for i, node in enumerate(page.nodes) if i and blocks[i] > 1 and node.name not in _PARAGRAPHS)
        return max((i for i in fit if running[i] >= share * running[0]), default=None) if running[0] else None

    half = lowest(HALF)
    return half if half is not None and _ends_with(page, shown, half) else lowest(SHARE)


def _ends_with(page: Page, shown: Sequence[Shown], element: int) -> bool:
    """Whether all running text outside of the element stands behind a line that ends articles, and that behind its text."""
    runs = [i for i, one in enumerate(shown) if one.running and _is_within(page, one.block.node, element)]
    beyond = [i for i, one in enumerate(shown) if one.running and not _is_within(page, one.block.node, element)]
    if not beyond or beyond[0] < runs[-1]:
        return False
    between = shown[runs[-1] + 1 : beyond[0]]
    return any(rule.kind in ("end", "stop") for one in between for rule in furniture_of(simplified(one.text)))
