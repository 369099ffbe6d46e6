"""From files to a store: what is done again, what is not, and what the command says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sample_records import sample
from typer.testing import CliRunner

import kg
from kg.cli.main import app
from kg.configuration import configuration
from kg.errors import UsageError
from kg.graph.folder import StoreFolder
from kg.graph.intake import BuildReport
from kg.graph.manifest import Generation
from kg.model import Article, ArticleRecord
from kg.pipeline import build


class Station:
    """Stands for extraction: knows the records of the invented articles, and counts what it was given."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, articles: Sequence[Article]) -> list[ArticleRecord]:
        return [self.one(article) for article in articles]

    def one(self, article: Article) -> ArticleRecord:
        self.seen.append(article.file)
        if "broken" in article.file:
            raise RuntimeError("no idea")
        record, text = sample(int(article.file.rsplit("/", 1)[-1][:3]))
        assert text == article.text
        practices = tuple(p.model_copy(update={"identity": None}) for p in record.practices)
        return record.model_copy(update={"file": article.file, "practices": practices})


@pytest.fixture
def station() -> Station:
    return Station()


def write(folder: Path, *numbers: int) -> Path:
    folder.mkdir(exist_ok=True)
    for n in numbers:
        (folder / f"{n:03d}.txt").write_bytes(sample(n)[1].encode("utf-8"))
    return folder


def files(store: Path) -> set[str]:
    return {e.file for e in Generation.read(StoreFolder(store).finished()).entries}


def counts(report: BuildReport) -> tuple[int, int, int, int]:
    return report.written, report.unchanged, report.withdrawn, len(report.failures)


def test_only_what_changed_is_extracted_again(tmp_path: Path, station: Station) -> None:
    folder, store = write(tmp_path / "in", 0, 1, 2), tmp_path / "store"
    assert counts(build([folder], store, extract=station)) == (3, 0, 0, 0)
    assert counts(build([folder], store, extract=station)) == (0, 3, 0, 0)
    (folder / "001.txt").unlink()
    write(folder, 3)
    assert counts(build([folder], store, extract=station)) == (1, 2, 1, 0)
    assert station.seen == ["000.txt", "001.txt", "002.txt", "003.txt"]
    assert files(store) == {"000.txt", "002.txt", "003.txt"}


def test_a_path_alone_is_one_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, station: Station) -> None:
    monkeypatch.chdir(write(tmp_path / "here", 0))
    write(tmp_path / ".z", 1)
    assert counts(build("../.z", "../s", extract=station)) == (1, 0, 0, 0)  # "." of it is this folder
    assert counts(build(tmp_path / ".z", tmp_path / "s", extract=station)) == (0, 1, 0, 0)
    (tmp_path / ".z" / "001.txt").unlink()
    assert counts(build(str(write(tmp_path / ".z", 2)), tmp_path / "s", extract=station)) == (1, 0, 1, 0)
    assert counts(build(".y", tmp_path / "new", extract=station)) == (0, 0, 0, 1)
    assert station.seen == ["001.txt", "002.txt"]


def test_missing_articles_are_kept_on_request_and_those_of_other_folders_always(
    tmp_path: Path, station: Station
) -> None:
    one, other, store = write(tmp_path / "a", 0, 1), write(tmp_path / "b", 2), tmp_path / "store"
    build([one], store, extract=station)
    assert counts(build([other], store, extract=station)) == (1, 2, 0, 0)
    (one / "000.txt").unlink()
    assert counts(build([one], store, extract=station, keep_missing=True)) == (0, 3, 0, 0)
    assert counts(build([one], store, extract=station)) == (0, 2, 1, 0)
    assert files(store) == {"001.txt", "002.txt"} and len(station.seen) == 3


def test_a_folder_that_is_not_there_withdraws_nothing(tmp_path: Path, station: Station) -> None:
    folder, store = write(tmp_path / "in", 0), tmp_path / "store"
    build([folder], store, extract=station)
    folder.rename(tmp_path / "elsewhere")
    report = build([folder], store, extract=station)
    assert counts(report) == (0, 1, 0, 1) and report.exit_code == 1 and files(store) == {"000.txt"}


def test_one_article_that_breaks_the_extraction_does_not_end_the_run(tmp_path: Path, station: Station) -> None:
    folder, store = write(tmp_path / "in", 0, 1), tmp_path / "store"
    (folder / "broken.txt").write_bytes((folder / "000.txt").read_bytes() + "又一句话。".encode())
    (folder / "empty.txt").write_bytes(b"")
    report = build([folder], store, extract=station)
    assert counts(report) == (2, 0, 0, 2) and report.exit_code == 1
    said = sorted(str(failure.error) for failure in report.failures)
    assert any("RuntimeError: no idea" in each and "broken.txt" in each for each in said)
    assert any("empty" in each for each in said)


def test_an_article_that_breaks_now_stays_as_it_was(tmp_path: Path, station: Station) -> None:
    folder, store = write(tmp_path / "in", 0, 1), tmp_path / "store"
    build([folder], store, extract=station)
    (folder / "001.txt").write_bytes(b"")
    report = build([folder], store, extract=station)
    assert counts(report) == (0, 1, 0, 1) and files(store) == {"000.txt", "001.txt"}


def test_a_run_that_broke_off_is_resumed_where_it_stopped(
    tmp_path: Path, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, store = write(tmp_path / "in", *range(30)), tmp_path / "store"

    def stop(failed: bool) -> None:
        if len(station.seen) > 16:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([folder], store, extract=station, on_article=stop)
    again = Station()
    build([folder], store, extract=again)
    assert len(files(store)) == 30 and len(again.seen) == 14


def test_a_repost_that_comes_later_is_recognised_and_its_practices_are_the_same(
    tmp_path: Path, station: Station
) -> None:
    folder, other, store = write(tmp_path / "a", 0), tmp_path / "b", tmp_path / "store"
    build([folder], store, extract=station)
    other.mkdir()
    (other / "000-again.txt").write_bytes((folder / "000.txt").read_bytes())
    build([other], store, extract=station)
    with kg.open(store) as graph:
        assert graph.columns.reposts and len(graph.practices()) == 2
        assert set(graph.practices()["files"].iloc[0]) == {"000.txt", "000-again.txt"}


def test_another_configuration_extracts_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, station: Station
) -> None:
    own = tmp_path / "places.csv"
    own.write_text("name\n", encoding="utf-8")
    assert configuration() != configuration(gazetteer=own)
    folder, store = write(tmp_path / "in", 0), tmp_path / "store"
    build([folder], store, extract=station)
    build([folder], store, extract=station, gazetteer=own)
    assert len(station.seen) == 2


# The command


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, station: Station) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.setattr("kg.pipeline.extraction.extractor", lambda *given, **options: station)

    def run(*arguments: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, ["build", *arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return run


def test_the_command_sums_up(tmp_path: Path, command: Callable[..., tuple[int, str, str]]) -> None:
    folder, store = write(tmp_path / "in", 0, 1), tmp_path / "store"
    code, out, err = command(str(folder), "--store", str(store))
    assert code == 0 and out.startswith("2 articles, 4 practices") and "2 written" in out and err == ""
    (folder / "empty.txt").write_bytes(b"")
    code, out, err = command(str(folder), "--store", str(store))
    assert code == 1 and "1 failed" in out and "empty.txt" in err
    code, out, err = command(str(tmp_path / "nowhere"), "--store", str(tmp_path / "new"))
    assert code == 2 and out == "" and "nowhere" in err
    with pytest.raises(UsageError, match="no such file"):
        command(str(folder), "--store", str(store), "--vocabulary", "nowhere.ttl")


def test_the_command_takes_records(tmp_path: Path, command: Callable[..., tuple[int, str, str]]) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text("".join(sample(n)[0].to_json() + "\n" for n in range(3)), encoding="utf-8")
    code, out, _ = command(str(path), "--records", "--store", str(tmp_path / "store"))
    assert code == 0 and out.startswith("3 articles, 6 practices")


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_progress_is_shown_on_a_terminal_and_only_there(tmp_path: Path) -> None:
    import pty

    folder = write(tmp_path / "in", *range(3))
    arguments = ["kg", "build", str(folder), "--store", str(tmp_path / "s")]
    code = (
        "import sys; sys.path[:0] = ['tests/graph']\nfrom sample_records import sample\nimport kg.pipeline.extraction as p\n"
        "p.extractor = lambda *a, **k: lambda some: [sample(int(one.file[:3]))[0] for one in some]\n"
        f"from kg.cli.main import main\nsys.argv = {arguments!r}\nmain()"
    )
    root = Path(kg.__file__).parent.parent
    master, slave = pty.openpty()
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=slave, cwd=root)
    os.close(slave)
    seen = b""
    try:
        while more := os.read(master, 65536):
            seen += more
    except OSError:
        pass  # Linux tells the end of a terminal so
    os.close(master)
    out, _ = child.communicate()
    shown = seen.decode("utf-8", "replace")
    assert child.returncode == 0, shown
    assert "articles/s" in shown and "3/3" in shown and "graph" in shown and "articles/s" not in out.decode("utf-8")
