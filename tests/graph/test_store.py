"""The store: incremental, resumable, never half written, and clear about what stands in its way."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store
from sample_records import sample, scheme

from kg.errors import InputError, StoreError, UsageError
from kg.graph.build import build, build_records
from kg.graph.intake import Failure, Item
from kg.graph.rdf.fixed import RUNS
from kg.graph.rdf.mapping_hash import mapping_hash
from kg.graph.store import folder as folder_module
from kg.graph.store.archive import Archive
from kg.graph.store.folder import StoreFolder
from kg.graph.store.manifest import Entry, Manifest
from kg.graph.store.quads import named_graph_lines
from kg.graph.validate import validate_store

HERE = Path(__file__).parent


def lines(store: Path) -> list[str]:
    quads = Store.read_only(str(StoreFolder(store).finished() / "quads"))
    return list(named_graph_lines(quads, without=(f"<{RUNS}>",)))


def union(store: Path) -> list[str]:
    quads = Store.read_only(str(StoreFolder(store).finished() / "quads"))
    rows = quads.query(f"SELECT ?s ?p ?o {{ ?s ?p ?o FILTER NOT EXISTS {{ GRAPH <{RUNS}> {{ ?s ?p ?o }} }} }}")
    return sorted(f"{s} {p} {o} ." for s, p, o in rows)


def without_graph(quads: list[str]) -> list[str]:
    return sorted({f"{line.rsplit(' ', 2)[0]} ." for line in quads})


def files(store: Path) -> dict[str, str]:
    return {e.file: e.graph for e in Manifest.read(StoreFolder(store).finished()).entries}


def test_the_same_records_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    records = [sample(n) for n in range(12)]
    # Three tell of one practice, one reposts another that may come after it.
    records += [(sample(3)[0].model_copy(update={"file": f"again{n}.txt"}), sample(3)[1]) for n in range(2)]
    records.append((sample(5)[0].model_copy(update={"file": "repost.txt", "duplicate_of": "005.txt"}), sample(5)[1]))
    build_records(records, tmp_path / "one")
    random.Random(7).shuffle(records)
    build_records(records, tmp_path / "two")
    assert lines(tmp_path / "one") == lines(tmp_path / "two")
    assert any("nearDuplicateOf>" in line for line in lines(tmp_path / "one"))


def test_a_store_built_step_by_step_is_the_one_built_at_once(tmp_path: Path) -> None:
    build_records([sample(n) for n in range(4)], tmp_path / "steps")
    build_records([sample(n, place=3) if n == 2 else sample(n) for n in range(2, 8)], tmp_path / "steps")
    report = build_records([sample(n) for n in range(2, 8)], tmp_path / "steps")
    assert (report.written, report.unchanged, report.withdrawn) == (1, 5, 0)
    build_records([sample(n) for n in range(2, 8)], tmp_path / "once")
    assert lines(tmp_path / "steps") == lines(tmp_path / "once")
    assert union(tmp_path / "steps") == union(tmp_path / "once")


def test_an_optimized_store_says_the_same_in_fewer_files(tmp_path: Path) -> None:
    for store, optimize in (("plain", False), ("arranged", True)):
        build_records([sample(n) for n in range(3)], tmp_path / store)
        build_records([sample(n) for n in range(6)], tmp_path / store, optimize=optimize)
    assert lines(tmp_path / "arranged") == lines(tmp_path / "plain")
    assert union(tmp_path / "arranged") == union(tmp_path / "plain")
    plain, arranged = (
        len(list((StoreFolder(tmp_path / store).finished() / "quads").glob("*.sst"))) for store in ("plain", "arranged")
    )
    assert arranged < plain


def test_the_default_graph_is_the_union_with_each_triple_once(tmp_path: Path) -> None:
    store = tmp_path / "store"
    twin = sample(1)[0].model_copy(update={"file": "twin.txt"})
    build_records([sample(1), (twin, sample(1)[1]), sample(2)], store)
    assert union(store) == without_graph(lines(store))
    build_records([sample(1), sample(2)], store)  # the twin goes, what the other says too stays
    assert union(store) == without_graph(lines(store))


def test_unchanged_articles_are_skipped_and_missing_ones_withdrawn_or_kept(tmp_path: Path) -> None:
    store = tmp_path / "store"

    def items(numbers: range) -> Callable[[Archive, object], Iterator[Item]]:
        return lambda archive, kept: (Item(*sample(n), path=f"/somewhere/{n}.txt") for n in numbers)

    assert build(items(range(3)), store).written == 3
    again = build(items(range(3)), store)
    assert (again.written, again.unchanged, again.withdrawn) == (0, 3, 0)

    def source(archive: Archive, kept: object) -> Iterator[Item]:
        assert isinstance(kept, list) and {e.file for e in kept} == {"000.txt"}
        yield from items(range(1, 2))(archive, kept)
        for entry in kept:
            record = archive.record(entry.record)
            assert record is not None
            yield Item(record, archive.text(entry.text), entry.path, entry.key)

    def leaves(entry: Entry) -> bool:
        return entry.file != "000.txt"

    assert build(source, store, leaves=leaves).withdrawn == 1
    assert set(files(store)) == {"000.txt", "001.txt"}


def test_an_article_that_does_not_conform_is_refused_and_the_others_go_on(tmp_path: Path) -> None:
    bad, text = sample(1)
    date = bad.practices[0].dates[0].model_copy(update={"iso": "2024-13"})
    bad = bad.model_copy(update={"practices": (bad.practices[0].model_copy(update={"dates": (date,)}),)})
    report = build_records([sample(0), (bad, text), sample(2)], tmp_path / "store")
    assert (report.articles, report.exit_code) == (2, 1)
    (failure,) = report.failures
    assert "首日须为有效日期" in str(failure.error) and failure.error.where == "001.txt"


def test_a_tampered_record_is_refused(tmp_path: Path) -> None:
    record, text = sample(1)
    programme = record.practices[0].programme.model_copy(update={"text": "晨光学堂9号"})
    bad = record.model_copy(update={"practices": (record.practices[0].model_copy(update={"programme": programme}),)})
    report = build_records([(bad, text)], tmp_path / "store")
    assert report.exit_code == 2 and "other words" in str(report.failures[0].error)


def test_an_article_that_fails_now_stays_as_it_was(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build(lambda a, k: [Item(*sample(n), path=f"/x/{n}") for n in range(2)], store)
    before = lines(store)
    failure = Failure(InputError("it cannot be read", where="/x/1"), "/x/1")
    report = build(lambda a, k: [Item(*sample(0), path="/x/0"), failure], store)
    assert (report.articles, report.withdrawn, report.exit_code) == (2, 0, 1)
    assert lines(store) == before


def test_what_failed_when_the_program_changed_is_rendered_anew_when_it_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    good, failure = Item(*sample(1), path="/x/1"), Failure(InputError("it cannot be read", where="/x/1"), "/x/1")
    other = Item(*sample(0), path="/x/0")
    monkeypatch.setattr("kg.graph.generation.mapping_hash", lambda: "the old program")
    build(lambda a, k: [other, good], store)
    monkeypatch.undo()
    for _ in range(2):  # it fails more than once
        build(lambda a, k: [other, failure], store)
    report = build(lambda a, k: [other, good], store)
    assert (report.written, report.unchanged) == (1, 1)
    assert build(lambda a, k: [other, good], store).unchanged == 2


def test_what_decides_the_names_of_things_is_part_of_the_mapping(monkeypatch: pytest.MonkeyPatch) -> None:
    # Region.county and ArticleRecord.region_of say which region is meant, derived_iri how it is called.
    read: list[str] = []
    known = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda file: read.append(file.name) or known(file))
    mapping_hash()
    assert {"mapping.py", "record.py", "iri.py"} <= set(read)


def test_nothing_usable_leaves_no_store_behind(tmp_path: Path) -> None:
    report = build(lambda a, k: [Failure(InputError("empty", where="a"), "a")], tmp_path / "store")
    assert report.exit_code == 2
    assert not (tmp_path / "store").exists()
    with pytest.raises(StoreError, match="there is no store"):
        StoreFolder(tmp_path / "store").finished()


def test_the_users_vocabulary_is_a_graph_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(scheme() + '[] <http://x.example/says> "a blank node" .\n', encoding="utf-8")
    build(lambda a, k: [Item(*sample(1))], tmp_path / "store", vocabularies=[own])
    found = [line for line in lines(tmp_path / "store") if '"夜校"@zh' in line and "/graph/vocabulary/" in line]
    assert found and not any("_:" in line.split(" ", 2)[0] for line in lines(tmp_path / "store"))
    own.write_text("this is no Turtle", encoding="utf-8")
    with pytest.raises(UsageError, match="not Turtle"):
        build(lambda a, k: [Item(*sample(1))], tmp_path / "store", vocabularies=[own])
    own.write_text("<a:b> a <http://www.w3.org/2004/02/skos/core#Concept> .", encoding="utf-8")
    with pytest.raises(UsageError, match="does not conform"):
        build(lambda a, k: [Item(*sample(1))], tmp_path / "store", vocabularies=[own])


def test_the_runs_graph_alone_holds_times(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build_records([sample(1)], store)
    build_records([sample(2)], store)
    assert not any("dateTime" in line for line in lines(store))
    quads = Store.read_only(str(StoreFolder(store).finished() / "quads"))
    prov = "http://www.w3.org/ns/prov#"
    runs = list(quads.quads_for_pattern(None, NamedNode(prov + "endedAtTime"), None, NamedNode(RUNS)))
    assert len(runs) == 2
    gone = list(quads.quads_for_pattern(None, NamedNode(prov + "wasInvalidatedBy"), None, NamedNode(RUNS)))
    assert len(gone) == 1


def test_another_base_is_kept_and_not_changed_on_the_way(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build_records([sample(1)], store, base="http://base.example/kg/")
    assert not any("practice-graph.example" in line for line in lines(store))
    assert build_records([sample(1)], store).unchanged == 1
    with pytest.raises(UsageError, match="has the base"):
        build_records([sample(1)], store, base="http://other.example/")
    with pytest.raises(UsageError, match="not a base IRI"):
        build_records([sample(1)], tmp_path / "new", base="no iri")


# What stands in the way


def test_a_second_build_is_told_who_holds_the_store_and_so_is_a_reader(tmp_path: Path) -> None:
    store = tmp_path / "store"
    StoreFolder(store).create()
    with pytest.raises(StoreError, match="no build of this store has ended yet"):
        StoreFolder(store).finished()

    def source(archive: Archive, kept: object) -> Iterator[Item]:
        with pytest.raises(
            StoreError, match=f"the first build of this store is running .*process {os.getpid()}.* wait"
        ):
            StoreFolder(store).finished()
        with pytest.raises(StoreError, match=f"another build is writing this store.*process {os.getpid()}"):
            build_records([sample(2)], store)
        yield Item(*sample(1))

    assert build(source, store).written == 1


CHILD = """
import sys, time
sys.path[:0] = [{here!r}, {root!r}]
from sample_records import sample
from kg.graph.build import build
from kg.graph.intake import Item

def source(archive, kept):
    for n in range(25):
        record, text = sample(n)
        archive.put_extracted(f"key{{n}}", record)
        yield Item(record, text, key=f"key{{n}}")
    print("half", flush=True)
    time.sleep(60)

build(source, {store!r})
"""


def test_a_killed_build_leaves_the_store_as_it_was_and_can_be_resumed(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build_records([sample(100)], store)
    before = lines(store)
    code = CHILD.format(here=str(HERE), root=str(HERE.parent.parent), store=str(store))
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline().strip() == b"half"
    with pytest.raises(StoreError, match=f"process {child.pid}"):
        build_records([sample(1)], store)
    child.kill()  # SIGKILL, or TerminateProcess
    child.wait()
    child.stdout.close()
    assert lines(store) == before
    # The lock of the dead process holds nobody back, and what it had extracted is there.
    with Archive(StoreFolder(store).archive) as archive:
        assert sum(archive.extracted(f"key{n}") is not None for n in range(25)) >= 16
    build_records([sample(n) for n in range(25)], store)
    assert not list((store / "generations").glob("*.part"))
    build_records([sample(n) for n in range(25)], tmp_path / "fresh")
    assert lines(store) == lines(tmp_path / "fresh")


def test_a_failing_source_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build_records([sample(1)], store)
    before = lines(store)

    def source(archive: Archive, kept: object) -> Iterator[Item]:
        yield Item(*sample(2))
        raise RuntimeError("the extraction broke")

    with pytest.raises(RuntimeError):
        build(source, store)
    assert lines(store) == before and not list((store / "generations").glob("*.part"))


def test_a_store_of_another_version_is_not_touched(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build_records([sample(1)], store)
    (store / "VERSION").write_text("practice-graph store 99\n", encoding="utf-8")
    for act in (lambda: build_records([sample(2)], store), lambda: StoreFolder(store).finished()):
        with pytest.raises(StoreError, match="version 'practice-graph store 99'") as caught:
            act()
        assert caught.value.exit_code == 2


def test_a_folder_of_other_files_is_not_made_a_store(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    with pytest.raises(StoreError, match="holds other files"):
        build_records([sample(1)], tmp_path)
    with pytest.raises(StoreError, match="a file, not a folder"):
        build_records([sample(1)], tmp_path / "thesis.docx")
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_damaged_pointer_or_manifest_is_told(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build_records([sample(1)], store)
    manifest = StoreFolder(store).finished() / "articles.jsonl"
    manifest.write_text("{not json\n", encoding="utf-8")
    with pytest.raises(StoreError, match="manifest of the generation is damaged"):
        Manifest.read(StoreFolder(store).finished())
    (store / "CURRENT").write_text("000042\n", encoding="utf-8")
    with pytest.raises(StoreError, match="'000042' that CURRENT names is missing"):
        StoreFolder(store).finished()


@pytest.mark.parametrize("head", ['{"base": 5}', '{"fixed": 3}', '{"fixed": {"a": []}}', '{"config": null}', "[]"])
def test_a_manifest_of_other_values_is_told(tmp_path: Path, head: str) -> None:
    build_records([sample(1)], tmp_path / "store")
    folder = StoreFolder(tmp_path / "store").finished()
    known = json.loads((folder / "generation.json").read_text(encoding="utf-8"))
    changed = json.loads(head)
    (folder / "generation.json").write_text(
        json.dumps(known | changed if isinstance(changed, dict) else changed), encoding="utf-8"
    )
    with pytest.raises(StoreError, match=r"manifest of the generation is damaged.*build the store anew"):
        Manifest.read(folder)


def test_an_entry_of_other_values_is_told(tmp_path: Path) -> None:
    build_records([sample(1)], tmp_path / "store")
    folder = StoreFolder(tmp_path / "store").finished()
    entry = json.loads((folder / "articles.jsonl").read_text(encoding="utf-8"))
    for changed in ({"graph": 5}, {"record": None}, {"text": 5}):
        (folder / "articles.jsonl").write_text(json.dumps(entry | changed) + "\n", encoding="utf-8")
        with pytest.raises(StoreError, match="manifest of the generation is damaged"):
            Manifest.read(folder)


def test_a_damaged_archive_or_lock_is_told(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build_records([sample(1)], store)
    with sqlite3.connect(store / "archive.sqlite") as archive:
        archive.execute("UPDATE text SET body = x'00'")
        archive.execute("UPDATE record SET body = ?", (zlib.compress(b"{}"),))
    archive.close()
    (entry,) = Manifest.read(StoreFolder(store).finished()).entries
    with Archive(store / "archive.sqlite") as opened:
        for read in (lambda: opened.text(str(entry.text)), lambda: opened.record(entry.record)):
            with pytest.raises(StoreError, match=r"archive of the store is damaged .*; delete this file"):
                read()
    for harm in (b"hello" * 1000, b""):
        (store / "archive.sqlite").write_bytes(harm)
        with pytest.raises(StoreError, match=r"archive of the store is damaged .*; delete this file and build"):
            validate_store(store)
    (store / "archive.sqlite").unlink()
    with pytest.raises(StoreError, match="archive of the store is missing; build the store again"):
        validate_store(store)
    (store / "LOCK").write_bytes(b"hello" * 1000)
    with pytest.raises(StoreError, match=r"LOCK is none that a build has made .*; delete it"):
        build_records([sample(1)], store)
    (store / "LOCK").unlink()
    assert build_records([sample(1)], store).written == 1


def test_a_build_goes_on_where_the_generation_is_gone(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build_records([sample(0)], store)
    build_records([sample(0), sample(1)], store)
    before = lines(store)
    shutil.rmtree(StoreFolder(store).finished())
    with pytest.raises(StoreError, match="build it again"):
        StoreFolder(store).finished()
    report = build_records([sample(0), sample(1)], store)
    assert (report.written, report.unchanged) == (1, 1)  # the generation before is still there
    assert lines(store) == before
    shutil.rmtree(store / "generations")
    with pytest.raises(StoreError, match="that CURRENT names is missing"):
        StoreFolder(store).finished()
    assert build_records([sample(0), sample(1)], store).written == 2
    assert lines(store) == before


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), OSError("IO error: No space left on device")]
)
def test_a_full_disk_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    store = tmp_path / "store"
    build_records([sample(1)], store)
    before = lines(store)

    class Full:
        def __init__(self, path: str) -> None:
            self._store = Store(path)

        def __getattr__(self, name: str) -> object:
            if name == "bulk_load":
                raise error
            return getattr(self._store, name)

    with monkeypatch.context() as patch:
        patch.setattr("kg.graph.store.quads.Store", Full)
        with pytest.raises(StoreError, match="the disk is full; nothing was changed"):
            build_records([sample(2)], store)
    assert lines(store) == before and not list((store / "generations").glob("*.part"))
    assert build_records([sample(2)], store).written == 1


def test_a_full_disk_under_the_archive_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Archive, table: str, digest: str, body: bytes) -> None:
        with folder_module.storage_errors(tmp_path):
            raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Archive, "_put", full)
    with pytest.raises(StoreError, match="the disk is full"):
        build_records([sample(2)], tmp_path / "store")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "share of the disk is used up; nothing was changed; make room"),
        (OSError("IO error: While appending: Disk quota exceeded"), "share of the disk is used up"),
        (OSError(errno.EFBIG, "File too large"), "larger than the system allows; nothing was changed; raise the limit"),
        (OSError(errno.EIO, "Input/output error"), r"cannot be written \(Input/output error\); check the disk"),
        (OSError("IO error: No such file or directory: 000009.sst"), "build it anew"),
    ],
)
def test_what_the_disk_refuses_is_told_with_what_helps(tmp_path: Path, error: OSError, said: str) -> None:
    with pytest.raises(StoreError, match=said), folder_module.storage_errors(tmp_path):
        raise error


def test_a_folder_that_refuses_writing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *args: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(StoreError, match="cannot be written"):
        build_records([sample(1)], tmp_path / "store")


READER = """
import os, sys
sys.path[:0] = [{here!r}, {root!r}]
import shacl
from sample_records import sample
from kg.errors import StoreError
from kg.graph.build import build_records
from kg.graph.validate import validate_store
validate_store({store!r})
if os.geteuid() == 0:
    os.setuid(65534)  # permissions do not bind root
try:
    build_records([sample(2)], {store!r})
except StoreError as error:
    print("refused:", error)
report = validate_store({store!r})
print("read:", report.articles, report.graphs, report.exit_code)
"""


@pytest.mark.skipif(os.name == "nt", reason="permissions of folders work otherwise on Windows")
def test_a_read_only_store_is_read_and_not_written() -> None:
    store = Path(tempfile.mkdtemp()) / "store"  # another user cannot enter pytest's own folder
    store.parent.chmod(0o755)
    build_records([sample(1)], store)
    for path in [store, *store.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    code = READER.format(here=str(HERE), root=str(HERE.parent.parent), store=str(store))
    try:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert "refused:" in done.stdout and "cannot be written" in done.stdout, done.stderr
        assert "read: 1 1 0" in done.stdout, done.stderr
    finally:
        for path in [store, *store.rglob("*")]:
            path.chmod(0o755)
        shutil.rmtree(store.parent)


def test_old_generations_are_removed(tmp_path: Path) -> None:
    for n in range(4):
        build_records([sample(n)], tmp_path / "store")
    assert [p.name for p in sorted((tmp_path / "store" / "generations").iterdir())] == ["000003", "000004"]
