"""Shared features, practices and evidence: what they must find, leave out, and say."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from sample_records import concept, sample

from kg.errors import UsageError
from kg.graph.build import build_records
from kg.query import Graph, open_graph, shared_features


@pytest.fixture(autouse=True)
def _small_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph.fixed.packaged_schemes", lambda base: {})


def rows(graph: Graph, **options: object) -> dict[str, tuple[int, int]]:
    frame = graph.shared(**options)  # type: ignore[arg-type]
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
def test_counts_are_those_of_the_records(graph: Graph, level: str, depth: int) -> None:
    found = rows(graph, level=level)
    for label in ("圆桌议事", "流动宣讲", "送学上门"):
        assert found[label] == by_hand(depth, label)
    assert found["网格员"] == by_hand(depth, "网格员", "audiences")


def test_a_repost_is_no_second_witness_and_a_second_report_no_second_practice(graph: Graph) -> None:
    articles = {s.article for s in graph.columns.statements}
    assert len(articles) == 13  # twelve and the second report, without the repost
    assert rows(graph)["返乡农民工"] == by_hand(1, "返乡农民工", "audiences")


def test_a_narrower_concept_counts_for_the_broader_one(graph: Graph) -> None:
    found = rows(graph, features=["format"])
    one, other = by_hand(1, "夜校"), by_hand(1, "流动宣讲")
    assert found["授课"][1] == one[1] + other[1]  # no practice has both


def test_a_broader_concept_that_says_no_more_is_left_out(tmp_path: Path) -> None:
    from kg.graph.build import build
    from kg.graph.intake import Item

    own = tmp_path / "own.ttl"
    skos = "http://www.w3.org/2004/02/skos/core#"
    night, above = concept("format", "夜校"), "http://x.example/above"
    own.write_text(
        f'<{night}> a <{skos}Concept> ; <{skos}prefLabel> "夜校"@zh ; <{skos}broader> <{above}> .\n'
        f'<{above}> a <{skos}Concept> ; <{skos}prefLabel> "上位"@zh .',
        encoding="utf-8",
    )
    build(lambda a, k: [Item(*sample(n)) for n in range(12)], tmp_path / "store", vocabularies=[own])
    with open_graph(tmp_path / "store") as graph:
        assert "上位" not in rows(graph, min_regions=1) and "夜校" in rows(graph, min_regions=1)
        assert len(graph.practices(format="上位")) == len(graph.practices(format="夜校")) > 0


def test_two_features_together(graph: Graph) -> None:
    found = graph.shared(combine=2, features=["format", "audience"], min_regions=1)
    assert all(" + " in feature for feature in found["feature"])
    row = found[found["feature"].str.contains("网格员") & found["feature"].str.contains("夜校")].iloc[0]
    hits = [
        n
        for n in range(12)
        if "网格员" in {v.text for v in sample(n)[0].practices[0].audiences}
        and "夜校" in {v.text for v in sample(n)[0].practices[0].formats}
    ]
    assert row.practices == len(hits)
    assert not {"夜校 + 授课", "授课 + 夜校"} & set(graph.shared(combine=2, min_regions=1)["feature"])


def test_inferred_and_unsure_statements_can_be_left_out(graph: Graph) -> None:
    everything = shared_features(graph.columns, min_regions=1)
    stated = shared_features(graph.columns, min_regions=1, stated_only=True)
    inferred = {sample(n)[0].practices[0].identity for n in range(0, 12, 3)}  # their region is inferred
    assert inferred & {p for f in everything for p in f.practices}
    assert not inferred & {p for f in stated for p in f.practices}
    sure = rows(graph, min_regions=1, features=["format"], min_confidence=0.85)
    assert sum(n for _, n in sure.values()) < sum(
        n for _, n in rows(graph, min_regions=1, features=["format"]).values()
    )


def test_the_evidence_comes_with_article_words_and_sentence(graph: Graph) -> None:
    row = graph.shared(features=["format"], top=1, evidence=True).iloc[0]
    texts = {f"{n:03d}.txt": sample(n)[1] for n in range(12)} | {"second.txt": sample(4)[1]}
    assert len(row.evidence) >= row.practices
    for each in row.evidence.itertuples():
        assert texts[each.file][each.start : each.end] == each.words
        assert each.words in each.sentence and each.sentence in texts[each.file]
    # A reader who sees three sentences sees three regions.
    assert row.evidence["practice"].head(3).nunique() == 3


@pytest.mark.parametrize(
    "options",
    [{"level": "planet"}, {"features": ["colour"]}, {"min_regions": 0}, {"combine": 3}, {"min_confidence": 2}],
)
def test_a_wrong_option_is_told(graph: Graph, options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        graph.shared(**options)  # type: ignore[arg-type]


def test_practices_by_region_and_features(graph: Graph) -> None:
    found = graph.practices(region="四川", format="授课")
    assert set(found["region"]) == {"四川省/绵阳市/三台县/芦溪镇"}
    expected = {
        f"晨光学堂{n}号"
        for n in range(12)
        if n % 5 == 1 and {"夜校", "流动宣讲"} & {v.text for v in sample(n)[0].practices[0].formats}
    }
    assert set(found["label"]) == expected != set()
    assert found.equals(graph.practices(region="四川省/绵阳市/三台县", format="teaching"))
    # Two an article; the repost's are not counted again, the second report's belong to article 4.
    assert len(graph.practices()) == 2 * 12
    assert graph.practices(audience="网格管理员").equals(graph.practices(audience="网格员"))


def test_a_practice_announced_here_and_reported_there_has_come_about(graph: Graph) -> None:
    frame = graph.practices().set_index("label")
    assert bool(frame.loc["灯下一课2", "planned"]) and not bool(frame.loc["灯下一课3", "planned"])
    assert frame.loc["灯下一课3", "part_of"] == ("晨光学堂3号",)


@pytest.mark.parametrize(
    ("options", "near"),
    [
        ({"region": "四州省"}, "四川省"),
        ({"region": "福洲"}, "福建省"),
        ({"format": "夜小"}, "夜校"),
        ({"audience": "夜校"}, "the store holds 9 other names"),
        ({"topic": "防诈"}, "反诈"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest(graph: Graph, options: dict[str, str], near: str) -> None:
    with pytest.raises(UsageError, match=near) as caught:
        graph.practices(**options)  # type: ignore[arg-type]
    ((option, said),) = options.items()
    assert caught.value.where == f"--{option}" and said in str(caught.value) and caught.value.exit_code == 2


def test_places_of_one_name_are_told_apart(tmp_path: Path) -> None:
    pairs = []
    for n in (0, 1):
        record, text = sample(n)
        path = (*record.regions[0].path[:3], "长岭街道")  # type: ignore[index]
        level = record.regions[0].levels[3].model_copy(update={"name": "长岭街道"})
        region = record.regions[0].model_copy(update={"path": path, "levels": (*record.regions[0].levels[:3], level)})
        pairs.append((record.model_copy(update={"regions": (region,)}), text))
    build_records(pairs, tmp_path / "store")
    with open_graph(tmp_path / "store") as graph:
        with pytest.raises(UsageError, match=r"2 places are called '长岭街道'.*四川省/绵阳市/三台县/长岭街道"):
            graph.practices(region="长岭街道")
        assert len(graph.practices(region="三台县/长岭街道")) == 2


def test_evidence_by_label_and_by_iri(graph: Graph) -> None:
    label = graph.evidence("晨光学堂5号")
    iri = sample(5)[0].practices[0].identity
    assert set(label["evidence"]) == set(graph.evidence(str(iri))["evidence"])
    assert set(label[label["practice"] == iri]["relation"]) >= {"format", "outcome", "date", "region", "prefLabel"}
    assert set(graph.evidence("夜校")["words"]) == {"夜校"}
    with pytest.raises(UsageError, match="did you mean"):
        graph.evidence("晨光学堂99号")
    with pytest.raises(UsageError, match="does not hold it"):
        graph.evidence("https://practice-graph.example/practice/none")
    with pytest.raises(UsageError, match="not an IRI"):
        graph.evidence("http://a> <b")


def test_networkx_has_the_statements(graph: Graph) -> None:
    network = graph.networkx()
    practice = sample(5)[0].practices[0].identity
    relations = {data["relation"] for _, _, data in network.out_edges(practice, data=True)}
    assert relations >= {"format", "audience", "topic", "region", "outcome"}
    assert network.nodes[practice]["label"] == "晨光学堂5号"


@pytest.mark.slow
def test_a_thousand_practices_are_compared_within_a_second(tmp_path: Path) -> None:
    build_records([sample(n) for n in range(500)], tmp_path / "store")
    taken = []
    for _ in range(3):
        with open_graph(tmp_path / "store") as graph:
            graph.sparql("ASK {}")
            started = time.perf_counter()
            assert len(graph.shared()) > 5
            taken.append(time.perf_counter() - started)
    assert min(taken) < 1.0  # 0.66 s measured; the best of three, for a machine that others use too
