"""Generated graphs: the same by every way, skewed, and true to their plan."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from kg.cli.main import app
from kg.compare import Columns, open_columns
from kg.compare.column_copy.columns import RELATIONS
from kg.compare.column_copy.saved import read_saved
from kg.errors import UsageError
from kg.generate import Plan, make_plan, plan_articles, plan_columns, write_plan
from kg.graph.validate import read_records, validate_records
from kg.model import ArticleRecord


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(60, 3)


def statements(columns: Columns) -> list[tuple[object, ...]]:
    said = columns.statements
    return sorted(
        (
            columns.practice_iri[said.practice[row]],
            RELATIONS[said.relation[row]],
            (columns.regions if RELATIONS[said.relation[row]] == "region" else columns.concepts).iri[said.value[row]],
            columns.articles.file[said.article[row]],
            bool(said.inferred[row]),
            round(float(said.confidence[row]), 3),
        )
        for row in range(len(said.practice))
    )


def test_straight_into_columns_is_what_the_store_gives(plan: Plan, tmp_path: Path) -> None:
    write_plan(plan, tmp_path / "out", "store")
    stored, straight = open_columns(tmp_path / "out" / "store"), plan_columns(plan)
    assert list(stored.practice_iri) == list(straight.practice_iri) == plan.iri
    assert list(stored.practice_label) == list(straight.practice_label)
    assert statements(stored) == statements(straight)
    one, two = stored.practices, straight.practices
    for name in ("kept", "first_day", "published", "planned", "articles"):
        assert np.array_equal(getattr(one, name), getattr(two, name), equal_nan=name.endswith(("day", "ed"))), name
    assert [stored.regions.path(r) for r in one.region] == [straight.regions.path(r) for r in two.region]
    figures = [
        sorted(
            (int(p), float(v), c.concepts.label[u], int(m))
            for p, v, u, m in zip(
                c.outcomes.practice, c.outcomes.value, c.outcomes.unit, c.outcomes.modality, strict=True
            )
        )
        for c in (stored, straight)
    ]
    assert figures[0] == figures[1]
    weights = [c.features(("format", "audience", "topic")) for c in (stored, straight)]
    assert np.allclose(weights[0].total, weights[1].total)


def test_every_value_stands_in_its_text(plan: Plan) -> None:
    articles = list(plan_articles(plan))
    assert len(articles) == len(plan) + int(plan.second.sum()) + int(plan.repost.sum())
    for record, text in articles:
        for practice in record.practices:
            for _, value in practice.values():
                assert text[value.start : value.end] == value.text


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        write_plan(make_plan(25, seed), tmp_path / name, "nquads")
        write_plan(make_plan(25, seed), tmp_path / f"{name}-columns", "columns")
    one, two, other = (
        {p.relative_to(tmp_path / n): p.read_bytes() for p in (tmp_path / n).rglob("*") if p.is_file()} for n in "abc"
    )
    assert one == two and one != other
    saved = [read_saved(tmp_path / f"{name}-columns" / "columns") for name in "ab"]
    assert statements(saved[0]) == statements(saved[1])


def test_frequencies_are_skewed_and_vocabularies_grow() -> None:
    columns = plan_columns(make_plan(3000, 1, families=0))
    bearers = np.sort(columns.features(["topic"], broader=False).bearers)[::-1]
    assert bearers[0] > 10 * np.median(bearers) and (bearers == 1).sum() > 0.2 * len(bearers)
    places = np.bincount(columns.practices.province[columns.practices.province >= 0])
    assert places.max() > 3 * np.median(places[places > 0])
    few, many = (plan_columns(make_plan(n, 1, families=0)).features() for n in (300, 3000))
    assert len(few) < len(many) < 10 * len(few)


def test_planted_families_reach_their_provinces_in_order() -> None:
    plan = make_plan(800, 2)
    for number, family in enumerate(plan.families):
        members = np.flatnonzero(plan.family == number)
        first = [plan.day[members[plan.world.province[plan.town[members]] == p]] for p in family.provinces]
        days = [each.min() for each in first if len(each)]
        assert days == sorted(days) and days[0] >= np.datetime64(family.starts[0])
        shared = [np.isin(family.concepts, plan.concept[plan.start[m] : plan.start[m + 1]]).mean() for m in members]
        assert np.mean(shared) > 0.7
    assert make_plan(50, 2, families=0).families == () and (make_plan(50, 2, families=0).family == -1).all()


def test_the_command_writes_articles_records_and_truth(tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = CliRunner().invoke(app, ["generate", str(out), "--practices", "12", "--seed", "4"])
    assert said.exit_code == 0, said.output
    records = [json.loads(line) for line in (out / "records.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {r["file"] for r in records} == {p.name for p in (out / "articles").iterdir()}
    assert all(ArticleRecord(**record).practices for record in records)
    truth = json.loads((out / "truth.json").read_text(encoding="utf-8"))
    assert truth["practices"] == 12 and len(truth["families"]) == 3
    assert len((out / "members.csv").read_text(encoding="utf-8").splitlines()) == 13
    with pytest.raises(UsageError, match="not empty"):
        write_plan(make_plan(5, 1), out, "articles")


def test_generated_records_validate_against_their_articles(tmp_path: Path) -> None:
    write_plan(make_plan(12, 4), tmp_path / "out", "articles")
    report = validate_records(read_records(tmp_path / "out" / "records.jsonl"), [tmp_path / "out" / "articles"])
    assert report.values > 50 and report.sources == report.values and report.exit_code == 0
    said = (tmp_path / "out" / "records.jsonl").read_text(encoding="utf-8")
    assert {len(number) for number in re.findall(r'"confidence": 0\.(\d+)', said)} <= {1, 2}


@pytest.mark.parametrize(
    ("option", "wrong"), [("practices", {"practices": 0}), ("seed", {"seed": -1}), ("families", {"families": -1})]
)
def test_what_is_out_of_its_range_is_named(option: str, wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError, match=f"--{option}"):
        make_plan(**{"practices": 5} | wrong)


@pytest.mark.parametrize("share", [1.5, -0.1, float("nan")])
def test_a_share_is_between_nothing_and_all(share: float, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--share"):
        make_plan(5, share=share)
    said = CliRunner().invoke(app, ["generate", str(tmp_path / "out"), "--share", str(share)])
    assert said.exit_code != 0 and not (tmp_path / "out").exists()
