"""Articles of earlier builds that stay: they belong to the whole, and their names stay theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.read.source import Source

__all__ = ["Kept", "Reserved"]


@dataclass(frozen=True)
class Kept:
    """An article of an earlier run that is not read again but belongs to the whole."""

    key: str
    """Empty where it came as a record: then it has no result in the cache, and only its name counts."""
    path: str | None
    file: str = ""
    identity: str = ""
    """IRI of the article, which file name and bytes make."""
    column: str | None = None
    """Column of its table that was named as that of the text."""


class Reserved:
    """Says whether a name belongs to something else than this input.

    A file of another folder that has its name gets another one, so that the first stays in the store. The same bytes
    under the same name are the same article, wherever they lie: a folder that was moved is not read as a second one.
    A table was moved where it does not lie any more where it was, and all rows that the store has of it are found here;
    ``text_column`` is what its rows are read with.
    """

    def __init__(self, kept: Iterable[Kept], text_column: str | None = None) -> None:
        self._text_column = text_column
        self._owners: dict[str, dict[str | None, set[str]]] = {}
        for one in kept:
            self._owners.setdefault(_input_name(one), {}).setdefault(one.path, set()).add(_last(one.identity))

    def __call__(self, source: Source, name: str) -> bool:
        """Whether ``name`` is not to be this input's."""
        from kg.read.articles import holds_many
        from kg.read.names import on_disk, real

        owners = self._owners.get(name)
        if not owners:  # as a rule, and then the disk need not be asked
            return False
        here = source.path and real(source.path)
        others = {path: articles for path, articles in owners.items() if (path and real(path)) != here}
        if not others:
            return False
        try:
            many = holds_many(source)
            if many and not all(path and on_disk(path) is None for path in others):
                return True  # it lies there, too, and a row that changes in one place shall not be lost in the other
            return not set().union(*others.values()) <= (self._rows(source, name) if many else _whole(source, name))
        except KgError:  # whoever reads it for good tells
            return True

    def _rows(self, source: Source, name: str) -> set[str]:
        """The articles that the rows of a table are under this name."""
        from kg.graph.rdf.mapping import article_iri
        from kg.model import Article
        from kg.read.articles import read_source

        rows = read_source(replace(source, file=name), text_column=self._text_column)
        return {_last(article_iri(row.file, row.content_hash)) for row in rows if isinstance(row, Article)}


def _whole(source: Source, name: str) -> set[str]:
    """The article that a file is under this name."""
    from kg.graph.rdf.mapping import article_iri

    return {_last(article_iri(name, hashlib.sha256(source.read()).hexdigest()))}


def _input_name(one: Kept) -> str:
    """The name of the file, without the number of a table's row."""
    base = Path(one.path).name if one.path else ""
    at = one.file.find(f"{base}#") if base else -1
    return one.file if at < 0 else one.file[: at + len(base)]


def _last(iri: str) -> str:
    return iri.rstrip(">").rpartition("/")[2]
