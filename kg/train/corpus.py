"""The annotated articles that training and evaluation read."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.extract.encoder import Encoder
from kg.extract.page import Page
from kg.extract.phrases import PhraseTable, phrase_table
from kg.extract.words import make_page
from kg.model import Article
from kg.read import read_articles
from kg.train.labels import Labels, label_article

__all__ = ["Annotated", "half_without", "load_corpus", "own_articles", "own_without", "shared_articles"]

DATA = Path(__file__).parent.parent.parent / "data"


@dataclass
class Annotated:
    """An article with its gold record."""

    origin: str
    """Name of the set it is from."""
    article: Article
    gold: dict[str, Any]

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
    """The articles of a folder that a gold file annotates, in the order of the gold file."""
    with gold.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines if line.strip()]
    wanted = {record["file"] for record in records}
    paths = sorted({folder / name.split("#")[0] for name in wanted})
    articles = {
        article.file: article
        for article in read_articles(paths)
        if isinstance(article, Article) and article.file in wanted
    }
    for record in records:
        if record["file"] in articles:
            yield Annotated(origin, articles[record["file"]], record)


def own_articles() -> list[Annotated]:
    """The project's own training corpus; the sample is never learnt from."""
    sets = [(gold.stem, gold, gold.with_suffix("")) for gold in sorted((DATA / "corpus").glob("*.jsonl"))]
    return [article for name, gold, folder in sets for article in load_corpus(name, gold, folder)]


def shared_articles(shared: Path) -> list[Annotated]:
    """The shared gold: seeds, press and broadcasts."""
    folders = {
        "seeds": "seeds",
        "press": "corpus/press",
        "broadcast": "corpus/broadcast",
        "broadcast-more": "corpus/broadcast-more",
    }
    return [
        article
        for name, folder in folders.items()
        for article in load_corpus(name, shared / "gold" / f"{name}.jsonl", shared / folder)
    ]


def half_without(articles: Sequence[Annotated], half: int) -> list[Annotated]:
    """Every second article; ``half`` (0 or 1) names those that are left out, so that each set is in both halves."""
    return list(articles[1 - half :: 2])


def own_without(own: Sequence[Annotated], unseen: Sequence[Annotated]) -> list[Annotated]:
    """The own articles that were not written after the pattern of an unseen one.

    The articles of two folders took a shared article each as their mould (``data/corpus/moulds.csv``): who learns from
    them knows the mould's build and what its reader made of it, and a score on it would flatter.
    """
    hidden = {article.article.file for article in unseen}
    with (DATA / "corpus" / "moulds.csv").open(encoding="utf-8", newline="") as lines:
        moulds = {row["file"]: row["mould"].split("|") for row in csv.DictReader(lines)}
    # "?": nobody knows which
    return [one for one in own if not {"?", *hidden} & set(moulds.get(one.article.file, ()))]
