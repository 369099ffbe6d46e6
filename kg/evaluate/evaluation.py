"""The whole evaluation of a file of predicted records against gold ones, and how it is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.errors import UsageError
from kg.evaluate.gold import PlainRecord
from kg.evaluate.interval import intervals
from kg.evaluate.scoring import CORE, ROWS, Counts, Mistake, score_article, unsupported

__all__ = ["Evaluation", "evaluate"]


@dataclass(frozen=True)
class Evaluation:
    """Scores of a set of articles; ``str`` of it is the table a person reads."""

    rows: dict[str, Counts]
    """Summed over the articles of the gold, in the order of ``ROWS``."""
    intervals: dict[str, tuple[float, float]]
    """95 % confidence interval of the F1 of each row, and of ``core``."""
    mistakes: tuple[Mistake, ...]
    articles: int
    unpredicted: tuple[str, ...] = ()
    """Files of the gold without a prediction: they count as found nothing."""
    ungraded: tuple[str, ...] = ()
    """Predicted files without gold: they count nowhere."""
    unsupported: tuple[int, int] | None = None
    """Predicted strings that do not stand in their article, of how many; None where no texts were given."""

    @property
    def core(self) -> float:
        """Mean F1 of programme, region, formats, audiences and outcome."""
        return sum(self.rows[row].f1 for row in CORE) / len(CORE)

    def as_dict(self, *, errors: bool = False) -> dict[str, Any]:
        """As JSON has it: row → p, r, f1, n (values in the gold), low and high; with the errors if asked for."""
        plain: dict[str, Any] = {}
        for row, counts in self.rows.items():
            low, high = self.intervals[row]
            plain[row] = {"p": counts.precision, "r": counts.recall, "f1": counts.f1, "n": counts.gold}
            plain[row] |= {"low": low, "high": high}
        low, high = self.intervals["core"]
        plain["core"] = {"f1": self.core, "low": low, "high": high}
        if self.unsupported:
            absent, strings = self.unsupported
            plain["unsupported"] = {"f1": absent / strings if strings else 0.0, "n": strings}
        plain["articles"] = {"n": self.articles, "unpredicted": self.unpredicted, "ungraded": self.ungraded}
        if errors:
            plain["errors"] = [
                {name: value for name, value in vars(mistake).items() if value} for mistake in self._by_row()
            ]
        return plain

    def to_json(self, *, errors: bool = False) -> str:
        """``as_dict`` in one line."""
        return json.dumps(self.as_dict(errors=errors), ensure_ascii=False) + "\n"

    def to_text(self, *, errors: bool = False) -> str:
        """The table, and below it the errors by row if asked for."""
        lines = [f"{'':16}{'P':>7}{'R':>7}{'F1':>7}   {'95 % of F1':13}{'gold':>6}{'found':>7}"]
        for row, counts in self.rows.items():
            low, high = self.intervals[row]
            numbers = f"{counts.precision:7.3f}{counts.recall:7.3f}{counts.f1:7.3f}"
            lines.append(f"{row:16}{numbers}   {low:.3f}–{high:.3f}  {counts.gold:6d}{counts.predicted:7d}")
        low, high = self.intervals["core"]
        lines.append(f"{'core (mean F1)':16}{'':14}{self.core:7.3f}   {low:.3f}–{high:.3f}")
        if self.unsupported:
            lines.append(f"{'unsupported':16}{self.unsupported[0]} of {self.unsupported[1]} predicted strings")
        lines.append(f"{'articles':16}{self.articles}")
        if errors:
            lines += self._error_lines()
        return "\n".join(lines) + "\n"

    __str__ = to_text

    def _by_row(self) -> list[Mistake]:
        return sorted(self.mistakes, key=lambda m: (ROWS.index(m.row), m.file, m.kind))

    def _error_lines(self) -> list[str]:
        lines, row = [], ""
        for mistake in self._by_row():
            if mistake.row != row:
                row = mistake.row
                lines += ["", row]
            of = f"  ({mistake.practice})" if mistake.practice else ""
            lines.append(f"  {mistake.kind:9}{mistake.file}: {mistake.value}{of}")
        return lines


def evaluate(
    gold: Mapping[str, PlainRecord],
    predicted: Mapping[str, PlainRecord],
    *,
    texts: Mapping[str, str] | None = None,
    samples: int | None = None,
    seed: int = 0,
) -> Evaluation:
    """Evaluate predicted records against gold ones, both by the base name of their article.

    Parameters
    ----------
    texts : clean text by file; with it, strings that do not stand in their article are counted.
    samples, seed : of the bootstrap over articles.

    Raises UsageError where there is no gold.
    """
    if not gold:
        raise UsageError("no article in the gold", remedy="name a file of gold records")
    scores = [score_article(record, predicted.get(name), name) for name, record in gold.items()]
    counts = [score.counts for score in scores]
    return Evaluation(
        rows={row: sum((one[row] for one in counts), Counts()) for row in ROWS},
        intervals=intervals(counts, seed=seed) if samples is None else intervals(counts, samples=samples, seed=seed),
        mistakes=tuple(mistake for score in scores for mistake in score.mistakes),
        articles=len(gold),
        unpredicted=tuple(sorted(set(gold) - set(predicted))),
        ungraded=tuple(sorted(set(predicted) - set(gold))),
        unsupported=None if texts is None else _unsupported(gold, predicted, texts),
    )


def _unsupported(
    gold: Mapping[str, PlainRecord], predicted: Mapping[str, PlainRecord], texts: Mapping[str, str]
) -> tuple[int, int]:
    found = [unsupported(predicted[name], texts[name]) for name in gold if name in predicted and name in texts]
    return sum(one[0] for one in found if one), sum(one[1] for one in found if one)
