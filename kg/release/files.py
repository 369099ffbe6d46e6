"""The data files of a release: path within the folder → pieces of bytes, the same for the same store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.graph.rdf.mapping import article_iri
from kg.graph.rdf.sentences import sentence_span
from kg.graph.rdf.shapes import ontology_turtle, shapes_turtle
from kg.model import ArticleRecord, Value
from kg.model.iri import BASE
from kg.release.contents import CONCEPTS, RECORDS, Contents
from kg.view import ConceptLabel
from kg.view.graph import PracticeGraph
from kg.view.rdf import nquads_pieces
from kg.view.table import STATEMENT_COLUMNS, columns, csv_pieces, statement_rows, table_rows

__all__ = ["ARTICLE_COLUMNS", "CONCEPT_COLUMNS", "data_files", "quoted_share"]

ARTICLE_COLUMNS = (
    "article", "file", "title", "publisher", "published", "url", "repost_of", "practices", "characters",
    "content_hash", "text_hash", "text",
)  # fmt: skip
CONCEPT_COLUMNS = ("concept", "zh", "en", "broader", "candidate")
_QUOTING = ("ontology#sentence>", "oa#prefix>", "oa#suffix>")
"""Ends of the predicates that carry more of the text than the words of a value."""


def data_files(
    contents: Contents, graph: PracticeGraph, quads: Iterable[str], base: str, *, texts: bool, sentences: bool
) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield the data files, each as the pieces that make it.

    Parameters
    ----------
    graph : the practice graph under the store's ``base``; ``quads`` are the store's sorted N-Quads lines.
    texts : with the clean text of every article; ``sentences`` : with the sentence around every value.
    """
    yield "data/practices.csv", _practices(graph, sentences=sentences)
    yield "data/statements.csv", _statements(graph, sentences=sentences)
    yield "data/articles.csv", _articles(contents, base, texts=texts)
    yield CONCEPTS, _concepts(contents, base)
    records = sorted((record for record, _ in contents.told), key=lambda record: (record.file, record.content_hash))
    yield RECORDS, (f"{record.to_json()}\n".encode() for record in records)
    kept = (line for line in quads if sentences or not line.split(" ", 2)[1].endswith(_QUOTING))
    yield "graph/graph.nq", nquads_pieces(kept)
    yield "graph/ontology.ttl", [ontology_turtle(base).encode("utf-8")]
    yield "graph/shapes.ttl", [shapes_turtle(base).encode("utf-8")]
    if texts:
        kept_texts = {_text_file(record): text for record, text in contents.told if text is not None}
        for path, text in kept_texts.items():  # once, where two articles have the same
            yield path, [text.encode("utf-8")]


def quoted_share(contents: Contents, *, sentences: bool) -> float | None:
    """Share of the characters of all texts that a release quotes; None where no text is kept."""
    characters = quoted = 0
    for record, text in contents.told:
        if not text:
            continue
        held: set[int] = set()
        for practice in record.practices:
            for _, value in practice.values():
                start, end = sentence_span(text, value.start, value.end) if sentences else (value.start, value.end)
                held.update(range(start, end))
        characters += len(text)
        quoted += len(held)
    return quoted / characters if characters else None


def _practices(graph: PracticeGraph, *, sentences: bool) -> Iterator[bytes]:
    names = [column.id for column in columns()]
    rows = ([row[name] if sentences or name != "sentences" else "" for name in names] for row in table_rows(graph))
    return csv_pieces(names, rows)


def _statements(graph: PracticeGraph, *, sentences: bool) -> Iterator[bytes]:
    def cells() -> Iterator[list[str]]:
        for row in statement_rows(graph):
            if not sentences:  # the words alone, with their place in the article
                row |= {"sentence": "", "sentence_start": "", "sentence_end": ""}
            yield [row[name] for name in STATEMENT_COLUMNS]

    return csv_pieces(STATEMENT_COLUMNS, cells())


def _articles(contents: Contents, base: str, *, texts: bool) -> Iterator[bytes]:
    rows = []
    for record, text in sorted(contents.told, key=lambda pair: (pair[0].file, pair[0].content_hash)):
        iri = article_iri(record.file, record.content_hash)
        told = [record.title, record.publisher, record.published, record.url, record.duplicate_of]
        numbers = [str(len(record.practices)), "" if text is None else str(len(text))]
        kept = _text_file(record) if texts and text is not None else ""
        hashes = [record.content_hash, record.text_hash, kept]
        rows.append([_under(iri, base), record.file, *(cell or "" for cell in told), *numbers, *hashes])
    return csv_pieces(ARTICLE_COLUMNS, rows)


def _concepts(contents: Contents, base: str) -> Iterator[bytes]:
    words: dict[str, str] = {}
    candidates: set[str] = set()
    for value in _values(contents):
        if value.concept:
            words[value.concept] = min(value.text, words.get(value.concept, value.text))
            if value.candidate:
                candidates.add(value.concept)
    found, used = set[str](), set(words)
    while used:
        found |= used
        above = {contents.labels[iri].broader for iri in used if iri in contents.labels}
        used = {iri for iri in above if iri} - found
    rows = []
    for iri in sorted(found):
        # What the vocabulary does not name is called as the articles do: of several wordings the one the graph shows.
        label = contents.labels.get(iri) or ConceptLabel(words.get(iri, ""))
        broader = _under(label.broader, base) if label.broader else ""
        rows.append([_under(iri, base), label.zh, label.en or "", broader, "true" if iri in candidates else "false"])
    return csv_pieces(CONCEPT_COLUMNS, rows)


def _values(contents: Contents) -> Iterator[Value]:
    return (value for record, _ in contents.told for practice in record.practices for _, value in practice.values())


def _text_file(record: ArticleRecord) -> str:
    # By the hash: a file's own name may not be one on another system.
    return f"texts/{record.text_hash[:16]}-{record.content_hash[:8]}.txt"


def _under(iri: str, base: str) -> str:
    """The IRI of a record (under the product's own base) as the store has it."""
    return base + iri[len(BASE) :] if iri.startswith(BASE) else iri
