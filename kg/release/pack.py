"""A store packed as a data release: a folder of plain files that can be deposited and cited."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import kg
from kg.errors import UsageError
from kg.graph.rdf.terms import Terms
from kg.graph.store.disk_errors import storage_errors
from kg.read.own_output import own_output
from kg.release.codebook import codebook_markdown
from kg.release.contents import MANIFEST, Contents
from kg.release.files import data_files, quoted_share
from kg.release.metadata import LICENCES, Description, citation_cff, citation_line, datacite_json, dcat_turtle
from kg.release.report import abstract, quality_markdown
from kg.release.template import filled
from kg.view import practice_graph
from kg.view.source import StoreSource

__all__ = ["CHECKSUMS", "release"]

CHECKSUMS = "SHA256SUMS"
_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}
"""What file managers leave in folders that they show."""


def release(
    store: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    description: Description | None = None,
    texts: bool = False,
    sentences: bool = False,
) -> Path:
    """Pack a store as a citable data release; the same store and description give the same bytes.

    Parameters
    ----------
    folder : new or empty, or an earlier release, which is replaced if nothing in it was changed or added. It appears when
        it is complete.
    texts : with the clean texts of the articles. ``sentences`` : with the sentence around every value (of the sample
        articles, these sentences together are three quarters of the text).

    Raises
    ------
    UsageError : the folder holds what is no part of a release, or was changed since; the description lacks a date that
        the store does not know either.
    StoreError : there is no finished store, or the disk does not take the files.
    """
    described = description or Description()
    source, target = StoreSource.at(store), Path(folder).absolute()
    with storage_errors(target):
        _check_target(target)
    issued = described.issued or (source.last_run() or "")[:10]
    if not issued:
        raise UsageError("the store does not say when it was built", where=str(store), remedy="name a day: --issued")
    with storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        _pack(_Folder(part), source, os.fspath(store), described, issued, texts=texts, sentences=sentences)
        with storage_errors(target):
            part.chmod(0o755)  # mkdtemp lets nobody else in
            _put(part, target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return target


def _check_target(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise UsageError("this is a file, not a folder", where=str(target), remedy="name another folder")
    if not target.is_dir() or not any(target.iterdir()):
        return
    if own_output(target) != "release":
        raise UsageError("the folder holds other files", where=str(target), remedy="name a new or empty folder")
    sums = _sums(target)
    for path in sorted(target.rglob("*")):
        name = path.relative_to(target).as_posix()
        if name == CHECKSUMS or path.name in _LITTER or (path.is_dir() and not path.is_symlink()):
            continue
        what = ""
        if name not in sums:
            what = f"{name} is no part of the release in this folder"
        elif path.is_symlink() or _sha256(path) != sums[name]:
            what = f"{name} was changed since it was released"
        if what:
            raise UsageError(what, where=str(target), remedy="move it elsewhere, or name a new folder")


def _sums(target: Path) -> dict[str, str]:
    """File → SHA-256, as the release in a folder lists them; empty where the list is lost."""
    try:
        lines = (target / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _put(part: Path, target: Path) -> None:
    """Move a finished folder to its place; what stands there goes when the new one is there, and comes back if it fails."""
    if not target.exists():
        part.rename(target)
        return
    earlier = part.with_name(f"{part.name}.earlier")
    target.rename(earlier)
    try:
        part.rename(target)
    except BaseException:
        earlier.rename(target)
        raise
    shutil.rmtree(earlier, ignore_errors=True)


class _Folder:
    """A folder that is filled file by file: what is packed may be larger than memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.files: dict[str, tuple[int, str]] = {}
        """Path within the folder → its bytes and their SHA-256."""

    def put(self, name: str, content: str | Iterable[bytes]) -> None:
        """Write a file, whole or by its pieces."""
        file = self._path / name
        digest, size = hashlib.sha256(), 0
        with storage_errors(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            opened = file.open("wb")
        with opened:
            for piece in [content.encode("utf-8")] if isinstance(content, str) else content:
                digest.update(piece)
                size += len(piece)
                with storage_errors(file):
                    opened.write(piece)
            with storage_errors(file):
                opened.flush()
        self.files[name] = size, digest.hexdigest()


def _pack(
    folder: _Folder,
    source: StoreSource,
    name: str,
    described: Description,
    issued: str,
    *,
    texts: bool,
    sentences: bool,
) -> None:
    contents = Contents(name, tuple(source.all_told()), source.labels())
    graph = practice_graph(contents.told, labels=contents.labels, terms=Terms(source.base))
    told = abstract(graph, sentences=sentences)
    for path, pieces in data_files(contents, graph, source.quads(), source.base, texts=texts, sentences=sentences):
        folder.put(path, pieces)
    manifest = {
        "program": f"practice-graph {kg.__version__}",
        "base": source.base,
        "configuration": source.config,
        "issued": issued,
        "articles": len(graph.articles),
        "practices": len(graph.practices),
        "texts": texts,
        "sentences": sentences,
    }
    folder.put(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
    folder.put("codebook.md", codebook_markdown())
    folder.put("quality.md", quality_markdown(contents, graph))
    licences = filled(
        "LICENCES.md",
        licence=f"{LICENCES[described.licence][0]} ({described.licence}), {LICENCES[described.licence][1]}",
        texts="none is granted; packed at the releaser's responsibility" if texts else "not in this release",
        quoted=_quoted(contents, sentences=sentences),
    )
    folder.put("LICENCES.md", licences)
    readme = filled(
        "README.md",
        title=described.title,
        abstract=told,
        citation=citation_line(described, issued),
        program=kg.__version__,
        articles=str(len(graph.articles)),
        reposts=str(sum(1 for note in graph.articles if note.duplicate_of)),
        practices=str(len(graph.practices)),
        texts="with the full texts in `texts/`" if texts else "without the full texts",
        sentences="with the quoted sentences" if sentences else "without the sentences around the values",
    )
    folder.put("README.md", readme)
    folder.put("CITATION.cff", [citation_cff(described, issued, told)])
    size = sum(size for size, _ in folder.files.values())
    sizes = [f"{len(graph.articles)} articles", f"{len(graph.practices)} practices", f"{size} bytes"]
    folder.put("datacite.json", [datacite_json(described, issued, sizes, told)])
    folder.put("dcat.ttl", [dcat_turtle(described, issued, told, folder.files, source.base)])
    folder.put(CHECKSUMS, "".join(f"{digest}  {path}\n" for path, (_, digest) in sorted(folder.files.items())))


def _quoted(contents: Contents, *, sentences: bool) -> str:
    share = quoted_share(contents, sentences=sentences)
    told = "an unknown share" if share is None else f"{100 * share:.0f} %"
    if sentences:
        return (
            f"The quoted sentences are {told} of the characters of all articles: that may be more than you can pass on."
        )
    return f"The quoted words are {told} of the characters of all articles; the sentences around them are left out."


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
