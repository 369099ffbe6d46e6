"""Phrases are linked to the concepts they mean, and to none where none fits."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from kg.knowledge.vocabulary import Concept, Vocabulary
from kg.model.record import ArticleRecord, Practice, Value
from kg.resolve.concepts import LINKED_SLOTS, ConceptLinker

GOLD = Path(__file__).parents[2].parent / "shared" / "gold"


@pytest.fixture(scope="module")
def linker() -> ConceptLinker:
    return ConceptLinker(Vocabulary.load())


MEANT = [
    ("formats", "讲座", "讲座", "exact"),
    ("formats", "“送学上门”活动", "送学上门", "normalised"),
    ("formats", "党建引领城市基层治理主题培训班", "培训班", "head"),
    ("formats", "微景观手工制作", "手工制作", "head"),
    ("formats", "发放防溺水告知书", "发放宣传资料", "head"),
    ("formats", "每周一次", "每周", "exact"),
    ("formats", "线上＋线下", "线上线下结合", "normalised"),
    ("audiences", "广大居民朋友", "居民群众", "normalised"),
    ("audiences", "辖区高龄退休党员", "离退休党员", "head"),
    ("audiences", "新能源企业员工", "职工", "head"),
    ("audiences", "山区留守儿童", "留守儿童", "head"),
    ("topics", "垃圾分类", "垃圾分类", "exact"),
    ("topics", "电信网络诈骗防范知识", "反诈", "contained"),
    ("topics", "如何化解楼道堆物引发的邻里纠纷", "邻里纠纷", "head"),
]


@pytest.mark.parametrize(("slot", "phrase", "concept", "how"), MEANT)
def test_links_what_is_meant(linker: ConceptLinker, slot: str, phrase: str, concept: str, how: str) -> None:
    found = linker.link(slot, phrase)
    assert (linker.vocabulary[found.iri].pref_zh, found.how) == (concept, how)
    assert not found.candidate


@pytest.mark.parametrize(
    ("slot", "phrase"),
    [
        ("formats", "漂流瓶"),
        ("formats", "每周三碰头"),
        ("formats", "主题活动"),
        ("formats", "组织活动"),
        ("audiences", "赶海人"),
        ("audiences", "品牌发展"),
        ("topics", "星辰大海"),
        ("topics", "品牌发展"),
    ],
)
def test_an_unknown_phrase_becomes_a_candidate(linker: ConceptLinker, slot: str, phrase: str) -> None:
    found = linker.link(slot, phrase)
    assert found.candidate and found.how == "candidate" and found.confidence == 0
    assert found.iri.startswith(f"https://practice-graph.example/vocab/candidate/{slot}/%")
    assert found.iri == linker.link(slot, f"“{phrase}”").iri


def test_narrower_meaning_is_not_taken_for_the_whole(linker: ConceptLinker) -> None:
    assert linker.link("audiences", "党员").iri != linker.link("audiences", "退休党员").iri
    assert linker.link("topics", "人工智能发展").iri != linker.link("topics", "经济发展").iri


def test_a_ranker_takes_the_place_of_character_pairs(linker: ConceptLinker) -> None:
    class Always:
        def nearest(self, slot: str, phrase: str) -> tuple[Concept, float]:
            return linker.vocabulary.labels("audience")["老年人"], 0.5

    found = ConceptLinker(linker.vocabulary, Always()).link("audiences", "赶海人")
    assert (found.how, found.iri) == ("nearest", linker.vocabulary.labels("audience")["老年人"].iri)


def test_link_record_sets_concepts(linker: ConceptLinker) -> None:
    def value(text: str) -> Value:
        return Value(text=text, start=0, end=len(text), rule="test")

    practice = Practice(
        id="p1", programme=value("晚风课堂"), formats=(value("夜校"), value("漂流瓶")), audiences=(value("骑手"),)
    )
    record = ArticleRecord(file="a.txt", content_hash="0", text_hash="0", practices=(practice,))
    formats = linker.link_record(record).practices[0].formats
    assert [one.candidate for one in formats] == [False, True]
    assert formats[0].concept == "https://practice-graph.example/vocab/format/night-school"
    assert linker.link_record(record).practices[0].audiences[0].concept == (
        "https://practice-graph.example/vocab/audience/riders"
    )
    assert record.practices[0].formats[0].concept is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("双河街道", "街道"),
        ("清水县人民法院", "法院"),
        ("云岭村党支部", "党支部"),
        ("市民政局", "政府部门"),
        ("绿洲物业公司", "物业公司"),
        ("暖阳志愿服务队", "志愿者组织"),
        ("晨光", None),
    ],
)
def test_organiser_kind(linker: ConceptLinker, text: str, kind: str | None) -> None:
    found = linker.organiser_kind(text)
    assert (found.pref_zh if found else None) == kind


def gold_phrases() -> dict[str, list[str]]:
    phrases: dict[str, set[str]] = defaultdict(set)
    for path in sorted(GOLD.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            for practice in json.loads(line)["practices"]:
                for slot in LINKED_SLOTS:
                    phrases[slot] |= set(practice.get(slot) or ())
    return {slot: sorted(found) for slot, found in phrases.items()}


@pytest.mark.shared
@pytest.mark.skipif(not GOLD.is_dir(), reason="the shared gold is not beside the repository")
def test_share_of_gold_phrases_linked(linker: ConceptLinker) -> None:
    """Prints the table of kg/knowledge/vocabulary/README.md (run with -s)."""
    phrases = gold_phrases()
    known = {phrase for found in phrases.values() for phrase in found}
    blind = ConceptLinker(
        Vocabulary(
            replace(one, alt=tuple(name for name in one.alt if name not in known))
            for one in linker.vocabulary.concepts.values()
        )
    )
    for slot, least, floor in (("formats", 0.75, 0.45), ("audiences", 0.75, 0.5), ("topics", 0.6, 0.5)):
        linked = [one for one in phrases[slot] if not linker.link(slot, one).candidate]
        still = [one for one in phrases[slot] if not blind.link(slot, one).candidate]
        both = [one for one in still if one in linked]
        agree = [
            one
            for one in both
            if blind.link(slot, one).iri
            in (linker.link(slot, one).iri, *linker.vocabulary.ancestors(linker.link(slot, one).iri))
        ]
        total = len(phrases[slot])
        shares = [len(linked) / total, len(still) / total, len(agree) / len(both)]
        print(f"| {slot} | {total} | " + " | ".join(f"{share:.2f}" for share in shares) + " |")
        assert len(linked) / total >= least
        assert len(still) / total >= floor
        assert len(agree) / len(both) >= 0.85
