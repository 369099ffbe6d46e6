"""Plain text: files, standard input, and what was pasted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model.article import Article
from kg.read.clean import Stated, clean_article, content_hash
from kg.read.encoding import decode
from kg.read.source import Options, ReadFailure, Source
from kg.read.tracked import TrackedText
from kg.read.unwrap import unwrap

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
    return _article(text, file, content_hash(text), stated, None, None, ())


def read_plain(source: Source, options: Options) -> Iterator[Article | ReadFailure]:
    """The article of a text file."""
    data = source.read()
    decoded = decode(data, source.file)
    notes = (f"{decoded.broken} places could not be decoded as {decoded.encoding}",) if decoded.broken else ()
    yield _article(decoded.text, source.file, content_hash(data), Stated(), source.where, decoded.encoding, notes)


def _article(
    text: str, file: str, digest: str, stated: Stated, path: str | None, encoding: str | None, notes: tuple[str, ...]
) -> Article:
    page = TrackedText.of(text)
    link = _LINK.search(text[-4000:]) if stated.url is None else None
    if link:
        stated = Stated(stated.title, stated.publisher, stated.author, stated.published, link.group(1))
    return clean_article(
        unwrap(page), file=file, original=text, digest=digest, stated=stated, notes=notes, path=path, encoding=encoding
    )
