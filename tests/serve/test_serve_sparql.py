"""The SPARQL protocol: forms of questions and answers, and what is not taken."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from served import running

from kg.serve import serve

COUNT = "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?p a gp:Practice }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def test_a_query_by_get_by_form_and_as_a_body(client: httpx.Client) -> None:
    asked = [
        client.get("/sparql", params={"query": COUNT}),
        client.post("/sparql", data={"query": COUNT}),
        client.post("/sparql", content=COUNT, headers={"content-type": "application/sparql-query"}),
    ]
    assert [answer.json()["results"]["bindings"][0]["n"]["value"] for answer in asked] == [
        "25"
    ] * 3  # one of them only a repost tells


@pytest.mark.parametrize(
    ("query", "accept", "begins"),
    [
        (COUNT, "text/csv", b"n"),
        (COUNT, "text/tab-separated-values", b"?n"),
        (COUNT, "application/sparql-results+xml", b"<?xml"),
        ("ASK { ?s ?p ?o }", "application/sparql-results+json", b'{"head"'),
        ("CONSTRUCT { ?s a gp:Practice } { ?s a gp:Practice } LIMIT 1", "text/turtle", b"<"),
        ("CONSTRUCT { ?s a gp:Practice } { ?s a gp:Practice } LIMIT 1", "application/n-triples", b"<"),
    ],
)
def test_forms_of_answers(client: httpx.Client, query: str, accept: str, begins: bytes) -> None:
    answer = client.get("/sparql", params={"query": query}, headers={"accept": accept})
    assert answer.status_code == 200 and answer.headers["content-type"].startswith(accept)
    assert answer.content.lstrip().startswith(begins)


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <http://a> <http://b> <http://c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://127.0.0.1:1/x>",
        "DROP ALL",
        "SELECT * { SERVICE <http://127.0.0.1:1/x> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:1/x> { ?s ?p ?o } }",
        "SELECT * FROM",
        "",
    ],
)
def test_what_writes_or_leaves_or_is_none_is_refused(client: httpx.Client, query: str) -> None:
    before = client.get("/sparql", params={"query": COUNT}).text
    for answer in (client.get("/sparql", params={"query": query}), client.post("/sparql", data={"query": query})):
        assert answer.status_code == 400, answer.text
    for name in ("update", "using-graph-uri"):
        assert client.post("/sparql", data={name: query}).status_code == 400
    kind = {"content-type": "application/sparql-update"}
    assert client.post("/sparql", content=query, headers=kind).status_code in (400, 415)
    assert client.get("/sparql", params={"query": COUNT}).text == before


@pytest.mark.slow  # it waits by the clock
def test_an_endless_query_is_stopped_and_says_so_and_the_next_is_answered(client: httpx.Client) -> None:
    started = time.monotonic()
    answer = client.get("/sparql", params={"query": ENDLESS})
    assert answer.status_code == 503 and "stopped after 2 seconds" in answer.text
    assert time.monotonic() - started < 10
    assert client.get("/sparql", params={"query": COUNT}).status_code == 200


def test_who_hangs_up_ends_the_query_and_who_waits_keeps_no_page_waiting(served_folder: Path) -> None:
    head = f"GET /sparql?{urlencode({'query': ENDLESS})} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    kind = f"Content-Type: application/sparql-query\r\nContent-Length: {len(ENDLESS)}"
    body = f"POST /sparql HTTP/1.1\r\nHost: localhost\r\n{kind}\r\n\r\n{ENDLESS}"
    with running(served_folder, query_seconds=60) as base, httpx.Client(base_url=base, timeout=20) as client:
        place = ("127.0.0.1", httpx.URL(base).port)
        asking = [socket.create_connection(place) for _ in range(45)]
        for number, one in enumerate(asking):
            one.sendall((body if number % 2 else head).encode())
        assert client.get("/api/summary").status_code == 200  # every thread would be taken
        for one in asking:
            one.close()
        assert client.get("/sparql", params={"query": COUNT}).status_code == 200


@pytest.mark.skipif(os.name == "nt", reason="sends itself a signal")
def test_stopping_the_page_waits_for_nobody(
    served_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("kg.serve.run._PATIENCE", 0.2)
    told: list[str] = []
    opened: list[httpx.Response | socket.socket] = []

    def ready(address: str) -> None:
        threading.Thread(target=visit, args=(address,), daemon=True).start()

    def visit(address: str) -> None:
        with httpx.Client(base_url=address, timeout=20) as client:
            while client.get("/sparql", params={"query": "ASK {}"}).status_code != 200:
                pass
            stuck = socket.create_connection(("127.0.0.1", client.base_url.port))
            stuck.sendall(b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nASK")
            opened.append(stuck)
            threading.Timer(0.5, signal.raise_signal, (signal.SIGINT,)).start()
            opened.append(client.get("/sparql", params={"query": ENDLESS}))

    started = time.monotonic()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            serve(served_folder, port=0, query_seconds=60, ready=ready, stopping=lambda: told.append("stopping"))
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - started < 15 and told == ["stopping"]
    stuck, answer = opened
    assert isinstance(stuck, socket.socket) and isinstance(answer, httpx.Response)
    stuck.close()
    assert answer.status_code == 503 and "stopped" in answer.json()["what"]
    assert capsys.readouterr().err == ""


def test_no_form_that_is_asked_for(client: httpx.Client) -> None:
    assert client.get("/sparql", params={"query": COUNT}, headers={"accept": "image/png"}).status_code == 406
