"""The graphs that no article makes: ontology, concept schemes, regions, the index of graphs, the data set."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, RdfFormat, parse

from kg.errors import UsageError
from kg.graph.rdf.ntriples import lines, ntriples
from kg.graph.rdf.shapes import Shapes, ontology_turtle
from kg.graph.rdf.terms import PREFIXES, Terms
from kg.knowledge.vocabulary.turtle import turtle_text
from kg.model.iri import BASE, derived_iri
from kg.model.labels import order

__all__ = [
    "DATASET",
    "GAZETTEER",
    "INDEX",
    "ONTOLOGY",
    "RUNS",
    "dataset_graph",
    "index_graph",
    "own_schemes",
    "packaged_schemes",
    "scheme_graphs",
    "subjects",
]

ONTOLOGY, GAZETTEER, INDEX, DATASET, RUNS = (
    f"{BASE}graph/{name}" for name in ("ontology", "gazetteer", "index", "dataset", "runs")
)
"""IRIs of the fixed graphs under the default base. RUNS is the only one that holds times."""


_OWN = re.compile(r"/graph/vocabulary/[0-9a-f]{20}>?$")
"""``scheme_graphs`` names a vocabulary of the user's after its content, the product's own after their files."""


def scheme_graphs(files: Sequence[Path], terms: Terms, shapes: Shapes) -> dict[str, str]:
    """Graph → N-Triples of the ontology, the product's concept schemes and the user's.

    Raises
    ------
    UsageError : a file of the user's cannot be read, is not UTF-8 or not Turtle, or a concept in it has no label.
    """
    graphs = {terms.iri(ONTOLOGY): _canonical(ontology_turtle(terms.base), ONTOLOGY, "ontology.ttl")}
    graphs |= packaged_schemes(terms.base)
    for file in files:
        turtle = turtle_text(file).replace(BASE, terms.base)
        name = derived_iri("graph/vocabulary", hashlib.sha256(turtle.encode("utf-8")).hexdigest())
        text = _canonical(turtle, name, str(file))
        breaches = shapes.check_ntriples(text)
        if breaches:
            raise UsageError(
                f"the vocabulary does not conform: {breaches[0]}", where=str(file), remedy="give each concept a label"
            )
        graphs[terms.iri(name)] = _labelled(text)
    return graphs


def _labelled(text: str) -> str:
    """N-Triples in which every concept with a label has one in plain ``zh``: it is what queries ask for."""
    relation = NamedNode(PREFIXES["skos"] + "prefLabel")
    labels: dict[str, list[tuple[int, str]]] = defaultdict(list)
    plain = set()
    for triple in parse(text.encode("utf-8"), format=RdfFormat.N_TRIPLES):
        if triple.predicate == relation and isinstance(triple.object, Literal):
            node, label = str(triple.subject), triple.object
            labels[node].append(order(label.value, label.language))
            if label.language == "zh":
                plain.add(node)
    added = [
        f"{node} {relation} {Literal(min(told)[1], language='zh')} ."
        for node, told in labels.items()
        if node not in plain
    ]
    return "".join(f"{line}\n" for line in sorted([*lines(text), *added]))


def own_schemes(graphs: Iterable[str]) -> list[str]:
    """Those of the graphs that hold a vocabulary of the user's."""
    return [graph for graph in graphs if _OWN.search(graph)]


def subjects(text: str) -> set[str]:
    """What a vocabulary (N-Triples) speaks of by name."""
    return {line.split(" ", 1)[0] for line in text.split("\n") if line and "/genid/" not in line.split(" ", 1)[0]}


@cache
def packaged_schemes(base: str) -> dict[str, str]:
    """Graph → N-Triples of the product's own concept schemes, under a base."""
    terms, graphs = Terms(base), {}
    folder = resources.files("kg.knowledge").joinpath("vocabulary")
    for entry in sorted(folder.iterdir(), key=lambda e: e.name) if folder.is_dir() else []:
        if entry.name.endswith(".ttl"):
            name = f"{BASE}graph/vocabulary/{entry.name.removesuffix('.ttl')}"
            turtle = entry.read_text(encoding="utf-8").replace(BASE, base)
            graphs[terms.iri(name)] = _canonical(turtle, name, entry.name)
    return graphs


def _canonical(turtle: str, graph: str, where: str) -> str:
    """Turtle as sorted N-Triples, with IRIs that are the same in every run in place of blank nodes."""
    try:
        data = Dataset(parse(turtle.encode("utf-8"), format=RdfFormat.TURTLE))
    except SyntaxError as error:
        raise UsageError(f"this is not Turtle: {error}", where=where, remedy="correct the file") from error
    data.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)

    def name(term: object) -> str:
        if isinstance(term, BlankNode):
            return f"<{derived_iri('genid', graph, term.value)}>"
        return str(term)

    return ntriples((name(q.subject), name(q.predicate), name(q.object)) for q in data)


def index_graph(hashes: Mapping[str, str], terms: Terms) -> str:
    """N-Triples that say which graphs there are, and the hash of each."""
    return ntriples((graph, terms.name("gp:graphHash"), terms.text(digest)) for graph, digest in hashes.items())


def dataset_graph(articles: int, terms: Terms) -> str:
    """N-Triples that describe the data set as a whole."""
    node = terms.iri(f"{BASE}dataset")
    return ntriples(
        [
            (node, terms.name("rdf:type"), terms.name("void:Dataset")),
            (node, terms.name("rdf:type"), terms.name("dcat:Dataset")),
            (node, terms.name("dcterms:title"), terms.text("Practice graph", "en")),
            (node, terms.name("dcterms:title"), terms.text("实践图谱", "zh")),
            (node, terms.name("void:vocabulary"), terms.iri(f"{BASE}ontology")),
            (node, terms.name("void:documents"), terms.typed(str(articles), "integer")),
        ]
    )
