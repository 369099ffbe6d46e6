"""The edges of resolution: which verb names a format, what tells two unnamed practices apart, where a name begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from kg.knowledge.gazetteer import Gazetteer
from kg.knowledge.vocabulary import Vocabulary
from kg.model import ArticleRecord, DateValue, Outcome, Practice, Region, RegionValue, Value
from kg.resolve.concepts import ConceptLinker
from kg.resolve.identity import assign_identities
from kg.resolve.mentions import PlaceContext
from kg.resolve.place_names import level_below, level_of
from kg.resolve.places import PlaceResolver


@pytest.mark.parametrize(
    ("phrase", "concept"),
    [("入户发放指南", "发放宣传资料"), ("参观调解老物件", "参观学习"), ("巡查清理小广告", "巡查排查")],
)
def test_the_first_verb_names_the_format_unless_it_only_says_where(phrase: str, concept: str) -> None:
    linker = ConceptLinker(Vocabulary.load())
    found = linker.link("formats", phrase)
    assert (linker.vocabulary[found.iri].pref_zh, found.how) == (concept, "head")


def figure(value: float, **more: Any) -> Outcome:
    return Outcome(text="若干期", start=0, end=3, rule="test", value=value, unit="期", **more)


def values(*words: str) -> tuple[Value, ...]:
    return tuple(Value(text=word, start=0, end=len(word), rule="test") for word in words)


def same(one: dict[str, Sequence[Any]], other: dict[str, Sequence[Any]]) -> bool:
    """Whether two articles of one place that give no name, and these values, tell of one practice."""
    records = []
    for file, told in (("a.txt", one), ("b.txt", other)):
        practice = Practice(
            id="p1",
            programme=values(f"课堂{file[0]}")[0],
            named=False,
            region=RegionValue(text="本地", start=0, end=2, rule="test"),
            **{slot: tuple(given) for slot, given in told.items()},  # type: ignore[arg-type]
        )
        regions = (Region(name="本地", path=("重庆市", "江津区", "双福街道")),)
        records.append(
            ArticleRecord(file=file, content_hash=file, text_hash=file, regions=regions, practices=(practice,))
        )
    ((first,), (second,)) = [record.practices for record in assign_identities(records)]
    return first.identity == second.identity


@pytest.mark.parametrize("slot", ["formats", "audiences"])
def test_a_figure_with_a_format_or_an_audience_is_enough_to_know_a_practice_again(slot: str) -> None:
    told = {"outcomes": [figure(12)], slot: values("老人")}
    assert same(told, told)
    assert not same(told, told | {"outcomes": [figure(13)]}) and not same(told, told | {slot: values("孩子")})


def test_figures_alone_or_with_a_topic_are_not_enough() -> None:
    for told in ({"outcomes": [figure(12)]}, {"outcomes": [figure(12)], "topics": values("反诈")}):
        assert not same(told, told)


def test_more_than_twelve_are_not_twelve() -> None:
    told = {"formats": values("讲座"), "outcomes": [figure(12)]}
    assert not same(told, told | {"outcomes": [figure(12, comparator=">")]})


def test_the_order_of_the_figures_says_nothing() -> None:
    formats = values("讲座")
    one, other = [figure(12), figure(300)], [figure(300), figure(12)]
    assert same({"formats": formats, "outcomes": one}, {"formats": formats, "outcomes": other})


def test_practices_of_two_dates_are_two() -> None:
    def on(day: str) -> dict[str, Sequence[Any]]:
        date = DateValue(text="当天", start=0, end=2, rule="test", iso=day)
        return {"formats": values("讲座"), "outcomes": [figure(12)], "dates": [date]}

    assert same(on("2024-05-01"), on("2024-05-01")) and not same(on("2024-05-01"), on("2024-06-01"))


def resolve(name: str, text: str) -> Region:
    gazetteer = Gazetteer.load()
    return PlaceResolver(gazetteer).resolve(name, context=PlaceContext(text, gazetteer))


@pytest.mark.parametrize("name", ["星光云谷社区", "包河区星光云谷社区"])
def test_a_place_that_no_list_has_is_stated_by_its_own_name(name: str) -> None:
    text = "安徽合肥包河区星光云谷社区办起夜校。"
    own = resolve(name, text).levels[-1]
    assert own.stated and own.start is not None
    assert own.name == "星光云谷社区" == text[own.start : own.end]


@pytest.mark.parametrize("name", ["麓湖开发区", "白石新区", "东部新城"])
def test_a_zone_is_known_by_its_ending(name: str) -> None:
    assert level_of(name) == level_below(name, "prefecture") == "zone"
    region = resolve(name, f"安徽合肥{name}办起夜校。")
    assert [level.level for level in region.levels] == ["province", "prefecture", "zone"]


def test_the_higher_of_two_places_of_a_name_is_less_sure_than_the_only_one() -> None:
    """西工区 is a district of 洛阳 and, in the lists, a township elsewhere in the province."""
    two, one = (resolve(name, f"河南省{name}办起夜校。") for name in ("西工区", "洛龙区"))
    assert two.path == ("河南省", "洛阳市", "西工区") and one.path == ("河南省", "洛阳市", "洛龙区")
    assert 0 < two.confidence < one.confidence < 1
