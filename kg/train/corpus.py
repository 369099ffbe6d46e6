"""The annotated articles that training and evaluation read."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.errors import UsageError
from kg.evaluate.gold import load_gold
from kg.extract.learned.encoder import Encoder
from kg.extract.learned.phrases import PhraseTable, phrase_table
from kg.extract.text.page import Page
from kg.extract.text.words import make_page
from kg.model import Article
from kg.read import read_articles
from kg.train.labels import Labels, label_article

__all__ = [
    "CORPUS",
    "REAL_MANNER",
    "Annotated",
    "fold_of",
    "fold_without",
    "load_corpus",
    "own_articles",
    "own_without",
    "shared_articles",
]

DATA = Path(__file__).parent.parent.parent / "data"
CORPUS = DATA / "corpus"
"""The project's own training corpus: ``NAME.jsonl`` is the gold of the texts in the folder ``NAME``."""
REAL_MANNER = "real"
"""The manner of annotating that the real articles' gold has."""
_CASTS = ("airtime", "columns")
"""Own sets to whose articles the gold of a real one each was carried over: they have its manner too."""
_REAL = 4
"""Times that a pass of training reads a real article: there are twenty-five of our own for each, and our writers draw formats and
topics a little otherwise than the reader of the real ones."""


@dataclass
class Annotated:
    """An article with its gold record."""

    origin: str
    """Name of the set it is from."""
    article: Article
    gold: dict[str, Any]
    times: int = 1
    """How often a pass of training reads it."""
    manner: str = ""
    """Whose manner of annotating its gold has: ``REAL_MANNER``, or one for each set of our own."""

    @cached_property
    def page(self) -> Page:
        return make_page(self.article)

    @cached_property
    def table(self) -> PhraseTable:
        return phrase_table(self.page)

    def read_with(self, encoder: Encoder | None) -> PhraseTable:
        """The table with this encoder's states."""
        states = encoder.read(self.page) if encoder else (None, None)
        return replace(self.table, states=states[0], pieces=states[1])

    @cached_property
    def labels(self) -> Labels:
        return label_article(self.page, self.gold, list(self.table.figures.values()))


def load_corpus(origin: str, gold: Path, folder: Path) -> Iterator[Annotated]:
    """The articles of a folder that a gold file annotates, in the order of the gold file.

    Raises UsageError where there is no gold, or an article of it cannot be read: a model of fewer articles is another one.
    """
    records = load_gold(gold)
    wanted = {record["file"] for record in records}
    paths = sorted({folder / name.split("#")[0] for name in wanted})
    articles = {
        article.file: article
        for article in read_articles(paths)
        if isinstance(article, Article) and article.file in wanted
    }
    if missing := sorted(wanted - articles.keys()):
        what = f"{len(missing)} of its {len(wanted)} articles cannot be read in {folder}, {missing[0]} is the first"
        raise UsageError(what, where=str(gold), remedy="check the folder of the texts")
    yield from (Annotated(origin, articles[record["file"]], record) for record in records)


def own_articles(corpus: Path = CORPUS) -> list[Annotated]:
    """The training corpus, the project's own or another that is laid out like it; the sample is never learnt from.

    Raises UsageError where a folder has no gold files, and as ``load_corpus`` does.
    """
    sets = [(gold.stem, gold, gold.with_suffix("")) for gold in sorted(corpus.glob("*.jsonl"))]
    if not sets:
        raise UsageError(
            "no gold files", where=str(corpus), remedy="name a folder with NAME.jsonl beside each folder NAME"
        )
    return [
        replace(article, manner=REAL_MANNER if name in _CASTS else name)
        for name, gold, folder in sets
        for article in load_corpus(name, gold, folder)
    ]


def shared_articles(shared: Path) -> list[Annotated]:
    """The real articles: seeds, press and broadcasts with the shared gold, then the broadcasts that came without, with ours.

    Raises UsageError as ``load_corpus`` does.
    """
    folders = {
        "seeds": "seeds",
        "press": "corpus/press",
        "broadcast": "corpus/broadcast",
        "broadcast-more": "corpus/broadcast-more",
    }
    with_gold = (
        article
        for name, folder in folders.items()
        for article in load_corpus(name, shared / "gold" / f"{name}.jsonl", shared / folder)
    )
    without = _came_without_gold(shared / "corpus" / "broadcast-unlabelled.jsonl")
    return [replace(article, times=_REAL, manner=REAL_MANNER) for article in (*with_gold, *without)]


def _came_without_gold(texts: Path) -> Iterator[Annotated]:
    gold = {record["file"]: record for record in load_gold(DATA / "gold" / "unlabelled-second-reader.jsonl")}
    for article in read_articles([texts]):
        if not isinstance(article, Article):
            raise article.error
        name = article.file.rpartition("#")[2]
        yield Annotated("broadcast-unlabelled", replace(article, file=name), gold[name])


def fold_of(articles: Sequence[Annotated], fold: int, folds: int) -> list[Annotated]:
    """Every ``folds``-th article from number ``fold`` (from 0) on, so that each set has articles in every fold."""
    return list(articles[fold::folds])


def fold_without(articles: Sequence[Annotated], fold: int, folds: int) -> list[Annotated]:
    """The articles that are not in ``fold_of``."""
    return [one for i, one in enumerate(articles) if i % folds != fold]


def own_without(own: Sequence[Annotated], unseen: Sequence[Annotated], corpus: Path = CORPUS) -> list[Annotated]:
    """The own articles that were not written after the pattern of an unseen one.

    The articles of three folders took a real article each as their mould (``data/corpus/moulds.csv``): who learns from
    them knows the mould's build and what its reader made of it, and a score on it would flatter. A corpus without such a
    file has no moulds.
    """
    file = corpus / "moulds.csv"
    if not file.exists():
        return list(own)
    hidden = {article.article.file for article in unseen}
    with file.open(encoding="utf-8", newline="") as lines:
        moulds = {row["file"]: row["mould"].split("|") for row in csv.DictReader(lines)}
    # "?": nobody knows which
    return [one for one in own if not {"?", *hidden} & set(moulds.get(one.article.file, ()))]
