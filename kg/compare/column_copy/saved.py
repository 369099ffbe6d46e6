"""The column copy beside its generation: written once, mapped into memory, thrown away without loss.

STORE/generations/000001/columns/columns.json    version, and what the copy was made from
STORE/generations/000001/columns/NAME.npy        one array a file

A generation never changes once it is finished, so that a copy inside its folder is in step with it and leaves with it.
The fingerprint tells a copy of an older program, or of a folder that was tampered with: it is then made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import fields, is_dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np

from kg.compare.column_copy.columns import Columns
from kg.compare.column_copy.reading import read_columns
from kg.compare.column_copy.sources import ask_engine, ask_snapshot
from kg.graph.address import is_address
from kg.graph.store.snapshot import Snapshot

__all__ = ["VERSION", "load_columns", "open_columns", "read_saved", "save_columns"]

VERSION = 4
"""Raised whenever the arrays or their meaning change."""
_NAME = "columns"


def open_columns(store: str | os.PathLike[str]) -> Columns:
    """The columns of a store (a folder or the URL of an endpoint), from the copy on disk where it is in step.

    Otherwise the copy is made anew; where the folder cannot be written, the columns are in memory only.

    Raises
    ------
    StoreError : there is no finished store, or the endpoint does not answer.
    """
    text = os.fspath(store)
    if is_address(text):
        from kg.query.remote import RemoteEngine

        engine = RemoteEngine(text)
        return read_columns(ask_engine(engine), engine.base)
    return load_columns(Snapshot.at(store))


def load_columns(snapshot: Snapshot) -> Columns:
    """The columns of a finished generation; see ``open_columns``. Raises StoreError where it cannot be read."""
    folder = snapshot.folder / _NAME
    with snapshot.guard():
        made_from = _fingerprint(snapshot.folder)
        with contextlib.suppress(OSError, ValueError, KeyError, EOFError):
            return _read(folder, made_from)
        columns = read_columns(ask_snapshot(snapshot), snapshot.base)
    with contextlib.suppress(OSError):
        save_columns(columns, folder, made_from)
    return columns


def save_columns(columns: Columns, folder: Path, made_from: str = "") -> None:
    """Write columns into a folder that is replaced; a reader sees the old copy or the new one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f"{folder.name}.", suffix=".part"))
    try:
        arrays = _arrays(columns)
        for name, array in arrays.items():
            np.save(part / f"{name}.npy", array)
        lengths = {name: len(array) for name, array in arrays.items()}
        head = {"version": VERSION, "made_from": made_from, "lengths": lengths}
        (part / "columns.json").write_text(json.dumps(head, indent=1) + "\n", encoding="utf-8", newline="\n")
        part.chmod(0o755)  # mkdtemp lets nobody else in
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def read_saved(folder: Path) -> Columns:
    """Columns that ``save_columns`` wrote, mapped into memory. Raises OSError or ValueError where they are damaged."""
    return _read(folder, None)


def _fingerprint(generation: Path) -> str:
    digest = hashlib.sha256((generation / "generation.json").read_bytes())
    # The kinds of organisations are read off their names by these labels.
    digest.update(files("kg.knowledge.vocabulary").joinpath("organiser.ttl").read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _arrays(columns: Columns) -> dict[str, np.ndarray[Any, Any]]:
    found: dict[str, np.ndarray[Any, Any]] = {}

    def walk(name: str, value: Any) -> None:
        if isinstance(value, np.ndarray):
            found[name] = value
        elif is_dataclass(value):
            for field in fields(value):
                walk(f"{name}.{field.name}" if name else field.name, getattr(value, field.name))

    for field in fields(columns):
        if field.name not in ("chosen", "dropped"):
            walk(field.name, getattr(columns, field.name))
    return found


def _read(folder: Path, made_from: str | None) -> Columns:
    head = json.loads((folder / "columns.json").read_text(encoding="utf-8"))
    if head["version"] != VERSION or (made_from is not None and head["made_from"] != made_from):
        raise ValueError("the copy was made from something else")

    def build(kind: type, name: str) -> Any:
        hints = get_type_hints(kind)
        parts = {}
        for field in fields(kind):
            if field.name in ("chosen", "dropped"):
                continue
            path, hint = f"{name}.{field.name}" if name else field.name, hints[field.name]
            if isinstance(hint, type) and is_dataclass(hint):
                parts[field.name] = build(hint, path)
                continue
            array = np.load(folder / f"{path}.npy", mmap_mode="r" if head["lengths"][path] else None)
            if len(array) != head["lengths"][path]:
                raise ValueError(f"{path} is damaged")
            parts[field.name] = np.asarray(array)
        return kind(**parts)

    columns = build(Columns, "")
    assert isinstance(columns, Columns)
    return columns
