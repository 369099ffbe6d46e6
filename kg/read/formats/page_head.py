"""What a web page says of its article outside of the text: in its head, in its scripts, in its own address."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from kg.read.clean import Stated
from kg.read.formats.day_numbers import as_day
from kg.read.formats.markup import Page
from kg.read.lines.rules import metadata_words

__all__ = ["is_site_name", "stated_by", "without_site"]

_SITE_PART = re.compile(r"\s*(?:_|\s[-–|｜]\s|--+|\||｜|-(?=[^-]{2,20}$))\s*")
_COLUMN = re.compile(r"(\S{2,8})\s*[|｜]\s*([^|｜_]{12,})(?=$|[_|｜]|--)")
"""A column and the headline in it: 青禾故事 | 把课堂搬进小院."""
_SITE_NAME = re.compile(
    r"^\S{2,10}(?:新闻网|政府网|门户网站?|网站|官网|门户|首页|频道|[日晚晨早]报|数字报|电子报|人民政府|电视台|融媒体中心)$"
)
"""A title that is nothing but this names the site, not the article."""
_SECTION = re.compile(r"^\S{1,6}(?:动态|新闻|要闻|公开|公告|频道|栏目|中心|首页)$")
_SECTION_ALONE = re.compile(
    r"^(?:\S{0,4}(?:动态|要闻|频道|专栏|栏目|首页)|新闻中心|新闻|通知公告|公示公告|信息公开|政务公开|正文|详情|详情页|内容页|文章页)$"
)
"""What stands before the site's name where the page does not name its article."""
_LINKED_DATA = 50_000
"""Characters of one piece of JSON-LD that are read."""
_FIELD = re.compile(r'"(headline|datePublished|pubDate)"\s*:\s*"([^"\\]{2,200})"')
"""What can be read even of JSON-LD that is none, as where a line break stands within a string."""
_ACCOUNT = re.compile(r"""<a\b[^<>]*\bid=["']?js_name\b[^<>]*>\s*([^<>]{2,40}?)\s*</a>""")
_MESSENGER = "rich_media"
"""Stands in every page of WeChat."""
_SENT_DAY = re.compile(r"""\b(?:createTime|publish_time)\s*=\s*["'](20\d\d-\d\d-\d\d)""")
_SENT = re.compile(r"""\b(?:createTime|publish_time|oriCreateTime|ct)\s*=\s*["'](20\d\d-\d\d-\d\d|1\d{9}(?=["']))""")
"""The page itself may say 昨天, as it was when the page was saved."""
_CHINESE = re.compile("[\u4e00-\u9fff]")
_PAGE = re.compile(r"https?://", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|ico)(?:[?#]|$)", re.IGNORECASE)
"""The address of a logo, which microdata calls url as well."""
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s<>]{4,2000}?)\s*-->")
"""What browsers write into a page that they save."""


def stated_by(text: str, page: Page, title: str | None) -> Stated:
    """Title, publisher, author, day and address as the page's source states them; ``title`` is what ``<title>`` says.

    ``<meta>`` comes before JSON-LD, and this before what only scripts of WeChat hold.
    """
    linked = _linked(text, page)

    def field(kind: str) -> str | None:
        found = (page.fields.get(name) for name in metadata_words()["page"][kind])
        return next((html.unescape(value) for value in found if value), None)

    headline = field("title") or linked.get("headline") or (html.unescape(title) if title else None)
    saved = _SAVED_FROM.search(text[:4096])
    addresses = (page.fields.get(name) for name in metadata_words()["page"]["url"])
    stated = (html.unescape(url) for url in (*addresses, saved and saved[1]) if url)
    return Stated(
        title=(without_site(headline) or None) if headline else None,
        publisher=_account(text) or field("publisher") or linked.get("publisher"),
        author=_writer(field("author") or linked.get("author"), text, page, title),
        published=field("published") or linked.get("datePublished") or linked.get("pubDate") or _sent(text),
        url=next((url for url in stated if _PAGE.match(url) and not _PICTURE.search(url)), None),
    )


def without_site(title: str) -> str:
    """A page's title without the name of its site behind or before it; empty where it names nothing but the site.

    >>> without_site("把课堂搬进小院_某某新闻网"), without_site("夜校_网"), without_site("某某日报数字报")
    ('把课堂搬进小院', '夜校_网', '')
    >>> without_site("青禾故事 | 把课堂搬进小院，乡亲门口学手艺_某某网"), without_site("新闻动态--某某学会官网")
    ('青禾故事 | 把课堂搬进小院，乡亲门口学手艺', '')
    >>> without_site("某某日报-把课堂搬进小院"), without_site("某某县人民政府 部门动态 把课堂搬进小院")
    ('把课堂搬进小院', '把课堂搬进小院')
    """
    column = _COLUMN.match(title.strip())
    if column and not any(map(is_site_name, column.groups())):
        return column[0].strip()
    parts = [part.strip() for part in _SITE_PART.split(title.strip())]
    if _SITE_NAME.match(parts[0]) or (len(parts) > 1 and _SECTION_ALONE.match(parts[0])):
        return next((part for part in parts[1:] if part and not (_SITE_NAME.match(part) or _SECTION.match(part))), "")
    words = parts[0].split()
    if len(words) > 1 and _SITE_NAME.match(words[0]):
        begin = next((i for i, word in enumerate(words) if i and not _SECTION.match(word)), 0)
        return " ".join(words[begin:])
    return parts[0] if len(parts[0]) >= 4 else title.strip()


def is_site_name(words: str) -> bool:
    """Whether a line names a site or a section of it, and no article."""
    return bool(_SITE_NAME.match(words) or _SECTION.match(words))


def _linked(text: str, page: Page) -> dict[str, str]:
    """Fields of the page's JSON-LD, the first of each; of organisations and persons the name."""
    found: dict[str, str] = {}
    for start, end in page.data[:4]:
        source = text[start : min(end, start + _LINKED_DATA)]
        try:
            things = list(_things(json.loads(source, strict=False)))
        except (ValueError, RecursionError):
            things = [dict(_FIELD.findall(source))]
        for thing in things:
            if not ("headline" in thing or "datePublished" in thing or "pubDate" in thing):
                continue  # the site itself, or the way to the page
            for name in ("headline", "datePublished", "pubDate", "publisher", "author"):
                if value := _name(thing.get(name)):
                    found.setdefault(name, html.unescape(value))
    return found


def _things(data: Any) -> Iterator[dict[str, Any]]:
    rows = data if isinstance(data, list) else [data]
    for row in rows:
        if isinstance(row, dict):
            yield row
            yield from _things(row.get("@graph", []))


def _name(value: Any) -> str | None:
    if isinstance(value, list):
        return "、".join(filter(None, map(_name, value))) or None
    if isinstance(value, dict):
        value = value.get("name")
    return value.strip() or None if isinstance(value, str) else None


def _account(text: str) -> str | None:
    """The name of the account that a page saved from WeChat was sent by."""
    found = _ACCOUNT.search(text)
    return html.unescape(found[1]) if found else None


def _sent(text: str) -> str | None:
    """The day that a page saved from WeChat was sent, which only its scripts hold."""
    found = (_SENT if _MESSENGER in text else _SENT_DAY).search(text)
    return as_day(found[1]) if found else None


def _writer(stated: str | None, text: str, page: Page, title: str | None) -> str | None:
    """The author whom the head states; None where it is the site, the maker of its software, or a form not filled in."""
    if stated is None or "@" in stated or stated.lower() in metadata_words()["page"]["makers"]:
        return None
    if _MESSENGER not in text and not _CHINESE.search(stated):
        return None  # Latin names are those of programs and administrators, except on WeChat
    shown = text[slice(*page.title)] if page.title else ""
    site = shown.replace(title, "") if title else shown
    return None if any(stated in name for name in (site, page.fields.get("og:site_name", ""))) else stated
