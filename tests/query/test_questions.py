"""Practices and evidence: what they must find, leave out, and say."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_records import concept, sample, scheme

from kg.compare import open_graph as compared
from kg.errors import StoreError, UsageError
from kg.graph.build import build_records
from kg.query import Graph, open_graph
from kg.query.answer import Answer
from kg.query.engine import LocalEngine, whole


@pytest.fixture(autouse=True)
def _small_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph.rdf.fixed.packaged_schemes", lambda base: {})


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


def test_the_limits_of_a_users_query_cut_no_question(
    store: Path, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LocalEngine.query.__kwdefaults__, "max_rows", 3)
    monkeypatch.setattr("kg.query.engine.MOST_BYTES", 300)
    with open_graph(store) as opened:
        assert opened.sparql("SELECT * { ?s ?p ?o }").truncated
        assert opened.practices(min_confidence=0.1).equals(graph.practices(min_confidence=0.1))
        assert opened.evidence("四川省").equals(graph.evidence("四川省"))


def test_an_answer_that_an_endpoint_cuts_off_is_none() -> None:
    class Short:
        base = "https://example.org/"

        def query(self, text: str, *, timeout: float = 1, max_rows: int | None = 1) -> Answer:
            return Answer("select", b"?a\n", truncated=True)

        def close(self) -> None: ...

    with pytest.raises(StoreError, match="too large"):
        whole(Short(), "SELECT ?a {}")


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
    assert caught.value.where == option and caught.value.exit_code == 2
    assert said in str(caught.value) and "--" not in str(caught.value)


@pytest.mark.parametrize("said", ["四川省绵阳市三台县芦溪镇", "三台县芦溪镇", "芦溪鎮", "四川省/綿陽市/三台縣/蘆溪鎮"])
def test_places_are_taken_back_as_they_are_printed_and_in_traditional_characters(graph: Graph, said: str) -> None:
    found = graph.practices(region="四川省/绵阳市/三台县/芦溪镇")
    assert graph.practices(region=said).equals(found) and len(found)
    assert set(graph.evidence(said)["practice"]) == set(found["practice"])


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


@pytest.mark.parametrize(
    ("thing", "relations"),
    [
        ("镇综治中心", {"organiser"}),
        ("返乡大学生", {"partner"}),
        ("文化礼堂", {"venue"}),
        ("乡音广播", {"channel"}),
        ("四川", {"region"}),
        ("绵阳", {"region"}),
    ],
)
def test_evidence_of_whatever_a_practice_has_by_its_name(graph: Graph, thing: str, relations: set[str]) -> None:
    found = graph.evidence(thing)
    assert set(found["relation"]) == relations and "notes" not in found.attrs
    if relations == {"region"}:
        assert set(found[~found["repost"]]["practice"]) == set(graph.practices(region=thing)["practice"])
    else:
        assert set(found["words"]) == {thing} and len(found) == 14
    with pytest.raises(UsageError, match="did you mean 文化礼堂"):
        graph.evidence("文化礼")


def test_evidence_of_a_name_is_that_of_all_that_bear_it(tmp_path: Path) -> None:
    record, text = sample(0)  # whose audience is 网格员
    first, _ = record.practices
    helped = first.model_copy(update={"audiences": (), "partners": first.audiences[:1]})
    helped = helped.model_copy(update={"partners": (helped.partners[0].model_copy(update={"concept": None}),)})
    other = record.model_copy(update={"file": "other.txt", "practices": (helped,)})
    (tmp_path / "own.ttl").write_text(scheme(), encoding="utf-8")
    build_records([(record, text), (other, text)], tmp_path / "store", vocabularies=[tmp_path / "own.ttl"])
    with open_graph(tmp_path / "store") as graph:
        for said in ("网格员", " 網格員"):
            assert list(graph.evidence(said)["relation"]) == ["audience", "partner"]


def test_evidence_counts_what_is_narrower_as_practices_does(graph: Graph) -> None:
    practices = set(graph.practices(format="授课")["practice"])
    broad = graph.evidence("授课")
    assert set(broad[~broad["repost"]]["practice"]) == practices and set(broad["words"]) == {"夜校", "流动宣讲"}
    assert graph.evidence(concept("format", "授课"))["evidence"].equals(broad["evidence"])
    alone = graph.evidence("授课", exact=True)
    assert alone.empty and "what is narrower was left out" in alone.attrs["notes"][0]
    within = graph.evidence("四川省")
    assert set(within[~within["repost"]]["practice"]) == set(graph.practices(region="四川省")["practice"])


def test_practices_have_the_dates_that_articles_state(graph: Graph) -> None:
    dates = graph.practices().set_index("label")["dates"]
    assert dates["晨光学堂5号"] == ("2024-03",) and dates["灯下一课5"] == ()
    assert graph.practice("晨光学堂5号")["dates"][0] == ("2024-03",)


def test_a_graph_has_a_short_name(graph: Graph, store: Path) -> None:
    assert str(graph) == f"<Graph: {store}>"


def test_limits_hold_for_all_that_is_shown(graph: Graph) -> None:
    whole, sure = (graph.practices(min_confidence=least).set_index("label") for least in (0.0, 0.75))
    # The formats of article 2 are given with 0.8, those of article 1 with 0.7, what else is said of it with 1.0.
    assert sure.loc["晨光学堂2号", "format"] == whole.loc["晨光学堂2号", "format"] != ()
    assert sure.loc["晨光学堂1号", "format"] == () != whole.loc["晨光学堂1号", "format"]
    assert sure.loc["晨光学堂1号", "dates"] == ("2024-03",) and len(sure) == len(whole)
    assert sure.attrs["notes"] == ("only: confidence 0.75 or more",) and "notes" not in whole.attrs
    stated = graph.practices(stated_only=True).set_index("label")
    # The place of every third article is inferred.
    assert stated.loc["晨光学堂6号", "region"] == "" != whole.loc["晨光学堂6号", "region"]
    assert stated.loc["晨光学堂1号", "region"] == whole.loc["晨光学堂1号", "region"]


def test_where_the_limits_leave_nothing_the_note_says_them(graph: Graph) -> None:
    found = graph.practices(format="夜校", min_confidence=0.95, stated_only=True)
    assert found.empty
    assert found.attrs["notes"] == ("no practice has 夜校 (only: stated, nothing inferred; confidence 0.95 or more)",)
    assert not graph.practices(format="夜校", min_confidence=0.75).empty


def test_a_practice_whose_name_is_less_sure_is_left_out(tmp_path: Path) -> None:
    pairs = []
    for n, sure in ((1, 0.9), (2, 0.4)):
        record, text = sample(n)
        first, inner = record.practices
        doubtful = first.model_copy(update={"programme": first.programme.model_copy(update={"confidence": sure})})
        pairs.append((record.model_copy(update={"practices": (doubtful, inner)}), text))
    build_records(pairs, tmp_path / "store")
    with open_graph(tmp_path / "store") as graph:
        assert set(graph.practices(min_confidence=0.5)["label"]) == {"晨光学堂1号", "灯下一课1", "灯下一课2"}
        found = graph.practices(region="甘肃", min_confidence=0.5)
        assert set(found["label"]) == {"灯下一课2"}
        # As the comparisons leave them out.
        with compared(tmp_path / "store") as other:
            assert other.columns.select(min_confidence=0.5).practices.kept.sum() == 3


@pytest.mark.parametrize("least", [5, -0.1, float("nan")])
def test_a_confidence_has_a_range(graph: Graph, least: float) -> None:
    with pytest.raises(UsageError, match="between 0 and 1"):
        graph.practices(min_confidence=least)
