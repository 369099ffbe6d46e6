"""Servers that answer oddly, slowly or not at all: one line says so, and nothing hangs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from threading import Event

import pytest
from odd_server import Sent, odd_server, opened, reply
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, Store
from sample_records import sample
from typer.testing import CliRunner

from kg.cli.main import app
from kg.errors import StoreError, UsageError
from kg.graph.build import build_records
from kg.graph.remote.endpoint import Endpoint
from kg.graph.remote.exchange import Allowance, ServerTimeoutError
from kg.graph.remote.publish import publish
from kg.propose import ModelApi
from kg.query import QueryTimeoutError, open_graph
from kg.query.engine import whole
from kg.query.remote import RemoteEngine

CAP = 5
YES = '{"head":{},"boolean":true}'
ROWS = '{"head":{"vars":["g","h"]},"results":{"bindings":[%s]}}'
ODD = {
    "a page": reply("<html>log in</html>", kind="text/html"),
    "XML": reply('<sparql xmlns="http://www.w3.org/2005/sparql-results#"/>', kind="application/sparql-results+xml"),
    "an empty object": reply("{}"),
    "a list": reply("[]"),
    "no UTF-8": reply(b"\xff\xfe"),
    "too deep": reply("[" * 100_000),
    "nothing": reply(""),
    "a connection that dies": reply(YES + " " * 5000)[:120],
    "pieces that end early": b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"head"',
    "no HTTP": b"SSH-2.0-OpenSSH\r\n",
}
WRONG_ROWS = {
    "a row that is none": reply(ROWS % '{"g":{"type":"uri","value":"not an iri"},"h":{"type":"literal","value":"x"}}'),
    "an unbound value": reply(ROWS % '{"g":{"type":"uri","value":"g:1"}}'),
    "another kind of term": reply(ROWS % '{"g":{"type":"literal","value":"x"},"h":{"type":"literal","value":"x"}}'),
    "other variables": reply('{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"g:1"}}]}}'),
    "yes for a table": reply(YES),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_what_is_no_answer_is_told_so(odd: bytes) -> None:
    with odd_server(odd) as server:
        with pytest.raises(StoreError, match="this is no answer of a SPARQL server") as caught:
            open_graph(server.url)
        assert f"{server.url}/query: " in str(caught.value) and "\n" not in str(caught.value)
        assert caught.value.exit_code == 2


@pytest.mark.parametrize("wrong", [*ODD.values(), *WRONG_ROWS.values()], ids=[*ODD, *WRONG_ROWS])
def test_a_store_goes_to_no_such_server(tmp_path: Path, wrong: bytes) -> None:
    build_records([sample(1)], tmp_path / "store")
    with odd_server(opened(wrong)) as server:
        with pytest.raises(StoreError, match="this is no answer of a SPARQL server"):
            publish(tmp_path / "store", Endpoint.from_url(server.url))
        assert {sent.path for sent in server.sent} == {"/query"}, "nothing was written"


@pytest.mark.parametrize("query", ["SELECT ?g ?p { ?g a ?p }", "CONSTRUCT { ?g a ?p } WHERE { ?g a ?p }"])
@pytest.mark.parametrize("wrong", [*ODD.values(), WRONG_ROWS["other variables"]], ids=[*ODD, "other variables"])
def test_a_query_of_the_user_gets_no_traceback(wrong: bytes, query: str) -> None:
    if wrong == ODD["nothing"] and query.startswith("CONSTRUCT"):
        return  # a graph without triples
    with odd_server(opened(wrong)) as server:
        done = CliRunner().invoke(app, ["sparql", query, "--store", server.url])
    assert isinstance(done.exception, StoreError), done.exception
    assert str(done.exception).startswith(f"{server.url}/query: this is no answer of a SPARQL server (")


def test_rows_that_are_none_are_told_before_any_is_shown() -> None:
    with odd_server(opened(WRONG_ROWS["a row that is none"])) as server, open_graph(server.url) as graph:
        with pytest.raises(StoreError, match=r"no answer of a SPARQL server \(Invalid"):
            graph.sparql("SELECT ?g ?h { ?g ?h ?o }")
        with pytest.raises(StoreError, match=r"it has no \?other"):
            graph.sparql("SELECT ?g ?other { ?g ?h ?other }")


def test_a_store_is_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for words, remedy in (
        (["build", "articles", "--store", "http://127.0.0.1:9/"], "add --endpoint URL to kg build"),
        (["build", "articles", "--store", "HTTPS://a.example"], "add --endpoint URL to kg build"),
        (["validate", "http://127.0.0.1:9/"], "name the folder that kg build wrote"),
    ):
        Path("articles").mkdir(exist_ok=True)
        Path("articles", "a.txt").write_text(sample(1)[1], encoding="utf-8")
        done = CliRunner().invoke(app, words)
        assert isinstance(done.exception, UsageError) and done.exception.remedy == remedy
        assert [path.name for path in tmp_path.iterdir()] == ["articles"]


NO_ADDRESS = (
    "http://127.0.0.1:abc/",
    "http://127.0.0.1:99999/v1",
    "http://127.0.0.1:0/",
    "http://[::1",
    "http://[::1/v1",
    "http://",
    "http://:80/",
    "http://a..example/",
    'http://a"b/',
    "https://anna:sec/ret@a.example:x/",
    "anna:secret@a.example",
    "http:/anna:secret@a.example",
)
ODD_SIGNS = ("http://127.0.0.1:9/a b", "http://127.0.0.1:9/\n", " http://127.0.0.1:9/", "http://127.0.0.1:9/仓库")


@pytest.mark.parametrize("url", [*NO_ADDRESS, *ODD_SIGNS])
def test_what_is_no_address_is_told_before_anything_is_done(tmp_path: Path, url: str) -> None:
    what = "not an http address" if url in NO_ADDRESS else "a letter that addresses do not have"
    with pytest.raises(UsageError, match=what):
        Endpoint.from_url(url)
    with pytest.raises(UsageError, match=what):
        Endpoint.from_url("http://127.0.0.1:9", update=url)
    with pytest.raises(UsageError, match=what):
        ModelApi.from_url(url, "m", environment={})
    done = CliRunner().invoke(app, ["build", "articles", "--store", str(tmp_path / "store"), "--endpoint", url])
    assert isinstance(done.exception, UsageError) and what in str(done.exception)
    assert "sec" not in str(done.exception) and not (tmp_path / "store").exists()


def test_a_mistyped_address_of_a_store_gets_no_traceback() -> None:
    for url in ("http://127.0.0.1:abc/", "http://127.0.0.1:7879/a b", "http://[::1"):
        done = CliRunner().invoke(app, ["sparql", "ASK {}", "--store", url])
        assert isinstance(done.exception, UsageError) and str(done.exception).startswith(url)


def test_names_in_any_script_are_addresses() -> None:
    assert Endpoint.from_url("https://例子.example/query").update == "https://例子.example/update"
    assert Endpoint.from_url("http://[::1]:7878").query == "http://[::1]:7878/query"


def slowly(content: bytes) -> Iterator[bytes]:
    for at in range(len(content)):
        yield content[at : at + 1]
        time.sleep(0.05)


def silent() -> Iterator[bytes]:
    time.sleep(4)
    yield b""


@pytest.mark.parametrize(
    "slow",
    [
        lambda: slowly(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 80),
        lambda: slowly(b"HTTP/1.1 500 Error\r\n\r\n" + b"x" * 80),
        lambda: chain([b"HTTP/1.1 200 OK\r\n\r\n"], slowly(b" " * 80)),
        silent,
    ],
    ids=["head", "refusal", "body", "silence"],
)
@pytest.mark.slow  # they wait by the clock
def test_a_query_ends_in_time_however_slow_the_server_is(slow: Callable[[], Iterable[bytes]]) -> None:
    with odd_server(opened(lambda asked: slow())) as server, open_graph(server.url) as graph:
        began = time.monotonic()
        with pytest.raises(QueryTimeoutError, match=r"no answer within 0\.3 seconds.* more time") as caught:
            graph.sparql("SELECT ?g { ?g ?h ?o }", timeout=0.3)
        assert time.monotonic() - began < 3 and caught.value.exit_code == 1  # of four that the server takes


@pytest.mark.slow
def test_the_limit_of_time_holds_for_opening_too() -> None:
    with odd_server(lambda asked: silent()) as server:
        began = time.monotonic()
        done = CliRunner().invoke(app, ["sparql", "ASK {}", "--store", server.url, "--timeout", "0.3"])
        assert isinstance(done.exception, QueryTimeoutError) and time.monotonic() - began < 3


@pytest.mark.parametrize("length", ["", "Content-Length: 99999999999\r\n"])
def test_an_answer_without_an_end_is_cut_off(length: str) -> None:
    def endless(asked: Sent) -> Iterator[bytes]:
        yield f"HTTP/1.1 200 OK\r\n{length}\r\n".encode()
        while True:
            yield b" " * 1000

    with odd_server(endless) as server:
        endpoint = replace(Endpoint.from_url(server.url), allowance=Allowance(size=100_000))
        with pytest.raises(StoreError, match="longer than 100,000 bytes; narrow the query"):
            endpoint.ask("ASK {}")


def test_a_server_that_keeps_the_connection_is_not_waited_for() -> None:
    answered = Event()
    in_time: list[bool] = []

    def kept(asked: Sent) -> Iterator[bytes]:
        yield reply(YES)
        in_time.append(answered.wait(20))  # the connection stays open until the client has its answer

    with odd_server(kept) as server:
        assert Endpoint.from_url(server.url).is_true("ASK {}")
        answered.set()
    assert in_time == [True], "the client had its answer only when the server closed the connection"


def test_a_server_that_is_silent_while_it_is_written_to_is_given_up() -> None:
    with odd_server(lambda asked: silent()) as server:
        endpoint = replace(Endpoint.from_url(server.url), allowance=Allowance(silence=0.2))
        with pytest.raises(ServerTimeoutError, match=r"no answer within 0\.2 seconds"):
            endpoint.change("DROP ALL")


def with_login(url: str) -> str:
    return url.replace("//", "//anna:s%40cret@")


def test_a_password_is_sent_and_told_nowhere() -> None:
    def guarded(asked: Sent) -> bytes:
        if asked.headers.get("authorization") != "Basic YW5uYTpzQGNyZXQ=":
            return reply("who are you?", "401 Unauthorized", kind="text/plain")
        return reply(
            '{"head":{"vars":["set","ontology"]},"results":{"bindings":[]}}' if b"SELECT" in asked.body else YES
        )

    with odd_server(guarded) as server:
        call = ["sparql", "ASK {}", "--store", with_login(server.url)]
        assert CliRunner().invoke(app, call).exit_code == 0
        assert {sent.headers["authorization"] for sent in server.sent} == {"Basic YW5uYTpzQGNyZXQ="}
        endpoint = Endpoint.from_url(with_login(server.url))
        endpoint.change("DROP ALL")
        assert server.sent[-1].path == "/update" and "authorization" in server.sent[-1].headers
        with pytest.raises(StoreError, match=r"401 Unauthorized: who are you\?; put name and password into") as caught:
            Endpoint.from_url(server.url).change("DROP ALL")
    gone = CliRunner().invoke(app, [*call[:-1], with_login("http://127.0.0.1:9/query")])
    for told in (str(caught.value), str(gone.exception), repr(endpoint)):
        assert "s%40cret" not in told and "s@cret" not in told and "YW5u" not in told
    assert str(gone.exception).startswith("http://127.0.0.1:9/query: the server does not answer: ")
    for call in (["serve"], ["diff", "a"], ["validate"], ["build", "a", "--store"], ["export", "csv", "--store"]):
        for url in ("http://anna:s%40cret@a.example", "HTTPS:/anna:s%40cret@a.example"):
            refused = CliRunner().invoke(app, [*call, url])
            assert refused.exit_code and "s%40cret" not in f"{refused.output}{refused.exception}"
    with pytest.raises(UsageError, match="name and password stand in another address") as caught_too:
        Endpoint.from_url("http://a.example", update=with_login("http://a.example/update"))
    assert "s%40cret" not in str(caught_too.value)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_told_and_not_followed(status: str) -> None:
    moved = reply("", status, Location="/elsewhere/query")
    with odd_server(moved) as server:
        with pytest.raises(StoreError) as caught:
            open_graph(with_login(server.url))
        assert len(server.sent) == 1
    place = f"{server.url}/query: the server sends us on to {server.url}/elsewhere/query"
    assert str(caught.value) == f"{place}; name that address, if you trust it"


def test_only_what_writes_is_asked_whether_it_may() -> None:
    with odd_server(reply("no\x1b[31m\nsecond line", "405 Method Not Allowed", kind="text/plain")) as server:
        endpoint = Endpoint.from_url(server.url)
        with pytest.raises(StoreError, match=r"405 Method Not Allowed: no \[31m; check the address$"):
            endpoint.is_true("ASK {}")
        with pytest.raises(StoreError, match=r"check the address and whether it allows writing$"):
            endpoint.change("DROP ALL")


def test_an_answer_that_the_server_cuts_off_without_a_word_is_not_taken_for_all(tmp_path: Path) -> None:
    """As servers do that have a limit of rows of their own."""
    quads = Store()
    quads.extend(Quad(NamedNode(f"p:{n}"), NamedNode("p:said"), Literal(n)) for n in range(CAP + 1))

    def capped(asked: Sent) -> bytes:
        found = json.loads(quads.query(asked.body.decode()).serialize(format=QueryResultsFormat.JSON))
        found["results"]["bindings"] = found["results"]["bindings"][:CAP]
        return reply(json.dumps(found))

    with odd_server(opened(capped)) as server:
        engine = RemoteEngine(f"{server.url}/query")
        assert len(whole(engine, "SELECT ?p { ?p <p:said> ?n FILTER(?n > 0) }").rows()) == CAP
        with pytest.raises(StoreError, match="the server gave 5 of 6 rows"):
            whole(engine, "PREFIX p: <p:> # all of them\nSELECT ?p { ?p p:said ?n } ORDER BY ?n")


@pytest.mark.parametrize(
    "option",
    [("--endpoint-update", "http://127.0.0.1:1/u"), ("--endpoint-graphs", "http://x/g"), ("--endpoint-replace",)],
)
def test_what_is_said_of_a_server_that_is_not_named_is_refused(tmp_path: Path, option: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["build", str(tmp_path), "--store", str(tmp_path / "s"), *option])
    assert isinstance(done.exception, UsageError) and done.exception.where == option[0]
    assert not (tmp_path / "s").exists()
