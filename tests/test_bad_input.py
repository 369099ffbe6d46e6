"""Bad input as a user meets it: the program itself, with the extraction that is shipped, from the call to the exit code.

What each station makes of bad input is tested with the station; here it is shown that nothing is lost on the way.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pypdf import PdfWriter

from kg.cli.main import main
from kg.graph.store.folder import StoreFolder
from kg.graph.store.manifest import Manifest

Told = Callable[..., tuple[object, str, str]]

TOWNS = ("芦溪镇", "刘营镇", "古井镇", "花园镇", "永明镇")
SUBJECTS = ("防骗知识", "用电安全", "果树嫁接", "急救常识", "普通话")


def report(number: int, *, figure: int = 600) -> str:
    """An invented report; those of different numbers are no reposts of each other."""
    town, subject = TOWNS[number % 5], SUBJECTS[number // 5 % 5]
    lines = [f"{town}夜里有课上\n来源：三台县融媒体中心 2024年5月{number % 28 + 1}日"]
    lines.append(
        f"本报讯 连日来，四川省绵阳市三台县{town}办起“灯下{number}号课堂”，采取集中授课的方式，为老年居民讲授{subject}。"
    )
    rng = random.Random(number)
    for _ in range(6):  # words that no other report has
        other = "".join(rng.choice("春夏秋冬山水田林湖草东西南北梅兰竹菊桃李杏梨") for _ in range(14))
        lines.append(f"村民说，{other}，听完心里有底。")
    lines.append(f"目前已举办{number + 3}期，累计{figure}余人次参加。")
    return "\n".join(lines) + "\n"


def kg(*words: object, stdout: object = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "kg", *map(str, words)]
    return subprocess.run(call, stdout=stdout, stderr=subprocess.PIPE, check=False, encoding="utf-8")  # type: ignore[call-overload,no-any-return]


def files(store: Path) -> list[str]:
    return sorted(entry.file for entry in Manifest.read(StoreFolder(store).finished()).entries)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Told:
    """Runs the program in this process: exit code, standard output, standard error."""

    def run(*words: object) -> tuple[object, str, str]:
        monkeypatch.setattr("sys.argv", ["kg", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code or 0, *capfd.readouterr()

    return run


GOOD = ("deep/below.txt", "gb18030.txt", "mislabelled.html", "plain.txt", "quotes.txt")
BAD = {
    "empty.txt": (b"", "the file is empty"),
    "deep/empty.txt": (b"", "the file is empty"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(300), "not text but a PNG picture"),
    "noise.txt": (random.Random(5).randbytes(3000), "not text but binary data"),
    "line.txt": (b"x" * 10_000_000, "an article has at most 1,000,000"),
    "wrong.txt": ("\ufeff".encode("utf-16") + b"\x00\xd8" * 301, "save it as UTF-8"),
    "scan.pdf": (b"", "a PDF without text, probably scanned"),
    "table.csv": ("号,日\n1,2\n".encode(), "--text-column"),
    "broken.docx": (b"PK\x03\x04broken", "a broken docx"),
}
"""File → its bytes, and what is said of it."""


@dataclass(frozen=True)
class Built:
    folder: Path
    store: Path
    done: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A folder of good and bad files, built by the program."""
    folder = tmp_path_factory.mktemp("bad") / "in"
    (folder / "deep").mkdir(parents=True)
    for name, (content, _) in BAD.items():
        (folder / name).write_bytes(content)
    blank = PdfWriter()
    blank.add_blank_page(300, 300)
    blank.write(str(folder / "scan.pdf"))
    (folder / "plain.txt").write_text(report(0), encoding="utf-8")
    (folder / "quotes.txt").write_text(report(1).replace("”", ""), encoding="utf-8")
    (folder / "gb18030.txt").write_text(report(2), encoding="gb18030")
    page = f'<html><head><meta charset="utf-8"><title>夜里有课上</title></head><body><p>{report(3)}</p></body></html>'
    (folder / "mislabelled.html").write_text(page, encoding="gb18030")
    (folder / "deep" / "below.txt").write_text(report(4), encoding="utf-8")
    return Built(folder, folder.parent / "store", kg("build", folder, "--store", folder.parent / "store"))


def test_bad_files_fail_and_the_others_are_built(built: Built) -> None:
    assert built.done.returncode == 1, built.done.stderr
    assert f"5 written, 0 unchanged, 0 withdrawn, {len(BAD)} failed" in built.done.stdout
    assert files(built.store) == sorted(Path(name).name for name in GOOD)
    assert len(built.done.stderr.splitlines()) == len(BAD)


@pytest.mark.parametrize("name", BAD)
def test_each_is_told_in_one_line_with_its_path_and_a_remedy(built: Built, name: str) -> None:
    (line,) = [one for one in built.done.stderr.splitlines() if one.startswith(f"kg: {built.folder / name}: ")]
    assert BAD[name][1] in line and ";" in line


def test_what_could_be_read_was_read_rightly(built: Built, told: Told) -> None:
    """GB18030, and a page that says it is UTF-8 and is not."""
    code, out, _ = told("sparql", "SELECT ?s { ?e gp:sentence ?s }", "--store", built.store, "--format", "csv")
    assert code == 0
    read = (
        TOWNS[0],
        TOWNS[2],
        TOWNS[3],
        TOWNS[4],
    )  # not the one without a closing quotation mark: that is extraction's
    assert [town for town in read if town not in out] == []
    assert told("validate", built.store)[0] == 0


def test_nothing_usable_is_a_wrong_call_and_leaves_no_graph(tmp_path: Path, told: Told) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    code, out, err = told("build", tmp_path / "empty.txt", "--store", tmp_path / "store")
    assert (code, out) == (2, "") and "the file is empty" in err
    code, out, err = told("extract", tmp_path / "empty.txt", tmp_path / "absent")
    assert (code, out) == (2, "") and "no such file or folder" in err


# The store


def test_a_locked_store_is_not_written_but_read(built: Built, told: Told) -> None:
    before = files(built.store)
    holder = sqlite3.connect(built.store / "LOCK", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        code, _, err = told("build", built.folder / "plain.txt", "--store", built.store)
        assert code == 2 and "another build is writing this store" in err and "wait until it has ended" in err
        assert told("sparql", "ASK { ?p a gp:Practice }", "--store", built.store)[0] == 0
    finally:
        holder.close()
    assert files(built.store) == before


def test_a_store_of_another_version_is_refused_by_every_command(built: Built, tmp_path: Path, told: Told) -> None:
    store = shutil.copytree(built.store, tmp_path / "store")
    (store / "VERSION").write_text("practice-graph store 99\n", encoding="utf-8")
    held = {path: path.stat().st_mtime_ns for path in store.rglob("*")}
    for words in (
        ("build", built.folder, "--store"),
        ("sparql", "ASK {}", "--store"),
        ("query", "shared", "--store"),
        ("export", "nquads", "--store"),
        ("validate",),
    ):
        code, out, err = told(*words, store)
        assert (code, out) == (2, ""), words
        assert "of version 'practice-graph store 99'" in err and "build it anew" in err
    assert {path: path.stat().st_mtime_ns for path in store.rglob("*")} == held


AS_NOBODY = """
import os, sys
import kg.pipeline, kg.graph.build, kg.graph.validate, shacl, kg.extract, kg.read, kg.resolve.places, kg.resolve.concepts
from kg.cli.main import main
if os.geteuid() == 0:
    os.setuid(65534)  # permissions do not bind root
sys.argv = ["kg", *{words!r}]
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="permissions of folders work otherwise on Windows")
def test_a_read_only_store_is_not_written(built: Built) -> None:
    above = Path(tempfile.mkdtemp())  # another user cannot enter pytest's own folder
    store = shutil.copytree(built.store, above / "store")
    (above / "a.txt").write_text(report(7), encoding="utf-8")
    for path in [above, *above.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    code = AS_NOBODY.format(words=["build", str(above / "a.txt"), "--store", str(store)])
    root = Path(__file__).parents[1]
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=False, encoding="utf-8", cwd=root
        )
        assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
        assert "cannot be written" in done.stderr and "check its permissions" in done.stderr
        assert files(store) == files(built.store)
    finally:
        for path in [above, *above.rglob("*")]:
            path.chmod(0o755)
        shutil.rmtree(above)


@pytest.mark.parametrize("where", ["at its end", "within"])
def test_a_damaged_database_is_told_and_can_be_built_anew(built: Built, tmp_path: Path, told: Told, where: str) -> None:
    """RocksDB notices it when opening, or only when it reads the block; either way nothing is written."""
    store = shutil.copytree(built.store, tmp_path / "store")
    for table in (store / "generations").rglob("*.sst"):
        content = bytearray(table.read_bytes())
        spoilt = range(len(content) - 60, len(content)) if where == "at its end" else range(0, len(content) // 2, 40)
        for at in spoilt:
            content[at] ^= 0xFF
        table.write_bytes(content)
    before = sorted(path.name for path in (store / "generations").iterdir())
    out = tmp_path / "table.csv"
    for words in (("build", built.folder / "plain.txt"), ("export", "table", "--output", out), ("query", "shared")):
        code, _, said = told(*words, "--store", store)
        assert code == 2 and "Corruption" in said and "anew" in said and said.count("\n") == 1, said
    assert not out.exists() and sorted(path.name for path in (store / "generations").iterdir()) == before


# A full disk


@pytest.mark.slow
def test_a_full_disk_under_the_store(tmp_path: Path) -> None:
    """On a disk that really has but 400 KB; the station's own tests simulate the moments in which it can fill up."""
    (tmp_path / "a.txt").write_text(report(0), encoding="utf-8")
    (tmp_path / "disk").mkdir()
    mount = f"mount -t tmpfs -o size=400k tmpfs '{tmp_path}/disk'"
    if (
        not shutil.which("unshare")
        or subprocess.run(["unshare", "-rm", "sh", "-c", mount], capture_output=True, check=False).returncode
    ):
        pytest.skip("no small disk can be made here: it takes unshare and user namespaces")
    build = f"'{sys.executable}' -m kg build '{tmp_path}/a.txt' --store '{tmp_path}/disk/store'"
    shell = f"{mount} && {build}; code=$?; ls '{tmp_path}/disk/store/generations'; exit $code"
    done = subprocess.run(["unshare", "-rm", "sh", "-c", shell], capture_output=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "the disk is full; nothing was changed; make room" in done.stderr and done.stderr.count("\n") == 1


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.is_char_device(), reason="there is no /dev/full")
@pytest.mark.parametrize("words", [("query", "list"), ("export", "nquads"), ("query", "practices")])
def test_a_full_disk_under_the_answer(built: Built, words: tuple[str, ...]) -> None:
    call = [*words, *([] if words[-1] == "list" else ["--store", built.store])]
    with FULL.open("wb") as full:
        done = kg(*call, stdout=full)
    assert done.returncode == 2 and "cannot be written (No space left on device)" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(not FULL.is_char_device(), reason="there is no /dev/full")
def test_a_device_named_as_output_is_written_to_and_not_replaced(built: Built, tmp_path: Path, told: Told) -> None:
    link = tmp_path / "full"
    link.symlink_to(FULL)
    for output in (FULL, link):
        code, _, err = told("export", "nquads", "--store", built.store, "--output", output)
        assert code == 2 and "cannot be written" in err
        assert FULL.is_char_device() and link.is_symlink()


# A killed build


def extracted(store: Path) -> int:
    """How many articles a build under way has extracted and committed."""
    try:
        with sqlite3.connect(f"{(store / 'archive.sqlite').as_uri()}?mode=ro", uri=True, timeout=5) as database:
            return int(database.execute("SELECT COUNT(*) FROM extracted").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def quads(store: Path) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "export", "nquads", "--store", str(store)], stdout=subprocess.PIPE, check=True
    )
    assert len(done.stdout) > 100_000
    return done.stdout


@pytest.mark.slow
def test_a_killed_build_is_resumed_and_a_changed_folder_followed(tmp_path: Path, told: Told) -> None:
    folder, store = tmp_path / "in", tmp_path / "store"
    folder.mkdir()
    for number in range(48):
        (folder / f"{number:02d}.txt").write_text(report(number), encoding="utf-8")
    child = subprocess.Popen(
        [sys.executable, "-m", "kg", "build", str(folder), "--store", str(store)], stdout=subprocess.DEVNULL
    )
    for _ in range(1200):
        if extracted(store) >= 16 or child.poll() is not None:
            break
        time.sleep(0.05)
    child.kill()  # SIGKILL, or TerminateProcess
    assert child.wait() != 0
    done = extracted(store)
    assert 16 <= done < 48
    code, _, err = told("query", "practices", "--store", store)
    assert code == 2 and "no build of this store has ended yet; run the build again: it resumes" in err

    resumed = kg("build", folder, "--store", store)
    assert resumed.returncode == 0 and "48 written" in resumed.stdout, resumed.stderr
    again = kg("build", folder, "--store", store)
    assert again.returncode == 0 and "0 written, 48 unchanged, 0 withdrawn, 0 failed" in again.stdout
    undisturbed = kg("build", folder, "--store", tmp_path / "undisturbed")
    assert "48 written" in undisturbed.stdout
    assert quads(store) == quads(tmp_path / "undisturbed")

    (folder / "07.txt").unlink()
    (folder / "08.txt").write_text(report(8, figure=4321), encoding="utf-8")
    followed = kg("build", folder, "--store", store)
    assert "1 written, 46 unchanged, 1 withdrawn" in followed.stdout
    held = quads(store).decode("utf-8")
    assert "灯下8号课堂" in held and "累计4321余人次" in held and "灯下7号课堂" not in held and '"07.txt"' not in held


# Queries


def test_questions_that_cannot_be_answered(built: Built, told: Told) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    cases = (
        (("sparql", endless, "--timeout", 1), 1, "stopped after 1 seconds; narrow it, or give it more time (timeout)"),
        (("sparql", "SELECT * {\n  ?s foo:bar ?o }"), 2, "line 2, column"),
        (("sparql", "DROP ALL"), 2, "queries only read"),
        (("sparql", "absent.rq"), 2, "absent.rq: the query cannot be read"),
        (("query", "practices", "--region", "四州省"), 2, "no region is called '四州省'; did you mean 四川省?"),
        (("query", "evidence", "无此一物"), 2, "'无此一物'"),
    )
    for words, expected, said in cases:
        code, out, err = told(*words, "--store", built.store)
        assert (code, out) == (expected, ""), words
        assert said in err and err.startswith("kg: ") and err.count("\n") == 1, err
