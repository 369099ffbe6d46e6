"""Segmenters side by side: speed, agreement with LAC's words, and whether they cut where the annotated phrases begin and end.

    python tests/benchmarks/bench_tokenizers.py [--rounds N]
    python tests/benchmarks/bench_tokenizers.py --scores data/gold/sample.jsonl data/articles
    python -m pytest tests/benchmarks/bench_tokenizers.py --benchmark-only

The text is the tenth of data/corpus that pkuseg's model has not seen (``kg.train.words``). LAC's words are what that model
learnt, so LAC's own F1 is 1 by definition; the second measure owes nothing to LAC: a phrase of the gold counts as cut right
if it stands somewhere in its article between two cuts. Times are of the processor, one thread; the pipeline runs LAC's
encoder whatever cuts the words, so that another segmenter's time comes on top. ``--scores`` runs the whole extraction with
each and scores it against gold. jieba is for comparison only (pip install '.[bench]').
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

PROJECT = Path(__file__).resolve().parents[2]
CORPUS = PROJECT / "data" / "corpus"
NAMES = ("lac", "pkuseg", "jieba", "char")
SLOTS = ("formats", "audiences", "topics", "organisers", "partners", "venues", "channels")

Cut = Callable[[str], list[str]]


@dataclass(frozen=True)
class HeldOut:
    """An article of the tenth, its sentences, LAC's words of each, and the phrases of its gold."""

    text: str
    sentences: tuple[tuple[int, int], ...]
    lac: tuple[tuple[str, ...], ...]
    phrases: tuple[str, ...]


@cache
def held_out() -> tuple[HeldOut, ...]:
    return tuple(_held_out())


def _held_out() -> Iterator[HeldOut]:
    from kg.extract.text.words import make_page
    from kg.model import Article
    from kg.read import read_articles
    from kg.train import words

    for folder in sorted(path for path in CORPUS.iterdir() if path.is_dir()):
        gold = _phrases(folder.with_suffix(".jsonl"))
        for article in read_articles(sorted(folder.glob("*.txt"))):
            if not isinstance(article, Article) or not words.held_out(article):
                continue
            page = make_page(article)
            spans = tuple(page.layout.sentences)
            lac = [tuple(article.text[a:b] for a, b, _ in page.words if start <= a < end) for start, end in spans]
            yield HeldOut(article.text, spans, tuple(lac), gold.get(article.file, ()))


def _phrases(gold: Path) -> dict[str, tuple[str, ...]]:
    found = {}
    for line in gold.read_text(encoding="utf-8").splitlines() if gold.is_file() else ():
        record = json.loads(line)
        told: set[str] = set()
        for practice in record["practices"]:
            told |= {practice["programme"], *([practice["region"]] if practice.get("region") else [])}
            told |= {value for slot in SLOTS for value in practice.get(slot) or ()}
        found[record["file"]] = tuple(sorted(told))
    return found


def cutter(name: str) -> Cut | None:
    """The segmenter of a name; None for LAC, which cuts whole articles."""
    if name == "jieba":
        import jieba

        jieba.setLogLevel(60)
        jieba.initialize()
        return lambda sentence: list(jieba.cut(sentence))
    from kg.extract.text.words import segmenter

    return segmenter(name, None)


def cut_all(name: str) -> list[list[list[str]]]:
    """The words of all sentences of all articles."""
    cut = cutter(name)
    if cut is None:
        return [[list(words) for words in one.lac] for one in held_out()]
    return [[cut(one.text[start:end]) for start, end in one.sentences] for one in held_out()]


def cost(name: str, rounds: int) -> float:
    """Microseconds of the processor for a character, the least of some rounds."""
    from kg.extract.text.lac import encoder

    cut, lac = cutter(name), encoder()
    characters = sum(end - start for one in held_out() for start, end in one.sentences)
    best = float("inf")
    for _ in range(rounds):
        gc.collect()
        begin = time.process_time()
        for one in held_out():
            if cut is None:
                (encoding,) = lac.encode_all([(one.text, list(one.sentences))])
                for start, end in one.sentences:
                    lac.words(encoding, start, end)
            else:
                for start, end in one.sentences:
                    cut(one.text[start:end])
        best = min(best, time.process_time() - begin)
    return best / characters * 1e6


def boundaries(name: str) -> tuple[int, int]:
    """How many phrases of the gold stand between two cuts, and how many there are that stand in one sentence."""
    kept = count = 0
    for one, sentences in zip(held_out(), cut_all(name), strict=True):
        cuts = set()
        for (start, _), words in zip(one.sentences, sentences, strict=True):
            at = start
            cuts.add(at)
            for word in words:
                at += len(word)
                cuts.add(at)
        for phrase in one.phrases:
            places = [at for at in range(len(one.text)) if one.text.startswith(phrase, at)] if phrase else []
            count += bool(places)
            kept += any(at in cuts and at + len(phrase) in cuts for at in places)
    return kept, count


def measure(name: str, rounds: int) -> dict[str, Any]:
    from kg.train.words import agreement

    gold = [[word for word in words if not word.isspace()] for one in held_out() for words in one.lac]
    found = [words for sentences in cut_all(name) for words in sentences]
    score = agreement(found, gold)
    kept, count = boundaries(name)
    return {
        "tokenizer": name,
        "microseconds a character": round(cost(name, rounds), 2),
        "P": round(score.precision, 3),
        "R": round(score.recall, 3),
        "F1 against LAC": round(score.f1, 3),
        "phrases cut right": f"{kept}/{count} = {kept / max(count, 1):.3f}",
    }


def scores(name: str, gold: Path, articles: Path) -> dict[str, Any]:
    """Core and links of the whole extraction with a segmenter, on the articles of a folder that have gold."""
    from kg.evaluate import evaluate
    from kg.evaluate.gold import by_file, load_gold
    from kg.extract import extract_all, load
    from kg.model import Article
    from kg.read import read_articles

    nlp = load("lac")
    words: Any = nlp.tokenizer
    words.segment = cutter(name)
    read = [one for one in read_articles([articles]) if isinstance(one, Article)]
    found = {record.file: json.loads(record.to_json()) for record in extract_all(read, nlp)}
    wanted = {file: row for file, row in by_file(load_gold(gold), str(gold)).items() if file in found}
    result = evaluate(wanted, found).as_dict()
    return {"tokenizer": name} | {row: round(result[row]["f1"], 3) for row in ("core", "links")}


@pytest.mark.benchmark(group="tokenizers")
@pytest.mark.parametrize("name", NAMES)
def test_cutting(benchmark: Any, name: str) -> None:
    if name == "jieba":
        pytest.importorskip("jieba")
    held_out()
    benchmark.extra_info.update(benchmark.pedantic(measure, args=(name, 1), rounds=1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scores", type=Path, nargs=2, metavar=("GOLD", "ARTICLES"))
    options = parser.parse_args()
    for name in NAMES:
        row = scores(name, *options.scores) if options.scores else measure(name, options.rounds)
        print("  ".join(f"{title} {value}" for title, value in row.items()), flush=True)


if __name__ == "__main__":
    main()
