"""Spread: the order that was planted, which dates count, and what is said of it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
from planted import Planted, planted
from scipy.stats import kendalltau

from kg.compare import Columns, open_graph
from kg.compare.answering import _EARLIER
from kg.compare.significance.neighbours import borders
from kg.compare.spread import spread
from kg.errors import UsageError
from kg.generate import make_plan, plan_columns
from kg.graph.build import build_records


def adopters(random: np.random.Generator, regions: int = 28) -> tuple[Columns, list[str]]:
    """Regions take 夜校 up one after another, 60 days apart in the mean; each then has some practices, half of them with a
    stated date, at any time from then on, and others without 夜校 at any time."""
    order = random.permutation(regions)
    start = np.datetime64("2018-01-01")
    given = []
    for turn, region in enumerate(order.tolist()):
        place = f"省{region:02d}/市/县"
        adopted = turn * 60 + int(random.integers(0, 30))
        for n in range(12):
            day = adopted if n == 0 else adopted + int(random.exponential(200))
            stated = str(start + day) if n == 0 or random.random() < 0.5 else None
            given.append(
                Planted(f"{region:02d}-{n:02d}", place, {"format": ["夜校"]}, day=stated, published="2026-01-01")
            )
        for n in range(6):
            day = str(start + int(random.integers(0, 2500)))
            given.append(Planted(f"{region:02d}-x{n}", place, {"format": ["直播"]}, day=day, published="2026-01-01"))
    return planted(given), [f"省{region:02d}" for region in order]


@pytest.mark.parametrize("seed", range(5))
def test_the_planted_order_is_found(seed: int) -> None:
    columns, order = adopters(np.random.default_rng(seed))
    found = spread(columns, "夜校", permutations=99).frame
    assert sorted(found["region"]) == sorted(order)
    rank = {region: at for at, region in enumerate(order)}
    assert kendalltau([rank[region] for region in found["region"]], found["order"]).statistic >= 0.9
    assert list(found["days"]) == sorted(found["days"]) and found["days"][0] == 0


def test_the_order_of_generated_families_is_found_as_far_as_articles_state_their_dates() -> None:
    """A fifth of the practices states no date: a province whose first one is among them comes too late in its family. The
    mean over the families is 0.9 or more (0.88 to 0.96 for seeds 1 to 8; single families from 0.47)."""
    plan = make_plan(3000, seed=3)
    columns, found = plan_columns(plan), []
    for number, family in enumerate(plan.families):
        members = np.flatnonzero(plan.family == number)
        if len(family.provinces) < 6 or len(members) < 30:
            continue
        province = plan.world.province[plan.town[members]]
        path = [columns.regions.path(at) for at in columns.practices.province[members].tolist()]
        turn = {name: family.provinces.index(at) for name, at in zip(path, province.tolist(), strict=True)}
        frame = spread(columns, practices=[plan.iri[at] for at in members], permutations=9).frame
        found.append(kendalltau([turn[name] for name in frame["region"]], frame["order"]).statistic)
    assert len(found) >= 8 and np.mean(found) >= 0.9


def test_only_stated_dates_count_and_none_after_its_article_or_of_a_plan() -> None:
    given = [
        Planted("a", "甲省/市/县", {"format": ["夜校"]}, day="2021-05-01", published="2021-06-01"),
        Planted("b", "乙省/市/县", {"format": ["夜校"]}, day="2020-05-01", published="2020-04-01"),
        Planted("c", "丙省/市/县", {"format": ["夜校"]}, day="2019-05-01", published="2020-04-01", planned=True),
        Planted("d", "丁省/市/县", {"format": ["夜校"]}, published="2018-01-01"),
        Planted("e", "戊省/市/县", {"format": ["直播"]}, day="2017-05-01"),
        Planted("f", "", {"format": ["夜校"]}, day="2016-01-01"),
    ]
    answer = spread(planted(given), "夜校")
    assert list(answer.frame["region"]) == ["甲省"]
    assert answer.figures["undated_regions"] == 3
    assert any("articles are a sample" in note for note in answer.notes)
    assert any(note.startswith("1 of 4 regions") and "2 dates were left out" in note for note in answer.notes)
    assert list(spread(planted(given), "夜校", refused={"a|date|2021-05-01"}).frame["region"]) == []


def test_a_vague_date_stands_in_the_middle_of_what_it_may_mean() -> None:
    given = [
        Planted(
            "year", "甲省/市/县", {"format": ["夜校"]}, day="2022-01-01", last="2022-12-31", published="2024-01-01"
        ),
        Planted(
            "march", "乙省/市/县", {"format": ["夜校"]}, day="2022-03-01", last="2022-03-31", published="2024-01-01"
        ),
        Planted(
            "early", "丙省/市/县", {"format": ["夜校"]}, day="2022-01-01", last="2022-12-31", published="2022-02-01"
        ),
    ]
    answer = spread(planted(given), "夜校")
    frame = answer.frame
    # The year of an article of February ends there.
    assert list(frame["practice"]) == ["early", "march", "year"]
    assert list(frame["latest"]) == ["2022-02-01", "2022-03-31", "2022-12-31"]
    assert list(frame["days"]) == [0, 59, 167]  # 16 January, 16 March, 2 July
    assert [answer.figures[f"days_to_{share}%"] for share in (25, 50, 75)] == [0, 59, 167]
    assert any("within 0 days of the first, half within 59, three quarters within 167" in note for note in answer.notes)


def test_narrower_concepts_combinations_and_families() -> None:
    given = [
        Planted("a", "甲省/市/县", {"format": ["夜课"], "audience": ["骑手"]}, day="2021-01-01"),
        Planted("b", "乙省/市/县", {"format": ["授课"]}, day="2022-01-01"),
        Planted("c", "丙省/市/县", {"format": ["议事"]}, day="2020-01-01"),
    ]
    columns = planted(given, {"夜课": "授课"})
    assert list(spread(columns, "授课").frame["region"]) == ["甲省", "乙省"]
    assert list(spread(columns, "授课", exact=True).frame["region"]) == ["乙省"]
    assert list(spread(columns, "授课", "骑手").frame["region"]) == ["甲省"]
    assert list(spread(columns, practices=["c", "http://x.example/b"]).frame["region"]) == ["丙省", "乙省"]
    answer = spread(columns, "授课", "骑手")
    assert list(answer.grounds(0)) == ["a|date|2021-01-01", "a|format|夜课", "a|audience|骑手"]
    for words in ([], ["夜小"]):
        with pytest.raises(UsageError):
            spread(columns, *words)


def test_provinces_are_compared_with_their_neighbours_and_counties_with_those_of_their_unit() -> None:
    provinces = ("浙江省", "江苏省", "安徽省", "江西省", "福建省", "上海市")
    given = [
        Planted(f"{place}{n}", f"{place}/市{n}/县{n}", {"format": ["夜校"]}, day=f"20{10 + at}-0{n + 1}-01")
        for at, place in enumerate(provinces)
        for n in range(2)
    ]
    answer = spread(planted(given), "夜校", permutations=9)
    pairs = [pair for pair in borders() if set(pair) <= set(provinces)]
    assert answer.figures["neighbour_pairs"] == len(pairs) == 9
    assert any(note.startswith("neighbouring provinces (9 pairs) lie ") for note in answer.notes)
    assert "province_units" not in answer.figures
    counties = spread(planted(given), "夜校", across="county", permutations=9)
    assert counties.figures["province_units"] == 6 and "neighbour_pairs" not in counties.figures


def test_near_regions_that_follow_are_told_and_the_same_seed_tells_the_same() -> None:
    random = np.random.default_rng(5)
    given = []
    for province, turn in enumerate(random.permutation(6).tolist()):
        for county in range(4):
            place = f"省{province}/市{county}/县{county}"
            for n in range(3):
                day = str(np.datetime64("2018-01-01") + int(turn * 300 + random.integers(0, 250)))
                given.append(
                    Planted(f"{province}{county}{n}", place, {"format": ["夜校"]}, day=day, published="2026-01-01")
                )
            for n in range(6):
                day = str(np.datetime64("2018-01-01") + int(random.integers(0, 1800)))
                given.append(
                    Planted(f"{province}{county}x{n}", place, {"format": ["直播"]}, day=day, published="2026-01-01")
                )
    columns = planted(given)
    answer = spread(columns, "夜校", across="county", permutations=499)
    assert answer.figures["province_p"] <= 0.01 and answer.figures["province_p_press"] <= 0.01  # type: ignore[operator]
    assert answer.figures["province_units"] == 6 and answer.figures["prefecture_p"] is None
    assert spread(columns, "夜校", across="county", permutations=499).notes == answer.notes
    other = spread(columns, "直播", across="county", permutations=499)
    assert other.figures["province_p"] > 0.05  # type: ignore[operator]


def test_a_date_that_something_was_before_is_no_date_of_the_practice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sample_records import sample

    monkeypatch.setattr("kg.graph.rdf.fixed.packaged_schemes", lambda base: {})
    # 2024年3月前往 in the text: a date that counts. The same article with 以前 in its place: one that does not.
    pairs = []
    for number, said in enumerate(("前往", "以前")):
        record, text = sample(number)
        text = text.replace("2024年3月以来", f"2024年3月{said}")
        pairs.append((record.model_copy(update={"text_hash": hashlib.sha256(text.encode()).hexdigest()}), text))
    assert build_records(pairs, tmp_path / "store").exit_code == 0
    with open_graph(tmp_path / "store") as graph:
        answer = graph.spread(*_formats(graph.columns))
        assert {row.split("/")[0] for row in answer.frame["region"]} == {"浙江省"}
        told = answer.evidence(0)
        assert told["relation"][0] == "date" and told["words"][0] == "2024年3月"


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        *((said, True) for said in ("前，", "前完成", "前的", "以前", "之前", "前往往", "前去世")),
        *((said, False) for said in ("前往社区", "前来", "前后", "前夕", "前三季度", "前10个月", "前一周", "以来")),
    ],
)
def test_only_what_means_before_refuses_a_date(text: str, earlier: bool) -> None:
    assert bool(re.match(_EARLIER, text)) is earlier


def _formats(columns: Columns) -> list[str]:
    """A feature that the practices of both articles have."""
    table = columns.features()
    several = int(np.argmax(table.bearers))
    return [columns.concepts.label[int(table.concept[several])]]


def test_practices_without_a_place_of_the_level_are_told() -> None:
    given = [
        Planted("town", "甲省/一市/一县", {"format": ["夜校"]}, day="2022-01-01", published="2024-01-01"),
        Planted("province", "乙省", {"format": ["夜校"]}, day="2021-01-01", published="2024-01-01"),
    ]
    answer = spread(planted(given), "夜校", across="county")
    assert list(answer.frame["practice"]) == ["town"]
    assert "1 practice without a known county left out" in answer.notes
    assert not any("without a known" in note for note in spread(planted(given), "夜校", across="province").notes)
