"""From drafts to the practice record: every value with its span in the clean text and in the original file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

from kg.extract.dates import DateMention
from kg.extract.figures.counted import counted
from kg.extract.figures.find import Figure
from kg.extract.learned.confidence import UNCALIBRATED, Confidence
from kg.extract.practices.drafts import Draft, Linked
from kg.extract.practices.plans import is_target
from kg.extract.text.page import Page
from kg.extract.text.quotes import whole_quotations
from kg.model import (
    SLOTS,
    Article,
    ArticleRecord,
    DateValue,
    Outcome,
    PartOf,
    Practice,
    RegionValue,
    Value,
)

__all__ = ["to_record"]

_LONGEST_OUTCOME = 40
"""Characters of a clause that reports a figure; of a longer one the words around the figure are taken."""
_AROUND = 12
_TRIM = '，。；：！？、,;:!?…— “”‘’"'
_BRACKETS = {"（": "）", "(": ")", "【": "】", "[": "]"}


def to_record(
    article: Article, page: Page, drafts: list[Draft], confidence: Confidence = UNCALIBRATED
) -> ArticleRecord:
    """The record of an article; places, codes and concepts are filled in by resolution."""
    practices = tuple(_practice(article, page, drafts, number, confidence) for number in range(len(drafts)))
    return ArticleRecord.of(article, practices, article.notes)


def _practice(article: Article, page: Page, drafts: list[Draft], number: int, confidence: Confidence) -> Practice:
    draft = drafts[number]
    name = draft.name

    practice = confidence.of_practice(draft.named, name.score)

    def sure(slot: str, score: float) -> float:
        return confidence.of(slot, score, practice)

    slots: dict[str, Any] = {slot: _values(article, page, slot, draft.values.get(slot, ()), sure) for slot in SLOTS}
    parent = None
    if draft.parent is not None:
        above = drafts[draft.parent].name
        parent = PartOf(
            text=_span(article, page, above.start, above.end)["text"],
            practice=f"p{draft.parent + 1}",
            rule="links/parent",
            confidence=sure("part_of", draft.parent_score),
        )
    return Practice(
        id=f"p{number + 1}",
        programme=Value(
            **_span(article, page, name.start, name.end),
            rule=f"phrases/{name.kind}",
            confidence=practice,
        ),
        named=draft.named,
        region=_region(article, page, draft, sure),
        part_of=parent,
        outcomes=_outcomes(article, page, draft, sure),
        dates=_dates(article, page, draft.dates, sure),
        planned=draft.planned,
        **slots,
    )


def _span(article: Article, page: Page, start: int, end: int) -> dict[str, Any]:
    """Where a value stands; a quotation mark right beside it belongs to it where the other one stands in it."""
    start, end = whole_quotations(page, start, end) or (start, end)
    return {
        "text": article.text[start:end],
        "start": start,
        "end": end,
        "source": article.source(start, end).as_dict(),
    }


_Sure = Callable[[str, float], float]
"""(slot, score) → confidence of a value of the practice at hand."""


def _values(article: Article, page: Page, slot: str, linked: Iterable[Linked], sure: _Sure) -> tuple[Value, ...]:
    """Values in the order of the text; of several with the same words the surest."""
    best: dict[str, Linked] = {}
    for one in linked:
        words = article.text[one.phrase.start : one.phrase.end]
        if words not in best or one.score * one.phrase.score > best[words].score * best[words].phrase.score:
            best[words] = one
    return tuple(
        Value(
            **_span(article, page, one.phrase.start, one.phrase.end),
            rule=f"phrases/{one.phrase.kind}",
            confidence=sure(slot, one.phrase.score * one.score),
        )
        for one in sorted(best.values(), key=lambda one: one.phrase.start)
    )


def _region(article: Article, page: Page, draft: Draft, sure: _Sure) -> RegionValue | None:
    if draft.region is None:
        return None
    phrase = draft.region.phrase
    told = {page.sentence_at(mention.start) for mention in draft.mentions}
    return RegionValue(
        **_span(article, page, phrase.start, phrase.end),
        rule="links/region",
        inferred=page.sentence_at(phrase.start) not in told,
        confidence=sure("region", draft.region.score),
    )


def _outcomes(article: Article, page: Page, draft: Draft, sure: _Sure) -> tuple[Outcome, ...]:
    found: dict[tuple[float, str, str], Outcome] = {}
    for figure, linked in sorted(draft.outcomes, key=lambda pair: pair[0].start):
        start, end = _report(page, figure)
        words, what = _span(article, page, start, end), counted(page, figure)
        outcome = Outcome(
            **words,
            rule="phrases/outcomes",
            confidence=sure("outcomes", linked.phrase.score * linked.score),
            value=figure.value,
            unit=figure.unit,
            comparator=_comparator(figure.comparator),
            what=what if what and what in words["text"] else None,
            modality=_modality(page, figure, draft.planned),
        )
        found.setdefault((outcome.value, outcome.unit, outcome.text), outcome)
    return tuple(found.values())


def _comparator(sign: str) -> Literal["=", ">", "<", "~"]:
    return ">" if sign == ">" else "<" if sign == "<" else "~" if sign == "~" else "="


def _report(page: Page, figure: Figure) -> tuple[int, int]:
    """The clause that reports a figure, or of a long one the words around it."""
    start, end = figure.clause
    if end - start > _LONGEST_OUTCOME:
        first = page.word_at(max(start, figure.start - _AROUND))
        last = page.word_at(min(end, figure.end + _AROUND) - 1)
        start, end = max(start, page.words[first][0]), min(end, page.words[last][1])
    start, end = _in_brackets(page.text, start, end, figure)
    while start < figure.start and page.text[start] in _TRIM:
        start += 1
    while end > figure.end and page.text[end - 1] in _TRIM:
        end -= 1
    start, end = min(start, figure.start), max(end, figure.end)
    around = min(start, figure.clause[0] - 1), max(end, figure.clause[1] + 1)  # a clause may end before a closing mark
    return whole_quotations(page, start, end, around) or (start, end)


def _in_brackets(text: str, start: int, end: int, figure: Figure) -> tuple[int, int]:
    """The part around a figure in which no bracket stands without its partner."""
    opened: list[int] = []
    for at in range(start, end):
        if text[at] in _BRACKETS:
            opened.append(at)
        elif text[at] in _BRACKETS.values():
            if opened:
                opened.pop()
            elif at < figure.end:
                start = at + 1
            else:
                end = at
                break
    for at in opened:
        start, end = (at + 1, end) if at < figure.start else (start, min(end, at))
    return start, end


def _modality(page: Page, figure: Figure, planned: bool) -> Literal["achieved", "planned", "quoted"]:
    if is_target(page, figure.start, figure.clause[1], planned=planned):
        return "planned"
    speech = any(q.start <= figure.start and figure.end <= q.end and q.end - q.start > 20 for q in page.quotations)
    return "quoted" if speech else "achieved"


def _dates(
    article: Article, page: Page, dates: Iterable[tuple[DateMention, float]], sure: _Sure
) -> tuple[DateValue, ...]:
    found: dict[tuple[str, str | None], DateValue] = {}
    for date, score in sorted(dates, key=lambda pair: pair[0].start):
        value = DateValue(
            **_span(article, page, date.start, date.end),
            rule="dates",
            confidence=sure("dates", date.confidence * score),
            iso=date.iso,
            role=_role(date.role),
        )
        found.setdefault((value.text, value.iso), value)
    return tuple(found.values())


def _role(role: str) -> Literal["start", "held", "opened", "period", "recurrence"]:
    roles: tuple[Literal["start", "held", "opened", "period", "recurrence"], ...] = (
        "start", "held", "opened", "period", "recurrence",
    )  # fmt: skip
    return next((known for known in roles if known == role), "held")
