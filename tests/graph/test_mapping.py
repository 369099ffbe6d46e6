"""One article, one graph: what stands in it, and that it is the same each time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, parse
from sample_records import concept, sample

from kg.graph.rdf.fixed import packaged_schemes
from kg.graph.rdf.mapping import map_article
from kg.graph.rdf.shapes import Shapes
from kg.graph.rdf.terms import PREFIXES, Terms, number
from kg.graph.rdf.values import slot_node
from kg.model import ArticleRecord, PlaceLevel
from kg.model.iri import BASE

GP = PREFIXES["gp"]


def store_of(*pairs: tuple[ArticleRecord, str | None]) -> Store:
    store = Store()
    for record, text in pairs:
        mapped = map_article(record, text)
        store.load(mapped.ntriples(places=True), format=RdfFormat.N_TRIPLES)
    return store


def ask(store: Store, query: str) -> list[tuple[str, ...]]:
    return [tuple(term.value for term in row) for row in store.query(query, prefixes=PREFIXES)]


def test_a_practice_has_its_features_in_one_step_and_the_words_at_the_evidence() -> None:
    record, text = sample(3)
    store = store_of((record, text))
    assert (concept("format", "集中授课"),) in ask(store, "SELECT ?f { ?p a gp:Practice ; gp:format ?f }")
    rows = ask(
        store,
        """SELECT ?words ?start ?end ?sentence { ?e gp:relation gp:format ; gp:sentence ?sentence ;
           oa:hasSelector ?q, ?t . ?q oa:exact ?words .
           ?t a oa:TextPositionSelector ; oa:start ?start ; oa:end ?end }""",
    )
    assert len(rows) == 2
    for words, start, end, sentence in rows:
        assert text[int(start) : int(end)] == words
        assert words in sentence and sentence in text


def test_every_value_of_the_record_has_evidence() -> None:
    record, text = sample(2)
    store = store_of((record, text))
    wanted = sum(len(p.values()) + (p.part_of is not None) for p in record.practices)
    assert ask(store, "SELECT (COUNT(DISTINCT ?e) AS ?n) { ?e a oa:SpecificResource }") == [(str(wanted),)]
    assert ask(store, "SELECT ?e { ?e a oa:SpecificResource FILTER NOT EXISTS { ?e gp:originalSelector ?o } }") == []


def test_an_outcome_keeps_number_unit_comparator_and_words() -> None:
    rows = ask(
        store_of(sample(1)),
        """SELECT ?n ?unit ?counted ?words { ?p gp:outcome ?o . ?o qudt:numericValue ?n ; gp:unit/skos:prefLabel ?unit ;
           gp:counted/skos:prefLabel ?counted ; gp:words ?words ;
           gp:comparator gp:MoreThan ; gp:modality gp:Achieved }""",
    )
    assert rows == [("101", "人次", "参加", "累计101余人次参加")]


@pytest.mark.parametrize(
    ("words", "kind"),
    [("龙湖社区党群服务中心内", "党群服务中心"), ("文化礼堂", "文化场所"), ("老王家的食堂", "食堂"), ("月亮上", None)],
)
def test_a_venue_says_what_kind_of_place_it_is(words: str, kind: str | None) -> None:
    venue = sample(1)[0].practices[0].venues[0].model_copy(update={"text": words})
    node, described = slot_node("venues", venue, (), Terms())
    store = Store()
    for graph in packaged_schemes(BASE).values():
        store.load(graph, format=RdfFormat.N_TRIPLES)
    store.load("".join(f"{' '.join(triple)} .\n" for triple in described), format=RdfFormat.N_TRIPLES)
    found = ask(store, f'SELECT ?l {{ {node} dcterms:type/skos:prefLabel ?l FILTER(LANG(?l) = "zh") }}')
    assert found == ([(kind,)] if kind else [])


@pytest.mark.parametrize(
    ("words", "own", "dimension"),
    [("人次", False, "participation"), ("名", True, "persons"), ("余户", True, "households"), ("光年", True, None)],
)
def test_a_unit_says_what_it_measures(words: str, own: bool, dimension: str | None) -> None:
    record, text = sample(1)
    practice = record.practices[0]
    outcome = practice.outcomes[0].model_copy(update={"unit": words})
    practices = (practice.model_copy(update={"outcomes": (outcome,)}), *record.practices[1:])
    store = store_of((record.model_copy(update={"practices": practices}), text))
    for graph in packaged_schemes(BASE).values():
        store.load(graph, format=RdfFormat.N_TRIPLES)
    said = ask(store, "SELECT ?d { ?o gp:unit/skos:broader?/gp:dimension ?d }")
    assert said == ([(dimension,)] if dimension else [])
    labels = 'SELECT ?l { ?o gp:unit ?u . ?u skos:prefLabel ?l FILTER(LANG(?l) = "zh") }'
    assert ask(store, labels) == [(words,)]
    assert bool(ask(store, "SELECT ?u { ?u skos:inScheme gp:Units }")) is own


def test_a_region_lies_within_its_province_and_stated_levels_are_told_from_inferred_ones() -> None:
    store = store_of(sample(1))
    up = "SELECT ?n { ?p gp:region/gp:within* ?r . ?r skos:prefLabel ?n ; gp:level gp:Province }"
    assert set(ask(store, up)) == {("四川省",)}
    stated = "SELECT ?n { ?e gp:relation gp:region ; gp:%s/skos:prefLabel ?n }"
    assert ("芦溪镇",) in ask(store, stated % "statedLevel")
    assert ("四川省",) in ask(store, stated % "inferredLevel")
    code = "SELECT ?c ?d { ?r gp:level gp:County ; gp:code ?k . ?k skos:notation ?c ; gp:asOf ?d }"
    assert ask(store, code) == [("200001", "2023-06-30")]


def test_two_articles_that_tell_a_practice_differently_are_both_kept() -> None:
    one, text = sample(4)
    outcome = one.practices[0].outcomes[0].model_copy(update={"value": 999.0})
    practice = one.practices[0].model_copy(update={"outcomes": (outcome,)})
    other = one.model_copy(update={"file": "other.txt", "practices": (practice, one.practices[1])})
    store = store_of((one, text), (other, text))
    rows = ask(store, "SELECT ?p ?n { ?p gp:outcome ?o . ?o qudt:numericValue ?n } ORDER BY ?n")
    assert [n for _, n in rows] == ["104", "999"] and len({p for p, _ in rows}) == 1
    assert map_article(one, text).graph != map_article(other, text).graph


def test_words_told_twice_for_one_practice_are_one_piece_of_evidence_the_surer_one() -> None:
    record, text = sample(1)
    first, second = record.practices
    again = first.model_copy(
        update={
            "id": "p3",
            "formats": tuple(value.model_copy(update={"confidence": 0.99}) for value in first.formats),
            "outcomes": tuple(value.model_copy(update={"modality": "planned"}) for value in first.outcomes),
        }
    )
    for practices in ((first, second, again), (again, second, first)):
        store = store_of((record.model_copy(update={"practices": practices}), text))
        sure = ask(store, "SELECT ?c { ?e gp:relation gp:format ; gp:confidence ?c }")
        assert sure == [("0.99",)] * len(first.formats)
        assert len(ask(store, "SELECT ?m { ?o a gp:Outcome ; gp:modality ?m }")) == 1
        assert Shapes().check(map_article(record.model_copy(update={"practices": practices}), text)) == []


def test_an_organisation_is_told_apart_by_county_not_by_street() -> None:
    def organiser(path: tuple[str, ...], levels: tuple[str, ...]) -> str:
        record, text = sample(1)
        place = record.regions[0]
        parts = tuple(PlaceLevel(name=name, level=level, stated=True) for name, level in zip(path, levels, strict=True))  # type: ignore[arg-type]
        there = record.model_copy(update={"regions": (place.model_copy(update={"path": path, "levels": parts}),)})
        ((found,),) = ask(store_of((there, text)), "SELECT DISTINCT ?o { ?p gp:organiser ?o }")
        return found

    district = ("province", "county", "township")
    assert organiser(("重庆市", "江津区", "双福街道"), district) == organiser(
        ("重庆市", "江津区", "几江街道"), district
    )
    assert organiser(("重庆市", "江津区", "双福街道"), district) != organiser(
        ("重庆市", "巴南区", "几江街道"), district
    )
    city = ("province", "prefecture", "township")
    assert organiser(("广东省", "东莞市", "虎门镇"), city) == organiser(("广东省", "东莞市", "长安镇"), city)


def test_a_span_that_holds_other_words_is_refused() -> None:
    record, text = sample(1)
    with pytest.raises(ValueError, match="the text holds other words"):
        map_article(record, "甲" * len(text))


def test_a_concept_that_is_no_iri_is_refused() -> None:
    record, text = sample(1)
    bad = record.practices[0].formats[0].model_copy(update={"concept": "http://x/> <http://y> <http://z"})
    practice = record.practices[0].model_copy(update={"formats": (bad,)})
    with pytest.raises(ValueError, match="not an IRI"):
        map_article(record.model_copy(update={"practices": (practice,)}), text)


def test_an_unresolved_place_is_a_node_of_its_article() -> None:
    pairs = [sample(1), sample(6)]
    bare = [(r.model_copy(update={"regions": ()}), t) for r, t in pairs]
    rows = ask(store_of(*bare), "SELECT DISTINCT ?r { ?p gp:region ?r . ?r a gp:UnresolvedRegion ; skos:prefLabel ?n }")
    assert len(rows) == 2  # both say 芦溪镇, and nobody knows which


def test_another_base_stands_in_every_iri_of_ours() -> None:
    record, text = sample(1)
    lines = map_article(record, text, terms=Terms("http://base.example/g/")).ntriples(places=True)
    assert "practice-graph.example" not in lines and "<http://base.example/g/ontology#Practice>" in lines


def test_there_are_no_blank_nodes() -> None:
    record, text = sample(1)
    for quad in parse(map_article(record, text).ntriples(places=True), format=RdfFormat.N_TRIPLES):
        assert not any(isinstance(term, BlankNode) for term in (quad.subject, quad.object))


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_comes_back_as_it_was(words: str) -> None:
    line = f"<a:s> <a:p> {Terms().text(words)} .\n"
    assert line.count("\n") == 1
    (quad,) = parse(line, format=RdfFormat.N_TRIPLES)
    assert quad.object == Literal(words) and quad.subject == NamedNode("a:s")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_comes_back_as_it_was(value: float) -> None:
    assert float(number(value)) == value and "e" not in number(value).lower()
