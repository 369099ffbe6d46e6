"""Tables, network files and RDF: what comes out can be read again and harms nobody."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path

import networkx
import openpyxl
import pytest
import rdflib
from view_sample import marked, realistic

from kg.errors import StoreError, UsageError
from kg.graph.build import build_records
from kg.model import DateValue
from kg.view import FORMATS, ExportOptions, StoreSource, practice_graph, table_rows
from kg.view.networks import gexf_bytes, graphml_bytes
from kg.view.rdf import rdf_bytes
from kg.view.sheet import table_xlsx
from kg.view.table import harmless, table_csv, values_csv
from kg.view.writing import write_bytes, written


@pytest.fixture(scope="module")
def graph():
    return practice_graph(realistic())


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("view") / "store"
    assert build_records(realistic()[:2], folder).exit_code == 0
    return folder


def read(content, encoding="utf-8"):
    return list(csv.DictReader(io.StringIO(content.decode(encoding), newline="")))


def test_table_has_the_cards_columns_first_and_a_row_a_practice(graph):
    rows = read(table_csv(graph))
    assert list(rows[0])[:6] == ["地区", "项目", "形式", "对象", "成效", "原文依据"]
    assert len(rows) == 60
    brand = next(row for row in rows if row["地区"] == "重庆市江津区双福街道" and not row["所属品牌"])
    assert (brand["省"], brand["市"], brand["县区"], brand["街道乡镇"]) == ("重庆市", "", "江津区", "双福街道")
    assert brand["成效"] == "举办3场；累计120余人次参加"
    assert all(words in brand["原文依据"] for words in brand["成效"].split("；"))
    assert brand["文章"].count("\n") == 1, "the repost is named too"


def test_the_tables_own_words_are_of_its_language(graph):
    english, chinese = read(table_csv(graph, language="en")), read(table_csv(graph))
    assert list(english[0])[:3] == ["District", "Programme", "Format"]
    assert any("（转载）" in row["文章"] for row in chinese)
    assert not any("（转载）" in row["Articles"] for row in english)
    assert sum(" (repost)" in row["Articles"] for row in english) == sum("（转载）" in row["文章"] for row in chinese)


def test_the_same_words_of_two_years_are_two_dates():
    (record, text), *_ = realistic()
    first, *rest = record.practices
    words = first.programme

    def told(file, year):
        date = DateValue(**words.model_dump(include={"text", "start", "end", "source", "rule"}), iso=f"{year}-03")
        one = first.model_copy(update={"dates": (date,)})
        return record.model_copy(update={"file": file, "content_hash": file, "practices": (one, *rest)}), text

    rows = [*table_rows(practice_graph([told("a.txt", 2023), told("b.txt", 2024)]))]
    (dates,) = {row["dates"] for row in rows if row["dates"]}
    assert "2023-03" in dates and "2024-03" in dates


def test_a_figure_planned_here_and_achieved_there_is_two():
    (record, text), *_ = realistic()
    first = record.practices[0]
    figure = first.outcomes[0]

    def told(file, **update):
        one = first.model_copy(update={"outcomes": (figure.model_copy(update=update),)})
        return record.model_copy(update={"file": file, "content_hash": file, "practices": (one,)}), text

    pairs = [told("a.txt", modality="planned"), told("b.txt"), told("c.txt"), told("d.txt", comparator="~")]
    made = practice_graph([*pairs, told("e.txt", what="场次")])
    rows = [row for row in read(values_csv(made)) if row["slot"] == "outcomes"]
    assert sorted((row["modality"], row["comparator"], row["what"]) for row in rows) == [
        ("achieved", "=", ""),
        ("achieved", "=", "场次"),
        ("achieved", "~", ""),
        ("planned", "=", ""),
    ]
    (row,), (english,) = table_rows(made), table_rows(made, "en")
    assert row["outcomes"] == f"{figure.text}（计划）；{figure.text}"
    assert english["outcomes"] == f"{figure.text} (planned)；{figure.text}"
    network = networkx.read_graphml(io.BytesIO(graphml_bytes(made)), force_multigraph=True)
    assert sorted(data["modality"] for _, data in network.nodes(data=True) if data["kind"] == "outcome") == [
        *["achieved"] * 3,
        "planned",
    ]


def test_a_place_that_is_only_a_name_is_in_no_column_of_a_level():
    record, text = realistic()[0]
    graph = practice_graph([(record.model_copy(update={"regions": ()}), text)])
    for row in table_rows(graph):
        assert row["district"] and not any(row[level] for level in ("province", "county", "township", "village"))
    assert {row["province"] for row in read(values_csv(graph))} == {""}


def test_bom_only_on_request(graph):
    assert not table_csv(graph).startswith(b"\xef\xbb\xbf")
    assert table_csv(graph, bom=True) == b"\xef\xbb\xbf" + table_csv(graph)
    assert values_csv(graph, bom=True).startswith(b"\xef\xbb\xbf")


def test_values_lead_to_the_exact_words(graph):
    rows = read(values_csv(graph))
    texts = {record.file: text for record, text in realistic()}
    assert len(rows) == sum(len(item.evidence) for view in graph.practices for item in view.statements)
    for row in rows:
        assert row["sentence"][int(row["sentence_start"]) : int(row["sentence_end"])] == row["text"]
        assert texts[row["file"]][int(row["start"]) : int(row["end"])] == row["text"]


def test_a_value_in_other_words_bears_the_words_of_its_own_sentence():
    concept = "https://example.org/concept"
    told = [
        marked(
            f"平江街道办起“{{programme:邻里讲堂}}”，{{region:平江街道}}采取{{formats:{words}}}。",
            file=f"{words}.txt",
            path=("江苏省", "苏州市", "姑苏区", "平江街道"),
            concepts={words: concept},
        )
        for words in ("圆桌会", "板凳议事")
    ]
    rows = [row for row in read(values_csv(practice_graph(told))) if row["slot"] == "formats"]
    assert {(row["file"], row["text"], row["concept"]) for row in rows} == {
        ("圆桌会.txt", "圆桌会", concept),
        ("板凳议事.txt", "板凳议事", concept),
    }
    assert all(row["sentence"][int(row["sentence_start"]) : int(row["sentence_end"])] == row["text"] for row in rows)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＠x"])
def test_no_cell_is_a_formula(cell):
    assert harmless(cell) == "'" + cell
    assert harmless("集中授课=1") == "集中授课=1"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝"])
def test_a_sign_alone_is_no_formula(graph, sign):
    assert harmless(sign) == sign
    assert {row["comparator"] for row in read(values_csv(graph))} == {"", "=", ">"}


def hostile():
    record, text = marked(
        "=1：{region:平江街道}开设“{programme:=HYPERLINK(1)}”，采取{formats:@c\x0bmd}。",
        file="a.txt",
        title="=cmd|x",
        path=("江苏省", "苏州市", "姑苏区", "平江街道"),
    )
    return practice_graph([(record, text)])


def test_formulas_of_an_article_stay_text_in_csv_and_xlsx():
    for rows in (csv.reader(io.StringIO(made.decode())) for made in (table_csv(hostile()), values_csv(hostile()))):
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "@"))]
    sheet = openpyxl.load_workbook(io.BytesIO(table_xlsx(hostile()))).active
    assert sheet["B2"].value == "=HYPERLINK(1)"
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


def test_workbook_is_frozen_filtered_wide_and_wrapped(graph):
    sheet = openpyxl.load_workbook(io.BytesIO(table_xlsx(graph))).active
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == sheet.dimensions == "A1:V61"
    assert sheet.column_dimensions["F"].width == 70
    assert sheet["F2"].alignment.wrap_text
    assert [cell.value for cell in sheet["B"][1:]] == [row["programme"] for row in table_rows(graph)]


def test_a_long_cell_is_cut_to_what_excel_opens(graph, monkeypatch):
    monkeypatch.setattr("kg.view.sheet.LONGEST_CELL", 20)
    sheet = openpyxl.load_workbook(io.BytesIO(table_xlsx(graph))).active
    assert len(sheet["F2"].value) == 20 and sheet["F2"].value.endswith("…")


def test_network_files_hold_the_whole_graph_and_its_sentences(graph):
    for made in (
        networkx.read_graphml(io.BytesIO(graphml_bytes(graph)), force_multigraph=True),
        networkx.read_gexf(io.BytesIO(gexf_bytes(graph))),
    ):
        assert (made.number_of_nodes(), made.number_of_edges()) == (len(graph.nodes), len(graph.edges))
        told = [data for *_, data in made.edges(data=True) if data["relation"] == "format"]
        assert all(item["sentence"] in data["sentences"] for data in told for item in json.loads(data["evidence"]))
    for made in (graphml_bytes, gexf_bytes):
        assert "@c\ufffdmd" in made(hostile()).decode("utf-8")


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_rdf_formats_tell_the_same(store):
    lines = [line for line in StoreSource.at(store).quads() if "/article/" in line.rsplit(" <", 1)[1]]
    assert len(lines) > 100
    made = {name: rdf_bytes(lines, name) for name in ("turtle", "trig", "nquads", "jsonld")}
    triples = {line.rsplit(" <", 1)[0] for line in lines}
    turtle = rdflib.Graph().parse(data=made["turtle"], format="turtle")
    assert len(turtle) == len(triples)
    for name in ("trig", "nquads", "jsonld"):
        read_back = rdflib.Dataset().parse(data=made[name], format={"jsonld": "json-ld"}.get(name, name))
        assert sum(1 for _ in read_back.quads()) == len(lines)


def test_times_come_only_when_asked_for(store):
    nquads = FORMATS["nquads"].make
    assert b"/prov#startedAtTime" not in nquads(StoreSource.at(store), ExportOptions())
    assert b'/prov#startedAtTime> "' in nquads(StoreSource.at(store), ExportOptions(runs=True))


def test_nodes_are_named_as_in_the_store(store):
    source = StoreSource.at(store)
    named = {part for line in source.quads() for part in line.split(" ", 3)[:3]}
    missing = [node.label for node in source.graph().nodes if node.kind != "outcome" and f"<{node.id}>" not in named]
    assert missing == []


def test_a_base_of_the_users_own_reaches_every_export(tmp_path):
    build_records(realistic()[:1], tmp_path / "store", base="https://example.org/g/")
    source = StoreSource.at(tmp_path / "store")
    ids = {node.id for node in source.graph().nodes}
    assert ids and all(key.startswith("https://example.org/g/") for key in ids)
    assert b"@prefix gp: <https://example.org/g/ontology#>" in FORMATS["turtle"].make(source, ExportOptions())


@pytest.mark.parametrize("name", list(FORMATS))
def test_the_same_store_gives_the_same_bytes(store, name, monkeypatch):
    first = FORMATS[name].make(StoreSource.at(store), ExportOptions())
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 200_000)
    assert FORMATS[name].make(StoreSource.at(store), ExportOptions()) == first


def test_nquads_come_in_pieces_and_are_the_sorted_lines(store, monkeypatch):
    monkeypatch.setattr("kg.graph.store.sorting.MOST_BYTES", 10_000)
    monkeypatch.setattr("kg.view.rdf.LINES_A_PIECE", 7)
    pieces = list(FORMATS["nquads"].pieces(StoreSource.at(store), ExportOptions()))
    assert max(piece.count(b"\n") for piece in pieces) == 7
    lines = b"".join(pieces).decode("utf-8").removesuffix("\n").split("\n")
    assert lines == sorted(set(lines)) == list(StoreSource.at(store).quads())


def test_csv_in_pieces_is_the_same(graph, monkeypatch):
    whole = values_csv(graph, bom=True)
    monkeypatch.setattr("kg.view.table.CHARACTERS_A_PIECE", 100)
    assert values_csv(graph, bom=True) == whole


def test_a_store_that_is_none_is_refused(tmp_path):
    with pytest.raises(StoreError, match="there is no store"):
        StoreSource.at(tmp_path)


def test_a_failed_write_leaves_what_was_there(tmp_path, monkeypatch):
    target = tmp_path / "graph.html"
    target.write_bytes(b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UsageError, match="No space left"):
        write_bytes(b"new", target)
    assert target.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["graph.html"]


def test_what_is_written_piece_by_piece_appears_when_it_is_whole(tmp_path):
    target = tmp_path / "records.jsonl"
    target.write_bytes(b"old")
    with written(target) as write:
        write(b"one\n")
        assert target.read_bytes() == b"old"
        write(b"two\n")
    assert target.read_bytes() == b"one\ntwo\n"
    for end in (KeyboardInterrupt, RuntimeError, OSError):
        with pytest.raises(end), written(target) as write:
            write(b"half")
            raise end
        assert target.read_bytes() == b"one\ntwo\n"
    assert [item.name for item in tmp_path.iterdir()] == ["records.jsonl"]


@pytest.mark.parametrize("name", ["missing/x.jsonl", "folder", "folder/" + "x" * 300, "file/x.jsonl"])
def test_a_place_that_cannot_be_written_is_told_before_the_work(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    with (
        pytest.raises(UsageError, match=r"cannot be written .*; check the folder, its rights"),
        written(tmp_path / name),
    ):
        pytest.fail("the work was begun")


def test_a_stroke_is_standard_output(tmp_path, monkeypatch, capsysbinary):
    monkeypatch.chdir(tmp_path)
    write_bytes(b"all", Path("-"))
    assert capsysbinary.readouterr().out == b"all" and not [*tmp_path.iterdir()]


def test_a_name_as_long_as_names_can_be_is_written(tmp_path):
    write_bytes(b"new", tmp_path / ("x" * 250))
    assert (tmp_path / ("x" * 250)).read_bytes() == b"new"
