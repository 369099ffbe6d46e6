"""The nearest practices: which are found, in which order, and on what they rest; and practices described in words."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from planted import Planted, planted
from sample_records import sample
from typer.testing import CliRunner

from kg.cli.main import app
from kg.compare import Columns, ComparedGraph, open_graph
from kg.compare.similar import similar_practices
from kg.errors import UsageError

BROADER = {"夜课": "授课", "午课": "授课"}


@pytest.fixture(scope="module")
def graph(store: Path) -> Iterator[ComparedGraph]:
    with open_graph(store) as opened:
        yield opened


def columns(practices: dict[str, tuple[str, str]]) -> Columns:
    """Practice → (place, its formats); 夜课 and 午课 are narrower than 授课."""
    given = [Planted(name, place, {"format": words.split()}) for name, (place, words) in practices.items()]
    return planted(given, BROADER)


def order(practices: dict[str, tuple[str, str]], name: str) -> list[str]:
    return list(similar_practices(columns(practices), name).frame["label"])


def test_the_planted_twin_is_nearest_and_siblings_get_part_of_the_credit() -> None:
    found = similar_practices(
        columns(
            {
                "asked": ("甲省/一市/一县", "夜课 议事"),
                "other": ("乙省/一市/一县", "直播"),
                "sibling": ("乙省/一市/一县", "午课"),
                "half": ("丙省/一市/一县", "夜课"),
                "twin": ("丙省/一市/一县", "夜课 议事"),
            }
        ),
        "asked",
    )
    frame = found.frame
    assert list(frame["label"]) == ["twin", "half", "sibling"]
    assert frame["similarity"][0] == 1.0 and 0 < frame["similarity"][2] < frame["similarity"][1] < 1
    assert frame["features"][2] == ("授课",) and frame["feature_practices"][2] == (4,)
    assert frame["features"][1] == ("夜课",)  # not 授课 too, which follows from it
    assert found.grounds(2) == ["sibling|format|午课", "asked|format|夜课"]  # theirs, then ours


def test_the_number_is_that_of_the_formula() -> None:
    both = {"asked": ("甲省/一市/一县", "夜课"), "sibling": ("乙省/一市/一县", "午课")}
    half, one = math.log(1 + 2 / 2) / 2, math.log(1 + 2 / 1)
    found = similar_practices(columns(both), "asked").frame
    assert found["similarity"][0] == pytest.approx(half / (half + one + one), abs=2e-6)


def test_a_rare_concept_in_common_beats_a_common_one() -> None:
    practices = {
        "asked": ("甲省/一市/一县", "常 罕"),
        "a common": ("乙省/一市/一县", "常 其一"),
        "b rare": ("乙省/一市/一县", "罕 其二"),
        **{f"more {n}": ("甲省/一市/一县", "常") for n in range(6)},
    }
    assert order(practices, "asked") == ["b rare", "a common"]


def test_practices_of_the_same_region_or_of_none_are_left_out() -> None:
    practices = {
        "asked": ("甲省/一市/一县", "夜课"),
        "neighbour": ("甲省/一市/一县", "夜课"),
        "nowhere": ("", "夜课"),
        "z": ("乙省/一市/一县", "夜课"),
        "b": ("丙省/一市/一县", "夜课"),
    }
    assert order(practices, "asked") == ["b", "z"]
    assert order(practices, "nowhere") == ["asked", "b", "neighbour", "z"]
    said = {name: similar_practices(columns(practices), name).question for name in ("asked", "b", "nowhere")}
    assert said["asked"] == "practices like asked in another province"
    assert said["b"].endswith(" in another province") and "another" not in said["nowhere"]
    everywhere = similar_practices(columns(practices), "asked", everywhere=True).frame
    assert list(everywhere["label"]) == ["b", "neighbour", "nowhere", "z"]


@pytest.mark.parametrize(
    "words", ["夜校 for 网格员 about 反诈", "夜校 面向网格员 关于反诈", "夜间学校 for 网格员 about 反诈"]
)
def test_a_description_finds_what_it_describes(words: str) -> None:
    given = [
        Planted("whole", "甲省/一市/一县", {"format": ["夜校"], "audience": ["网格员"], "topic": ["反诈"]}),
        Planted("format only", "乙省/一市/一县", {"format": ["夜校"], "topic": ["垃圾分类"]}),
        Planted("nothing", "丙省/一市/一县", {"format": ["直播"]}),
        Planted("audience only", "丙省/一市/一县", {"audience": ["网格员"], "format": ["直播"]}),
    ]
    if words.startswith("夜间学校"):
        with pytest.raises(UsageError, match="夜间学校"):
            similar_practices(planted(given), words)
        return
    found = similar_practices(planted(given), words)
    assert found.frame["label"][0] == "whole" and found.frame["similarity"][0] == 1.0
    assert set(found.frame["label"]) == {"whole", "format only", "audience only"}
    assert set(found.frame["features"][0]) == {"夜校", "网格员", "反诈"}
    assert set(found.grounds(0)) == {"whole|format|夜校", "whole|audience|网格员", "whole|topic|反诈"}


def test_words_of_an_article_are_linked_to_the_concepts_in_use(graph: ComparedGraph) -> None:
    found = graph.similar("夜校 for 网格管理员", top=None).frame  # an alternative label
    assert {"夜校", "网格员"} <= {label for labels in found["features"] for label in labels}


def test_every_shared_feature_has_its_sentences(graph: ComparedGraph) -> None:
    answer = graph.similar("晨光学堂5号")
    texts = {f"{n:03d}.txt": sample(n)[1] for n in range(12)} | {"second.txt": sample(4)[1]}
    frame = answer.frame
    assert len(frame) and list(frame["similarity"]) == sorted(frame["similarity"], reverse=True)
    for at, row in enumerate(frame.itertuples()):
        assert row.region and not row.region.startswith("浙江省")
        told = answer.evidence(at)
        assert len(row.features) == len(row.kinds) == len(row.feature_practices) > 0
        assert row.practice in set(told["practice"]) and len(told) == 2 * len(row.features)
        for each in told.itertuples():
            assert texts[each.file][each.start : each.end] == each.words and each.words in each.sentence
    by_iri = graph.similar(str(sample(5)[0].practices[0].identity), top=2)
    assert list(by_iri.frame["practice"]) == list(frame["practice"])[:2]


def test_the_unsure_and_the_inferred_can_be_left_out(graph: ComparedGraph) -> None:
    inferred = {f"晨光学堂{n}号" for n in range(0, 12, 3)}  # their region is
    assert inferred & set(graph.similar("晨光学堂5号", top=None).frame["label"])
    assert not inferred & set(graph.similar("晨光学堂5号", top=None, stated_only=True).frame["label"])
    assert graph.similar("灯下一课5").frame.empty  # has no feature to compare by
    here = graph.similar("晨光学堂5号", top=None, region="四川省").frame
    assert len(here) and all(region.startswith("四川省") for region in here["region"])


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("晨光学堂99号", {}, "did you mean .*晨光学堂9号"),
        ("夜校 for 飞行员", {}, "飞行员"),
        ("晨光学堂5号", {"across": "planet"}, "no such level"),
        ("晨光学堂5号", {"min_confidence": 2}, "between 0 and 1"),
        ("晨光学堂5号", {"features": ["colour"]}, "no such feature"),
    ],
)
def test_a_wrong_question_is_told(graph: ComparedGraph, name: str, options: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        graph.similar(name, **options)


def test_the_command_prints_similarity_features_and_sentences(store: Path) -> None:
    arguments = ["query", "similar", "晨光学堂5号", "--store", str(store), "--across", "city", "--top", "3"]
    said = CliRunner().invoke(app, arguments)
    assert said.exit_code == 0 and "similarity" in said.stdout and "。" in said.stdout
    rows = json.loads(CliRunner().invoke(app, [*arguments, "--as", "json"]).stdout)["rows"]
    assert len(rows) == 3 and rows[0]["evidence"][0]["sentence"]


def test_an_answer_names_practices_by_itself_as_the_command_does(graph: ComparedGraph) -> None:
    answer = graph.similar("晨光学堂5号", top=2)
    assert answer.text(sentences=1) == answer.text(1, graph.lookup.practices.label)
    assert "    · 晨光学堂" in answer.text(sentences=1) and "http" not in answer.text(sentences=1)
    assert str(answer) == answer.text()
    assert repr(answer) == "<Comparison: practices like 晨光学堂5号 in another province; 2 rows>"


def test_only_a_practice_with_a_place_has_others_in_another(graph: ComparedGraph) -> None:
    assert graph.similar("夜校 for 网格员", region="四川省").question == "practices like 夜校 for 网格员"
    assert graph.similar("晨光学堂5号", everywhere=True).question == "practices like 晨光学堂5号"
    nowhere = columns({"asked": ("", "夜课"), "other": ("乙省/一市/一县", "夜课")})
    assert similar_practices(nowhere, "asked").question == "practices like asked"


def test_a_level_that_does_not_exist_is_named_as_in_python(graph: ComparedGraph) -> None:
    with pytest.raises(UsageError, match=r"^across: no such level: state; ") as caught:
        graph.shared(across="state")
    assert "--" not in str(caught.value)


def test_a_name_that_no_practice_has_is_not_read_as_another_feature(monkeypatch: pytest.MonkeyPatch) -> None:
    given = [
        Planted("evening", "甲省/一市/一县", {"format": ["夜校"], "topic": ["就业"]}),
        Planted("other", "乙省/一市/一县", {"format": ["直播"], "topic": ["就业"]}),
    ]
    practices = planted(given, {"务工者": "居民"})
    as_a_topic = practices.concepts.place[practices.concepts.iri[list(practices.concepts.label).index("就业")]]
    monkeypatch.setattr("kg.compare.described._linked", lambda columns, phrase, kind: {as_a_topic})
    found = similar_practices(practices, "夜校 for 务工者")
    assert list(found.frame["label"]) == ["evening"] and found.frame["features"][0] == ("夜校",)
    assert found.notes[0].startswith("no practice has 务工者")
    assert list(similar_practices(practices, "夜校 for 找活的人").frame["label"]) == ["evening", "other"]
