"""Stores of records that were written before: with the sentences of their articles, where those are named."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store
from sample_records import sample
from typer.testing import CliRunner

from kg.cli.main import app
from kg.errors import UsageError
from kg.graph.build import build_records
from kg.graph.rdf.terms import Terms
from kg.graph.store.folder import StoreFolder
from kg.graph.store.manifest import Manifest
from kg.graph.validate import validate_store
from kg.model import Article, ArticleRecord
from kg.pipeline import build
from kg.read import read_articles
from kg.settings import forget


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """A file of three records; the articles of the first two lie in ``articles``, one under another name."""
    path, folder = tmp_path / "records.jsonl", tmp_path / "articles"
    folder.mkdir()
    path.write_text("".join(sample(n)[0].to_json() + "\n" for n in range(3)), encoding="utf-8")
    (folder / "000.txt").write_bytes(sample(0)[1].encode("utf-8"))
    (folder / "renamed.txt").write_bytes(sample(1)[1].encode("utf-8"))
    return path


def command(records: Path, store: Path, *words: str | Path) -> tuple[int, str, list[str]]:
    """Exit code, output, and the lines of standard error but that on the samples' concepts, which no scheme holds."""
    done = CliRunner().invoke(app, ["build", str(records), "--records", "--store", str(store), *map(str, words)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, [line for line in done.stderr.splitlines() if "no scheme holds" not in line]


def sentences(store: Path) -> set[str]:
    graph = Store.read_only(str(StoreFolder(store).finished() / "quads"))
    name = NamedNode(Terms().name("gp:sentence")[1:-1])
    return {quad.object.value for quad in graph.quads_for_pattern(None, name, None)}


def test_records_get_the_sentences_of_articles_that_are_named(records: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    code, out, err = command(records, store, "--articles", tmp_path / "articles")
    assert code == 0 and out.startswith("3 articles, 6 practices")
    assert err == [
        "kg: 1 article without sentences, for want of the text; name the folder of the others as well: --articles DIR"
    ]
    held = sentences(store)
    assert all(any(words in sample(n)[1] for words in held) for n in (0, 1))
    assert all(words in sample(0)[1] + sample(1)[1] for words in held)
    assert validate_store(store, [tmp_path / "articles"]).findings == []
    (tmp_path / "articles" / "002.txt").write_bytes(sample(2)[1].encode("utf-8"))
    code, out, err = command(records, store, "--articles", tmp_path / "articles")
    assert (code, err) == (0, []) and "1 written, 2 unchanged" in out


def test_the_store_is_that_of_records_that_came_with_their_texts(records: Path, tmp_path: Path) -> None:
    (tmp_path / "articles" / "002.txt").write_bytes(sample(2)[1].encode("utf-8"))
    command(records, tmp_path / "named", "--articles", tmp_path / "articles")
    build_records([sample(n) for n in range(3)], tmp_path / "given")
    one, other = (Manifest.read(StoreFolder(tmp_path / name).finished()) for name in ("named", "given"))
    assert tuple(replace(entry, path=None) for entry in one.entries) == other.entries
    assert all(entry.text for entry in one.entries)


def test_the_store_knows_where_the_articles_of_records_lie(records: Path, tmp_path: Path) -> None:
    store, folder = tmp_path / "store", tmp_path / "articles"
    command(records, store, "--articles", folder)
    paths = {entry.file: entry.path for entry in Manifest.read(StoreFolder(store).finished()).entries}
    assert paths == {"000.txt": str(folder / "000.txt"), "001.txt": str(folder / "renamed.txt"), "002.txt": None}
    report = validate_store(store)
    assert (report.articles, report.unread, report.findings) == (3, 1, []) and report.sources


def test_records_stay_when_their_articles_are_built_too(
    records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, folder = tmp_path / "store", tmp_path / "articles"
    command(records, store, "--articles", folder)
    before = Manifest.read(StoreFolder(store).finished()).entries
    monkeypatch.setattr(
        "kg.settings._load", lambda settings: lambda articles: [ArticleRecord.of(one, (), ()) for one in articles]
    )
    forget()
    (folder / "renamed.txt").unlink()
    (folder / "new.txt").write_text("某社区办了一所夜校。", encoding="utf-8")
    report = build(folder, store)
    after = Manifest.read(StoreFolder(store).finished()).entries
    assert (report.written, report.unchanged, report.withdrawn) == (1, 3, 0) and set(before) < set(after)
    forget()


def test_records_alone_are_told_to_have_no_sentences(records: Path, tmp_path: Path) -> None:
    code, _, err = command(records, tmp_path / "store")
    assert code == 0 and sentences(tmp_path / "store") == set()
    assert err == ["kg: 3 articles without sentences, for want of the text; name the folder: --articles DIR"]


def test_a_record_of_another_clean_text_is_left_out(records: Path, tmp_path: Path) -> None:
    record, text = sample(0)
    other = hashlib.sha256(f"{text}更多".encode()).hexdigest()
    records.write_text(
        record.model_copy(update={"text_hash": other}).to_json() + "\n" + sample(1)[0].to_json() + "\n",
        encoding="utf-8",
    )
    code, out, err = command(records, tmp_path / "store", "--articles", tmp_path / "articles")
    assert code == 1 and out.startswith("1 article, 2 practices") and "1 failed" in out
    what = "the clean text of its article is not the one that the record was made from"
    assert err == [f"kg: 000.txt: {what}; extract it anew"]


def test_rows_of_a_table_are_read_by_the_column_that_is_named(records: Path, tmp_path: Path) -> None:
    record, text = sample(0)
    table = tmp_path / "rows.csv"
    table.write_text(f'words\n"{text}"\n', encoding="utf-8")
    (article,) = read_articles([table], text_column="words")
    assert isinstance(article, Article) and article.text == text
    found = record.model_copy(update={"file": article.file, "content_hash": article.content_hash})
    records.write_text(found.to_json() + "\n", encoding="utf-8")
    code, _, err = command(records, tmp_path / "store", "--articles", table, "--text-column", "words")
    assert (code, err) == (0, []) and sentences(tmp_path / "store")
    assert validate_store(tmp_path / "store").unread == 0


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--articles", "nowhere"), "--articles nowhere: no such file or folder"),
        (("--articles", "empty"), "--articles empty: no article is in it"),
    ],
)
def test_articles_that_are_not_there_are_told_before_the_work(
    records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], what: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=f"^{what}"):
        command(records, tmp_path / "store", *words)
    assert not (tmp_path / "store").exists()


def test_articles_are_named_for_records_only(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["build", str(tmp_path), "--articles", str(tmp_path)])
    assert isinstance(done.exception, UsageError)
    assert str(done.exception).startswith("--articles: the option has no effect without --records; ")


def test_standard_input_is_not_read_twice() -> None:
    done = CliRunner().invoke(app, ["build", "-", "--records", "--articles", "-"], input="")
    assert isinstance(done.exception, UsageError) and "can be read but once" in str(done.exception)
