"""What an opened store shows in a notebook; the verbs of ``import kg`` for one article."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from pyoxigraph import RdfFormat, parse

import kg
from kg.errors import UsageError
from kg.graph.build import build
from kg.graph.intake import Item
from kg.model import ArticleRecord
from kg.model.iri import GP
from kg.query import named_queries
from kg.view.answer import AnswerTable
from kg.view.opened import OpenedGraph

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "graph"))
from sample_records import sample, scheme

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
    assert graph.generation is not None
    assert str(graph) == f"<practice graph of 11 articles, 1 of them a repost: {graph.generation.parents[1]}>"


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


def test_evidence_of_a_region_is_of_all_within_it_unless_exact(graph: OpenedGraph) -> None:
    alone = graph.evidence("四川省", exact=True)
    assert len(graph.evidence("四川省")) > len(alone) == 0
    assert any("四川省 itself" in note for note in alone.attrs["notes"])


def test_sentences_behind_an_answer_name_place_and_practice(graph: OpenedGraph) -> None:
    answer = graph.shared(features=["audience"], top=1, evidence=True)
    told = answer.evidence[0]
    assert list(told.columns[:2]) == ["place", "label"]
    assert all(row.words in row.sentence for row in told.itertuples())
    assert told["label"].str.startswith("晨光学堂").all()
    shown = answer._repr_html_()
    assert "条依据" in shown and "https://" not in shown
    assert re.search(
        r"<mark[^>]*>返乡农民工|<mark[^>]*>网格员|<mark[^>]*>新就业青年|<mark[^>]*>老年居民", told._repr_html_()
    )


def test_flat_tables_are_plain(graph: OpenedGraph) -> None:
    answer = graph.shared(features=["format"], top=2, evidence=True)
    plain = answer.flat()
    assert type(plain) is pd.DataFrame and "evidence" not in plain
    assert "、" in plain["region_names"][0]
    assert not any(isinstance(cell, tuple) for cell in plain.to_numpy().ravel())


def test_answers_escape_and_are_cut() -> None:
    shown = AnswerTable({"a": ["<script>"] * 40, "n": [float("nan")] * 40})._repr_html_()
    assert "<script>" not in shown and "&lt;script&gt;" in shown and "另有 10 行" in shown and "nan" not in shown
    assert "没有结果" in AnswerTable({"a": []})._repr_html_()
    assert isinstance(AnswerTable({"a": [1, 2]}).head(1), AnswerTable)


def test_a_matrix_counts_practices(graph: OpenedGraph) -> None:
    matrix = graph.matrix("audience", level="province")
    direct = graph.practices(audience=str(matrix.index[0]), region=str(matrix.columns[0]))
    assert matrix.iloc[0, 0] == len(direct) > 0
    answer = graph.shared(features=["audience"])
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


def test_tables_and_files(graph: OpenedGraph, tmp_path: Path) -> None:
    assert len(graph.table()) == 20
    assert graph.table(language="en").columns[0] == "District"
    written = graph.export(tmp_path / "table.csv", bom=True).read_bytes()
    assert written.startswith(b"\xef\xbb\xbf") and "晨光学堂4号".encode() in written
    assert graph.export(tmp_path / "a.graphml").read_bytes().startswith(b"<?xml")
    with pytest.raises(UsageError, match="ending"):
        graph.export(tmp_path / "a.doc")


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
    def extractor(vocabulary: Path, gazetteer: None, fast: bool) -> object:
        notes = (vocabulary.read_text(encoding="utf-8"),)
        return lambda articles: [ArticleRecord.of(each, (), notes) for each in articles]

    monkeypatch.setattr("kg.pipeline.extractor", extractor)
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
