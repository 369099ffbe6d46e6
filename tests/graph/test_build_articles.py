"""From files to a store: what is done again, what is not, and what the command says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store
from sample_records import sample
from typer.testing import CliRunner

import kg
from kg.cli.main import app
from kg.errors import InputError, UsageError
from kg.graph.intake import BuildReport
from kg.graph.store.folder import StoreFolder
from kg.graph.store.manifest import Manifest
from kg.model import Article, ArticleRecord
from kg.pipeline import Extracted, build, records
from kg.pipeline.cache import Memory
from kg.read import mark_reposts, read_article
from kg.settings import Settings, forget


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
def station(monkeypatch: pytest.MonkeyPatch) -> Station:
    """Takes the place of the extraction, in builds and commands."""
    made = Station()
    monkeypatch.setattr(Settings, "extractor", lambda *given: made)
    return made


def write(folder: Path, *numbers: int) -> Path:
    folder.mkdir(exist_ok=True)
    for n in numbers:
        (folder / f"{n:03d}.txt").write_bytes(sample(n)[1].encode("utf-8"))
    return folder


def files(store: Path) -> set[str]:
    return {e.file for e in Manifest.read(StoreFolder(store).finished()).entries}


def counts(report: BuildReport) -> tuple[int, int, int, int]:
    return report.written, report.unchanged, report.withdrawn, len(report.failures)


def test_only_what_changed_is_extracted_again(tmp_path: Path, station: Station) -> None:
    folder, store = write(tmp_path / "in", 0, 1, 2), tmp_path / "store"
    assert counts(build([folder], store)) == (3, 0, 0, 0)
    assert counts(build([folder], store)) == (0, 3, 0, 0)
    (folder / "001.txt").unlink()
    write(folder, 3)
    assert counts(build([folder], store)) == (1, 2, 1, 0)
    assert station.seen == ["000.txt", "001.txt", "002.txt", "003.txt"]
    assert files(store) == {"000.txt", "002.txt", "003.txt"}


def test_a_path_alone_is_one_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, station: Station) -> None:
    monkeypatch.chdir(write(tmp_path / "here", 0))
    write(tmp_path / ".z", 1)
    assert counts(build("../.z", "../s")) == (1, 0, 0, 0)  # "." of it is this folder
    assert counts(build(tmp_path / ".z", tmp_path / "s")) == (0, 1, 0, 0)
    (tmp_path / ".z" / "001.txt").unlink()
    assert counts(build(str(write(tmp_path / ".z", 2)), tmp_path / "s")) == (1, 0, 1, 0)
    assert station.seen == ["001.txt", "002.txt"]


def test_paths_of_which_none_is_there_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, station: Station
) -> None:
    monkeypatch.chdir(tmp_path)
    store = StoreFolder(tmp_path / "new")
    for paths, said in (
        (".y", r"^\.y: no such file"),
        ([".y", "*.q"], r"\.y: no such .*; \*\.q: nothing"),
        ("", "empty path"),
    ):
        with pytest.raises(UsageError, match=said):
            build(paths, store.path)
        assert not store.path.exists()


def test_own_files_and_workers_are_looked_at_before_anything_is_read(tmp_path: Path, station: Station) -> None:
    folder = write(tmp_path / "in", 0)
    for options, said in (
        ({"vocabulary": "voc.ttl"}, "vocabulary voc.ttl: no such file"),
        ({"gazetteer": str(tmp_path)}, "gazetteer .*: no such file"),
        ({"workers": "2"}, "the number of workers is a whole number"),
    ):
        with pytest.raises(UsageError, match=said):
            build(folder, tmp_path / "s", **options)  # type: ignore[arg-type]
        assert not (tmp_path / "s").exists()
    places = tmp_path / "places.csv"
    places.write_text("name,path\n", encoding="utf-8")
    assert build(folder, tmp_path / "s", gazetteer=str(places)).written == 1


def test_missing_articles_are_kept_on_request_and_those_of_other_folders_always(
    tmp_path: Path, station: Station
) -> None:
    one, other, store = write(tmp_path / "a", 0, 1), write(tmp_path / "b", 2), tmp_path / "store"
    build([one], store)
    assert counts(build([other], store)) == (1, 2, 0, 0)
    (one / "000.txt").unlink()
    assert counts(build([one], store, keep_missing=True)) == (0, 3, 0, 0)
    assert counts(build([one], store)) == (0, 2, 1, 0)
    assert files(store) == {"001.txt", "002.txt"} and len(station.seen) == 3


def test_a_folder_that_is_not_there_withdraws_nothing(tmp_path: Path, station: Station) -> None:
    folder, store = write(tmp_path / "in", 0), tmp_path / "store"
    build([folder], store)
    folder.rename(tmp_path / "elsewhere")
    report = build([folder], store)
    assert counts(report) == (0, 1, 0, 1) and report.exit_code == 1 and files(store) == {"000.txt"}


def test_one_article_that_breaks_the_extraction_does_not_end_the_run(tmp_path: Path, station: Station) -> None:
    folder, store = write(tmp_path / "in", 0, 1), tmp_path / "store"
    (folder / "broken.txt").write_bytes((folder / "000.txt").read_bytes() + "又一句话。".encode())
    (folder / "empty.txt").write_bytes(b"")
    report = build([folder], store)
    assert counts(report) == (2, 0, 0, 2) and report.exit_code == 1
    said = sorted(str(failure.error) for failure in report.failures)
    assert any("RuntimeError: no idea" in each and "broken.txt" in each for each in said)
    assert any("empty" in each for each in said)


def test_an_article_that_breaks_now_stays_as_it_was(tmp_path: Path, station: Station) -> None:
    folder, store = write(tmp_path / "in", 0, 1), tmp_path / "store"
    build([folder], store)
    (folder / "001.txt").write_bytes(b"")
    report = build([folder], store)
    assert counts(report) == (0, 1, 0, 1) and files(store) == {"000.txt", "001.txt"}


def test_a_run_that_broke_off_is_resumed_where_it_stopped(
    tmp_path: Path, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, store = write(tmp_path / "in", *range(30)), tmp_path / "store"

    def stop(failed: bool) -> None:
        if len(station.seen) > 16:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([folder], store, on_article=stop)
    station.seen.clear()
    build([folder], store)
    assert len(files(store)) == 30 and len(station.seen) == 14


def test_a_repost_that_comes_later_is_recognised_and_its_practices_are_the_same(
    tmp_path: Path, station: Station
) -> None:
    folder, other, store = write(tmp_path / "a", 0), tmp_path / "b", tmp_path / "store"
    build([folder], store)
    other.mkdir()
    (other / "000-again.txt").write_bytes((folder / "000.txt").read_bytes())
    build([other], store)
    with kg.open(store) as graph:
        assert graph.lookup.reposts and len(graph.practices()) == 2
        assert set(graph.practices()["files"].iloc[0]) == {"000.txt", "000-again.txt"}


def test_two_towns_that_report_by_one_template_are_no_reposts_of_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {f"{place}.txt": sample(0, file=f"{place}.txt", place=place) for place in (0, 1)}
    folder, store = tmp_path / "in", tmp_path / "store"
    folder.mkdir()
    for file, (_, text) in told.items():
        (folder / file).write_text(text, encoding="utf-8")
    (folder / "2.txt").write_text(told["0.txt"][1] + "（来源：县报）", encoding="utf-8")

    def station(articles: Sequence[Article]) -> list[ArticleRecord]:
        return [told["0.txt" if a.file == "2.txt" else a.file][0].model_copy(update={"file": a.file}) for a in articles]

    assert [a.duplicate_of for a in mark_reposts(map(read_article, sorted(folder.iterdir())))] == [
        None,
        "0.txt",
        "0.txt",
    ]
    monkeypatch.setattr(Settings, "extractor", lambda *given: station)
    build([folder], store)
    with kg.open(store) as graph:
        reposts = graph.articles().dropna(subset="repost_of")
    assert dict(zip(reposts["file"], reposts["repost_of"], strict=True)) == {"2.txt": "0.txt"}


def test_another_configuration_extracts_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, station: Station
) -> None:
    own = tmp_path / "places.csv"
    own.write_text("name\n", encoding="utf-8")
    assert Settings().digest() != Settings(gazetteer=own).digest()
    folder, store = write(tmp_path / "in", 0), tmp_path / "store"
    build([folder], store)
    build([folder], store, gazetteer=own)
    assert len(station.seen) == 2


def test_what_another_extractor_finds_gets_into_no_cache(tmp_path: Path, station: Station) -> None:
    folder = write(tmp_path / "in", 0)
    with pytest.raises(UsageError, match="extract: a cache holds what the product's own extraction found"):
        list(records([folder], extract=station, cache=Memory()))
    assert station.seen == []
    (one,) = records([folder], extract=station)
    assert isinstance(one, Extracted) and one.key == "" and station.seen == ["000.txt"]


def test_each_setting_and_what_its_files_hold_make_another_digest(tmp_path: Path) -> None:
    words, model = tmp_path / "own.ttl", tmp_path / "model"
    words.write_text("", encoding="utf-8")
    model.mkdir()
    settings = [
        Settings(),
        Settings(fast=True),
        Settings(vocabulary=words),
        Settings(gazetteer=words),
        Settings(tokenizer="char"),
        Settings(tokenizer="pkuseg"),
        Settings(tokenizer="pkuseg", tokenizer_model=model),
        Settings(tokenizer=str(model)),
    ]
    (model / "weights").write_bytes(b"1")
    before = [one.digest() for one in settings]
    assert len(set(before)) == len(settings) and before == [one.digest() for one in settings]
    words.write_text("# edited", encoding="utf-8")
    (model / "weights").write_bytes(b"2")
    after = [one.digest() for one in settings]
    assert [one == other for one, other in zip(before, after, strict=True)] == [
        *(True, True, False, False),
        *(True, True, False, False),
    ]


def test_what_the_extraction_says_itself_is_told_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {
        "000.txt": InputError("no word of it is known", where="text 0", remedy="leave it out"),
        "001.txt": ValueError("no idea"),
    }

    def extract(articles: Sequence[Article]) -> list[ArticleRecord]:
        for article in articles:
            raise said[article.file]
        return []

    monkeypatch.setattr(Settings, "extractor", lambda *given: extract)
    failures = build([write(tmp_path / "in", 0, 1)], tmp_path / "store").failures
    unknown, known = sorted((failure.error for failure in failures), key=str)
    assert str(known) == "text 0: no word of it is known; leave it out"
    assert unknown.what == "the extraction failed: ValueError: no idea"
    assert unknown.remedy == "please report it with the file"


def test_the_models_are_loaded_once_for_all_articles_of_the_same_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[Settings] = []

    def load(settings: Settings) -> object:
        loaded.append(settings)
        return lambda articles: [ArticleRecord.of(each, (), ()) for each in articles]

    monkeypatch.setattr("kg.settings._load", load)
    forget()
    folder = write(tmp_path / "in", 0, 1)
    for file in sorted(folder.iterdir()):
        kg.extract(file, tokenizer="char")
    kg.explain(folder / "000.txt", tokenizer="char")
    assert loaded == [Settings(tokenizer="char")]
    build(folder, tmp_path / "s", tokenizer="char")
    assert loaded == [Settings(tokenizer="char")]
    kg.extract(folder / "000.txt")
    assert loaded == [Settings(tokenizer="char"), Settings()]
    forget()


def test_the_files_of_the_user_are_hashed_once_before_the_models_are_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "places.csv"
    own.write_text("name,level,parent\n", encoding="utf-8")
    read: list[Path] = []

    def counted(path: Path) -> bytes:
        read.append(path)
        with path.open("rb") as stream:
            return stream.read()

    monkeypatch.setattr("kg.settings._load", lambda settings: lambda articles: [])
    monkeypatch.setattr(Path, "read_bytes", counted)
    forget()
    Settings(gazetteer=own).extractor()
    assert read.count(own) == 1
    forget()


def test_a_worker_with_other_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a worker has another version of the program"):
        Settings().extractor("0" * 64)


# The command


@pytest.fixture
def command(station: Station) -> Callable[..., tuple[int, str, str]]:
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
    with pytest.raises(UsageError, match="nowhere: no such file or folder"):
        command(str(tmp_path / "nowhere"), "--store", str(tmp_path / "new"))
    with pytest.raises(UsageError, match="no such file"):
        command(str(folder), "--store", str(store), "--vocabulary", "nowhere.ttl")


def test_the_command_takes_records(tmp_path: Path, command: Callable[..., tuple[int, str, str]]) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text("".join(sample(n)[0].to_json() + "\n" for n in range(3)), encoding="utf-8")
    code, out, _ = command(str(path), "--records", "--store", str(tmp_path / "store"))
    assert code == 0 and out.startswith("3 articles, 6 practices")


OWN = "https://example.org/my/night-schools"


def own_record(folder: Path) -> tuple[Path, Path]:
    """A file of one record whose first practice has a researcher's own format, and the scheme that holds it."""
    record = sample(0)[0]
    first, *others = record.practices
    formats = tuple(value.model_copy(update={"concept": OWN}) for value in first.formats[:1])
    bare = {"formats": formats, "audiences": ()}
    practices = (first.model_copy(update=bare), *(one.model_copy(update=bare) for one in others))
    records, scheme = folder / "records.jsonl", folder / "mine.ttl"
    records.write_text(record.model_copy(update={"practices": practices}).to_json() + "\n", encoding="utf-8")
    scheme.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        f'<{OWN}> a skos:Concept ; skos:prefLabel "山间夜校"@zh ;\n'
        " skos:broader <https://practice-graph.example/vocab/format/collective-teaching> .\n",
        encoding="utf-8",
    )
    return records, scheme


def test_own_schemes_of_records_come_into_the_store(
    tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    records, scheme = own_record(tmp_path)
    store = tmp_path / "store"
    words = ("--vocabulary", str(scheme), "--articles", str(write(tmp_path / "in", 0)))
    code, _, err = command(str(records), "--records", "--store", str(store), *words)
    assert (code, err) == (0, "")
    graph = Store.read_only(str(StoreFolder(store).finished() / "quads"))
    said = {
        (q.predicate.value.rsplit("#", 1)[-1], q.object.value)
        for q in graph.quads_for_pattern(NamedNode(OWN), None, None)
    }
    assert ("prefLabel", "山间夜校") in said
    assert ("broader", "https://practice-graph.example/vocab/format/collective-teaching") in said
    code, _, err = command(str(records), "--records", "--store", str(store))
    assert "the store held a vocabulary of your own and holds none now" in err
    assert "holds none now" not in command(str(records), "--records", "--store", str(store))[2]


def test_concepts_of_records_that_no_scheme_holds_are_told(
    tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    records, _ = own_record(tmp_path)
    code, out, err = command(str(records), "--records", "--store", str(tmp_path / "store"))
    assert code == 0 and out.startswith("1 article, ")
    assert err.startswith("kg: 2 values of concepts that no scheme holds") and OWN in err and "--vocabulary" in err


@pytest.mark.parametrize(
    "words",
    [
        ("--gazetteer", __file__),
        ("--text-column", "text"),
        ("--tokenizer", "char"),
        ("--fast",),
        ("--keep-missing",),
    ],
)
def test_options_that_records_cannot_honour_are_refused(
    tmp_path: Path, command: Callable[..., tuple[int, str, str]], words: tuple[str, ...]
) -> None:
    records, _ = own_record(tmp_path)
    with pytest.raises(UsageError, match=f"^{words[0]}: the option has no effect with --records; "):
        command(str(records), "--records", "--store", str(tmp_path / "store"), *words)
    assert not (tmp_path / "store").exists()


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_progress_is_shown_on_a_terminal_and_only_there(tmp_path: Path) -> None:
    import pty

    folder = write(tmp_path / "in", *range(3))
    arguments = ["kg", "build", str(folder), "--store", str(tmp_path / "s")]
    code = (
        "import sys; sys.path[:0] = ['tests/graph']\nfrom sample_records import sample\nfrom kg.settings import Settings\n"
        "Settings.extractor = lambda *a: lambda some: [sample(int(one.file[:3]))[0] for one in some]\n"
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
