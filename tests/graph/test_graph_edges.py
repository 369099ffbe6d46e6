"""The edges of the mapping and of the proof: what is written once, what only sometimes, and what is no proof."""

from __future__ import annotations

from typing import Any

from pyoxigraph import RdfFormat, Store
from sample_records import sample

from kg.graph.proof import Spans
from kg.graph.rdf.evidence import CONTEXT
from kg.graph.rdf.mapping import map_article
from kg.graph.rdf.terms import PREFIXES
from kg.model import ArticleRecord


def ask(query: str, *records: ArticleRecord, text: str | None = None) -> list[tuple[str, ...]]:
    store = Store()
    for record in records:
        store.load(map_article(record, text).ntriples(places=True), format=RdfFormat.N_TRIPLES)
    return sorted(tuple(term.value for term in row) for row in store.query(query, prefixes=PREFIXES))


def with_first(record: ArticleRecord, **update: Any) -> ArticleRecord:
    """The record with its first practice changed."""
    first, *rest = record.practices
    return record.model_copy(update={"practices": (first.model_copy(update=update), *rest)})


def test_a_quotation_has_the_text_before_and_after_it() -> None:
    record, text = sample(1)
    query = """SELECT DISTINCT ?start ?end ?before ?words ?after { ?e oa:hasSelector ?q, ?t . ?t oa:start ?start ; oa:end ?end .
        ?q a oa:TextQuoteSelector ; oa:prefix ?before ; oa:exact ?words ; oa:suffix ?after }"""
    found = ask(query, record, text=text)
    assert len(found) == len(ask("SELECT ?q { ?q a oa:TextQuoteSelector }", record, text=text)) > 10
    for start, end, before, words, after in found:
        at, to = int(start), int(end)
        assert (before, words, after) == (text[max(0, at - CONTEXT) : at], text[at:to], text[to : to + CONTEXT])
    assert ask("SELECT ?q { ?q oa:prefix ?before }", record) == []


def test_no_practice_is_part_of_itself() -> None:
    record, text = sample(1)
    assert len(ask("SELECT ?a ?b { ?a dcterms:isPartOf ?b }", record, text=text)) == 1
    whole, part = record.practices
    one = record.model_copy(update={"practices": (whole, part.model_copy(update={"identity": whole.identity}))})
    assert ask("SELECT ?a ?b { ?a dcterms:isPartOf ?b }", one, text=text) == []


def test_an_organiser_without_a_known_place_is_told_apart_by_the_publisher() -> None:
    def organisers(*publishers: str | None) -> int:
        told = []
        for number, publisher in enumerate(publishers):
            record = sample(number, place=1)[0]
            told.append(record.model_copy(update={"publisher": publisher, "regions": ()}))
        return len(ask("SELECT DISTINCT ?o { ?p gp:organiser ?o }", *told))

    assert organisers("晨光报", "晨光报") == 1
    assert organisers("晨光报", "暮云报") == 2
    assert organisers(None, None) == 2, "of two articles that name no publisher"


def test_figures_that_differ_only_in_their_comparator_are_two() -> None:
    record, text = sample(1)
    figure = record.practices[0].outcomes[0]
    both = with_first(record, outcomes=(figure, figure.model_copy(update={"comparator": "="})))
    query = "SELECT ?o ?c { ?o a gp:Outcome ; gp:comparator ?c }"
    found = ask(query, both, text=text)
    assert len(found) == 2 and len({node for node, _ in found}) == 2


def test_the_time_that_a_figure_covers_is_written_where_it_is_told() -> None:
    record, text = sample(1)
    figure = record.practices[0].outcomes[0].model_copy(update={"period": "2024-03"})
    query = "SELECT ?p { ?o a gp:Outcome ; gp:period ?p }"
    assert ask(query, record, text=text) == []
    assert ask(query, with_first(record, outcomes=(figure,)), text=text) == [("2024-03",)]


def test_no_words_are_no_proof_of_a_name() -> None:
    name = Spans("region", "恭城瑶族自治县", 0, 0, short=True)
    assert not name.held_by("") and name.held_by("恭城县") and not name.held_by("恭县城")
