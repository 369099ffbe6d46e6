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

        self._archive = archive
        self._texts: dict[str, set[str]] = {}
        """Content hash → hashes of the clean texts: the same bytes as .txt and as .html are two."""
        for article in read_articles(paths, text_column=text_column):
            if isinstance(article, Article):
                digest = text_hash(article.text)
                archive.put_text(digest, article.text)
                self._texts.setdefault(article.content_hash, set()).add(digest)

    def item(self, record: ArticleRecord) -> Item | Failure:
        """The record with its text; alone where its article is not there, a failure where that has another text."""
        texts = self._texts.get(record.content_hash)
        if texts is None:
            return Item(record)
        if record.text_hash not in texts:
            what = "the clean text of its article is not the one that the record was made from"
            return Failure(InputError(what, where=record.file, remedy="extract it anew"), file=record.file)
        return Item(record, self._archive.text(record.text_hash))
