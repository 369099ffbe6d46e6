"""``python -m kg.train.calibrate DIR --unseen GOLD FOLDER``: fit what a confidence means, on articles the models have not seen.

DIR holds models; GOLD and FOLDER, as often as there are sets, annotated articles that they were not trained on (or
``--left-out``: the shared ones, each by models that were trained without it). Every
value that the models find there is right or wrong by the gold, as the scorer counts a link: the right value on the right
practice. A curve a slot is fitted to that and written into DIR/calibration.toml. How good it is, is measured with each
article's curves fitted on the other four fifths of the articles: the expected calibration error is the mean distance
between the confidence and the share of right values, over ten bins of width 0.1, weighted by their values (Guo et al. 2017).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.errors import UsageError
from kg.evaluate.gold import PlainRecord
from kg.evaluate.matching import align, pair_items
from kg.evaluate.slots import practice_items, practices_of
from kg.extract.learned.confidence import Confidence, log_odds
from kg.extract.learned.parts import load_learned
from kg.model import SLOTS
from kg.train.commands import run
from kg.train.logistic import logistic_regression
from kg.train.reading import add_unseen, unseen_readings

PRACTICES = ("named", "unnamed")
FOLDS = 5
BINS = 10
_FLATTEN = 1.0
"""Strength of the pull of the slopes towards 0, as a number of values."""
_FEW = 30
"""Values below which a slot takes the curve of all slots together."""


class Found(NamedTuple):
    """A value that the models found."""

    article: int
    slot: str
    score: float
    owner: tuple[bool, float]
    """Whether its practice is a named one, and that one's score."""
    right: bool
    practice: float = 0.5
    """Its practice's confidence, once it is known."""


def judged(gold: PlainRecord, predicted: PlainRecord, article: int) -> Iterator[Found]:
    """The values of a predicted record, each right or wrong by the gold."""
    mine, theirs = practices_of(gold), practices_of(predicted)
    partner = {p: g for g, p in align(mine, theirs).items()}
    for p, practice in enumerate(theirs):
        name = practice["programme"]["confidence"]
        owner = practice.get("named", True), name
        yield Found(article, "named" if practice.get("named", True) else "unnamed", name, owner, p in partner)
        for slot in ("region", "part_of", *SLOTS, "outcomes"):
            values = practice.get(slot) or []
            for value in values if isinstance(values, list) else [values]:
                got = practice_items({slot: [value] if isinstance(values, list) else value}, slot)
                want = practice_items(mine[partner[p]], slot) if p in partner else []
                yield Found(article, slot, value["confidence"], owner, bool(got and pair_items(want, got, slot)))
        for date in practice.get("dates") or []:
            wanted = {d.get("iso") for d in mine[partner[p]].get("dates") or []} if p in partner else set()
            yield Found(article, "dates", date["confidence"], owner, date.get("iso") in wanted)


def fit(found: Sequence[Found]) -> dict[str, list[float]]:
    """The curve of each slot; a slot of few values takes that of all together.

    The practices come first: their confidence is what the others' curves read.
    """
    curves = {slot: _curve([one for one in found if one.slot == slot]) for slot in PRACTICES}
    practices = Confidence(curves)
    values = [one._replace(practice=practices.of_practice(*one.owner)) for one in found if one.slot not in PRACTICES]
    together = _curve(values)
    for slot in ("region", "part_of", *SLOTS, "outcomes", "dates"):
        rows = [one for one in values if one.slot == slot]
        curves[slot] = _curve(rows) if len(rows) >= _FEW else together
    return curves


def _curve(found: Sequence[Found]) -> list[float]:
    """A logistic regression; the slopes are pulled towards 0, the height is free."""
    x = np.array([[1.0, log_odds(one.score), log_odds(one.practice)] for one in found]).reshape(-1, 3)
    y = np.array([one.right for one in found], float)
    pull = np.array([1e-6, _FLATTEN, _FLATTEN])
    weights = logistic_regression(x, y, pull)
    while weights[1:].min() < 0:  # a surer value is never less sure
        x[:, 1 + int(weights[1:].argmin())] = 0.0
        weights = logistic_regression(x, y, pull)
    return [round(float(w), 4) for w in weights]


def bins(confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> list[tuple[int, float, float]]:
    """(values, mean confidence, share that is right) of each bin of width 0.1 that is not empty."""
    number = np.minimum((confidences * BINS).astype(int), BINS - 1)
    return [
        (int((number == b).sum()), float(confidences[number == b].mean()), float(right[number == b].mean()))
        for b in range(BINS)
        if (number == b).any()
    ]


def expected_error(confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error, 0 to 1."""
    return sum(n * abs(mean - share) for n, mean, share in bins(confidences, right)) / len(right)


def held_out(found: Sequence[Found]) -> NDArray[np.float64]:
    """The confidence of each value by curves that were fitted without its fold of the articles."""
    out = np.zeros(len(found))
    for fold in range(FOLDS):
        curves = Confidence(fit([one for one in found if one.article % FOLDS != fold]))
        for i, one in enumerate(found):
            if one.article % FOLDS == fold:
                out[i] = curves.of(one.slot, one.score, curves.of_practice(*one.owner))
    return out


def draw(points: Sequence[tuple[int, float, float]], file: Path) -> None:
    """The reliability diagram (DeGroot and Fienberg 1983) as SVG: dots are bins, as large as their values are many."""
    import matplotlib

    with matplotlib.rc_context({"svg.hashsalt": "kg", "svg.fonttype": "none", "font.size": 9}):
        from matplotlib.figure import Figure

        figure = Figure(figsize=(3.6, 3.6), layout="constrained")
        axes = figure.add_subplot(xlabel="confidence", ylabel="share that is right", xlim=(0, 1), ylim=(0, 1))
        axes.plot([0, 1], [0, 1], color="0.6", linewidth=0.8)
        most = max(count for count, _, _ in points)
        means, shares = [mean for _, mean, _ in points], [share for _, _, share in points]
        axes.plot(means, shares, color="#0f766e", linewidth=1)
        axes.scatter(means, shares, [12 + 60 * count / most for count, _, _ in points], color="#0f766e")
        figure.savefig(file, format="svg", metadata={"Date": None})


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the curves, write them and tell how good they are; 0 where it is done, 2 where the call is wrong."""
    parser = argparse.ArgumentParser(prog="python -m kg.train.calibrate", description=__doc__.split("\n", 1)[0])
    parser.add_argument("models", type=Path, help="folder of the models")
    add_unseen(parser)
    parser.add_argument("--picture", type=Path, help="file of the reliability diagram (SVG)")
    return run(_work, parser.parse_args(arguments))


def _work(args: argparse.Namespace) -> None:
    models = load_learned(args.models)
    found: list[Found] = []
    for number, one in enumerate(unseen_readings(args, models)):
        found += judged(one.article.gold, one.plain(models.least), number)
    if not found:
        raise UsageError("the models find nothing there", remedy="name articles that tell of practices")
    curves = fit(found)
    lines = [f"{slot} = {curve}" for slot, curve in curves.items()]
    head = (
        "# slot = [height, slope over the value's log-odds, slope over its practice's log-odds]; by kg.train.calibrate"
    )
    (args.models / "calibration.toml").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    right = np.array([one.right for one in found])
    before = np.array([one.score for one in found])
    after = held_out(found)
    print(f"{len(found)} values, {right.mean():.3f} right")
    print(
        f"expected calibration error: {expected_error(before, right):.3f} before, {expected_error(after, right):.3f} after"
    )
    points = bins(after, right)
    if args.picture:
        draw(points, args.picture)
    for count, mean, share in points:
        print(f"confidence {mean:.2f}: {share:.2f} right of {count}")


if __name__ == "__main__":
    sys.exit(main())
