"""Places that have another name today, or none: former cities and districts, divisions of the 兵团, names cut short."""

from __future__ import annotations

import pytest

from kg.knowledge.gazetteer import Gazetteer
from kg.model import Region
from kg.resolve.mentions import PlaceContext
from kg.resolve.places import PlaceResolver


def _resolve(name: str, text: str) -> Region:
    gazetteer = Gazetteer.load()
    return PlaceResolver(gazetteer).resolve(name, context=PlaceContext(text, gazetteer))


def _path(region: Region) -> str | None:
    return "/".join(region.path) if region.path else None


@pytest.mark.parametrize(
    ("name", "text", "path", "note"),
    [
        ("襄樊市", "襄樊市办起夜校。", "湖北省/襄阳市", "it has been called 襄阳市 since 2010"),
        ("襄樊", "湖北襄樊办起夜校。", "湖北省/襄阳市", "it has been called 襄阳市 since 2010"),
        ("思茅地区", "思茅地区办起夜校。", "云南省/普洱市", "it has been called 普洱市 since 2007"),
        ("户县", "陕西户县办起夜校。", "陕西省/西安市/鄠邑区", "it has been called 鄠邑区 since 2016"),
        ("闸北区", "闸北区办起夜校。", "上海市/闸北区", "there was a 闸北区 until 2015; its area belongs to 静安区"),
        (
            "崇文区",
            "北京市崇文区办起夜校。",
            "北京市/崇文区",
            "there was a 崇文区 until 2010; its area belongs to 东城区",
        ),
        ("毕节地区", "毕节地区办起夜校。", "贵州省/毕节市", "no list has it; taken for 毕节市"),
        ("望城县", "长沙市望城县办起夜校。", "湖南省/长沙市/望城区", "no list has it; taken for 望城区"),
        ("通州市", "江苏省通州市办起夜校。", "江苏省/南通市/通州区", "no list has it; taken for 通州区"),
    ],
)
def test_a_former_name_is_resolved_and_said_to_be_one(name: str, text: str, path: str, note: str) -> None:
    region = _resolve(name, text)
    assert (_path(region), region.note) == (path, note)
    assert (region.code is None) == ("until" in note)


def test_a_former_kind_alone_is_less_sure_and_open_between_namesakes() -> None:
    assert _resolve("望城县", "望城县办起夜校。").confidence == 0.75
    assert _resolve("通州市", "通州市办起夜校。").path is None


@pytest.mark.parametrize("before", ["上海市闸北区", "闸北区"])
def test_the_streets_of_a_merged_district_lie_in_that_of_today(before: str) -> None:
    region = _resolve("临汾路街道", f"{before}临汾路街道办起夜校。")
    assert _path(region) == "上海市/静安区/临汾路街道"
    assert region.code == "310106021"


def test_the_end_of_an_unknown_district_is_no_district_elsewhere() -> None:
    region = _resolve("临汾路街道", "云北区临汾路街道办起夜校。")
    assert _path(region) == "上海市/静安区/临汾路街道"  # and not in 北区 of Hong Kong


@pytest.mark.parametrize(
    ("name", "text", "path", "level"),
    [
        ("第八师", "新疆生产建设兵团第八师办起夜校。", "新疆生产建设兵团/第八师", "prefecture"),
        ("兵团第八师143团", "兵团第八师143团办起夜校。", "新疆生产建设兵团/第八师/143团", "township"),
        ("一零四团", "新疆兵团第十二师一零四团办起夜校。", "新疆生产建设兵团/第十二师/一零四团", "township"),
        ("第八师石河子市", "第八师石河子市办起夜校。", "新疆维吾尔自治区/石河子市", "county"),
        ("北泉镇", "兵团第八师北泉镇办起夜校。", "新疆维吾尔自治区/石河子市/北泉镇", "township"),
        ("十二团", "第一师阿拉尔市十二团办起夜校。", "新疆维吾尔自治区/阿拉尔市/十二团", "township"),
    ],
)
def test_divisions_and_regiments(name: str, text: str, path: str, level: str) -> None:
    region = _resolve(name, text)
    assert (_path(region), region.levels[-1].level) == (path, level)


def test_a_division_named_alone_says_nothing_of_other_places() -> None:
    context = PlaceContext("湖南第一师范学院的学生来到社区。", Gazetteer.load())
    assert ["".join(match.name for match in address.matches) for address in context.addresses] == ["湖南"]


def test_the_two_forms_of_a_street_of_a_road() -> None:
    region = _resolve("东关街街道", "扬州市广陵区东关街街道办起夜校。")
    assert _path(region) == "江苏省/扬州市/广陵区/东关街道"
    assert region.rule == "place.renamed"


@pytest.mark.parametrize(
    ("name", "whole", "before", "path"),
    [
        ("工卡县", "墨竹工卡县", "西藏", "西藏自治区/拉萨市/墨竹工卡县"),
        ("塘社区", "天鹅塘社区", "湖南长沙望城区", "湖南省/长沙市/望城区/月亮岛街道/天鹅塘社区"),
    ],
)
def test_a_name_cut_short_is_completed_by_the_text(name: str, whole: str, before: str, path: str) -> None:
    text = f"{before}{whole}办起夜校。"
    region = _resolve(name, text)
    assert _path(region) == path
    assert region.note == f"the text has {whole}"
    assert region.name == name == text[region.start : region.end]
    own = region.levels[-1]
    assert text[own.start : own.end] == whole


def test_a_name_is_not_completed_where_the_text_has_it_alone_too() -> None:
    region = _resolve("塘社区", "湖南长沙望城区天鹅塘社区办起夜校。望城区的塘社区也办起夜校。")
    assert region.levels[-1].name == "塘社区"
