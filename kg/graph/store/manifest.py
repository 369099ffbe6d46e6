"""The manifest of a generation: one entry an article, and what the whole was built with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from kg.errors import StoreError
from kg.graph.store.disk_errors import storage_errors

__all__ = ["Entry", "Manifest"]

_HEAD, _ENTRIES = "generation.json", "articles.jsonl"

_OPTIONAL = {"path", "text", "original", "column"}
"""What an article may lack."""


@dataclass(frozen=True)
class Entry:
    """One article of a generation; hashes are SHA-256 in hexadecimal."""

    graph: str
    """The graph's term."""
    file: str
    path: str | None
    """Where the file was read from (absolute); None for a record that came without its file."""
    key: str
    """Key of its extraction result in the archive; empty for a record that came from outside."""
    record: str
    text: str | None
    graph_hash: str
    original: str | None = None
    """IRI of the article that it reposts."""
    column: str | None = None
    """Column that the build was told to read texts from; None for the usual names."""
    mapping: str = ""
    """Hash of the program part that made the graph, where it is another one than the generation's."""


@dataclass(frozen=True)
class Manifest:
    """What a finished generation holds."""

    base: str
    mapping: str
    """Hash of the program part that turns records into RDF: another one writes all graphs anew."""
    config: str
    fixed: dict[str, str]
    """Graph → hash, of the graphs that no article makes."""
    entries: tuple[Entry, ...]

    def write(self, folder: Path) -> None:
        """Write ``generation.json`` and ``articles.jsonl`` (sorted by graph) into the generation's folder."""
        head = {"base": self.base, "mapping": self.mapping, "config": self.config, "fixed": self.fixed}
        with storage_errors(folder):
            with (folder / _ENTRIES).open("w", encoding="utf-8", newline="\n") as file:
                for entry in sorted(self.entries, key=lambda e: e.graph):
                    file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
            with (folder / _HEAD).open("w", encoding="utf-8", newline="\n") as file:
                file.write(json.dumps(head, ensure_ascii=False, sort_keys=True) + "\n")

    @staticmethod
    def read(folder: Path) -> Manifest:
        """Read the manifest of a generation. Raises StoreError where it is damaged."""
        with _damage_told(folder):
            head = json.loads((folder / _HEAD).read_text(encoding="utf-8"))
            lines = (folder / _ENTRIES).read_text(encoding="utf-8").split("\n")
            entries = tuple(Entry(**json.loads(line)) for line in lines if line)
            return _checked(Manifest(entries=entries, **head))

    @staticmethod
    def read_base(folder: Path) -> str:
        """Read the base alone, without the entries: of 100,000 articles they take a second and 100 MB."""
        with _damage_told(folder):
            base = json.loads((folder / _HEAD).read_text(encoding="utf-8"))["base"]
            if not isinstance(base, str):
                raise TypeError(f"base is {base!r}")
            return base


@contextmanager
def _damage_told(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise StoreError(
            f"the manifest of the generation is damaged: {error}",
            where=str(folder),
            remedy="build the store anew in an empty folder",
        ) from error


def _checked(read: Manifest) -> Manifest:
    """The same; raises TypeError where something is not what it should be."""
    rows = [{"base": read.base, "mapping": read.mapping, "config": read.config, **read.fixed}, *map(vars, read.entries)]
    for row in rows:
        for name, value in row.items():
            if not isinstance(value, str) and not (value is None and name in _OPTIONAL):
                raise TypeError(f"{name} is {value!r}")
    return read
