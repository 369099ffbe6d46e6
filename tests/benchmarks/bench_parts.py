"""Rules alone, the learned parts alone and both, on outlet styles that training has not seen: core and links with intervals.

    OMP_NUM_THREADS=1 python tests/benchmarks/bench_parts.py [--folds N] [--fast] [--models DIR]

The styles of data/corpus are dealt into N folds (default 2) of about as many articles; each fold is read by models of the
other ones. DIR keeps the models of each fold, or has them from an earlier run. *Both* is the product. *Learned alone* leaves
out what rules add to it: completed lists, lists of quotations, places that only the title names or that carry out what no
phrase tells, practices told of a list of places, what a practice keeps of its values, words of intent. *Rules alone* has no
model but LAC: what stands in quotation marks behind a word of founding or before a word for a programme is a practice, the
nearest place before it carries it out, and labels of the concept schemes and figures in its sentence are its values; of a
sentence without such a name but with a place, what follows a word of founding is an unnamed practice. The
schemes' labels were gathered from this corpus among others, so the rules are not wholly strangers to it.
"""

from __future__ import annotations

import argparse
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch

from kg.evaluate import evaluate
from kg.extract.figures.find import find_figures
from kg.extract.practices import assemble, drafts
from kg.extract.text.page import Page
from kg.knowledge.vocabulary import Vocabulary
from kg.resolve.nearest import slot_labels
from kg.train.corpus import Annotated, own_articles
from kg.train.styles import read_by_other_styles

SLOTS = ("formats", "audiences", "topics")
WORDS = "开展|开办|创办|创新|建立|推出|推行|打造|成立|设立|组建|实施|举办|启动|探索|构建|依托"
FOUNDING = re.compile(f"(?:{WORDS})[^。；“”]{{0,12}}“?$")
FOUNDED = re.compile(f"(?:{WORDS})了?([^，。；：“”、]{{2,14}})")
PROGRAMME = re.compile(
    "”?[^。，；“”]{0,6}?(?:课堂|讲堂|机制|模式|行动|活动|工程|平台|服务队|小分队|队|站|工作室|工作法|品牌|学校|夜校|项目|制度|计划)"
)
LONGEST = 16
"""Characters of a programme's name; a longer quotation is speech."""


@cache
def label_pattern(slot: str) -> re.Pattern[str]:
    labels = sorted(slot_labels(Vocabulary.load(), slot), key=lambda label: (-len(label), label))
    return re.compile("|".join(re.escape(label) for label in labels if len(label) > 1))


def by_rules(article: Annotated) -> dict[str, Any]:
    """The record that rules alone give, in the form of the gold."""
    page = article.page
    places = [(start, page.text[start:end]) for start, end, tag in page.words if tag == "LOC" and end - start > 1]
    found: list[dict[str, Any]] = []
    figures = find_figures(page)
    for begin, end in page.sentences:
        if page.kind_at(begin) != "body":
            continue
        named = _names(page, begin, end)
        if (
            not named
            and any(begin <= at < end for at, _ in places)
            and (match := FOUNDED.search(page.text, begin, end))
        ):
            named = [match.span(1)]
        if not named:
            continue
        rows = [_practice(page, start, stop, places) for start, stop in named]
        starts = [start for start, _ in named]
        for slot in SLOTS:
            for match in label_pattern(slot).finditer(page.text, begin, end):
                row = rows[_last_before(starts, match.start())]
                if match[0] not in row[slot] and match[0] != row["programme"]:
                    row[slot].append(match[0])
        for figure in figures:
            if begin <= figure.start < end:
                words = page.text[slice(*figure.clause)]
                outcome = {"text": words, "value": figure.value, "unit": figure.unit, "comparator": figure.comparator}
                rows[_last_before(starts, figure.start)]["outcomes"].append(outcome)
        found += rows
    told = {row["programme"]: row for row in reversed(found)}
    return {"file": article.article.file, "practices": list(reversed(told.values()))}


def _names(page: Page, begin: int, end: int) -> list[tuple[int, int]]:
    quoted = [(quote.start, quote.end) for quote in page.quotations if begin <= quote.start < end]
    return [span for span in quoted if _is_programme(page, *span)]


def _is_programme(page: Page, start: int, end: int) -> bool:
    if not 2 <= end - start <= LONGEST or re.search("[，。！？：]", page.text[start:end]):
        return False
    return bool(FOUNDING.search(page.text, max(0, start - 20), start) or PROGRAMME.match(page.text, end))


def _practice(page: Page, start: int, end: int, places: Sequence[tuple[int, str]]) -> dict[str, Any]:
    before = [name for at, name in places if at < start]
    region = before[-1] if before else places[0][1] if places else None
    return {
        "programme": page.text[start:end],
        "named": page.text[start - 1 : start] in ("“", "「"),
        "region": region,
        "outcomes": [],
        **{s: [] for s in SLOTS},
    }


def _last_before(starts: Sequence[int], at: int) -> int:
    return max(bisect_right(starts, at) - 1, 0)


@contextmanager
def without_rules() -> Iterator[None]:
    """What rules add to the learned decisions is left out."""
    with ExitStack() as stack:
        for module, name, instead in (
            (assemble, "complete_lists", lambda page, table, scores, slot, chosen: chosen),
            (assemble, "place_of_the_title", lambda page: []),
            (assemble, "practices_at_idle_places", lambda *given: []),
            (assemble, "spread_over_lists", lambda page, drafts, places: drafts),
            (assemble, "tells_of_a_plan", lambda page, start, end: False),
            (assemble, "keep_values", lambda text, draft: draft.values),
            (drafts, "quotation_lists", lambda page: []),
        ):
            stack.enter_context(patch.object(module, name, instead))
        yield


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--folds", type=int, default=2)
    parser.add_argument("--fast", action="store_true", help="the models without the encoder")
    parser.add_argument("--models", type=Path, help="folder of the folds' models: DIR/0, DIR/1, …")
    args = parser.parse_args()
    torch.set_num_threads(1)
    own = own_articles()
    gold = {article.article.file: article.gold for article in own}
    records: dict[str, dict[str, Any]] = {"rules alone": {a.article.file: by_rules(a) for a in own}}
    for reading, models in read_by_other_styles(own, folds=args.folds, fast=args.fast, kept=args.models):
        file = reading.article.article.file
        records.setdefault("both", {})[file] = reading.plain(models.least)
        with without_rules():
            records.setdefault("learned alone", {})[file] = reading.plain(models.least)
    styles = {"all": list(gold)}  # in the articles' order, so that the bootstrap draws the same ones each time
    for article in sorted(own, key=lambda article: article.origin):
        styles.setdefault(article.origin, []).append(article.article.file)
    for style, files in styles.items():
        for part, found in records.items():
            scores = evaluate({file: gold[file] for file in files}, {file: found[file] for file in files})
            core, links = scores.intervals["core"], scores.intervals["links"]
            print(
                f"{style:12} {len(files):5} {part:14} core {scores.core:.3f} ({core[0]:.3f}-{core[1]:.3f})"
                f"  links {scores.rows['links'].f1:.3f} ({links[0]:.3f}-{links[1]:.3f})",
                flush=True,
            )


if __name__ == "__main__":
    main()
