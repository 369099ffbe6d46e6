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
