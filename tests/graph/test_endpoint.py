"""A real SPARQL server in a second process: query, update and graph store protocol."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from sample_records import sample
from typer.testing import CliRunner, Result

from kg.cli.main import app
from kg.compare import open_graph
from kg.compare.column_copy.saved import open_columns
from kg.errors import StoreError, UsageError
from kg.graph.build import build_records
from kg.graph.rdf.fixed import GAZETTEER
from kg.graph.rdf.terms import PREFIXES
from kg.graph.remote.endpoint import Endpoint
from kg.graph.remote.publish import publish
from kg.model.iri import BASE
from kg.query import QueryTimeoutError

SERVER = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SERVER is None, reason="the oxigraph server is not installed (pip install oxigraph)"),
]
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert SERVER is not None
    command = [SERVER, "serve", "--location", str(tmp_path / "server"), "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def named(endpoint: Endpoint, graph: str) -> set[str]:
    rows = endpoint.select(f"SELECT ?s ?p ?o {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
    return {f"{row['s']} {row['p']} {row['o']}" for row in rows}


def assert_the_same(store: Path, url: str) -> None:
    """What the server holds is what the store holds, named graphs and union alike."""
    with open_graph(store) as here, open_graph(url) as there:
        for graph in here.sparql("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").rows():
            if not graph[0].endswith(("/index", "/runs")):
                inside = f"SELECT ?s ?p ?o {{ GRAPH <{graph[0]}> {{ ?s ?p ?o }} }}"
                assert sorted(map(str, here.sparql(inside).rows())) == sorted(map(str, there.sparql(inside).rows()))
        rest = "SELECT ?s ?p ?o { ?s ?p ?o FILTER(?p != gp:graphHash) }"
        assert sorted(map(str, here.sparql(rest).rows())) == sorted(map(str, there.sparql(rest).rows()))


@pytest.mark.parametrize("protocol", ["graph store", "update alone"])
def test_a_server_follows_the_store(url: str, tmp_path: Path, protocol: str) -> None:
    store, endpoint = tmp_path / "store", Endpoint.from_url(url)
    if protocol == "update alone":
        endpoint = Endpoint(endpoint.query, endpoint.update, None)
    endpoint.change("INSERT DATA { GRAPH <http://other.example/g> { <a:s> <a:p> <a:o> } }")
    twin = sample(1)[0].model_copy(update={"file": "twin.txt"})
    build_records([sample(1), (twin, sample(1)[1]), sample(2)], store)
    assert publish(store, endpoint).withdrawn == 0
    assert publish(store, endpoint).written == 0
    build_records([sample(1), sample(3)], store)
    report = publish(store, endpoint)
    assert report.withdrawn == 2 and report.unchanged >= 1
    assert_the_same(store, url)
    with open_graph(store) as here, open_graph(url) as there:
        assert here.shared().frame.equals(there.shared().frame)
        assert here.practices().equals(there.practices())
    assert named(endpoint, "<http://other.example/g>") == {"<a:s> <a:p> <a:o>"}


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_transfer_that_dies_leaves_nothing_false(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    store, endpoint, send = tmp_path / "store", Endpoint.from_url(url), Endpoint._send
    steps = 0

    def dying(self: Endpoint, address: str, method: str, body: bytes, *rest: str) -> bytes:
        nonlocal steps
        steps += GAZETTEER in unquote(address) or GAZETTEER.encode() in body
        if steps == step:
            raise StoreError("the server does not answer", where=address)
        return send(self, address, method, body, *rest)

    build_records([sample(1)], store)
    with monkeypatch.context() as patch:
        patch.setattr(Endpoint, "_send", dying)
        with pytest.raises(StoreError, match="does not answer"):
            publish(store, endpoint)
    build_records([sample(2)], store)  # another place: nothing of the first one's is in the gazetteer now
    publish(store, endpoint)
    assert_the_same(store, url)


def test_a_store_does_not_take_the_place_of_another_one(url: str, tmp_path: Path) -> None:
    one, two, endpoint = tmp_path / "one", tmp_path / "two", Endpoint.from_url(url)
    build_records([sample(1)], one)
    build_records([sample(2)], two)
    publish(one, endpoint)
    with pytest.raises(StoreError, match=r"holds the graphs of another store .* --endpoint-replace"):
        publish(two, endpoint)
    assert_the_same(one, url)
    moved = one.rename(tmp_path / "moved")
    build_records([sample(1), sample(3)], moved)
    assert publish(moved, endpoint).withdrawn == 0  # wherever its folder is, it is the same store
    assert publish(two, endpoint, replace=True).withdrawn == 2
    assert_the_same(two, url)
    with pytest.raises(StoreError, match="another store"):
        publish(moved, endpoint)


def test_stores_of_two_bases_share_a_server(url: str, tmp_path: Path) -> None:
    endpoint = Endpoint.from_url(url)
    build_records([sample(1)], tmp_path / "ours")
    build_records([sample(2)], tmp_path / "mine", base="https://me.example/")
    publish(tmp_path / "ours", endpoint)
    assert publish(tmp_path / "mine", endpoint).withdrawn == 0
    assert publish(tmp_path / "ours", endpoint).written == 0


def test_queries_find_the_base_of_the_server(url: str, tmp_path: Path) -> None:
    def wrote(name: str, number: int, base: str | None) -> Path:
        build_records([sample(number)], tmp_path / name, base=base)
        publish(tmp_path / name, Endpoint.from_url(url))
        return tmp_path / name

    other = "<https://me.example/other> a void:Dataset ; void:vocabulary <https://me.example/ontology>"
    Endpoint.from_url(url).change(f"PREFIX void: <{PREFIXES['void']}> INSERT DATA {{ {other} }}")
    mine = wrote("mine", 1, "https://me.example/")
    with open_graph(mine) as here, open_graph(url) as there:
        assert there.base == here.base == "https://me.example/"
        assert there.sparql("ASK { ?p a gp:Practice }").value is True
        assert here.practices().equals(there.practices()) and len(there.practices()) == 2
    found = CliRunner().invoke(app, ["sparql", "SELECT ?p { ?p a gp:Practice }", "--store", url, "--format", "csv"])
    assert len(found.stdout.splitlines()) == 3
    assert list(open_columns(url).practice_iri) == list(open_columns(mine).practice_iri)
    wrote("theirs", 2, "https://they.example/")
    with pytest.raises(StoreError, match=r"several bases \(https://me.example/, https://they.example/\)"):
        open_graph(url)
    wrote("ours", 3, None)
    with open_graph(url) as there:
        assert there.base == BASE


def test_what_older_programs_wrote_is_taken_over(url: str, tmp_path: Path) -> None:
    endpoint = Endpoint.from_url(url)
    build_records([sample(1)], tmp_path / "one")
    build_records([sample(2)], tmp_path / "two")
    publish(tmp_path / "one", endpoint)
    endpoint.change("DELETE WHERE { GRAPH ?index { ?index <http://purl.org/dc/terms/identifier> ?store } }")
    assert publish(tmp_path / "two", endpoint).withdrawn == 1
    with pytest.raises(StoreError, match="another store"):
        publish(tmp_path / "one", endpoint)


def test_the_option_that_gives_a_server_to_another_store(url: str, tmp_path: Path) -> None:
    for name, number in (("one", 1), ("two", 2)):
        (tmp_path / name).write_text(sample(number)[0].model_dump_json() + "\n", encoding="utf-8")

    def build(name: str, *words: str) -> Result:
        call = ["build", "--records", str(tmp_path / name), "--store", str(tmp_path / f"{name}-store")]
        return CliRunner().invoke(app, [*call, "--endpoint", url, *words])

    assert build("one").exit_code == 0
    refused = build("two")
    assert isinstance(refused.exception, StoreError) and "/query: the server holds" in str(refused.exception)
    given = build("two", "--endpoint-replace")
    assert given.exit_code == 0 and f"{url}/query: " in given.stdout and " 1 withdrawn" in given.stdout


def test_questions_go_to_a_server_as_to_a_store(url: str, tmp_path: Path) -> None:
    build_records([sample(1), sample(2)], tmp_path / "store")
    publish(tmp_path / "store", Endpoint.from_url(url))
    with open_graph(url) as graph:
        assert graph.sparql("ASK { ?p a gp:Practice }").value is True
        assert len(graph.sparql("CONSTRUCT { ?p a gp:Practice } WHERE { ?p a gp:Practice }").rows()) == 4
        assert graph.sparql("SELECT ?p { ?p a gp:Practice }", max_rows=3).truncated
        with pytest.raises(UsageError, match="line 1, column"):
            graph.sparql("SELECT * {")
        with pytest.raises(UsageError, match="SERVICE is not allowed"):
            graph.sparql("SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }")
        with pytest.raises(QueryTimeoutError):
            graph.sparql("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", timeout=0.5)


def test_a_server_without_a_union_is_said_so(url: str) -> None:
    gp = "https://practice-graph.example/ontology#"
    Endpoint.from_url(url).change(f"INSERT DATA {{ GRAPH <g:1> {{ <p:1> a <{gp}Practice> }} }}")
    with open_graph(url) as graph:
        with pytest.raises(StoreError, match="not the union of its graphs"):
            graph.sparql(COUNT)
        with pytest.raises(StoreError, match="not the union of its graphs"):  # the word is in the name of our prefix
            graph.sparql(f"PREFIX gp: <{gp}> SELECT ?p {{ ?p a gp:Practice }} # GRAPH")
        assert graph.sparql("SELECT ?p { GRAPH ?g { ?p a gp:Practice } }").rows() == [("p:1",)]


def test_addresses() -> None:
    assert Endpoint.from_url("http://h:1/query").update == "http://h:1/update"
    assert Endpoint.from_url("http://h:1/").graphs == "http://h:1/store"
    assert Endpoint.from_url("http://h/repositories/kg").update == "http://h/repositories/kg/statements"
    assert Endpoint.from_url("http://h/ds/sparql", graphs="http://h/ds/data").graphs == "http://h/ds/data"
    with pytest.raises(UsageError, match="not an http address"):
        Endpoint.from_url("ftp://h/")


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(StoreError, match="the server does not answer"):
        open_graph("http://127.0.0.1:9/")
