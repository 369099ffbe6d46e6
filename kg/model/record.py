"""The practice record: what one article yields (one JSON object per article and line).

The form is that of the gold annotations, with objects where those have strings. Records are immutable; a station that
knows more returns a copy (``record.model_copy(update=…)``).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kg.model.article import Article
from kg.model.shown import record_html

__all__ = [
    "SLOTS",
    "ArticleRecord",
    "DateValue",
    "Outcome",
    "PartOf",
    "PlaceLevel",
    "Practice",
    "Region",
    "RegionValue",
    "Value",
    "text_hash",
]

SLOTS = ("formats", "audiences", "topics", "organisers", "partners", "venues", "channels")
"""The slots of a practice that hold plain values, in the order of the record."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Value(_Frozen):
    """Words of the article that fill a slot: ``text`` is the clean text from ``start`` to ``end``, never reworded."""

    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    source: dict[str, Any] | None = None
    """The same words in the original file (``SourceSpan.as_dict``)."""
    concept: str | None = None
    """IRI of the SKOS concept; a candidate's IRI where no concept of the schemes fits."""
    candidate: bool = False
    rule: str
    """Id of the rule or model that found it."""
    inferred: bool = False
    """True where the article does not say it of this practice itself (a region taken over from the headline)."""
    confidence: float = Field(default=1.0, ge=0.0, le=1.0)

    @model_validator(mode="after")
    def _span_has_length_of_text(self) -> Value:
        if self.end - self.start != len(self.text):
            raise ValueError(f"span {self.start}–{self.end} cannot hold {len(self.text)} characters: {self.text!r}")
        return self


class Outcome(Value):
    """A figure that the practice produced or reached; ``text`` is the clause that reports it."""

    value: float
    unit: str
    comparator: Literal["=", ">", "<", "~"] = "="
    what: str | None = None
    modality: Literal["achieved", "planned", "quoted"] = "achieved"
    period: str | None = None
    """ISO 8601 date or interval that the figure covers, where the text says it."""


class DateValue(Value):
    """A date of the practice; ``iso`` is None where the article gives nothing to resolve it against."""

    iso: str | None = None
    role: Literal["start", "held", "opened", "period", "recurrence"] = "held"


class RegionValue(Value):
    """The place of a practice, pointing at an entry of the article's ``regions`` by its name in the text."""


class PartOf(_Frozen):
    """The practice of the same article that this one is a part of."""

    text: str
    practice: str
    """Its ``id``."""
    rule: str = ""
    confidence: float = Field(default=1.0, ge=0.0, le=1.0)


class PlaceLevel(_Frozen):
    """One level of an administrative path, province first."""

    name: str
    """Official name (合肥市 where the text says 合肥)."""
    level: Literal["province", "prefecture", "county", "township", "village", "zone"]
    code: str | None = None
    code_source: str | None = None
    stated: bool
    """True where the article (its text, headline, dateline or publisher) names it; False where the gazetteer filled it in."""
    start: int | None = None
    end: int | None = None
    """Where the article's text names it, if it does."""


class Region(_Frozen):
    """A place where a practice of the article is carried out."""

    name: str
    """As it stands in the text."""
    path: tuple[str, ...] | None = None
    """Official names from the province down; None where resolution abstained."""
    code: str | None = None
    levels: tuple[PlaceLevel, ...] = ()
    start: int | None = None
    end: int | None = None
    rule: str = ""
    confidence: float = Field(default=1.0, ge=0.0, le=1.0)
    note: str | None = None
    """Why resolution abstained or doubts, for a reader."""

    @property
    def county(self) -> tuple[str, ...]:
        """The path down to the county or zone, or to the city where it has none (东莞市); by three names without levels."""
        path = self.path or ()
        if len(self.levels) != len(path):
            return path[:3]
        return tuple(level.name for level in self.levels if level.level not in ("township", "village"))


class Practice(_Frozen):
    """One practice of one article."""

    id: str
    """Unique within the article: ``p1``, ``p2`` … in the order of the text."""
    programme: Value
    named: bool = True
    region: RegionValue | None = None
    part_of: PartOf | None = None
    formats: tuple[Value, ...] = ()
    audiences: tuple[Value, ...] = ()
    topics: tuple[Value, ...] = ()
    organisers: tuple[Value, ...] = ()
    partners: tuple[Value, ...] = ()
    venues: tuple[Value, ...] = ()
    channels: tuple[Value, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    dates: tuple[DateValue, ...] = ()
    planned: bool = False
    identity: str | None = None
    """IRI of the practice across articles (given by resolution)."""

    def values(self) -> list[tuple[str, Value]]:
        """All (slot, value) pairs of the practice, the programme's name and the region among them."""
        pairs: list[tuple[str, Value]] = [("programme", self.programme)]
        if self.region:
            pairs.append(("region", self.region))
        for slot in (*SLOTS, "outcomes", "dates"):
            pairs += [(slot, value) for value in getattr(self, slot)]
        return pairs


def text_hash(text: str) -> str:
    """SHA-256 of a clean text in UTF-8, hexadecimal: what a record was made from."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class ArticleRecord(_Frozen):
    """All that one article yields, with what identifies the article."""

    file: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    author: str | None = None
    url: str | None = None
    content_hash: str
    """SHA-256 of the original bytes."""
    text_hash: str
    """SHA-256 of the clean text (UTF-8): what the spans count in."""
    media_type: str = "text/plain"
    encoding: str | None = None
    duplicate_of: str | None = None
    regions: tuple[Region, ...] = ()
    practices: tuple[Practice, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, article: Article, practices: tuple[Practice, ...], notes: tuple[str, ...]) -> ArticleRecord:
        """The record of an article with these practices; its places are filled in by resolution."""
        return cls(
            file=article.file,
            title=article.title,
            publisher=article.publisher,
            published=article.published,
            author=article.author,
            url=article.url,
            content_hash=article.content_hash,
            text_hash=text_hash(article.text),
            media_type=article.media_type,
            encoding=article.encoding,
            duplicate_of=article.duplicate_of,
            practices=practices,
            notes=notes,
        )

    def region_of(self, value: RegionValue) -> Region | None:
        """The place that a practice's region means: of several of one name the one that stands there, else the first."""
        called = [region for region in self.regions if region.name == value.text]
        return next((region for region in called if region.start == value.start), called[0] if called else None)

    def above(self, confidence: float) -> ArticleRecord:
        """The record without the values, regions of practices and practices whose confidence lies below a bound."""
        if confidence <= 0:
            return self
        kept = [practice for practice in self.practices if practice.programme.confidence >= confidence]
        ids = {practice.id for practice in kept}
        practices = []
        for practice in kept:
            update: dict[str, Any] = {
                slot: tuple(value for value in getattr(practice, slot) if value.confidence >= confidence)
                for slot in (*SLOTS, "outcomes", "dates")
            }
            if practice.region and practice.region.confidence < confidence:
                update["region"] = None
            if practice.part_of and practice.part_of.practice not in ids:
                update["part_of"] = None
            practices.append(practice.model_copy(update=update))
        return self.model_copy(update={"practices": tuple(practices)})

    def _repr_html_(self) -> str:
        return record_html(self)

    def to_json(self) -> str:
        """The record as one line of JSON, keys in a fixed order, absent optional fields left out."""
        plain = self.model_dump(mode="json", exclude_none=True)
        for field in ("title", "publisher", "published"):
            plain.setdefault(field, None)
        for region in plain["regions"]:
            region.setdefault("path", None)
        for practice in plain["practices"]:
            practice.setdefault("part_of", None)
            practice.setdefault("region", None)
        order = list(type(self).model_fields)
        return json.dumps(dict(sorted(plain.items(), key=lambda item: order.index(item[0]))), ensure_ascii=False)
