"""A build loses nothing that it was not told to: articles of other and of closed folders, broken tables, words of the user's."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from sample_records import sample
from typer.testing import CliRunner

import kg
from kg.cli.main import app
from kg.errors import StoreError, UsageError
from kg.graph.store.folder import StoreFolder
from kg.graph.store.manifest import Manifest
from kg.graph.validate import validate_store
from kg.model import Article, ArticleRecord
from kg.pipeline import build
from kg.settings import Settings

TEXTS = {sample(n)[1]: n for n in range(10)}


def station(articles: Sequence[Article]) -> list[ArticleRecord]:
    """Stands for extraction: knows the records of the invented articles by their text."""
    made = []
    for article in articles:
        record, _ = sample(TEXTS[article.text])
        practices = tuple(p.model_copy(update={"identity": None}) for p in record.practices)
        source = {"file": article.file, "content_hash": article.content_hash}
        made.append(record.model_copy(update={**source, "practices": practices}))
    return made


@pytest.fixture(autouse=True)
def _extracted_by_the_station(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "extractor", lambda *given: station)


def put(path: Path, number: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sample(number)[1].encode("utf-8"))
    return path


def table(path: Path, *rows: int | str) -> Path:
    lines = [json.dumps({"text": sample(n)[1]}, ensure_ascii=False) if isinstance(n, int) else n for n in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def made(store: Path, *paths: Path | str, **options: bool) -> tuple[int, int, int, int]:
    report = build(list(paths), store, **options)
    return report.written, report.unchanged, report.withdrawn, len(report.failures)


def files(store: Path) -> dict[str, str]:
    entries = Manifest.read(StoreFolder(store).finished()).entries
    return {e.file: Path(e.path).parent.name if e.path else "" for e in entries}


def test_a_file_of_another_folder_with_the_same_name_is_another_article(tmp_path: Path) -> None:
    store, one, other = tmp_path / "s", put(tmp_path / "a" / "报道.txt", 0), put(tmp_path / "b" / "报道.txt", 1)
    assert made(store, one.parent) == (1, 0, 0, 0)
    assert made(store, other.parent) == (1, 1, 0, 0)
    assert files(store) == {"报道.txt": "a", "b/报道.txt": "b"}
    assert made(store, one.parent) == made(store, other.parent) == made(store, tmp_path) == (0, 2, 0, 0)
    put(other, 2)
    assert made(store, other.parent) == (1, 1, 0, 0)
    assert files(store) == {"报道.txt": "a", "b/报道.txt": "b"}


def test_rows_of_tables_of_the_same_name_are_other_articles(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    store = tmp_path / "s"
    one, other = table(tmp_path / "a" / "r.jsonl", 0, 1), table(tmp_path / "b" / "r.jsonl", 2)
    made(store, one)
    assert made(store, other) == (1, 2, 0, 0)
    assert set(files(store)) == {"r.jsonl#1", "r.jsonl#2", "b/r.jsonl#1"}
    assert made(store, one) == (0, 3, 0, 0)


def test_a_folder_that_was_moved_is_the_same(tmp_path: Path) -> None:
    store = tmp_path / "s"
    put(tmp_path / "old" / "000.txt", 0)
    made(store, tmp_path / "old")
    (tmp_path / "old").rename(tmp_path / "new")
    assert made(store, tmp_path / "new") == (0, 1, 0, 0)
    assert files(store) == {"000.txt": "new"}


def of_kind(path: Path, *numbers: int) -> Path:
    """A table of the kind that its name says, with these articles as rows."""
    path.parent.mkdir(exist_ok=True)
    texts = [sample(n)[1] for n in numbers]
    if path.suffix == ".jsonl":
        return table(path, *numbers)
    if path.suffix == ".csv":
        path.write_text("text\n" + "".join(f'"{text}"\n' for text in texts), encoding="utf-8")
        return path
    book = openpyxl.Workbook()
    for text in ("text", *texts):
        book.active.append([text])
    book.save(path)
    return path


@pytest.mark.parametrize("name", ["r.csv", "r.jsonl", "r.xlsx"])
def test_a_table_that_was_moved_has_the_same_rows(tmp_path: Path, name: str) -> None:
    store, old, new = tmp_path / "s", tmp_path / "old", tmp_path / "new"
    of_kind(old / name, 0, 1)
    put(old / "tea.txt", 5)
    made(store, old)
    old.rename(new)
    assert made(store, new) == (0, 3, 0, 0)
    assert files(store) == {f"{name}#1": "new", f"{name}#2": "new", "tea.txt": "new"}
    of_kind(new / name, 0, 2)
    assert made(store, new) == (1, 2, 0, 0) and made(store, new) == (0, 3, 0, 0)
    assert files(store) == {f"{name}#1": "new", f"{name}#2": "new", "tea.txt": "new"}


def test_a_table_that_was_moved_may_have_grown_and_its_failing_rows_fail_again(tmp_path: Path) -> None:
    store, old, new = tmp_path / "s", tmp_path / "old", tmp_path / "new"
    old.mkdir()
    rows = table(old / "r.jsonl", 0, '{"text": ""}', 1)
    assert made(store, rows) == (2, 0, 0, 1)
    new.mkdir()
    table(rows.rename(new / "r.jsonl"), 0, '{"text": ""}', 1, 2)
    assert made(store, new) == (1, 2, 0, 1)
    assert files(store) == {"r.jsonl#1": "new", "r.jsonl#3": "new", "r.jsonl#4": "new"}


def test_nothing_is_lost_of_a_table_that_still_lies_where_it_was(tmp_path: Path) -> None:
    store, old, new = tmp_path / "s", tmp_path / "old" / "r.csv", tmp_path / "new" / "r.csv"
    made(store, of_kind(old, 0, 1))
    of_kind(new, 0, 1)
    assert made(store, new) == (2, 2, 0, 0)  # a copy: whichever is changed now, the other keeps its rows
    of_kind(new, 0, 2)
    made(store, new)
    of_kind(old, 3, 1)
    made(store, old)
    assert files(store) == {f"{name}r.csv#{n}": place for name, place in (("", "old"), ("new/", "new")) for n in (1, 2)}
    shutil.copy(new, old)
    made(store, old)
    new.unlink()
    put(new.parent / "tea.txt", 5)
    made(store, new.parent)
    assert files(store) == {"r.csv#1": "old", "r.csv#2": "old", "tea.txt": "new"}


def test_a_table_that_was_moved_and_lost_a_row_takes_none_from_the_store(tmp_path: Path) -> None:
    store, old, new = tmp_path / "s", tmp_path / "old" / "r.csv", tmp_path / "new" / "r.csv"
    made(store, of_kind(old, 0, 1))
    old.unlink()  # or its drive is not mounted today
    of_kind(new, 0)
    assert made(store, new) == (1, 2, 0, 0)
    assert files(store) == {"r.csv#1": "old", "r.csv#2": "old", "new/r.csv#1": "new"}


def test_rows_that_a_build_has_doubled_are_one_again(tmp_path: Path) -> None:
    store, old, new = tmp_path / "s", tmp_path / "old" / "r.csv", tmp_path / "new" / "r.csv"
    made(store, of_kind(old, 0, 1))
    of_kind(new, 0, 1)
    made(store, new)
    old.unlink()
    assert made(store, new) == (0, 2, 2, 0)
    assert files(store) == {"r.csv#1": "new", "r.csv#2": "new"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no .. beyond links")
def test_a_folder_is_the_same_by_whatever_way_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, folder = tmp_path / "s", put(tmp_path / "a" / "000.txt", 0).parent
    put(folder / "001.txt", 1)
    (tmp_path / "link").symlink_to(folder)
    made(store, folder)
    monkeypatch.chdir(put(tmp_path / "b" / "x.txt", 5).parent)
    for n, way in enumerate((Path("../a"), tmp_path / "link")):
        put(folder / "002.txt", 2)
        made(store, way)
        (folder / "002.txt").unlink()
        assert made(store, way) == (0, 2, 1, 0), n


def test_nothing_of_a_folder_that_cannot_be_read_now_is_withdrawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, closed = tmp_path / "s", put(tmp_path / "in" / "closed" / "000.txt", 0).parent
    put(tmp_path / "in" / "001.txt", 1)
    made(store, tmp_path / "in")
    listed = Path.iterdir

    def refuse(folder: Path) -> object:
        if folder.name == "closed":
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", refuse)
    report = build([tmp_path / "in"], store)
    assert (report.withdrawn, len(report.failures), report.articles, report.practices) == (0, 1, 2, 4)
    assert files(store) == {"000.txt": closed.name, "001.txt": "in"}


def test_a_row_that_is_broken_now_stays_as_it_was(tmp_path: Path) -> None:
    store = tmp_path / "s"
    rows = table(tmp_path / "r.jsonl", 0, 1, 2)
    made(store, rows)
    table(rows, 0, '{"text": "半句', 2)
    assert made(store, rows) == (0, 2, 0, 1)
    assert set(files(store)) == {"r.jsonl#1", "r.jsonl#2", "r.jsonl#3"}
    table(rows, 0, 1)
    assert made(store, rows) == (0, 2, 1, 0)


def test_rows_behind_the_damage_of_a_table_stay(tmp_path: Path) -> None:
    store, rows = tmp_path / "s", tmp_path / "r.csv"
    head = "text\n"
    cells = [f'"{sample(n)[1]}"\n' for n in range(3)]
    rows.write_text(head + "".join(cells), encoding="utf-8")
    made(store, rows)
    rows.write_text(head + cells[0] + cells[1].rstrip('"\n') + "\n" + cells[2].strip('"\n'), encoding="utf-8")
    _, unchanged, withdrawn, failed = made(store, rows)
    assert (unchanged, withdrawn, failed) == (1, 0, 1)
    assert set(files(store)) == {"r.csv#1", "r.csv#2", "r.csv#3"}


def test_a_folder_that_is_empty_today_empties_no_store(tmp_path: Path) -> None:
    store, article = tmp_path / "s", put(tmp_path / "in" / "000.txt", 0)
    made(store, article.parent)
    article.rename(tmp_path / "000.txt")
    with pytest.raises(UsageError, match="no article"):
        made(store, article.parent)
    with pytest.raises(UsageError, match="no article"):
        made(tmp_path / "new", article.parent)
    assert files(store) == {"000.txt": "in"} and not (tmp_path / "new").exists()


def test_an_empty_path_is_not_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "s"
    here = put(tmp_path / "here" / "000.txt", 0)
    made(store, here.parent)
    here.unlink()
    monkeypatch.chdir(here.parent)
    assert made(store, put(tmp_path / "other" / "001.txt", 1).parent, "") == (1, 1, 0, 1)


def test_what_was_passed_over_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = put(tmp_path / "in" / "000.txt", 0).parent
    for name in ("x.doc", "y.doc", "z.jpg", ".hidden"):
        (folder / name).write_bytes(b"x")

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["build", *words])
        return (2 if isinstance(result.exception, UsageError) else result.exit_code), result.stderr

    code, said = run(str(folder), "--store", str(folder / "store"))
    assert code == 0 and said == "kg: passed over: 2 .doc (save it as .docx), 1 .jpg\n"
    code, said = run(str(folder), "--store", str(tmp_path / "other"))
    assert code == 0 and "1 store that kg wrote" in said
    (folder / "000.txt").unlink()
    code, said = run(str(folder), "--store", str(tmp_path / "new"))
    assert code == 2 and "2 .doc" in said


TEA = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/my/tea> a skos:Concept ; skos:prefLabel "采茶工"@zh .
"""


def labels(store: Path) -> set[str]:
    with kg.open(store) as graph:
        found = graph.sparql("SELECT ?l { <https://example.org/my/tea> skos:prefLabel ?l }")
        return {label for (label,) in found.rows()}


def test_the_users_words_stay_as_long_as_articles_stay_that_were_read_with_them(tmp_path: Path) -> None:
    store, own = tmp_path / "s", tmp_path / "tea.ttl"
    own.write_text(TEA, encoding="utf-8")
    one, other = put(tmp_path / "a" / "000.txt", 0).parent, put(tmp_path / "b" / "001.txt", 1).parent
    build([one], store, vocabulary=own)
    build([other], store)
    assert labels(store) == {"采茶工"}
    own.write_text(TEA.replace("采茶工", "采茶能手"), encoding="utf-8")
    build([other], store, vocabulary=own)
    assert labels(store) == {"采茶能手"}  # the corrected words take the place of the first
    build([one, other], store)
    assert labels(store) == set()


def test_practices_are_counted_once_however_many_tell_of_them(tmp_path: Path) -> None:
    put(tmp_path / "in" / "000.txt", 0)
    put(tmp_path / "in" / "again.txt", 0)
    report = build([tmp_path / "in"], tmp_path / "s")
    with kg.open(tmp_path / "s") as graph:
        assert (report.articles, report.practices) == (2, len(graph.practices())) == (2, 2)


def test_a_refused_build_leaves_no_half_store(tmp_path: Path) -> None:
    folder, wrong = put(tmp_path / "in" / "000.txt", 0).parent, tmp_path / "wrong.ttl"
    wrong.write_text("no turtle", encoding="utf-8")
    with pytest.raises(UsageError):
        build([folder], tmp_path / "s", vocabulary=wrong)
    assert not (tmp_path / "s").exists()
    made(tmp_path / "s", folder)
    with pytest.raises(UsageError):
        build([folder], tmp_path / "s", vocabulary=wrong)
    assert files(tmp_path / "s") == {"000.txt": "in"}


def test_a_store_whose_first_build_was_killed_at_once_can_be_built(tmp_path: Path) -> None:
    store = tmp_path / "s"
    store.mkdir()
    (store / "VERSION.new").write_bytes(b"")
    assert made(store, put(tmp_path / "in" / "000.txt", 0)) == (1, 0, 0, 0)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.docx").write_bytes(b"x")
    with pytest.raises(StoreError, match="other files"):
        made(tmp_path / "full", tmp_path / "in")


def test_values_whose_original_is_not_where_it_was_said_to_be_are_not_proved(tmp_path: Path) -> None:
    store, folder = tmp_path / "s", put(tmp_path / "in" / "000.txt", 0).parent
    put(tmp_path / "in" / "001.txt", 1)
    made(store, folder)
    shutil.move(folder / "001.txt", tmp_path / "elsewhere.txt")
    report = validate_store(store)
    assert (report.findings, report.unread, report.exit_code) == ([], 1, 0)
    report = validate_store(store, [folder])
    assert (report.findings, report.unread, report.exit_code) == ([], 1, 1)
    assert validate_store(store, [tmp_path]).exit_code == 0


def test_a_table_is_proved_by_the_column_that_it_was_read_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph.rdf.fixed.packaged_schemes", lambda base: {})
    store, rows, more = tmp_path / "s", tmp_path / "r.csv", put(tmp_path / "more" / "003.txt", 3)
    rows.write_text(f'编号,正文甲\n1,"{sample(1)[1]}"\n', encoding="utf-8")
    build([rows], store, text_column="正文甲")
    build([more], store)  # the table's row stays, and so does its column
    build([rows], store, text_column="正文甲")
    for articles in ([], [rows, more]):
        report = validate_store(store, articles)
        assert report.unread == 0 and report.sources == report.values > 0
    records = tmp_path / "r.jsonl"
    (article,) = kg.read_articles([rows], text_column="正文甲")
    assert isinstance(article, Article)
    records.write_text(station([article])[0].to_json() + "\n", encoding="utf-8")
    command = ["validate", str(records), "--articles", str(rows)]
    assert "1 article without their original" in CliRunner().invoke(app, command).stderr
    assert CliRunner().invoke(app, [*command, "--text-column", "正文甲"]).stderr == ""


def test_what_is_wrong_with_many_rows_is_told_once_and_leaves_no_store(tmp_path: Path) -> None:
    rows = table(tmp_path / "r.jsonl", *['{"name": "x"}'] * 30)
    result = CliRunner().invoke(app, ["build", str(rows), "--text-column", "正文", "--store", str(tmp_path / "s")])
    assert result.exit_code == 2 and result.stderr.count("\n") == 1
    assert "r.jsonl#1: no column '正文'" in result.stderr and "(and 29 more rows)" in result.stderr
    assert not (tmp_path / "s").exists()


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names are Unicode there")
def test_a_build_within_a_folder_whose_name_is_no_utf8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, store = tmp_path / os.fsdecode("来稿".encode("gb18030")), tmp_path / "s"
    put(folder / "000.txt", 0)
    put(folder / "001.txt", 1)
    monkeypatch.chdir(folder)
    assert made(store, ".") == (2, 0, 0, 0)
    (folder / "001.txt").unlink()
    assert made(store, ".") == (0, 1, 1, 0)
    assert files(store) == {"000.txt": "来稿"} and validate_store(store).unread == 0


@pytest.mark.parametrize("harm", ["gone", "empty", "swapped"])
def test_what_the_archive_has_lost_is_built_again_and_nothing_is_withdrawn(tmp_path: Path, harm: str) -> None:
    store, one, other = tmp_path / "s", put(tmp_path / "a" / "one.txt", 0), put(tmp_path / "b" / "other.txt", 1)
    made(tmp_path / "strange", put(tmp_path / "c" / "strange.txt", 2))
    assert made(store, one, other) == (2, 0, 0, 0)
    archive = store / "archive.sqlite"
    archive.unlink()
    if harm == "empty":
        archive.touch()
    elif harm == "swapped":
        shutil.copy(tmp_path / "strange" / "archive.sqlite", archive)
    assert made(store, other) == (1, 0, 0, 0) and set(files(store)) == {"one.txt", "other.txt"}
    assert made(store, one, other) == (1, 1, 0, 0)
    assert not validate_store(store).findings
    assert made(store, one, other) == (0, 2, 0, 0)
