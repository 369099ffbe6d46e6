"""kg sparql: where the query comes from, and limits that are none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli.main import app
from kg.errors import StoreError, UsageError
from kg.graph.store.folder import StoreFolder
from kg.graph.store.manifest import Manifest
from kg.graph.store.snapshot import GenerationGoneError, Snapshot
from kg.query import Graph
from kg.query.engine import MOST_SECONDS, LocalEngine
from kg.query.remote import RemoteEngine

LABELS = 'SELECT ?l { ?p a gp:Practice ; skos:prefLabel ?l FILTER(STRSTARTS(?l, "晨光")) } ORDER BY ?l'


def asked(store: Path, query: bytes, encoding: str) -> subprocess.CompletedProcess[bytes]:
    call = [sys.executable, "-m", "kg", "sparql", "-", "--store", str(store), "--format", "csv"]
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    return subprocess.run(call, input=query, capture_output=True, check=False, env=environment)


def test_standard_input_is_utf8_whatever_the_terminal(store: Path) -> None:
    plain, chinese = (asked(store, LABELS.encode(), encoding) for encoding in ("utf-8", "gbk"))
    assert (plain.returncode, chinese.returncode) == (0, 0), chinese.stderr
    assert chinese.stdout == plain.stdout
    assert len(plain.stdout.splitlines()) > 10


@pytest.mark.parametrize("from_file", [True, False])
def test_a_byte_order_mark_is_no_part_of_the_query(store: Path, tmp_path: Path, from_file: bool) -> None:
    content = LABELS.encode("utf-8-sig")
    file = tmp_path / "query.rq"
    file.write_bytes(content)
    source = str(file) if from_file else "-"
    done = CliRunner().invoke(app, ["sparql", source, "--store", str(store), "--format", "csv"], input=content)
    assert done.exit_code == 0 and len(done.stdout.splitlines()) > 10, done.exception


@pytest.mark.parametrize("from_file", [True, False])
def test_a_query_in_another_encoding_is_refused(store: Path, tmp_path: Path, from_file: bool) -> None:
    content = LABELS.encode("gbk")
    file = tmp_path / "query.rq"
    file.write_bytes(content)
    source, where = (str(file), str(file)) if from_file else ("-", "standard input")
    done = CliRunner().invoke(app, ["sparql", source, "--store", str(store)], input=content)
    assert isinstance(done.exception, UsageError)
    assert str(done.exception) == f"{where}: the query is not UTF-8; save it as UTF-8"


@pytest.mark.parametrize("seconds", [float("inf"), float("nan"), 1e30, MOST_SECONDS + 1, 0.0, -1.0])
def test_a_limit_of_time_that_is_none_is_refused(graph: Graph, seconds: float) -> None:
    with pytest.raises(UsageError, match="seconds are no limit of time; give more than 0 and at most 86,400 seconds"):
        graph.sparql("ASK {}", timeout=seconds)
    remote = object.__new__(RemoteEngine)  # it is refused before the server is asked
    with pytest.raises(UsageError, match="no limit of time"):
        remote.query("ASK {}", timeout=seconds)


def test_the_longest_limit_of_time_is_one(graph: Graph) -> None:
    assert graph.sparql("ASK {}", timeout=MOST_SECONDS).value is True


def test_a_database_that_cannot_be_opened_is_no_crash(tmp_path: Path) -> None:
    folder = tmp_path / "000001"
    folder.mkdir()
    Manifest("https://a.example/", "", "", {}, ()).write(folder)
    engine = LocalEngine(Snapshot(StoreFolder(tmp_path), folder, b""))
    shutil.rmtree(folder)
    with pytest.raises(GenerationGoneError, match=r"later builds of the store have removed .* open the store again"):
        engine.query("ASK {}")
    (folder / "quads").mkdir(parents=True)
    (folder / "quads" / "CURRENT").write_bytes(b"nothing\n")
    with pytest.raises(StoreError, match="the database cannot be opened") as caught:
        engine.query("ASK {}")
    assert "memory" not in str(caught.value) and not isinstance(caught.value, GenerationGoneError)
    engine.close()
