"""Plain text: files, standard input, and what was pasted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kg.model.article import Article
from kg.read.clean import Stated, clean_article, content_hash
from kg.read.repair.encoding import decode
from kg.read.repair.unwrap import unwrap
from kg.read.source import Options, ReadFailure, Source
from kg.read.tracked import TrackedText

__all__ = ["article_from_text", "read_plain"]

_LINK = re.compile(r"(?:原文|文章|本文)?(?:链接|网址|地址|出处)\s*[:：]\s*(https?://[^\s]{4,300})")


def article_from_text(
    text: str,
    *,
    file: str = "text",
    title: str | None = None,
    publisher: str | None = None,
    published: str | None = None,
    url: str | None = None,
) -> Article:
    """The article in a pasted text; what the keywords say fills in what the text does not.

    Raises InputError where the text is empty or far too long.

    >>> article = article_from_text("夜校开班\\n来源：某某日报 2024-05-06\\n某村办起了夜校。")
    >>> article.text, article.publisher, article.published
    ('夜校开班\\n某村办起了夜校。', '某某日报', '2024-05-06')
    """
    stated = Stated(title=title, publisher=publisher, published=published, url=url)
    return _article(text, stated, file=file, digest=content_hash(text))


def read_plain(source: Source, options: Options) -> Iterator[Article | ReadFailure]:
    """The article of a text file."""
    data = source.read()
    decoded = decode(data, source.file)
    notes = (f"{decoded.broken} places could not be decoded as {decoded.encoding}",) if decoded.broken else ()
    yield _article(
        decoded.text,
        Stated(),
        file=source.file,
        digest=content_hash(data),
        notes=notes,
        path=source.where,
        encoding=decoded.encoding,
    )


def _article(text: str, stated: Stated, **known: Any) -> Article:
    page = TrackedText.of(text)
    link = _LINK.search(text[-4000:]) if stated.url is None else None
    if link:
        stated = replace(stated, url=link.group(1))
    return clean_article(unwrap(page), original=text, stated=stated, **known)
