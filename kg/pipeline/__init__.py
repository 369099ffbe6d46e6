"""Stations 1 to 3 in a row: files in, records out; and ``build``, which puts them into a store."""

from kg.pipeline.build import build, build_store
from kg.pipeline.cache import Cache
from kg.pipeline.extraction import Unusable
from kg.pipeline.kept import Kept
from kg.pipeline.records import Extracted, as_article, extract_records, records

__all__ = [
    "Cache",
    "Extracted",
    "Kept",
    "Unusable",
    "as_article",
    "build",
    "build_store",
    "extract_records",
    "records",
]
