"""What goes into a build and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from kg.errors import KgError
from kg.graph.store.archive import Archive
from kg.graph.store.manifest import Entry
from kg.model import ArticleRecord

__all__ = ["BuildReport", "Failure", "Item", "Source"]


@dataclass(frozen=True)
class Item:
    """A record on its way into the store."""

    record: ArticleRecord
    text: str | None = None
    """The clean text."""
    path: str | None = None
    """The file it was read from."""
    key: str = ""
    """Key of its extraction result in the archive."""
    column: str | None = None
    """Column of its table that was named as that of the text."""


@dataclass(frozen=True)
class Failure:
    """An article that could not be used; what the store held of its file stays."""

    error: KgError
    path: str | None = None
    file: str | None = None


Source = Callable[[Archive, Sequence[Entry]], Iterable[Item | Failure]]
"""Gives all articles that the new generation shall hold, from the archive and the entries that stay as they are."""


@dataclass
class BuildReport:
    """What a build did."""

    written: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    """Articles that are not there any more; of one that changed the earlier version is replaced, not withdrawn."""
    articles: int = 0
    practices: int = 0
    """Each counted once, however many articles tell of it; those that only reposts tell are not."""
    without_text: int = 0
    """Articles that came as records alone: their values have no sentence."""
    failures: list[Failure] = field(default_factory=list)
    forgot_vocabulary: bool = False
    """The generation before held a vocabulary of the user's; this build was given none, and nothing needs it any more."""

    @property
    def exit_code(self) -> int:
        """0 fine, 1 some articles failed, 2 none of them was usable."""
        return 0 if not self.failures else 1 if self.articles else 2
