"""`kg validate` proves what holds and finds what does not."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import DefaultGraph, Literal, Store
from sample_records import sample
from typer.testing import CliRunner

from kg.cli.main import app
from kg.errors import UsageError
from kg.graph.build import build
from kg.graph.intake import Item
from kg.graph.store.folder import StoreFolder
from kg.graph.validate import read_records, validate_records, validate_store
from kg.release import read_contents


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for n in range(3):
        (folder / f"{n:03d}.txt").write_bytes(sample(n)[1].encode("utf-8"))
    return folder


@pytest.fixture
def store(tmp_path: Path, articles: Path) -> Path:
    def source(archive: object, kept: object) -> Iterator[Item]:
        for n in range(3):
            yield Item(*sample(n), path=str(articles / f"{n:03d}.txt"))

    build(source, tmp_path / "store")
    return tmp_path / "store"


def records(path: Path, change: Any = None) -> Path:
    rows = [json.loads(sample(n)[0].to_json()) for n in range(3)]
    if change:
        change(rows[1])
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_good_store_holds(store: Path) -> None:
    report = validate_store(store)
    assert (report.findings, report.articles, report.graphs, report.unread) == ([], 3, 3, 0)
    assert report.sources == report.values > 30 and report.triples > 900


def test_graphs_of_another_program_are_told_and_not_compared(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph.validate.mapping_hash", lambda: "the next program")
    report = validate_store(store)
    assert (report.findings, report.graphs, report.older, report.exit_code) == ([], 0, 3, 1)
    assert report.sources == report.values > 30
    ended = CliRunner().invoke(app, ["validate", str(store)])
    assert ended.exit_code == 1 and "3 graphs were made by another version of kg" in ended.stderr
    tamper(store)
    (changed,) = validate_store(store).findings
    assert changed.file in ("000.txt", "001.txt", "002.txt") and changed.place == "graph"
    assert changed.what == "the graph in the store is not the one that the manifest names"


def test_good_records_hold(tmp_path: Path, articles: Path) -> None:
    report = validate_records(read_records(records(tmp_path / "r.jsonl")), [articles])
    assert report.findings == [] and report.sources == report.values


def shift(row: dict[str, Any]) -> None:
    value = row["practices"][0]["formats"][0]
    value["start"], value["end"] = value["start"] + 1, value["end"] + 1


def reword(row: dict[str, Any]) -> None:
    row["practices"][0]["formats"][0]["text"] = "白校办班"


def mislead(row: dict[str, Any]) -> None:
    row["practices"][0]["audiences"][0]["source"] = {"start": 0, "end": 3}


def unplace(row: dict[str, Any]) -> None:
    del row["practices"][0]["venues"][0]["source"]


def misdate(row: dict[str, Any]) -> None:
    row["practices"][0]["dates"][0]["iso"] = "2024-13"


def other_text(row: dict[str, Any]) -> None:
    row["text_hash"] = "0" * 64


def misname(row: dict[str, Any]) -> None:
    row["regions"][0]["levels"][-1] |= {"start": 7, "end": 9}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (misname, "region"),
        (shift, "the text holds"),
        (reword, "the record says '白校办班'"),
        (mislead, "the words stand at"),
        (unplace, "does not say where it stands in the file"),
        (misdate, "首日须为有效日期"),
        (other_text, "another clean text"),
    ],
)
def test_a_tampered_record_is_found(tmp_path: Path, articles: Path, change: Any, said: str) -> None:
    report = validate_records(read_records(records(tmp_path / "r.jsonl", change)), [articles])
    assert report.exit_code == 1
    assert {finding.file for finding in report.findings} == {"001.txt"}
    assert any(said in str(finding) for finding in report.findings), report.findings


def test_an_article_changed_after_the_build_is_found(store: Path, articles: Path) -> None:
    path = articles / "002.txt"
    path.write_bytes(path.read_bytes().replace("老年居民".encode(), "老年住户".encode()))
    (finding,) = validate_store(store).findings
    assert finding.file == "002.txt" and "other bytes" in finding.what
    path.unlink()
    report = validate_store(store)
    assert (report.findings, report.unread) == ([], 1)


def tamper(store: Path) -> None:
    """Another figure in one article's graph."""
    quads = Store(str(StoreFolder(store).finished() / "quads"))
    quad = next(q for q in quads if q.predicate.value.endswith("numericValue") and q.graph_name != DefaultGraph())
    quads.remove(quad)
    quads.add(type(quad)(quad.subject, quad.predicate, Literal(5), quad.graph_name))
    quads.flush()


def test_a_tampered_graph_is_found(store: Path) -> None:
    tamper(store)
    report = validate_store(store)
    assert any("is missing from the graph" in str(f) for f in report.findings)
    assert any("stands only in the graph" in str(f) for f in report.findings)


def test_a_tampered_text_in_the_archive_is_found(store: Path) -> None:
    database = sqlite3.connect(StoreFolder(store).archive)
    (digest,) = database.execute("SELECT hash FROM text ORDER BY hash LIMIT 1").fetchone()
    database.execute("UPDATE text SET body = ? WHERE hash = ?", (zlib.compress("别的话".encode()), digest))
    database.commit()
    database.close()
    assert any("not the one that the record was made from" in str(f) for f in validate_store(store).findings)


def test_the_command_says_what_holds_and_what_does_not(store: Path, tmp_path: Path, articles: Path) -> None:
    run = CliRunner()
    good = run.invoke(app, ["validate", str(store)])
    assert good.exit_code == 0 and "0 violations" in good.stdout
    bad = records(tmp_path / "r.jsonl", reword)
    found = run.invoke(app, ["validate", str(bad), "--articles", str(articles)])
    assert found.exit_code == 1 and "001.txt: practice p1, formats" in found.stdout
    assert isinstance(run.invoke(app, ["validate", str(bad)]).exception, UsageError)


def test_a_line_that_is_no_record_is_told_with_its_number(tmp_path: Path) -> None:
    path = records(tmp_path / "r.jsonl")
    path.write_text(path.read_text(encoding="utf-8") + '{"file": 3}\n', encoding="utf-8")
    with pytest.raises(UsageError, match="line 4"):
        list(read_records(path))


def test_records_that_cannot_be_read_are_told_with_the_remedy(tmp_path: Path) -> None:
    path = records(tmp_path / "r.jsonl")
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-16")  # as PowerShell's > writes them
    with pytest.raises(UsageError, match=r"r\.jsonl: the records are not UTF-8; .*--output"):
        list(read_records(path))
    with pytest.raises(UsageError, match=r"none\.jsonl: the records cannot be read \([^)]+\); name a file"):
        list(read_records(tmp_path / "none.jsonl"))


def test_records_are_read_from_standard_input_and_by_kg_diff_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = records(tmp_path / "r.jsonl")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    with path.open(encoding="utf-8") as file:
        monkeypatch.setattr("sys.stdin", file)
        told = list(read_records(Path("-")))
    assert told == [record for record, _ in read_contents(path).told] and len(told) == 3


def test_the_commands_that_take_a_file_of_records_take_standard_input(tmp_path: Path, articles: Path) -> None:
    path, run = records(tmp_path / "r.jsonl"), CliRunner()
    piped = path.read_bytes()
    proved = run.invoke(app, ["validate", "-", "--articles", str(articles)], input=piped)
    assert proved.exit_code == 0 and "3 articles" in proved.stdout
    compared = run.invoke(app, ["diff", str(path), "-"], input=piped)
    assert compared.exit_code == 0 and compared.stdout == f"{path} and - say the same.\n"
    scored = run.invoke(app, ["evaluate", str(path), "-"], input=piped)
    assert scored.exit_code == 0 and scored.stdout == run.invoke(app, ["evaluate", str(path), str(path)]).stdout
