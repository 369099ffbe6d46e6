"""Two engines, one answer: every query of the catalogue on rdflib and on Oxigraph, over generated graphs."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store
from sample_records import AUDIENCES, FORMATS, PLACES, concept, sample, scheme

from kg.graph.rdf.mapping import article_iri, map_article
from kg.model import ArticleRecord, Outcome, Practice, Value
from kg.model.iri import derived_iri
from kg.query import named_queries
from kg.query.guard import prefixes

QUERIES = named_queries()
ODD = ['引"号', "反\\斜", "换\n行", "空 格", "表\t格", "𠮷野", "e\u0301", "a'b", "<b>", "\u2028行"]
UNITS = ["人次", "期", "册", "名"]


def graph(seed: int, articles: int) -> str:
    """N-Triples of some articles whose practices differ in all that queries look at."""
    chance = random.Random(seed)
    drafts = [_varied(sample(n, place=chance.randrange(5)), n, chance) for n in range(articles)]
    record, text = drafts[0]
    drafts.append((record.model_copy(update={"file": "repost.txt", "duplicate_of": record.file}), text))
    files = {record.file: article_iri(record.file, record.content_hash) for record, _ in drafts}
    lines: set[str] = set()
    for record, text in drafts:
        lines |= set(map_article(record, text, articles=files).ntriples(places=True).split("\n"))
    store = Store()
    store.load(scheme().encode("utf-8"), format=RdfFormat.TURTLE)
    lines |= {f"{quad.triple} ." for quad in store}
    return "".join(f"{line}\n" for line in sorted(lines - {""}))


def _varied(pair: tuple[ArticleRecord, str], number: int, chance: random.Random) -> tuple[ArticleRecord, str]:
    record, text = pair
    whole, part = record.practices

    def other(value: Value, kind: str, labels: list[str]) -> Value:
        # The words of the text stay; what concept they are is drawn anew.
        return value.model_copy(update={"concept": concept(kind, chance.choice(labels))})

    def some(values: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(value for value in values if chance.random() < 0.8)

    odd = derived_iri("candidate", chance.choice(ODD))
    outcomes = tuple(_outcome(whole.outcomes[0], chance) for _ in range(chance.randrange(4)))
    changed = whole.model_copy(
        update={
            "formats": some(tuple(other(v, "format", FORMATS) for v in whole.formats)),
            "audiences": some(tuple(other(v, "audience", AUDIENCES) for v in whole.audiences)),
            "topics": some(tuple(v.model_copy(update={"concept": odd}) for v in whole.topics)),
            "organisers": some(whole.organisers),
            "partners": some(whole.partners),
            "outcomes": outcomes,
            "dates": some(whole.dates),
            "planned": chance.random() < 0.3,
            "region": whole.region if chance.random() < 0.9 else None,
            # Now and then two articles tell of one practice.
            "identity": derived_iri("practice", str(chance.randrange(6))),
        }
    )
    practices: tuple[Practice, ...] = (changed, part) if chance.random() < 0.7 else (changed,)
    regions = record.regions
    if chance.random() < 0.2:  # resolution abstained
        regions = tuple(r.model_copy(update={"path": None, "levels": ()}) for r in regions)
    publisher = chance.choice(["晨光县融媒体中心", chance.choice(ODD), None])
    update = {"practices": practices, "regions": regions, "publisher": publisher, "file": f"{number:03d}.txt"}
    return record.model_copy(update=update), text


def _outcome(outcome: Outcome, chance: random.Random) -> Outcome:
    return outcome.model_copy(
        update={
            "value": chance.choice([0.0, 1.0, 1.5, 100.0, 1008000.0, float(chance.randrange(50))]),
            "unit": chance.choice(UNITS),
            "what": chance.choice(["参加", "听课", None]),
            "modality": chance.choice(["achieved", "planned", "quoted"]),
            "comparator": chance.choice(["=", ">", "<", "~"]),
        }
    )


def filled(name: str) -> list[dict[str, str]]:
    """No values; some of the graph's; one that is nowhere; one that would like to be more than a value."""
    names = QUERIES[name].parameters
    tried = {
        "region": [PLACES[0][0], PLACES[1][2]],
        "measure": UNITS[:1],
        "practice_name": ["晨光学堂1号"],
    }
    found: list[dict[str, str]] = [{}]
    for key in names:
        found += [{key: value} for value in [*tried[key], "无此", '"} #']]
    return found


def of_oxigraph(store: Store, text: str) -> tuple[list[str], Counter[tuple[str, ...]]]:
    found = store.query(text, prefixes=prefixes())
    assert isinstance(found, QuerySolutions)
    names = sorted(variable.value for variable in found.variables)
    return names, Counter(tuple(_ours(row[name]) for name in names) for row in found)


def of_rdflib(data: rdflib.Graph, text: str) -> tuple[list[str], Counter[tuple[str, ...]]]:
    found = data.query(text, initNs=prefixes())
    names = sorted(str(variable) for variable in found.vars or [])
    rows: list[Any] = list(found)
    return names, Counter(tuple(_theirs(row[rdflib.Variable(name)]) for name in names) for row in rows)


def _ours(term: Any) -> str:
    if isinstance(term, Literal):
        return _literal(term.value, term.datatype.value, term.language)
    return "" if term is None else f"<{term.value}>" if isinstance(term, NamedNode) else str(term)


def _theirs(term: Any) -> str:
    if isinstance(term, rdflib.Literal):
        kind = term.datatype or (rdflib.RDF.langString if term.language else rdflib.XSD.string)
        return _literal(str(term), str(kind), term.language)
    return "" if term is None else f"<{term}>"


def _literal(lexical: str, kind: str, language: str | None) -> str:
    """A literal by its value: engines write numbers in their own ways."""
    if kind.endswith(("#integer", "#decimal")):
        return f"number {Decimal(lexical).normalize()}"
    return f"{lexical!r} {kind.rpartition('#')[2]} {(language or '').lower()}"


def compare(seed: int, articles: int, most: int | None = None) -> int:
    """Ask both engines everything (at most so many ways of filling a query); returns the number of rows."""
    text = graph(seed, articles)
    store, data = Store(), rdflib.Graph()
    store.load(text.encode("utf-8"), format=RdfFormat.N_TRIPLES)
    data.parse(data=text, format="nt")
    assert len(store) == len(data)
    found = 0
    for name, query in QUERIES.items():
        for values in filled(name)[:most]:
            asked = query.fill(values)
            ours, theirs = of_oxigraph(store, asked), of_rdflib(data, asked)
            assert ours == theirs, (seed, name, values)
            found += len(ours[1])
    return found


@pytest.mark.slow
def test_two_engines_give_one_answer() -> None:
    assert compare(0, 4, most=2) > 60, "the graph gives the queries nothing to find"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 6))
def test_two_engines_give_one_answer_on_larger_graphs(seed: int) -> None:
    assert compare(seed, 3 + seed) > 100


def test_a_difference_would_be_seen() -> None:
    store, data = Store(), rdflib.Graph()
    store.load(b"<a:s> <a:p> 1.50 .", format=RdfFormat.TURTLE)
    data.parse(data="<a:s> <a:p> 1.5 .", format="turtle")
    assert of_oxigraph(store, "SELECT * { ?s ?p ?o }") == of_rdflib(data, "SELECT * { ?s ?p ?o }")
    assert of_oxigraph(store, "SELECT * { ?s ?p ?o }") != of_rdflib(data, "SELECT * { ?s ?p ?o . ?o ?q ?r }")
