"""What an opened store shows in a notebook; the verbs of ``import kg`` for one article."""

from __future__ import annotations

import contextlib
import importlib
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import pandas as pd
import pytest
from pyoxigraph import RdfFormat, parse

import kg
from kg.compare import Comparison
from kg.errors import UsageError
from kg.graph.build import build
from kg.graph.intake import Item
from kg.graph.store.snapshot import GenerationGoneError
from kg.model import ArticleRecord
from kg.model.iri import GP
from kg.query import named_queries
from kg.query.evidence import Sentence
from kg.settings import Settings
from kg.view.answer import AnswerTable
from kg.view.opened import OpenedGraph

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "graph"))
from sample_records import concept, sample, scheme

ARTICLE = (
    "柳塘街道办起“晚风课堂”\n今年6月，柳塘街道开设“晚风课堂”，每周请律师为<b>商户</b>讲反诈，已有120余人次参加。\n"
)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedGraph]:
    store = tmp_path_factory.mktemp("opened") / "store"
    pairs = [sample(n) for n in range(10)]
    original, text = sample(3)
    changes = {"file": "repost.txt", "duplicate_of": "003.txt", "practices": original.practices[:1]}
    pairs.append((original.model_copy(update=changes), text))
    build(lambda archive, kept: [Item(*pair) for pair in pairs], store)
    with kg.open(store) as opened:
        yield opened


def seen(shown: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", shown))


def test_the_graph_says_what_it_holds(graph: OpenedGraph) -> None:
    said = seen(graph._repr_html_())
    assert "11 篇（其中转载 1 篇）" in said
    assert "20 项" in said
    assert "5 个" in said  # PLACES lie in five provinces
    assert graph.snapshot is not None
    assert str(graph) == f"<practice graph of 11 articles, 1 of them a repost: {graph.snapshot.store.path}>"


def test_a_practice_that_only_a_repost_tells_is_counted_nowhere_and_has_its_evidence(tmp_path: Path) -> None:
    record, text = sample(0)
    known, doubled = record.practices
    slots = ("formats", "audiences", "topics", "organisers", "partners", "outcomes", "dates")
    doubled = doubled.model_copy(update={slot: getattr(known, slot) for slot in slots})
    repost = record.model_copy(
        update={"file": "repost.txt", "duplicate_of": "000.txt", "practices": (known, doubled), "publisher": "转载网"}
    )
    alone = known.model_copy(update={"formats": known.formats[:1]})  # of the other format only the repost tells
    pairs = [(repost, text), (record.model_copy(update={"practices": (alone,)}), text)]
    (tmp_path / "own.ttl").write_text(scheme(), encoding="utf-8")
    store, own = tmp_path / "s", [tmp_path / "own.ttl"]
    for _ in range(2):  # new, then unchanged
        report = build(lambda archive, kept: [Item(*pair) for pair in pairs], store, vocabularies=own)
        assert (report.articles, report.practices) == (2, 1)
    name = doubled.programme.text
    with kg.open(store) as opened:
        assert "1 项" in seen(opened._repr_html_())
        assert len(opened.practices()) == len(opened.table()) == len(opened.show().graph.practices) == 1
        assert name not in opened.export(tmp_path / "values.csv", "csv").read_text(encoding="utf-8")
        with pytest.raises(UsageError, match="only a repost"):
            opened.card(name)
        assert set(opened.evidence(name)["file"]) == {"repost.txt"}
        for query in named_queries().values():
            answer = opened.sparql(query.fill({}, opened.base))
            cells = [cell for row in answer.rows() for cell in row]
            assert query.name == "evidence" or name not in cells, query.name
            counts = [column for column in ("practices", "outcomes") if column in answer.variables]
            said = [row[answer.variables.index(column)] for column in counts for row in answer.rows()]
            assert set(said) <= {1} and not (said and known.formats[1].text in cells), query.name
            assert said or not counts or query.name.startswith("shared"), query.name
            assert query.name != "largest-outcomes" or len(answer.rows()) == 1


def test_what_a_repost_tells_beyond_its_original_counts_nowhere(tmp_path: Path) -> None:
    record, text = sample(2)
    known, inner = record.practices
    more = ("audiences", "partners", "venues", "channels", "outcomes", "dates")
    alone = known.model_copy(update={"formats": known.formats[:1]} | dict.fromkeys(more, ()))
    started = inner.model_copy(update={"planned": False, "topics": known.topics})
    changes = {"file": "repost.txt", "duplicate_of": record.file, "publisher": "转载网", "practices": (known, started)}
    pairs = [(record.model_copy(update={"practices": (alone, inner)}), text), sample(3)]
    pairs.append((record.model_copy(update=changes), text))
    (tmp_path / "own.ttl").write_text(scheme(), encoding="utf-8")
    build(lambda archive, kept: [Item(*pair) for pair in pairs], tmp_path / "s", vocabularies=[tmp_path / "own.ttl"])
    with kg.open(tmp_path / "s") as opened:
        frame, network = opened.practices(), opened.networkx()
        one, inside = (frame.set_index("label").loc[each.programme.text] for each in (known, inner))
        assert [one[name] for name in (*(slot[:-1] for slot in more[:-1]), "dates")] == [()] * len(more)
        assert one["format"] == (known.formats[0].text,) and one["files"] == (record.file, "repost.txt")
        assert inside["planned"] and inside["topic"] == ()
        nodes = Counter(kind for _, kind in network.nodes(data="kind"))
        assert len(frame) == len(opened.table()) == nodes["practice"] == 4
        for kind in ("format", "audience", "topic", "organiser", "partner", "outcome"):
            shown = Counter(label for labels in frame[kind] for label in labels)
            ends = [o for _, o, relation in network.edges(keys=True) if relation == kind]
            assert Counter(network.nodes[o]["label"] for o in ends) == shown, kind
            if kind in ("format", "audience", "topic"):
                table = opened.matrix(kind, exact=True, min_regions=1, min_articles=1).sum(axis=1)
                assert dict(table) == dict(shown)
                assert all(len(opened.practices(**{kind: label})) == count for label, count in shown.items())
        cells = opened.table().set_index("项目")
        card = str(opened.card(known.programme.text))
        for words in (known.audiences[0].text, known.venues[0].text, known.outcomes[0].text, known.dates[0].text):
            assert not (cells.drop(columns="原文依据").loc[known.programme.text] == words).any()
            assert f"  {words}\n" not in card
        assert "另见 repost.txt" in card  # which says the rest again
        rows = [row[2:] for row in opened.run("district-table").rows() if row[1] == known.programme.text]
        assert rows == [(known.formats[0].text, None, None)]


def test_evidence_of_a_region_is_of_all_within_it_unless_exact(graph: OpenedGraph) -> None:
    alone = graph.evidence("四川省", exact=True)
    assert len(graph.evidence("四川省")) > len(alone) == 0
    assert any("四川省 itself" in note for note in alone.attrs["notes"])


def test_sentences_behind_an_answer_name_place_and_practice(graph: OpenedGraph) -> None:
    answer = graph.shared(features=["audience"], top=1)
    told = answer.evidence(0)
    assert list(told.columns[:2]) == ["place", "label"]
    assert all(row.words in row.sentence for row in told.itertuples())
    assert told["label"].str.startswith("晨光学堂").all()
    shown = answer._repr_html_()
    assert "<table" in shown and "rests on" in shown and "https://" not in shown
    assert "https://" not in answer.frame._repr_html_()
    assert re.search(
        r"<mark[^>]*>返乡农民工|<mark[^>]*>网格员|<mark[^>]*>新就业青年|<mark[^>]*>老年居民", told._repr_html_()
    )


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("shared", ()),
        ("spread", ("夜校",)),
        ("contrast", ("四川省", "浙江省")),
        ("outcomes", ()),
        ("coverage", ()),
        ("similar", ("晨光学堂1号",)),
        ("families", ()),
    ],
)
def test_every_question_has_one_sort_of_answer(graph: OpenedGraph, question: str, words: tuple[str, ...]) -> None:
    answer = getattr(graph, question)(*words)
    assert type(answer) is Comparison and isinstance(answer.frame, AnswerTable)
    assert answer.notes and answer.frame.attrs["notes"] == answer.notes
    assert len(answer) == len(answer.frame)
    for row in range(min(len(answer), 2)):
        told = answer.evidence(row, 2)
        assert isinstance(told, AnswerTable) and list(told.columns[:2]) == ["place", "label"]
    assert "<table" in answer._repr_html_()


def test_a_notebook_shows_the_first_rows_of_a_long_answer(graph: OpenedGraph) -> None:
    long = replace(graph.shared(), frame=pd.DataFrame({"feature": [f"feature {n}" for n in range(40)]}), more=3)
    shown = long._repr_html_()
    assert "feature 29" in shown and "feature 30" not in shown and "… and 10 more rows in .frame" in shown
    assert "… and 3 more rows (" in shown


def test_the_mark_is_where_the_evidence_is() -> None:
    said = "夜校办起来了，<b>夜校</b>满了，再办夜校。"
    text = f"上面说过。{said}"
    table = AnswerTable({"words": ["夜校"] * 4})
    places = [found.start() for found in re.finditer("夜校", text)]
    cells: list[str] = [Sentence.around(said, "夜校", text[max(0, at - 24) : at]) for at in places]
    table["sentence"] = pd.Series([*cells, said], dtype=object)
    marks = [at for row in table[["words", "sentence"]].to_numpy() for at in [marked(row)]]
    assert marks == [0, said.index("夜校", 1), said.rindex("夜校"), 0]


def marked(row: Sequence[str]) -> int:
    """Letters of the sentence before the mark, as a table of this row shows it."""
    cells = AnswerTable({"words": [row[0]], "sentence": pd.Series([row[1]], dtype=object)})._repr_html_().split("<td")
    return len(seen(cells[2].partition("<mark")[0].partition(">")[2]))


def test_evidence_carries_its_place_in_the_sentence(graph: OpenedGraph) -> None:
    told = graph.evidence("晨光学堂2号")
    for frame in (told, told.sort_values("words")[["sentence", "words"]].head(5)):
        for sentence, words in zip(frame["sentence"], frame["words"], strict=True):
            assert sentence[sentence.at :].startswith(words)
    text = graph._source.told("002.txt")[1] or ""
    own = told[told["file"] == "002.txt"]
    for sentence, start in zip(own["sentence"], own["start"], strict=True):
        assert text[start - sentence.at :].startswith(sentence)


def test_a_table_shows_itself_whatever_was_done_with_it() -> None:
    plain = AnswerTable({"feature": ["夜校", "讲座"], "kind": ["形式", "主题"], "n": [1, 123456.0]})
    plain["iri"] = "https://x.example/1"
    shown = seen(plain.set_index("feature")[["n"]]._repr_html_())
    assert "feature" in shown and "讲座" in shown and "123456" in shown and "e+05" not in shown
    assert "kind" in seen(plain.T._repr_html_()) and "形式" in seen(plain.T._repr_html_())
    pivot = plain.pivot_table(index=["kind", "feature"], values="n", aggfunc="sum")
    assert all(name in seen(pivot._repr_html_()) for name in ("kind", "形式", "讲座"))
    assert seen(plain[["feature", "feature"]]._repr_html_()).count("夜校") == 2
    assert seen(pd.concat([plain, plain], axis=1)._repr_html_()).count("讲座") == 2
    assert "https://x.example/1" in plain[["iri"]]._repr_html_() and "x.example" not in plain._repr_html_()
    listed = plain.assign(parts=pd.Series([["四川省", "成都市"], np.array([1, 2])]))
    assert "四川省、成都市" in seen(listed._repr_html_())
    assert "<th" in plain._repr_html_() and ">0<" not in plain._repr_html_()


def test_flat_tables_are_plain(graph: OpenedGraph) -> None:
    answer = graph.shared(features=["format"], top=2)
    plain = answer.flat()
    assert type(plain) is pd.DataFrame
    sentences = AnswerTable(answer.frame.assign(evidence=[answer.evidence(row) for row in range(len(answer))]))
    assert "条依据" in sentences._repr_html_() and "evidence" not in sentences.flat()
    assert "、" in plain["region_names"][0]
    assert not any(isinstance(cell, tuple) for cell in plain.to_numpy().ravel())
    answer = graph.similar("晨光学堂1号")
    assert "、" in "".join(answer.flat()["shared"]) and isinstance(answer.frame["shared"][0], tuple)


def test_answers_escape_and_are_cut() -> None:
    shown = AnswerTable({"a": ["<script>"] * 40, "n": [float("nan")] * 40})._repr_html_()
    assert "<script>" not in shown and "&lt;script&gt;" in shown and "另有 10 行" in shown and "nan" not in shown
    assert "没有结果" in AnswerTable({"a": []})._repr_html_()
    assert isinstance(AnswerTable({"a": [1, 2]}).head(1), AnswerTable)


def test_a_matrix_counts_practices(graph: OpenedGraph) -> None:
    matrix = graph.matrix("audience", across="province")
    direct = graph.practices(audience=str(matrix.index[0]), region=str(matrix.columns[0]))
    assert matrix.iloc[0, 0] == len(direct) > 0
    answer = graph.shared(features=["audience"]).frame
    assert list(matrix.index) == list(answer["feature"])
    assert list((matrix > 0).sum(axis=1)) == list(answer["regions"])


def test_a_card_tells_all_with_sentences(graph: OpenedGraph) -> None:
    card = graph.card("晨光学堂4号")
    assert "剑川县沙溪镇" in str(card) and "104 人次" in str(card).replace("、", "")
    assert '<mark style="background' in card._repr_html_()
    assert repr(card) == "<card of 晨光学堂4号, 1 practice>"
    with pytest.raises(UsageError, match="did you mean"):
        graph.card("晨光学堂四号")


def test_one_article_with_its_marks(graph: OpenedGraph) -> None:
    assert "晨光学堂2号" in seen(graph.article("002.txt")._repr_html_())
    assert repr(graph.article("002.txt")) == "<article 002.txt with 2 practices>"
    with pytest.raises(UsageError, match=r"did you mean .*002\.txt"):
        graph.article("02.txt")


def test_a_picture_of_a_part(graph: OpenedGraph) -> None:
    whole, part = graph.show(), graph.show(region="四川省", height=300)
    assert 0 < len(part.graph.nodes) < len(whole.graph.nodes)
    assert {view.path[0].name for view in part.graph.practices} == {"四川省"}
    known = {node.id for node in part.graph.nodes}
    assert all(edge.source in known and edge.target in known for edge in part.graph.edges)
    frame = part._repr_html_()
    assert frame.startswith('<iframe sandbox="allow-scripts" srcdoc="') and "height:300px" in frame
    assert repr(part) == f"<picture of {len(part.graph.practices)} practices>"


@pytest.mark.parametrize("sure", [{"min_confidence": 0.75}, {"stated_only": True}, {"min_confidence": 1.0}])
def test_a_picture_leaves_out_what_the_table_does(graph: OpenedGraph, sure: dict[str, object]) -> None:
    frame = graph.practices(**sure).set_index("practice")
    drawn = graph.show(**sure).graph
    assert {view.id for view in drawn.practices} == set(frame.index)
    ends: dict[tuple[str, str], list[str]] = {}
    for edge in drawn.edges:
        ends.setdefault((edge.source, edge.relation), []).append(drawn.node_by_id[edge.target].label)
    for view in drawn.practices:
        row = frame.loc[view.id]
        for kind in ("format", "audience", "topic", "organiser", "partner", "outcome", "part_of"):
            said = sorted(ends.get((view.id, kind), ()))
            # Of the concepts this store has no labels.
            assert len(said) == len(row[kind]) if kind in ("format", "audience") else tuple(said) == row[kind], kind
        assert "/".join(step.name for step in view.path) == row["region"]
        assert len(ends.get((view.id, "region"), ())) == bool(row["region"]) == bool(view.slot("region"))
    assert all(item.confidence >= sure.get("min_confidence", 0) for edge in drawn.edges for item in edge.evidence)  # type: ignore[operator]


@pytest.mark.parametrize("sure", [{"min_confidence": 0.75}, {"stated_only": True}])
def test_tables_and_files_leave_out_what_the_practices_do(
    graph: OpenedGraph, tmp_path: Path, sure: dict[str, Any]
) -> None:
    wanted = set(graph.practices(**sure)["practice"])
    assert set(graph.table(**sure)["标识"]) == wanted
    values = pd.read_csv(graph.export(tmp_path / "v.csv", "csv", **sure))
    assert set(values["practice"]) == wanted and len(values) < len(
        pd.read_csv(graph.export(tmp_path / "all.csv", "csv"))
    )
    assert values["confidence"].min() >= sure.get("min_confidence", 0)
    assert not (sure.get("stated_only") and values["inferred"].astype(bool).any())
    with pytest.raises(UsageError, match="RDF is written whole"):
        graph.export(tmp_path / "a.nq", **sure)
    assert not (tmp_path / "a.nq").exists()


def test_tables_and_files(graph: OpenedGraph, tmp_path: Path) -> None:
    assert len(graph.table()) == 20
    assert graph.table(language="en").columns[0] == "District"
    written = graph.export(tmp_path / "table.csv", bom=True).read_bytes()
    assert written.startswith(b"\xef\xbb\xbf") and "晨光学堂4号".encode() in written
    assert graph.export(tmp_path / "a.graphml").read_bytes().startswith(b"<?xml")
    with pytest.raises(UsageError, match="ending"):
        graph.export(tmp_path / "a.doc")


def test_one_state_is_told_however_often_the_store_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph.rdf.fixed.packaged_schemes", lambda base: {})

    def built(*numbers: int) -> None:
        build(lambda archive, kept: [Item(*sample(number)) for number in numbers], tmp_path / "s")

    built(0, 1)
    with kg.open(tmp_path / "s") as opened:
        name = opened.practices()["label"][0]
        built(2)  # in the stead of both; the store keeps what was opened
        assert len(opened.table()) == len(opened.practices()) == 4
        assert opened.card(name).practices and "000.txt" in repr(opened.article("000.txt"))
        assert name in opened.export(tmp_path / "old.nq").read_text(encoding="utf-8")
        with kg.open(tmp_path / "s") as late:
            built(3)
            built(4)
            for ask in (
                lambda g: g.table(),
                lambda g: g.card("晨光学堂2号"),
                lambda g: g.article("002.txt"),
                lambda g: g.shared(),
                lambda g: g.export(tmp_path / "late.ttl"),
                lambda g: g.practices(),
            ):
                with pytest.raises(GenerationGoneError, match="open the store again"):
                    ask(late)
        with contextlib.suppress(GenerationGoneError):  # what was read already, or nothing
            opened.export(tmp_path / "again.nq")
        with pytest.raises(GenerationGoneError):
            opened.article("000.txt")


def test_a_store_built_anew_in_place_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph.rdf.fixed.packaged_schemes", lambda base: {})
    build(lambda archive, kept: [Item(*sample(0))], tmp_path / "s")
    with kg.open(tmp_path / "s") as opened:
        shutil.rmtree(tmp_path / "s")
        build(lambda archive, kept: [Item(*sample(0))], tmp_path / "s")
        for ask in (lambda g: g.table(), lambda g: g.shared(), lambda g: g.practices(), lambda g: g.article("000.txt")):
            with pytest.raises(GenerationGoneError, match="open the store again"):
                ask(opened)


def test_errors_are_one_line_in_a_notebook() -> None:
    error = UsageError("no such file", where="a.txt", remedy="check the path")
    assert error._render_traceback_() == ["UsageError: a.txt: no such file; check the path"]


def test_rdflib_holds_what_the_quads_say(graph: OpenedGraph, tmp_path: Path) -> None:
    data = graph.rdflib()
    written = data.serialize(format="nquads", encoding="utf-8")
    exported = graph.export(tmp_path / "all.nq").read_bytes()
    assert set(parse(written, format=RdfFormat.N_QUADS)) == set(parse(exported, format=RdfFormat.N_QUADS))
    counted = "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?p a gp:Practice }"  # in the union, which is the default graph
    ((count,),) = data.query(counted, initNs={"gp": GP})
    assert count.toPython() == graph.sparql(counted).rows()[0][0] > 0


def test_a_vocabulary_that_was_edited_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(settings: Settings) -> object:
        assert settings.vocabulary
        notes = (settings.vocabulary.read_text(encoding="utf-8"),)
        return lambda articles: [ArticleRecord.of(each, (), notes) for each in articles]

    monkeypatch.setattr("kg.settings._load", load)
    file, own = tmp_path / "a.txt", tmp_path / "own.ttl"
    file.write_text(ARTICLE, encoding="utf-8")
    for said in ("one", "two"):
        own.write_text(said, encoding="utf-8")
        assert kg.extract(file, vocabulary=own).notes == (said,)


def test_the_verbs_take_one_article(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(ARTICLE, encoding="utf-8")
    article = kg.read_article(file)
    record = kg.extract(article)
    assert record == kg.extract(file)
    assert [practice.programme.text for practice in record.practices] == ["晚风课堂"]
    assert "晚风课堂" in seen(record._repr_html_())
    assert "<b>" not in article._repr_html_().replace("<b>柳塘街道", "")
    assert "柳塘街道" in str(kg.explain(article))


def test_extract_is_a_verb_and_a_package() -> None:
    package = importlib.import_module("kg.extract")
    assert kg.extract is package
    assert callable(package) and package.COMPONENTS


def test_networkx_has_the_statements_of_the_graph_that_files_hold(graph: OpenedGraph, tmp_path: Path) -> None:
    network = graph.networkx()
    practice = sample(5)[0].practices[0].identity
    assert network.nodes[practice]["label"] == "晨光学堂5号" and network.nodes[practice]["venues"]
    relations = {data["relation"] for _, _, data in network.out_edges(practice, data=True)}
    assert relations >= {"format", "audience", "topic", "region", "outcome"}
    file = networkx.read_graphml(graph.export(tmp_path / "graph.graphml"), force_multigraph=True)
    assert dict(file.nodes(data="kind")) == dict(network.nodes(data="kind"))
    assert sorted((*ends, relation) for *ends, relation in file.edges(data="relation")) == sorted(
        network.edges(keys=True)
    )


def test_networkx_has_the_concepts_above_and_none_that_no_practice_has(tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(scheme(), encoding="utf-8")
    # Article 1 has 集中授课 and 圆桌议事; 夜校 and 流动宣讲 are narrower than 授课.
    build(lambda archive, kept: [Item(*sample(1))], tmp_path / "unused", vocabularies=[own])
    build(lambda archive, kept: [Item(*sample(2))], tmp_path / "used", vocabularies=[own])
    with kg.open(tmp_path / "unused") as opened, kg.open(tmp_path / "used") as other:
        assert opened.sparql("ASK { ?low skos:broader ?up }").value
        network, above = opened.networkx(), other.networkx()
        assert "broader" not in {relation for *_, relation in network.edges(keys=True)}
        assert concept("format", "授课") not in network and concept("format", "夜校") not in network
        assert above.has_edge(concept("format", "流动宣讲"), concept("format", "授课"), "broader")
        assert above.nodes[concept("format", "授课")]["label"] == "授课" and concept("format", "夜校") not in above
        assert concept("format", "授课") not in other.view.node_by_id, "pictures draw what practices have"


def test_positions_are_called_the_same_in_evidence_tables_networks_and_records(
    graph: OpenedGraph, tmp_path: Path
) -> None:
    table = pd.read_csv(graph.export(tmp_path / "values.csv", "csv"))
    told = graph.evidence("晨光学堂5号")
    record, text = sample(5)
    spans = {(value.text, value.start, value.end) for _, value in record.practices[0].values()}
    name = {*told[told["practice"] == record.practices[0].identity].itertuples(index=False)}
    assert {(row.words, row.start, row.end) for row in name} == spans
    rows = table[table["practice"] == record.practices[0].identity]
    assert {*zip(rows["text"], rows["start"], rows["end"], strict=True)} == spans
    for row in rows.itertuples():
        assert text[row.start : row.end] == row.text == row.sentence[row.sentence_start : row.sentence_end]
    edges = graph.networkx().out_edges(record.practices[0].identity, data="evidence")
    found = {(item["words"], item["start"], item["end"]) for _, _, said in edges for item in said}
    assert found and found <= spans
