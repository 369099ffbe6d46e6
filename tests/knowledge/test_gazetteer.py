"""The shipped gazetteer: names, paths, homonyms, zones, search, a researcher's own places."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.errors import InputError, UsageError
from kg.knowledge.gazetteer import Gazetteer, Place
from kg.knowledge.gazetteer.additions import with_additions


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def _paths(gazetteer: Gazetteer, name: str, levels: tuple[str, ...] | None = None) -> list[str]:
    return ["/".join(gazetteer.names(place)) for place in gazetteer.candidates(name, levels)]


def _townships(gazetteer: Gazetteer) -> Iterator[Place]:
    for number in range(100_000):
        try:
            place = gazetteer.place(number)
        except KeyError:
            return
        if place.level == "village":
            return
        if place.level == "township":
            yield place


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("合肥", "安徽省/合肥市"),
        ("包河", "安徽省/合肥市/包河区"),
        ("江津", "重庆市/江津区"),
        ("新疆", "新疆维吾尔自治区"),
        ("积石山县", "甘肃省/临夏回族自治州/积石山保安族东乡族撒拉族自治县"),
        ("寻甸", "云南省/昆明市/寻甸回族彝族自治县"),
        ("伊犁州", "新疆维吾尔自治区/伊犁哈萨克自治州"),
        ("东乡县", "甘肃省/临夏回族自治州/东乡族自治县"),
        ("仙桃", "湖北省/仙桃市"),
        ("东莞", "广东省/东莞市"),
        ("石河子", "新疆维吾尔自治区/石河子市"),
        ("苏州工业园区", "江苏省/苏州市/苏州工业园区"),
        ("合肥高新区", "安徽省/合肥市/合肥高新技术产业开发区"),
        ("雄安新区", "河北省/雄安新区"),
        ("新疆生产建设兵团", "新疆生产建设兵团"),
        ("天鹅塘社区", "湖南省/长沙市/望城区/月亮岛街道/天鹅塘社区"),
        ("八角中里社区", "北京市/石景山区/八角街道/八角中里社区"),
        ("虎门镇", "广东省/东莞市/虎门镇"),
    ],
)
def test_a_name_that_only_one_place_has(gazetteer: Gazetteer, name: str, path: str) -> None:
    assert _paths(gazetteer, name) == [path]


def test_the_additions_are_found_by_every_name(gazetteer: Gazetteer) -> None:
    file = Path(__file__).parents[2] / "kg" / "knowledge" / "gazetteer" / "additions.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        place = gazetteer.by_path([*row["parent"].split("/"), row["name"]])
        assert place is not None and place.level == row["level"], row
        assert all(place in gazetteer.candidates(alias) for alias in row["aliases"].split("|")), row
    assert _paths(gazetteer, "浦东") == ["上海市/浦东新区"]
    assert _paths(gazetteer, "郑东新区") == ["河南省/郑州市/郑东新区"]
    assert gazetteer.children(gazetteer.candidates("郑东新区")[0]) == []
    banners = [row for row in rows if row["name"].endswith("旗")]
    assert {row["parent"].split("/")[0] for row in banners} == {"内蒙古自治区"}


def test_former_names_lead_to_the_place_of_today(gazetteer: Gazetteer) -> None:
    file = Path(__file__).parents[2] / "kg" / "knowledge" / "gazetteer" / "former_names.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len({row["name"] for row in rows}) == len(rows) > 150
    for row in rows:
        assert 1990 <= int(row["year"]) <= 2025, row
        now = [gazetteer.by_path(path.split("/")) for path in row["now"].split("|")]
        assert all(now), row
        found = gazetteer.candidates(row["name"])
        assert [place for place in found if place.name == row["name"] and place.codes] == [], row  # no place of today
        if not row["level"]:
            assert found == now, row
            continue
        assert ["/".join(gazetteer.names(place)) for place in found] == [f"{row['parent']}/{row['name']}"], row
        assert found[0].merged_into == tuple(place.id for place in now if place), row


def test_a_merged_district_is_found_by_its_full_name_and_what_stands_beside_it(gazetteer: Gazetteer) -> None:
    assert gazetteer.candidates("江东", ("county",)) == []
    assert _paths(gazetteer, "塘沽") == ["天津市/塘沽区"]
    assert [match.name for match in gazetteer.find("召开县委全会，客户县里见，闸北区与襄樊市")] == ["闸北区", "襄樊市"]


@pytest.mark.parametrize("name", ["彭水", "彭水县", "陵水", "陵水县", "融水县", "长白县"])
def test_a_stem_that_ends_like_a_people_is_kept(gazetteer: Gazetteer, name: str) -> None:
    (place,) = gazetteer.candidates(name, ("county",))
    assert place.name.startswith(name.removesuffix("县"))


def test_an_addition_without_a_parent_is_told_with_its_line() -> None:
    with pytest.raises(InputError, match=r"additions.csv, line 2: no place 河南省/郑州市; correct the parent"):
        with_additions([])


@pytest.mark.parametrize(("name", "at_least"), [("长岭街道", 4), ("文华社区", 20), ("鼓楼区", 4), ("朝阳", 3)])
def test_homonyms_are_all_there(gazetteer: Gazetteer, name: str, at_least: int) -> None:
    paths = _paths(gazetteer, name)
    assert len(paths) == len(set(paths)) >= at_least


def test_within_a_place(gazetteer: Gazetteer) -> None:
    park = gazetteer.candidates("苏州工业园区")[0]
    found = gazetteer.within("文华社区", park)
    assert [gazetteer.names(place)[-2:] for place in found] == [("斜塘街道", "文华社区")]
    assert gazetteer.within("文华社区", gazetteer.candidates("西藏")[0]) == []
    assert gazetteer.within("高新区", gazetteer.candidates("合肥市")[0], ("zone",))


def test_no_level_that_only_groups(gazetteer: Gazetteer) -> None:
    for name in ("市辖区", "省直辖县级行政区划", "自治区直辖县级行政区划"):
        assert gazetteer.candidates(name) == []


def test_a_place_keeps_the_codes_of_both_sources(gazetteer: Gazetteer) -> None:
    street = gazetteer.by_path(["湖南省", "长沙市", "望城区", "月亮岛街道"])
    assert street is not None
    assert {(code.source, code.year, code.code) for code in street.codes} == {
        ("nbs", 2023, "430112006"),
        ("mca", 2025, "430112008"),
    }
    village = gazetteer.candidates("天鹅塘社区")[0]
    assert village.code is not None
    assert village.code.code.startswith("430112006")
    assert len(village.code.code) == 12
    zone_street = gazetteer.by_path(["江苏省", "苏州市", "苏州工业园区", "斜塘街道"])
    assert zone_street is not None
    assert {code.source for code in zone_street.codes} == {"nbs", "mca"}


def test_codes_have_the_length_of_their_level(gazetteer: Gazetteer) -> None:
    lengths = {"province": 6, "prefecture": 6, "county": 6, "zone": 6, "township": 9}
    for number in range(0, 45_000, 37):
        place = gazetteer.place(number)
        assert all(len(code.code) == lengths[place.level] for code in place.codes), place


def test_villages_round_trip(gazetteer: Gazetteer) -> None:
    """From a random township to its villages, and from a village's name back to it: path, code and parent agree."""
    townships = list(_townships(gazetteer))
    seen = 0
    for township in random.Random(7).sample(townships, 150):
        villages = gazetteer.children(township)
        for village in villages[:8]:
            seen += 1
            assert village.level == "village"
            assert gazetteer.path(village)[-2] == township
            assert village in gazetteer.within(village.name, township, ("village",))
            assert gazetteer.by_path(gazetteer.names(village)) is not None
            assert not village.name.endswith(("委会", "委员会")), village
    assert seen >= 500


def test_find_takes_the_longest_name_from_the_left(gazetteer: Gazetteer) -> None:
    text = "山西晋城的居民与上海市虹口区、苏州工业园区斜塘街道的同事座谈"
    matches = gazetteer.find(text)
    assert [match.name for match in matches] == ["山西", "晋城", "上海市", "虹口区", "苏州工业园区", "斜塘街道"]
    assert all(text[match.start : match.end] == match.name for match in matches)
    assert [match.short for match in matches] == [True, True, False, False, False, False]
    assert matches[-1].candidates[0].level == "township"


def test_names_that_are_words_are_flagged(gazetteer: Gazetteer) -> None:
    common = {
        match.name for match in gazetteer.find("和平发展，开放合作，朝阳产业，建设新城，合肥先行") if match.common
    }
    assert {"和平", "合作", "朝阳", "新城"} <= common and "合肥" not in common


@pytest.mark.parametrize("text", ["各街道社区居民共建", "在林场办班", "发展农场经济"])
def test_kinds_of_places_are_no_places(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.find(text) == []


def test_places_are_found_to_the_end_of_a_long_text(gazetteer: Gazetteer) -> None:
    sentence = "三月以来，浙江省杭州市上城区小营街道组织居民骨干开展垃圾分类培训，每周一次，参加者超过三百人次。"
    found = gazetteer.find(sentence * 4000)
    assert len(found) == 4 * 4000
    assert max(one.end for one in found) > 3999 * len(sentence)


def test_the_data_stays_small() -> None:
    folder = Path(__file__).parents[2] / "kg" / "knowledge" / "gazetteer"
    assert sum(file.stat().st_size for file in folder.iterdir() if file.is_file()) < 5_000_000


def test_a_researchers_own_places(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text(
        "name,level,parent,code,source,year,alias\n"
        "云谷街道,township,安徽省/合肥市/包河区,340111999,own survey,2024,云谷\n"
        "云谷花园社区,village,安徽省/合肥市/包河区/云谷街道,,,,\n"
        "合肥市,prefecture,安徽省,AHHF,house code,2020,庐州\n",
        encoding="utf-8-sig",
    )
    own = Gazetteer.load(file)
    assert _paths(own, "云谷") == ["安徽省/合肥市/包河区/云谷街道"]
    assert _paths(own, "云谷花园社区") == ["安徽省/合肥市/包河区/云谷街道/云谷花园社区"]
    assert [match.name for match in own.find("走进云谷街道")] == ["云谷街道"]
    city = own.candidates("庐州")[0]
    assert city.name == "合肥市"
    assert ("AHHF", "house code", 2020) in city.codes
    street = own.candidates("云谷街道")[0]
    assert street in own.children(own.candidates("包河区")[0])
    assert _paths(Gazetteer.load(), "云谷花园社区") == []


ROW = "云谷街道,township,安徽省/合肥市/包河区,"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("云谷街道,township,安徽省/合肥市/没有区,,,,", "line 2: no place 安徽省/合肥市/没有区"),
        ("云谷街道,township,四川省/包河区,,,,", "did you mean 安徽省/合肥市/包河区[?] Else write the official names"),
        ("云谷街道,township,襄樊市/樊城区,,,,", "did you mean 湖北省/襄阳市/樊城区[?]"),
        ("云谷街道,street,安徽省/合肥市,,,,", "line 2: a place needs a name and a level"),
        ("云谷街道,township,,,,,", "line 2: 云谷街道 has no parent"),
        ("云谷街道,township,安徽省/合肥市,,,今年,", "line 2: '今年' is no year"),
        ("云谷街道,township,安徽省/合肥市,,," + "9" * 5000 + ",", "line 2: '99999999999999999999…' is no year"),
        ("云" * 140_000 + ",township,安徽省/合肥市,,,,", r"line 2: this is no row of a table \(field larger"),
        (
            "云谷街道,township,安徽省/合肥市/包河区,5.00117E+11,,,",
            r"line 2: .* number of the code \(5.00117E\+11\); format",
        ),
        (
            "云谷街道,township,安徽省/合肥市/包河区,340111999.0,,,",
            "line 2: a spreadsheet has made a number of the code",
        ),
        (
            "云谷街道,township,安徽省/合肥市/包河区,340111004,,,",
            "line 2: 340111004 is the code of .*; correct the code",
        ),
        (
            "双福新村,village,重庆市/江津区/双福街道,500116004,nbs,,",
            r"line 2: 500116004 is the code of 双福街道 \(nbs 2023\)",
        ),
        (
            "云谷社区,village,重庆市/江津区/双福街道,{village},,,",
            "line 2: {village} is the code of .*, not of 云谷社区",
        ),
        ("双福街道,village,重庆市/江津区,,,,", "line 2: 双福街道 is known as township, not as village; write township"),
        ("新省,province,重庆市/江津区,,,,", "line 2: the province 新省 cannot lie in 江津区, a county; correct the"),
        (
            "云谷镇,township,重庆市/江津区/双福街道,,,,",
            "line 2: the township 云谷镇 cannot lie in 双福街道, a township",
        ),
        ("云谷街道,township,安徽省/合肥市/包河区,,,,云谷,小云谷", r"line 2: the row has more cells .*joined by \|"),
        (f"{ROW}340111999,,,\n{ROW}340111998,,,", r"line 3: 云谷街道 has the code 340111999 already \(line 2\); keep"),
        (
            f"{ROW}340111999,,,\n云山街道{ROW[4:]}340111999,,,",
            r"line 3: 340111999 is the code of 云谷街道, too \(line 2\)",
        ),
        ("", "there is no place in it; write one"),
        (",,,,,,\n", "there is no place in it; write one"),
        ("云谷街道,township,安徽省\n" + "云" * 140_000 + ",township,安徽省,,,,", "line 3: this is no row"),
    ],
)
def test_a_wrong_row_is_named(gazetteer: Gazetteer, tmp_path: Path, row: str, says: str) -> None:
    file = tmp_path / "own.csv"
    village = gazetteer.candidates("天鹅塘社区")[0].codes[0].code
    row, says = row.replace("{village}", village), says.replace("{village}", village)
    file.write_text(f"name,level,parent,code,source,year,alias\n{row}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        Gazetteer.load(file)


def test_a_long_cell_is_refused_whatever_was_read_before(tmp_path: Path) -> None:
    """Who reads tables of articles raises the limit of the csv module for the whole process."""
    file = tmp_path / "own.csv"
    file.write_text(f"name,level,parent\n{'云' * 140_000},township,安徽省/合肥市\n", encoding="utf-8")
    before = csv.field_size_limit(10_000_000)
    try:
        with pytest.raises(UsageError, match=r"line 2: this is no row of a table \(field larger"):
            Gazetteer.load(file)
    finally:
        csv.field_size_limit(before)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("name,level,parent,aliases", "line 1: no column is called 'aliases'; the first line names the columns: name,"),
        ("name,level,parent,,code", "line 1: no column is called ''"),
        ("name,level,parent,parent", "line 1: 2 columns are called 'parent'; keep one"),
    ],
)
def test_a_wrong_header_is_named(tmp_path: Path, header: str, says: str) -> None:
    file = tmp_path / "own.csv"
    file.write_text(f"{header}\n云谷街道,township,安徽省/合肥市/包河区\n", encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        Gazetteer.load(file)


def test_rows_that_look_odd_and_are_right(tmp_path: Path) -> None:
    """Empty columns at the end, blanks after commas, a code of each source and year, a row twice, a hamlet of a village."""
    file = tmp_path / "own.csv"
    file.write_text(
        "name, level, parent, code, source, year,,\n"
        "云谷街道,township,安徽省/合肥市/包河区,340111999,own,2024,,\n"
        "云谷街道,township,安徽省/合肥市/包河区,340111999,own,2024\n"
        "云谷街道,township,安徽省/合肥市/包河区,340111998,own,2020,,\n"
        "云山街道,township,安徽省/合肥市/包河区,340111998,own,2024,,\n"
        "双福街道,township,重庆市/江津区,500116004,own,,,\n"
        "云谷社区,village,重庆市/江津区/双福街道,500116004,nbs,2009,,\n"
        "坡上,village,重庆市/江津区/双福街道/云谷社区,,,,,\n",
        encoding="utf-8",
    )
    own = Gazetteer.load(file)
    codes = [(code.code, code.year) for code in own.candidates("云谷街道")[0].codes]
    assert codes == [("340111999", 2024), ("340111998", 2020)]
    assert _paths(own, "坡上") == ["重庆市/江津区/双福街道/云谷社区/坡上"]


def test_a_file_in_another_encoding_is_told_with_the_remedy(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("name,level,parent\n云谷街道,township,安徽省/合肥市\n", encoding="gb18030")
    with pytest.raises(UsageError, match="line 2: this is not UTF-8; save it as UTF-8"):
        Gazetteer.load(file)


def test_a_file_without_the_columns(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("名称,级别\n云谷街道,township\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no column name, level, parent"):
        Gazetteer.load(file)
