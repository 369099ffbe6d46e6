"""The forms of all answers: what the documentation of the API (OpenAPI) is made from."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

__all__ = [
    "ArticleHead",
    "ArticlePractice",
    "ArticleText",
    "Card",
    "CountedReference",
    "Disagreement",
    "Evidence",
    "Feature",
    "Level",
    "Likeness",
    "Mark",
    "Original",
    "PracticePage",
    "PracticeValue",
    "Problem",
    "Reference",
    "RegionLevel",
    "SearchResult",
    "Sentence",
    "Shared",
    "Suggestion",
    "Summary",
]

Feature = Literal["format", "audience", "topic"]
Level = Literal["province", "prefecture", "county"]


class Problem(BaseModel):
    """What is wrong with a request, where, and what to do."""

    what: str
    where: str | None = None
    remedy: str | None = None


class Reference(BaseModel):
    """A thing by its id and label."""

    id: str
    label: str
    label_en: str | None = None


class CountedReference(Reference):
    """A value with the number of practices that have it (or a narrower one)."""

    practices: int
    path: list[str] = []
    """Of a region: the names from the province down."""
    level: str = ""


class Sentence(BaseModel):
    """A sentence with the words that count in it; ``start`` and ``end`` are code points, equal where none do."""

    text: str
    start: int = 0
    end: int = 0


class Card(BaseModel):
    """A practice in a list."""

    id: str
    label: str
    place: list[str]
    """Names from the province down; empty where it is not known."""
    first_day: str
    """ISO 8601 day, month or year of the first report or date; empty where none is told."""
    planned: bool
    confidence: float
    """Of the practice's name."""
    articles: int
    formats: list[Reference]
    sentence: Sentence | None


class Suggestion(CountedReference):
    """A place, a concept or an article whose name holds the words that are searched for."""

    kind: str
    """region, format, audience, topic or article (then ``id`` is its file)."""


class SearchResult(BaseModel):
    """Practices that fit, and how many of them have which value; every filter but a kind's own counts for its numbers."""

    total: int
    offset: int
    cards: list[Card]
    facets: dict[str, list[CountedReference]]
    years: dict[str, int]
    planned: int
    achieved: int
    suggestions: list[Suggestion]
    text_ready: bool
    """False while the index of the sentences is still being made: then only names are searched."""
    milliseconds: float


class RegionLevel(BaseModel):
    """One level of a place."""

    id: str
    name: str
    level: str
    stated: bool


class ArticleHead(BaseModel):
    """What names an article."""

    file: str
    title: str
    publisher: str
    published: str
    url: str | None = None
    """Only where it begins with http: or https:."""
    repost_of: str | None = None


class Evidence(BaseModel):
    """Words: ``sentence[sentence_start:sentence_end]``, and from ``start`` to ``end`` in the article's clean text."""

    sentence: str
    sentence_start: int
    sentence_end: int
    file: str
    start: int
    end: int
    also: list[str]
    """Files of articles that repost the sentence."""
    rule: str
    confidence: float
    inferred: bool


class PracticeValue(BaseModel):
    """One value of a practice with all its evidence."""

    slot: str
    text: str
    """As the article has it."""
    label: str
    label_en: str | None
    id: str | None
    """Of the concept, region or organisation."""
    candidate: bool
    inferred: bool
    detail: dict[str, str | float]
    evidence: list[Evidence]


class Disagreement(BaseModel):
    """Values of one practice that cannot all be right, or that count differently."""

    about: str
    """Unit and counted thing of figures, role of dates, or ``region``."""
    slot: str
    values: list[int]
    """Indices into the practice's values."""
    between_articles: bool
    """False where one article alone says both."""


class PracticePage(BaseModel):
    """All that is known of one practice."""

    id: str
    iri: str
    label: str
    named: bool
    planned: bool
    path: list[RegionLevel]
    first_day: str
    confidence: float
    values: list[PracticeValue]
    part_of: Reference | None
    parts: list[Reference]
    disagreements: list[Disagreement]
    articles: list[ArticleHead]
    cite: str


class Shared(Reference):
    """A feature that two practices share, and how many practices have it."""

    kind: str
    practices: int


class Likeness(BaseModel):
    """A near practice elsewhere and the reasons."""

    id: str
    label: str
    place: str
    similarity: float = Field(ge=0, le=1)
    shared: list[Shared]


class Mark(BaseModel):
    """A span of a text with what was read from it; ``start`` and ``end`` count code points."""

    start: int
    end: int
    slot: str
    practice: str
    """Id of the practice."""
    label: str
    """Concept, figure or date that the words stand for; empty where they stand for themselves."""
    rule: str
    confidence: float
    inferred: bool


class ArticlePractice(Reference):
    """A practice of an article."""

    only_here: bool
    """True where no article but a repost tells of it: it is not counted and has no page."""


class ArticleText(BaseModel):
    """An article's clean text and all that was read from it."""

    article: ArticleHead
    text: str
    marks: list[Mark]
    practices: list[ArticlePractice]
    notes: list[str]
    original: bool
    """Whether the original file is still where it was read."""


class Original(BaseModel):
    """The decoded original with the places that the marks of the clean text lead to."""

    file: str
    text: str
    encoding: str | None
    media_type: str
    marks: list[Mark]


class Summary(BaseModel):
    """What is in the graph."""

    practices: int
    planned: int
    articles: int
    reposts: int
    provinces: int
    first: str
    last: str
    top: dict[str, list[CountedReference]]
    """Kind → the values that most practices have."""
    years: dict[str, int]
    text_ready: bool
    stale: bool
    """True where a later build of the store has ended since the page was started."""
    cite: str
    version: str
    base: str
