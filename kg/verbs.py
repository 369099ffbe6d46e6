"""The verbs of the command line for one article at a time, as a notebook wants them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.configuration import configuration
from kg.model import Article, ArticleRecord

if TYPE_CHECKING:
    from kg.pipeline import Extractor
    from kg.view import Explained

__all__ = ["explain", "extract"]


@lru_cache(maxsize=2)
def _extractor(vocabulary: Path | None, gazetteer: Path | None, fast: bool, config: str) -> Extractor:
    # Loading models, places and concepts takes seconds: once for all articles of a session, and again where a file of
    # the user's was edited (``config`` is what ``configuration`` says).
    from kg.pipeline import extractor

    return extractor(vocabulary, gazetteer, fast=fast)


def extract(
    article: Article | str | Path,
    *,
    vocabulary: str | Path | None = None,
    gazetteer: str | Path | None = None,
    fast: bool = False,
) -> ArticleRecord:
    """The practice record of one article, or of the one article of a file: as ``kg extract`` gives it.

    ``vocabulary`` and ``gazetteer`` are files of concepts (Turtle) and places (CSV) of your own. ``fast`` goes without the
    transformer: several times faster, less accurate.

    Raises
    ------
    InputError, UsageError : the file cannot be read, or holds several articles (``kg.read_articles`` gives them).
    """
    return _told(article, vocabulary, gazetteer, fast)[1]


def explain(
    article: Article | str | Path,
    *,
    vocabulary: str | Path | None = None,
    gazetteer: str | Path | None = None,
    fast: bool = False,
) -> Explained:
    """One article with all that is read from it marked in its text, and why: as ``kg extract --explain``.

    Arguments and errors as for ``extract``.
    """
    from kg.view import Explained

    return Explained(*_told(article, vocabulary, gazetteer, fast))


def _told(
    article: Article | str | Path, vocabulary: str | Path | None, gazetteer: str | Path | None, fast: bool
) -> tuple[Article, ArticleRecord]:
    from kg.pipeline import extract_records, own_file
    from kg.read import read_article

    read = article if isinstance(article, Article) else read_article(article)
    own = own_file(vocabulary, "vocabulary"), own_file(gazetteer, "gazetteer")
    (record,) = extract_records([read], extract=_extractor(*own, fast, configuration(*own, fast=fast)))
    return read, record
