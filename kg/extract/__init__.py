"""Station 2: from an article to its practice record, as one spaCy pipeline."""

from kg.extract.pipeline import COMPONENTS, extract, extract_all, load

__all__ = ["COMPONENTS", "extract", "extract_all", "load"]
