"""Outcomes: figures of one meaning only, nothing added up, every figure with its evidence."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from planted import Planted, planted

from kg.compare import open_graph
from kg.compare.figures import measure
from kg.compare.outcomes import outcomes
from kg.errors import UsageError

RULES = tomllib.loads(resources.files("kg.compare").joinpath("outcomes.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("entry", RULES["meaning"], ids=lambda entry: entry["english"])
def test_examples_of_a_meaning_match_it_and_no_entry_before_it(entry: dict[str, object]) -> None:
    for words in entry["examples"]:  # type: ignore[attr-defined]
        assert measure("人次", "", words).of == entry["name"], words


def test_examples_of_figures_for_one_time() -> None:
    for words in RULES["each"]["examples"]:
        assert measure("人", "", words).each, words
    for words in RULES["each"]["not_examples"]:
        assert not measure("人", "", words).each, words


def test_units_are_told_once() -> None:
    named = [name for unit in RULES["unit"] for name in (unit["name"], *unit["same"])]
    assert len(named) == len(set(named))
    assert set(RULES["alone"]["units"]) | set(RULES["people"]["units"]) <= {unit["name"] for unit in RULES["unit"]}
    for entry in (*RULES["meaning"], RULES["each"]):
        re.compile(entry["pattern"])


def with_figures(*figures: tuple[str, float, str, str, str]) -> list[Planted]:
    """(practice, value, unit, counted, modality) each."""
    return [
        Planted(f"{name}{at}", "甲省/市/县", {"format": ["夜校"]}, figures=[(value, unit, counted, modality)])
        for at, (name, value, unit, counted, modality) in enumerate(figures)
    ]


def test_medians_and_quartiles_of_comparable_figures() -> None:
    columns = planted(
        with_figures(
            *[("a", value, "期", "", "achieved") for value in (4, 8, 10, 30, 50)],
            ("a", 999, "期", "", "planned"),
            ("a", 5, "个", "合作社", "achieved"),
            ("a", 7, "个", "合作社", "achieved"),
            ("a", 7, "个", "矛盾", "achieved"),
            ("a", 9, "个", "", "achieved"),
            ("a", 600, "名", "", "achieved"),
        )
    )
    frame = outcomes(columns, "夜校").frame
    first = frame.iloc[0]
    assert (first.unit, first.modality, first.figures) == ("期", "achieved", 5)
    assert (first.lower, first["median"], first.upper) == (8, 10, 30)
    assert (first.lower, first["median"], first.upper) == tuple(np.quantile([4, 8, 10, 30, 50], [0.25, 0.5, 0.75]))
    keys = {(row.unit, row.of, row.modality): row.values for row in frame.itertuples()}  # type: ignore[attr-defined]
    assert ("期", "", "planned") in keys and ("个", "合作社", "achieved") in keys and ("个", "矛盾", "achieved") in keys
    # What is not said to be a number of anything is listed last, without a median.
    assert not frame["comparable"].iloc[-1] and np.isnan(frame["median"].iloc[-1])
    assert set(frame.loc[~frame["comparable"], "unit"]) == {"个", "人"}
    # No number of the frame is a sum of figures.
    assert 102 not in frame.select_dtypes("number").to_numpy()


def test_a_clause_that_two_practices_share_is_one_figure_and_two_reports_of_one_too() -> None:
    pair = [
        Planted(name, "甲省/市/县", {"format": ["夜校"]}, article="one.txt", figures=[(600, "人次", "", "achieved")])
        for name in ("a", "b")
    ]
    columns = planted([*pair, *with_figures(("c", 800, "人次", "", "achieved"))])
    words = {"a|outcome|600": "培训600人次", "b|outcome|600": "培训600人次", "c0|outcome|800": "观看800人次"}
    answer = outcomes(columns, quoted=lambda nodes: {node: words[node] for node in nodes})
    rows = {row.of: (row.figures, row.practices) for row in answer.frame.itertuples()}
    assert rows == {"受训与听课": (1, 2), "观看": (1, 1)}
    at = list(answer.frame["of"]).index("受训与听课")
    assert sorted(answer.grounds(at)) == ["a|outcome|600", "b|outcome|600"]
    assert outcomes(columns, unit="人次").frame["figures"].sum() >= 2
    with pytest.raises(UsageError, match="use one of 人次"):
        outcomes(columns, unit="册")


def test_what_is_counted_each_time_stands_apart_from_totals() -> None:
    columns = planted(with_figures(*[("a", value, "人次", "", "achieved") for value in (30, 40, 800)]))
    words = {"a0|outcome|30": "每期培训30人次", "a1|outcome|40": "每场培训40人次", "a2|outcome|800": "共培训800人次"}
    frame = outcomes(columns, quoted=lambda nodes: {node: words[node] for node in nodes}).frame
    assert {row.scope: row.values for row in frame.itertuples()} == {"each time": (30, 40), "total": (800,)}


def test_every_figure_is_one_step_from_its_sentence(store: Path) -> None:
    with open_graph(store) as graph:
        answer = graph.outcomes(min_figures=2)
        row = list(answer.frame["unit"]).index("人次")
        told = answer.evidence(row)
        figures = [value for value in answer.frame["values"][row]]
        assert len(figures) == answer.frame["figures"][row] >= 10 and figures == sorted(figures)
        assert 999 in figures  # the second report of article 4 counts differently: both stand
        for value in figures:
            if value != 999:  # its record was changed in the test data, its text was not
                assert any(str(int(value)) in words for words in told["words"])
        assert all(each.words in each.sentence for each in told.itertuples())
