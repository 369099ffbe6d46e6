"""Shared features: counts by hand, what is left out, and what random and planted data must give."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from planted import Planted, planted
from sample_records import sample
from scipy import stats

from kg.compare import Columns, ComparedGraph, open_graph
from kg.compare.matrix import feature_matrix
from kg.compare.shared import shared_features
from kg.errors import UsageError


@pytest.fixture(scope="module")
def graph(store: Path) -> Iterator[ComparedGraph]:
    with open_graph(store) as opened:
        yield opened


def rows(graph: ComparedGraph, **options: Any) -> dict[str, tuple[int, int]]:
    frame = graph.shared(**{"min_articles": 1, **options}).frame
    return {row.feature: (row.regions, row.practices) for row in frame.itertuples()}


def by_hand(level: int, label: str, kind: str = "formats") -> tuple[int, int]:
    """(regions, practices) of a feature, counted from the records; ``level`` is the depth in the path."""
    regions, practices = set(), set()
    for n in range(12):
        record = sample(n)[0]
        for practice in record.practices:
            if any(value.text == label for value in getattr(practice, kind)):
                regions.add(record.regions[0].path[:level])  # type: ignore[index]
                practices.add(practice.identity)
    return len(regions), len(practices)


@pytest.mark.parametrize(("level", "depth"), [("province", 1), ("prefecture", 2), ("county", 3)])
def test_counts_are_those_of_the_records(graph: ComparedGraph, level: str, depth: int) -> None:
    found = rows(graph, across=level)
    for label in ("圆桌议事", "流动宣讲", "送学上门"):
        assert found[label] == by_hand(depth, label)
    assert found["网格员"] == by_hand(depth, "网格员", "audiences")


def test_a_repost_is_no_second_witness_and_a_second_report_no_second_practice(graph: ComparedGraph) -> None:
    assert rows(graph)["返乡农民工"] == by_hand(1, "返乡农民工", "audiences")
    frame = graph.shared(min_regions=1).frame.set_index("feature")
    # Articles 3, 7, 11; that of 3 was reposted.
    assert frame.loc["返乡农民工", "articles"] == 3


def test_a_narrower_concept_counts_for_the_broader_one_unless_exact(graph: ComparedGraph) -> None:
    found = rows(graph, features=["format"])
    assert found["授课"][1] == by_hand(1, "夜校")[1] + by_hand(1, "流动宣讲")[1]  # no practice has both
    assert "授课" not in rows(graph, features=["format"], exact=True)


def test_a_broader_concept_that_says_no_more_is_left_out() -> None:
    given = [Planted(str(n), f"省{n}/市/县", {"format": ["夜课"], "audience": ["甲"]}) for n in range(3)]
    frame = shared_features(planted(given, {"夜课": "授课"})).frame
    assert set(frame["feature"]) == {"夜课", "甲"}
    given.append(Planted("3", "省3/市/县", {"format": ["授课"]}))
    assert set(shared_features(planted(given, {"夜课": "授课"})).frame["feature"]) == {"授课", "夜课", "甲"}
    frame = shared_features(planted(given, {"夜课": "授课"}), combine=2).frame
    assert list(frame["feature"]) == ["夜课 + 甲"]  # not 授课 + 甲, nor 夜课 + 授课


def test_two_and_three_features_together(graph: ComparedGraph) -> None:
    found = graph.shared(combine=2, features=["format", "audience"], min_regions=1, min_articles=1).frame
    row = found[found["feature"].str.contains("网格员") & found["feature"].str.contains("夜校")].iloc[0]

    def has(n: int, kind: str, label: str) -> bool:
        return label in {value.text for value in getattr(sample(n)[0].practices[0], kind)}

    assert row.practices == len([n for n in range(12) if has(n, "audiences", "网格员") and has(n, "formats", "夜校")])
    three = graph.shared(combine=3, min_regions=1, min_articles=1, features=["format", "audience", "topic"]).frame
    for row in three.itertuples():
        names = dict(zip(row.kind.split(" + "), row.feature.split(" + "), strict=True))
        if set(names) == {"format", "audience", "topic"} and names["format"] != "授课":
            want = [("formats", names["format"]), ("audiences", names["audience"]), ("topics", names["topic"])]
            assert row.practices == len([n for n in range(12) if all(has(n, *each) for each in want)])


def test_inferred_and_unsure_statements_can_be_left_out(graph: ComparedGraph) -> None:
    inferred = {sample(n)[0].practices[0].identity for n in range(0, 12, 3)}  # their region is inferred
    everything = graph.shared(min_regions=1)
    stated = graph.shared(min_regions=1, stated_only=True)
    assert inferred & {p for practices in everything.frame["practice_iris"] for p in practices}
    assert not inferred & {p for practices in stated.frame["practice_iris"] for p in practices}
    assert "nothing inferred" in stated.notes[-1]
    sure = rows(graph, min_regions=1, features=["format"], min_confidence=0.85)
    assert sum(n for _, n in sure.values()) < sum(
        n for _, n in rows(graph, min_regions=1, features=["format"]).values()
    )


def test_ranges_of_dates_and_regions(graph: ComparedGraph) -> None:
    assert set(graph.shared(min_regions=1, min_articles=1, region="四川").frame["region_names"]) == {("四川省",)}
    both = graph.shared(min_regions=1, min_articles=1, region=["四川省", "浙江省"]).frame
    assert {name for names in both["region_names"] for name in names} == {"四川省", "浙江省"}
    assert len(graph.shared(since="2024-03", until="2024-03", min_regions=1)) > 0
    assert len(graph.shared(since="2025", min_regions=1)) == 0 == len(graph.shared(as_of="2024-05-31", min_regions=1))


def test_the_evidence_comes_with_article_words_and_sentence(graph: ComparedGraph) -> None:
    answer = graph.shared(features=["format"], top=1)
    told = answer.evidence(0)
    texts = {f"{n:03d}.txt": sample(n)[1] for n in range(12)} | {"second.txt": sample(4)[1]}
    assert len(told) >= answer.frame["practices"][0]
    for each in told.itertuples():
        assert texts[each.file][each.start : each.end] == each.words
        assert each.words in each.sentence and each.sentence in texts[each.file]
    # A reader who sees three sentences sees three regions.
    assert answer.evidence(0, 3)["practice"].nunique() == 3
    assert set(told["value"]) <= {"夜校", "流动宣讲", "授课", *(answer.frame["feature"][0],)}
    text = answer.text(1)
    assert text.splitlines()[0] == answer.question and "* q: p corrected for" in text
    with pytest.raises(IndexError):
        answer.evidence(1)


@pytest.mark.parametrize(
    "options",
    [
        {"level": "planet"},
        {"features": ["colour"]},
        {"min_regions": 0},
        {"min_articles": 0},
        {"combine": 4},
        {"min_confidence": 2},
        {"correction": "bonferroni"},
        {"max_q": 0},
        {"since": "soon"},
        {"region": "四州省"},
    ],
)
def test_a_wrong_option_is_told(graph: ComparedGraph, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        graph.shared(**options)


def test_what_one_article_says_of_three_provinces_has_one_witness() -> None:
    given = [
        Planted(f"同{n}", f"省{n}/市/县", {"format": ["直播"], "audience": ["骑手"]}, article="one.txt")
        for n in range(3)
    ]
    given += [Planted(f"异{n}", f"省{n}/市/县", {"format": ["夜课"], "audience": ["甲"]}) for n in range(40)]
    columns = planted(given)
    assert "直播 + 骑手" not in set(shared_features(columns, combine=2).frame["feature"])
    frame = shared_features(columns, combine=2, min_articles=1).frame.set_index("feature")
    assert frame.loc["直播 + 骑手", "articles"] == 1 and frame.loc["直播 + 骑手", "practices"] == 3
    assert frame.loc["直播 + 骑手", "p"] == 1.0  # three practices, but one article


def test_the_expectation_is_that_of_the_formula() -> None:
    """One region; k and l differ between practices, so that the richer ones weigh more."""
    given = [
        Planted("a", "省/市/县", {"format": ["f", "g"], "audience": ["x", "y"]}),
        Planted("b", "省/市/县", {"format": ["f"], "audience": ["x"]}),
        Planted("c", "省/市/县", {"format": ["g"], "audience": ["y"]}),
        Planted("d", "省/市/县", {"format": ["f"]}),
    ]
    frame = shared_features(planted(given), combine=2, min_regions=1, min_articles=1).frame.set_index("feature")
    # f has 3 practices, x 2; Σ k·l = 2·2 + 1·1 + 1·1 + 0 = 6; Σ k = 5, Σ l = 4.
    assert frame.loc["f + x", "expected"] == pytest.approx(3 * 2 * 6 / (5 * 4))
    # Two formats: Σ k(k−1) = 2, and no more than have the rarer one.
    assert frame.loc["f + g", "expected"] == pytest.approx(3 * 2 * 2 / 25)


KINDS = {"format": [f"f{n}" for n in range(10)], "audience": [f"a{n}" for n in range(8)]}


def drawn(random: np.random.Generator, practices: int = 240) -> list[Planted]:
    """Features that have nothing to do with each other: regions have tastes of their own, practices are told in more or
    less detail (a practice with three formats has three audiences), and an article tells of two practices."""
    region, detail = np.arange(practices) % 6, random.integers(1, 4, practices)
    has: list[dict[str, list[str]]] = [{} for _ in range(practices)]
    for kind, names in KINDS.items():
        taste = 0.7 * random.dirichlet(np.full(len(names), 0.8), 6) + 0.3 / len(names)
        # The greatest of log shares with Gumbel noise: drawing without replacement by shares.
        keys = np.log(taste[region]) + random.gumbel(size=(practices, len(names)))
        ranked = np.argsort(-keys, axis=1)
        for at in range(practices):
            has[at][kind] = [names[n] for n in ranked[at, : detail[at]]]
    return [Planted(f"p{n:04d}", f"省{region[n]}/市/县", has[n], article=f"{n // 2}.txt") for n in range(practices)]


@pytest.fixture(scope="module")
def random_columns() -> list[Columns]:
    random = np.random.default_rng(11)
    return [planted(drawn(random, 160)) for _ in range(200)]


@pytest.mark.parametrize("combine", [1, 2, 3])
def test_random_data_gives_no_more_false_discoveries_than_stated(random_columns: list[Columns], combine: int) -> None:
    """Under the null every discovery is false: a run with any counts as one share of 1. What holds for BH holds for BY,
    which finds nothing that BH does not."""
    wrong = [
        len(shared_features(columns, combine=combine, correction="bh", max_q=0.1, min_regions=3)) > 0
        for columns in random_columns
    ]
    assert len(wrong) == 200 and np.mean(wrong) <= 0.1


def test_a_test_that_knows_of_no_detail_would_not_keep_that_promise(random_columns: list[Columns]) -> None:
    """What the expectation is good for: the hypergeometric test of all practices together finds pairs in many runs."""
    wrong = []
    for columns in random_columns[:40]:
        table = columns.features(["format", "audience"])
        matrix = np.zeros((len(columns), len(table)))
        matrix[table.owner, table.feature] = 1
        both, alone = matrix.T @ matrix, matrix.sum(axis=0)
        one, other = np.triu_indices(len(table), 1)
        p = stats.hypergeom(len(columns), alone[one], alone[other]).sf(both[one, other] - 1)
        wrong.append(stats.false_discovery_control(p, method="bh").min() <= 0.1)
    assert np.mean(wrong) > 0.3


def test_a_planted_pair_is_found_among_them_and_only_it() -> None:
    random = np.random.default_rng(12)
    given = drawn(random)
    for n in random.choice(len(given), 40, replace=False):
        given[n] = Planted(given[n].name, given[n].place, {"format": ["直播"], "audience": ["骑手"]})
    frame = shared_features(planted(given), combine=2, max_q=0.05, min_regions=3).frame
    assert list(frame["feature"]) == ["直播 + 骑手"]
    assert frame["practices"][0] == 40 and frame["lift"][0] > 2


def test_what_chance_would_give_is_the_same_however_many_regions_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many regions, counts are kept sparse."""
    columns = planted(drawn(np.random.default_rng(14)))
    few = shared_features(columns, combine=2, across="county").frame
    monkeypatch.setattr("kg.compare.significance.combinations._MANY", 1)
    many = shared_features(columns, combine=2, across="county").frame
    assert len(few) > 20 and few["expected"].min() > 0
    pd.testing.assert_frame_equal(few, many)


def test_a_triple_is_no_more_than_its_pairs_unless_it_is() -> None:
    """直播 + 骑手 always go together, 反诈 with them as often as with others: the triple is nothing of its own."""
    random = np.random.default_rng(13)
    given = []
    for n in range(300):
        first, topic = n % 3 == 0, random.random() < 0.3
        has = {"format": ["直播" if first else "授课"], "audience": ["骑手" if first else "居民"]}
        given.append(Planted(f"p{n:03d}", f"省{n % 5}/市/县", {**has, "topic": ["反诈" if topic else "环保"]}))
    columns = planted(given)
    assert "直播 + 骑手" in set(shared_features(columns, combine=2, max_q=0.01).frame["feature"])
    assert len(shared_features(columns, combine=3, max_q=0.1)) == 0
    for n in range(0, 300, 3):  # now it is one
        given[n] = Planted(given[n].name, given[n].place, {**given[n].has, "topic": ["反诈" if n % 4 else "环保"]})
    assert len(shared_features(planted(given), combine=3, max_q=0.05)) > 0


def test_regions_of_one_name_are_told_apart() -> None:
    places = ["江苏省/南京市/鼓楼区", "福建省/福州市/鼓楼区", "江苏省/徐州市/云龙区"]
    given = [Planted(f"课{at}", place, {"format": ["夜校"]}) for at, place in enumerate(places)]
    columns = planted([*given, Planted("早茶", places[0], {"format": ["茶会"]})])
    answer = shared_features(columns, across="county", min_articles=1, min_regions=1)
    names = dict(zip(answer.frame["feature"], answer.frame["region_names"], strict=True))
    assert names["夜校"] == ("云龙区", "南京市/鼓楼区", "福州市/鼓楼区")
    assert names["茶会"] == ("南京市/鼓楼区",)  # as in the other rows
    assert "云龙区、南京市/鼓楼区、福州市/鼓楼区" in answer.text()
    matrix = feature_matrix(columns, "format", across="county", min_regions=1, min_articles=1)
    assert sorted(matrix.columns) == ["云龙区", "南京市/鼓楼区", "福州市/鼓楼区"]


def test_places_of_one_name_in_one_city_take_more_of_the_path() -> None:
    deep = ["甲省/中山市/城区", "乙省/中山市/城区", "丙省/海城市/城区"]
    columns = planted(Planted(f"课{at}", place, {"format": ["夜校"]}) for at, place in enumerate(deep))
    names = shared_features(columns, across="county", min_articles=1).frame["region_names"][0]
    assert names == ("乙省/中山市/城区", "海城市/城区", "甲省/中山市/城区")
