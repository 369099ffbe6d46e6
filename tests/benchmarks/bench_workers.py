"""Workers: reading and extraction by one process, by several, and on Ray; articles a second, start-up apart.

    python tests/benchmarks/bench_workers.py [--articles N] [--workers N] [--fast] [--engines here processes ray]
    python -m pytest tests/benchmarks --benchmark-only -k workers

The articles are those of data/articles, over and over, in batches of 16 as ``kg build`` sends them. Before the clock starts
each worker has extracted something, so that its models are loaded. The results are compared: all engines give the same
bytes. Nothing here fails for being slow: the machine decides.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
ARTICLES = 2000


def pieces(number: int) -> Iterator[list[Any]]:
    """Batches of inputs, as a build makes them."""
    from kg.pipeline.inputs import BATCH, batches

    once = [
        one
        for batch in batches([PROJECT / "data" / "articles"], text_column=None, known=lambda *_: False)
        for one in batch
    ]
    endless = islice(cycle(once), number)
    while batch := list(islice(endless, BATCH)):
        yield batch


def run(workers: Any, number: int, *, fast: bool) -> dict[str, float | str]:
    """Time and digest of extracting so many articles."""
    from kg.pipeline.extraction import Done, Extraction
    from kg.settings import Settings

    settings = Settings(fast=fast)
    task = Extraction(settings, settings.digest())
    begun = time.monotonic()
    for _ in workers.map(task, ([one] for one in next(pieces(2 * workers.number)))):
        pass
    started = time.monotonic() - begun
    digest = hashlib.sha256()
    begun = time.monotonic()
    for results in workers.map(task, pieces(number)):
        for one in results:
            assert isinstance(one, Done) and one.record is not None, one
            digest.update(one.record.encode())
    seconds = time.monotonic() - begun
    return {"start_s": started, "seconds": seconds, "per_s": number / seconds, "digest": digest.hexdigest()[:16]}


def compare(number: int, workers: int, engines: list[str], *, fast: bool) -> dict[str, dict[str, Any]]:
    from kg.settings import forget
    from kg.workers import open_workers

    found = {}
    for engine in engines:
        begun = time.monotonic()
        with open_workers(1 if engine == "here" else workers, "ray" if engine == "ray" else "processes") as hands:
            opened = time.monotonic() - begun
            found[engine] = {"open_s": opened, **run(hands, number, fast=fast)}
        forget()
    assert len({one["digest"] for one in found.values()}) == 1, "the engines give different records"
    return found


@pytest.mark.benchmark(group="workers")
@pytest.mark.parametrize("engine", ["here", "processes"])
def test_workers(benchmark: Any, engine: str) -> None:
    found = benchmark.pedantic(compare, args=(100, 2, [engine]), kwargs={"fast": True}, rounds=1)
    benchmark.extra_info.update(found[engine])
    assert found[engine]["per_s"] > 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--fast", action="store_true", help="extract without the transformer")
    parser.add_argument("--engines", nargs="+", default=["here", "processes", "ray"])
    options = parser.parse_args()
    found = compare(options.articles, options.workers, options.engines, fast=options.fast)
    base = found.get("processes", next(iter(found.values())))["seconds"]
    print(f"{'':10} {'open s':>7} {'models s':>9} {'seconds':>8} {'articles/s':>11} {'of processes':>13}  digest")
    for engine, one in found.items():
        row = f"{one['open_s']:>7.1f} {one['start_s']:>9.1f} {one['seconds']:>8.1f} {one['per_s']:>11.1f}"
        print(f"{engine:10} {row} {one['seconds'] / base:>13.2f}  {one['digest']}")


if __name__ == "__main__":
    main()
