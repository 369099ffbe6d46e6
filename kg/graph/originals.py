"""Records that come alone, and their articles: the clean text from which sentences are taken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kg.errors import InputError
from kg.graph.intake import Failure, Item
from kg.graph.store.archive import Archive
from kg.model import Article, ArticleRecord, text_hash

__all__ = ["Originals"]


class Originals:
    """Articles read anew; their texts wait in the archive, since they may not fit into memory.

    What no record wants is pruned with the build.
    """

    def __init__(self, paths: Sequence[str | Path], archive: Archive, text_column: str | None = None) -> None:
        from kg.read import read_articles
        from kg.read.names import absolute

        self._archive, self._column = archive, text_column
        self._paths: dict[str, dict[str, str | None]] = {}
        """Content hash → hash of the clean text → where it was read: the same bytes as .txt and as .html are two texts."""
        for article in read_articles(paths, text_column=text_column):
            if isinstance(article, Article):
                digest = text_hash(article.text)
                archive.put_text(digest, article.text)
                path = absolute(article.path) if article.path else None
                self._paths.setdefault(article.content_hash, {}).setdefault(digest, path)

    def item(self, record: ArticleRecord) -> Item | Failure:
        """The record with its text and file; alone where its article is not there, a failure where that has another text."""
        paths = self._paths.get(record.content_hash)
        if paths is None:
            return Item(record)
        if record.text_hash not in paths:
            what = "the clean text of its article is not the one that the record was made from"
            return Failure(InputError(what, where=record.file, remedy="extract it anew"), file=record.file)
        text, path = self._archive.text(record.text_hash), paths[record.text_hash]
        return Item(record, text, path, column=self._column)
