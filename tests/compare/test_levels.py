"""Places at a level: who stands in where a place has none of it, and that both ways of asking agree."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sample_records import sample

from kg.compare import ComparedGraph, open_graph
from kg.graph.build import build_records
from kg.knowledge.gazetteer import Gazetteer
from kg.model import PlaceLevel
from kg.query.levels import MUNICIPALITIES, UNDIVIDED_CITIES

PLACES = {
    "重庆市:province": ("重庆市", None),
    "重庆市:province/江津区:county": ("重庆市", "江津区"),
    "湖北省:province/仙桃市:county": ("仙桃市", "仙桃市"),
    "湖北省:province/潜江市:county/园林街道:township": ("潜江市", "潜江市"),
    "湖北省:province/神农架林区:county": ("神农架林区", "神农架林区"),
    "海南省:province": (None, None),
    "海南省:province/儋州市:prefecture/那大镇:township": ("儋州市", "儋州市"),
    "广东省:province/东莞市:prefecture": ("东莞市", "东莞市"),
    "广东省:province/东莞市:prefecture/松山湖:zone": ("东莞市", "松山湖"),
    "江苏省:province/苏州市:prefecture": ("苏州市", None),
    "江苏省:province/苏州市:prefecture/某某镇:township": ("苏州市", None),
    "江苏省:province/苏州市:prefecture/昆山市:county/玉山镇:township": ("苏州市", "昆山市"),
}
"""Path with levels → name at the level of cities, name at the level of counties."""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComparedGraph]:
    pairs = []
    for number, said in enumerate(PLACES):
        record, text = sample(number)
        steps = [step.split(":") for step in said.split("/")]
        levels = tuple(PlaceLevel(name=name, level=level, stated=True) for name, level in steps)  # type: ignore[arg-type]
        path = tuple(name for name, _ in steps)
        region = record.regions[0].model_copy(update={"path": path, "levels": levels})
        pairs.append((record.model_copy(update={"regions": (region,)}), text))
    store = tmp_path_factory.mktemp("levels") / "store"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.graph.rdf.fixed.packaged_schemes", lambda base: {})
        build_records(pairs, store)
    with open_graph(store) as opened:
        yield opened


@pytest.mark.parametrize("number", range(len(PLACES)), ids=list(PLACES))
def test_who_stands_in_for_a_level(graph: ComparedGraph, number: int) -> None:
    practice = graph.columns.find_practice(f"晨光学堂{number}号")
    told = int(graph.columns.practices.region[practice])
    for level, wanted in zip(("city", "county"), list(PLACES.values())[number], strict=True):
        at = int(graph.columns.region_at(level)[practice])
        assert (graph.columns.regions.label[at] if at >= 0 else None) == wanted
        slow = graph.lookup.region_at(graph.columns.regions.iri[told], "prefecture" if level == "city" else level)
        assert slow == (graph.columns.regions.iri[at] if at >= 0 else None)


def test_cities_of_one_province_without_prefectures_are_two(graph: ComparedGraph) -> None:
    parts = set(graph.coverage(across="city", by="region").frame["part"])
    assert {"湖北省/仙桃市", "湖北省/潜江市", "重庆市", "广东省/东莞市"} <= parts and "湖北省" not in parts


def test_the_cities_without_counties_are_those_of_the_gazetteer() -> None:
    gazetteer = Gazetteer.load()

    def children(name: str, level: str) -> set[str]:
        (place,) = [place for place in gazetteer.candidates(name, (level,)) if place.name == name]
        return {below.level for below in gazetteer.children(place)}

    assert all("county" not in children(name, "prefecture") for name in UNDIVIDED_CITIES)
    assert all("prefecture" not in children(name, "province") for name in MUNICIPALITIES)
