"""The runs: what made the graphs, and when. The only place of the store where times stand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import kg
from kg.graph.rdf.ntriples import ntriples
from kg.graph.rdf.terms import Terms
from kg.model.iri import BASE, derived_iri

__all__ = ["run_graph"]


def run_graph(
    *,
    terms: Terms,
    config: str,
    started: datetime,
    generation: str,
    written: Iterable[str],
    withdrawn: Iterable[str],
    articles: int,
) -> str:
    """N-Triples of one run as ``prov:Activity``, with the graphs that it wrote and withdrew."""
    t, name = terms, terms.name
    run = t.iri(derived_iri("run", config, started.isoformat(), generation))
    agent = t.iri(f"{BASE}agent/kg-{kg.__version__}")
    ended = datetime.now(UTC)
    triples = [
        (run, name("rdf:type"), name("prov:Activity")),
        (run, name("prov:startedAtTime"), t.typed(_instant(started), "dateTime")),
        (run, name("prov:endedAtTime"), t.typed(_instant(ended), "dateTime")),
        (run, name("prov:wasAssociatedWith"), agent),
        (run, name("gp:configHash"), t.text(config)),
        (run, name("gp:articles"), t.count(articles)),
        (agent, name("rdf:type"), name("prov:SoftwareAgent")),
        (agent, name("skos:prefLabel"), t.text(f"kg {kg.__version__}")),
    ]
    triples += [(graph, name("prov:wasGeneratedBy"), run) for graph in written]
    triples += [(graph, name("prov:wasInvalidatedBy"), run) for graph in withdrawn]
    return ntriples(triples)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
