"""The proof that a record says what its article says, down to the characters of the original file."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg.model import Article, ArticleRecord, text_hash

__all__ = ["Finding", "SourceProof", "Spans", "check_source", "check_spans"]

_DAMAGE = set("\ufffd?`")
"""Signs of a damage that reading repaired: what stands there in the file is not what stood there once."""


@dataclass(frozen=True)
class Finding:
    """Something that does not hold."""

    file: str
    place: str
    """Where in the record, the text or the graph."""
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.what}"


@dataclass(frozen=True)
class Spans:
    """A span that a record claims: where it says so, the words, and their place in the clean text and the file."""

    place: str
    text: str
    start: int
    end: int
    source: dict[str, Any] | None = None
    value: bool = True
    """False for the places of regions: the record does not say where in the file they stand, the offset map alone does."""
    short: bool = False
    """The text may name it shorter (恭城县 for 恭城瑶族自治县): its characters stand in the name, in their order."""

    def held_by(self, words: str) -> bool:
        """Whether these words of the clean text are those of the span."""
        rest = iter(self.text)
        return words == self.text or (self.short and bool(words) and all(sign in rest for sign in words))


def spans(record: ArticleRecord) -> Iterator[Spans]:
    """All spans of a record: of its values, its regions, and the levels of their paths."""
    for practice in record.practices:
        for slot, value in practice.values():
            place = f"practice {practice.id}, {slot}, {value.start}–{value.end}"
            yield Spans(place, value.text, value.start, value.end, value.source)
    for region in record.regions:
        if region.start is not None and region.end is not None:
            place = f"region {region.name}, {region.start}–{region.end}"
            yield Spans(place, region.name, region.start, region.end, value=False)
        for level in region.levels:
            if level.start is not None and level.end is not None:
                place = f"region {region.name}, {level.level}, {level.start}–{level.end}"
                yield Spans(place, level.name, level.start, level.end, value=False, short=True)


def check_spans(record: ArticleRecord, text: str) -> list[Finding]:
    """Whether each span of the record holds its words in the clean text."""
    if text_hash(text) != record.text_hash:
        return [Finding(record.file, "text", "the clean text is not the one that the record was made from")]
    found = []
    for span in spans(record):
        held = text[span.start : span.end]
        if not span.held_by(held):
            found.append(Finding(record.file, span.place, f"the text holds {held!r}, the record says {span.text!r}"))
    return found


@dataclass
class SourceProof:
    """What following the spans into the original file showed."""

    checked: int = 0
    repaired: int = 0
    """Spans over characters that were damaged in the file and that reading repaired."""
    findings: tuple[Finding, ...] = ()


def check_source(record: ArticleRecord, article: Article) -> SourceProof:
    """Whether each span leads to its words in the original file, read anew.

    The characters of the original must be those of the clean text, save for what cleaning does: traditional to
    simplified, full width to half width, entities of HTML, and what is dropped between characters. A character of the
    clean text may stand for nothing in the original only if it is white space (a line break put in).
    """
    proof = SourceProof()
    found: list[Finding] = []
    if text_hash(article.text) != record.text_hash:
        found.append(Finding(record.file, "text", "reading the file anew gives another clean text"))
    else:
        for span in spans(record):
            proof.checked += 1
            wrong, repaired = _follow(span, article)
            proof.repaired += repaired
            found += [Finding(record.file, span.place, what) for what in wrong]
    proof.findings = tuple(found)
    return proof


def _follow(span: Spans, article: Article) -> tuple[list[str], bool]:
    if not 0 <= span.start <= span.end <= len(article.text):
        return [f"the span lies outside the text of {len(article.text)} characters"], False
    right = article.source(span.start, span.end).as_dict()
    if span.value and span.source is None:
        return ["the record does not say where it stands in the file"], False
    if span.source is not None and dict(span.source) != right:
        return [f"the record leads to {span.source}, the words stand at {right}"], False
    repaired = False
    for at in range(span.start, span.end):
        clean, original = article.text[at], article.original[slice(*article.offsets.span(at, at + 1))]
        # Only a break or a space that cleaning put in may stand for nothing in the file.
        if clean == original or _folded(clean) == _folded(original):
            continue
        if _DAMAGE & set(original):
            repaired = True
        else:
            return [f"{clean!r} at {at} leads to {original!r} in the file"], False
    return [], repaired


@cache
def _folded(text: str) -> str:
    """What two spellings of the same characters have in common."""
    plain = unicodedata.normalize("NFKC", html.unescape(text))
    return "".join(_simplified(c) for c in plain if not c.isspace())


@cache
def _simplified(character: str) -> str:
    return str(_converter().convert(character))


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
