"""The edges of tables and of what the page is told."""

from __future__ import annotations

from typing import Any

import pytest
from view_sample import marked, realistic

from kg.model import PlaceLevel
from kg.model.iri import derived_iri
from kg.view import PracticeGraph, practice_graph, table_rows
from kg.view.assemble import ConceptLabel
from kg.view.picture.focus import focus
from kg.view.picture.page_data import page_data
from kg.view.table import statement_rows

TEMPLATE = "{organisers:司法局}在{region:双福街道}开设“{programme:板凳课堂}”，采取{formats:圆桌议事会}，{outcomes:举办1234567场}"
PATH = ("重庆市", "江津区", "双福街道")


def one(**facts: Any) -> tuple[Any, str]:
    return marked(TEMPLATE, **({"file": "a.txt", "path": PATH} | facts))


def test_large_and_fine_numbers_are_written_whole() -> None:
    record, text = one()
    practice = record.practices[0]
    fine = practice.outcomes[0].model_copy(update={"value": 0.123456789})
    other = record.model_copy(update={"practices": (practice.model_copy(update={"outcomes": (fine,)}),)})
    for told, written in ((record, "1234567"), (other, "0.123456789")):
        rows = list(statement_rows(practice_graph([(told, text)])))
        assert [row["value"] for row in rows if row["slot"] == "outcomes"] == [written]


def test_a_zone_stands_in_the_column_of_counties_wherever_it_lies() -> None:
    record, text = marked("{region:两江新区}开设“{programme:板凳课堂}”", file="a.txt", path=("重庆市", "两江新区"))
    levels = (
        PlaceLevel(name="重庆市", level="province", stated=True),
        PlaceLevel(name="两江新区", level="zone", stated=True),
    )
    regions = tuple(region.model_copy(update={"levels": levels}) for region in record.regions)
    (row,) = table_rows(practice_graph([(record.model_copy(update={"regions": regions}), text)]))
    assert (row["province"], row["prefecture"], row["county"]) == ("重庆市", "", "两江新区")


def test_the_articles_that_also_say_it_are_the_others() -> None:
    rows = list(statement_rows(practice_graph(realistic())))
    also = [(row["file"], row["also_in"].split("；")) for row in rows if row["also_in"]]
    assert also and all(file not in others for file, others in also)
    assert any(not row["also_in"] for row in rows)


@pytest.fixture(scope="module")
def graph() -> PracticeGraph:
    """One practice, of which two articles say the same concept in other words."""
    concepts = dict.fromkeys(("圆桌议事会", "议事圆桌"), derived_iri("concept/format", "圆桌议事"))
    again = marked(TEMPLATE.replace("圆桌议事会", "议事圆桌"), file="b.txt", path=PATH, concepts=concepts)
    return practice_graph([one(concepts=concepts), again])


def test_the_label_of_a_concept_stands_behind_the_words_of_the_article() -> None:
    concept = derived_iri("concept/format", "圆桌议事")
    told = one(concepts={"圆桌议事会": concept})
    (row,) = table_rows(practice_graph([told], labels={concept: ConceptLabel("圆桌议事")}))
    assert (row["formats"], row["organisers"]) == ("圆桌议事会（圆桌议事）", "司法局")


@pytest.fixture(scope="module")
def things(graph: PracticeGraph) -> dict[str, dict[str, Any]]:
    """What the page is told of each node, by its label."""
    plain = page_data(graph, focus(graph)).plain
    for thing in plain["things"]:
        thing["stands in"] = plain["things"][thing["at"]]["l"] if "at" in thing else None
    return {str(thing["l"]): thing for thing in plain["things"]}


def test_organisations_and_figures_stand_at_their_county(things: dict[str, dict[str, Any]]) -> None:
    where = {thing["k"]: thing["stands in"] for thing in things.values()}
    # COUNTY_DEPTH levels down: the deepest place where a municipality has one level less.
    assert where["organisation"] == where["outcome"] == "双福街道"
    assert where["format"] is None and where["region"] is None


def test_a_thing_is_found_by_all_words_that_articles_have_for_it(things: dict[str, dict[str, Any]]) -> None:
    (words,) = [thing["w"] for thing in things.values() if thing["k"] == "format"]
    assert words == "议事圆桌"  # its label is 圆桌议事会, the words met first
    assert "w" not in things["司法局"]
