"""Queries of the user's own: read-only, within limits, told clearly what is wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import socket
import subprocess
import sys
import threading
import time
import warnings
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import kg
from kg.errors import StoreError, UsageError
from kg.query import Graph, QueryMemoryError, QueryTimeoutError, open_graph
from kg.query.guard import check_query, prefixes, tokens
from kg.query.protocol import status_of
from kg.query.worker import check_service, most_memory

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LABELS = 'SELECT ?p ?l { ?p a gp:Practice ; skos:prefLabel ?l FILTER(STRSTARTS(?l, "晨光")) } ORDER BY ?l'


def test_the_default_graph_is_the_union_and_counts_each_triple_once(graph: Graph) -> None:
    # The practice of article 4 is told by two articles, that of article 3 by its repost too.
    rows = graph.sparql("SELECT (COUNT(?p) AS ?n) { ?p a gp:Practice ; gp:named true }").rows()
    assert rows == [(len(graph.lookup.practices.labels),)]


def test_a_query_that_never_ends_is_killed_and_the_next_one_runs(graph: Graph) -> None:
    started = time.monotonic()
    with pytest.raises(QueryTimeoutError, match="stopped after 1 seconds") as caught:
        graph.sparql(ENDLESS, timeout=1)
    assert time.monotonic() - started < 10 and caught.value.exit_code == 1
    assert graph.sparql("ASK { ?p a gp:Practice }").value is True


@pytest.mark.skipif(sys.platform != "linux", reason="no limit of memory there")
@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a",
        # One step that asks for more than there is.
        'ASK { BIND("aaaaaaaaaaaaaaaa" AS ?x0) '
        + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}, ?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(14))
        + " }",
    ],
)
def test_a_query_that_needs_too_much_memory_is_stopped_and_the_next_one_runs(
    store: Path, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr("kg.query.engine.most_memory", lambda: 120_000_000)
    with open_graph(store) as opened:
        with pytest.raises(QueryMemoryError, match="too much memory; narrow it") as caught:
            opened.sparql(query)
        assert caught.value.exit_code == 1 and status_of(caught.value) == 503
        assert opened.sparql("ASK { ?p a gp:Practice }").value is True


def test_a_query_may_have_a_share_of_the_machine() -> None:
    assert (most_memory() >= 1 << 30) == (sys.platform == "linux")


@pytest.mark.slow  # it waits by the clock
@pytest.mark.skipif(os.name == "nt", reason="tells processes by ps")
def test_the_worker_ends_itself_when_its_parent_is_gone(store: Path) -> None:
    code = (
        "import os, threading, time\nfrom kg.query import open_graph\n"
        f"g = open_graph({str(store)!r}); g.sparql('ASK {{}}'); print(g._engine._worker.pid, flush=True)\n"
        f"threading.Thread(target=lambda: g.sparql({ENDLESS!r}, timeout=1.5), daemon=True).start()\n"
        "time.sleep(0.5); os._exit(1)"
    )
    root = str(Path(kg.__file__).parent.parent)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=root)
    worker = int(done.stdout)
    for _ in range(100):
        try:
            os.kill(worker, 0)
            if Path(f"/proc/{worker}/stat").read_text(encoding="utf-8").split()[2] == "Z":
                return  # dead, and nobody has fetched its end yet
        except (OSError, FileNotFoundError):
            return
        time.sleep(0.1)
    pytest.fail("the worker still runs")


@pytest.mark.parametrize(
    ("query", "place", "said"),
    [
        ("SELECT * {", "line 1, column", "not valid SPARQL"),
        ("SELECT *\nWHERE {\n  ?s foo:bar ?o }", "line 3, column", "a prefix is not declared"),
        ("SELECT *\nWHERE {\n  ?s foo:bar ?o }", "line 3, column", "in '?s foo:bar ?o }'"),
        ("", "line 1, column 1", "not valid SPARQL"),
        ("SELECT ?x ?y { ?x a gp:Practice } GROUP BY ?x", "", "not valid SPARQL"),
        ("SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }", "line 1, column 12", "SERVICE is not allowed"),
        ("ASK {\n service silent <http://a.example/> {} }", "line 2, column 2", "SERVICE is not allowed"),
        ("DELETE WHERE { ?s ?p ?o }", "line 1, column 1", "queries only read"),
        ("PREFIX a: <b:>\nLOAD <http://a.example/>", "line 2, column 1", "queries only read"),
        ("DROP ALL", "", "queries only read"),
        ("ASK " + "{" * 5000 + "}" * 5000, "line 1, column 205", "brackets stand 200 deep"),
        ("ASK { FILTER(" + "!" * 20_000 + "true) }", "line 1, column 1014", "1,000 operators"),
        ("SELECT (" + "+".join("1" * 20_000) + " AS ?x) {}", "", "1,000 operators"),
        ("ASK { ?a " + "/".join(["gp:x"] * 20_000) + " ?c }", "", "1,000 operators"),
        ("ASK { " + " UNION ".join(["{ ?a ?b ?c }"] * 8_000) + " }", "", "operators or patterns follow each other"),
    ],
)
def test_what_is_wrong_and_where(graph: Graph, query: str, place: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        graph.sparql(query)
    assert place in str(caught.value.where) and said in str(caught.value)
    assert caught.value.exit_code == 2 and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?service { ?service a "SERVICE" }',
        "# SERVICE <http://a.example/>\nASK { <http://service/SERVICE> ?p 'LOAD' }",
        "PREFIX service: <http://a/> SELECT * { ?s service:SERVICE ?o }",
        'SELECT * { ?s ?p """a "SERVICE" b""" }',
        "SELECT * { VALUES ?x { " + "-1 " * 5000 + "} FILTER(?x IN (" + ", ".join(["-1"] * 5000) + ")) }",
        "SELECT * { VALUES ?d { " + '"2024-01-01"^^xsd:date ' * 1001 + "} }",
    ],
)
def test_a_word_that_only_looks_forbidden_is_let_through(query: str) -> None:
    check_query(query)


@pytest.mark.parametrize(
    "query",
    [
        # As Oxigraph reads them, "less than" and no IRI, an escaped quote and no string.
        "SELECT * { FILTER(1<2)SERVICE#>\n<HOST>{ ?s ?p ?o } }",
        "SELECT * { BIND(IRI('HOST') AS ?u) FILTER EXISTS { FILTER(1<2)SERVICE#>\n?u{ ?x ?y ?z } } }",
        "SELECT * { BIND(IRI('HOST') AS ?u) LATERAL { FILTER(1<2)SERVICE#>\nSILENT?u{ ?x ?y ?z } } }",
        "ASK { FILTER(1<2)SERVICE#>\n<HOST>{} }",
        "SELECT * { OPTIONAL { ?s gp:a\\' ?o } SERVICE <HOST> { ?z ?y ?x } FILTER(''='') }",
        "SELECT * { OPTIONAL { ?s gp:a\\# ?o } SERVICE <HOST> { ?z ?y ?x }\n}",
        "SELECT * { \\u0053ERVICE <HOST> { ?s ?p ?o } }",
        "PREFIX : <HOST> SELECT * { SERVICE:x{ ?s ?p ?o } }",
        "SELECT * { ?s ?p 1SERVICE<HOST>{ ?s ?p ?o } }",
    ],
)
def test_no_server_is_asked_however_the_word_is_hidden(graph: Graph, query: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        host = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        with pytest.raises(UsageError, match="SERVICE"):
            graph.sparql(query.replace("HOST", host))
        with pytest.raises(SyntaxError):  # without the pieces that check_query sees
            check_service(query.replace("HOST", host), prefixes())
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_the_letters_of_service_elsewhere_are_let_through(graph: Graph) -> None:
    asked = "ASK { VALUES (?service ?servixe) { ('SERVICE' <http://service/>) } } # service"
    assert graph.sparql(asked).value is True
    assert graph.sparql('PREFIX service: <x:> ASK { FILTER("\\u0061 service" = "a service") }').value is True
    with pytest.raises(UsageError, match="line 2, column 4"):
        graph.sparql("# service\nASK")


def test_the_pieces_of_a_query_are_the_query() -> None:
    query = "SELECT * { ?a <b:c> 'd\\'e' . FILTER(?x<?y&&?y>1) } # SERVICE"
    assert "".join(text for _, text, _ in tokens(query)) == query


def test_a_query_ends_where_the_graph_is_closed_meanwhile(graph: Graph) -> None:
    assert graph.sparql("ASK {}").value is True
    threading.Timer(0.3, graph.close).start()
    with pytest.raises(QueryTimeoutError, match="stopped before its end"):
        graph.sparql(ENDLESS, timeout=60)
    assert graph.sparql("ASK {}").value is True


def test_rows_are_cut_off_and_it_is_said(graph: Graph) -> None:
    answer = graph.sparql(LABELS, max_rows=5)
    assert answer.truncated and len(answer.rows()) == 5
    assert not graph.sparql(LABELS).truncated
    triples = graph.sparql("CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }", max_rows=4)
    assert triples.truncated and len(triples.rows()) == 4


def test_every_form_says_the_same(graph: Graph) -> None:
    answer = graph.sparql(LABELS)
    labels = [label for _, label in answer.rows()]
    assert answer.to_pandas()["l"].tolist() == labels and len(labels) >= 12
    assert [row[1] for row in csv.reader(io.StringIO(answer.to_text("csv")))][1:] == labels
    bindings = json.loads(answer.to_text("json"))["results"]["bindings"]
    assert [row["l"]["value"] for row in bindings] == labels
    space = "{http://www.w3.org/2005/sparql-results#}"
    literals = ET.fromstring(answer.to_text("xml")).iter(f"{space}literal")
    assert [each.text for each in literals] == labels
    assert all(label in answer.to_text("table") for label in labels)
    turtle = graph.sparql("CONSTRUCT { ?p a gp:Practice } WHERE { ?p a gp:Practice }").to_text("turtle")
    assert turtle.count("ontology#Practice") >= 1
    for form, query in (("turtle", LABELS), ("xml", "CONSTRUCT WHERE { ?s a gp:Outcome }"), ("pdf", LABELS)):
        with pytest.raises(UsageError):
            graph.sparql(query).to_text(form)


def test_numbers_truth_values_and_gaps_are_python_values(graph: Graph) -> None:
    ((number, truth, words, gap),) = graph.sparql(
        'SELECT (1.5 AS ?a) (true AS ?b) ("x\ty" AS ?c) ?d {}'.replace("\t", "\\t")
    ).rows()
    assert (number, truth, words, gap) == (1.5, True, "x\ty", None)
    assert graph.sparql("SELECT ?x { ?x a <no:such> }").rows() == []
    assert graph.sparql("ASK { ?x a <no:such> }").to_pandas()["answer"].tolist() == [False]


def test_a_store_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        open_graph(tmp_path)


def test_the_package_opens_a_store(store: Path) -> None:
    with kg.open(store) as graph:
        assert isinstance(graph, Graph)


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"])
def test_a_data_frame_says_that_rows_are_missing(graph: Graph, query: str) -> None:
    with pytest.warns(UserWarning, match=r"cut off after 3 rows: raise max_rows") as caught:
        frame = graph.sparql(query, max_rows=3).to_pandas()
    assert len(frame) == 3 and frame.attrs["truncated"] is True
    assert caught[0].filename == __file__  # the line that asked
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "truncated" not in graph.sparql(LABELS).to_pandas().attrs


def test_an_answer_shows_its_rows_in_a_notebook_and_not_its_bytes(graph: Graph) -> None:
    answer = graph.sparql(LABELS, max_rows=40)
    assert repr(answer) == f"<Answer: {len(answer.rows())} rows; p, l>"
    assert repr(graph.sparql("ASK {}")) == "<Answer: True>"
    numbers = " ".join(map(str, range(31)))
    shown = graph.sparql(f'SELECT ?n ("<b>" AS ?b) ?gap {{ VALUES ?n {{ {numbers} }} }}')._repr_html_()
    assert shown.count("&lt;b&gt;") == 30 and "1 more row" in shown and "None" not in shown
    assert "cut off" in graph.sparql(LABELS, max_rows=2)._repr_html_() and "cut off" not in shown
