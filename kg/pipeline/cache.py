"""Where records and texts wait until all articles are read, and are kept between runs."""

from __future__ import annotations

import zlib
from typing import Protocol

from kg.model import ArticleRecord

__all__ = ["Cache", "Memory"]


class Cache(Protocol):
    """Extraction results by key and texts by hash (``kg.graph.store.archive.Archive`` is one)."""

    def has_extracted(self, key: str) -> bool: ...
    def extracted(self, key: str) -> ArticleRecord | None: ...
    def put_extracted(self, key: str, record: ArticleRecord | str) -> None:
        """Keep a record, or the JSON of one (``ArticleRecord.to_json``)."""

    def text(self, digest: str) -> str | None: ...
    def put_text(self, digest: str, text: str) -> None: ...
    def commit(self) -> None: ...


class Memory:
    """A cache that forgets with the run."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._records: dict[str, bytes] = {}

    def has_extracted(self, key: str) -> bool:
        return key in self._records

    def extracted(self, key: str) -> ArticleRecord | None:
        packed = self._records.get(key)
        return None if packed is None else ArticleRecord.model_validate_json(zlib.decompress(packed))

    def put_extracted(self, key: str, record: ArticleRecord | str) -> None:
        # Packed it takes a fiftieth of what its objects take.
        plain = record if isinstance(record, str) else record.to_json()
        self._records[key] = zlib.compress(plain.encode("utf-8"), 1)

    def text(self, digest: str) -> str | None:
        return self._texts.get(digest)

    def put_text(self, digest: str, text: str) -> None:
        self._texts[digest] = text

    def commit(self) -> None:
        pass
