"""A build on Ray, started here: the same bytes as one process, and a killed worker changes nothing."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.graph.store.folder import StoreFolder
from kg.pipeline import build
from kg.view.source import StoreSource
from kg.workers import Lost, Workers, open_workers

pytest.importorskip("ray", reason='Ray is not installed (pip install "practice-graph[ray]")')
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds Ray's workers in /proc"),
]
SAMPLE = Path(__file__).resolve().parents[2] / "data" / "articles"


@pytest.fixture(scope="module")
def ray() -> Iterator[Workers]:
    with open_workers(2, "ray") as workers:
        yield workers


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """100 articles: those of the sample, and some of them again under other names (which are then reposts)."""
    folder = tmp_path_factory.mktemp("hundred")
    texts = sorted(path for path in SAMPLE.iterdir() if path.suffix == ".txt")
    for number in range(100):
        source = texts[number % len(texts)]
        (folder / f"{number:03d}-{source.name}").write_bytes(source.read_bytes())
    return folder


def content(store: Path) -> tuple[list[str], bytes, bytes]:
    folder = StoreFolder(store).finished()
    quads = sorted(StoreSource.at(store).quads(runs=False))
    return quads, (folder / "articles.jsonl").read_bytes(), (folder / "generation.json").read_bytes()


def busy_workers() -> list[int]:
    """Process ids of the Ray workers that run a task now."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                line = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if line.startswith(b"ray::answer"):
                found.append(int(folder.name))
    return found


def killing(at: set[int], killed: list[int]) -> Callable[[bool], None]:
    """Kills a worker in the midst of its work when so many articles are done."""
    done = 0

    def on_article(failed: bool) -> None:
        nonlocal done
        done += 1
        if done in at:
            for pid in busy_workers()[:1]:
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    return on_article


def test_a_store_built_on_ray_is_that_of_one_process(ray: Workers, articles: Path, tmp_path: Path) -> None:
    assert build([articles], tmp_path / "alone").written == 100
    report = build([articles], tmp_path / "ray", workers=ray)
    assert (report.written, report.failures) == (100, [])
    assert content(tmp_path / "ray") == content(tmp_path / "alone")
    killed: list[int] = []
    report = build([articles], tmp_path / "killed", workers=ray, on_article=killing({10, 40}, killed))
    assert killed, "no worker was at work when one was to be killed"
    assert (report.written, report.failures) == (100, [])
    assert content(tmp_path / "killed") == content(tmp_path / "alone")


def test_what_ends_every_worker_is_given_up(ray: Workers) -> None:
    (lost,) = ray.map(_ended, [1])
    assert isinstance(lost, Lost) and "Ray gave it up" in lost.reason


def _ended(number: int) -> int:
    os._exit(9)
