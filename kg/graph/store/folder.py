"""The folder of a store: its version, the finished generation that CURRENT names, and the lock of a build.

STORE/VERSION                      "practice-graph store 1"
STORE/CURRENT                      number of the generation that readers open
STORE/LOCK, LOCK.json              held while a build runs; who holds it
STORE/IDENTITY                     tells this store from others to a server that it is written to
STORE/archive.sqlite               texts, records and extraction results, by content hash
STORE/generations/000001/quads     the Oxigraph database
STORE/generations/000001/articles.jsonl, generation.json
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import StoreError, UsageError
from kg.graph.address import is_address
from kg.graph.store.disk_errors import storage_errors

__all__ = ["VERSION", "StoreFolder"]

VERSION = "practice-graph store 1"
"""Raised whenever an older program could not read what a newer one writes."""


class StoreFolder:
    """A store on disk, whether it exists yet or not. Raises UsageError for the address of a server."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        if is_address(path):
            raise UsageError(
                "a store is a folder, not a server", where="store", remedy="add --endpoint URL to kg build"
            )
        self.path = Path(path).absolute()
        self.archive = self.path / "archive.sqlite"
        self._generations = self.path / "generations"

    def exists(self) -> bool:
        """True where there is a store, of whatever version."""
        with storage_errors(self.path, "read"):
            return (self.path / "VERSION").is_file()

    def check_version(self) -> None:
        """Raises StoreError where the folder holds no store, or one of another version."""
        if not self.exists():
            raise StoreError(
                "there is no store", where=str(self.path), remedy="make one with: kg build PATH --store DIR"
            )
        with storage_errors(self.path, "read"):
            found = (self.path / "VERSION").read_text(encoding="utf-8", errors="replace").strip()
        if found != VERSION:
            raise StoreError(
                f"the store is of version {found!r}, this program reads {VERSION!r}",
                where=str(self.path),
                remedy="build it anew in an empty folder, or use the program that wrote it",
            )

    def create(self) -> None:
        """Make the folder, or check that what stands there is a store of this version or nothing.

        Raises
        ------
        StoreError : it holds other files, a store of another version, or cannot be written.
        """
        with storage_errors(self.path):
            if self.path.exists() and not self.path.is_dir():
                raise StoreError("this is a file, not a folder", where=str(self.path), remedy="name another folder")
            if self.exists():
                self.check_version()
            elif self.path.is_dir() and any(p.name != "VERSION.new" for p in self.path.iterdir()):
                raise StoreError("the folder holds other files", where=str(self.path), remedy="name an empty folder")
            else:
                self.path.mkdir(parents=True, exist_ok=True)
                self._replace("VERSION", VERSION)  # first of all: a build killed here leaves no more than VERSION.new
            self._generations.mkdir(exist_ok=True)

    def discard(self) -> None:
        """Remove a store that no build has finished; what is not the store's stays."""
        for name in ("VERSION", "IDENTITY", "LOCK", "LOCK.json", *(f"archive.sqlite{end}" for end in ("", "-journal"))):
            (self.path / name).unlink(missing_ok=True)
        shutil.rmtree(self._generations, ignore_errors=True)
        with contextlib.suppress(OSError):  # it holds something else
            self.path.rmdir()

    def identity(self) -> str:
        """What tells this store from all others, wherever its folder is; made when it is first asked for."""
        file = self.path / "IDENTITY"
        with storage_errors(self.path):
            if not file.is_file():
                self._replace(file.name, uuid.uuid4().hex)
            return file.read_text(encoding="utf-8", errors="replace").strip()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the store for a build; the operating system frees it when the process dies, however it dies.

        An exclusive SQLite transaction is the one file lock that the standard library offers on every system.
        Raises StoreError where another build holds it.
        """
        with storage_errors(self.path):
            held = sqlite3.connect(self.path / "LOCK", timeout=0, isolation_level=None)
        try:
            try:
                held.execute("BEGIN EXCLUSIVE")
            except sqlite3.DatabaseError as error:
                if not isinstance(error, sqlite3.OperationalError):
                    raise StoreError(
                        f"the file LOCK is none that a build has made ({error})",
                        where=str(self.path),
                        remedy="delete it, and build again",
                    ) from error
                if "locked" not in str(error):
                    with storage_errors(self.path):
                        raise
                raise StoreError(
                    f"another build is writing this store ({self._holder()})",
                    where=str(self.path),
                    remedy="wait until it has ended",
                ) from error
            with storage_errors(self.path):
                note = {"pid": os.getpid(), "host": socket.gethostname(), "since": time.strftime("%Y-%m-%d %H:%M:%S")}
                self._replace("LOCK.json", json.dumps(note))
            yield
        finally:
            held.close()

    def _is_locked(self) -> bool:
        """Whether a build runs now."""
        try:
            with contextlib.closing(
                sqlite3.connect(f"{(self.path / 'LOCK').as_uri()}?mode=ro", uri=True, timeout=0)
            ) as db:
                db.execute("SELECT name FROM sqlite_master")
        except sqlite3.DatabaseError as error:
            return "locked" in str(error)
        return False

    def _holder(self) -> str:
        try:
            note = json.loads((self.path / "LOCK.json").read_text(encoding="utf-8"))
            return f"process {note['pid']} on {note['host']}, since {note['since']}"
        except (OSError, ValueError, KeyError):
            return "it does not say which process"

    def current(self) -> Path | None:
        """Folder of the finished generation; None before the first build has ended."""
        folder = self._named()
        if folder is None or folder in self._finished():
            return folder
        raise StoreError(
            f"the generation {folder.name!r} that CURRENT names is missing",
            where=str(self.path),
            remedy="build it again from all its articles; what was extracted is kept",
        )

    def last(self) -> Path | None:
        """Folder of the generation that a build goes on from: the finished one or, where it is missing, the newest left."""
        folder, there = self._named(), self._finished()
        return folder if folder is None or folder in there else max(there, default=None)

    def _named(self) -> Path | None:
        with storage_errors(self.path, "read"):
            try:
                return self._generations / (self.path / "CURRENT").read_text(encoding="utf-8", errors="replace").strip()
            except FileNotFoundError:
                return None

    def _finished(self) -> list[Path]:
        with storage_errors(self.path, "read"):
            try:
                return sorted(p for p in self._generations.iterdir() if p.name.isdigit())
            except FileNotFoundError:
                return []

    def finished(self) -> Path:
        """Folder of the finished generation. Raises StoreError where there is none yet."""
        self.check_version()
        folder = self.current()
        if folder is None:
            building = self._is_locked()
            raise StoreError(
                f"the first build of this store is running ({self._holder()})"
                if building
                else "no build of this store has ended yet",
                where=str(self.path),
                remedy="wait until it has ended" if building else "run the build again: it resumes",
            )
        return folder

    def begin(self) -> Path:
        """A new folder that becomes the next generation; what a killed build left is removed.

        Its name is new each time: after a failure RocksDB may hold files of the last try in this process.
        """
        for left in self._generations.glob("*.part"):
            shutil.rmtree(left, ignore_errors=True)
        numbers = [int(p.name) for p in self._finished()]
        with storage_errors(self.path):
            return Path(
                tempfile.mkdtemp(dir=self._generations, prefix=f"{max(numbers, default=0) + 1:06d}.", suffix=".part")
            )

    def publish(self, part: Path, keep: int = 2) -> Path:
        """Make the generation the current one, in one step; then remove all but the last ``keep``."""
        with storage_errors(self.path):
            folder = self._generations / part.name.split(".", 1)[0]
            part.chmod(0o755)  # mkdtemp lets nobody else in
            part.rename(folder)
            self._replace("CURRENT", folder.name)
        for old in self._finished()[:-keep]:
            # On Windows a reader may still hold files of it: then the next build removes it.
            shutil.rmtree(old, ignore_errors=True)
        return folder

    def _replace(self, name: str, content: str) -> None:
        fresh = self.path / f"{name}.new"
        with fresh.open("w", encoding="utf-8", newline="\n") as file:
            file.write(content + "\n")
            file.flush()
            os.fsync(file.fileno())
        for attempt in range(20):
            try:
                fresh.replace(self.path / name)
                return
            except PermissionError:
                # Windows refuses while a reader has the old file open, which is a matter of milliseconds.
                if os.name != "nt" or attempt == 19:
                    raise
                time.sleep(0.05)
