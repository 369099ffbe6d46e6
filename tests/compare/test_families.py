"""Families: planted ones are found again, random data gives none beyond chance, and they say what they rest on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from planted import Planted, planted
from sklearn.metrics import adjusted_rand_score
from typer.testing import CliRunner

from kg.cli.main import app
from kg.compare.families import families, family_labels, neighbour_graph, shuffled
from kg.compare.nearest.weights import weigh
from kg.compare.similar import COMPARED
from kg.errors import UsageError
from kg.generate import make_plan, plan_columns


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_planted_families_are_recovered(seed: int) -> None:
    plan = make_plan(1000, seed)
    columns = plan_columns(plan)
    labels = family_labels(neighbour_graph(weigh(columns.features(COMPARED))))
    inside = plan.family >= 0
    assert adjusted_rand_score(plan.family[inside], labels[inside]) >= 0.9


def test_a_planted_family_is_named_dated_stable_and_beyond_chance() -> None:
    plan = make_plan(600, 4, families=3)
    answer = families(plan_columns(plan), resamples=4, top=3)
    place = {iri: at for at, iri in enumerate(plan.iri)}
    assert len(answer.frame) == 3
    for row in answer.frame.to_dict("records"):
        members = np.array([place[iri] for iri in row["member_iris"]])
        numbers, counts = np.unique(plan.family[members], return_counts=True)
        number = int(numbers[counts.argmax()])
        core = {plan.world.label[concept] for concept in plan.families[number].concepts}
        assert number >= 0 and counts.max() / len(members) > 0.9
        assert core <= set(row["features"]) and set(row["family"].split(" + ")) <= core
        assert plan.family[place[row["typical_iri"]]] == number
        assert row["first"] == str(np.where(plan.stated, plan.day, plan.published)[members].min())
        assert row["stability"] >= 0.85 and row["chance"] == 0.05


def test_random_data_gives_none_beyond_chance() -> None:
    """Chance itself reaches 0.05, the least that twenty shuffles can tell, with seeds 2, 6 and 12 of 1 to 20."""
    columns = plan_columns(make_plan(500, 1, families=0))
    answer = families(columns, resamples=0, top=None)
    assert len(answer.frame) and answer.frame["chance"].min() > 0.05


def test_shuffles_keep_how_many_there_are() -> None:
    columns = plan_columns(make_plan(200, 1))
    other = shuffled(columns, np.random.default_rng(1))
    for kind in ("format", "topic"):
        one, two = (each.features([kind], broader=False) for each in (columns, other))
        assert two.start[-1] <= one.start[-1]  # two of one concept fall together now and then
    assert not np.array_equal(columns.features(COMPARED).start, other.features(COMPARED).start)
    assert families(columns, resamples=2, shuffles=3).frame.equals(families(columns, resamples=2, shuffles=3).frame)


def test_the_same_question_twice_in_one_process_gives_the_same_families() -> None:
    columns = plan_columns(make_plan(1500, 5))  # large enough for Leiden to have to choose by chance
    graph = neighbour_graph(weigh(columns.features(COMPARED)))
    labels = family_labels(graph)
    assert all(np.array_equal(family_labels(graph), labels) for _ in range(4))
    once, again = (families(columns, resamples=2, shuffles=1, top=None) for _ in range(2))
    assert once.frame.equals(again.frame) and once.notes == again.notes


def test_groups_are_numbered_by_size() -> None:
    labels = family_labels(neighbour_graph(weigh(plan_columns(make_plan(200, 1)).features(COMPARED))))
    assert np.all(np.diff(np.bincount(labels)) <= 0)


def test_a_wrong_question_is_told() -> None:
    with pytest.raises(UsageError):
        families(plan_columns(make_plan(20, 1)), min_similarity=0)


def test_a_family_has_as_many_members_and_regions_as_are_asked_for() -> None:
    def alike(kind: str, provinces: str) -> list[Planted]:
        features = {"format": [f"{kind}课"], "audience": [f"{kind}人"], "topic": [f"{kind}事"]}
        return [Planted(f"{kind}{n}", f"{one}省/市/县", features) for n, one in enumerate(provinces)]

    columns = planted([*alike("广", "甲乙丙丁"), *alike("窄", "甲甲甲甲甲"), *alike("少", "甲乙")])
    given = {"resamples": 0, "shuffles": 0}

    def found(**least: int) -> list[tuple[int, int]]:
        frame = families(columns, **given, **least).frame
        return sorted(zip(frame["members"], frame["regions"], strict=True))

    assert found(min_members=2, min_regions=1) == [(2, 2), (4, 4), (5, 1)]
    assert found(min_members=3, min_regions=1) == [(4, 4), (5, 1)]
    assert found(min_members=2, min_regions=2) == [(2, 2), (4, 4)]
    assert found(min_members=3, min_regions=2) == [(4, 4)]


def test_where_no_feature_is_left_there_is_no_family(store: Path) -> None:
    columns = plan_columns(make_plan(20, 1))
    for left in (columns.select(since=2090), planted([])):
        answer = families(left)
        assert answer.frame.empty and answer.notes[0].startswith("0 families with 0 of 0 practices")
    assert families(columns, features=[]).frame.empty
    said = CliRunner().invoke(app, ["query", "families", "--store", str(store), "--since", "2090"])
    assert said.exit_code == 0 and "0 families" in said.stdout


def test_the_command_shows_families_with_sentences(store: Path) -> None:
    arguments = [
        "query",
        "families",
        "--store",
        str(store),
        "--min-members",
        "2",
        "--resamples",
        "2",
        "--shuffles",
        "2",
    ]
    said = CliRunner().invoke(app, arguments)
    assert said.exit_code == 0 and "stability" in said.stdout and "。" in said.stdout
