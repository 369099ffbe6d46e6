"""What of a web page a reader takes for its text: its blocks without menus, hidden parts and readers' comments."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.knowledge.simplified import simplified
from kg.read.formats.markup import Block, Page
from kg.read.lines.metadata import Said, said_in
from kg.read.repair.characters import CJK

__all__ = ["GAP", "LINE_ENDS", "TABS", "WRAP", "Shown", "shown_blocks", "sums_of_elements"]

GAP = "\x1f"
"""Put in between fields that stand beside each other."""
LINE_ENDS = {ord(c): "\t" for c in "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"}
"""Line ends of a source, which are none of the page."""
WRAP = re.compile(rf"(?<=[{CJK}])[ \t]*\t[ \t]*(?=[{CJK}])")
"""Where a source breaks a line of Chinese; no blank is meant."""
TABS = re.compile(rf"[ \t]*[\t{GAP}][ \t{GAP}]*")
_LABEL = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff\s]{1,12}\s?[:：]")
_RUNNING = re.compile(r"[。；]|[，,].*[，,]")
BEFORE_COMMENTS = 60
"""Characters of running text that stand before readers' comments; where there are fewer, their element holds the article."""


@dataclass(frozen=True)
class Shown:
    """A block as a reader sees it."""

    index: int
    block: Block
    text: str
    running: int
    """Characters of running text: not linked, in sentences."""
    gaps: bool = False
    """Whether its elements are fields beside each other (来源, a button), with a gap between them."""


def shown_blocks(text: str, page: Page) -> list[Shown]:
    """The blocks with words, in the order of the page.

    What is set aside is left out, unless most of the text stands there (wrappers with odd names, pages unfolding by script),
    and so is running text that stands there again: for telephones many pages hold the whole article a second time.
    """
    blocks = [one for index, block in enumerate(page.blocks) if (one := _shown(text, index, block)) is not None]
    blocks = _once(_with_joined_cells(text, page, blocks))
    blocks = _without_comments(page, blocks)
    for flag in ("skipped", "hidden", "aside"):
        blocks = _without(page, blocks, [bool(getattr(node, flag)) for node in page.nodes])
    return blocks


def sums_of_elements(page: Page, blocks: Sequence[Shown]) -> list[int]:
    """For each element how much running text it holds, that of the elements within it too."""
    running = [0] * len(page.nodes)
    for one in blocks:
        running[one.block.node] += one.running
    for index in range(len(page.nodes) - 1, 0, -1):  # parents are numbered before their children
        running[page.nodes[index].parent] += running[index]
    return running


def _shown(text: str, index: int, block: Block) -> Shown | None:
    parts = [html.unescape(text[a:b]) for a, b in block.spans]
    words = " ".join(WRAP.sub("", "".join(parts).translate(LINE_ENDS)).split())
    if not any(c.isalnum() for c in words):
        return None
    free = len(words) - block.linked
    running = free if free > 20 and _RUNNING.search(words) else 0
    fields = [" ".join(part.split()) for part in parts if part.strip()]
    if running or block.heading or len(fields) < 2:
        return Shown(index, block, words, running)
    apart = " ".join(fields)
    said, together = said_in(simplified(apart)), said_in(simplified(words))
    gaps = said is not None and (together is None or _told(said) != _told(together))
    return Shown(index, block, apart if gaps else words, running, gaps)


def _told(said: Said) -> tuple[object, ...]:
    """What tells two readings apart; blanks do not, since a word of which a part is marked would be torn."""
    return (*("".join((one or "").split()) for one in (said.publisher, said.author, said.published)), said.labels)


def _with_joined_cells(text: str, page: Page, blocks: list[Shown]) -> list[Shown]:
    """The blocks, a cell that is nothing but a label (发布机构：) joined with the cell beside it that holds its value."""
    joined: list[Shown] = []
    for one in blocks:
        before = joined[-1] if joined else None
        if before is None or not (_LABEL.fullmatch(before.text) and _in_one_row(page, before.block, one.block)):
            joined.append(one)
            continue
        spans, linked = [*before.block.spans, *one.block.spans], before.block.linked + one.block.linked
        pair = _shown(text, before.index, Block(before.block.node, spans, linked))
        if pair is None or said_in(simplified(pair.text)) is None:
            joined.append(one)
        else:
            joined[-1] = pair
    return joined


def _in_one_row(page: Page, one: Block, other: Block) -> bool:
    return (row := _row(page, one.node)) > 0 and row == _row(page, other.node)


def _row(page: Page, node: int) -> int:
    """The row of a table that holds the element; 0 where there is none."""
    while node > 0 and page.nodes[node].name != "tr":
        node = page.nodes[node].parent
    return max(node, 0)


def _once(blocks: list[Shown]) -> list[Shown]:
    """The blocks without those that repeat the text, where half of it or more is repeated: a quoted sentence may be."""
    first = {one.text: one.index for one in reversed(blocks) if one.running}
    again = [one for one in blocks if one.running and first[one.text] != one.index]
    repeated = sum(one.running for one in again)
    if repeated * 3 < sum(one.running for one in blocks):
        return blocks
    return [one for one in blocks if not one.running or first[one.text] == one.index]


def _without(page: Page, blocks: list[Shown], flagged: Sequence[bool]) -> list[Shown]:
    """The blocks outside of flagged elements; one that holds more than half of the text is no such thing."""
    running = sums_of_elements(page, blocks)
    out = [False] * len(page.nodes)
    for index, node in enumerate(page.nodes[1:], 1):
        out[index] = out[node.parent] or (flagged[index] and running[index] * 2 <= running[0])
    kept = [one for one in blocks if not out[one.block.node]]
    return kept if sum(one.running for one in kept) * 2 >= running[0] else blocks


def _without_comments(page: Page, blocks: list[Shown]) -> list[Shown]:
    """The blocks without what readers wrote below the article, which may be longer than it."""
    inside = [False] * len(page.nodes)
    headings = {one.block.node for one in blocks if one.block.heading}
    holds_heading = [index in headings for index in range(len(page.nodes))]
    for index in range(len(page.nodes) - 1, 0, -1):
        holds_heading[page.nodes[index].parent] |= holds_heading[index]
    for index, node in enumerate(page.nodes[1:], 1):
        inside[index] = inside[node.parent] or (node.comments and not holds_heading[index])
    kept, before = [], 0
    for one in blocks:
        if not inside[one.block.node]:
            before += one.running
        if not (inside[one.block.node] and before >= BEFORE_COMMENTS):
            kept.append(one)
    return kept
