"""The comparison layer against its peers, in one run, on generated practices; and how it grows.

    python tests/benchmarks/bench_compare.py [--practices 120000] [--no-peers] [--growth] [--write docs]
    python -m pytest tests/benchmarks/bench_compare.py --benchmark-only      (smaller)

The peers are in an extra of their own: pip install -c constraints.txt -e '.[test,bench]'.

Processor seconds of this process (all threads), so that another load on the machine counts little. A peer that would take too
long is run on a part of the rows and multiplied; the table says so ("part of").
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from peak_memory import peak_megabytes
from scipy import sparse

from kg.compare import Columns, Features
from kg.compare.column_copy.saved import read_saved, save_columns
from kg.compare.nearest.pairs import Pairs, all_pairs, compiled, nearest
from kg.compare.nearest.weights import Weights, weigh
from kg.compare.significance.combinations import Reach
from kg.compare.similar import COMPARED
from kg.generate import make_plan, plan_columns
from kg.serve.opened.text_index import TextIndex

TOP = 20
GP = "https://practice-graph.example/ontology#"
SIZES = (10_000, 100_000, 1_000_000)


class Data:
    """What all contestants get."""

    def __init__(self, practices: int, seed: int = 1) -> None:
        self.columns: Columns = plan_columns(make_plan(practices, seed))
        self.features: Features = self.columns.features(COMPARED)
        self.weights: Weights = weigh(self.features)
        self.province = self.columns.practices.province


def cpu(work: Callable[[], Any], times: int = 1) -> tuple[float, Any]:
    """Processor seconds of the fastest of some runs, and the last answer."""
    best, answer = float("inf"), None
    for _ in range(times):
        begin = time.process_time()
        answer = work()
        best = min(best, time.process_time() - begin)
    return best, answer


# --- all pairs ----------------------------------------------------------------------------------------------------------


def halves(features: Features) -> Any:
    """Practices × doubled features, so that the product of two rows is Σ min of ``kg.compare.nearest.weights``."""
    half = np.sqrt(features.idf[features.feature] / 2)
    rows = np.concatenate((features.owner, features.owner[features.own]))
    columns = np.concatenate((features.feature, features.feature[features.own] + len(features)))
    values = np.concatenate((half, half[features.own]))
    return sparse.csr_matrix((values, (rows, columns)), shape=(features.practices, 2 * len(features)))


def scipy_blocks(data: Data, rows: np.ndarray, block: int = 256) -> np.ndarray:
    """The same by sparse products in blocks: the best similarities of these rows."""
    matrix, total, groups = halves(data.features), data.features.total, data.province
    turned = matrix.T.tocsr()
    found = np.zeros((len(rows), TOP))
    for begin in range(0, len(rows), block):
        asked = rows[begin : begin + block]
        common = (matrix[asked] @ turned).tocsr()
        owner = np.repeat(np.arange(len(asked)), np.diff(common.indptr))
        similar = common.data / (total[asked][owner] + total[common.indices] - common.data)
        similar[groups[asked][owner] == groups[common.indices]] = 0
        for at in range(len(asked)):
            row = similar[common.indptr[at] : common.indptr[at + 1]]
            best = np.sort(np.partition(row, max(len(row) - TOP, 0))[-TOP:])[::-1]
            found[begin + at, : len(best)] = best
    return found


def pairs_task(data: Data, part: int, peers: bool) -> dict[str, Any]:
    all_pairs(data.weights, data.province, rows=range(2))  # compiled, and read into memory
    seconds, found = cpu(lambda: all_pairs(data.weights, data.province, top=TOP))
    told: dict[str, Any] = {"kg": seconds} | apart(data)
    rows = np.sort(np.random.default_rng(0).choice(len(data.columns), min(part, len(data.columns)), replace=False))
    times = len(data.columns) / len(rows)
    told["part of rows for peers"] = len(rows)
    own, _ = cpu(lambda: scipy_blocks(data, rows))
    told["scipy blocks"] = own * times
    wanted = scipy_blocks(data, rows[:200])
    told["largest difference to scipy"] = float(np.abs(found.similarity[rows[:200]] - wanted).max())
    if peers:
        told["sparse-dot-topn (dot product, own province too)"] = topn(data, rows) * times
        told["DuckDB join"] = duckdb_pairs(data, rows[:100]) * len(data.columns) / 100
        told["networkx (neighbours of neighbours)"] = networkx_pairs(data, rows[:5]) * len(data.columns) / 5
    return told


def apart(data: Data) -> dict[str, Any]:
    """The same in a process of its own that maps saved columns, for its memory."""
    with tempfile.TemporaryDirectory() as folder:
        save_columns(data.columns, Path(folder) / "columns")
        call = [sys.executable, str(Path(__file__).resolve()), "--pairs", str(Path(folder) / "columns")]
        done = subprocess.run(call, capture_output=True, check=True, encoding="utf-8")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def pairs_of(folder: Path) -> dict[str, float]:
    """Seconds and memory of a process that reads columns and makes all pairs."""
    columns = read_saved(folder)
    weights, province = weigh(columns.features(COMPARED)), columns.practices.province
    all_pairs(weights, province, rows=range(2))
    before = peak_megabytes()
    seconds, _ = cpu(lambda: all_pairs(weights, province, top=TOP))
    return {
        "kg in a process of its own": seconds,
        "its memory before all pairs, MB": before,
        "its memory at most, MB": peak_megabytes(),
    }


def topn(data: Data, rows: np.ndarray) -> float:
    from sparse_dot_topn import sp_matmul_topn

    matrix = halves(data.features)
    turned = matrix.T.tocsr()
    return cpu(lambda: sp_matmul_topn(matrix[rows], turned, top_n=TOP, n_threads=2))[0]


def duckdb_pairs(data: Data, rows: np.ndarray) -> float:
    db = duckdb_of(data)
    db.execute("CREATE OR REPLACE TABLE asked AS SELECT unnest(?::INTEGER[]) AS practice", [rows.tolist()])
    query = f"""
      WITH met AS (SELECT a.practice AS one, b.practice AS other, sum(least(a.weight, b.weight)) AS common
                   FROM asked JOIN has a USING (practice) JOIN has b ON a.feature = b.feature
                   JOIN practice p ON p.practice = a.practice JOIN practice q ON q.practice = b.practice
                   WHERE p.province <> q.province GROUP BY ALL)
      SELECT one, other, common / (p.total + q.total - common) AS similarity FROM met
      JOIN practice p ON p.practice = one JOIN practice q ON q.practice = other
      QUALIFY row_number() OVER (PARTITION BY one ORDER BY similarity DESC, other) <= {TOP}"""
    return cpu(lambda: db.execute(query).fetchnumpy())[0]


def duckdb_of(data: Data) -> Any:
    import duckdb
    import pandas as pd

    features = data.features
    db = duckdb.connect(config={"threads": 2})
    has = pd.DataFrame(
        {
            "practice": features.owner,
            "feature": features.feature,
            "kind": features.kind[features.feature],
            "weight": features.weight,
        }
    )
    whose = {"practice": np.arange(len(data.columns)), "province": data.province, "total": features.total}
    practice = pd.DataFrame(whose | {"label": list(data.columns.practice_label)})
    db.register("has_frame", has)
    db.register("practice_frame", practice)
    db.execute("CREATE TABLE has AS SELECT * FROM has_frame; CREATE TABLE practice AS SELECT * FROM practice_frame")
    return db


def networkx_pairs(data: Data, rows: np.ndarray) -> float:
    import networkx

    features = data.features
    graph = networkx.Graph()
    edges = zip(features.owner.tolist(), (-1 - features.feature).tolist(), features.weight.tolist(), strict=True)
    graph.add_weighted_edges_from(edges)

    def work() -> None:
        for a in rows.tolist():
            common: dict[int, float] = {}
            for feature, edge in graph[a].items():
                for b, other in graph[feature].items():
                    if data.province[b] != data.province[a]:
                        common[b] = common.get(b, 0.0) + min(edge["weight"], other["weight"])
            total = features.total
            sorted(((m / (total[a] + total[b] - m), b) for b, m in common.items()), reverse=True)[:TOP]

    return cpu(work)[0]


# --- questions one at a time --------------------------------------------------------------------------------------------


def triples(data: Data) -> Iterable[str]:
    """The feature statements as N-Triples: what a SPARQL engine needs for these questions."""
    features, iri, concept = data.features, list(data.columns.practice_iri), list(data.columns.concepts.iri)
    names = [f"<{GP}{kind}>" for kind in features.kinds]
    for owner, feature in zip(features.owner.tolist(), features.feature.tolist(), strict=True):
        yield f"<{iri[owner]}> {names[features.kind[feature]]} <{concept[features.concept[feature]]}> .\n"
    regions = list(data.columns.regions.iri)
    for at, label in enumerate(data.columns.practice_label):
        yield f'<{iri[at]}> <{GP}label> "{label}" .\n'
        if data.province[at] >= 0:
            yield f"<{iri[at]}> <{GP}province> <{regions[data.province[at]]}> .\n"


COUNTS = (
    f"""SELECT ?p ?f (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x <{GP}province> ?p ; <{GP}format> ?f }} GROUP BY ?p ?f"""
)
NEAR = f"""SELECT ?y (COUNT(*) AS ?n) WHERE {{ <%s> ?k ?f . ?y ?k ?f . <%s> <{GP}province> ?p . ?y <{GP}province> ?q .
  VALUES ?k {{ <{GP}format> <{GP}audience> <{GP}topic> }} FILTER(?p != ?q) }} GROUP BY ?y ORDER BY DESC(?n) LIMIT {TOP}"""
HOLDS = f"""SELECT ?x WHERE {{ ?x <{GP}label> ?l FILTER(CONTAINS(?l, "暖阳睦邻")) }}"""


def counts(data: Data) -> np.ndarray:
    """Practices by feature (of every kind) and province."""
    # As shared_features counts; of which article a practice is matters only to what it does next.
    return Reach(data.features, data.province, np.zeros(len(data.columns), dtype=np.int32), 1).counts


def single_tasks(data: Data) -> dict[str, Any]:
    rng = np.random.default_rng(3)
    asked = rng.integers(0, len(data.columns), 50).tolist()
    nearest(data.weights, data.province, 0)
    index_seconds, index = cpu(lambda: TextIndex.of(data.columns.practice_label))
    near = sorted(cpu(lambda a=a: nearest(data.weights, data.province, a, top=TOP))[0] for a in asked)
    told = {
        "nearest, ms": 1000 * near[len(near) // 2],
        "nearest, slowest of 50, ms": 1000 * near[-1],
        "counts by province, ms": 1000 * cpu(lambda: counts(data), 5)[0],
        "label search, ms": 1000 * cpu(lambda: index.find("暖阳睦邻"), 5)[0],
        "index of labels built, s": index_seconds,
    }
    return told


def peer_tasks(data: Data) -> dict[str, Any]:
    """The same questions to SPARQL engines and DuckDB, at this size."""
    import pyoxigraph
    import rdflib

    text = "".join(triples(data)).encode()
    oxigraph = pyoxigraph.Store()
    told: dict[str, Any] = {"triples": text.count(b"\n")}
    told["Oxigraph load, s"] = cpu(lambda: oxigraph.bulk_load(text, format=pyoxigraph.RdfFormat.N_TRIPLES))[0]
    graph = rdflib.Graph()
    told["rdflib load, s"] = cpu(lambda: graph.parse(data=text, format="nt"))[0]
    db = duckdb_of(data)
    one = data.columns.practice_iri[17]
    near = f"""SELECT b.practice, sum(least(a.weight, b.weight)) AS m FROM has a JOIN has b USING (feature) JOIN practice p
      ON p.practice = b.practice WHERE a.practice = 17 AND p.province <> {int(data.province[17])}
      GROUP BY b.practice ORDER BY m DESC LIMIT {TOP}"""
    grouped = "SELECT province, feature, count(*) FROM has JOIN practice USING (practice) GROUP BY ALL"
    like = "SELECT practice FROM practice WHERE contains(label, '暖阳睦邻')"
    for name, query, sql in (
        ("nearest", NEAR % (one, one), near),
        ("counts by province", COUNTS, grouped),
        ("label search", HOLDS, like),
    ):
        told[f"{name}: Oxigraph, ms"] = 1000 * cpu(lambda q=query: list(oxigraph.query(q)))[0]
        told[f"{name}: rdflib, ms"] = 1000 * cpu(lambda q=query: list(graph.query(q)))[0]
        told[f"{name}: DuckDB, ms"] = 1000 * cpu(lambda q=sql: db.execute(q).fetchall(), 3)[0]
    return told


def shared_task(data: Data) -> dict[str, float]:
    from kg.compare.shared import shared_features

    shared_features(data.columns, combine=2, top=20)
    return {"shared features, pairs, provinces, s": cpu(lambda: shared_features(data.columns, combine=2, top=20))[0]}


def families_task(data: Data, peers: bool) -> dict[str, float]:
    from kg.compare.families import family_labels, neighbour_graph

    graph = neighbour_graph(data.weights)
    told = {"Leiden (graspologic-native), s": cpu(lambda: family_labels(graph))[0]}
    if peers:
        import networkx

        plain = networkx.from_scipy_sparse_array(graph)
        told["networkx louvain, s"] = cpu(lambda: networkx.community.louvain_communities(plain, seed=0))[0]
    return told


# --- growth -------------------------------------------------------------------------------------------------------------


def one_size(practices: int, part: int = 8192) -> dict[str, float]:
    """Seconds of each step at one size; run in a process of its own, so that the memory is that of this size."""
    plan = make_plan(practices, 1)
    columns = plan_columns(plan)
    del plan
    told: dict[str, float] = {"practices": practices, "memory: columns, MB": peak_megabytes()}
    told["features and weights, s"], _ = cpu(lambda: columns.practices.province)
    seconds, features = cpu(lambda: columns.features(COMPARED))
    more, weights = cpu(lambda: weigh(features))
    told["features and weights, s"] += seconds + more
    province = columns.practices.province
    all_pairs(weights, province, rows=range(2))
    rows = range(min(part, practices))
    seconds, _ = cpu(lambda: all_pairs(weights, province, top=TOP, rows=rows))
    told["all pairs, s"] = seconds * practices / len(rows)
    asked = np.random.default_rng(3).integers(0, practices, 30).tolist()
    times = sorted(cpu(lambda a=a: nearest(weights, province, a, top=TOP))[0] for a in asked)
    told["nearest to one, s"] = times[len(times) // 2]
    data = Data.__new__(Data)
    data.columns, data.features, data.weights, data.province = columns, features, weights, province
    told["counts by province, s"] = cpu(lambda: counts(data), 3)[0]
    told["index of labels, s"], index = cpu(lambda: TextIndex.of(columns.practice_label))
    told["label search, s"] = cpu(lambda: index.find("暖阳睦邻"), 5)[0]
    told["memory: all, MB"] = peak_megabytes()
    return told


def growth(sizes: Iterable[int] = SIZES) -> list[dict[str, float]]:
    found = []
    for size in sizes:
        call = [sys.executable, str(Path(__file__).resolve()), "--one", str(size)]
        done = subprocess.run(call, capture_output=True, check=True, encoding="utf-8")
        found.append(json.loads(done.stdout.splitlines()[-1]))
        print(json.dumps(found[-1]), file=sys.stderr)
    return found


def exponent(sizes: list[float], values: list[float]) -> float:
    """Slope of the logarithms: 1 is linear."""
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def growth_table(found: list[dict[str, float]]) -> str:
    sizes = [row["practices"] for row in found]
    lines = [
        "| | " + " | ".join(f"{int(size):,}" for size in sizes) + " | exponent |",
        "| --- |" + " --- |" * (len(sizes) + 1),
    ]
    for name in found[0]:
        if name != "practices":
            values = [row[name] for row in found]
            cells = " | ".join(f"{value:,.3g}" if value < 1000 else f"{value:,.0f}" for value in values)
            lines.append(f"| {name} | {cells} | {exponent(sizes, values):.2f} |")
    return "\n".join(lines) + "\n"


def growth_plot(found: list[dict[str, float]], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "kg"
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.5))
    sizes = [row["practices"] for row in found]
    for name in found[0]:
        if name == "practices":
            continue
        values = [row[name] for row in found]
        (right if name.endswith("MB") else left).loglog(
            sizes, values, marker="o", label=f"{name} ^{exponent(sizes, values):.2f}"
        )
    for each, title in ((left, "processor seconds"), (right, "memory, MB")):
        each.set_xlabel("practices")
        each.set_title(title)
        each.grid(alpha=0.3)
        each.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


# --- runs ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small() -> Data:
    return Data(12_000)


@pytest.mark.benchmark(group="all pairs")
def test_all_pairs(benchmark: Any, small: Data) -> None:
    found: Pairs = benchmark.pedantic(all_pairs, args=(small.weights, small.province), rounds=2, warmup_rounds=1)
    rows = np.arange(0, 12_000, 60)
    assert np.abs(found.similarity[rows] - scipy_blocks(small, rows)).max() < 5e-6


@pytest.mark.benchmark(group="all pairs")
def test_all_pairs_by_scipy(benchmark: Any, small: Data) -> None:
    benchmark.pedantic(scipy_blocks, args=(small, np.arange(0, 12_000, 12)), rounds=1)


@pytest.mark.benchmark(group="nearest")
def test_nearest(benchmark: Any, small: Data) -> None:
    benchmark(nearest, small.weights, small.province, 17)


@pytest.mark.benchmark(group="search")
def test_label_search(benchmark: Any, small: Data) -> None:
    benchmark(TextIndex.of(small.columns.practice_label).find, "暖阳睦邻")


def show(title: str, told: dict[str, Any], base: str | None = None) -> None:
    print(f"\n## {title}")
    for name, value in told.items():
        ratio = f"   {value / told[base]:,.1f} ×" if base and isinstance(value, float) and name != base else ""
        print(f"{name:55} {value:,.4g}{ratio}" if isinstance(value, float) else f"{name:55} {value:,}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--practices", type=int, default=120_000)
    options.add_argument("--sparql-practices", type=int, default=12_000, help="size at which SPARQL engines are asked")
    options.add_argument("--part", type=int, default=512, help="rows that slow peers of all pairs are run on")
    options.add_argument("--no-peers", action="store_true")
    options.add_argument("--growth", action="store_true", help="10 k, 100 k and 1 million instead")
    options.add_argument("--write", type=Path, help="folder for scale-growth.svg and the table")
    options.add_argument("--pairs", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--one", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        print(json.dumps(one_size(chosen.one)))
        return
    if chosen.pairs:
        print(json.dumps(pairs_of(chosen.pairs)))
        return
    if chosen.growth:
        found = growth()
        print(growth_table(found))
        if chosen.write:
            growth_plot(found, chosen.write / "scale-growth.svg")
        return
    print(f"{chosen.practices:,} practices; compiled loops: {compiled()}; processor seconds")
    data = Data(chosen.practices)
    show("all pairs, top 20 of other provinces, s", pairs_task(data, chosen.part, not chosen.no_peers), "kg")
    show("one at a time", single_tasks(data))
    show("shared", shared_task(data))
    show("families", families_task(data, False))
    if not chosen.no_peers:
        smaller = Data(chosen.sparql_practices)
        show(f"one at a time, {chosen.sparql_practices:,} practices", single_tasks(smaller))
        show("the peers there", peer_tasks(smaller))
        show("families there", families_task(smaller, True))


if __name__ == "__main__":
    main()
