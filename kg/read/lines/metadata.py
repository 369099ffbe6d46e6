"""What an article says of itself in a line: 来源, 发布时间, 作者."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from kg.read.lines.dates import DATE, iso_date
from kg.read.lines.rules import metadata_words

__all__ = [
    "Said",
    "named_alone",
    "names",
    "publisher_name",
    "said_beside_title",
    "said_in",
    "said_in_ending",
    "said_in_opening",
]

LONGEST = 240
"""Characters of a line that can be nothing but metadata."""
_GAP = r"[:：丨|｜]"
_SPEECH = re.compile(r"[？！?!“”]|.{5,}。$")
_BORDER = re.compile(r"[|｜丨]|\s{2,}|[\[\]【】〖〗]")
_CLOCK = re.compile(r"[0-2]?\d\s?[:：]\s?[0-5]\d(?:\s?[:：]\s?[0-5]\d)?")
_SERIAL = re.compile(
    r"^《([^《》]{2,20})》\s*((?:19|20)\d\d)\s*年\s*第\s*(\d{1,3})\s*期(?:\s*[（(]总第\s*\d+\s*期[)）])?(?:\s+[^。]{1,40})?$"
)
_REPORTER = re.compile(r"^(\S{2,20}?)(?:全媒体|融媒体|首席|见习|实习|特约)*(?:记者|通讯员)\s?[:：]?(?=\s|$)")
"""A paper and its reporter: 某某日报全媒体记者 王小明."""
_EDGES = " \t　:：|｜丨/／,，;；·•()（）[]【】〖〗<>《》-—_*※□■●▌◎\"'“”"


@dataclass(frozen=True)
class Said:
    """What one line of metadata says; ``labels`` counts its labelled fields, empty ones included."""

    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    labels: int = 0
    origin: bool = False
    """True where the line has the label of a publisher, with or without a value."""
    drafted: bool = False
    """True where the day is that of writing or of a later change, which counts only where no other is stated."""


@cache
def _label() -> re.Pattern[str]:
    kinds = metadata_words()["labels"]
    words = {word: kind for kind in ("publisher", "published", "author", "ignored") for word in kinds[kind]}
    parts = []
    for kind in ("publisher", "published", "author", "ignored"):
        spaced = [
            " {0,6}".join(w) for w in sorted((w for w, k in words.items() if k == kind), key=lambda w: (-len(w), w))
        ]
        parts.append(f"(?P<{kind}>{'|'.join(spaced)})")
    return re.compile(rf"(?:(?<=^)|(?<=[^\u4e00-\u9fffA-Za-z])|(?<=[日次]))(?:{'|'.join(parts)})\s?{_GAP}\s*")


@cache
def _drafting() -> frozenset[str]:
    return frozenset(metadata_words()["labels"]["drafting"])


def _label_word(label: re.Match[str]) -> str:
    return "".join(label[label.lastgroup or 0].split())


@cache
def _tools() -> frozenset[str]:
    return frozenset(metadata_words()["labels"]["tools"])


def publisher_name(value: str) -> str | None:
    """A stated source as a publisher's name; None where it names nobody."""
    value = re.split(r"\s{2,}|[|｜丨]", value.strip(_EDGES))[0].strip(_EDGES)
    value = _BUTTON.sub("", value)
    if not value or len(value) > 40 or re.search(r"[。！？]|https?:", value):
        return None
    return None if value.lower() in metadata_words()["values"]["nobody"] else value


_BUTTON = re.compile(r"(?:\s+(?:我要)?(?:评论|打印|分享|收藏|纠错|转发|点赞|阅读|浏览|关注|订阅)\S{0,8})+$")
_PAPER = re.compile(r"[\u4e00-\u9fff](?:报|网|台|社|融媒体?|融媒体中心)$")
"""Beside a person's name the paper that the person writes for."""
_SPACED_NAME = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])\s+([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_ROLE = re.compile(
    r"(?:(?:本报|本网|本台|本刊|全媒体|融媒体?|首席|见习|实习|特约|驻站|文字|摄影|新媒体|新华社|人民网)*"
    r"(?:记者|通讯员|特约记者|实习生|撰稿人?|供稿人?|作者|采写|图文|文图|文/图|图/文|图片|摄影|摄像|撰文|执笔|信息员|报道员|文字))\s*[:：丨|｜/／]?"
)


def names(value: str) -> str | None:
    """Persons (or bodies) of an author's line, joined by 、, roles left out; None where it names nobody.

    >>> names("记者 王小明 通讯员 李小红")
    '王小明、李小红'
    """
    plain = _SPACED_NAME.sub(r"\1\2", _ROLE.sub(" ", value))
    parts = re.split(r"[\s、,，;；/／&|｜丨·•]+", plain.strip(_EDGES))
    kept = [part.strip(_EDGES) for part in parts]
    nobody = metadata_words()["values"]["nobody"]
    kept = [
        p
        for p in kept
        if 2 <= len(p) <= 20 and p[0] != "系" and p.lower() not in nobody and not DATE.search(p) and not p.isdigit()
    ]
    kept = [p for p in kept if not _PAPER.search(p)] or kept
    return "、".join(dict.fromkeys(kept)) or None


@lru_cache(maxsize=1024)
def said_in(line: str) -> Said | None:
    """What a line of metadata says; None where the line is anything else.

    A line counts as metadata when labels with their values, dates, times and names of buttons are all there is to it.

    >>> said_in("发布时间：2024-11-20 来源：某某日报 作者：佚名")
    Said(publisher='某某日报', author=None, published='2024-11-20', labels=3, origin=True, drafted=False)
    >>> said_in("2024年，某社区举办了三期培训。") is None
    True
    """
    line = line.strip().removeprefix("原创").strip()  # WeChat's badge before the account's name
    if not line or len(line) > LONGEST or "。" in line[:-1]:
        return None
    if serial := _SERIAL.match(line):
        return _said_of_serial(serial)
    found = list(_label().finditer(line))
    date = next((m for m in DATE.finditer(line) if iso_date(m)), None)
    if len(found) == 1 and found[0].lastgroup == "published" and date is None and line[found[0].end() :].strip(_EDGES):
        return None  # when something is held, in an announcement
    return _said_of_fields(line, found, date) if found or date else None


def _said_of_fields(line: str, found: list[re.Match[str]], date: re.Match[str] | None) -> Said | None:
    values: dict[str, str | None] = {"publisher": None, "author": None, "published": None}
    drafted = False
    rest = line[: found[0].start()] if found else line
    for label, following in zip(found, [*found, None][1:], strict=True):
        field = line[label.end() : following.start() if following else len(line)]
        kind = label.lastgroup or "ignored"
        if kind == "author" and _SPEECH.search(field):
            return None  # a question of an interview, or its answer
        value, more = _field(kind, field)
        early = kind == "published" and value is not None and _label_word(label) in _drafting()
        if kind == "publisher" and value and (paper := _REPORTER.match(value)):
            values["author"] = values["author"] or names(value[paper.end() :])
            value = _paper(paper)
        if kind != "ignored" and (values[kind] is None or (kind == "published" and drafted and value and not early)):
            values[kind] = value
            drafted = early if kind == "published" else drafted
        rest += "  " + more
    left = _left_over(DATE.sub("  ", rest))
    if sum(map(len, left)) > 24 or any(len(token) > 14 for token in left):
        return None
    if date and values["published"] is None:
        values["published"] = iso_date(date)
    origin, clock = any(m["publisher"] for m in found), bool(_CLOCK.search(line))
    if date and not origin:
        values["publisher"] = _unlabelled_publisher(line, left, clock)
        if paper := _REPORTER.match(line):
            values["author"] = values["author"] or names(line[paper.end() : date.start()])
    if left and not found and values["publisher"] is None and not clock:
        return None  # a date with words that are nobody's name: a heading
    return Said(values["publisher"], values["author"], values["published"], len(found), origin, drafted)


def _paper(match: re.Match[str]) -> str | None:
    """The paper that a reporter writes for; 本报 does not say which."""
    return None if match[1].startswith("本") else publisher_name(match[1])


def _field(kind: str, field: str) -> tuple[str | None, str]:
    """The value of a labelled field, and what stands behind it that is not the value."""
    if kind == "published":
        match = DATE.search(field)
        return (iso_date(match) if match else None), (field[match.end() :] if match else field)
    date = DATE.search(field)
    value = field[: date.start()] if date else field
    more = field[date.end() :] if date else ""
    if kind == "author":
        return names(_BORDER.split(value.strip())[0]), more
    if kind == "publisher":
        head, *tail = _BORDER.split(value.strip(), maxsplit=1)
        if len(head) > 40:
            return None, field
        return publisher_name(head), " ".join(tail) + "  " + more
    return None, ("" if len(value) <= 40 else value) + more


def _left_over(rest: str) -> list[str]:
    rest = _CLOCK.sub(" ", rest)
    rest = re.sub(r"第\s?[\dA-Z一二三四五六七八九十]{1,3}\s?版(?:\s?[:：]\s?\S{0,10})?", " ", rest)
    tokens = (token.strip(_EDGES) for token in re.split(r"[\s|｜丨\[\]【】()（）]+", rest))
    return [token for token in tokens if token and not token.isdigit() and token not in _tools()]


def _said_of_serial(match: re.Match[str]) -> Said:
    """A journal's line: 《某刊》2024年第9期. The issue of a monthly is its month."""
    number = int(match.group(3))
    published = f"{match.group(2)}-{number:02}" if 1 <= number <= 12 else None
    author = re.search(r"(?:作者|撰文|执笔)\s?[:：]\s*(.{2,20})$", match.group())
    return Said(match.group(1), names(author.group(1)) if author else None, published, 1, True)


def _unlabelled_publisher(line: str, left: list[str], clock: bool) -> str | None:
    """A publisher's name that stands without a label beside the date."""
    if reporter := _REPORTER.match(line):
        return reporter.group(1) if _is_publisher(reporter.group(1)) else None
    if found := next((token for token in left if _is_publisher(token)), None):
        return found
    # One name right before a date with an hour, as portals write it; persons' names are shorter.
    if (
        clock
        and left
        and line.startswith(left[0])
        and 4 <= len(left[0]) <= 12
        and DATE.match(line[len(left[0]) :].strip())
    ):
        return left[0]
    return None


def _is_publisher(token: str) -> bool:
    return 3 <= len(token) <= 20 and token.endswith(tuple(metadata_words()["values"]["publisher_endings"]))


_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z·]{4,16}")
_NAMED_PAGE = re.compile(r"第\s?[\dA-Z一二三四五六七八九十]{1,3}\s?版\s?[:：·]\s?\S{0,10}")
_HEAD_LINE = 60
_HEAD_NAME = 20
"""Characters of a name in the head of an article, at most."""


@cache
def _no_names() -> tuple[frozenset[str], tuple[str, ...]]:
    """Words that are no publisher's name although they stand beside a date: labels without a colon; and their endings."""
    words = metadata_words()
    labels = [label for kind in ("publisher", "published", "author", "ignored") for label in words["labels"][kind]]
    return frozenset((*labels, *words["values"]["nobody"])), tuple(words["labels"]["published"])


@lru_cache(maxsize=1024)
def said_beside_title(line: str) -> Said | None:
    """What a line of one name and one date says where it stands right above or below the title; elsewhere it is a heading.

    A name has four characters or more (persons' names are shorter), as in ``_unlabelled_publisher``.

    >>> said_beside_title("湘江纪事　2023-08-11")
    Said(publisher='湘江纪事', author=None, published='2023-08-11', labels=0, origin=False, drafted=False)
    >>> said_beside_title("发布时间 2023-08-11") is said_beside_title("王小明 2023-08-11") is None
    True
    """
    dates = [match for match in DATE.finditer(line) if iso_date(match)]
    if len(line) > _HEAD_LINE or len(dates) != 1 or _label().search(line):
        return None
    # 第二版·镇村新闻 names a page of the paper, not the paper.
    left = _left_over(_NAMED_PAGE.sub("  ", DATE.sub("  ", line)))
    if len(left) != 1:
        return None
    values = metadata_words()["values"]
    name = next((left[0].removesuffix(end) for end in values["report_endings"] if left[0].endswith(end)), left[0])
    refused, endings = _no_names()
    if not (_is_publisher(name) or _NAME.fullmatch(name)) or name.lower() in refused or name.endswith(endings):
        return None
    sender = name.endswith(tuple(values["contributor_endings"]))
    return Said(None if sender else name, None, iso_date(dates[0]))


_ORIGINAL = re.compile(r"^原创\s+")
"""WeChat's badge before the author's and the account's name."""
_SHORTEST_TITLE = 5


def named_alone(line: str) -> Said | None:
    """What a line says that holds nothing but names, right under a longer line: an account's, a paper's, a person's.

    >>> [(said.publisher, said.author) for said in map(named_alone, ("云溪发布", "原创 小编 云溪发布", "王小明"))]
    [('云溪发布', None), ('云溪发布', '小编'), (None, '王小明')]
    >>> named_alone("居民家门口学手艺") is None
    True
    """
    badge = _ORIGINAL.match(line)
    *others, last = (line[badge.end() :] if badge else line).split() or [line]
    if badge and all(len(each) <= _HEAD_NAME for each in (*others, last)):
        return Said(last, "、".join(others) or None)
    if _is_person(last):
        return Said(None, last)
    if others:
        return None
    return Said(last) if len(last) < _SHORTEST_TITLE or _is_publisher(last) else None


def _is_person(name: str) -> bool:
    return bool(re.fullmatch(r"[\u4e00-\u9fff·]{2,3}", name)) and name[0] in metadata_words()["values"]["surnames"]


_OPENING = re.compile(r"[（(]((?:[^（）()]{0,8})(?:记者|通讯员)[^（）()]{2,40})[)）]")


def said_in_opening(paragraph: str) -> str | None:
    """Authors named in the brackets of a dateline: 本报某地讯（记者…）, which stays in the text."""
    match = _OPENING.search(paragraph[:90])
    return names(match.group(1)) if match and re.search(r"讯|电|报道|消息", paragraph[: match.end() + 4]) else None


_ENDING = re.compile(r"(?<=[。！？”』」…])\s*[（(]([^（）()]{1,60})[)）]\s*$")
_ENDING_ROLE = re.compile(
    r"^(?:本报|本网|全媒体|融媒体|首席|见习|通讯)*(?:记者|通讯员|撰稿人?|供稿(?:人|单位)?|作者|撰文|采写"
    r"|文/?图|图/?文|文|图片?|来源|编辑|责任编辑|责编|审核|整理|执笔)\s*[:：/丨|｜ ]"
    r"|^(?:本报|本网|通讯)*(?:记者|通讯员|撰稿|供稿)"
    r"|^[\u4e00-\u9fff]{2,12}(?:记者|通讯员)[ :：]"
    r"|^作者(?:系|为|单位|简介)"
)
_END_MARK = frozenset({"完", "略", "图略", "有删节", "有删改", "完)", "来源：网络"})


def said_in_ending(paragraph: str) -> tuple[int, str | None] | None:
    """Brackets behind the last sentence that name an author or editor: (where they begin, the author or None)."""
    match = _ENDING.search(paragraph, max(0, len(paragraph) - 70))
    if not match:
        return None
    words = match.group(1).strip()
    if words in _END_MARK:
        return match.start(), None
    if _ENDING_ROLE.match(words):
        editor = re.match(r"编辑|责任编辑|责编|审核|来源|图|作者(?:系|为|单位|简介)", words)
        return match.start(), None if editor else names(words.partition("：")[2] or words.partition(":")[2] or words)
    surnames = metadata_words()["values"]["surnames"]
    persons = re.split(r"[\s、]+", words)
    if all(re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", p) and p[0] in surnames for p in persons):
        return match.start(), names(" ".join(persons))
    return None
