"""A plan as articles with their records: texts in which every value of the record stands where the record says."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from kg.generate.plan import Plan
from kg.generate.world import KINDS, SLOTS, words
from kg.model import ArticleRecord, DateValue, Outcome, PlaceLevel, Practice, Region, RegionValue, Value

__all__ = ["plan_articles"]

_RULE = "generated"
_PLACE = re.compile(r"\{(\w+)\}")


def plan_articles(plan: Plan) -> Iterator[tuple[ArticleRecord, str]]:
    """Each article's record and clean text, in the order of the practices; a repost follows its original."""
    for number in range(len(plan)):
        name = f"g{number:07d}"
        record, text = _article(plan, number, f"{name}.txt")
        yield record, text
        if plan.second[number]:
            yield _article(plan, number, f"{name}-b.txt")
        if plan.repost[number]:
            copy = {"file": f"{name}-r.txt", "duplicate_of": record.file}
            yield record.model_copy(update=copy), text


class _Draft:
    """A text that grows, and the spans of the words put into it."""

    def __init__(self) -> None:
        self.text = ""
        self.spans: dict[str, list[tuple[str, int, int]]] = {}

    def say(self, template: str, **filled: str | Sequence[str]) -> None:
        """Add a template of ``words.toml``; the words of a list are joined by 、 and each one's span is kept."""
        for at, part in enumerate(_PLACE.split(template)):
            if at % 2 == 0:
                self.text += part
                continue
            given = filled[part]
            for turn, word in enumerate([given] if isinstance(given, str) else given):
                self.text += "、" if turn else ""
                start = len(self.text)
                self.text += word
                self.spans.setdefault(part, []).append((word, start, len(self.text)))


def _article(plan: Plan, number: int, file: str) -> tuple[ArticleRecord, str]:
    say = words()["text"]
    path = plan.world.towns[plan.town[number]]
    town, county, name = path[-1].name, path[-2].name, plan.name[number]
    has = _concepts(plan, number, town)
    day, figure, draft = plan.day[number].item(), plan.figure[number], _Draft()
    draft.say(say["headline"] + "\n" + say["opening"] + "\n", place=town, name=name, county=county)
    if plan.planned[number]:
        draft.say(say["planned"])
    if plan.stated[number]:
        draft.say(say["start"], date=f"{day.year}年{day.month}月{day.day}日")
    draft.say(say["names"], name=name)
    for kind in KINDS:
        if has[kind]:
            draft.say(say[SLOTS[kind]], **{SLOTS[kind]: [word for word, _, _ in has[kind]]})
    if not np.isnan(figure):
        unit = plan.UNITS[plan.unit[number]]
        draft.say(say["outcome"], figure=f"累计{int(figure)}{unit}")
    draft.say("\n" + say["closing"])  # no line break behind it: reading takes that off
    sure = {"rule": _RULE, "confidence": round(float(plan.confidence[number]), 2)}
    practice = _practice(plan, number, draft, has, sure)
    levels = tuple(
        PlaceLevel(name=p.name, level=p.level, code=p.code.code if p.code else None, stated=p in path[-2:])
        for p in path
    )
    digest = hashlib.sha256(draft.text.encode("utf-8")).hexdigest()
    record = ArticleRecord(
        file=file,
        title=f"{town}办起{name}",
        publisher=say["publisher"].format(county=county),
        published=str(plan.published[number]),
        content_hash=digest,
        text_hash=digest,
        regions=(Region(name=town, path=tuple(p.name for p in path), levels=levels, rule=_RULE),),
        practices=(practice,),
    )
    return record, draft.text


def _concepts(plan: Plan, number: int, town: str) -> dict[str, list[tuple[str, str, bool]]]:
    """Kind → (words, concept, candidate); an organiser's words are the office of the town."""
    world = plan.world
    has: dict[str, list[tuple[str, str, bool]]] = {kind: [] for kind in KINDS}
    for concept in plan.concept[plan.start[number] : plan.start[number + 1]].tolist():
        kind = KINDS[world.kind[concept]]
        label = (town if kind == "organiser" else "") + world.label[concept]
        has[kind].append((label, world.iri[concept], world.candidate[concept]))
    return has


def _practice(
    plan: Plan, number: int, draft: _Draft, has: dict[str, list[tuple[str, str, bool]]], sure: dict[str, Any]
) -> Practice:
    def spans(part: str) -> list[dict[str, Any]]:
        return [
            {"text": word, "start": start, "end": end, "source": {"start": start, "end": end}, **sure}
            for word, start, end in draft.spans.get(part, ())
        ]

    slots: dict[str, Any] = {}
    for kind in KINDS:
        slots[SLOTS[kind]] = tuple(
            Value(**span) if kind == "organiser" else Value(**span, concept=iri, candidate=candidate)
            for span, (_, iri, candidate) in zip(spans(SLOTS[kind]), has[kind], strict=True)
        )
    unit = plan.UNITS[plan.unit[number]]
    modality: Any = "planned" if plan.planned[number] else "achieved"
    day = str(plan.day[number])
    return Practice(
        id="p1",
        programme=Value(**spans("name")[-1]),
        region=RegionValue(**spans("place")[0], inferred=bool(plan.inferred[number])),
        outcomes=tuple(
            Outcome(**span, value=float(plan.figure[number]), unit=unit, modality=modality) for span in spans("figure")
        ),
        dates=tuple(DateValue(**span, iso=day, role="start") for span in spans("date")),
        planned=bool(plan.planned[number]),
        identity=plan.iri[number],
        **slots,
    )
