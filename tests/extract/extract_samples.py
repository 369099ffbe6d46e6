"""What the extraction tests share: invented texts, and articles made of them."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from kg.extract.text.layout import lay_out
from kg.extract.text.page import Page
from kg.extract.text.quotes import find_quotations
from kg.model import Article, ArticleRecord, OffsetMap, Region
from kg.read import read_articles

PROJECT = Path(__file__).parents[2]

TITLE = "柳溪街道：“邻里课堂”开到家门口"
LEAD = (
    "今年3月以来，江苏省苏州市姑苏区柳溪街道开办“邻里课堂”，每周五晚上在社区活动室集中授课，"
    "邀请律师为辖区老年人讲解防诈骗知识，累计600余人次参加。"
)
SECOND = "“听得懂，用得上。”居民王阿姨说，课堂还开通了线上直播，足不出户也能听课。"
THIRD = "下一步，柳溪街道将把课堂开到每一个小区。"
PLAIN = "\n".join([TITLE, LEAD, SECOND, THIRD])
"""An article whose one named practice nobody can miss."""


def article(
    text: str, file: str = "sample.txt", published: str | None = "2024-05-20", title: str | None = None
) -> Article:
    """An article that was read without any cleaning: each character leads to itself."""
    starts, ends = array("L", range(len(text))), array("L", range(1, len(text) + 1))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    span = (0, len(title)) if title and text.startswith(title) else None
    return Article(file, text, text, OffsetMap(starts, ends), digest, published=published, title=title, title_span=span)


def bare_page(text: str, title: tuple[int, int] | None = None) -> Page:
    """A page with its layout and quotations alone: what needs no words is tested without them."""
    layout = lay_out(text, title)
    return Page(text, layout, [], np.zeros((len(text), 0), np.float32), find_quotations(text, layout))


@cache
def sample_articles() -> Sequence[Article]:
    """The articles of data/articles, read once."""
    return [one for one in read_articles([PROJECT / "data" / "articles"]) if isinstance(one, Article)]


def unfaithful(record: ArticleRecord, source: Article) -> list[str]:
    """What of a record does not stand in the article, or leads to other characters of its original than the offsets say."""
    wrong = []
    for practice in record.practices:
        for slot, value in practice.values():
            if source.text[value.start : value.end] != value.text:
                wrong.append(f"{practice.id} {slot} {value.text!r} is not at {value.start}–{value.end}")
            if value.source != source.source(value.start, value.end).as_dict():
                wrong.append(f"{practice.id} {slot} {value.text!r} leads to {value.source}")
        if practice.part_of and practice.part_of.practice not in {one.id for one in record.practices}:
            wrong.append(f"{practice.id} is part of {practice.part_of.practice}, which is not there")
    wrong += [f"region {one.name!r}" for one in record.regions if not _stands(one, source)]
    return wrong


def _stands(region: Region, source: Article) -> bool:
    return region.start is None or source.text[region.start : region.end] == region.name
