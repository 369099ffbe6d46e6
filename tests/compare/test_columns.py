"""The column copy: it holds what the graph holds, stands beside its generation, and is made anew when stale."""

from __future__ import annotations

import json
import shutil
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from kg.compare import Columns, ComparedGraph, open_columns, open_graph
from kg.compare.column_copy.columns import RELATIONS
from kg.compare.column_copy.saved import load_columns
from kg.compare.column_copy.selection import Limited, Selection
from kg.compare.significance.combinations import Reach
from kg.errors import UsageError
from kg.graph.store.snapshot import Snapshot
from kg.query.limits import Limits


@pytest.fixture(scope="module")
def columns(store: Path) -> Columns:
    return open_columns(store)


@pytest.fixture(scope="module")
def opened(store: Path) -> ComparedGraph:
    return open_graph(store)


def test_every_statement_of_the_graph_is_there_but_those_of_reposts(columns: Columns, opened: ComparedGraph) -> None:
    said = columns.statements
    found = set()
    for row in range(len(said.practice)):
        relation = RELATIONS[said.relation[row]]
        nodes = columns.regions if relation == "region" else columns.concepts
        if relation != "organiser":  # there the kind stands, not the organisation
            found.add(
                (
                    columns.practice_iri[said.practice[row]],
                    relation,
                    nodes.iri[said.value[row]],
                    columns.articles.iri[said.article[row]],
                    bool(said.inferred[row]),
                    round(float(said.confidence[row]), 5),
                    columns.evidence[said.evidence[row]],
                )
            )
    wanted = {
        (s.practice, s.relation, s.value, s.article, s.inferred, round(s.confidence, 5), s.evidence)
        for s in opened.lookup.statements
    }
    assert found == wanted and len(wanted) > 50


def test_practices_have_place_dates_and_witnesses(columns: Columns) -> None:
    at = columns.find_practice("晨光学堂5号")
    known = columns.practices
    assert columns.regions.path(known.region[at]).startswith("浙江省/湖州市/安吉县/")
    assert columns.regions.label[known.province[at]] == "浙江省"
    assert columns.regions.label[known.county[at]] == "安吉县"
    assert str(known.first_day[at]) == "2024-03-01" and str(known.published[at]) == "2024-06-01"
    assert known.articles[at] == 1 and not known.planned[at]
    assert known.articles[columns.find_practice("晨光学堂4号")] == 2  # a second report of it
    assert known.articles[columns.find_practice("晨光学堂3号")] == 1  # a repost is no witness
    assert known.planned[columns.find_practice("灯下一课2")] and not known.planned[columns.find_practice("灯下一课3")]


def test_figures_and_dates_have_evidence(columns: Columns) -> None:
    figures = columns.outcomes
    at = columns.find_practice("晨光学堂7号")
    (row,) = np.flatnonzero(figures.practice == at)
    assert figures.value[row] == 107 and columns.concepts.label[figures.unit[row]] == "人次"
    assert columns.concepts.label[figures.counted[row]] == "参加"
    assert figures.COMPARATORS[figures.comparator[row]] == "more_than"
    assert figures.MODALITIES[figures.modality[row]] == "achieved"
    assert "/evidence/" in columns.evidence[figures.evidence[row]]
    assert set(columns.dates.role) == {0} and len(columns.dates.day) >= 12


def test_broader_concepts_follow_with_half_the_weight(columns: Columns) -> None:
    table = columns.features(["format"])
    at = columns.find_practice("晨光学堂0号")  # 夜校, which is narrower than 授课
    row = table.row(at)
    has = zip(table.feature[row], table.own[row], strict=True)
    named = {columns.concepts.label[table.concept[feature]]: own for feature, own in has}
    assert named["夜校"] and not named["授课"]
    lone = columns.features(["format"], broader=False)
    assert "授课" not in {columns.concepts.label[c] for c in lone.concept}
    assert table.weight[row].sum() == pytest.approx(table.total[at])
    begins, bearers, own = table.postings
    assert [int(n) for n in np.diff(begins)] == table.bearers.tolist() and len(bearers) == len(own)


def test_counts_of_features_by_region_are_those_of_a_loop(columns: Columns) -> None:
    table, groups = columns.features(["format"]), columns.practices.province
    reach = Reach(table, groups, np.zeros(len(columns), dtype=np.int32), 1)
    for feature, counts in zip(reach.features.tolist(), reach.counts.tolist(), strict=True):
        has = set(table.owner[table.feature == feature].tolist())
        assert counts == [sum(groups[practice] == group for practice in has) for group in reach.region_ids.tolist()]
    assert set(reach.region_ids.tolist()) == set(groups[groups >= 0].tolist())


def test_a_selection_keeps_the_indices_and_drops_the_rest(columns: Columns) -> None:
    stated = columns.select(stated_only=True)
    assert len(stated) == len(columns) and not stated.statements.inferred.any()
    inferred_place = columns.find_practice("晨光学堂0号")
    assert columns.practices.region[inferred_place] >= 0 and stated.practices.region[inferred_place] == -1
    assert columns.select(min_confidence=0.95).statements.confidence.min() >= 0.95
    assert columns.select(as_of="2024-05").practices.kept.sum() == 0
    assert columns.select(as_of="2024-06").practices.kept.sum() == columns.practices.kept.sum() == len(columns) - 1
    assert columns.select() is columns
    near = columns.select(region=["安吉县", "四川省"])
    names = {columns.regions.label[p] for p in near.practices.province if p >= 0}
    assert names == {"浙江省", "四川省"} and 0 < near.practices.kept.sum() < len(columns)
    assert set(near.statements.practice.tolist()) <= set(np.flatnonzero(near.practices.kept).tolist())
    march = columns.select(since="2024-03", until="2024-03")
    june = columns.select(since="2024-06")  # the parts have no day of their own: their article's stands for it
    assert march.practices.kept.sum() == june.practices.kept.sum() == 12
    assert not (march.practices.kept & june.practices.kept).any()


@pytest.mark.parametrize(
    "options", [{"as_of": "yesterday"}, {"since": "2024-13-01"}, {"min_confidence": 2}, {"region": ["乌有县"]}]
)
def test_a_wrong_option_is_told(columns: Columns, options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        columns.select(**options)  # type: ignore[arg-type]


def test_a_selection_holds_every_limit(columns: Columns) -> None:
    assert list(Limited.__annotations__) == [field.name for field in fields(Selection)]
    chosen = columns.select(region="四川省", as_of=2030, stated_only=True).chosen
    assert chosen == Selection(stated_only=True, as_of="2030-12-31", region=("四川省",)) and isinstance(chosen, Limits)
    assert chosen.note() == "only: stated, nothing inferred; articles up to 2030-12-31; within 四川省"
    with pytest.raises(TypeError):
        columns.select(regions="四川省")  # type: ignore[call-arg]


def test_the_copy_is_made_once_and_anew_when_damaged_or_stale(store: Path, tmp_path: Path) -> None:
    own = tmp_path / "store"
    shutil.copytree(store, own)
    snapshot = Snapshot.at(own)
    folder = snapshot.folder / "columns"
    shutil.rmtree(folder, ignore_errors=True)
    first = load_columns(snapshot)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert (folder / "columns.json").is_file() and len(files) > 30
    (folder / "statements.value.npy").write_bytes(b"broken")
    again = load_columns(snapshot)
    assert (again.statements.value == first.statements.value).all()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files  # the same bytes
    head = json.loads((folder / "columns.json").read_text(encoding="utf-8"))
    (folder / "columns.json").write_text(json.dumps(head | {"made_from": "another build"}), encoding="utf-8")
    (folder / "evidence.ends.npy").unlink()
    assert len(load_columns(snapshot).evidence) == len(first.evidence)
    assert json.loads((folder / "columns.json").read_text(encoding="utf-8")) == head


def test_a_store_that_cannot_be_written_is_read_all_the_same(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("kg.compare.column_copy.saved._read", refuse)
    monkeypatch.setattr("kg.compare.column_copy.saved.save_columns", refuse)
    assert len(open_columns(store)) > 0


@pytest.mark.parametrize(
    ("iso", "first_part", "whole"),
    [
        ("2023", "2023-12-31", "2023-12-31"),
        ("2024-02", "2024-02-29", "2024-02-29"),
        ("2023-06-08", "2023-06-08", "2023-06-08"),
        ("2023-12/2024-02", "2023-12-31", "2024-02-29"),
        ("2022-03-29/2024-03-29", "2022-03-29", "2024-03-29"),
        ("2023/P1Y", "2023-12-31", "2023-12-31"),
    ],
)
def test_how_vague_a_date_is(iso: str, first_part: str, whole: str) -> None:
    from kg.compare.column_copy.term_columns import end_of, last_day_of

    assert last_day_of(f'"{iso}"') == first_part and end_of(f'"{iso}"') == whole
