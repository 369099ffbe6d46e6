"""The edges of a question: the day that just belongs, what counts once, and which of two wins."""

from __future__ import annotations

import re

import numpy as np
import pytest
from planted import Planted, planted

from kg.compare import Columns
from kg.compare.column_copy.columns import Dates, Outcomes
from kg.compare.contrast import contrast
from kg.compare.coverage import coverage
from kg.compare.outcomes import outcomes
from kg.compare.result import Comparison
from kg.compare.shared import shared_features
from kg.compare.significance.statistics import adjusted
from kg.compare.spread import spread

NIGHT = {"format": ["夜校"]}


def in_(name: str, province: str = "甲", **more: object) -> Planted:
    """A practice with 夜校 in a county of this province."""
    return Planted(name, f"{province}省/市/县", NIGHT, **more)  # type: ignore[arg-type]


def kept(columns: Columns, **limits: object) -> set[str]:
    mask = columns.select(**limits).practices.kept  # type: ignore[arg-type]
    return {columns.practice_label[at] for at in np.flatnonzero(mask).tolist()}


@pytest.mark.parametrize(
    ("until", "left"),
    [("2024-06", {"a", "b"}), ("2024-06-15", {"a"}), ("2024-06-14", set()), ("2024", {"a", "b", "c"})],
)
def test_until_includes_its_last_day(until: str, left: set[str]) -> None:
    days = {"a": "2024-06-15", "b": "2024-06-30", "c": "2024-07-01"}
    assert kept(planted(in_(name, day=day) for name, day in days.items()), until=until) == left


@pytest.mark.parametrize(
    ("as_of", "left"), [("2024-06", {"a"}), ("2024-06-30", {"a"}), ("2024-06-29", set()), ("2024", {"a", "b"})]
)
def test_as_of_includes_articles_of_its_last_day(as_of: str, left: set[str]) -> None:
    days = {"a": "2024-06-30", "b": "2024-07-01"}
    assert kept(planted(in_(name, published=day) for name, day in days.items()), as_of=as_of) == left


def test_the_least_confidence_is_confident_enough() -> None:
    columns = planted([in_("a")])
    assert kept(columns, min_confidence=0.9) == {"a"} and kept(columns, min_confidence=0.91) == set()


def test_a_place_told_twice_is_the_place_before_a_surer_one_told_once() -> None:
    twice, once = "甲省/市/县", "乙省/市/县"
    columns = planted([Planted("a", "", {"region": [twice, once, twice]}), in_("b"), in_("c", "乙")])
    own = columns.statements.practice == 0
    columns.statements.confidence[own] = np.array([0.5, 0.9, 0.5], dtype=np.float32)
    assert columns.regions.path(int(columns.practices.region[0])) == twice


def test_practices_without_a_place_are_in_no_province() -> None:
    assert coverage(planted([in_("a"), Planted("b", "", NIGHT)]), "夜校").figures["provinces"] == 1


def test_a_first_date_may_be_the_day_of_its_article() -> None:
    assert len(spread(planted([in_("a", day="2024-05-01", published="2024-05-01")]), "夜校").frame) == 1
    assert len(spread(planted([in_("a", day="2024-05-02", published="2024-05-01")]), "夜校").frame) == 0


def test_inferred_dates_and_recurrences_are_no_first_dates() -> None:
    columns = planted(
        [in_("a", "甲", day="2021-01-01"), in_("b", "乙", day="2022-01-01"), in_("c", "丙", day="2023-01-01")]
    )
    columns.dates.inferred[0] = True
    columns.dates.role[1] = Dates.ROLES.index("recurrence")
    answer = spread(columns, "夜校")
    assert list(answer.frame["region"]) == ["丙省"] and answer.figures["undated_regions"] == 2


def test_regions_of_one_day_share_the_lower_number() -> None:
    days = {"甲": "2024-01-01", "乙": "2024-01-01", "丙": "2024-02-01"}
    columns = planted(in_(name, name, day=day) for name, day in days.items())
    assert spread(columns, "夜校").frame["order"].tolist() == [1, 1, 3]


def attended(name: str, *modalities: str, value: int = 600) -> Planted:
    """Of an article of its own."""
    return in_(name, figures=[(value, "人次", "", modality) for modality in modalities])


def test_the_same_words_in_two_articles_are_two_figures() -> None:
    columns = planted([attended("a", "achieved"), attended("b", "achieved")])
    frame = outcomes(columns, quoted=lambda nodes: dict.fromkeys(nodes, "培训600人次")).frame
    assert frame["figures"].tolist() == [2] and frame["articles"].tolist() == [2]


def test_a_number_planned_and_the_same_number_achieved_are_two_figures() -> None:
    frame = outcomes(planted([attended("a", "planned", "achieved")])).frame
    assert sorted(zip(frame["modality"], frame["figures"], strict=True)) == [("achieved", 1), ("planned", 1)]


def test_bounds_are_the_figures_never_given_exactly() -> None:
    told = [attended("a", "achieved", value=600), attended("b", "achieved", value=700)]
    columns = planted([*told, attended("c", "achieved", "achieved", value=800)])  # 800, and once more 800余
    more = next(at for at, word in enumerate(Outcomes.COMPARATORS) if word != "exactly")
    columns.outcomes.comparator[:] = [more, more, Outcomes.COMPARATORS.index("exactly"), more]
    frame = outcomes(columns).frame
    assert frame["values"].tolist() == [(600, 700, 800)] and frame["bounds"].tolist() == [2]


def eight_each(first: int, second: int) -> Columns:
    """Eight practices of two provinces each, so many of them with 夜校."""
    return planted(
        Planted(f"{side}{n}", f"{side}省/市/县", {"format": ["夜校" if n < with_it else "直播"]})
        for side, with_it in (("甲", first), ("乙", second))
        for n in range(8)
    )


AUTHORS = {"by": {"Benjamini-Yekutieli 2001"}, "bh": {"Benjamini-Hochberg 1995"}}


def authors(answer: Comparison) -> set[str]:
    """Those of the correction, as the notes name them."""
    return set(re.findall(r"Benjamini-\w+ \d+", " ".join(answer.notes)))


def test_a_contrast_is_corrected_as_it_is_asked() -> None:
    answers = {how: contrast(eight_each(7, 2), "甲省", "乙省", correction=how) for how in ("by", "bh")}
    assert {how: authors(answer) for how, answer in answers.items()} == AUTHORS
    frames = {how: answer.frame for how, answer in answers.items()}
    for how, frame in frames.items():
        assert frame["q"].tolist() == pytest.approx(adjusted(frame["p"].to_numpy(), dependent=how == "by").tolist())
    assert (frames["bh"]["q"] < frames["by"]["q"]).all()


def test_shared_features_are_corrected_as_they_are_asked() -> None:
    # In each of thirty provinces once: more evenly than chance would have it.
    given = [
        Planted(f"{province}-{n}", f"省{province}/市/县", {"format": ["夜校" if n == 0 else "直播"]})
        for province in range(30)
        for n in range(6)
    ]
    answers = {how: shared_features(planted(given), correction=how) for how in ("by", "bh")}
    assert {how: authors(answer) for how, answer in answers.items()} == AUTHORS
    frames = {how: answer.frame for how, answer in answers.items()}
    for how, frame in frames.items():
        assert frame["q"].tolist() == pytest.approx(adjusted(frame["p"].to_numpy(), dependent=how == "by").tolist())
    assert frames["bh"]["q"].min() < frames["by"]["q"].min() < 0.1
