"""What passes from station to station: articles, their offset maps, and practice records."""

from kg.model.article import Article, OffsetMap, SourceSpan
from kg.model.record import (
    SLOTS,
    ArticleRecord,
    DateValue,
    Outcome,
    PartOf,
    PlaceLevel,
    Practice,
    Region,
    RegionValue,
    Value,
    text_hash,
)

__all__ = [
    "SLOTS",
    "Article",
    "ArticleRecord",
    "DateValue",
    "OffsetMap",
    "Outcome",
    "PartOf",
    "PlaceLevel",
    "Practice",
    "Region",
    "RegionValue",
    "SourceSpan",
    "Value",
    "text_hash",
]
