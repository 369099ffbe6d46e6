"""One practice with all its evidence from the store on disk, warm: by its record, and by SPARQL.

    python tests/benchmarks/bench_practice.py STORE [--practices 300]

STORE is what ``kg build`` wrote, with or without ``--optimize``. By the record: the article's record and text come out of
the archive, and each value gets its words, characters and sentence (as the served page does it, without its cache). By SPARQL:
relation, value, sentence and article of each evidence node, and, *with characters*, the exact words and where they stand.
Milliseconds, medians and 99th percentiles of the second time around.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pyoxigraph import QuerySolutions, Store

from kg.graph.rdf.sentences import sentence_span
from kg.graph.rdf.terms import PREFIXES
from kg.graph.store.archive import Archive
from kg.graph.store.manifest import Entry
from kg.graph.store.snapshot import Snapshot

SPARQL = """
PREFIX gp: <{gp}> PREFIX oa: <{oa}>
SELECT * WHERE {{ ?e gp:about <{practice}> ; gp:relation ?relation ; gp:value ?value ; oa:hasSource ?article ;
                  gp:sentence ?sentence {more} }}"""
CHARACTERS = "; oa:hasSelector ?quote , ?place . ?quote oa:exact ?words . ?place oa:start ?start ; oa:end ?end"


def by_record(archive: Archive, entry: Entry, number: int) -> list[tuple[str, str, int, int, str]]:
    """(slot, words, start, end, sentence) of each value of one practice of an article."""
    record, text = archive.record(entry.record), archive.text(entry.text or "")
    assert record is not None
    assert text is not None
    practice = record.practices[number % len(record.practices)]
    found = []
    for slot, value in practice.values():
        first, last = sentence_span(text, value.start, value.end)
        found.append((slot, value.text, value.start, value.end, text[first:last]))
    return found


def timed(work: Callable[[int], object], times: int) -> str:
    """Median and 99th percentile of the second round."""
    took: list[float] = []
    for _ in range(2):
        took = []
        for number in range(times):
            begun = time.perf_counter()
            work(number)
            took.append((time.perf_counter() - begun) * 1000)
    took.sort()
    return f"{statistics.median(took):8.2f} {took[int(len(took) * 0.99)]:8.2f}"


def asked(store: Store, queries: Sequence[str], number: int) -> list[Any]:
    """The rows of one of the queries."""
    found = store.query(queries[number])
    assert isinstance(found, QuerySolutions)
    return list(found)


def told(entries: Sequence[Entry], archive: Archive) -> list[Entry]:
    """The articles that tell of a practice and whose text is kept."""
    with_text = [entry for entry in entries if entry.text]
    return [entry for entry in with_text if (record := archive.record(entry.record)) and record.practices]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--practices", type=int, default=300)
    options = parser.parse_args()
    snapshot = Snapshot.at(options.store)
    quads = snapshot.read_only()
    names = {"gp": PREFIXES["gp"], "oa": PREFIXES["oa"]}
    known = [row["p"].value for row in asked(quads, [f"SELECT ?p {{ ?p a <{names['gp']}Practice> }}"], 0)]
    draw = random.Random(1)
    practices = draw.sample(known, min(options.practices, len(known)))
    with Archive(snapshot.store.archive) as archive:
        entries = told(snapshot.manifest.entries, archive)
        articles = [draw.choice(entries) for _ in range(options.practices)]
        print(f"{len(known):,} practices, {len(quads):,} quads; ms: median, 99th percentile")
        print("by its record          ", timed(lambda n: by_record(archive, articles[n], n), len(articles)))
    for title, more in (("by SPARQL              ", ""), ("by SPARQL, characters  ", CHARACTERS)):
        queries = [SPARQL.format(**names, practice=one, more=more) for one in practices]
        print(title, timed(partial(asked, quads, queries), len(practices)))


if __name__ == "__main__":
    main()
