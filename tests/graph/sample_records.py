"""Invented articles with their records, for the tests of graph and query."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from kg.graph.build import build
from kg.graph.intake import Item
from kg.model import ArticleRecord, DateValue, Outcome, PartOf, PlaceLevel, Practice, Region, RegionValue, Value
from kg.model.iri import VOCABULARY, derived_iri

PLACES = [
    ("浙江省", "湖州市", "安吉县", "递铺街道"),
    ("四川省", "绵阳市", "三台县", "芦溪镇"),
    ("甘肃省", "天水市", "秦安县", "兴国镇"),
    ("福建省", "龙岩市", "长汀县", "河田镇"),
    ("云南省", "大理白族自治州", "剑川县", "沙溪镇"),
]
LEVELS = ("province", "prefecture", "county", "township", "village")
FORMATS = ["夜校", "集中授课", "流动宣讲", "圆桌议事", "线上直播", "送学上门"]
AUDIENCES = ["网格员", "新就业青年", "老年居民", "返乡农民工"]
TOPICS = ["反诈", "垃圾分类", "消防安全"]


def concept(kind: str, label: str) -> str:
    return derived_iri(f"concept/{kind}", label)


class Draft:
    """A text that grows, and the spans of the words put into it."""

    def __init__(self) -> None:
        self.text = ""

    def say(self, words: str) -> int:
        at = len(self.text)
        self.text += words
        return at

    def value(self, words: str, **more: Any) -> dict[str, Any]:
        start = self.say(words)
        end = start + len(words)
        source = {"start": start, "end": end}
        return {"text": words, "start": start, "end": end, "source": source, "rule": "test.rule"} | more


def sample(number: int, *, file: str | None = None, place: int | None = None) -> tuple[ArticleRecord, str]:
    """One article with two practices, the second part of the first, and its clean text."""
    path = PLACES[(number if place is None else place) % len(PLACES)]
    draft, name = Draft(), f"晨光学堂{number}号"
    draft.say(f"{path[-1]}办起{name}\n")
    region = draft.value(path[-1], confidence=0.9, inferred=number % 3 == 0)
    draft.say("今年办起")
    programme = draft.value(name)
    draft.say("，采用")
    formats = [
        draft.value(label, concept=concept("format", label), confidence=0.6 + 0.1 * (number % 4))
        for label in (FORMATS[number % len(FORMATS)], FORMATS[(number * 2 + 1) % len(FORMATS)])
    ]
    draft.say("的办法，面向")
    audience = AUDIENCES[number % len(AUDIENCES)]
    audiences = [draft.value(audience, concept=concept("audience", audience))]
    draft.say("，讲授")
    topic = TOPICS[number % len(TOPICS)]
    topics = [draft.value(topic, concept=derived_iri("candidate", topic), candidate=True)]
    draft.say("。由")
    organiser = draft.value("镇综治中心")
    draft.say("主办，")
    partner = draft.value("返乡大学生")
    draft.say("协助，地点在")
    venue = draft.value("文化礼堂")
    draft.say("，并在")
    channel = draft.value("乡音广播")
    draft.say("播出。")
    period = draft.value("2024年3月", iso="2024-03", role="start")
    draft.say("以来，")
    figure = draft.value(
        f"累计{100 + number}余人次参加", value=float(100 + number), unit="人次", comparator=">", what="参加"
    )
    draft.say("。其中")
    inner = draft.value(f"灯下一课{number}")
    draft.say("每周开讲。")
    iri = derived_iri("practice", "/".join(path), name)
    practices = (
        Practice(
            id="p1",
            programme=Value(**programme),
            region=RegionValue(**region),
            formats=tuple(Value(**v) for v in formats),
            audiences=tuple(Value(**v) for v in audiences),
            topics=tuple(Value(**v) for v in topics),
            organisers=(Value(**organiser),),
            partners=(Value(**partner),),
            venues=(Value(**venue),),
            channels=(Value(**channel),),
            outcomes=(Outcome(**figure),),
            dates=(DateValue(**period),),
            identity=iri,
        ),
        Practice(
            id="p2",
            programme=Value(**inner),
            region=RegionValue(**region),
            part_of=PartOf(text=name, practice="p1", rule="test.part"),
            planned=number % 2 == 0,
        ),
    )
    levels = tuple(
        PlaceLevel(name=n, level=level, code=f"{depth}{number:05d}", code_source="nbs 2023-06-30", stated=depth > 2)  # type: ignore[arg-type]
        for depth, (n, level) in enumerate(zip(path, LEVELS, strict=False))
    )
    digest = hashlib.sha256(draft.text.encode()).hexdigest()
    record = ArticleRecord(
        file=file or f"{number:03d}.txt",
        title=f"{path[-1]}办起{name}",
        publisher="晨光县融媒体中心",
        published="2024-06-01",
        content_hash=digest,
        text_hash=digest,
        regions=(Region(name=path[-1], path=path, levels=levels, rule="test.place"),),
        practices=practices,
    )
    return record, draft.text


def scheme() -> str:
    """Concepts of the formats, the audiences and a venue type, in Turtle: 夜校 and 流动宣讲 are narrower than 授课."""
    lines = [
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        f'<{concept("format", "授课")}> a skos:Concept ; skos:prefLabel "授课"@zh, "teaching"@en .',
    ]
    lines.append(f'<{concept("audience", "网格员")}> skos:altLabel "网格管理员"@zh .')
    lines.append(f'<{VOCABULARY}venue/culture-hall> a skos:Concept ; skos:prefLabel "文化礼堂"@zh .')
    for kind, labels in (("format", FORMATS), ("audience", AUDIENCES)):
        for number, label in enumerate(labels):
            parent = f" ; skos:broader <{concept('format', '授课')}>" if label in {"夜校", "流动宣讲"} else ""
            lines.append(
                f'<{concept(kind, label)}> a skos:Concept ; skos:prefLabel "{label}"@zh, "{kind} {number}"@en{parent} .'
            )
    return "\n".join(lines) + "\n"


def sample_store(folder: Path) -> Path:
    """A store of articles 0 to 11, a repost of article 3, and a second report of a practice of article 4 with other figures."""
    own = folder / "own.ttl"
    own.write_text(scheme(), encoding="utf-8")
    pairs = [sample(n) for n in range(12)]
    repost = sample(3)[0].model_copy(update={"file": "repost.txt", "duplicate_of": "003.txt"})
    first = sample(4)[0].practices[0]
    outcome = first.outcomes[0].model_copy(update={"value": 999.0})
    second = sample(4)[0].model_copy(
        update={"file": "second.txt", "practices": (first.model_copy(update={"outcomes": (outcome,)}),)}
    )
    pairs += [(repost, sample(3)[1]), (second, sample(4)[1])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.graph.rdf.fixed.packaged_schemes", lambda base: {})
        build(lambda archive, kept: [Item(*pair) for pair in pairs], folder / "store", vocabularies=[own])
    return folder / "store"
