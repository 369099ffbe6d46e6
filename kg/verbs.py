"""The verbs of the command line for one article at a time, as a notebook wants them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.model import Article, ArticleRecord
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.view import Explained

__all__ = ["explain", "extract"]


def extract(
    article: Article | str | Path,
    *,
    vocabulary: str | Path | None = None,
    gazetteer: str | Path | None = None,
    tokenizer: str = "lac",
    tokenizer_model: str | Path | None = None,
    fast: bool = False,
) -> ArticleRecord:
    """The practice record of one article, or of the one article of a file: as ``kg extract`` gives it.

    Parameters
    ----------
    vocabulary, gazetteer : files of concepts (Turtle) and places (CSV) of your own.
    tokenizer : what cuts the words: lac, pkuseg, char, or the name of an installed spaCy model.
    tokenizer_model : folder of a pkuseg model; None: the one that comes with the program.
    fast : without the transformer: several times faster, less accurate.

    Raises
    ------
    InputError, UsageError : the file cannot be read, or holds several articles (``kg.read_articles`` gives them); one of
        your own files or the tokenizer is unusable.
    """
    settings = Settings.of(
        vocabulary=vocabulary, gazetteer=gazetteer, fast=fast, tokenizer=tokenizer, tokenizer_model=tokenizer_model
    )
    return _told(article, settings)[1]


def explain(
    article: Article | str | Path,
    *,
    vocabulary: str | Path | None = None,
    gazetteer: str | Path | None = None,
    tokenizer: str = "lac",
    tokenizer_model: str | Path | None = None,
    fast: bool = False,
) -> Explained:
    """One article with all that is read from it marked in its text, and why: as ``kg extract --explain``.

    Arguments and errors as for ``extract``.
    """
    from kg.view import Explained

    settings = Settings.of(
        vocabulary=vocabulary, gazetteer=gazetteer, fast=fast, tokenizer=tokenizer, tokenizer_model=tokenizer_model
    )
    return Explained(*_told(article, settings))


def _told(article: Article | str | Path, settings: Settings) -> tuple[Article, ArticleRecord]:
    from kg.pipeline import extract_records
    from kg.read import read_article

    read = article if isinstance(article, Article) else read_article(article)
    (record,) = extract_records([read], settings)
    return read, record
