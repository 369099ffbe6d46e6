"""Places resolved by context: publisher, headline, neighbours; stated and inferred; abstention."""

from __future__ import annotations

import hashlib
import time
from array import array
from pathlib import Path

import pytest

from kg.knowledge.gazetteer import Gazetteer
from kg.model import Article, ArticleRecord, OffsetMap, Practice, Region, RegionValue, Value
from kg.resolve.mentions import PlaceContext
from kg.resolve.place_names import split_name
from kg.resolve.places import PlaceResolver


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def _resolve(
    gazetteer: Gazetteer, name: str, text: str, *, title: str | None = None, publisher: str | None = None
) -> Region:
    context = PlaceContext(text, gazetteer, title=title, publisher=publisher)
    return PlaceResolver(gazetteer).resolve(name, context=context)


def _path(region: Region) -> str | None:
    return "/".join(region.path) if region.path else None


@pytest.mark.parametrize(
    ("name", "text", "publisher", "path"),
    [
        # what the publisher says
        ("双福街道", "双福街道开班授课。", "江津融媒体中心", "重庆市/江津区/双福街道"),
        ("长岭街道", "长岭街道开班授课。", "人民网-贵州频道", "贵州省/贵阳市/观山湖区/长岭街道"),
        ("长岭街道", "长岭街道开班授课。", "黄埔区融媒体中心", "广东省/广州市/黄埔区/长岭街道"),
        # what stands directly before
        ("上城区", "浙江杭州上城区的志愿者上门服务。", "央视网", "浙江省/杭州市/上城区"),
        ("黎川县", "抚州市黎川县请来宣讲员。", None, "江西省/抚州市/黎川县"),
        ("鼓楼区", "在福建福州鼓楼区，老人有了食堂。", None, "福建省/福州市/鼓楼区"),
        ("小营巷社区", "浙江杭州上城区小营街道小营巷社区办起夜校。", None, "浙江省/杭州市/上城区/小营街道/小营巷社区"),
        # the article's own district, by what it names elsewhere
        (
            "文华社区",
            "苏州工业园区斜塘街道今年冬训。\n文华社区请来讲师。",
            None,
            "江苏省/苏州市/苏州工业园区/斜塘街道/文华社区",
        ),
        ("西湖区", "杭州的社区一片忙碌。西湖区组织宣讲。", None, "浙江省/杭州市/西湖区"),
        ("西湖区", "南昌的社区一片忙碌。西湖区组织宣讲。", None, "江西省/南昌市/西湖区"),
        # provinces and short names
        ("河北", "天津、河北等地举行宣讲。", None, "河北省"),
        ("海南", "青海、海南等地举行宣讲。", None, "海南省"),
        ("吉林", "吉林组建宣讲团。", None, "吉林省"),
        ("新疆", "新疆组建宣讲团。", None, "新疆维吾尔自治区"),
        ("新疆生产建设兵团", "新疆生产建设兵团组建宣讲团。", None, "新疆生产建设兵团"),
        ("乌鲁木齐", "新疆乌鲁木齐的社区办起夜校。", None, "新疆维吾尔自治区/乌鲁木齐市"),
        # municipalities, counties directly below the province, cities without counties
        ("江津区", "重庆江津区开设课堂。", None, "重庆市/江津区"),
        ("仙桃", "湖北仙桃开设课堂。", None, "湖北省/仙桃市"),
        ("虎门镇", "广东东莞虎门镇开设课堂。", None, "广东省/东莞市/虎门镇"),
        # zones
        ("高新区", "合肥高新区引导企业开课。合肥的高新区每周一课。", None, "安徽省/合肥市/合肥高新技术产业开发区"),
        ("苏州工业园区", "苏州工业园区引导企业开课。", None, "江苏省/苏州市/苏州工业园区"),
        # composite names
        ("银川市金凤区", "银川市金凤区开设课堂。", None, "宁夏回族自治区/银川市/金凤区"),
        (
            "甘肃临夏州积石山县",
            "甘肃临夏州积石山县开设课堂。",
            None,
            "甘肃省/临夏回族自治州/积石山保安族东乡族撒拉族自治县",
        ),
    ],
)
def test_path(gazetteer: Gazetteer, name: str, text: str, publisher: str | None, path: str) -> None:
    assert _path(_resolve(gazetteer, name, text, publisher=publisher)) == path


def test_stated_and_inferred_are_told_apart(gazetteer: Gazetteer) -> None:
    text = "湖南长沙天鹅塘社区的课堂开讲了。"
    region = _resolve(gazetteer, "天鹅塘社区", text)
    assert [(level.name, level.stated) for level in region.levels] == [
        ("湖南省", True),
        ("长沙市", True),
        ("望城区", False),
        ("月亮岛街道", False),
        ("天鹅塘社区", True),
    ]
    spans = [text[level.start : level.end] if level.start is not None else None for level in region.levels]
    assert spans == ["湖南", "长沙", None, None, "天鹅塘社区"]
    assert region.code == region.levels[-1].code is not None
    assert region.levels[2].code_source == "nbs 2023"
    assert (region.start, region.end) == (4, 9)


def test_a_publisher_states_without_a_place_in_the_text(gazetteer: Gazetteer) -> None:
    region = _resolve(gazetteer, "双福街道", "双福街道开班授课。", publisher="江津融媒体中心")
    district = region.levels[1]
    assert (district.name, district.stated, district.start) == ("江津区", True, None)
    assert not region.levels[0].stated


def test_a_community_that_no_list_has_stands_below_what_the_article_names(gazetteer: Gazetteer) -> None:
    region = _resolve(gazetteer, "星光云谷社区", "安徽合肥包河区星光云谷社区办起夜校。")
    assert _path(region) == "安徽省/合肥市/包河区/星光云谷社区"
    assert region.code is None
    assert region.note is not None
    assert region.confidence < 0.9


def test_namesakes_within_a_county_leave_the_township_out(gazetteer: Gazetteer) -> None:
    county = gazetteer.candidates("隆回县")[0]
    assert len(gazetteer.within("红星村", county)) > 1
    region = _resolve(gazetteer, "红星村", "湖南邵阳隆回县红星村办起夜校。")
    assert _path(region) == "湖南省/邵阳市/隆回县/红星村"
    assert region.note is not None
    assert "levels between are left out" in region.note


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("长岭街道", "长岭街道开班授课。", "4 places have this name"),
        ("文华社区", "文华社区开班授课。", "names no place above it"),
        ("滩区", "滩区群众开班授课。", "no list of places has this name"),
        ("鼓楼区", "鼓楼区开班授课。", "places have this name"),
    ],
)
def test_it_abstains_and_says_why(gazetteer: Gazetteer, name: str, text: str, why: str) -> None:
    region = _resolve(gazetteer, name, text)
    assert region.path is None
    assert region.levels == ()
    assert region.note is not None
    assert why in region.note


@pytest.mark.parametrize(
    ("name", "text", "publisher", "path"),
    [
        (
            "岩头镇",
            "岩头镇请老乡贤回村。",
            "温州日报",
            "浙江省/温州市/永嘉县/岩头镇",
        ),  # a newspaper stands for its city
        ("市中区", "山东枣庄市中区开设课堂。", None, "山东省/枣庄市/市中区"),  # 枣庄 + 市中区, not 枣庄市 + 中区
        (
            "莲蓉社区",
            "常州经开区横山桥镇今年冬训。\n\n莲蓉社区请来讲师。",
            None,
            "江苏省/常州市/武进区/横山桥镇/莲蓉社区",
        ),
    ],
)
def test_names_that_are_cut_wrongly_at_first_sight(
    gazetteer: Gazetteer, name: str, text: str, publisher: str | None, path: str
) -> None:
    assert _path(_resolve(gazetteer, name, text, publisher=publisher)) == path


def test_the_end_of_a_longer_name_is_no_place(gazetteer: Gazetteer) -> None:
    """大街街道 exists in another province; 红旗大街街道 is in no list."""
    context = PlaceContext("河北石家庄桥西区红旗大街街道办起夜校。", gazetteer)
    assert [address.place.name for address in context.addresses if address.place] == ["桥西区"]


def test_a_long_text_takes_no_long_time(gazetteer: Gazetteer) -> None:
    """A smoke test: 400,000 characters in one line, the name in it 4,000 times."""
    text = (
        "浙江杭州上城区的居民来上课，小营巷社区请来讲师和志愿者，大家学急救、学防火、学反诈、学做饭、学唱歌、学画画"
        * 4000
    )
    begin = time.process_time()  # not by the clock: the machine may be busy
    region = _resolve(gazetteer, "小营巷社区", text)
    assert _path(region) == "浙江省/杭州市/上城区/小营街道/小营巷社区"
    assert time.process_time() - begin < 10


def test_a_homonym_elsewhere_does_not_beat_the_articles_own_place(gazetteer: Gazetteer) -> None:
    """金堰社区 stands in lists of other cities of the province only: the article's street is believed."""
    text = "斜塘街道今年冬训。\n金堰社区请来讲师。"
    region = _resolve(gazetteer, "金堰社区", text, title="苏州工业园区斜塘街道冬训")
    assert _path(region) == "江苏省/苏州市/苏州工业园区/斜塘街道/金堰社区"


def test_roads_and_ordinary_words_say_nothing_of_where(gazetteer: Gazetteer) -> None:
    text = "南京路上的队伍走过，坚持开放合作，共建富裕家园。长岭街道开班授课。"
    assert PlaceContext(text, gazetteer).addresses[0].matches[0].name == "长岭街道"
    assert _resolve(gazetteer, "长岭街道", text).path is None


@pytest.mark.parametrize(
    ("name", "above", "own"),
    [
        ("山西晋城东圣社区", ["山西", "晋城"], "东圣社区"),
        ("抚州市黎川县", ["抚州市"], "黎川县"),
        ("朝阳村", [], "朝阳村"),
        ("长沙县", [], "长沙县"),
        ("小营街道小营巷社区", ["小营街道"], "小营巷社区"),
        ("团结村", [], "团结村"),
    ],
)
def test_composite_names_are_split(gazetteer: Gazetteer, name: str, above: list[str], own: str) -> None:
    parts = split_name(name, gazetteer)
    assert [match.name for match in parts.above] == above
    assert parts.own == own
    assert name[parts.at :] == own


def test_a_researchers_place_is_used(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text(
        "name,level,parent,code,source,year,alias\n云谷街道,township,安徽省/合肥市/包河区,340111999,survey,2024,\n",
        encoding="utf-8",
    )
    region = _resolve(Gazetteer.load(file), "云谷街道", "云谷街道开班授课。", publisher="包河发布")
    assert (_path(region), region.code) == ("安徽省/合肥市/包河区/云谷街道", "340111999")
    assert region.levels[-1].code_source == "survey 2024"


@pytest.fixture(scope="module")
def own_villages(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    file = tmp_path_factory.mktemp("own") / "own.csv"
    file.write_text(
        "name,level,parent,alias,code\n"
        "坡上湾,village,重庆市/江津区/双福街道,坡上,500116999003\n"
        "灯塔里小区,village,重庆市/江津区/双福街道,灯塔里|灯塔小区,500116999001\n",
        encoding="utf-8",
    )
    return Gazetteer.load(file)


@pytest.mark.parametrize("name", ["坡上湾", "坡上", "灯塔里小区", "灯塔里", "灯塔小区"])
@pytest.mark.parametrize(
    ("text", "publisher"),
    [("双福街道在{}办起课堂。", "江津融媒"), ("江津区双福街道{}办起课堂。", None), ("{}办起课堂。", None)],
)
def test_a_researchers_village_is_found_by_any_name(
    own_villages: Gazetteer, name: str, text: str, publisher: str | None
) -> None:
    region = _resolve(own_villages, name, text.format(name), publisher=publisher)
    official, code = ("坡上湾", "500116999003") if "坡上" in name else ("灯塔里小区", "500116999001")
    assert (_path(region), region.code) == (f"重庆市/江津区/双福街道/{official}", code)
    assert region.note is None


def test_a_researchers_village_is_found_at_the_end_of_a_longer_name(own_villages: Gazetteer) -> None:
    region = _resolve(own_villages, "双福街道坡上湾", "江津区双福街道坡上湾办起课堂。")
    assert (_path(region), region.code) == ("重庆市/江津区/双福街道/坡上湾", "500116999003")


@pytest.mark.parametrize("name", ["坡上湾", "坡上", "灯塔里小区", "灯塔里"])
def test_a_researchers_village_is_not_seen_far_away(own_villages: Gazetteer, name: str) -> None:
    region = _resolve(own_villages, name, f"安徽省合肥市包河区{name}办起课堂。", publisher="包河发布")
    assert (_path(region), region.code) == (f"安徽省/合肥市/包河区/{name}", None)


def _article(text: str, publisher: str) -> Article:
    offsets = OffsetMap(array("L", range(len(text))), array("L", range(1, len(text) + 1)))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Article("a.txt", text, text, offsets, digest, publisher=publisher)


def _practice(number: int, text: str, programme: str, region: str) -> Practice:
    at, place = text.index(programme), text.index(region)
    return Practice(
        id=f"p{number}",
        programme=Value(text=programme, start=at, end=at + len(programme), rule="test"),
        region=RegionValue(text=region, start=place, end=place + len(region), rule="test"),
    )


def test_a_record_gets_one_region_a_name_in_the_order_of_the_text() -> None:
    text = "望城区月亮岛街道办起小马夜校，金瑞社区办起阳台课，月亮岛街道又办起红马甲。"
    article = _article(text, "长沙发布")
    practices = (
        _practice(1, text, "阳台课", "金瑞社区"),
        _practice(2, text, "小马夜校", "月亮岛街道"),
        _practice(3, text, "红马甲", "月亮岛街道"),
    )
    record = ArticleRecord(file="a.txt", content_hash="0", text_hash="0", practices=practices)
    resolved = PlaceResolver(Gazetteer.load()).resolve_record(record, article)
    assert [region.name for region in resolved.regions] == ["月亮岛街道", "金瑞社区"]
    assert {p.region.text for p in resolved.practices if p.region} == {region.name for region in resolved.regions}
    for region in resolved.regions:
        assert region.start is not None
        assert text[region.start : region.end] == region.name
    assert _path(resolved.regions[1]) == "湖南省/长沙市/望城区/月亮岛街道/金瑞社区"
    assert resolved.practices == practices


def test_two_places_of_one_name_in_one_article_stay_two() -> None:
    text = "南京市鼓楼区办起灯下课堂。徐州市鼓楼区办起汉韵夜校。"
    second = text.index("鼓楼区", 10)
    there = RegionValue(text="鼓楼区", start=second, end=second + 3, rule="test")
    practices = (
        _practice(1, text, "灯下课堂", "鼓楼区"),
        _practice(2, text, "汉韵夜校", "鼓楼区").model_copy(update={"region": there}),
    )
    record = ArticleRecord(file="a.txt", content_hash="0", text_hash="0", practices=practices)
    resolved = PlaceResolver(Gazetteer.load()).resolve_record(record, _article(text, "江苏夜读"))
    meant = [resolved.region_of(practice.region) for practice in resolved.practices if practice.region]
    assert [_path(region) for region in meant if region] == ["江苏省/南京市/鼓楼区", "江苏省/徐州市/鼓楼区"]
    assert [region.start for region in resolved.regions] == [3, second]


@pytest.mark.parametrize(
    ("name", "text", "path", "level"),
    [
        ("云亭区", "浙江省杭州市云亭区办起夜校。", "浙江省/杭州市/云亭区", "county"),
        ("杭州市云亭区", "浙江省杭州市云亭区办起夜校。", "浙江省/杭州市/云亭区", "county"),
        ("云亭市", "山东省云亭市办起夜校。", "山东省/云亭市", "prefecture"),
        ("云亭农场", "黑龙江省北安市云亭农场办起夜校。", "黑龙江省/黑河市/北安市/云亭农场", "township"),
        ("示范片区", "浙江省杭州市示范片区办起夜校。", "浙江省/杭州市/示范片区", "village"),
    ],
)
def test_a_name_that_no_list_has_is_of_the_level_that_its_ending_says(
    gazetteer: Gazetteer, name: str, text: str, path: str, level: str
) -> None:
    region = _resolve(gazetteer, name, text)
    assert (_path(region), region.levels[-1].level) == (path, level)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("双福", "重庆市江津区双福办起夜校。"),
        ("江津区双福", "重庆市江津区双福办起夜校。"),
        ("双福", "在江津区，双福办起夜校。"),
    ],
)
def test_a_streets_short_name_is_the_street(gazetteer: Gazetteer, name: str, text: str) -> None:
    region = _resolve(gazetteer, name, text)
    assert _path(region) == "重庆市/江津区/双福街道"
    street = region.levels[-1]
    assert street.start is not None and text[street.start : street.end] == "双福"


def test_a_short_name_of_no_street_stays_open(gazetteer: Gazetteer) -> None:
    assert _resolve(gazetteer, "无此名", "在江津区，无此名办起夜校。").path is None
