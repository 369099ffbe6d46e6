"""From the lines of a page to an article: which are its title and body, and what the others say of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kg.read.lines.metadata import (
    Said,
    named_alone,
    names,
    publisher_name,
    said_beside_title,
    said_in,
    said_in_ending,
    said_in_opening,
)
from kg.read.lines.rules import LONGEST_LINE, furniture_of

__all__ = ["Arrangement", "Line", "arrange"]


@dataclass(frozen=True)
class Line:
    """One line (or block of a page): where it stands in the text that is being cleaned, blanks at its ends left out."""

    text: str
    start: int
    end: int
    gap: bool = False
    """Whether an empty line stands before it."""
    heading: bool = False
    """Whether the page marks it as the heading of the article (``h1``)."""


@dataclass
class Arrangement:
    """Lines of the title (joined by ``joints``) and of the body, and the metadata that the others state."""

    title: list[Line] = field(default_factory=list)
    joints: list[str] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    dropped: int = 0
    names: set[int] = field(default_factory=set)
    """Numbers of the lines between title and metadata that are but a name."""


HEAD = 40
"""Lines among which the head of an article is looked for."""
LONGEST_TITLE = 80
_LABEL = re.compile(r"(?:(?:新闻|文章)?标题|题目|(?:信息|文件)?名\s{0,6}称|正文)\s?[：:]\s?(?=\S)")
"""What a form says before the title and before the text."""
_FULL_STOP = re.compile(r"[。；]")
_DASH = re.compile(r"^\s*(?:[—―─－–-]{2,}|[—―─])\s*")
_ENUMERATOR = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.、．]|[•●◆■▲*·])"
)
_SPEAKER = re.compile(r"^(?:(?:受访|采访|访谈|对话|讲述|主持)(?:人|者|嘉宾|对象)|嘉宾)\s?[：:]")
"""Who speaks in an interview; never its title."""
_DOCUMENT = re.compile(r"^关于[^。]{4,76}的?(?:通知|通报|通告|公告|意见|决定|方案|办法|报告|函|批复|细则|规定)$")
_SITE = re.compile(r"(?:网|频道|栏目|要闻|动态|新闻|首页|正文|门户|官网|日报|晚报)$")
_SENTENCE_END = re.compile(r"[。！？；…]")


def _is_sentence(text: str) -> bool:
    """Whether a line holds running text: a full stop, or a comma in a long line."""
    return (
        bool(_FULL_STOP.search(text))
        or len(text) >= 60
        or (len(text) >= 30 and bool(re.search(r"[，,：:]", text[:-1])))
    )


@dataclass(frozen=True)
class _Judged:
    """A line with what it was found to be: ``kind`` is a furniture kind, ``meta``, ``text`` or ``short``."""

    line: Line
    kinds: dict[str, str]
    """Furniture kind → where it applies."""
    said: Said | None
    sentence: bool


def _judge(line: Line) -> _Judged:
    rules = furniture_of(line.text) if len(line.text) <= LONGEST_LINE else ()
    kinds: dict[str, str] = {}
    for rule in rules:
        if kinds.get(rule.kind) != "any":
            kinds[rule.kind] = rule.where
    return _Judged(line, kinds, said_in(line.text), _is_sentence(line.text))


def arrange(lines: Sequence[Line]) -> Arrangement:
    """Sort the lines of one page; the order of the page is kept, and running text is dropped only as a notice.

    The title stands right above the line of metadata, where there is one among the first lines; else it is the first
    line that can be one. Nothing can be a title that is running text, and an article without one has none.
    """
    judged: list[_Judged] = []
    begun = False
    for line in lines:
        judged.append(_judge(line if begun else _unlabelled(line)))
        begun = begun or len(judged) >= HEAD or (judged[-1].sentence and judged[-1].said is None)
    result = Arrangement()
    body_at = _first_of_body(judged)
    title_at = _title(judged, body_at, result)
    title_at = _without_issuer(judged, title_at, result)
    last = _last_of_body(judged, body_at)
    _take_metadata(judged, body_at, last, _beside(judged, title_at, body_at), result)
    title_text = "".join(line.text for line in result.title)
    previous = ""
    for i, row in enumerate(judged):
        if i in title_at:
            continue
        if (
            i not in result.names
            and _is_kept(row, i, body_at, last, title_at)
            and row.line.text not in (title_text, previous)
        ):
            result.body.append(row.line)
        else:
            result.dropped += 1
        previous = row.line.text if not row.sentence else ""
    _trim_ending(result)
    return result


def _unlabelled(line: Line) -> Line:
    label = _LABEL.match(line.text)
    return replace(line, text=line.text[label.end() :], start=line.start + label.end()) if label else line


def _first_of_body(judged: list[_Judged]) -> int:
    """The first line of running text (the number of lines where there is none)."""
    for i, row in enumerate(judged):
        if row.said or any(where in ("any", "head") for where in row.kinds.values()):
            continue
        if not row.sentence:
            continue
        if (
            len(row.line.text) <= LONGEST_TITLE
            and not _FULL_STOP.search(row.line.text)
            and _leads_to_metadata(judged, i)
        ):
            continue  # a long headline
        return i
    return len(judged)


def _leads_to_metadata(judged: list[_Judged], i: int) -> bool:
    """Whether a line of metadata follows within two lines, or, for the very first line, the running text itself."""
    following = judged[i + 1 : i + 3]
    if any(row.said for row in following):
        return True
    return i == 0 and bool(following) and len(following[0].line.text) > 2 * len(judged[0].line.text)


def _can_be_title(row: _Judged) -> bool:
    text = row.line.text
    return (
        row.said is None
        and not row.kinds
        and 2 <= len(text) <= LONGEST_TITLE
        and not _FULL_STOP.search(text)
        and text[-1] not in "，,：:、"
        and not _ENUMERATOR.match(text)
        and not _SPEAKER.match(text)
    )


def _title(judged: list[_Judged], body_at: int, result: Arrangement) -> set[int]:
    """Find the lines of the title, put them into the result, and give their indices."""
    head = range(min(body_at, HEAD, len(judged)))
    marked = [i for i in head if judged[i].line.heading and 2 <= len(judged[i].line.text) <= 2 * LONGEST_TITLE]
    possible = [i for i in head if _can_be_title(judged[i])]
    # Publisher and date right above or below a line that can be a title are none.
    beside = {i for i in possible if {i - 1, i + 1} & {*possible} and said_beside_title(judged[i].line.text)}
    possible = [i for i in possible if i not in beside]
    if body_at == len(judged) and len(possible) == len(judged) and len(judged) == 1:
        possible = []  # a single short line is text, not a title of nothing
    metas = [i for i in head if judged[i].said]
    if marked:
        at = marked[0]
    elif metas and any(i < metas[0] for i in possible):
        at = _above_names(judged, [i for i in possible if i < metas[0]], result)
        possible = [i for i in possible if i <= at]
        if _DASH.match(judged[at].line.text) and any(i < at for i in possible):
            at = max(i for i in possible if i < at)
        at = _topmost(judged, possible, at)
    elif possible:
        at = next((i for i in possible if len(judged[i].line.text) >= 5), possible[0])
    else:
        return set()
    chosen = [at]
    while (
        at + 1 < min(body_at, len(judged))
        and not judged[at + 1].kinds
        and judged[at + 1].said is None
        and (
            _DASH.match(judged[at + 1].line.text)
            or (at + 1 in possible and any(at + 1 < m for m in metas) and not marked)
        )
    ):
        at += 1
        chosen.append(at)
    result.title = [judged[i].line for i in chosen]
    result.joints = ["" if _DASH.match(line.text) else " " for line in result.title[1:]]
    return set(chosen)


def _above_names(judged: list[_Judged], possible: list[int], result: Arrangement) -> int:
    """The last of the lines that can be a title: the one above it, where it is but the name of an account or a person."""
    for above, at in zip(reversed(possible[:-1]), reversed(possible), strict=False):
        words = judged[at].line.text
        shorter = len(words) < len(judged[above].line.text) and not _DASH.match(words)
        said = named_alone(words) if shorter or words.startswith("原创") else None
        if said is None:
            return at
        result.names.add(at)
        result.publisher = result.publisher or said.publisher
        result.author = result.author or said.author
    return possible[0]


def _topmost(judged: list[_Judged], possible: list[int], at: int) -> int:
    """The first line of a title that a page broke in two: nothing between them, and both long enough."""
    while (
        at - 1 in possible
        and not judged[at].line.gap
        and len(judged[at - 1].line.text) >= 8
        and len(judged[at].line.text) >= 5
        and len(judged[at].line.text) + len(judged[at - 1].line.text) <= 70
        and not _SITE.search(judged[at - 1].line.text)
        and not _DASH.match(judged[at].line.text)
    ):
        at -= 1
    return at


def _without_issuer(judged: list[_Judged], title_at: set[int], result: Arrangement) -> set[int]:
    """An official document's title begins with 关于; the office that stands above it issued it."""
    if not title_at or _DOCUMENT.match(result.title[0].text):
        return title_at
    at = min(title_at)
    following = next((i for i in (at + 1, at + 2) if i < len(judged) and _DOCUMENT.match(judged[i].line.text)), None)
    if following is None:
        return title_at
    result.publisher = publisher_name(judged[at].line.text)
    result.title, result.joints = [judged[following].line], []
    return {following}


def _last_of_body(judged: list[_Judged], body_at: int) -> int:
    """The index behind the article's last line: at what leads to something else, or the editor's line."""
    texts = [len(row.line.text) if row.sentence and row.said is None and not row.kinds else 0 for row in judged]
    total = sum(texts)
    before = sum(texts[: body_at + 1])
    for i in range(body_at + 1, len(judged)):
        row, behind = judged[i], total - before
        if "stop" in row.kinds and behind <= max(600, before // 2):
            return i
        if "end" in row.kinds and behind <= max(60, before // 20):
            return i
        before += texts[i]
    return len(judged)


def _is_kept(row: _Judged, i: int, body_at: int, last: int, title_at: set[int]) -> bool:
    if i >= last:
        return False
    if i < body_at:
        above = bool(title_at) and i < min(title_at)
        return not above and row.said is None and not any(w in ("any", "head") for w in row.kinds.values())
    if row.kinds.keys() & {"menu", "tool", "credit", "caption"} and (not row.sentence or "caption" in row.kinds):
        return False
    tail = row.kinds.keys() & {"notice", "end", "stop"}
    if tail and i > (body_at + last) // 2 and (not row.sentence or "notice" in tail):
        return False
    return row.said is None or _is_kept_though_dated(row, row.said, i, last)


def _is_kept_though_dated(row: _Judged, said: Said, i: int, last: int) -> bool:
    """Whether a line that could be metadata is the article's own: a heading of a chronicle, an hour of an event."""
    if said.labels == 0:  # a date alone: a signature at the end, else a heading
        return i < last - 3 or len(row.line.text) > 30
    return not (said.origin or said.labels >= 2 or i >= last - 2)


def _beside(judged: list[_Judged], title_at: set[int], body_at: int) -> list[Said]:
    """What a line right below or above the title says that is none of metadata anywhere else."""
    if not title_at:
        return []
    rows = [judged[i] for i in (max(title_at) + 1, min(title_at) - 1) if 0 <= i < min(body_at, len(judged))]
    return [said for row in rows if not row.kinds and (said := said_beside_title(row.line.text))]


def _take_metadata(judged: list[_Judged], body_at: int, last: int, beside: list[Said], result: Arrangement) -> None:
    """Metadata from the lines of the head first, then from those of the tail; labelled before unlabelled.

    What stands beside the title counts as of the head, and stays in the text where it stood before: a name and a date could
    be a heading too.
    """
    head = judged[: min(body_at, HEAD)]
    tail = judged[max(body_at, min(last, len(judged)) - 6) : last + 12]
    running = max((i for i, row in enumerate(judged[:last]) if row.sentence and row.said is None), default=0)
    signed = {id(row) for row in judged[running:]}  # a date alone is a signature only behind the running text
    for rows in (head, tail):
        said = [row.said for row in rows if row.said and (rows is head or row.said.labels or id(row) in signed)]
        if rows is head:
            said += beside
        said.sort(key=lambda s: s.labels == 0)  # stable: labelled lines first
        for one in said:
            result.publisher = result.publisher or one.publisher
            result.author = result.author or one.author
        for one in sorted(said, key=lambda s: s.drafted):  # stable
            result.published = result.published or one.published
    for row in (*head, *tail):
        if result.author is None and "credit" in row.kinds and not row.sentence:
            result.author = names(row.line.text)


def _trim_ending(result: Arrangement) -> None:
    """Take the author's brackets off the last paragraph; look for authors in the dateline too."""
    if not result.body:
        return
    if result.author is None:
        result.author = next((a for line in result.body[:2] if (a := said_in_opening(line.text))), None)
    last = result.body[-1]
    if ending := said_in_ending(last.text):
        at, author = ending
        result.author = result.author or author
        result.body[-1] = Line(last.text[:at], last.start, last.start + at, last.gap, last.heading)
