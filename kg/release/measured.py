"""What was measured of the extraction: the scores that the quality report and the codebook quote."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["Measurement", "measurements", "quality_table", "table_line"]

_NAMES = {
    "core": "core: mean F1 of programme, region, formats, audiences, outcome",
    "links": "links: the value hangs on the right practice",
}


@dataclass(frozen=True)
class Measurement:
    """Scores of one set of articles, by row of ``kg evaluate``."""

    id: str
    title: str
    articles: int
    command: str
    """How to see the scores again."""
    rows: dict[str, dict[str, Any]]
    """Row → ``f1``, and where kept ``p``, ``r``, ``low`` and ``high`` (95 % interval of F1), ``n`` in the gold."""

    def f1(self, row: str) -> str:
        """F1 with its interval, as text; empty where it was not measured.

        >>> Measurement("a", "", 1, "", {"region": {"f1": 0.8553, "low": 0.81, "high": 0.89}}).f1("region")
        '0.86 (0.81–0.89)'
        """
        told = self.rows.get(row)
        if told is None:
            return ""
        between = f" ({told['low']:.2f}–{told['high']:.2f})" if "low" in told else ""
        return f"{told['f1']:.2f}{between}"

    def precision_recall(self, row: str) -> str:
        """Precision / recall, as text; empty where they were not kept."""
        told = self.rows.get(row, {})
        return f"{told['p']:.2f} / {told['r']:.2f}" if "p" in told and "r" in told else ""


@cache
def measurements() -> tuple[Measurement, ...]:
    """The measurements in ``quality/``, in the order of ``sets.toml``."""
    folder = files("kg.release").joinpath("quality")
    sets = tomllib.loads(folder.joinpath("sets.toml").read_text(encoding="utf-8"))["set"]
    return tuple(
        Measurement(
            each["id"],
            each["title"],
            each["articles"],
            each["command"],
            json.loads(folder.joinpath(each["file"]).read_text(encoding="utf-8")),
        )
        for each in sets
    )


def quality_table() -> str:
    """The scores as a Markdown table: a row a line of ``kg evaluate``, a column a measurement."""
    sets = measurements()
    rows = [row for row in sets[0].rows if row not in ("unsupported", "articles")]
    heading = ["row", f"precision / recall, {sets[0].id}", *(f"F1, {each.id}" for each in sets)]
    lines = [table_line(heading), table_line(["---"] * len(heading))]
    for row in rows:
        lines.append(
            table_line([_NAMES.get(row, row), sets[0].precision_recall(row), *(each.f1(row) for each in sets)])
        )
    notes = [f"* *{each.id}*: {each.title}. Measured by `{each.command}`." for each in sets]
    return "\n".join([*lines, "", *notes])


def table_line(cells: list[str]) -> str:
    """A line of a Markdown table."""
    return f"| {' | '.join(cells)} |"
