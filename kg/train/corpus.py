"""The annotated articles that training and evaluation read."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
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

__all__ = ["Annotated", "add_unseen", "load_corpus", "unseen_articles"]


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


def add_unseen(parser: argparse.ArgumentParser) -> None:
    """The option that names annotated articles which the models were not trained on."""
    parser.add_argument(
        "--unseen",
        nargs=2,
        type=Path,
        action="append",
        required=True,
        metavar=("GOLD", "FOLDER"),
        help="annotated articles that the models were not trained on; may be given several times",
    )


def unseen_articles(sets: list[list[Path]]) -> list[Annotated]:
    """The articles that ``--unseen`` named."""
    return [article for gold, folder in sets for article in load_corpus(gold.stem, gold, folder)]
