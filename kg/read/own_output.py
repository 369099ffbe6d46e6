"""Folders that this product wrote: they may lie among the articles, and are none."""

from __future__ import annotations

from pathlib import Path

__all__ = ["own_output"]


def own_output(folder: Path) -> str | None:
    """``"store"`` or ``"release"`` where ``kg build`` or ``kg release`` wrote this folder; None where neither did."""
    if _begins(folder / "VERSION", b"practice-graph store"):
        return "store"
    try:
        if (folder / "CURRENT").is_file() and (folder / "generations").is_dir():  # of whatever version
            return "store"
    except OSError:
        return None
    return "release" if _begins(folder / "release.json", b'{"program":"practice-graph') else None


def _begins(file: Path, words: bytes) -> bool:
    """Whether the file begins with these words, blanks apart."""
    try:
        if not file.is_file():  # what is no file may never end
            return False
        with file.open("rb") as stream:
            return b"".join(stream.read(200).split()).startswith(b"".join(words.split()))
    except OSError:
        return False
