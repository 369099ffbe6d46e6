"""The shipped schemes are sound SKOS, in order, and as large as promised."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

import kg.knowledge.vocabulary
from kg.knowledge.lexicon import lists
from kg.knowledge.vocabulary import SCHEMES, Vocabulary
from kg.knowledge.vocabulary.turtle import read_turtle

FOLDER = Path(kg.knowledge.vocabulary.__file__).parent
LEAST = {"audience": 100, "topic": 120, "organiser": 25, "unit": 40}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load()


def of(vocabulary: Vocabulary, scheme: str) -> list[kg.knowledge.vocabulary.Concept]:
    return [one for one in vocabulary.concepts.values() if one.scheme == scheme]


@pytest.mark.parametrize("scheme", LEAST)
def test_schemes_are_large_enough(vocabulary: Vocabulary, scheme: str) -> None:
    assert len(of(vocabulary, scheme)) >= LEAST[scheme]


def test_formats_are_large_enough(vocabulary: Vocabulary) -> None:
    assert len(of(vocabulary, "activity")) + len(of(vocabulary, "mode")) >= 120


def test_labels_in_both_languages(vocabulary: Vocabulary) -> None:
    for one in vocabulary.concepts.values():
        assert re.search(r"[\u4e00-\u9fff%]", one.pref_zh), one.iri
        assert re.fullmatch(r"[\x20-\x7e]+", one.pref_en), one.iri


@pytest.mark.parametrize("scheme", ["activity", "mode", "venue-type", "audience", "topic", "organiser"])
def test_five_alternative_labels_on_average(vocabulary: Vocabulary, scheme: str) -> None:
    concepts = of(vocabulary, scheme)
    assert sum(len(one.alt) for one in concepts) >= 5 * len(concepts)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_label_stands_at_one_concept_of_its_scheme(vocabulary: Vocabulary, scheme: str) -> None:
    owners = defaultdict(list)
    for one in of(vocabulary, scheme):
        for name in one.names:
            owners[name].append(one.iri)
    assert {name: iris for name, iris in owners.items() if len(iris) > 1} == {}


def test_hierarchy_is_sound(vocabulary: Vocabulary) -> None:
    assert vocabulary.cycle() == set()
    for one in vocabulary.concepts.values():
        for above in one.broader:
            assert vocabulary[above].scheme == one.scheme, one.iri
        assert len(vocabulary.ancestors(one.iri)) <= 3, one.iri


@pytest.mark.parametrize("scheme", SCHEMES)
def test_top_concepts_and_only_they_are_declared(scheme: str) -> None:
    text = (FOLDER / f"{scheme}.ttl").read_text(encoding="utf-8")
    for block in text.split("\n\n")[2:]:
        assert ("skos:topConceptOf" in block) != ("skos:broader" in block), block


@pytest.mark.parametrize("scheme", [*SCHEMES, "participedia"])
def test_files_are_sorted(scheme: str) -> None:
    subjects = re.findall(
        r"^[a-z]+:(\S+) a skos:Concept ;", (FOLDER / f"{scheme}.ttl").read_text(encoding="utf-8"), re.M
    )
    assert subjects == sorted(subjects)
    for one in read_turtle(FOLDER / f"{scheme}.ttl").values():
        assert one.alt == sorted(one.alt), one.iri


def test_close_matches_lead_to_mirrored_terms(vocabulary: Vocabulary) -> None:
    mirrored = read_turtle(FOLDER / "participedia.ttl")
    used = {iri for one in vocabulary.concepts.values() for iri in one.close_match}
    assert len(used) > 60
    assert used <= set(mirrored)


def test_units_say_what_they_count(vocabulary: Vocabulary) -> None:
    assert vocabulary.labels("unit")["人次"].dimension == "participation"
    assert vocabulary.labels("unit")["名"].dimension == "persons"
    assert all(one.dimension for one in of(vocabulary, "unit"))


def test_find_takes_the_longest_label_from_the_left(vocabulary: Vocabulary) -> None:
    text = "街道为独居老人开展上门理发,并组织反诈宣讲。"
    found = [
        (text[one.start : one.end], one.concept.pref_zh) for one in vocabulary.find(text, ("activity", "audience"))
    ]
    assert found == [("独居老人", "独居老人"), ("上门理发", "义务理发"), ("宣讲", "宣讲")]


def test_find_gives_each_scheme_that_has_the_label(vocabulary: Vocabulary) -> None:
    assert [one.concept.scheme for one in vocabulary.find("志愿服务", ("topic", "activity"))] == ["topic", "activity"]
    assert vocabulary.find("", ("topic",)) == []


KIND = {
    "activity": {
        "业主大会": "业主大会",
        "村民代表大会": "居民会议",
        "居民自治": "基层自治",
        "移风易俗": "移风易俗",
        "土地流转": "土地流转",
        "统防统治": "农业社会化服务",
        "公益性岗位": "就业服务",
        "以工代赈": "就业服务",
        "旁听庭审": "庭审旁听",
        "闭幕式": "结业仪式",
        "民生实事票决制": "民生实事票决",
        "动员会": "工作会议",
        "河长制": "河长制",
        "林长制": "林长制",
        "路长制": "路长制",
        "小微权力清单": "小微权力清单",
        "揭榜挂帅": "揭榜挂帅",
        "人大代表接待选民": "人大代表接待选民",
        "警网融合": "警网融合",
        "时间银行": "时间银行",
        "接诉即办": "接诉即办",
        "托育": "托育服务",
        "音乐党课": "党课",
        "助残服务": "服务",
        "代办服务点": "帮办代办",
        "挂牌公示": "公开公示",
    },
    "topic": {
        "完整社区": "便民生活圈",
        "信用体系": "社会信用",
        "遗嘱": "继承监护赡养",
        "家庭": "婚姻家庭",
        "安全教育": "安全知识",
        "泥石流": "地质灾害",
        "食堂": "社区食堂",
        "国防": "国防",
        "村规民约": "村规民约",
        "法治宣传": "法治",
        "政策宣讲": "政策",
        "健康知识": "健康",
    },
    "audience": {
        "爱心人士": "爱心人士",
        "社会各界人士": "社会公众",
        "义警": "群防群治队员",
        "商会会员": "会员",
        "托育机构": "托育机构",
        "家政人员": "家政人员",
        "家政服务员": "家政人员",
        "律师": "律师",
        "选民": "选民",
        "法官": "法官检察官",
        "妇联干部": "干部",
        "巾帼志愿者": "志愿者",
        "大学生志愿者": "志愿者",
        "残疾孩子": "困境儿童",
        "居民代表们": "居民代表",
        "农户们": "农户",
        "妇女儿童": "妇女",
    },
    "organiser": {"托育机构": "托育机构", "公证处": "法律服务机构", "律师事务所": "律师事务所"},
    "venue-type": {"派出所": "派出所", "监狱": "监所", "街道办事处": "政府机关"},
}
"""Labels that once stood at a concept which they are no case of."""


@pytest.mark.parametrize("scheme", KIND)
def test_labels_stand_where_a_careful_reader_would_count_them(vocabulary: Vocabulary, scheme: str) -> None:
    labels = vocabulary.labels(scheme)
    assert {label: labels[label].pref_zh for label in KIND[scheme]} == KIND[scheme]


def test_labels_that_say_nothing_stand_nowhere(vocabulary: Vocabulary) -> None:
    assert "国家通用语言" not in vocabulary.labels("mode")  # in which language is said of every lesson in it
    assert "主题活动" not in vocabulary.labels("activity")
    assert not {"院长", "组长"} & set(vocabulary.labels("audience"))
    assert "团圆" not in vocabulary.labels("topic")


@pytest.mark.parametrize(
    ("scheme", "narrower", "broader"),
    [
        ("activity", "联席会议", "议事协商"),
        ("activity", "工作会议", "议事协商"),
        ("activity", "沙龙", "议事协商"),
        ("activity", "分享会", "议事协商"),
        ("activity", "研讨", "议事协商"),
        ("activity", "意见征集", "议事协商"),
        ("activity", "巡回审判", "矛盾调解"),
        ("topic", "红色文化", "传统文化"),
        ("unit", "个百分点", "%"),
    ],
)
def test_a_broader_concept_holds_every_case_of_the_narrower(
    vocabulary: Vocabulary, scheme: str, narrower: str, broader: str
) -> None:
    labels = vocabulary.labels(scheme)
    assert labels[broader].iri not in vocabulary.ancestors(labels[narrower].iri)


@pytest.mark.parametrize(
    ("one", "other"),
    [("公顷", "亩"), ("斤", "公斤"), ("克", "公斤"), ("万吨", "吨"), ("成", "%"), ("里", "公里"), ("秒", "分钟")],
)
def test_units_of_another_size_are_another_concept(vocabulary: Vocabulary, one: str, other: str) -> None:
    """Values are not converted: a sum over a concept and all below it must add like to like."""
    first, second = vocabulary.labels("unit")[one], vocabulary.labels("unit")[other]
    assert first.pref_zh == one
    assert second.iri not in vocabulary.ancestors(first.iri)
    assert first.dimension == second.dimension


def test_word_lists_have_ids_and_no_empty_words() -> None:
    names = ["audience_heads", "format_heads", "programme_heads", "organisation_heads", "venue_heads", "channel_heads"]
    names += ["background_terms", "role_nouns", "action_verbs"]
    seen = [one.id for name in names for one in lists(name)]
    assert len(seen) == len(set(seen))
    for name in names:
        for one in lists(name):
            assert one.words and all(word == word.strip() and word for word in one.words), one.id
            if one.kind in ("pattern", "not_outcome"):
                assert all(re.compile(word) for word in one.words)
