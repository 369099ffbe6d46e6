"""Tasks and stations for the tests of workers: functions of a module, so that another process can find them."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sample_records import sample

from kg.model import Article, ArticleRecord
from kg.settings import Extractor, Settings


def square(number: int) -> int:
    return number * number


def chatter(number: int) -> int:
    print("a library that prints", flush=True)
    os.write(1, b"and one that writes past Python")
    return number


def refuse(number: int) -> int:
    if number == 3:
        raise ValueError("no threes")
    return number


def rest(number: int) -> int:
    time.sleep(60)
    return number


def pid(number: int) -> int:
    time.sleep(0.05)
    return os.getpid()


@dataclass(frozen=True)
class Once:
    """Ends its process the first time that it meets a number."""

    marker: Path
    number: int

    def __call__(self, number: int) -> int:
        if number == self.number and not self.marker.exists():
            self.marker.write_text("met", encoding="utf-8")
            os._exit(9)
        return number


def deadly(number: int) -> int:
    if number == 2:
        os._exit(9)
    return number


@dataclass(frozen=True)
class Station:
    """Stands for extraction; ends its process at files of one name, always or once."""

    deadly: str = ""
    marker: Path | None = None

    def __call__(self, articles: Sequence[Article]) -> list[ArticleRecord]:
        return [self._one(article) for article in articles]

    def _one(self, article: Article) -> ArticleRecord:
        if article.file == self.deadly and not (self.marker and self.marker.exists()):
            if self.marker:
                self.marker.write_text("met", encoding="utf-8")
            os._exit(9)
        record, text = sample(int(article.file[:3]))
        assert text == article.text
        practices = tuple(p.model_copy(update={"identity": None}) for p in record.practices)
        return record.model_copy(update={"file": article.file, "practices": practices})


@dataclass(frozen=True)
class WithStation(Settings):
    """The product's own settings, but that a station takes the place of the extraction, in each worker."""

    station: Station = Station()

    def digest(self) -> str:
        return Settings().digest()

    def extractor(self, digest: str | None = None) -> Extractor:
        return self.station
