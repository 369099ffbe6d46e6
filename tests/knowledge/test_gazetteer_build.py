"""The build of the gazetteer, on two small packages made here, and the names of committees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.knowledge.gazetteer.gazetteer import Gazetteer
from kg.knowledge.gazetteer.names import plain_township, plain_village, short_forms
from kg.knowledge.gazetteer.table import read_uppers, read_villages_table
from kg.prepare.gazetteer import build


@pytest.fixture
def packages(tmp_path: Path) -> tuple[Path, Path]:
    """A province with a city, a district, a zone and streets, as the two packages have them."""
    nbs, mca = tmp_path / "nbs" / "dist", tmp_path / "mca" / "data"
    nbs.mkdir(parents=True)
    mca.mkdir(parents=True)
    files = {
        "provinces.csv": "code,name\n99,天河省\n",
        "cities.csv": 'code,name,provinceCode\n9901,"银河市",99\n9990,"省直辖县级行政区划",99\n',
        "areas.csv": "code,name,cityCode,provinceCode\n990102,北斗区,9901,99\n990171,银河高新技术产业开发区,9901,99\n"
        "999001,织女市,9990,99\n",
        "streets.csv": "code,name,areaCode,provinceCode,cityCode\n990102001,天枢街道办事处,990102,99,9901\n"
        "990102100,玉衡镇,990102,99,9901\n990171001,摇光街道,990171,99,9901\n",
        "villages.csv": "code,name,streetCode,provinceCode,cityCode,areaCode\n"
        "990102001001,天枢街道东门社区居委会,990102001,99,9901,990102\n"
        "990102001002,园区虚拟社区,990102001,99,9901,990102\n"
        "990102100201,开阳村村委会,990102100,99,9901,990102\n",
    }
    for name, content in files.items():
        (nbs / name).write_text(content, encoding="utf-8")
    (nbs / "HK-MO-TW.json").write_text("{}", encoding="utf-8")
    divisions = [
        [1, "990000", "", "天河省"],
        [2, "990100", "990000", "银河市"],
        [3, "990102", "990100", "北斗区"],
        [3, "999001", "990000", "织女市"],
        [4, "990102007", "990102", "天枢街道"],
        [4, "990102009", "990102", "玉衡街道"],
        [4, "990102010", "990102", "摇光街道"],
        [4, "990102011", "990102", "新立街道"],
    ]
    (mca / "divisions.json").write_text(json.dumps({"divisions": divisions}), encoding="utf-8")
    return nbs.parent, mca.parent


def _no_curated_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    """The zones of the real country have no place in the one made here."""
    monkeypatch.setattr("kg.prepare.place_lists.read_zones", lambda path, rows: None)


def test_the_lists_are_joined(packages: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _no_curated_zones(monkeypatch)
    counts = build(*packages, tmp_path / "places.zip")
    assert counts["village"] == 2
    assert counts["zone"] == 1
    with (tmp_path / "places.zip").open("rb") as file:
        rows = read_uppers(file)
        villages = read_villages_table(file)
    by_name = {row.name: row for row in rows}
    assert (by_name["天枢街道"].nbs, by_name["天枢街道"].mca) == ("990102001", "990102007")  # on county and name
    assert (by_name["摇光街道"].nbs, by_name["摇光街道"].mca) == ("990171001", "990102010")  # in the zone of the city
    assert by_name["玉衡镇"].aliases == ("玉衡街道",)  # the kind changed: the ministry's name is an alias
    assert (by_name["新立街道"].nbs, by_name["新立街道"].mca) == ("", "990102011")
    assert by_name["织女市"].parent == rows.index(by_name["天河省"])  # no level that only groups
    assert [villages.name(index) for index in range(len(villages))] == ["东门社区", "开阳村"]
    assert villages.named("开阳村") == [1]
    assert villages.named("开阳") == []
    gazetteer = Gazetteer(rows)
    assert gazetteer.names(gazetteer.candidates("玉衡街道", ("township",))[0])[1:] == ("银河市", "北斗区", "玉衡镇")


def test_the_same_lists_give_the_same_bytes(
    packages: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _no_curated_zones(monkeypatch)
    build(*packages, tmp_path / "a.zip")
    build(*packages, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_wrong_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(KgError, match=r"provinces\.csv: the file is missing"):
        build(tmp_path, tmp_path, tmp_path / "places.zip")


@pytest.mark.parametrize(
    ("committee", "village"),
    [
        ("红星社区居民委员会", "红星社区"),
        ("红星居委会", "红星社区"),
        ("红星村村民委员会", "红星村"),
        ("新村村委会", "新村"),
        ("红星村社区居委会", "红星村社区"),
        ("查干嘎查委员会", "查干嘎查"),
        ("红星社区居委会（筹）", "红星社区"),
        ("红星社区", "红星社区"),
    ],
)
def test_committees_as_places(committee: str, village: str) -> None:
    assert plain_village(committee) == village


def test_offices_as_streets() -> None:
    assert plain_township("西城街道办事处") == "西城街道"
    assert plain_township("三星镇（产业园）") == "三星镇"


@pytest.mark.parametrize(
    ("name", "level", "forms"),
    [
        ("黔西南布依族苗族自治州", "prefecture", ("黔西南州", "黔西南")),
        ("阿克塞哈萨克族自治县", "county", ("阿克塞县", "阿克塞")),
        ("鄂温克族自治旗", "county", ("鄂温克旗", "鄂温克")),
        ("大兴安岭地区", "prefecture", ("大兴安岭",)),
        ("宁夏回族自治区", "province", ("宁夏",)),
        ("沧县", "county", ()),
        ("双福街道", "township", ()),
        ("沙后所满族镇", "township", ("沙后所镇",)),
    ],
)
def test_short_forms(name: str, level: str, forms: tuple[str, ...]) -> None:
    assert short_forms(name, level) == forms
