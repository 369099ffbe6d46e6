"""One slot has one name in Chinese wherever a reader meets it: tables, codebook, exported page, served page, ontology."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDFS, Graph, URIRef

from kg.graph.rdf.values import PROPERTIES
from kg.model.iri import BASE
from kg.model.shown import LABELS

KG = Path(__file__).resolve().parents[2] / "kg"
ONTOLOGY = PROPERTIES | {"region": "gp:region", "outcomes": "gp:outcome", "dates": "gp:date"}


def toml(name: str) -> dict[str, Any]:
    return tomllib.loads((KG / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(KG / "graph" / "rdf" / "ontology.ttl")


def test_the_tables_and_their_codebook() -> None:
    headings = {each["id"]: each["zh"] for each in toml("view/columns.toml")["table"]}
    fields = [field for section in toml("release/codebook.toml")["section"] for field in section["field"]]
    for slot, label in LABELS.items():
        assert headings["district" if slot == "region" else slot] == label
        assert {field["zh"] for field in fields if field["name"] == slot and "zh" in field} <= {label}


def test_the_exported_page() -> None:
    words = toml("view/picture/page/words.toml")["zh"]
    assert {slot: words[f"slot_{slot}"] for slot in LABELS} == LABELS


def test_the_served_page() -> None:
    script = (KG / "serve" / "page" / "words.js").read_text(encoding="utf-8")
    assert {slot: re.search(rf'^  {slot}: \["(.+?)"', script, re.MULTILINE)[1] for slot in LABELS} == LABELS


@pytest.mark.parametrize("slot", ONTOLOGY)
def test_the_ontology(slot: str, ontology: Graph) -> None:
    property_ = URIRef(BASE + "ontology#" + ONTOLOGY[slot].removeprefix("gp:"))
    assert LABELS[slot] in {str(each) for each in ontology.objects(property_, RDFS.label)}
