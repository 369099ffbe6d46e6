"""How long the served page takes under parallel users, and how much memory it holds.

``python tests/benchmarks/bench_serve.py --practices 100000`` serves generated columns (``kg.generate``) for search, comparison,
map, timeline and graph; ``--store STORE`` serves a real store and asks for practices and articles too. Prints a table with
medians, 99th percentiles and maxima in milliseconds at the client, and the server's memory. Each user waits between
requests as a reader does (``--think`` seconds on average); 0 asks without a pause, which measures the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import httpx
import psutil

WORDS = [
    "夜校",
    "课堂",
    "志愿",
    "议事",
    "社区",
    "老年",
    "浙江",
    "重庆 学堂",
    "培训",
    "直播",
    "a",
    "晨光学堂12",
    "没有的词",
]


def serve_generated(practices: int, port: int) -> None:
    """Run in the server's process: a small real store whose columns are replaced by generated ones."""
    import tempfile

    import uvicorn

    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "graph"))
    from sample_records import sample

    from kg.generate import make_plan, plan_columns
    from kg.graph.build import build_records
    from kg.model.iri import BASE
    from kg.serve import create_app
    from kg.serve.opened.catalogue import Catalogue
    from kg.serve.opened.store import ServedStore
    from kg.serve.opened.text_index import TextIndex

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        build_records([sample(0)], Path(folder) / "store")
        store = ServedStore(Path(folder) / "store")
        store.wait()
        started = time.perf_counter()
        columns = plan_columns(make_plan(practices))
        made = time.perf_counter()
        store.catalogue = Catalogue(columns, store.snapshot.read_only(), BASE, store.snapshot.folder)
        known = store.catalogue
        formats = known.facets["format"]
        told: list[list[str]] = [[] for _ in range(known.size)]
        for practice, value in zip(formats.practice.tolist(), formats.value.tolist(), strict=True):
            told[practice].append(known.concepts[value].zh)
        store.sentences = [
            [
                f"{''.join(place.path) if (place := known.place(n)) else ''}办起{label}，采用{'、'.join(told[n])}的办法。",
                f"{label}第{n}期由第{n % 977}网格的居民主持，参加的有{n % 4999}人，讲了{n % 89}个题目。",
            ]
            for n, label in enumerate(known.labels)
        ]
        known.warm()
        store._words = TextIndex.of(["\n".join(each) for each in store.sentences])
        ready = time.perf_counter()
        print(
            f"columns of {known.size} practices in {made - started:.1f} s, catalogue and index in {ready - made:.1f} s"
        )
        uvicorn.run(create_app(store), host="127.0.0.1", port=port, log_level="error", access_log=False)


async def measure(base: str, users: int, seconds: float, think: float, real: bool) -> dict[str, list[float]]:
    """Milliseconds of each request, by kind of request."""
    took: dict[str, list[float]] = defaultdict(list)
    async with httpx.AsyncClient(base_url=base, timeout=120, trust_env=False) as client:
        first = (await client.get("/api/search", params={"limit": 100})).json()
        facets, ids = first["facets"], [card["id"] for card in first["cards"]]

        async def user(number: int) -> None:
            draw = random.Random(number)
            ends = time.perf_counter() + seconds
            while time.perf_counter() < ends:
                if think:  # before the first as before each: twenty readers do not press the key in one moment
                    await asyncio.sleep(draw.expovariate(1 / think))
                name, path, parameters = choose(draw, facets, ids, real)
                started = time.perf_counter()
                answer = await client.get(path, params=parameters)
                if name == "practice" and draw.random() < 0.5:
                    files = [each["file"] for each in answer.json()["articles"]]
                    took[name].append((time.perf_counter() - started) * 1000)
                    name, started = "article", time.perf_counter()
                    answer = await client.get("/api/article", params={"file": files[0]})
                took[name].append((time.perf_counter() - started) * 1000)
                assert answer.status_code == 200, (path, parameters, answer.status_code, answer.text[:200])
                if name == "search":
                    took["search, at the server"].append(answer.json()["milliseconds"])

        await asyncio.gather(*(user(number) for number in range(users)))
    return took


def choose(  # noqa: PLR0911 - a kind of request each
    draw: random.Random, facets: dict[str, Any], ids: list[str], real: bool
) -> tuple[str, str, dict[str, Any]]:
    """What a user asks next."""
    kind = draw.choice(["format", "audience", "topic"])
    value = draw.choice(facets[kind][:80])["id"]
    region = draw.choice(facets["region"][:60])["id"]
    roll = draw.random()
    if roll < 0.5:
        filters = {"q": draw.choice(WORDS)} | ({kind: value} if draw.random() < 0.4 else {})
        if draw.random() < 0.3:
            filters |= {"region": region, "min_confidence": 0.5}
        return "search", "/api/search", filters
    if roll < 0.6:
        return "first view", "/api/summary", {}
    if roll < 0.7:
        return "matrix", "/api/matrix", {"kind": kind, "level": draw.choice(["province", "prefecture"])}
    if roll < 0.76:
        return "map", "/api/map", {"kind": kind, "id": value}
    if roll < 0.82:
        return "timeline", "/api/timeline", {"kind": kind, "id": value}
    if roll < 0.86:
        return "graph", "/api/overview", {}
    if roll < 0.9:
        return "neighbourhood", "/api/neighbourhood", {"id": value}
    if real:
        return ("practice", "/api/practice", {"id": draw.choice(ids)})
    return "page", "/search", {}


def main() -> None:
    """Start the server, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--practices", type=int, default=100_000)
    parser.add_argument("--store", help="a real store in place of generated columns")
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--think", type=float, default=1.0)
    parser.add_argument("--port", type=int, default=8791)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve_generated(given.practices, given.port)
        return
    base = f"http://127.0.0.1:{given.port}"
    command = (
        [sys.executable, "-m", "kg", "serve", given.store, "--port", str(given.port)]
        if given.store
        else [sys.executable, __file__, "--serve", "--practices", str(given.practices), "--port", str(given.port)]
    )
    server = subprocess.Popen(command)
    try:
        started = time.perf_counter()
        wait(base, server)
        print(f"first answer after {time.perf_counter() - started:.1f} s")
        for path in ("/api/summary", "/api/search?q=夜校", "/api/matrix", "/api/overview", "/api/network?limit=50000"):
            begun = time.perf_counter()
            size = len(httpx.get(base + path, timeout=300, trust_env=False).content)
            print(f"first time {path}: {(time.perf_counter() - begun) * 1000:.0f} ms, {size / 1000:.0f} kB")
        took = asyncio.run(measure(base, given.users, given.seconds, given.think, bool(given.store)))
        print(f"{given.users} users, {given.seconds:g} s, pauses of {given.think:g} s on average")
        print(f"{'':24}{'n':>6}{'median':>9}{'p99':>9}{'max':>9}  ms")
        for name, times in sorted(took.items()):
            ordered = sorted(times)
            high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
            print(f"{name:24}{len(times):6}{statistics.median(times):9.1f}{high:9.1f}{ordered[-1]:9.1f}")
        family = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
        print(
            f"server memory: {sum(each.memory_info().rss for each in family) / 1e6:.0f} MB in {len(family)} processes"
        )
    finally:
        server.terminate()
        server.wait(20)


def wait(base: str, server: subprocess.Popen[bytes]) -> None:
    """Until the server answers and its index is made."""
    while server.poll() is None:
        try:
            if httpx.get(f"{base}/api/summary", timeout=60, trust_env=False).json()["text_ready"]:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    raise SystemExit("the server ended")


if __name__ == "__main__":
    main()
