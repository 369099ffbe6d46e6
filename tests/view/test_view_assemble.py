"""From records to the practice graph."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from view_sample import marked, realistic

from kg.view import ConceptLabel, networkx_graph, practice_graph
from kg.view.part import part_of_graph
from kg.view.sentences import sentence_around

PATH = ("江苏省", "苏州市", "姑苏区", "平江街道")


@pytest.fixture(scope="module")
def graph():
    return practice_graph(realistic())


def one(template, **facts):
    return marked(template, **{"file": "a.txt", "path": PATH, **facts})


def test_every_evidence_holds_its_words(graph):
    for practice in graph.practices:
        for statement in practice.statements:
            assert statement.evidence
            assert all(item.words == statement.text for item in statement.evidence)


def test_sixty_practices_in_fifteen_places(graph):
    assert len(graph.practices) == 60
    assert len({item.path[-1].node for item in graph.practices}) == 15
    assert sum(item.part_of is not None for item in graph.practices) == 45


def test_a_repost_is_one_witness(graph):
    both = [item for item in graph.practices if len(item.articles) == 2]
    assert len(both) == 4
    for practice in both:
        for statement in practice.statements:
            assert [len(item.articles) for item in statement.evidence] == [2]
        first = graph.article_by_id[practice.statements[0].evidence[0].articles[0]]
        assert first.duplicate_of is None, "the original is named first"


def test_order_of_records_does_not_matter(graph):
    assert practice_graph(reversed(realistic())) == graph


def test_two_articles_that_count_differently_stand_side_by_side():
    first = one("{region:平江街道}开设“{programme:板凳课堂}”，{outcomes:举办12场}。", file="a.txt")
    second = one("{region:平江街道}开设“{programme:板凳课堂}”，{outcomes:举办15场}。", file="b.txt")
    made = practice_graph([first, second])
    assert len(made.practices) == 1
    assert [item.detail["value"] for item in made.practices[0].slot("outcomes")] == [12, 15]


def test_a_sentence_that_two_articles_print_is_one_witness_and_two_of_their_own_are_two():
    said = "{region:平江街道}开设“{programme:板凳课堂}”，采取{formats:集中授课}。"
    pairs = [one(said, file="a.txt"), one(f"{said}居民说好。", file="b.txt"), one(f"近日{said}", file="c.txt")]
    assert {record.duplicate_of for record, _ in pairs} == {None}
    made = practice_graph(pairs)
    (form,) = made.practices[0].slot("formats")
    files = [[made.article_by_id[key].file for key in item.articles] for item in form.evidence]
    assert files == [["a.txt", "b.txt"], ["c.txt"]]
    (weight,) = (data["weight"] for *_, data in networkx_graph(made).edges(data=True) if data["relation"] == "format")
    assert weight == 2
    # Where no text is kept, nobody knows whether the sentences are the same.
    bare = practice_graph([(record, None) for record, _ in pairs])
    assert [len(item.articles) for item in bare.practices[0].slot("formats")[0].evidence] == [1, 1, 1]


def test_offices_of_two_counties_are_two_and_concepts_are_shared():
    concepts = {
        "集中授课": "https://practice-graph.example/concept/lecture",
        "讲课": "https://practice-graph.example/concept/lecture",
    }
    text = "{{region:{0}}}开设“{{programme:课堂}}”，{{partners:司法局}}协助，采取{{formats:{1}}}。"
    first = one(text.format("平江街道", "集中授课"), concepts=concepts)
    second = one(
        text.format("双福街道", "讲课"), file="b.txt", concepts=concepts, path=("重庆市", "江津区", "双福街道")
    )
    labels = {concepts["讲课"]: ConceptLabel("集中授课", "lecture")}
    made = practice_graph([first, second], labels=labels)
    kinds = [node.kind for node in made.nodes]
    assert kinds.count("practice") == 2 and kinds.count("organisation") == 2 and kinds.count("format") == 1
    shared = next(node for node in made.nodes if node.kind == "format")
    assert (shared.label, shared.label_en) == ("集中授课", "lecture")
    assert sum(edge.target == shared.id for edge in made.edges) == 2


def test_a_concept_of_two_slots_is_two_nodes():
    concepts = {"反诈": "https://practice-graph.example/concept/x"}
    made = practice_graph(
        [one("{region:平江街道}办“{programme:课堂}”，{formats:反诈}、{topics:反诈}。", concepts=concepts)]
    )
    assert sorted(node.kind for node in made.nodes if node.label == "反诈") == ["format", "topic"]


def test_a_place_without_a_path_is_a_node_of_its_own():
    record, text = one("{region:平江街道}开设“{programme:板凳课堂}”。")
    lost = record.model_copy(update={"regions": (record.regions[0].model_copy(update={"path": None, "levels": ()}),)})
    made = practice_graph([(lost, text)])
    assert [step.level for step in made.practices[0].path] == ["unresolved"]
    # and one that the record does not list at all
    made = practice_graph([(record.model_copy(update={"regions": ()}), text)])
    assert made.practices[0].place == "平江街道"


def test_a_span_that_is_not_its_words_is_refused():
    record, text = one("{region:平江街道}开设“{programme:板凳课堂}”。")
    with pytest.raises(ValueError, match="are not '板凳课堂'"):
        practice_graph([(record, "x" + text)])


def test_without_the_text_the_words_are_the_evidence():
    record, _ = one("{region:平江街道}开设“{programme:板凳课堂}”。")
    made = practice_graph([(record, None)])
    assert {item.sentence for said in made.practices[0].statements for item in said.evidence} == {
        "平江街道",
        "板凳课堂",
    }


def test_networkx_carries_the_evidence(graph):
    made = networkx_graph(graph)
    assert made.is_directed() and made.is_multigraph()
    assert (made.number_of_nodes(), made.number_of_edges()) == (len(graph.nodes), len(graph.edges))
    formats = [told for _, _, key, told in made.edges(keys=True, data=True) if key == "format"]
    assert formats
    for told in formats:
        for item in told["evidence"]:
            assert item["sentence"][item["sentence_start"] : item["sentence_end"]] == item["words"]
            assert item["end"] - item["start"] == len(item["words"])
            assert item["publisher"] and item["published"]


@given(st.text(alphabet="字句。！？；”\n… a𠮷", max_size=900), st.data())
def test_sentence_holds_the_words_wherever_they_stand(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    sentence, first, last = sentence_around(text, start, end)
    assert sentence[first:last] == text[start:end]
    assert sentence in text and len(sentence) <= 640, "an undivided page must not fill the panel"


def test_a_part_goes_through_what_it_is_asked_for_once(graph):
    class Counted(list[str]):
        times = 0

        def __iter__(self):
            self.times += 1
            return super().__iter__()

    wanted = Counted(view.id for view in graph.practices[:5])
    part = part_of_graph(graph, wanted)
    assert [view.id for view in part.practices] == [*wanted] and wanted.times == 2  # there, and here
