"""The nearest practices: which are found, in which order, and on what they rest."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from sample_records import sample
from typer.testing import CliRunner

from kg.cli.main import app
from kg.errors import UsageError
from kg.query import Graph, similar_practices
from kg.query.columns import Columns, Statement
from kg.query.names import Names

PROVINCES = ("甲省", "乙省", "丙省")


class Planted(Columns):
    """Columns without a store: practice → (province, its concepts); 夜课 and 午课 are narrower than 授课."""

    def __init__(self, practices: dict[str, tuple[str, str]]) -> None:
        upper = {"夜课": ("授课",), "午课": ("授课",)}
        self._above = {}
        self.__dict__ |= {
            "_tree": (upper, dict.fromkeys(PROVINCES, "province")),
            "practices": Names("practice", {p: (p,) for p in practices}),
            "concepts": Names("concept", {}),
            "statements": [
                Statement(practice, relation, value, "article", False, 0.9, f"{practice} {value}")
                for practice, (place, concepts) in practices.items()
                for relation, value in [("region", place), *(("format", c) for c in concepts.split())]
            ],
        }


def order(practices: dict[str, tuple[str, str]], name: str) -> list[str]:
    return [each.practice for each in similar_practices(Planted(practices), name)]


def test_the_planted_twin_is_nearest_and_siblings_get_part_of_the_credit() -> None:
    planted = {
        "asked": ("甲省", "夜课 议事"),
        "other": ("乙省", "直播"),
        "sibling": ("乙省", "午课"),
        "half": ("丙省", "夜课"),
        "twin": ("丙省", "夜课 议事"),
    }
    found = similar_practices(Planted(planted), "asked")
    assert [each.practice for each in found] == ["twin", "half", "sibling"]
    assert found[0].similarity == 1.0 and 0 < found[2].similarity < found[1].similarity < 1
    assert [(c.concept, c.practices, c.evidence) for c in found[2].common] == [("授课", 4, "sibling 午课")]
    assert [c.concept for c in found[1].common] == ["夜课"]  # not 授课 too, which follows from it


def test_the_number_is_that_of_the_formula() -> None:
    found = similar_practices(Planted({"asked": ("甲省", "夜课"), "sibling": ("乙省", "午课")}), "asked")
    both, one = math.log(1 + 2 / 2) / 2, math.log(1 + 2 / 1)
    assert found[0].similarity == pytest.approx(both / (both + one + one), abs=1e-6)


def test_a_rare_concept_in_common_beats_a_common_one() -> None:
    planted = {
        "asked": ("甲省", "常 罕"),
        "a common": ("乙省", "常 其一"),
        "b rare": ("乙省", "罕 其二"),
        **{f"more {n}": ("甲省", "常") for n in range(6)},
    }
    assert order(planted, "asked") == ["b rare", "a common"]


def test_practices_of_the_same_region_or_of_none_are_left_out_and_ties_go_by_label() -> None:
    planted = {
        "asked": ("甲省", "夜课"),
        "neighbour": ("甲省", "夜课"),
        "nowhere": ("某村", "夜课"),
        "z": ("乙省", "夜课"),
        "b": ("丙省", "夜课"),
    }
    assert order(planted, "asked") == ["b", "z"]
    assert order(planted, "nowhere") == ["asked", "b", "neighbour", "z"]


def test_the_frame_names_region_features_and_one_sentence_each(graph: Graph) -> None:
    frame = graph.similar("晨光学堂5号", evidence=True)
    texts = {f"{n:03d}.txt": sample(n)[1] for n in range(12)} | {"second.txt": sample(4)[1]}
    assert len(frame) and list(frame["similarity"]) == sorted(frame["similarity"], reverse=True)
    for row in frame.itertuples():
        assert row.region and not row.region.startswith("浙江省")
        assert len(row.features) == len(row.kinds) == len(row.feature_practices) == len(row.evidence) > 0
        assert set(row.evidence["practice"]) == {row.practice}
        for each in row.evidence.itertuples():
            assert texts[each.file][each.start : each.end] == each.words and each.words in each.sentence
    by_iri = graph.similar(str(sample(5)[0].practices[0].identity), top=2)
    assert list(by_iri["practice"]) == list(frame["practice"])[:2]


def test_the_unsure_and_the_inferred_can_be_left_out(graph: Graph) -> None:
    inferred = {f"晨光学堂{n}号" for n in range(0, 12, 3)}  # their region is
    assert inferred & set(graph.similar("晨光学堂5号", top=None)["label"])
    assert not inferred & set(graph.similar("晨光学堂5号", top=None, stated_only=True)["label"])
    assert graph.similar("灯下一课5").empty  # has no feature to compare by


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("晨光学堂99号", {}, "did you mean .*晨光学堂9号"),
        ("晨光学堂5号", {"level": "planet"}, "no such level"),
        ("晨光学堂5号", {"min_confidence": 2}, "between 0 and 1"),
    ],
)
def test_a_wrong_question_is_told(graph: Graph, name: str, options: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        graph.similar(name, **options)  # type: ignore[arg-type]


def test_several_practices_of_one_name_are_told_apart() -> None:
    planted = Planted({"one": ("甲省", "夜课"), "two": ("乙省", "夜课")})
    planted.practices.labels = {"one": ("同名",), "two": ("同名",)}
    with pytest.raises(UsageError, match=r"2 practices are called '同名'.*one, two"):
        similar_practices(planted, "同名")
    assert [each.practice for each in similar_practices(planted, "one")] == ["two"]


def test_the_command_prints_similarity_features_and_sentences(store: Path) -> None:
    arguments = ["query", "similar", "晨光学堂5号", "--store", str(store), "--across", "city", "--top", "3"]
    said = CliRunner().invoke(app, arguments)
    assert said.exit_code == 0
    assert said.stdout.startswith("0.") and " practices)" in said.stdout and "。" in said.stdout
    rows = json.loads(CliRunner().invoke(app, [*arguments, "--as", "json"]).stdout)
    assert len(rows) == 3 and rows[0]["evidence"][0]["sentence"]
