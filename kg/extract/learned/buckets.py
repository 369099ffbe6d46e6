"""Hashed features: which row of an embedding table the value of a template falls into."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["BUCKETS", "BucketTable", "Columns", "Rows", "hashed"]

BUCKETS = 1 << 14
"""Rows of each embedding table; feature strings are hashed into them by CRC-32."""

Rows = NDArray[np.intp]
"""Places of values in a ``BucketTable``."""

Columns = dict[str, NDArray[np.int32]]
"""The buckets of all words of an article, by template."""


def _bucket(template: str, value: Hashable) -> int:
    return zlib.crc32(f"{template}={value}".encode()) % BUCKETS


class _Hashed(dict[Hashable, int]):
    """Bucket of each value of one template; computed once a value."""

    def __init__(self, template: str) -> None:
        super().__init__()
        self._template = template

    def __missing__(self, value: Hashable) -> int:
        bucket = self[value] = _bucket(self._template, "/".join(value) if isinstance(value, tuple) else value)
        return bucket


@cache
def hashed(template: str) -> dict[Hashable, int]:
    """The buckets of one template, looked up by value; a tuple of strings stands for ``one/two``."""
    return _Hashed(template)


Value = TypeVar("Value", bound=Hashable)


class BucketTable(dict[Value, int]):
    """The row of each value in a table of buckets, a column for each template that sees the value.

    ``views`` says what a template sees of a value. Several templates ask about the same words (the word itself, the one
    before, the governing verb): a word is looked up once, and each template is then an index into an array.
    """

    def __init__(self, views: Mapping[str, Callable[[Value], Hashable]]) -> None:
        super().__init__()
        self._views = views
        self._columns = {template: np.zeros(1 << 10, np.int32) for template in views}
        self._growing = Lock()

    def __missing__(self, value: Value) -> int:
        with self._growing:
            row = len(self)
            for template, view in self._views.items():
                column = self._columns[template]
                if row == len(column):
                    column = self._columns[template] = np.concatenate([column, np.zeros_like(column)])
                column[row] = _bucket(template, view(value))
            return self.setdefault(value, row)

    def rows(self, values: Iterable[Value]) -> Rows:
        """The row of each value; new ones are hashed."""
        return np.array([self[value] for value in values], np.intp)

    def buckets(self, template: str, rows: Rows) -> NDArray[np.int32]:
        """The bucket of each row's value for one template."""
        found: NDArray[np.int32] = self._columns[template].take(rows)
        return found
