"""The archive of a store: texts, records and extraction results by hash, so that nothing is done twice."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from kg.errors import StoreError
from kg.graph.store.disk_errors import storage_errors
from kg.graph.store.manifest import Entry
from kg.model import ArticleRecord

__all__ = ["Archive", "record_hash"]

_TABLES = """
CREATE TABLE IF NOT EXISTS text (hash TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS record (hash TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS extracted (key TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
"""

_ANEW = "build the store again from all its articles"


def record_hash(record: ArticleRecord) -> str:
    """SHA-256 of the record's JSON."""
    return hashlib.sha256(record.to_json().encode("utf-8")).hexdigest()


class Archive:
    """Opened for a build (``write=True``) or for reading.

    Entries are named by their hash and never change, so that a reader is not troubled by a build beside it. What a
    killed build had extracted stays: ``commit`` is called every few articles.
    """

    def __init__(self, path: Path, *, write: bool = False) -> None:
        self._path, self._doing = path, "written" if write else "read"
        with self._errors():
            if write:
                self._db = sqlite3.connect(path, timeout=30)
                self._db.executescript(_TABLES)
            else:
                # Not mode=ro: a reader must be able to roll back what a killed build left (SQLite opens a file that
                # cannot be written read-only by itself).
                if not path.exists():
                    raise StoreError("the archive of the store is missing", where=str(path), remedy=_ANEW)
                self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was not committed is gone."""
        self._db.close()

    def commit(self) -> None:
        """Make all that was put in lasting."""
        with storage_errors(self._path):
            self._db.commit()

    def put_text(self, digest: str, text: str) -> None:
        """Keep a clean text under its SHA-256."""
        self._put("text", digest, text)

    def text(self, digest: str) -> str | None:
        """The clean text of this hash; None where it is not kept."""
        body = self._get("SELECT body FROM text WHERE hash = ?", digest)
        return None if body is None else self._unpacked(body)

    def put_record(self, record: ArticleRecord | str) -> str:
        """Keep a record, or the JSON of one; returns its hash."""
        plain = record if isinstance(record, str) else record.to_json()
        digest = hashlib.sha256(plain.encode("utf-8")).hexdigest()
        self._put("record", digest, plain)
        return digest

    def record(self, digest: str) -> ArticleRecord | None:
        """The record of this hash; None where it is not kept."""
        body = self._get("SELECT body FROM record WHERE hash = ?", digest)
        if body is None:
            return None
        try:
            return ArticleRecord.model_validate_json(self._unpacked(body))
        except ValidationError as error:
            raise self._damaged("a record cannot be read") from error

    def holds(self, entry: Entry) -> bool:
        """Whether the record of an article and its clean text are kept, where it has one."""
        rows = [("record", entry.record), *([("text", entry.text)] if entry.text else [])]
        return all(self._has(table, digest) for table, digest in rows)

    def put_extracted(self, key: str, record: ArticleRecord | str) -> None:
        """Keep what extraction made of an article, or the JSON of it; ``key`` tells article and configuration."""
        digest = self.put_record(record)
        with storage_errors(self._path):
            self._db.execute("INSERT OR REPLACE INTO extracted VALUES (?, ?)", (key, digest))

    def extracted(self, key: str) -> ArticleRecord | None:
        """What extraction made of an article under this configuration; None where it has not been there yet."""
        digest = self._get("SELECT record FROM extracted WHERE key = ?", key)
        return None if digest is None else self.record(str(digest))

    def record_and_text(self, entry: Entry) -> tuple[ArticleRecord, str | None]:
        """The record of an article and its clean text, where that is kept. Raises StoreError where there is no record."""
        record = self.record(entry.record)
        if record is None:
            raise StoreError("the record of an article is missing", where=entry.file, remedy="build the store anew")
        return record, self.text(entry.text) if entry.text else None

    def has_extracted(self, key: str) -> bool:
        """Whether ``extracted`` would give something."""
        query = "SELECT 1 FROM extracted JOIN record ON record.hash = extracted.record WHERE key = ?"
        return self._get(query, key) is not None

    def prune(self, keys: Collection[str], records: Collection[str], texts: Collection[str]) -> None:
        """Remove all but these extraction results, records and texts."""
        kept = {"record": set(records), "text": set(texts)}
        with storage_errors(self._path), self._db:
            for key, digest in self._db.execute("SELECT key, record FROM extracted").fetchall():
                if key in keys:
                    kept["record"].add(digest)
                else:
                    self._db.execute("DELETE FROM extracted WHERE key = ?", (key,))
            for table, hashes in kept.items():
                for (digest,) in self._db.execute(f"SELECT hash FROM {table}").fetchall():
                    if digest not in hashes:
                        self._db.execute(f"DELETE FROM {table} WHERE hash = ?", (digest,))

    def _put(self, table: str, digest: str, plain: str) -> None:
        if self._has(table, digest):
            return  # looking is cheaper than packing
        body = zlib.compress(plain.encode("utf-8"), 6)
        with storage_errors(self._path):
            self._db.execute(f"INSERT OR IGNORE INTO {table} VALUES (?, ?)", (digest, body))

    def _has(self, table: str, digest: str) -> bool:
        return self._get(f"SELECT 1 FROM {table} WHERE hash = ?", digest) is not None

    def _unpacked(self, body: bytes) -> str:
        try:
            return zlib.decompress(body).decode("utf-8")
        except (zlib.error, UnicodeDecodeError, TypeError) as error:
            raise self._damaged(str(error)) from error

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """As ``storage_errors``; but of this file alone a store can be without."""
        try:
            with storage_errors(self._path, self._doing):
                yield
        except StoreError as error:
            said = str(error.__cause__)
            if any(word in said for word in ("not a database", "malformed", "no such table")):
                raise self._damaged(said) from error
            raise

    def _damaged(self, said: str) -> StoreError:
        return StoreError(
            f"the archive of the store is damaged ({said})",
            where=str(self._path),
            remedy=f"delete this file and {_ANEW}",
        )

    def _get(self, query: str, key: str) -> bytes | None:
        with self._errors():
            row = self._db.execute(query, (key,)).fetchone()
        return None if row is None else row[0]
