"""A page beside which the store is built again and again: it goes on, and never speaks of two generations at once."""

from __future__ import annotations

import gc
import os
import shutil
import threading
import weakref
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sample_records import sample
from typer.testing import CliRunner

import kg
from kg.cli.main import app
from kg.compare import open_columns
from kg.errors import StoreError, UsageError
from kg.graph.build import Item, build
from kg.graph.rdf.terms import PREFIXES
from kg.graph.store.snapshot import GenerationGoneError, Snapshot
from kg.model import Article
from kg.serve import create_app
from kg.serve.opened.store import ServedStore
from kg.serve.reading.practice import practice_page
from kg.serve.reopening import Reopening
from kg.view.assemble import ConceptLabel
from kg.view.source import StoreSource

pytestmark = pytest.mark.slow  # starts processes and waits for them

COUNT = "SELECT (COUNT(DISTINCT ?a) AS ?n) { ?a a schema:NewsArticle }"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("kg.graph.rdf.fixed.packaged_schemes", lambda base: {})
    return built(tmp_path / "store", 1)


def built(store: Path, articles: int) -> Path:
    build(lambda archive, kept: [Item(*sample(number)) for number in range(articles)], store)
    return store


def counted(client: TestClient) -> tuple[int, int]:
    """Articles as the page and as SPARQL count them."""
    answer = client.get("/sparql", params={"query": COUNT})
    assert answer.status_code == 200, answer.text
    said = answer.json()["results"]["bindings"][0]["n"]["value"]
    return client.get("/api/summary").json()["articles"], int(said)


def test_the_original_of_a_row_is_read_by_the_column_that_the_build_was_told(small: Path, tmp_path: Path) -> None:
    rows = tmp_path / "r.csv"
    rows.write_text(f'编号,正文甲\n1,"{sample(1)[1]}"\n', encoding="utf-8")
    (article,) = kg.read_articles([rows], text_column="正文甲")
    assert isinstance(article, Article)
    record = sample(1)[0].model_copy(update={"file": article.file, "content_hash": article.content_hash})
    item = Item(record, article.text, str(rows), column="正文甲")
    build(lambda archive, kept: [item], small)
    page = Reopening(small, create_app)
    answer = TestClient(page, base_url="http://127.0.0.1").get("/api/original", params={"file": article.file})
    assert answer.status_code == 200 and answer.json()["text"] == article.original
    page.close()


def test_a_concept_of_the_users_own_has_one_label_everywhere(small: Path, tmp_path: Path) -> None:
    own, iri = tmp_path / "own.ttl", "https://example.org/my/tea"
    labels = '"採茶工"@zh-Hant, "Tea pickers"@en, "采茶工"@zh-Hans, "采茶人"@zh-CN'  # none is in plain zh
    own.write_text(
        f"<{iri}> a <{PREFIXES['skos']}Concept> ; <{PREFIXES['skos']}prefLabel> {labels} .", encoding="utf-8"
    )
    record, text = sample(1)
    first = record.practices[0]
    audience = first.audiences[0].model_copy(update={"concept": iri})
    first = first.model_copy(update={"audiences": (audience,)})
    record = record.model_copy(update={"practices": (first, *record.practices[1:])})
    build(lambda archive, kept: [Item(record, text)], small, vocabularies=[own])
    assert StoreSource.at(small).labels()[iri] == ConceptLabel("采茶工", "Tea pickers")
    store = ServedStore(small)
    assert [(each.zh, each.en) for each in store.catalogue.concepts if each.id == iri] == [("采茶工", "Tea pickers")]
    assert store.graph.practices(audience="Tea pickers")["audience"].tolist() == [("采茶工",)]
    assert store.graph.lookup.concepts.label(iri) == "采茶工"
    statements = [each for practice in store.assembled([record.file]).practices for each in practice.statements]
    assert [each.label for each in statements if each.concept == iri] == ["采茶工"]
    assert "采茶工" in [row[1] for row in store.graph.run("audiences").rows()]
    store.close()


def test_builds_beside_the_page_do_not_disturb_it(small: Path) -> None:
    page = Reopening(small, create_app)
    # As under a server: the call that tells of its start lasts until its end.
    with TestClient(page, base_url="http://127.0.0.1") as client:
        built(small, 2)
        assert counted(client) == (1, 1)  # the last two are kept: what was opened is still there
        assert client.get("/api/summary").json()["stale"] is True
        held = page.store
        left = weakref.ref(held)
        built(small, 3)  # and now it is not
        assert counted(client) == (3, 3)
        assert client.get("/api/article", params={"file": "002.txt"}).status_code == 200
        assert client.get("/api/summary").json()["stale"] is False
        held.record_and_text("000.txt")  # a request that began before
        del held
        gc.collect()
        assert left() is None, "the store that was left is still held"
    page.close()


def test_a_build_that_ends_while_the_page_is_opened_is_not_mixed_in(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the page reads first and what it reads last are of one generation."""
    at, to_build = Snapshot.at, [2]

    def late(path: str | os.PathLike[str]) -> Snapshot:
        found = at(path)
        if to_build:
            built(small, to_build.pop())
        return found

    monkeypatch.setattr(Snapshot, "at", late)
    store = ServedStore(small)
    assert store.snapshot.folder.name == "000001" and store.is_stale() and not store.is_gone()
    assert set(store.catalogue.files) == set(store.entries) == {"000.txt"}
    ids = [short for short in store.catalogue.ids if store.catalogue.number(short) is not None]
    assert ids and all(practice_page(store, short) for short in ids)
    store.close()


def test_many_requests_at_once_open_it_once(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Reopening(small, create_app)
    opened: list[ServedStore] = []

    class Counted(ServedStore):
        def __init__(self, path: str | os.PathLike[str], *, query_seconds: float = 30.0) -> None:
            super().__init__(path, query_seconds=query_seconds)
            opened.append(self)

    monkeypatch.setattr("kg.serve.reopening.ServedStore", Counted)
    for articles in (2, 3):
        built(small, articles)
    threads = [threading.Thread(target=page._reopen) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 1 and page.store is opened[0]
    page.close()


def test_what_cannot_be_opened_leaves_the_page_as_it_was(small: Path, caplog: pytest.LogCaptureFixture) -> None:
    page = Reopening(small, create_app)
    page.store.wait(60)
    shutil.rmtree(small)
    client = TestClient(page, base_url="http://127.0.0.1")
    answer = client.get("/sparql", params={"query": COUNT})
    assert answer.status_code == 503 and "open the store again" in answer.text
    found = client.get("/api/search").json()
    assert found["total"] > 0
    unopened = client.get("/api/practice", params={"id": found["cards"][0]["id"]})
    assert unopened.status_code == 503 and "deleted" in unopened.json()["what"]
    assert caplog.text.count("there is no store") == 1
    page.close()


def test_a_store_that_is_built_anew_in_its_place_takes_over(small: Path) -> None:
    """The number of its generation is the same; and nothing of the one before is told."""
    page = Reopening(small, create_app)
    client = TestClient(page, base_url="http://127.0.0.1")
    assert counted(client) == (1, 1)
    left = page.store
    shutil.rmtree(small)
    build(lambda archive, kept: [Item(*sample(number)) for number in (3, 4)], small)
    assert left.snapshot.folder.is_dir() and left.is_gone() and left.is_stale()
    with pytest.raises(GenerationGoneError):
        left.record_and_text("000.txt")
    with pytest.raises(GenerationGoneError):
        left._engines[1].query("ASK {}")  # it has no process yet, and starts none on the other database
    assert counted(client) == (2, 2)
    assert client.get("/api/summary").json()["stale"] is False
    for card in client.get("/api/search").json()["cards"]:
        assert client.get("/api/practice", params={"id": card["id"]}).status_code == 200
    page.close()


def test_without_a_new_one_the_reason_is_told(small: Path) -> None:
    """The application over one store alone: no crash of the query, and nothing to narrow."""
    store = ServedStore(small)
    client = TestClient(create_app(store), base_url="http://127.0.0.1")
    for articles in (2, 3):
        built(small, articles)
    assert store.is_gone()
    with pytest.raises(GenerationGoneError, match="open the store again"):
        store._engines[0].query("ASK {}")
    answer = client.get("/sparql", params={"query": COUNT})
    assert answer.status_code == 503 and "later builds" in answer.json()["what"]
    store.close()


def test_a_lost_file_of_the_database_is_told(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Lost:
        @classmethod
        def read_only(cls, path: str) -> Lost:
            return cls()

        def query(self, query: str, **named: object) -> None:
            raise FileNotFoundError(2, "No such file or directory", "000009.sst")

    open_columns(small)  # makes the copy, so that the page's own reading comes first
    monkeypatch.setattr("kg.graph.store.snapshot.Store", Lost)
    with pytest.raises(StoreError, match=r"the store cannot be used: .*000009\.sst") as caught:
        ServedStore(small)
    assert "generations" in str(caught.value.where)


def test_the_address_of_a_server_is_told_as_it_was_given() -> None:
    refused = CliRunner().invoke(app, ["serve", "http://127.0.0.1:9/sparql"])
    assert isinstance(refused.exception, UsageError) and refused.exception.where == "http://127.0.0.1:9/sparql"


def test_a_limit_of_time_that_is_none_is_refused_at_the_start(small: Path) -> None:
    for seconds in (float("inf"), float("nan"), 1e30):
        with pytest.raises(UsageError, match="no limit of time"):
            ServedStore(small, query_seconds=seconds)
