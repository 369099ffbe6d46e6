"""Loading: records to a stored, indexed, checked graph, triples a second; beside term objects one by one, and rdflib.

    python tests/benchmarks/bench_load.py [--copies N] [--workers 1 2] [--records FILE] [--no-peers]
    python -m pytest tests/benchmarks --benchmark-only -k load

The records are those of data/articles, each under N names (a practice each, so that the copies share no triples but the
vocabulary's). A triple counts once, although the store keeps it in its graph and in the union; it is mapped, checked by
SHACL, and written with its record and text to disk. The peers get ready-made N-Quads of a part of it and neither check
nor archive: what they take is a lower bound. Nothing here fails for being slow: the machine decides.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
COPIES = 20
PART = 100_000
"""Triples that the peers load."""


def sample(records: Path | None = None) -> list[tuple[Any, str | None]]:
    """Records with their texts: extracted from data/articles, or read from a JSON Lines file."""
    if records is not None:
        from kg.graph.validate import read_records

        return [(record, None) for record in read_records(records)]
    from kg.pipeline import Extracted
    from kg.pipeline import records as extracted

    found = extracted([PROJECT / "data" / "articles"])
    return [(one.record, one.text) for one in found if isinstance(one, Extracted)]


def copies(pairs: list[tuple[Any, str | None]], number: int) -> Iterator[tuple[Any, str | None]]:
    """The records under ``number`` names."""
    for copy in range(number):
        for record, text in pairs:
            digest = hashlib.sha256(f"{copy} {record.content_hash}".encode()).hexdigest()
            practices = tuple(p.model_copy(update={"identity": f"{p.identity}-{copy}"}) for p in record.practices)
            named = {"file": f"{copy}-{record.file}", "duplicate_of": None, "content_hash": digest}
            yield record.model_copy(update={**named, "practices": practices}), text


def timed(work: Callable[[], int]) -> dict[str, float]:
    """Triples a second, by the clock and by the processor time of this process and its children."""
    begun, before = time.monotonic(), os.times()
    triples = work()
    seconds, after = time.monotonic() - begun, os.times()
    spent = sum(after[i] - before[i] for i in range(4))
    return {
        "triples": triples,
        "seconds": seconds,
        "cpu_s": spent,
        "per_s": triples / seconds,
        "cpu_us": spent / triples * 1e6,
    }


def built(pairs: list[tuple[Any, str | None]], number: int, workers: int) -> dict[str, float]:
    """The whole way, as ``kg build --records`` goes it."""
    from pyoxigraph import DefaultGraph

    from kg.graph.build import build_records
    from kg.graph.store.snapshot import Snapshot
    from kg.workers import open_workers

    folder = Path(tempfile.mkdtemp(prefix="kg-load-"))
    try:

        def work() -> int:
            with open_workers(workers) as hands:
                report = build_records(copies(pairs, number), folder / "store", workers=hands)
            assert not report.failures, report.failures[0].error
            return 1

        found = timed(work)
        store = Snapshot.at(folder / "store").read_only()
        union = sum(1 for _ in store.quads_for_pattern(None, None, None, DefaultGraph()))
        triples = len(store) - union
        found |= {"triples": triples, "per_s": triples / found["seconds"], "cpu_us": found["cpu_s"] / triples * 1e6}
        return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def quads(pairs: list[tuple[Any, str | None]]) -> bytes:
    """Some of it as N-Quads, for the peers."""
    from kg.graph.rdf.mapping import map_article

    lines: list[str] = []
    for record, text in copies(pairs, 100):
        graph = map_article(record, text)
        lines += [f"{line[:-1]}{graph.graph} .\n" for line in graph.ntriples().removesuffix("\n").split("\n")]
        if len(lines) > PART:
            break
    return "".join(lines).encode("utf-8")


def rdflib_load(data: bytes) -> int:
    """Into rdflib's data set, which indexes in memory."""
    import rdflib

    dataset = rdflib.Dataset()
    dataset.parse(data=data.decode("utf-8"), format="nquads")
    return len(dataset)


def object_load(data: bytes) -> int:
    """Into Oxigraph on disk by term objects, each quad in its graph and in the union."""
    from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse

    folder = tempfile.mkdtemp(prefix="kg-objects-")
    try:
        store = Store(folder)
        found = list(parse(data, format=RdfFormat.N_QUADS))
        store.bulk_extend(found)
        store.bulk_extend([Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in found])
        store.flush()
        return len(found)
    finally:
        del store
        shutil.rmtree(folder, ignore_errors=True)


def compare(options: argparse.Namespace) -> dict[str, dict[str, float]]:
    pairs = sample(options.records)
    found = {f"kg build, {n} worker(s)": built(pairs, options.copies, n) for n in options.workers}
    if not options.no_peers:
        data = quads(pairs)
        found["Oxigraph by term objects"] = timed(lambda: object_load(data))
        found["rdflib in memory"] = timed(lambda: rdflib_load(data))
    return found


@pytest.fixture(scope="module")
def pairs() -> list[tuple[Any, str | None]]:
    return sample()


@pytest.mark.benchmark(group="load")
def test_load(benchmark: Any, pairs: list[tuple[Any, str | None]]) -> None:
    found = benchmark.pedantic(built, args=(pairs, 4, 1), rounds=1)
    benchmark.extra_info.update(found)
    assert found["triples"] > 0


@pytest.mark.benchmark(group="load")
def test_load_by_rdflib(benchmark: Any, pairs: list[tuple[Any, str | None]]) -> None:
    assert benchmark.pedantic(rdflib_load, args=(quads(pairs),), rounds=1) > 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=COPIES)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--records", type=Path)
    parser.add_argument("--no-peers", action="store_true")
    found = compare(parser.parse_args())
    slowest = min(one["per_s"] for one in found.values())
    print(f"{'':26} {'triples':>10} {'seconds':>8} {'CPU s':>7} {'triples/s':>10} {'CPU µs each':>12} {'ratio':>6}")
    for name, one in found.items():
        row = f"{one['triples']:>10,.0f} {one['seconds']:>8.1f} {one['cpu_s']:>7.1f} {one['per_s']:>10,.0f}"
        print(f"{name:26} {row} {one['cpu_us']:>12.1f} {one['per_s'] / slowest:>6.1f}")


if __name__ == "__main__":
    main()
