"""Hostile articles and hostile requests: nothing runs, nothing is told, nothing stored is changed."""

from __future__ import annotations

import csv
import hashlib
import io
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest
from hostile_store import LONG, NAMES, hostile_store
from served import running

pytestmark = pytest.mark.slow  # starts processes and waits for them


def fingerprint(folder: Path) -> str:
    """Of all files of a store that hold data (RocksDB writes a log when it is opened)."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith(("LOG", "LOCK")):
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def bad_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_store(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def bad(bad_folder: Path) -> Iterator[httpx.Client]:
    with (
        running(bad_folder, query_seconds=1.0) as base,
        httpx.Client(base_url=base, timeout=60, trust_env=False) as client,
    ):
        yield client


def test_hostile_names_come_back_as_what_they_are(bad: httpx.Client) -> None:
    found = bad.get("/api/search", params={"limit": 100}).json()
    assert {card["label"] for card in found["cards"]} == set(NAMES)
    for card in found["cards"]:
        page = bad.get("/api/practice", params={"id": card["id"]})
        assert page.status_code == 200 and page.headers["content-type"] == "application/json"
        assert page.json()["label"] == card["label"]


def test_an_address_that_is_no_web_address_is_no_link(bad: httpx.Client) -> None:
    urls = []
    for card in bad.get("/api/search", params={"limit": 100}).json()["cards"]:
        urls += [each["url"] for each in bad.get("/api/practice", params={"id": card["id"]}).json()["articles"]]
    assert None in urls and all(url is None or url.startswith("https://") for url in urls)


def test_a_file_name_that_climbs_is_a_name_and_no_path(bad: httpx.Client) -> None:
    climbing = bad.get("/api/article", params={"file": "../../../etc/passwd"})
    assert climbing.status_code == 200 and "办起" in climbing.json()["text"]
    for file in ("/etc/passwd", "../../../../etc/passwd", "..\\..\\etc\\passwd", "\x00"):
        for path in ("article", "original"):
            answer = bad.get(f"/api/{path}", params={"file": file})
            assert answer.status_code in (400, 422) and "root:" not in answer.text


def test_no_cell_of_any_table_is_a_formula(bad: httpx.Client) -> None:
    paths = ["/api/search.csv", "/api/matrix.csv", "/api/map.csv?level=prefecture", "/api/timeline.csv"]
    ids = [card["id"] for card in bad.get("/api/search", params={"limit": 100}).json()["cards"]]
    paths += [f"/api/practice.csv?id={one}" for one in ids]
    paths.append("/sparql.csv?query=SELECT ?l { ?p skos:prefLabel ?l }")
    csv.field_size_limit(10_000_000)
    cells = 0
    for path in paths:
        text = bad.get(path).content.decode("utf-8-sig")
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (path, cell[:40])
                cells += 1
    assert cells > 200


@pytest.mark.parametrize("way", [{"skiprows": 3}, {"comment": "#"}])
def test_a_number_sign_cuts_no_row(bad: httpx.Client, way: dict[str, Any]) -> None:
    """In a label, in the name of a file, and in an IRI."""
    table = pd.read_csv(io.BytesIO(bad.get("/api/search.csv", params={"q": "3#楼议事会"}).content), **way)
    assert table["label"].tolist() == ["3#楼议事会"]
    assert "#<u>" in table["articles"][0] and 0 < table["confidence"][0] <= 1
    asked = {"query": 'SELECT ?class ("end" AS ?last) { ?class a ?kind VALUES ?class { gp:Practice } } LIMIT 1'}
    table = pd.read_csv(io.BytesIO(bad.get("/sparql.csv", params=asked).content), **way)
    assert table["class"][0].endswith("#Practice") and table["last"].tolist() == ["end"]


def test_words_of_a_hundred_thousand_letters_do_not_hold_it_up(bad: httpx.Client) -> None:
    started = time.monotonic()
    assert bad.get("/api/search", params={"q": LONG[:500]}).json()["total"] == 1
    assert bad.get("/api/search", params={"q": LONG[:501]}).status_code == 422
    assert time.monotonic() - started < 5


QUERIES = [
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "LOAD <file:///etc/passwd>",
    "INSERT DATA { <a:a> <a:b> <a:c> }",
    "DELETE WHERE { ?s ?p ?o }",
    "PREFIX a: <a:> DROP ALL",
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n0 ?o }",
    "SELECT * { ?s (!<a:a>)* ?o . ?t (!<a:b>)* ?u . ?v (!<a:c>)* ?w . ?x (!<a:d>)* ?y }",
    "SELECT ?x { BIND(REPLACE('" + "a" * 5000 + "', '(a*)*b', 'c') AS ?x) }",
    "(" * 20_000,
    "SELECT * { " + "{" * 5_000 + "}" * 5_000 + " }",
]


def test_hostile_queries_end_soon_and_change_nothing(bad: httpx.Client, bad_folder: Path) -> None:
    before = fingerprint(bad_folder)
    for query in QUERIES:
        started = time.monotonic()
        answer = bad.post("/sparql", content=query, headers={"content-type": "application/sparql-query"})
        assert answer.status_code in (200, 400, 503), (query[:60], answer.status_code, answer.text[:200])
        assert time.monotonic() - started < 20, query[:60]
    assert bad.post("/sparql", data={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True
    assert fingerprint(bad_folder) == before


def test_a_long_query_does_not_keep_the_others_waiting(bad_folder: Path) -> None:
    with (
        running(bad_folder, query_seconds=6.0) as base,
        httpx.Client(base_url=base, timeout=60, trust_env=False) as client,
        ThreadPoolExecutor() as pool,
    ):
        slow = pool.submit(client.post, "/sparql", data={"query": QUERIES[5]})
        time.sleep(0.5)
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        assert client.get("/api/search", params={"q": "夜校"}).status_code == 200
        assert not slow.done()
        assert slow.result().status_code == 503


def test_a_thousand_malformed_requests(bad: httpx.Client, bad_folder: Path) -> None:
    """Schemathesis makes them from /openapi.json, sound and broken ones; none may fail inside, leak or change anything."""
    schemathesis = pytest.importorskip("schemathesis")
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis import GenerationMode

    @schemathesis.serializer("application/sparql-query")
    def as_it_is(ctx: Any, value: Any) -> bytes:
        return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")

    before = fingerprint(bad_folder)
    schema = schemathesis.openapi.from_dict(bad.get("/openapi.json").json())
    seen: dict[int, int] = {}
    operations = [each.ok() for each in schema.get_all_operations()]
    assert len(operations) >= 20
    base = str(bad.base_url)
    each_mode = -(-1_400 // (2 * len(operations)))
    for operation in operations:
        for mode in (GenerationMode.NEGATIVE, GenerationMode.POSITIVE):

            @settings(
                max_examples=each_mode,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def fuzz(case: Any) -> None:
                try:
                    answer = case.call(base_url=base)
                except (ValueError, UnicodeError, OSError) as error:  # what no client can send
                    seen[0] = seen.get(0, 0) + 1
                    assert "500" not in str(error)
                    return
                seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
                body = answer.content.decode("utf-8", "replace")
                assert answer.status_code < 500 or answer.status_code == 503, (case, body[:500])
                assert "Traceback" not in body and "site-packages" not in body and str(bad_folder.parent) not in body

            try:
                fuzz()
            except Exception as error:
                if type(error).__name__ not in ("Unsatisfiable", "Unsatisfied", "SkipTest", "InvalidSchema"):
                    raise
    assert sum(seen.values()) >= 1_000, seen
    assert fingerprint(bad_folder) == before
    print("answers by status:", dict(sorted(seen.items())))
