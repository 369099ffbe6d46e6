"""The reading view: an article's clean text with its spans, and the same spans in the original file."""

from __future__ import annotations

from pathlib import Path

from kg.errors import UsageError
from kg.graph.rdf.mapping import article_iri
from kg.graph.store.manifest import Entry
from kg.model import Article, ArticleRecord, DateValue, Outcome, Practice, Value, text_hash
from kg.model.iri import derived_iri
from kg.read import read_articles
from kg.read.names import on_disk
from kg.serve.answers import ArticleHead, ArticlePractice, ArticleText, Mark, Original
from kg.serve.opened.store import ServedStore
from kg.serve.reading.practice import article_head
from kg.view.graph import ArticleNote

__all__ = ["original", "reading"]


def reading(store: ServedStore, file: str) -> ArticleText:
    """An article with its marks. Raises UsageError where the store has none of this name, or not its text."""
    record, text = _record_and_text(store, file)
    if text is None:
        raise UsageError("the store does not keep the text of this article", where=file, remedy="build with its text")
    ids = _ids(store, record)
    marks = [_mark(store, ids[p.id], slot, v, (v.start, v.end)) for p, slot, v in _values(record)]
    return ArticleText(
        article=_head(record),
        text=text,
        marks=sorted(marks, key=lambda mark: (mark.start, -mark.end)),
        practices=[
            ArticlePractice(id=ids[p.id], label=p.programme.text, only_here=store.catalogue.number(ids[p.id]) is None)
            for p in record.practices
        ],
        notes=list(record.notes),
        original=_original_path(store.entries[file]) is not None,
    )


def original(store: ServedStore, file: str) -> Original:
    """The original as it was decoded, with the same marks. Raises UsageError where the file is gone or was changed."""
    record, _ = _record_and_text(store, file)
    path = _original_path(store.entries[file])
    if path is None:
        raise UsageError("the original file is not where it was read", where=file, remedy="put it back and ask again")
    article = next(
        (
            each
            for each in read_articles([path], text_column=store.entries[file].column)
            if isinstance(each, Article) and each.content_hash == record.content_hash
        ),
        None,
    )
    if article is None:
        raise UsageError("the original file was changed since it was read", where=file, remedy="build the store again")
    ids = _ids(store, record)
    if text_hash(article.text) != record.text_hash:
        raise UsageError("the file is read differently now", where=file, remedy="build the store again")
    marks = [
        _mark(store, ids[p.id], slot, value, article.offsets.span(value.start, value.end))
        for p, slot, value in _values(record)
    ]
    return Original(
        file=file,
        text=article.original,
        encoding=article.encoding,
        media_type=article.media_type,
        marks=sorted(marks, key=lambda mark: (mark.start, -mark.end)),
    )


def _record_and_text(store: ServedStore, file: str) -> tuple[ArticleRecord, str | None]:
    try:
        return store.record_and_text(file)
    except KeyError:
        raise UsageError("no such article", where=file[:200], remedy="search for its title") from None


def _ids(store: ServedStore, record: ArticleRecord) -> dict[str, str]:
    """Id of a practice within the record → its id on the page."""
    article = article_iri(record.file, record.content_hash)
    catalogue = store.catalogue
    return {
        p.id: catalogue.short(catalogue.stored(p.identity or derived_iri("practice", article, p.id)))
        for p in record.practices
    }


def _values(record: ArticleRecord) -> list[tuple[Practice, str, Value]]:
    return [(practice, slot, value) for practice in record.practices for slot, value in practice.values()]


def _mark(store: ServedStore, practice: str, slot: str, value: Value, span: tuple[int, int]) -> Mark:
    return Mark(
        start=span[0],
        end=span[1],
        slot=slot,
        practice=practice,
        label=_meaning(store, value),
        rule=value.rule,
        confidence=round(value.confidence, 4),
        inferred=value.inferred,
    )


def _meaning(store: ServedStore, value: Value) -> str:
    if isinstance(value, Outcome):
        sign = "" if value.comparator == "=" else value.comparator
        return f"{sign}{value.value:,.12g} {value.unit}{f' · {value.what}' if value.what else ''}"
    if isinstance(value, DateValue):
        return value.iso or ""
    if value.concept and not value.candidate:
        concept = store.catalogue.concept(store.catalogue.stored(value.concept))
        return concept.zh if concept else ""
    return ""


def _head(record: ArticleRecord) -> ArticleHead:
    return article_head(
        ArticleNote("", record.file, record.title, record.publisher, record.published, record.url, record.duplicate_of)
    )


def _original_path(entry: Entry) -> Path | None:
    """Where the article was read from, if that is still there."""
    path = on_disk(entry.path) if entry.path else None
    return path if path is not None and path.is_file() else None
