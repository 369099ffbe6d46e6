"""Mentions learnt by spaCy's spancat, beside the phrase scorer: both on LAC's words and hidden states, on the same articles.

    OMP_NUM_THREADS=1 python tests/benchmarks/bench_mentions.py [--shared DIR] [--steps N]

Both learn from data/corpus alone, the phrase scorer as ``--fast`` ships it. They are compared on articles of which neither has
seen any: the sample, the 25 broadcasts or, with ``--shared``, the shared gold. For each type the best F1 over all thresholds
and the average precision; a span is right if it is a gold span, or the same phrase as one by ``same_phrase``. What the gold
neither claims nor denies is left out of both.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry
from thinc.api import Maxout, Model, chain, with_array
from thinc.types import Floats2d

from kg.extract import load
from kg.extract.learned.phrases import TYPES, same_phrase
from kg.extract.text.lac import HIDDEN
from kg.train.corpus import Annotated, load_corpus, own_articles, shared_articles

PROJECT = Path(__file__).resolve().parents[2]
LONGEST = 12
"""Words of the longest span that spancat is offered: 99 of 100 gold spans."""
BATCH = 4

Scored = list[tuple[int, int, float]]
"""(start, end, score) of the spans of one type in one article."""


def _states(
    model: Model[list[Doc], list[Floats2d]], docs: list[Doc], is_train: bool
) -> tuple[Any, Callable[[Any], Any]]:
    """LAC's states of the first and the last character of each token."""
    return [doc.user_data["lac"] for doc in docs], lambda gradient: []


@registry.architectures("kg.LacStates.v1")
def lac_states(width: int) -> Model[list[Doc], list[Floats2d]]:
    reader: Model[list[Doc], list[Floats2d]] = Model("lac_states", _states)
    found: Model[list[Doc], list[Floats2d]] = chain(
        reader, with_array(Maxout(width, 2 * HIDDEN, nP=3, normalize=True, dropout=0.3))
    )
    found.set_dim("nO", width)
    return found


CONFIG = {
    "spans_key": "sc",
    "max_positive": None,
    "threshold": 0.01,
    "suggester": {"@misc": "spacy.ngram_range_suggester.v1", "min_size": 1, "max_size": LONGEST},
    "model": {
        "@architectures": "spacy.SpanCategorizer.v1",
        "tok2vec": {"@architectures": "kg.LacStates.v1", "width": 128},
        "reducer": {"@layers": "spacy.mean_max_reducer.v1", "hidden_size": 128},
        "scorer": {"@layers": "spacy.LinearLogistic.v1"},
    },
}


def doc_of(nlp: spacy.Language, article: Annotated) -> Doc:
    """The page's words as spaCy's, LAC's states beside them."""
    page = article.page
    doc: Doc = nlp.tokenizer.doc(page)  # type: ignore[attr-defined]
    starts = np.array([token.idx for token in doc])
    ends = np.array([token.idx + len(token) for token in doc])
    doc.user_data["lac"] = np.concatenate([page.hidden[starts], page.hidden[ends - 1]], axis=1)
    return doc


def spancat(articles: Sequence[Annotated], unseen: Sequence[Annotated], steps: int) -> dict[str, list[Scored]]:
    """Type → the scored spans of each unseen article, by a spancat that learnt from ``articles``."""
    nlp = load(fast=True)
    for name in nlp.pipe_names:  # its words are what is wanted of it
        nlp.remove_pipe(name)
    component = nlp.add_pipe("spancat", config=CONFIG)
    examples = []
    for article in articles:
        told, empty = doc_of(nlp, article), doc_of(nlp, article)
        spans = [
            told.char_span(one.start, one.end, label=one.kind) for one in article.labels.positive if one.kind in TYPES
        ]
        told.spans["sc"] = [span for span in spans if span is not None and len(span) <= LONGEST]
        examples.append(Example(empty, told))
    for kind in TYPES:
        component.add_label(kind)  # type: ignore[attr-defined]
    shuffle = random.Random(0)
    spacy.util.fix_random_seed(0)
    optimizer = nlp.initialize(lambda: examples[:20])
    for step in range(steps):
        optimizer.learn_rate = 1e-3 * min(1.0, 10 * (1 - step / steps))
        component.update(shuffle.sample(examples, BATCH), drop=0.2, sgd=optimizer)  # type: ignore[attr-defined]
    found: dict[str, list[Scored]] = {kind: [] for kind in TYPES}
    for article in unseen:
        doc = component(doc_of(nlp, article))
        spans = doc.spans["sc"]
        for kind in TYPES:
            found[kind].append(
                [
                    (span.start_char, span.end_char, float(score))
                    for span, score in zip(spans, spans.attrs["scores"], strict=True)
                    if span.label_ == kind
                ]
            )
    return found


def phrase_scorer(articles: Sequence[Annotated], unseen: Sequence[Annotated]) -> dict[str, list[Scored]]:
    """The same by the shipped kind of model."""
    from kg.train.phrases import fit_phrases

    model, _ = fit_phrases(articles)
    found: dict[str, list[Scored]] = {kind: [] for kind in TYPES}
    for article in unseen:
        scores, _ = model.read(article.table)
        rows = article.table.rows
        for number, kind in enumerate(TYPES):
            likely = np.flatnonzero(scores[:, number] > 0.01)
            found[kind].append([(int(rows[i, 2]), int(rows[i, 3]), float(scores[i, number])) for i in likely])
    return found


def judged(article: Annotated, kind: str, spans: Scored) -> tuple[list[float], list[bool], int]:
    """Scores, whether each is right, and how many gold spans there are; overlapping spans give way to likelier ones."""
    gold = [one for one in article.labels.positive if one.kind == kind]
    unsure = [one for one in article.labels.unsure if one.kind == kind]
    free, scores, right = set(range(len(gold))), [], []
    taken: list[tuple[int, int]] = []
    for start, end, score in sorted(spans, key=lambda span: -span[2]):
        if any(start < b and a < end for a, b in taken):
            continue
        taken.append((start, end))
        hit = [n for n in free if bool(same_phrase(np.array([start]), np.array([end]), gold[n].start, gold[n].end)[0])]
        if not hit and any(start < one.end and one.start < end for one in unsure):
            continue
        free -= set(hit[:1])
        scores.append(score)
        right.append(bool(hit))
    return scores, right, len(gold)


def measured(unseen: Sequence[Annotated], found: dict[str, list[Scored]]) -> dict[str, tuple[float, float]]:
    """Type → (average precision, best F1)."""
    table = {}
    for kind in TYPES:
        parts = [judged(article, kind, spans) for article, spans in zip(unseen, found[kind], strict=True)]
        scores = np.concatenate([part[0] for part in parts])
        right: NDArray[np.bool_] = np.concatenate([np.array(part[1], bool) for part in parts])[np.argsort(-scores)]
        total = sum(part[2] for part in parts)
        hits = np.cumsum(right)
        precision, recall = hits / np.arange(1, len(hits) + 1), hits / total
        best = float((2 * precision * recall / np.maximum(precision + recall, 1e-9)).max(initial=0.0))
        table[kind] = float(precision[right].sum() / total), best
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, help="compare on the shared gold in this folder instead of the sample")
    parser.add_argument("--steps", type=int, default=1500, help="steps of spancat, of four articles each")
    args = parser.parse_args()
    sample = PROJECT / "data"
    unseen = (
        shared_articles(args.shared)
        if args.shared
        else list(load_corpus("sample", sample / "gold" / "sample.jsonl", sample / "articles"))
    )
    articles = own_articles()
    print(f"{len(articles)} articles learnt from, {len(unseen)} unseen")
    tables = {}
    for name, train in (
        ("spancat", lambda: spancat(articles, unseen, args.steps)),
        ("phrase scorer", lambda: phrase_scorer(articles, unseen)),
    ):
        begun = time.process_time()
        tables[name] = measured(unseen, train())
        print(f"{name}: {time.process_time() - begun:.0f} s")
    print(f"{'type':12}{'spancat AP':>12}{'F1':>7}{'scorer AP':>12}{'F1':>7}")
    rows = [[*tables["spancat"][kind], *tables["phrase scorer"][kind]] for kind in TYPES]
    for kind, row in [*zip(TYPES, rows, strict=True), ("mean", np.mean(rows, axis=0))]:
        print(f"{kind:12}{row[0]:12.3f}{row[1]:7.3f}{row[2]:12.3f}{row[3]:7.3f}")


if __name__ == "__main__":
    main()
