"""What stands directly before and behind a place's name: former districts, places abroad, offices, zones, own beginnings."""

from __future__ import annotations

import pytest

from kg.knowledge.gazetteer import Gazetteer
from kg.model import Region
from kg.resolve.mentions import PlaceContext
from kg.resolve.places import PlaceResolver


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def _resolve(gazetteer: Gazetteer, text: str, name: str, publisher: str | None = None) -> Region:
    context = PlaceContext(text + "举办读书会。", gazetteer, publisher=publisher)
    return PlaceResolver(gazetteer).resolve(name, context=context)


def _path(region: Region) -> str | None:
    return "/".join(region.path) if region.path else None


@pytest.mark.parametrize(
    ("text", "name", "path"),
    [
        ("淮安市清河区", "清河区", "江苏省/淮安市/清河区"),
        ("邢台市桥东区", "桥东区", "河北省/邢台市/桥东区"),
        ("石家庄市桥东区", "石家庄市桥东区", "河北省/石家庄市/桥东区"),
        ("保定市新市区", "新市区", "河北省/保定市/新市区"),
        ("济宁市市中区", "市中区", "山东省/济宁市/市中区"),
        ("台湾台北市大安区", "台北市大安区", "台湾省/台北市/大安区"),
        ("台湾台中市北区", "北区", "台湾省/台中市/北区"),
        ("大同市矿区", "矿区", None),  # a word as well
        ("长治市郊区", "郊区", None),
        ("广东鼓楼区", "鼓楼区", None),  # no district lies directly in a province
        ("沈阳市牡丹社区", "牡丹", None),
    ],
)
def test_a_county_that_its_city_has_no_more_is_not_sought_elsewhere(
    gazetteer: Gazetteer, text: str, name: str, path: str | None
) -> None:
    region = _resolve(gazetteer, text, name)
    assert (_path(region), region.code) == (path, None)
    assert region.confidence <= 0.7


@pytest.mark.parametrize(
    ("text", "name", "path", "confidence"),
    [
        ("六安市寿县", "寿县", "安徽省/淮南市/寿县", 0.85),  # came to another city of the province
        ("上海昆山市", "昆山市", "江苏省/苏州市/昆山市", 0.6),
        ("雄安新区容城县", "容城县", "河北省/保定市/容城县", 0.95),  # the zone lies over it
        ("北京大兴和上海", "北京大兴", "北京市/大兴区", 0.97),
        ("北京大兴和上海", "上海", "上海市", 0.95),
        ("中山市东区", "东区", "广东省/中山市/东区街道", 0.8),  # a city without counties
    ],
)
def test_a_name_before_that_is_not_above(
    gazetteer: Gazetteer, text: str, name: str, path: str, confidence: float
) -> None:
    region = _resolve(gazetteer, text, name)
    assert (_path(region), region.confidence) == (path, confidence)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("韩国首尔江南区", "江南区"),
        ("韩国光州市西区", "西区"),
        ("韩国大田", "大田"),
        ("韩国首尔江南区驿三洞社区", "驿三洞社区"),
    ],
)
def test_districts_abroad_are_not_sought_in_china(gazetteer: Gazetteer, text: str, name: str) -> None:
    region = _resolve(gazetteer, text, name)
    assert region.path is None
    assert region.note is not None and "after a place abroad" in region.note
    assert not PlaceContext(text, gazetteer).addresses


@pytest.mark.parametrize(
    ("text", "name", "path"),
    [
        ("来自韩国的义乌客商", "义乌", "浙江省/金华市/义乌市"),
        ("日本友人走进南京鼓楼区", "鼓楼区", "江苏省/南京市/鼓楼区"),
        ("中国新加坡苏州工业园区", "苏州工业园区", "江苏省/苏州市/苏州工业园区"),
        ("延边朝鲜族自治州延吉市", "延吉市", "吉林省/延边朝鲜族自治州/延吉市"),
        ("访问韩国。江南区", "江南区", "广西壮族自治区/南宁市/江南区"),
    ],
)
def test_a_place_abroad_nearby_changes_nothing(gazetteer: Gazetteer, text: str, name: str, path: str) -> None:
    assert _path(_resolve(gazetteer, text, name)) == path


@pytest.mark.parametrize(
    "name", ["丰产路街道", "丰产路街道办事处", "丰产路街道办", "丰产路街办", "丰产路办事处", "金水区丰产路办事处"]
)
def test_a_streets_office_is_the_street(gazetteer: Gazetteer, name: str) -> None:
    text = "郑州市金水区" + name.removeprefix("金水区")
    region = _resolve(gazetteer, text, name)
    assert (_path(region), region.code) == ("河南省/郑州市/金水区/丰产路街道", "410105009")
    street = region.levels[-1]
    assert region.name == name
    assert text[street.start : street.end] == name.removeprefix("金水区")


def test_a_towns_office_may_be_the_street_that_the_town_became(gazetteer: Gazetteer) -> None:
    region = _resolve(gazetteer, "佛山市禅城区石湾镇办事处", "石湾镇办事处")
    assert _path(region) == "广东省/佛山市/禅城区/石湾镇街道"


def test_an_office_whose_street_begins_with_a_citys_name_is_not_split(gazetteer: Gazetteer) -> None:
    region = _resolve(gazetteer, "昌吉市延安北路办事处", "延安北路办事处")
    assert _path(region) == "新疆维吾尔自治区/昌吉回族自治州/昌吉市/延安北路街道"


def test_a_street_that_the_lists_have_in_two_districts_is_doubted(gazetteer: Gazetteer) -> None:
    region = _resolve(gazetteer, "武汉市关东街道", "关东街道")
    assert (region.code, region.note) == ("420111080", "the lists have it in two districts of the city")
    assert region.confidence < 0.8


def test_the_office_of_a_street_that_no_list_has_is_put_as_the_street(gazetteer: Gazetteer) -> None:
    region = _resolve(gazetteer, "成都市双流区云起街道办", "双流区云起街道办")
    street = region.levels[-1]
    assert (_path(region), street.level) == ("四川省/成都市/双流区/云起街道", "township")
    assert (street.start, street.end) == (6, 11)


def test_a_community_behind_an_office_lies_in_its_street(gazetteer: Gazetteer) -> None:
    region = _resolve(gazetteer, "金水区丰产路街道办事处云起社区", "云起社区")
    assert (_path(region), region.rule) == ("河南省/郑州市/金水区/丰产路街道/云起社区", "place.address")


@pytest.mark.parametrize(
    ("text", "name", "path", "code"),
    [
        ("成都高新区桂溪街道", "桂溪街道", "四川省/成都市/武侯区/桂溪街道", "510107064"),
        ("苏州高新区狮山街道", "狮山街道", "江苏省/苏州市/虎丘区/狮山街道", "320505002"),
        ("西安高新区丈八沟街道", "西安高新区丈八沟街道", "陕西省/西安市/雁塔区/丈八沟街道", "610113007"),
        ("武汉东湖高新区关东街道", "关东街道", "湖北省/武汉市/洪山区/关东街道", "420111080"),  # in two districts
        ("四川天府新区华阳街道", "华阳街道", "四川省/成都市/双流区/华阳街道", "510116003"),  # a zone of two cities
        ("西咸新区沣东新城三桥街道", "三桥街道", "陕西省/西安市/未央区/三桥街道", "610112002"),
        ("沣东新城三桥街道", "沣东新城三桥街道", "陕西省/西安市/未央区/三桥街道", "610112002"),
        ("苏州工业园区唯亭街道", "唯亭街道", "江苏省/苏州市/苏州工业园区/唯亭街道", "320576052"),  # the zone's own
        ("成都高新区云起街道", "云起街道", "四川省/成都市/成都高新技术产业开发区/云起街道", None),
        ("高新区兴隆街道", "兴隆街道", None, None),  # any of fifty zones
    ],
)
def test_a_zones_street_is_found_in_the_zones_city(
    gazetteer: Gazetteer, text: str, name: str, path: str | None, code: str | None
) -> None:
    region = _resolve(gazetteer, text, name)
    assert (_path(region), region.code) == (path, code)


def test_the_end_of_a_longer_name_is_nothing_to_lie_in(gazetteer: Gazetteer) -> None:
    """新城 in 云起新城 is not 新城区 of Xi'an."""
    region = _resolve(gazetteer, "西安市云起新城三桥街道", "三桥街道")
    assert _path(region) == "陕西省/西安市/未央区/三桥街道"


@pytest.mark.parametrize(
    ("text", "name", "path"),
    [
        ("西湖区翠苑街道", "西湖区", "浙江省/杭州市/西湖区"),
        ("鼓楼区五凤街道", "鼓楼区", "福建省/福州市/鼓楼区"),
        ("巴州库尔勒市", "巴州", "新疆维吾尔自治区/巴音郭楞蒙古自治州"),
        ("南京市鼓楼区。鼓楼区五凤街道", "南京市鼓楼区", "江苏省/南京市/鼓楼区"),
        ("吉林昌邑区", "吉林", "吉林省"),
        ("西湖区", "西湖区", None),
        ("通州区", "通州区", None),
    ],
)
def test_a_name_is_told_by_the_one_behind_it(gazetteer: Gazetteer, text: str, name: str, path: str | None) -> None:
    assert _path(_resolve(gazetteer, text, name)) == path


@pytest.mark.parametrize(
    ("text", "name", "path"),
    [
        ("新疆巴州", "巴州", "新疆维吾尔自治区/巴音郭楞蒙古自治州"),
        ("四川巴州", "巴州", "四川省/巴中市/巴州区"),
        ("呼市新城区", "呼市新城区", "内蒙古自治区/呼和浩特市/新城区"),
        ("浦东陆家嘴", "陆家嘴", "上海市/浦东新区/陆家嘴街道"),
        ("阿旗", "阿旗", None),
        ("赤峰阿旗", "阿旗", "内蒙古自治区/赤峰市/阿鲁科尔沁旗"),
    ],
)
def test_short_forms_that_two_places_share_are_told_by_what_is_around(
    gazetteer: Gazetteer, text: str, name: str, path: str | None
) -> None:
    assert _path(_resolve(gazetteer, text, name)) == path


def test_short_forms_that_are_words_name_no_place_by_themselves(gazetteer: Gazetteer) -> None:
    context = PlaceContext("志愿者打招呼市民点头，抵达旗下门店。", gazetteer)
    assert [match.name for match in context.matches] == ["呼市", "达旗"]
    assert context.addresses == ()
