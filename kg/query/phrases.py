"""Numbers in sentences: one article, two articles."""

from __future__ import annotations

__all__ = ["many"]


def many(count: int, one: str, several: str | None = None) -> str:
    """A number with its noun; ``several`` is the plural where it is not ``one`` with an s.

    >>> many(1, "article"), many(0, "article"), many(1200, "family", "families")
    ('1 article', '0 articles', '1,200 families')
    """
    return f"{count:,} {one if count == 1 else several or one + 's'}"
