"""The shapes refuse what is wrong, and the fast engine says the same as pySHACL."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyshacl
import pytest
import rdflib
from sample_records import sample

from kg.graph.rdf.mapping import map_article
from kg.graph.rdf.shapes import Shapes, shapes_turtle

TEXT = map_article(*sample(1)).ntriples(places=True)
GP = "https://practice-graph.example/ontology#"


def without(predicate: str) -> Callable[[str], str]:
    return lambda text: "".join(line for line in text.splitlines(True) if f"{predicate}>" not in line)


def instead(pattern: str, replacement: str) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, replacement, text)


def twice(predicate: str, other: str) -> Callable[[str], str]:
    """A second value for the property of the first node that has it."""

    def change(text: str) -> str:
        line = next(line for line in text.splitlines() if f"{predicate}>" in line)
        subject, name, _ = line.split(" ", 2)
        return f"{text}{subject} {name} {other} .\n"

    return change


BREACHES = {
    "practice without a label": without("core#prefLabel"),
    "practice without an article": without("#reportedIn"),
    "planned is no boolean": instead(r'(#planned> ")\w+"\^\^<[^>]+>', r'\1maybe"'),
    "outcome without a number": without("qudt/numericValue"),
    "outcome with two numbers": twice("qudt/numericValue", '"7"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
    "unknown comparator": instead("#MoreThan", "#Roughly"),
    "unknown modality": instead("#Achieved", "#Dreamt"),
    "date of an unknown role": instead("#Start>", "#Finish>"),
    "invalid first day": instead('#firstDay> "2024-03-01"', '#firstDay> "2024-13-01"'),
    "unknown level": instead("#Township", "#Galaxy"),
    "region within two": twice("#within", f"<{GP}nowhere>"),
    "article hash that is none": instead(r'#contentHash> "[0-9a-f]{64}"', '#contentHash> "abc"'),
    "publication date in words": instead(r'datePublished> "[^"]+"\^\^<[^>]+>', 'datePublished> "soon"'),
    "publisher without a label": instead(r"<[^>]+/publisher/\w+> <[^>]+prefLabel> [^\n]+\n", ""),
    "evidence without a rule": without("#rule"),
    "confidence above 1": instead('#confidence> "1"', '#confidence> "1.5"'),
    "evidence with one selector": instead(r"<[^>]+> <[^>]+oa#hasSelector> <[^>]+#q\d+-\d+> \.\n", ""),
    "end before start": instead(r'(#t\d+-\d+> <[^>]+oa#end> ")\d+', r"\g<1>0"),
    "quotation without words": without("oa#exact"),
    "unknown source unit": instead('#sourceUnit> "text"', '#sourceUnit> "furlong"'),
    "candidate for nothing": without("#candidateFor"),
    "feature that is no concept": instead(r"(#format> )<[^>]+>", r'\1"夜校"'),
    "code of strange signs": instead(r'(notation> ")\d+"', r'\1 ? "'),
}


def oracle(text: str) -> set[tuple[str, str]]:
    data = rdflib.Graph().parse(data=text, format="nt")
    shapes = rdflib.Graph().parse(data=shapes_turtle(), format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    return {
        (str(report.value(result, sh.focusNode)), str(report.value(result, sh.resultPath)))
        for result in report.subjects(rdflib.RDF.type, sh.ValidationResult)
    }


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes()


def test_a_good_graph_conforms_for_both_engines(shapes: Shapes) -> None:
    assert shapes.check_ntriples(TEXT) == []
    assert oracle(TEXT) == set()


@pytest.mark.parametrize("name", BREACHES)
def test_each_breach_is_found_as_pyshacl_finds_it(name: str, shapes: Shapes) -> None:
    text = BREACHES[name](TEXT)
    assert text != TEXT
    found = shapes.check_ntriples(text)
    assert found, name
    assert {(v.focus.strip("<>"), (v.path or "").strip("<>")) for v in found} == oracle(text)


@pytest.mark.parametrize("unit", ["text", "paragraph", "page", "row", "title"])
def test_every_unit_that_the_readers_count_in_conforms(unit: str, shapes: Shapes) -> None:
    assert shapes.check_ntriples(instead('#sourceUnit> "text"', f'#sourceUnit> "{unit}"')(TEXT)) == []


def test_messages_are_in_both_languages(shapes: Shapes) -> None:
    (breach,) = {v.messages for v in shapes.check_ntriples(BREACHES["unknown modality"](TEXT))}
    assert any("实现状态" in message for message in breach) and any("modality" in message for message in breach)


def test_there_is_a_shape_for_every_class_that_is_written() -> None:
    data = rdflib.Graph().parse(data=TEXT, format="nt")
    shapes = rdflib.Graph().parse(data=shapes_turtle(), format="turtle")
    targets = set(shapes.objects(None, rdflib.URIRef("http://www.w3.org/ns/shacl#targetClass")))
    agents = {
        rdflib.URIRef("http://xmlns.com/foaf/0.1/Agent"),
        rdflib.URIRef(GP + "Venue"),
        rdflib.URIRef(GP + "Channel"),
    }
    assert set(data.objects(None, rdflib.RDF.type)) - targets - agents == set()


def test_every_term_of_ours_that_is_written_is_in_the_ontology() -> None:
    from kg.graph.rdf.shapes import ontology_turtle

    ontology = rdflib.Graph().parse(data=ontology_turtle(), format="turtle")
    used = set(re.findall(rf"<{re.escape(GP)}(\w+)>", TEXT + shapes_turtle()))
    known = {str(s).removeprefix(GP) for s in ontology.subjects()}
    assert used - known == set()
