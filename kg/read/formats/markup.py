"""The blocks of a web page, with the place of every character in its source.

A tokenizer of its own, because no parser of the registry says where in the source a text stands. It is linear in the
length of the source, and forgiving: whatever browsers show of a broken page is text here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Block", "Node", "Page", "parse_page"]

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,40})")
_TAG_END = re.compile(r"(?:=\s*\"[^\"]*\"|=\s*'[^']*'|[^>])*+>")
"""Quotation marks count behind an equals sign alone: a stray one hides nothing of what follows the tag."""
_ATTRIBUTE = re.compile(r"([A-Za-z_:][\w:.-]*)\s*(?:=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
LONGEST_TAG = 8192
DEEPEST = 200
"""Elements inside each other beyond which nesting is no longer followed."""

_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"],
)
_RAW = frozenset(
    ["script", "style", "textarea", "noscript", "iframe", "template", "xmp", "noembed", "noframes"],
)
_SKIPPED = frozenset(
    [
        "nav",
        "footer",
        "aside",
        "button",
        "select",
        "option",
        "svg",
        "math",
        "object",
        "video",
        "audio",
        "canvas",
        "map",
        "dialog",
        "head",
    ],
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "rb",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "o:p",
        "st1:chsdate",
        "img",
    ]
)
_CLOSES = {  # an open tag of the key ends an open element of the value that is innermost
    "li": ("li", ("ul", "ol")),
    "tr": ("tr", ("table",)),
    "td": ("td", ("tr", "table")),
    "th": ("th", ("tr", "table")),
    "dd": ("dd", ("dl",)),
    "dt": ("dt", ("dl",)),
    "option": ("option", ("select",)),
}
_IN_HEAD = frozenset(["base", "basefont", "bgsound", "link", "meta", "title", *_RAW])
"""What the head of a page may hold; anything else begins its body, as in a browser, whether the head was closed or not."""
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|bread\w*|crumbs?\w*|foot\w*|side\w*|aside|share\w*|related\w*|recommend\w*|"
    r"copyright\w*|pag(?:er|es|ing|ination)\w*|toolbar|login\w*|search\w*|friend\w*|links?|ads?|advert\w*|"
    r"qr\w*|hot\w*|rank\w*|topbar|top-?nav|wza|float\w*|popup|modal)(?=$|[\s_\d-])",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?(?:area|box|list|wrap\w*)?|cmts?|pinglun|gentie|disqus\w*|sohucs|ds-thread)(?=$|[\s_\d-])",
    re.IGNORECASE,
)


@dataclass
class Node:
    """An element: its parent's index (-1 for the root), and whether it looks itself like something beside the article."""

    name: str
    parent: int
    skipped: bool = False
    hidden: bool = False
    aside: bool = False
    comments: bool = False


@dataclass
class Block:
    """A line of the page: spans of the source, its innermost element, how much of it is links."""

    node: int
    spans: list[tuple[int, int]] = field(default_factory=list)
    linked: int = 0
    heading: bool = False


@dataclass
class Page:
    """What was found: elements, blocks in the order of the source, ``<meta>`` and ``<link>`` fields, the span of ``<title>``."""

    nodes: list[Node] = field(default_factory=lambda: [Node("", -1)])
    blocks: list[Block] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    title: tuple[int, int] | None = None
    data: list[tuple[int, int]] = field(default_factory=list)
    """Spans of embedded JSON-LD."""


def _attributes(tag: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(tag):
        found.setdefault(name.lower(), double or single or bare)
    return found


def _tag_at(source: str, at: int) -> tuple[str | None, int | None]:
    """The name of the tag at a ``<`` (None for a comment or a declaration) and its end (None where there is no tag)."""
    if source.startswith(("<!", "<?"), at):
        close, least = ("-->", 4) if source.startswith("<!--", at) else (">", 1)
        closing = source.find(close, at + least)
        return None, closing + len(close) if closing >= 0 else len(source)
    tag = _TAG.match(source, at)
    if tag is None:
        return None, None
    matched = _TAG_END.match(source, tag.end(), tag.end() + LONGEST_TAG)
    closing = matched.end() if matched else source.find(">", tag.end()) + 1
    return tag.group(2).lower(), closing or len(source)


def _tokens(source: str) -> Iterator[tuple[str, str, int, int]]:
    """(kind, name, start, end): ``text``, ``open``, ``close``, ``raw`` for what stands in script and the like."""
    at, shown = 0, 0
    endless: set[str] = set()
    while (at := source.find("<", at)) >= 0:
        name, end = _tag_at(source, at)
        if end is None:
            at += 1
            continue
        if at > shown:
            yield "text", "", shown, at
        opens = name is not None and source[at + 1] != "/"
        if name:
            yield ("open" if opens else "close"), name, at, end
        empty = source.startswith("/>", end - 2)
        at = shown = end
        if name and opens and not empty and name not in endless and (name in _RAW or name == "title"):
            stop = re.compile(f"</{name}", re.IGNORECASE).search(source, at)
            if stop is None:
                endless.add(name)  # searched for once only, so that the whole stays linear
            inside = stop.start() if stop else (len(source) if name in _RAW else at)
            yield "raw", name, at, inside
            at = shown = inside
    if shown < len(source):
        yield "text", "", shown, len(source)


class _Builder:
    def __init__(self, source: str) -> None:
        self.source = source
        self.page = Page()
        self.stack = [0]
        self.block: Block | None = None
        self.links = self.headings = 0

    def run(self) -> Page:
        script = ""
        for kind, name, start, end in _tokens(self.source):
            if kind == "text":
                self.text(start, end)
            elif kind == "raw":
                if name == "title" and self.page.title is None:
                    self.page.title = (start, end)
                elif name == "script" and "ld+json" in script:
                    self.page.data.append((start, end))
            elif kind == "open":
                tag = self.source[start:end]
                script = tag if name == "script" else ""
                self.open(name, tag)
            else:
                self.close(name)
        return self.page

    def text(self, start: int, end: int) -> None:
        words = self.source[start:end]
        if self.block is None:
            if not words.strip():
                return
            self.block = Block(self.stack[-1], heading=self.headings > 0)
            self.page.blocks.append(self.block)
        self.block.spans.append((start, end))
        if self.links:
            self.block.linked += len(words.strip())

    def open(self, name: str, tag: str) -> None:
        if name not in _INLINE:
            self.block = None
        if name == "meta":
            self.meta(_attributes(tag))
        elif name == "link":
            self.link(_attributes(tag))
        if name not in _IN_HEAD and self.page.nodes[self.stack[-1]].name == "head":
            self.pop(len(self.stack) - 1)
        if name in _VOID or name in _RAW or name == "title" or tag.endswith("/>"):
            return
        if name not in _INLINE and self.page.nodes[self.stack[-1]].name == "p":
            self.pop(len(self.stack) - 1)
        if name in _CLOSES:
            self.close_before(*_CLOSES[name])
        if len(self.stack) > DEEPEST:
            return
        given = _attributes(tag) if len(tag) > len(name) + 2 else {}
        called = f"{given.get('class', '')} {given.get('id', '')}"
        node = Node(
            name,
            self.stack[-1],
            skipped=name in _SKIPPED,
            hidden="hidden" in given or bool(_HIDDEN.search(given.get("style", ""))),
            aside=bool(_ASIDE.search(called)),
            comments=bool(_COMMENTS.search(called)),
        )
        self.page.nodes.append(node)
        self.stack.append(len(self.page.nodes) - 1)
        self.links += name == "a"
        self.headings += name == "h1"

    def close(self, name: str) -> None:
        if name not in _INLINE:
            self.block = None
        for depth in range(len(self.stack) - 1, 0, -1):
            if self.page.nodes[self.stack[depth]].name == name:
                self.pop(depth)
                return

    def close_before(self, name: str, fences: tuple[str, ...]) -> None:
        for depth in range(len(self.stack) - 1, 0, -1):
            here = self.page.nodes[self.stack[depth]].name
            if here in fences:
                return
            if here == name:
                self.pop(depth)
                return

    def pop(self, depth: int) -> None:
        for index in self.stack[depth:]:
            self.links -= self.page.nodes[index].name == "a"
            self.headings -= self.page.nodes[index].name == "h1"
        del self.stack[depth:]

    def meta(self, given: dict[str, str]) -> None:
        name = (given.get("name") or given.get("property") or given.get("itemprop") or "").lower()
        if name and given.get("content", "").strip():
            self.page.fields.setdefault(name, given["content"].strip())

    def link(self, given: dict[str, str]) -> None:
        # Of authors and publishers it gives the address of a page, no name.
        if given.get("rel", "").lower() == "canonical" and given.get("href", "").strip():
            self.page.fields.setdefault("canonical", given["href"].strip())


def parse_page(source: str) -> Page:
    """Elements, blocks and stated fields of a page's source."""
    return _Builder(source).run()
