"""Names of inputs that articles of other folders have in the store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.read.source import Source

__all__ = ["Named", "Reserved"]


class Named(Protocol):
    """An article of the store that stays."""

    @property
    def path(self) -> str | None: ...
    @property
    def file(self) -> str: ...
    @property
    def identity(self) -> str: ...


class Reserved:
    """Says whether a name belongs to something else than this input.

    A file of another folder that has its name gets another one, so that the first stays in the store. The same bytes
    under the same name are the same article, wherever they lie: a folder that was moved is not read as a second one.
    """

    def __init__(self, kept: Iterable[Named]) -> None:
        self._owners: dict[str, list[Named]] = {}
        for one in kept:
            self._owners.setdefault(_input_name(one), []).append(one)

    def __call__(self, source: Source, name: str) -> bool:
        """Whether ``name`` is not to be this input's."""
        here = source.path and _real(source.path)
        others = [one for one in self._owners.get(name, ()) if (one.path and _real(one.path)) != here]
        return bool(others) and {_last(one.identity) for one in others} != {_identity(source, name)}


def _identity(source: Source, name: str) -> str | None:
    from kg.graph.mapping import article_iri

    try:
        digest = hashlib.sha256(source.read()).hexdigest()
    except KgError:  # whoever reads it for good tells
        return None
    return _last(article_iri(name, digest))


def _input_name(one: Named) -> str:
    """The name of the file, without the number of a table's row."""
    base = Path(one.path).name if one.path else ""
    at = one.file.find(f"{base}#") if base else -1
    return one.file if at < 0 else one.file[: at + len(base)]


def _real(path: str | Path) -> str:
    from kg.read.names import shown

    try:
        return shown(Path(path).resolve())
    except (OSError, RuntimeError):  # links in a circle, a name too long
        return shown(path)


def _last(iri: str) -> str:
    return iri.rstrip(">").rpartition("/")[2]
