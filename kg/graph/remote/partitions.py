"""A store as N-Quads in many files, for servers that load them in bulk and side by side."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, cast

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from kg.errors import UsageError
from kg.graph.rdf.fixed import RUNS
from kg.graph.rdf.ntriples import lines
from kg.graph.rdf.terms import Terms
from kg.graph.store.disk_errors import storage_errors
from kg.graph.store.quads import graph_triples
from kg.graph.store.snapshot import Snapshot

__all__ = ["Part", "write_partitions"]

MEGABYTES = 256
"""Of N-Quads in a file, before it is packed: many servers load a file a core."""
LISTING = "parts.json"


@dataclass(frozen=True)
class Part:
    """One file."""

    file: str
    quads: int
    bytes: int
    sha256: str


def write_partitions(
    store: str | Path,
    folder: str | Path,
    *,
    megabytes: int = MEGABYTES,
    union: bool = False,
    runs: bool = False,
    pack: bool = True,
) -> list[Part]:
    """Write the finished generation of a store as ``part-00000.nq.gz`` and so on, and ``parts.json`` that lists them.

    Parameters
    ----------
    folder : a new or empty one.
    megabytes : of N-Quads a file, before packing; a graph is never cut in two.
    union : write the default graph, too, which is the union of all: for servers that do not make it themselves.
    runs : with the graph of the runs, which holds times.
    pack : with gzip.

    The same store gives the same bytes. Graphs are held in memory one at a time.

    Raises
    ------
    UsageError : the folder holds other files, or the size is none.
    StoreError : there is no finished store, or the disk is full.
    """
    target = Path(folder)
    if megabytes < 1:
        raise UsageError("a part has at least 1 MB", where="--part-mb", remedy="256 suits most servers")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError("this is a file, or holds files", where=str(target), remedy="name an empty folder")
    snapshot = Snapshot.at(store)
    quads = snapshot.read_only()
    with storage_errors(target):
        target.mkdir(parents=True, exist_ok=True)
        writer = _Writer(target, megabytes * 1_000_000, pack)
        left_out = () if runs else (Terms(snapshot.base).iri(RUNS),)
        for graph in sorted(str(name) for name in quads.named_graphs()):
            if graph not in left_out:
                writer.add(_graph(quads, graph))
        if union:
            for block in _union(quads, target, left_out):
                writer.add(block)
        writer.close()
        listing = {"base": snapshot.base, "union": union, "runs": runs, "parts": [asdict(p) for p in writer.parts]}
        text = json.dumps(listing, ensure_ascii=False, indent=1) + "\n"
        (target / LISTING).write_text(text, encoding="utf-8", newline="\n")
    return writer.parts


def _graph(store: Store, graph: str) -> list[str]:
    held = graph_triples(store, NamedNode(graph[1:-1])).decode("utf-8")
    return sorted(f"{line[:-1]}{graph} .\n" for line in lines(held))


def _union(store: Store, folder: Path, left_out: tuple[str, ...]) -> Iterator[list[str]]:
    """The lines of the default graph, a few thousand at a time; by way of a file, for it may be of any size."""
    apart: set[str] = set()
    for graph in left_out:  # what no other graph says goes with its graph
        node = NamedNode(graph[1:-1])
        for quad in store.quads_for_pattern(None, None, None, node):
            graphs = {str(q.graph_name) for q in store.quads_for_pattern(quad.subject, quad.predicate, quad.object)}
            if graphs <= {*left_out, str(DefaultGraph())}:
                apart.add(f"{quad.triple} .\n")
    dumped = folder / "union.tmp"
    try:
        store.dump(str(dumped), RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
        with dumped.open("r", encoding="utf-8", newline="\n") as file:
            block: list[str] = []
            for line in file:
                if line not in apart:
                    block.append(line)
                if len(block) == 5000:
                    yield block
                    block = []
            yield block
    finally:
        dumped.unlink(missing_ok=True)


class _Writer:
    """Fills one file after another."""

    def __init__(self, folder: Path, most: int, pack: bool) -> None:
        self.parts: list[Part] = []
        self._folder, self._most, self._pack = folder, most, pack
        self._file: BinaryIO | None = None
        self._raw: BinaryIO | None = None
        self._quads = self._bytes = 0

    def add(self, block: list[str]) -> None:
        """Write lines that stay together."""
        if not block:
            return
        data = "".join(block).encode("utf-8")
        if self._file is not None and self._bytes + len(data) > self._most:
            self.close()
        if self._file is None:
            self._raw = (self._folder / self._name).open("wb")
            # No name and no time in the head of the packed file: the same content, the same bytes.
            packed = gzip.GzipFile("", "wb", 6, self._raw, mtime=0) if self._pack else self._raw
            self._file = cast(BinaryIO, packed)
        self._file.write(data)
        self._quads += len(block)
        self._bytes += len(data)

    @property
    def _name(self) -> str:
        return f"part-{len(self.parts):05d}.nq" + (".gz" if self._pack else "")

    def close(self) -> None:
        """End the file that is being filled."""
        if self._file is None or self._raw is None:
            return
        self._file.close()
        self._raw.close()
        path = self._folder / self._name
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self.parts.append(Part(path.name, self._quads, path.stat().st_size, digest))
        self._file = self._raw = None
        self._quads = self._bytes = 0
