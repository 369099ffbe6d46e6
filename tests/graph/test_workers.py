"""Workers: the same results in the same order, whoever works, whoever dies; and builds on them."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_records import sample
from typer.testing import CliRunner
from worker_tasks import Once, Station, WithStation, chatter, deadly, pid, refuse, rest, square

from kg.cli.main import app
from kg.errors import StoreError, UsageError
from kg.graph.build import build_records
from kg.graph.store.folder import StoreFolder
from kg.pipeline import build_store
from kg.view.source import StoreSource
from kg.workers import Lost, open_workers
from kg.workers.here import Here
from kg.workers.processes import Processes

pytestmark = pytest.mark.slow  # starts processes and waits for them


@pytest.fixture(scope="module")
def two() -> Iterator[Processes]:
    with Processes(2) as workers:
        yield workers


def content(store: Path) -> tuple[list[str], bytes, bytes]:
    """All that a store says, but when it was made."""
    folder = StoreFolder(store).finished()
    quads = sorted(StoreSource.at(store).quads(runs=False))
    return quads, (folder / "articles.jsonl").read_bytes(), (folder / "generation.json").read_bytes()


def test_results_come_in_the_order_of_the_items(two: Processes) -> None:
    assert list(two.map(square, range(40))) == list(Here().map(square, range(40))) == [n * n for n in range(40)]
    assert len(set(two.map(pid, range(8)))) == 2


def test_no_more_items_are_taken_than_are_worked_on_soon(two: Processes) -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        while True:
            taken += 1
            yield taken

    for done, _ in enumerate(two.map(square, items()), 1):
        assert taken - done <= 4
        if done == 50:
            break


def test_what_a_task_raises_is_raised_at_its_place(two: Processes) -> None:
    seen = []
    with pytest.raises(ValueError, match="no threes"):
        for number in two.map(refuse, range(6)):
            seen.append(number)
    assert seen == [0, 1, 2] and list(two.map(square, [5])) == [25]


def test_what_a_task_prints_does_not_get_among_the_results(two: Processes) -> None:
    assert list(two.map(chatter, range(3))) == [0, 1, 2]


@pytest.mark.skipif(os.name == "nt", reason="ends a process by a signal")
def test_killed_workers_cost_nothing_but_time(two: Processes) -> None:
    results = []
    for number, result in enumerate(two.map(pid, range(12))):
        results.append(result)
        if number in {2, 5}:
            os.kill(two.pids[0], signal.SIGKILL)
    assert len(results) == 12 and not any(isinstance(each, Lost) for each in results)
    assert len(set(results)) > 2, "nobody was killed"


def test_an_item_that_ends_its_worker_once_is_done_again(two: Processes, tmp_path: Path) -> None:
    assert list(two.map(Once(tmp_path / "met", 4), range(8))) == list(range(8))
    assert (tmp_path / "met").exists()


def test_an_item_that_ends_every_worker_is_given_up_and_the_others_go_on(two: Processes) -> None:
    results = list(two.map(deadly, range(5)))
    assert [each for each in results if not isinstance(each, Lost)] == [0, 1, 3, 4]
    lost = results[2]
    assert isinstance(lost, Lost) and lost.item == 2 and "exit code 9" in lost.reason


@pytest.mark.skipif(os.name == "nt", reason="asks for a process by a signal")
def test_workers_end_at_once_when_they_are_let_go() -> None:
    with Processes(2) as workers:
        running = workers.map(rest, range(4))
        workers._threads.submit(next, running)
        while not workers.pids:
            pass
        pids = workers.pids
    assert pids
    for number in pids:
        with pytest.raises(OSError):
            os.kill(number, 0)


def test_what_cannot_be_sent_is_said(two: Processes) -> None:
    with pytest.raises(UsageError, match="cannot run in another process"):
        list(two.map(lambda number: number, [1]))


def test_wrong_words_are_told() -> None:
    assert isinstance(open_workers(1), Here)
    for wrong in ({"number": -1}, {"engine": "spark"}, {"address": "ray://h:10001"}):
        with pytest.raises(UsageError):
            open_workers(**wrong)  # type: ignore[arg-type]


def test_ray_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UsageError, match=r"Ray is not installed.*practice-graph\[ray\]"):
        open_workers(2, "ray")


# Builds


def write(folder: Path, *numbers: int) -> Path:
    folder.mkdir(exist_ok=True)
    for n in numbers:
        (folder / f"{n:03d}.txt").write_bytes(sample(n)[1].encode("utf-8"))
    return folder


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 articles, a copy of one of them under another name, and one that cannot be read."""
    folder = write(tmp_path_factory.mktemp("many") / "in", *range(24))
    (folder / "003-again.txt").write_bytes((folder / "003.txt").read_bytes())
    (folder / "empty.txt").write_bytes(b"")
    return folder


def test_a_store_is_the_same_to_the_last_byte_whoever_built_it(articles: Path, two: Processes, tmp_path: Path) -> None:
    alone = build_store([articles], tmp_path / "alone", WithStation())
    assert (alone.written, len(alone.failures)) == (25, 1)
    together = build_store([articles], tmp_path / "two", WithStation(), workers=two)
    assert content(tmp_path / "two") == content(tmp_path / "alone")
    assert [str(f.error) for f in together.failures] == [str(f.error) for f in alone.failures]
    once = Station("017.txt", tmp_path / "met")
    build_store([articles], tmp_path / "died", WithStation(station=once), workers=two)
    assert (tmp_path / "met").exists() and content(tmp_path / "died") == content(tmp_path / "alone")
    # And once more: nothing is left to be done.
    assert (
        build_store([articles], tmp_path / "two", WithStation(station=Station("017.txt")), workers=two).unchanged == 25
    )


def test_an_article_that_ends_every_worker_is_one_failure(articles: Path, two: Processes, tmp_path: Path) -> None:
    report = build_store([articles], tmp_path / "store", WithStation(station=Station("017.txt")), workers=two)
    assert (report.written, report.exit_code) == (24, 1)
    (said,) = [str(failure.error) for failure in report.failures if "empty" not in str(failure.error)]
    assert "017.txt" in said and "the extraction was given up" in said


def test_a_build_on_workers_that_broke_off_is_resumed(articles: Path, two: Processes, tmp_path: Path) -> None:
    met = 0

    def stop(failed: bool) -> None:
        nonlocal met
        met += 1
        if met > 18:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_store([articles], tmp_path / "store", WithStation(), workers=two, on_article=stop)
    # Whoever extracts the first again is ended by it.
    report = build_store([articles], tmp_path / "store", WithStation(station=Station("000.txt")), workers=two)
    assert report.written == 25 and len(report.failures) == 1
    build_store([articles], tmp_path / "fresh", WithStation())
    assert content(tmp_path / "store") == content(tmp_path / "fresh")


def test_records_are_rendered_by_workers_to_the_same_store(two: Processes, tmp_path: Path) -> None:
    records = [sample(n) for n in range(40)]
    records.append((sample(5)[0].model_copy(update={"file": "a.txt", "duplicate_of": "005.txt"}), sample(5)[1]))
    bad = sample(41)[0].model_copy(update={"text_hash": "0" * 64}), sample(41)[1]
    for name, workers in (("alone", None), ("two", two)):
        report = build_records([bad, *records], tmp_path / name, workers=workers)
        assert (report.written, len(report.failures)) == (41, 1)
    assert content(tmp_path / "two") == content(tmp_path / "alone")


def test_the_command_takes_workers(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text("".join(sample(n)[0].to_json() + "\n" for n in range(3)), encoding="utf-8")
    given = ["build", str(path), "--records", "--store", str(tmp_path / "store"), "--workers", "2"]
    result = CliRunner().invoke(app, given)
    assert result.exit_code == 0 and result.stdout.startswith("3 articles, 6 practices")
    result = CliRunner().invoke(app, [*given, "--address", "auto"])
    assert isinstance(result.exception, UsageError) and "--engine ray" in str(result.exception)


class _NoRay:
    """Stands for Ray where a test is about what comes before it."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def is_initialized(self) -> bool:
        return False

    def init(self, **options: object) -> None:
        self.asked.append(options["address"])
        raise ConnectionError("it is not there")


@pytest.fixture
def no_ray(monkeypatch: pytest.MonkeyPatch) -> _NoRay:
    found = _NoRay()
    monkeypatch.setattr("kg.workers.cluster._ray", lambda: found)
    return found


@pytest.mark.parametrize("address", ["ray://127.0.0.1:1", "127.0.0.1:1", "ray://[::1]:1", "127.0.0.1:99999"])
def test_a_cluster_that_does_not_answer_is_told_before_ray_waits_for_it(
    address: str, no_ray: _NoRay, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("一篇。", encoding="utf-8")
    place = ("--store", str(tmp_path / "store"), "--engine", "ray", "--address", address)
    error = CliRunner().invoke(app, ["build", str(tmp_path / "a.txt"), *place]).exception
    assert isinstance(error, StoreError) and error.exit_code == 2
    assert error.where == f"--address {address}" and "check host and port" in str(error)
    assert no_ray.asked == []


def test_it_has_five_seconds_to_answer(no_ray: _NoRay, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def silent(place: tuple[str, int], timeout: float) -> None:
        assert place == ("head.example", 10001)
        waited.append(timeout)
        raise TimeoutError("timed out")

    monkeypatch.setattr("kg.workers.cluster.socket.create_connection", silent)
    with pytest.raises(StoreError, match=r"no Ray cluster answers at head\.example, port 10001: timed out"):
        open_workers(1, "ray", "ray://head.example:10001")
    assert waited == [5.0] and no_ray.asked == []


@pytest.mark.parametrize("address", ["auto", "local", None])
def test_what_names_no_port_is_left_to_ray(address: str | None, no_ray: _NoRay) -> None:
    with pytest.raises(StoreError, match="it is not there"):
        open_workers(1, "ray", address)
    assert no_ray.asked == [address or "local"]


def test_a_cluster_that_answers_is_left_to_ray(no_ray: _NoRay) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(StoreError, match="it is not there"):
            open_workers(1, "ray", address)
    assert no_ray.asked == [address]
