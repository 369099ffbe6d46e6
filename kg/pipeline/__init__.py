"""Stations 1 to 3 in a row: files in, records out; and ``build``, which puts them into a store."""

from kg.pipeline.build import build
from kg.pipeline.cache import Cache
from kg.pipeline.extraction import Extractor, Unusable, extractor
from kg.pipeline.inputs import own_file
from kg.pipeline.kept import Kept
from kg.pipeline.records import Extracted, as_article, extract_records, records

__all__ = [
    "Cache",
    "Extracted",
    "Extractor",
    "Kept",
    "Unusable",
    "as_article",
    "build",
    "extract_records",
    "extractor",
    "own_file",
    "records",
]
