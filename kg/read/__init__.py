"""Station 1: from files to articles — clean text, what it says of itself, and the way back to every character."""

from kg.read.articles import FORMATS, read_article, read_articles
from kg.read.formats.plain import article_from_text
from kg.read.reposts import mark_reposts
from kg.read.source import ReadFailure

__all__ = ["FORMATS", "ReadFailure", "article_from_text", "mark_reposts", "read_article", "read_articles"]
