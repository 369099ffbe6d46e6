"""A concept that the vocabulary knows and no practice has: an empty answer that says so, not an error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sample_records import sample, scheme
from typer.testing import CliRunner, Result

import kg
from kg.cli.main import app
from kg.compare import ComparedGraph, open_graph
from kg.errors import UsageError
from kg.graph.build import build
from kg.graph.intake import Item

OWN = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix scheme: <https://practice-graph.example/vocab/> .
@prefix format: <https://practice-graph.example/vocab/format/> .
@prefix unit: <https://practice-graph.example/vocab/unit/> .
format:raft-talk a skos:Concept ; skos:prefLabel "Raft talk"@en, "木筏讲堂"@zh ; skos:altLabel "筏上课"@zh ;
    skos:inScheme scheme:activity .
<http://own.example/moonlit> a skos:Concept ; skos:prefLabel "月下筏讲"@zh ; skos:broader format:raft-talk .
unit:raft a skos:Concept ; skos:prefLabel "筏"@zh ; skos:inScheme scheme:unit .
"""
NAMES = ("木筏讲堂", "筏上课", "raft talk", "format/raft-talk", "月下筏讲", "http://own.example/moonlit")
"""Labels, an alternative, English, the end of an IRI; a researcher's own concept below one of the schemes."""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two articles whose vocabulary has what no practice has."""
    folder = tmp_path_factory.mktemp("unused")
    (folder / "used.ttl").write_text(scheme(), encoding="utf-8")
    (folder / "own.ttl").write_text(OWN, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.graph.rdf.fixed.packaged_schemes", lambda base: {})
        build(
            lambda archive, kept: [Item(*sample(n)) for n in (4, 5)],
            folder / "store",
            vocabularies=[folder / "used.ttl", folder / "own.ttl"],
        )
    return folder / "store"


def asked(known: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["query", *arguments, "--store", str(known)])


@pytest.mark.parametrize("verb", ["practices", "spread", "outcomes", "coverage", "similar", "evidence"])
def test_a_known_concept_that_no_practice_has_gives_an_empty_answer(verb: str, known: Path) -> None:
    words = ("--format", "筏上课") if verb == "practices" else ("筏上课",)
    said = asked(known, verb, *words)
    assert said.exit_code == 0, said.exception
    assert "* no practice has 筏上课" in said.stdout
    assert "0 of 0" not in said.stdout and "0.0" not in said.stdout and "0 articles" not in said.stdout
    told = asked(known, verb, *words, "--as", "json")
    rows = json.loads(told.stdout)
    assert (rows if isinstance(rows, list) else rows["rows"]) == []
    assert "no practice has 筏上课" in told.output  # what is a list has no room for it: on standard error


@pytest.mark.parametrize("name", NAMES)
def test_it_may_be_named_by_any_label_and_by_its_iri(name: str, known: Path) -> None:
    with open_graph(known) as graph:
        assert graph.practices(format=name).attrs["notes"] == (f"no practice has {name}",)
        assert graph.evidence(name).empty
        assert _notes(graph, name) == f"no practice has {name}"
        assert graph.similar(name).notes[0].startswith(f"no practice has {name}")


def test_a_format_is_no_audience_and_no_topic(known: Path) -> None:
    with open_graph(known) as graph:
        assert graph.practices(format="木筏讲堂").empty
        for words in ({"audience": "木筏讲堂"}, {"topic": "木筏讲堂"}, {"format": "筏"}):  # the last is a unit
            with pytest.raises(UsageError, match="is called"):
                graph.practices(**words)


@pytest.mark.parametrize("verb", ["practices", "spread", "outcomes", "coverage", "similar", "evidence"])
def test_a_word_that_nobody_knows_is_an_error_with_the_nearest(verb: str, known: Path) -> None:
    said = asked(known, verb, *(("--format", "圆桌议会") if verb == "practices" else ("圆桌议会",)))
    assert isinstance(said.exception, UsageError) and said.exception.exit_code == 2
    assert "圆桌议会" in str(said.exception) and said.stdout == ""
    if verb != "similar":  # which tells of practices of a near name
        assert "did you mean 圆桌议事" in str(said.exception)


def test_a_format_is_no_audience_though_the_vocabulary_knows_it(known: Path) -> None:
    said = asked(known, "practices", "--audience", "木筏讲堂")
    assert isinstance(said.exception, UsageError) and "no audience is called" in str(said.exception)


def test_in_python_the_line_stands_with_the_frame(known: Path) -> None:
    with open_graph(known) as graph:
        frame = graph.practices(format="木筏讲堂")
        assert frame.empty and "label" in frame and frame.attrs["notes"] == ("no practice has 木筏讲堂",)
        assert not graph.practices(format="送学上门").attrs
        with kg.open(known) as shown:
            assert "no practice has 木筏讲堂" in shown.practices(format="木筏讲堂")._repr_html_()
        both = graph.practices(region="浙江省", format="圆桌议事")
        assert both.empty and both.attrs["notes"] == ("no practice has all that was asked for",)


def test_what_is_left_is_compared_and_the_rest_named(known: Path) -> None:
    with open_graph(known) as graph:
        left = graph.similar("木筏讲堂 for 网格员", top=None)
        alone = graph.similar("网格员 for 网格员", top=None)
    assert "no practice has 木筏讲堂 as format, audience or topic" in left.notes
    assert list(left.frame["label"]) == list(alone.frame["label"]) != []


def test_words_and_units_of_which_none_has_all_are_told(known: Path) -> None:
    with open_graph(known) as graph:
        assert _notes(graph, "送学上门", "网格员") == "no practice has all of 送学上门、网格员"
        assert _notes(graph, "木筏讲堂", "网格员") == "no practice has 木筏讲堂"
        assert _notes(graph, "网格员").startswith("rests on")
        answer = graph.outcomes(unit="筏")
        assert len(answer) == 0 and answer.notes[0] == "no figure of these practices is counted in 筏"
        assert graph.outcomes("木筏讲堂", unit="人次").frame.empty
        with pytest.raises(UsageError, match="use one of 人次"):
            graph.outcomes(unit="光年")


def _notes(graph: ComparedGraph, *words: str) -> str:
    return graph.coverage(*words).notes[0]
