"""Stations 1 to 3 for a few inputs at a time: the task that runs here, in worker processes and on a cluster alike."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import InputError, KgError
from kg.model import Article, ArticleRecord
from kg.settings import Extractor, Settings

if TYPE_CHECKING:
    from kg.read.reposts import Fingerprint
    from kg.read.source import ReadFailure, Source

__all__ = ["Done", "Extraction", "Input", "Unusable", "key_of"]


@dataclass(frozen=True)
class Unusable:
    """An article that could not be read or extracted; the others go on."""

    error: KgError
    file: str
    path: str | None = None


@dataclass(frozen=True)
class Input:
    """One input on its way to a worker: unread, a row of a table that is read already, or one that cannot be read."""

    content: Source | Article | ReadFailure
    known: bool = False
    """True where its record is in the cache: then it is only read."""

    @property
    def name(self) -> tuple[str, str | None]:
        """The file's name and path."""
        from kg.read.source import Source

        one = self.content
        return one.file, one.where if isinstance(one, Source) else one.path if isinstance(one, Article) else None


@dataclass(frozen=True)
class Done:
    """What became of one article."""

    file: str
    path: str | None
    content_hash: str
    record: str | None
    """Its JSON; None for one that was known."""
    text_hash: str
    text: str
    """The clean text; empty for one that was known."""
    fingerprint: Fingerprint


def key_of(digest: str, file: str, content_hash: str) -> str:
    """The key of an extraction result: the same article and settings, the same extraction."""
    return hashlib.sha256(f"{digest}\n{file}\n{content_hash}".encode()).hexdigest()


@dataclass(frozen=True)
class Extraction:
    """The task: reads and extracts a few inputs."""

    settings: Settings
    digest: str
    """What ``settings.digest`` says where the run was started."""
    text_column: str | None = None
    extract: Extractor | None = None
    """Stations 2 and 3 where they are not the product's own."""

    def __call__(self, inputs: Sequence[Input]) -> list[Done | Unusable]:
        """What became of the articles, in their order."""
        found: list[tuple[Article | Unusable, bool]] = []
        for one in inputs:
            found += [(article, one.known) for article in self._read(one)]
        fresh = [one for one, known in found if isinstance(one, Article) and not known]
        results = iter(self._extracted(fresh))
        done: list[Done | Unusable] = []
        for article, known in found:
            result = next(results) if isinstance(article, Article) and not known else None
            if isinstance(article, Unusable):
                done.append(article)
            elif isinstance(result, Unusable):
                done.append(result)
            else:
                done.append(_done(article, result))
        return done

    def _read(self, one: Input) -> Iterator[Article | Unusable]:
        from kg.read.articles import read_source
        from kg.read.source import Source

        content = one.content
        for each in read_source(content, text_column=self.text_column) if isinstance(content, Source) else [content]:
            yield each if isinstance(each, Article) else Unusable(each.error, each.file, each.error.where)

    def _extracted(self, articles: Sequence[Article]) -> list[ArticleRecord | Unusable]:
        if not articles:
            return []
        extract = self.extract or self.settings.extractor(self.digest)
        try:
            return list(extract(articles))
        except Exception as error:  # noqa: BLE001 - one article must not end the run; it is reported
            if len(articles) > 1:  # which of them it was, the single ones will show
                return [result for article in articles for result in self._extracted([article])]
            (article,) = articles
            if not isinstance(error, KgError):
                what = f"the extraction failed: {type(error).__name__}: {error}"
                error = InputError(what, where=article.path or article.file, remedy="please report it with the file")
            return [Unusable(error, article.file, article.path)]


def _done(article: Article, record: ArticleRecord | None) -> Done:
    from kg.read.reposts import fingerprint

    return Done(
        article.file,
        article.path,
        article.content_hash,
        None if record is None else record.to_json(),
        "" if record is None else record.text_hash,
        "" if record is None else article.text,
        fingerprint(article),
    )
