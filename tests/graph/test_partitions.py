"""N-Quads in parts, and the catalogue unchanged on a second server that was loaded from them."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store
from sample_records import sample, scheme
from typer.testing import CliRunner

from kg.cli.main import app
from kg.errors import UsageError
from kg.graph.build import build
from kg.graph.intake import Item
from kg.graph.remote.partitions import write_partitions
from kg.query import named_queries, open_graph
from kg.view.source import StoreSource

pytestmark = pytest.mark.slow  # starts processes and waits for them

SERVER = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
VALUES = {"region": "四川省", "measure": "人次", "practice_name": "晨光学堂4号"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parts")
    own = folder / "own.ttl"
    own.write_text(scheme(), encoding="utf-8")
    pairs = [sample(n) for n in range(12)]
    pairs.append((sample(3)[0].model_copy(update={"file": "repost.txt", "duplicate_of": "003.txt"}), sample(3)[1]))
    outcome = sample(4)[0].practices[0].outcomes[0].model_copy(update={"value": 999.0})
    second = sample(4)[0].practices[0].model_copy(update={"outcomes": (outcome,)})
    pairs.append((sample(4)[0].model_copy(update={"file": "b.txt", "practices": (second,)}), sample(4)[1]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.graph.rdf.fixed.packaged_schemes", lambda base: {})
        build(lambda archive, kept: [Item(*pair) for pair in pairs], folder / "store", vocabularies=[own])
    return folder / "store"


def read(folder: Path) -> list[str]:
    return [
        line
        for part in sorted(folder.glob("part-*"))
        for line in (gzip.decompress(part.read_bytes()) if part.suffix == ".gz" else part.read_bytes())
        .decode("utf-8")
        .removesuffix("\n")
        .split("\n")
    ]


def test_the_parts_are_the_store(store: Path, tmp_path: Path) -> None:
    parts = write_partitions(store, tmp_path / "one", megabytes=1)
    listing = json.loads((tmp_path / "one" / "parts.json").read_text(encoding="utf-8"))
    assert [part["file"] for part in listing["parts"]] == [part.file for part in parts]
    for part in parts:
        data = (tmp_path / "one" / part.file).read_bytes()
        assert (part.bytes, part.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert sorted(read(tmp_path / "one")) == sorted(StoreSource.at(store).quads())
    assert sum(part.quads for part in parts) == len(read(tmp_path / "one"))
    write_partitions(store, tmp_path / "again", megabytes=1)
    assert {p.name: p.read_bytes() for p in (tmp_path / "one").iterdir()} == {
        p.name: p.read_bytes() for p in (tmp_path / "again").iterdir()
    }


def test_small_parts_cut_no_graph_in_two(store: Path, tmp_path: Path) -> None:
    from kg.graph.remote.partitions import _Writer

    writer = _Writer(tmp_path, 100, pack=False)
    writer.add(["<a:s> <a:p> <a:o> <a:g> .\n"] * 3)
    writer.add(["<a:s> <a:p> <a:o> <a:h> .\n"] * 2)
    writer.add([])
    writer.add(["<a:s> <a:p> <a:o> <a:i> .\n"] * 30)
    writer.close()
    assert [part.quads for part in writer.parts] == [3, 2, 30]
    assert len(read(tmp_path)) == 35


def test_with_the_union_the_parts_are_the_whole_store(store: Path, tmp_path: Path) -> None:
    write_partitions(store, tmp_path / "all", union=True, runs=True, pack=False)
    here = Store()
    for part in sorted((tmp_path / "all").glob("part-*")):
        here.load(path=str(part), format=RdfFormat.N_QUADS)
    folder = next((store / "generations").iterdir())
    assert set(here) == set(Store.read_only(str(folder / "quads")))
    write_partitions(store, tmp_path / "timeless", union=True)
    assert not any("endedAtTime" in line for line in read(tmp_path / "timeless"))


def test_the_command(store: Path, tmp_path: Path) -> None:
    run = CliRunner()
    given = ["export", "nquads", "--store", str(store), "--part-mb", "16", "--output"]
    done = run.invoke(app, [*given, str(tmp_path / "parts")])
    assert done.exit_code == 0 and "quads in 1 files" in done.stdout
    wrongs = ["table", "-s", str(store), "--part-mb", "16"], ["nquads", "-s", str(store), "--union"]
    for wrong in ([*given, str(tmp_path / "parts")], *(["export", *words] for words in wrongs)):
        assert isinstance(run.invoke(app, wrong).exception, UsageError)


# A second server


def served(folder: Path, *, union: bool) -> tuple[subprocess.Popen[bytes], str]:
    assert SERVER is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [SERVER, "serve-read-only", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*command, *(["--union-default-graph"] if union else [])], stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.05)
    return server, f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module", params=["our union", "the server's union"])
def url(store: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    if SERVER is None:
        pytest.skip("the oxigraph server is not installed (pip install oxigraph)")
    folder = tmp_path_factory.mktemp("server")
    ours = request.param == "our union"
    write_partitions(store, folder / "parts", union=ours)
    files = sorted(map(str, (folder / "parts").glob("part-*")))
    load = [SERVER, "load", "--location", str(folder / "data"), "--file", *files]
    subprocess.run(load, check=True, capture_output=True)
    server, address = served(folder / "data", union=not ours)
    yield address
    server.kill()
    server.wait()


def plain(rows: list[tuple[Any, ...]]) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, row)) for row in rows)


def test_the_catalogue_unchanged_gives_the_same_on_a_second_server(store: Path, url: str) -> None:
    with open_graph(store) as here, open_graph(url) as there:
        for name, query in named_queries().items():
            for values in ({}, {key: VALUES[key] for key in query.parameters}):
                text = query.fill(values)
                ours, theirs = here.sparql(text), there.sparql(text)
                # No row comes twice, even where a server makes the union and has a triple of two graphs twice.
                assert plain(ours.rows()) == plain(theirs.rows()), name
                assert ours.rows(), f"{name} finds nothing in a graph that was made for it"
