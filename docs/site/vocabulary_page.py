"""The reference of the vocabulary, from the ontology and the concept schemes."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

from kg.graph.rdf.shapes import ontology_turtle
from kg.model.iri import GP

__all__ = ["vocabulary_markdown"]

_PREFIXES = {
    GP: "gp:",
    str(SKOS): "skos:",
    "https://schema.org/": "schema:",
    "http://www.w3.org/ns/org#": "org:",
    "http://xmlns.com/foaf/0.1/": "foaf:",
    "http://www.w3.org/ns/oa#": "oa:",
    "http://www.w3.org/ns/prov#": "prov:",
    "http://www.w3.org/2001/XMLSchema#": "xsd:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://purl.org/dc/terms/": "dcterms:",
}
_KINDS = ((OWL.ObjectProperty, "thing"), (OWL.DatatypeProperty, "literal"), (RDF.Property, "either"))


def vocabulary_markdown() -> str:
    """Classes, properties and individuals of ``ontology.ttl``, and the concept schemes with their sizes."""
    ontology = Graph().parse(data=ontology_turtle(), format="turtle")
    lines = [
        "# Vocabulary",
        "",
        f"Generated from `kg/graph/rdf/ontology.ttl`. The prefix `gp:` is `{GP}`; what has a standard uses it",
        "(SKOS, Dublin Core, schema.org, ORG, Web Annotation, PROV).",
        "",
        "## Classes",
        "",
        "| class | 中文 | what | below |",
        "| --- | --- | --- | --- |",
        *_classes(ontology),
        "",
        "## Properties",
        "",
        "| property | 中文 | from | to | what |",
        "| --- | --- | --- | --- | --- |",
        *_properties(ontology),
        "",
        "## Fixed values",
        "",
        "| value | 中文 | English | of |",
        "| --- | --- | --- | --- |",
        *_individuals(ontology),
        "",
        "## Concept schemes",
        "",
        "| file | concepts | at the top |",
        "| --- | --- | --- |",
        *_schemes(),
    ]
    return "\n".join(lines) + "\n"


def _classes(ontology: Graph) -> Iterator[str]:
    for term in sorted(ontology.subjects(RDF.type, OWL.Class)):
        above = ", ".join(_short(each) for each in sorted(ontology.objects(term, RDFS.subClassOf)))
        yield f"| {_short(term)} | {_label(ontology, term, 'zh')} | {_comment(ontology, term)} | {above} |"


def _properties(ontology: Graph) -> Iterator[str]:
    terms = {term: kind for of, kind in reversed(_KINDS) for term in ontology.subjects(RDF.type, of)}
    for term in sorted(terms):
        domain = ", ".join(_short(each) for each in sorted(ontology.objects(term, RDFS.domain))) or "any"
        target = ", ".join(_short(each) for each in sorted(ontology.objects(term, RDFS.range))) or terms[term]
        said = f"{_label(ontology, term, 'zh')} | {domain} | {target} | {_comment(ontology, term)}"
        yield f"| {_short(term)} | {said} |"


def _individuals(ontology: Graph) -> Iterator[str]:
    classes = set(ontology.subjects(RDF.type, OWL.Class)) | {SKOS.ConceptScheme}
    for kind in sorted(classes):
        for term in sorted(ontology.subjects(RDF.type, kind)):
            zh, en = _label(ontology, term, "zh"), _label(ontology, term, "en")
            yield f"| {_short(term)} | {zh} | {en} | {_short(kind)} |"


def _schemes() -> Iterator[str]:
    folder = resources.files("kg.knowledge").joinpath("vocabulary")
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.name.endswith(".ttl"):
            scheme = Graph().parse(data=entry.read_text(encoding="utf-8"), format="turtle")
            concepts = set(scheme.subjects(RDF.type, SKOS.Concept))
            top = sorted(_preferred(scheme, each) for each in concepts if (each, SKOS.broader, None) not in scheme)
            shown = "、".join(top[:12]) + ("…" if len(top) > 12 else "")
            yield f"| `{entry.name}` | {len(concepts)} | {shown} |"


def _preferred(scheme: Graph, concept: object) -> str:
    labels = {each.language: str(each) for each in scheme.objects(concept, SKOS.prefLabel)}  # type: ignore[arg-type,attr-defined]
    return labels.get("zh") or labels.get("en") or str(concept)


def _label(ontology: Graph, term: object, language: str) -> str:
    return next((str(each) for each in ontology.objects(term, RDFS.label) if each.language == language), "")  # type: ignore[arg-type,attr-defined]


def _comment(ontology: Graph, term: object) -> str:
    return str(ontology.value(term, RDFS.comment) or "")  # type: ignore[arg-type]


def _short(term: object) -> str:
    iri = str(term) if isinstance(term, URIRef) else ""
    for space, prefix in _PREFIXES.items():
        if iri.startswith(space):
            return f"`{prefix}{iri[len(space) :]}`"
    return f"`{term}`"
