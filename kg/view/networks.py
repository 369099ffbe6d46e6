"""The graph for other network programs: networkx in Python, GraphML and GEXF as files."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kg.view.graph import Edge, Evidence, PracticeGraph
from kg.view.table import SEPARATOR

if TYPE_CHECKING:
    import networkx

__all__ = ["gexf_bytes", "graphml_bytes", "networkx_graph"]

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold."""


def networkx_graph(graph: PracticeGraph) -> networkx.MultiDiGraph:
    """A ``MultiDiGraph``: node ids are IRIs, edge keys are relations.

    Nodes have ``kind`` (region, practice, format, audience, topic, organisation, outcome), ``label``, ``label_en`` and their
    details (level, code, path of regions; value, unit, comparator, what, modality of outcomes; place, planned, named, and
    where told venues and channels, joined by ；, of practices). Places and concepts are there with all above them.

    Edges have ``relation`` (region, within, part_of, broader, or a slot in the singular: format, organiser …), ``weight``
    (number of different sentences that say it; one that several articles print counts once; at least 1) and ``evidence``: a
    list of dictionaries with words, start, end (in the clean text), sentence, sentence_start, sentence_end, articles
    (IRIs), file, title, publisher, published, rule, confidence and inferred.
    """
    import networkx

    made = networkx.MultiDiGraph(name="practice graph")
    for node in (*graph.nodes, *graph.above):
        attributes: dict[str, Any] = {"kind": node.kind, "label": node.label, **node.detail}
        if node.label_en:
            attributes["label_en"] = node.label_en
        practice = graph.practice_by_id.get(node.id)
        if practice:
            attributes |= {"place": practice.place, "planned": practice.planned, "named": practice.named}
            told = {slot: [item.text for item in practice.slot(slot)] for slot in ("venues", "channels")}
            attributes |= {slot: SEPARATOR.join(dict.fromkeys(texts)) for slot, texts in told.items() if texts}
        made.add_node(node.id, **attributes)
    for edge in (*graph.edges, *_broader(graph)):
        said = [_told(graph, item) for item in edge.evidence]
        made.add_edge(
            edge.source, edge.target, key=edge.relation, relation=edge.relation, weight=max(1, len(said)), evidence=said
        )
    return made


def _broader(graph: PracticeGraph) -> Iterator[Edge]:
    """The edges from the concepts to those above them."""
    known = {*graph.node_by_id, *(node.id for node in graph.above)}
    for node in (*graph.nodes, *graph.above):
        if node.kind != "region" and node.parent in known:
            yield Edge(node.id, node.parent or "", "broader")


def _told(graph: PracticeGraph, item: Evidence) -> dict[str, Any]:
    article = graph.article_by_id[item.articles[0]]
    return {
        "words": item.words,
        "start": item.start,
        "end": item.end,
        "sentence": item.sentence,
        "sentence_start": item.sentence_start,
        "sentence_end": item.sentence_end,
        "articles": list(item.articles),
        "file": article.file,
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published,
        "rule": item.rule,
        "confidence": item.confidence,
        "inferred": item.inferred,
    }


def _flat(graph: PracticeGraph) -> networkx.MultiDiGraph:
    """The graph with attributes that XML formats can hold: evidence as JSON and, for readers, its sentences as text."""
    import networkx

    full = networkx_graph(graph)
    flat = networkx.MultiDiGraph(name="practice graph")
    for node, attributes in full.nodes(data=True):
        flat.add_node(_clean(node), **{name: _clean(value) for name, value in attributes.items()})
    for number, (source, target, _, attributes) in enumerate(full.edges(keys=True, data=True)):
        said = attributes["evidence"]
        flat.add_edge(
            _clean(source),
            _clean(target),
            # GEXF wants an id for each edge, unique in the file.
            key=str(number),
            id=str(number),
            relation=attributes["relation"],
            weight=float(attributes["weight"]),
            sentences=_clean("\n".join(item["sentence"] for item in said)),
            evidence=_clean(json.dumps(said, ensure_ascii=False)),
        )
    return flat


def _clean(value: Any) -> Any:
    return _FORBIDDEN.sub("\ufffd", value) if isinstance(value, str) else value


def graphml_bytes(graph: PracticeGraph) -> bytes:
    """GraphML (UTF-8) for Gephi, yEd, Cytoscape, igraph."""
    import networkx

    written = io.BytesIO()
    networkx.write_graphml_xml(_flat(graph), written, encoding="utf-8", prettyprint=True)
    return written.getvalue()


def gexf_bytes(graph: PracticeGraph) -> bytes:
    """GEXF 1.2 (UTF-8) for Gephi."""
    import networkx

    written = io.BytesIO()
    networkx.write_gexf(_flat(graph), written, encoding="utf-8", version="1.2draft")
    # networkx dates the file with today: the same graph would be another file tomorrow.
    return re.sub(rb' lastmodifieddate="[^"]*"', b"", written.getvalue(), count=1)
