"""Names that are no UTF-8, links in a circle, pipes, stores among the articles, paths that are empty."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from read_samples import BODY, TITLE

from kg.errors import InputError, UsageError
from kg.model.article import Article
from kg.read import ReadFailure, read_articles
from kg.read.articles import named_sources
from kg.read.names import as_paths, on_disk, shown

TEXT = "\n".join([TITLE, *BODY])
GBK = "报道.txt".encode("gb18030")


def write(path: Path, content: str = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def odd(folder: Path, name: bytes, content: str = TEXT) -> Path:
    """A file of a name that is no UTF-8; skips where the disk refuses it (macOS)."""
    try:
        return write(folder / os.fsdecode(name), content)
    except (OSError, UnicodeError):
        pytest.skip("this disk takes no such name")


def told(one: Article | ReadFailure) -> str:
    """All that a user or a store gets of it; raises UnicodeEncodeError where UTF-8 cannot hold it."""
    text = f"{one.file} {one.path}" if isinstance(one, Article) else f"{one.file} {one.error}"
    return text.encode().decode()


def test_a_path_alone_is_not_taken_letter_by_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path / "z" / "a.txt").parent)
    write(tmp_path / "a.txt")
    for alone in ("a.txt", ".", str(tmp_path / "z"), Path("a.txt")):
        assert [one.file for one in read_articles(alone)] == ["a.txt"]
    (failed,) = read_articles(".x")
    assert isinstance(failed, ReadFailure) and failed.file == ".x"
    assert as_paths(Path("a")) == [Path("a")] and as_paths(("a", Path("b"))) == ["a", Path("b")]


def test_names_that_are_no_utf_8_are_told_as_gb18030_or_escaped(tmp_path: Path) -> None:
    odd(tmp_path / "来稿", GBK)
    odd(tmp_path / "来稿", b"caf\xe9.txt")
    odd(tmp_path / os.fsdecode("旧稿".encode("gb18030")), b"empty.txt", "")
    found = list(read_articles([tmp_path]))
    assert [one.file for one in found] == ["caf\\xe9.txt", "报道.txt", "empty.txt"]
    assert [Path(told(one).split(" ", 1)[1].split(":")[0]).parent.name for one in found] == ["来稿", "来稿", "旧稿"]
    assert all(type(one) is Article for one in found[:2])


def test_a_name_as_it_is_told_leads_to_the_file(tmp_path: Path) -> None:
    path = odd(tmp_path / os.fsdecode("旧稿".encode("gb18030")), GBK)
    (article,) = read_articles([path])
    assert isinstance(article, Article)
    assert article.path == shown(path) == str(tmp_path / "旧稿" / "报道.txt")
    assert on_disk(article.path) == path
    (again,) = read_articles([article.path])
    assert isinstance(again, Article)
    assert again == article
    assert on_disk(tmp_path / "旧稿" / "没有.txt") is None


def test_one_name_in_two_encodings_makes_two_articles(tmp_path: Path) -> None:
    odd(tmp_path, GBK)
    write(tmp_path / "报道.txt", TEXT + "完")
    found = [one for one in read_articles([tmp_path]) if isinstance(one, Article)]
    assert {one.file for one in found} == {"报道.txt", "\\xb1\\xa8\\xb5\\xc0.txt"}
    assert {on_disk(one.path or "") for one in found} == set(tmp_path.iterdir())


@pytest.mark.parametrize("name", [b"\xb1\xa8.\xb5\xc0", b"\xb1\xa8.doc", b"\xb1\xa8.csv", b"\xb1\xa8.pdf"])
def test_failures_of_odd_names_can_be_printed(tmp_path: Path, name: bytes) -> None:
    path = odd(tmp_path, name)
    (found,) = read_articles([path])
    assert isinstance(found, ReadFailure)
    assert "报" in told(found)
    (missing,) = read_articles([tmp_path / os.fsdecode(b"\xb5\xc0.txt")])
    assert "道.txt" in told(missing)
    list(read_articles([tmp_path], on_skip=lambda skipped, why: print(str(skipped).encode(), why)))


def test_columns_that_are_no_text_can_be_printed(tmp_path: Path) -> None:
    (found,) = read_articles([write(tmp_path / "t.jsonl", '{"\\ud800": 1}')])
    assert "no column" in told(found)


def test_a_link_in_a_circle_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("b.txt")
    (tmp_path / "b.txt").symlink_to("a.txt")
    (tmp_path / "c.txt").symlink_to("nowhere.txt")
    write(tmp_path / "d.txt")
    found = list(read_articles([tmp_path]))
    assert [type(one).__name__ for one in found] == ["ReadFailure"] * 3 + ["Article"]
    for one, name in zip(found[:3], "abc", strict=True):
        assert isinstance(one, ReadFailure)
        assert isinstance(one.error, InputError)
        assert f"{name}.txt: " in str(one.error)


PIPES = """
import os, sys
from kg.read import read_articles
for name in ("a.txt", "b.csv", "c.xlsx", "d.jsonl"):
    os.mkfifo(name)
for one in read_articles([".", "a.txt"]):
    print(one.file, getattr(one, "error", ""))
"""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    write(tmp_path / "z.txt")
    run = subprocess.run(
        [sys.executable, "-c", PIPES], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    lines = run.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["a.txt", "b.csv", "c.xlsx", "d.jsonl", "z.txt"]
    assert all("a pipe or a device, no file; save" in line for line in lines[:4])


def test_standard_input_is_read_though_it_is_a_pipe(tmp_path: Path) -> None:
    code = "from kg.read import read_articles\nprint(*(one.text for one in read_articles(['-'])))"
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], input=TEXT.encode(), capture_output=True, timeout=60, check=True
    )
    assert run.stdout.decode().strip() == TEXT


def store(folder: Path) -> Path:
    write(folder / "VERSION", "practice-graph store 1\n")
    write(folder / "generations" / "000001" / "articles.jsonl", '{"text": "' + TEXT.replace("\n", "") + '"}')
    return folder


def release(folder: Path) -> Path:
    write(folder / "release.json", '{\n  "program": "practice-graph 9.9",\n  "articles": 1\n}\n')
    write(folder / "README.md", TEXT)
    return folder


def test_stores_and_releases_among_the_articles_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    store(tmp_path / "sub" / "store")
    release(tmp_path / "release")
    unversioned = tmp_path / "left"
    write(unversioned / "CURRENT", "000001")
    write(unversioned / "generations" / "000001" / "articles.txt")
    ordinary = write(tmp_path / "v" / "VERSION", "1.0").parent
    write(ordinary / "release.json", '{"program": "evening school"}')
    write(ordinary / "b.md")
    for path in (tmp_path, str(tmp_path / "**"), str(tmp_path / "**" / "*.*"), str(tmp_path / "*")):
        skipped: list[tuple[Path, str]] = []
        found = list(read_articles([path], on_skip=lambda one, why, to=skipped: to.append((one, why))))  # type: ignore[misc]
        articles = [one.file for one in found if isinstance(one, Article)]
        assert articles == ["a.txt", "b.md"], path
        outputs = {one.relative_to(tmp_path).as_posix(): why for one, why in skipped if "kg wrote" in why}
        assert outputs == {
            "sub/store": "a store that kg wrote",
            "left": "a store that kg wrote",
            "release": "a release that kg wrote",
        }


def test_a_store_named_as_articles_is_refused(tmp_path: Path) -> None:
    found = list(read_articles([store(tmp_path / "s"), release(tmp_path / "r"), write(tmp_path / "a.txt")]))
    assert [type(one).__name__ for one in found] == ["ReadFailure", "ReadFailure", "Article"]
    for one, kind in zip(found, ("store", "release"), strict=False):
        assert isinstance(one, ReadFailure)
        assert isinstance(one.error, UsageError)
        assert f"a {kind} that kg wrote, not articles; name the folder of the articles" in str(one.error)


def test_the_texts_of_a_release_can_be_named(tmp_path: Path) -> None:
    write(release(tmp_path / "r") / "texts" / "a.txt")
    for path in (tmp_path / "r" / "texts", str(tmp_path / "r" / "texts" / "*.txt")):
        assert [one.file for one in read_articles([path])] == ["a.txt"]


def test_the_product_s_own_marks_are_known(tmp_path: Path) -> None:
    """What kg.graph and kg.release write is what kg.read, which must not import them, looks for."""
    from kg.graph.store.folder import VERSION
    from kg.read.own_output import own_output
    from kg.release.contents import MANIFEST

    assert VERSION.startswith("practice-graph store")
    assert MANIFEST == "release.json"
    assert own_output(store(tmp_path / "s")) == "store"
    assert own_output(release(tmp_path / "r")) == "release"
    assert own_output(tmp_path) is None


def test_an_empty_path_is_not_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.txt")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))
    (found,) = named_sources([""])
    assert isinstance(found, ReadFailure)
    assert isinstance(found.error, UsageError)
    assert "an empty path" in str(found.error)
    assert [one.file for one in read_articles(["", "."])] == ["", "a.txt"]


def test_a_path_too_long_for_the_disk_is_a_failure(tmp_path: Path) -> None:
    found = list(read_articles([tmp_path / ("夜" * 200 + ".txt"), write(tmp_path / "a.txt")]))
    assert [type(one).__name__ for one in found] == ["ReadFailure", "Article"]
