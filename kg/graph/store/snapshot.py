"""A finished generation as a reader has it open: CURRENT is looked up once, and all that is read is of that generation.

A build beside it does not touch it. Later builds remove it, or somebody deletes the store and builds another in its place,
with the same numbers and names: what reads it then raises ``GenerationGoneError`` and tells nothing of the other one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import Store

from kg.errors import StoreError
from kg.graph.store.disk_errors import storage_errors
from kg.graph.store.folder import StoreFolder
from kg.graph.store.manifest import Manifest

__all__ = ["GenerationGoneError", "Snapshot"]


class GenerationGoneError(StoreError):
    """The generation that was opened is not there any more: later builds of the store have removed it, or somebody did."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "later builds of the store have removed the generation that was opened, or its folder was deleted",
            where=str(folder),
            remedy="open the store again",
        )


@dataclass(frozen=True)
class Snapshot:
    """The generation of a store that was the finished one when it was opened (``Snapshot.at``)."""

    store: StoreFolder
    folder: Path
    """Of the generation."""
    database_id: bytes
    """What tells its database from any other that ever stands in its place; empty where there was none."""

    @classmethod
    def at(cls, path: str | os.PathLike[str]) -> Snapshot:
        """Open the finished generation of the store in this folder.

        Raises
        ------
        StoreError : there is no finished store, or one of another version.
        UsageError : it is the address of a server.
        """
        store = StoreFolder(path)
        folder = store.finished()
        return cls(store, folder, _database_id(folder / "quads"))

    @property
    def quads(self) -> Path:
        """Folder of the Oxigraph database."""
        return self.folder / "quads"

    @cached_property
    def base(self) -> str:
        """Base of the IRIs of the product in this store; read without the entries, which may be many."""
        with self.guard():
            return Manifest.read_base(self.folder)

    @cached_property
    def manifest(self) -> Manifest:
        """What the generation holds. Raises StoreError where it is damaged."""
        with self.guard():
            return Manifest.read(self.folder)

    def read_only(self) -> Store:
        """Open the database. Raises StoreError where that cannot be."""
        with self.guard():
            return Store.read_only(str(self.quads))

    def is_gone(self) -> bool:
        """Whether the generation was removed, or another database stands in its place.

        The database's id is looked for first of all, whatever else a reader keeps from being deleted.
        """
        return not self.folder.is_dir() or _database_id(self.quads) != self.database_id

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Turns what reading the generation or the archive raises into StoreError: GenerationGoneError where it is gone.

        Where another one stands in its place already, nothing is read.
        """
        if _database_id(self.quads) not in (b"", self.database_id):
            raise GenerationGoneError(self.folder)
        try:
            with storage_errors(self.folder, "read"):
                yield
        except StoreError as error:
            if isinstance(error, GenerationGoneError) or not self.is_gone():
                raise
            raise GenerationGoneError(self.folder) from error


def _database_id(quads: Path) -> bytes:
    """The id that RocksDB gives every database, which stands in the file that its CURRENT names; empty where there is none.

    A store that is deleted and built anew has the same numbers of generations and names of files, but another id.
    """
    try:
        return (quads / (quads / "CURRENT").read_text(encoding="utf-8").strip()).read_bytes()
    except (OSError, ValueError):
        return b""
