"""Station 2 as a spaCy pipeline: ``nlp.pipe_names`` reads like the way of the data.

    words (the tokenizer) → quotations → figures → dates → phrases → practices → record

Each component is a factory of spaCy's registry, so that a researcher can print the pipeline, add a component, replace one
or switch one off. What the components find stands on ``doc._.page``; the record on ``doc._.record``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from kg.extract.dates import find_dates
from kg.extract.figures.find import find_figures
from kg.extract.learned.links import Judge
from kg.extract.learned.parts import learned
from kg.extract.learned.phrases import PhraseTable, phrase_table
from kg.extract.practices.assemble import assemble
from kg.extract.records import to_record
from kg.extract.text.page import Page
from kg.extract.text.quotes import find_quotations
from kg.extract.text.threads import on_one_thread
from kg.extract.text.words import bare_pages
from kg.model import Article, ArticleRecord, OffsetMap

__all__ = ["COMPONENTS", "extract", "extract_all", "load"]

COMPONENTS = ("quotations", "figures", "dates", "phrases", "practices", "record")
"""The pipeline after the tokenizer, in order."""

_BATCH = 20_000
"""Characters that go through the encoder together: 80 MB of hidden states at the most, one long article apart."""
_LONGEST = 40_000
"""Characters of an article that are looked at: ten times the longest report that was seen, and bounded time and memory
for a file that holds a whole year's."""


@Language.component("quotations")
def quotations(doc: Doc) -> Doc:
    """Finds what stands between quotation marks."""
    page: Page = doc._.page
    page.quotations = find_quotations(page.text, page.layout)
    return doc


@Language.component("figures")
def figures(doc: Doc) -> Doc:
    """Reads every number with its unit and comparator."""
    page: Page = doc._.page
    page.found["figures"] = find_figures(page)
    return doc


@Language.component("dates")
def dates(doc: Doc) -> Doc:
    """Reads every date and resolves it against the day of publication."""
    page: Page = doc._.page
    page.found["dates"] = find_dates(page)
    return doc


@Language.factory("phrases", default_config={"fast": False})
def phrases(nlp: Language, name: str, fast: bool) -> Callable[[Doc], Doc]:
    """Scores every candidate phrase for every type; ``fast`` goes without the encoder."""
    models = learned(fast)

    def score(doc: Doc) -> Doc:
        page: Page = doc._.page
        table = phrase_table(page, models.encoder)
        with on_one_thread():
            scores, layer = models.phrases.read(table)
            telling = models.sentences.score(page, table, scores)
        page.found["phrases"] = Phrases(table, scores, telling, Judge(models.links, table, layer), models.least)
        page.found["confidence"] = models.confidence
        return doc

    return score


class Phrases(NamedTuple):
    """What the component ``phrases`` leaves for ``practices``."""

    table: PhraseTable
    scores: NDArray[np.float32]
    telling: NDArray[np.float32]
    links: Judge
    least: Mapping[str, float]


@Language.component("practices")
def practices(doc: Doc) -> Doc:
    """Decides what the practices are and what belongs to each; shows it as ``doc.spans["phrases"]`` and ``doc.ents``."""
    page: Page = doc._.page
    found: Phrases = page.found["phrases"]
    with on_one_thread():
        drafts = page.found["practices"] = assemble(page, *found, page.found.get("dates", ()))
    phrases = {mention for draft in drafts for mention in draft.mentions}
    phrases |= {one.phrase for draft in drafts for values in draft.values.values() for one in values}
    phrases |= {draft.region.phrase for draft in drafts if draft.region}
    spans = [
        doc.char_span(phrase.start, phrase.end, label=phrase.kind, alignment_mode="expand")
        for phrase in sorted(phrases, key=lambda phrase: (phrase.start, phrase.end, phrase.kind))
    ]
    doc.spans["phrases"] = [span for span in spans if span is not None]
    doc.ents = filter_spans(
        [Span(doc, s.start, s.end, label=s.label_) for s in doc.spans["phrases"] if s.label_ == "region"]
    )
    return doc


@Language.component("record")
def record(doc: Doc) -> Doc:
    """Writes the practice record, each value with its span and its rule."""
    if doc._.article is not None:
        page: Page = doc._.page
        doc._.record = to_record(doc._.article, page, page.found["practices"], page.found["confidence"])
    return doc


def load(tokenizer: str = "lac", *, model: str | None = None, fast: bool = False) -> Language:
    """The extraction as a spaCy ``Language``.

    ``tokenizer`` is one of ``kg.model.tokenizers.OWN_TOKENIZERS``: ``lac`` (the default), ``pkuseg`` (``model`` names the folder
    of a model of yours), ``char``, or the name of an installed spaCy model such as ``zh_core_web_sm``. Raises ``UsageError``
    for an unknown one, or where what it needs is not installed. ``fast`` goes without the transformer: several times faster,
    less accurate (docs/quality.md has both).

    The pipeline alone resolves no places and no concepts: its records have the words of the article, without paths, codes
    and concepts. ``kg.extract`` gives the whole record.

    >>> load().pipe_names
    ['quotations', 'figures', 'dates', 'phrases', 'practices', 'record']
    """
    settings = {"@tokenizers": "kg.words.v1", "name": tokenizer, "model": model}
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": settings}})
    for name in COMPONENTS:
        nlp.add_pipe(name, config={"fast": fast} if name == "phrases" else {})
    return nlp


@cache
def _shared() -> Language:
    return load()


def extract(article: Article, nlp: Language | None = None) -> ArticleRecord:
    """The record of one article (station 2 alone: places and concepts are resolved by station 3)."""
    return next(extract_all([article], nlp))


def extract_all(articles: Iterable[Article], nlp: Language | None = None) -> Iterator[ArticleRecord]:
    """The records of many articles, in their order; batches share encoder runs, and no result depends on a neighbour."""
    pipeline = nlp or _shared()
    for batch in _batches(articles):
        for doc in pipeline.pipe(_docs(pipeline, batch)):
            yield doc._.record


def _docs(nlp: Language, batch: list[Article]) -> Iterator[Doc]:
    words: Any = nlp.tokenizer
    heads = [_head(article) for article in batch]
    for whole, head, page in zip(batch, heads, bare_pages(heads, words.segment), strict=True):
        article = whole
        if head is not whole:
            sizes = f"{len(whole.text)} characters; practices were looked for in the first {len(head.text)}"
            article = replace(whole, notes=(*whole.notes, f"the article has {sizes}"))
        doc = words.doc(page)
        doc._.article = article
        yield doc


def _head(article: Article) -> Article:
    """The article itself, or of one that is too long what ends with the last paragraph or sentence within the limit."""
    text = article.text
    if len(text) <= _LONGEST:
        return article
    end = text.rfind("\n", _LONGEST // 2, _LONGEST)
    if end < 0:
        end = max((text.rfind(mark, _LONGEST // 2, _LONGEST) for mark in "。！？；"), default=-1) + 1 or _LONGEST
    offsets = OffsetMap(article.offsets.starts[:end], article.offsets.ends[:end])
    return replace(article, text=text[:end], offsets=offsets)


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    size = 0
    for article in articles:
        length = min(len(article.text), _LONGEST)
        if batch and size + length > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(article)
        size += length
    if batch:
        yield batch
