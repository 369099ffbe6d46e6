"""``kg.extract("a.txt")`` gives the practice record of one article; the package holds the pipeline behind it.

``kg.extract(article, *, vocabulary=None, gazetteer=None, tokenizer="lac", tokenizer_model=None, fast=False)``: ``article``
is an ``Article``, or a file that holds one. ``vocabulary`` and ``gazetteer`` are files of concepts (Turtle) and places (CSV)
of your own. ``tokenizer`` cuts the words: lac, pkuseg (``tokenizer_model``: the folder of a model of yours), char, or an
installed spaCy model. ``fast`` goes without the transformer: several times faster, less accurate. Raises ``InputError`` or
``UsageError`` where the file cannot be read, or holds several articles (``kg.read_articles`` gives them).
``kg.verbs.extract`` is the same function.

Station 2: from an article to its practice record, as one spaCy pipeline. The functions of the package run this station
alone: no places, no concepts.
"""

from kg.extract.pipeline import COMPONENTS, extract, extract_all, load

__all__ = ["COMPONENTS", "extract", "extract_all", "load"]
