"""What a model proposes and the article does not hold is refused; the rest stands where it is said to stand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from proposals import CLASSROOM, LANTERN, RIGHT, STATION, lantern, outcome, practice

from kg.graph.proof import check_source, check_spans
from kg.model import Practice
from kg.propose.answers import Answer
from kg.propose.proposal import Proposal
from kg.propose.records import proposed_record
from kg.propose.verify import CONFIDENCE, Verified, verified


def verify(*practices: dict[str, Any]) -> Verified:
    return verified(Proposal.model_validate({"practices": practices}), lantern(), "model-api/m@0")


def one(**values: Any) -> tuple[Practice, Verified]:
    result = verify(practice("门口课堂", **values))
    return result.practices[0], result


def test_all_that_is_right_is_taken_with_its_place() -> None:
    article = lantern()
    record, result = proposed_record(Answer(Proposal.model_validate(RIGHT), "m-0711"), article, "m")
    assert not result.refused
    assert result.proposed == 18
    assert check_spans(record, article.text) == []
    proof = check_source(record, article)
    assert (proof.findings, proof.checked) == ((), 17), "places of programme, region, values; the parent has none"
    first, second = record.practices
    assert (first.id, first.programme.text, first.region and first.region.text) == ("p1", "门口课堂", "柏树社区")
    assert second.part_of and (second.part_of.practice, second.part_of.text) == ("p1", "门口课堂")
    told, joined = first.outcomes
    assert (told.value, told.unit, told.comparator, told.what) == (16, "期", "=", None)
    assert (joined.value, joined.unit, joined.comparator, joined.what) == (1600, "人次", ">", "参加")
    assert [(date.text, date.iso, date.role) for date in first.dates] == [
        ("今年4月", "2023-04", "start"),
        ("每周三晚", "R/P1W", "recurrence"),
    ]
    rules = {value.rule for each in record.practices for _, value in each.values()}
    assert len(rules) == 1 and rules.pop().startswith("model-api/m-0711@")
    assert {value.confidence for _, value in first.values()} == {CONFIDENCE}


def test_words_that_the_article_does_not_have_are_refused() -> None:
    found, result = one(formats=["直播", "讲"], partners=["县医院医生"], region="柏树村")
    assert [value.text for value in found.formats] == ["讲"]
    assert (found.partners, found.region) == ((), None)
    assert result.refused == {
        ("formats", "not in the text"): 1,
        ("partners", "not in the text"): 1,
        ("region", "not in the text"): 1,
    }
    assert result.proposed == 5


def test_a_practice_whose_name_is_invented_is_refused_with_all_it_has() -> None:
    result = verify(practice("星光讲堂", formats=["讲"], region="柏树社区"))
    assert result.practices == ()
    assert result.refused == {("programme", "not in the text"): 1}


def test_a_figure_must_stand_in_its_clause() -> None:
    found, result = one(
        outcomes=[
            outcome("已讲16期", 61, "期"),
            outcome("1600余人次参加", 1600, "人次", "老人"),
            outcome("讲了16期", 16, "期"),
        ]
    )
    (kept,) = found.outcomes
    assert (kept.value, kept.what) == (1600, None)
    assert result.refused == {
        ("outcomes", "no such figure in the clause"): 1,
        ("outcomes", "counted thing not in the clause"): 1,
        ("outcomes", "not in the text"): 1,
    }


def test_a_number_is_not_part_of_a_longer_one() -> None:
    found, result = one(outcomes=[outcome("160", 160, "名")], topics=["600余人次"])
    assert found.outcomes == () and found.topics == ()
    assert result.refused["topics", "not in the text"] == 1


def test_a_unit_that_no_list_has_must_stand_behind_its_figure() -> None:
    found, _ = one(outcomes=[outcome("再开6个教学点", 6, "个教学点"), outcome("再开6个教学点", 6, "处")])
    assert [(each.value, each.unit) for each in found.outcomes] == [(6, "个")], "the rules know 个"


def test_words_without_a_date_are_no_date() -> None:
    found, result = one(dates=[{"text": "门口课堂", "role": "start"}, {"text": "每周三", "role": "recurrence"}])
    assert [(date.text, date.iso) for date in found.dates] == [("每周三", "R/P1W")]
    assert result.refused == {("dates", "no date in the words"): 1}


def test_the_place_nearest_to_the_name_is_taken() -> None:
    result = verify(STATION | {"part_of": None}, practice("榕树下", named=False, region="南湾社区"))
    station, tree = result.practices
    (old,) = station.audiences
    assert old.start == lantern().text.index("教老人") + 1, "the first 老人 stands in another paragraph"
    assert tree.region is not None and tree.region.start == lantern().text.rindex("南湾社区")
    assert not tree.region.inferred


def test_a_region_of_another_sentence_is_inferred() -> None:
    (station,) = verify(STATION | {"part_of": None}).practices
    assert station.region is not None and station.region.inferred


def test_parents_are_practices_of_the_list_and_go_in_no_circle() -> None:
    result = verify(CLASSROOM | {"part_of": "手机小站"}, STATION, practice("榕树下", part_of="星光讲堂"))
    parents = {each.programme.text: each.part_of and each.part_of.text for each in result.practices}
    assert parents == {"门口课堂": None, "手机小站": "门口课堂", "榕树下": None}
    assert result.refused == {("part_of", "no such practice"): 1}


def test_the_same_practice_and_the_same_words_are_taken_once() -> None:
    result = verify(CLASSROOM | {"formats": ["讲", "“讲”"]}, CLASSROOM)
    (first,) = result.practices
    assert len(first.formats) == 1


@pytest.mark.parametrize(
    ("words", "reason"), [("", "empty"), ("“”", "empty"), ("讲" * 41, "too long"), ("夜晚\n来源", "over several lines")]
)
def test_what_is_no_value_is_refused(words: str, reason: str) -> None:
    _, result = one(topics=[words])
    assert result.refused == {("topics", reason): 1}


def test_quotation_marks_around_a_name_are_left_out() -> None:
    (found,) = verify(practice("“门口课堂”")).practices
    assert found.programme.text == "门口课堂"


def test_a_mark_whose_other_half_stands_inside_stays() -> None:
    (found,) = verify(practice("“门口课堂”，每周三晚")).practices
    assert found.programme.text == "“门口课堂”，每周三晚"
    (found,) = verify(practice("“手机小站")).practices
    assert found.programme.text == "手机小站"


def test_notes_tell_what_was_refused() -> None:
    proposal = Proposal.model_validate({"practices": [practice("门口课堂", formats=["直播", "空讲"], topics=[""])]})
    record, _ = proposed_record(Answer(proposal, ""), lantern(), "m")
    assert record.notes[-1] == "m proposed 4 values; refused: 1 empty, 2 not in the text"


_WORDS = st.text(alphabet=LANTERN[:90] + "“直X\n", max_size=6) | st.sampled_from(["柏树社区", "老人", "16", "期"])
_PROPOSED = st.fixed_dictionaries(
    {name: st.lists(_WORDS, max_size=2) for name in ("formats", "audiences", "topics", "venues")}
    | {
        "programme": st.sampled_from(["门口课堂", "手机小站", "老人", "无此"]),
        "named": st.booleans(),
        "region": st.none() | _WORDS,
        "part_of": st.none() | st.sampled_from(["门口课堂", "手机小站", "老人"]),
        "outcomes": st.lists(
            st.builds(outcome, _WORDS | st.just("已讲16期"), st.floats(allow_nan=False, allow_infinity=False), _WORDS),
            max_size=2,
        ),
        "dates": st.lists(st.fixed_dictionaries({"text": _WORDS, "role": st.just("held")}), max_size=2),
    }
)


@given(st.lists(_PROPOSED, max_size=4))
@settings(max_examples=25, deadline=None)
def test_whatever_is_proposed_the_record_is_proved(proposed: list[dict[str, Any]]) -> None:
    article = lantern()
    proposal = Proposal.model_validate({"practices": [practice(**one) for one in proposed]})
    record, result = proposed_record(Answer(proposal, "m"), article, "m")
    assert check_source(record, article).findings == ()
    kept = sum(len(each.values()) + (each.part_of is not None) for each in record.practices)
    assert kept <= result.proposed
    ids = {each.id for each in record.practices}
    assert {each.part_of.practice for each in record.practices if each.part_of} <= ids
