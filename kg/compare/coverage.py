"""What stands behind an answer: articles, sources, regions and years, so that nobody takes press attention for practice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kg.compare.choice import absent, bearers, chosen
from kg.compare.column_copy.columns import FEATURES, Columns
from kg.compare.column_copy.features import distinct
from kg.compare.result import Comparison
from kg.compare.significance.statistics import effective_number
from kg.errors import UsageError
from kg.query.phrases import many

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PARTS", "Behind", "behind", "coverage"]

PARTS = ("region", "source", "year")
"""What the articles can be counted by."""
_CONCENTRATED = 0.5
"""Share of one source (or region) from which the note says so: more than all others together."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Behind:
    """Witnesses of some practices; an article and its reposts are one."""

    practices: int
    without_region: int
    undated: int
    """Practices of which no article states a date."""
    articles: int
    reposts: int
    """Copies of these articles that are in the store and were not counted."""
    sources: int
    """Publishers that the articles name."""
    unsourced: int
    """Articles that name no publisher."""
    effective_sources: float
    """As many equally busy publishers would be as diverse (Hill number of order 1)."""
    largest_source: str
    largest_share: float
    """Share of the articles with a publisher that the busiest one printed."""
    provinces: int
    first: str | None
    last: str | None
    """Days on which the first and the last article appeared."""

    def note(self) -> str:
        """One line for the foot of an answer."""
        if not self.articles:
            return "rests on no article of this store: not found is not the same as not done"
        when = f", {self.first} to {self.last}" if self.first else ", undated"
        copies = f" ({many(self.reposts, 'repost')} of them not counted)" if self.reposts else ""
        of = f"{many(self.articles, 'article')} of {many(self.sources, 'named source')}"
        said = f"rests on {of}{copies} in {many(self.provinces, 'province')}{when}"
        if self.largest_share >= _CONCENTRATED and self.articles > 1:
            of_which = "those that name one" if self.unsourced else "them"
            said += f"; {self.largest_share:.0%} of {of_which} by {self.largest_source}"
        return said + ": counts of reports, a sample, not of all that happened"


def behind(columns: Columns, practices: Mask | None = None) -> Behind:
    """Who tells of these practices (default: all that are selected)."""
    kept = columns.practices.kept if practices is None else practices & columns.practices.kept
    told = distinct(columns.reports.article[kept[columns.reports.practice]])
    articles = columns.articles
    codes, names = articles.source
    busy = np.bincount(codes[told][codes[told] >= 0], minlength=len(names))
    days = articles.published[told]
    days = days[~np.isnat(days)]
    largest, named = int(np.argmax(busy)) if len(busy) else -1, int(busy.sum())
    provinces = columns.practices.province[kept]
    return Behind(
        practices=int(np.count_nonzero(kept)),
        without_region=int(np.count_nonzero(columns.practices.region[kept] < 0)),
        undated=int(np.count_nonzero(np.isnat(columns.practices.first_day[kept]))),
        articles=len(told),
        reposts=int(np.count_nonzero(np.isin(_origins(articles.repost_of), told) & (articles.repost_of >= 0))),
        sources=int(np.count_nonzero(busy)),
        unsourced=len(told) - named,
        effective_sources=effective_number(busy),
        largest_source=names[largest] if named else "",
        largest_share=float(busy[largest]) / named if named else 0.0,
        provinces=len(np.unique(provinces[provinces >= 0])),
        first=str(days.min()) if len(days) else None,
        last=str(days.max()) if len(days) else None,
    )


def _origins(repost_of: NDArray[np.int32]) -> NDArray[np.int64]:
    """The article at the end of each chain of reposts; an article's own number where it reposts none."""
    at = np.arange(len(repost_of), dtype=np.int64)
    for _ in range(len(at)):
        above = np.where(repost_of[at] >= 0, repost_of[at], at)
        if np.array_equal(above, at):
            break
        at = above
    return at


def coverage(
    columns: Columns,
    *words: str,
    by: str = "region",
    across: str = "province",
    features: Sequence[str] = FEATURES,
    practices: Sequence[str] | None = None,
    exact: bool = False,
) -> Comparison:
    """How many articles, sources and years stand behind all practices, or those with all the features named.

    Columns, options and errors: ``kg.compare.questions.Questions.coverage``, which asks it of a graph. A ``part``
    is a region or a source, the most articles first, or a year, in order; ``unknown`` where there is none.
    ``across`` is also the level of the note on practices without a place. ``figures`` has the totals (see
    ``Behind``), and as ``unplaced`` the practices without a known region of the level.
    """
    if by not in PARTS:
        raise UsageError(f"articles are not counted by {by!r}", where="by", remedy="use one of " + ", ".join(PARTS))
    mask, _ = bearers(columns, words, features, exact=exact)
    if practices is not None:
        mask &= chosen(columns, practices)
    whole = behind(columns, mask)
    region = columns.region_at(across)
    unplaced = int(np.count_nonzero(region[mask] < 0))
    rows, members = _parts(columns, mask, by, region)
    total = max(whole.articles, 1)
    for row in rows:
        row["share"] = row["articles"] / total

    def grounds(row: int) -> list[str]:
        told = np.isin(columns.statements.article, members[row]) & mask[columns.statements.practice]
        return columns.evidence.take(columns.statements.evidence[told].tolist())

    return Comparison(
        "what stands behind " + (" + ".join(words) if words else "the practices") + f", by {by}",
        _frame(rows),
        (
            *absent(columns, words, mask, features, exact=exact),
            whole.note(),
            *_lacking(whole, unplaced, across),
        ),
        {**vars(whole), "unplaced": unplaced},
        grounds=grounds,
    )


def _lacking(whole: Behind, unplaced: int, level: str) -> tuple[str, ...]:
    """What is not known of the practices and their articles; nothing where there are none."""
    if not whole.practices:
        return ()
    without = f"{unplaced:,} without a known {level}, {whole.undated:,} without a stated date"
    unnamed = many(whole.unsourced, "article names", "articles name")
    return (f"{many(whole.practices, 'practice')}: {without}; {unnamed} no publisher{_diverse(whole)}",)


def _diverse(whole: Behind) -> str:
    if not whole.sources:
        return ""
    number = f"{whole.effective_sources:.1f}"
    return f"; as diverse as {number} equally busy source{'' if number == '1.0' else 's'} (Hill 1973)"


def _parts(
    columns: Columns, mask: Mask, by: str, region: NDArray[np.int32]
) -> tuple[list[dict[str, Any]], list[NDArray[np.int32]]]:
    told, known = columns.reports, columns.articles
    here = mask[told.practice]
    practice, article = told.practice[here], told.article[here]
    names, part = np.unique(np.array(_names(columns, by, practice, article, region), dtype=object), return_inverse=True)
    members = np.split(np.argsort(part, kind="stable"), np.cumsum(np.bincount(part, minlength=len(names))))
    copies = np.bincount(_origins(known.repost_of)[known.repost_of >= 0], minlength=len(known.iri))
    found: list[tuple[dict[str, Any], NDArray[np.int32]]] = []
    for name, at in zip(names.tolist(), members, strict=False):  # what is left after the last cut is empty
        articles = distinct(article[at])
        days, source = known.published[articles], known.source[0][articles]
        days = days[~np.isnat(days)]
        found.append(
            (
                {
                    "part": name,
                    "practices": len(distinct(practice[at])),
                    "articles": len(articles),
                    "reposts": int(copies[articles].sum()),
                    "sources": len(distinct(source[source >= 0])),
                    "first": str(days.min()) if len(days) else None,
                    "last": str(days.max()) if len(days) else None,
                },
                articles,
            )
        )
    if by != "year":  # years are in their order already, "unknown" after them
        found.sort(key=lambda row: (-row[0]["articles"], -row[0]["practices"], row[0]["part"]))
    return [row for row, _ in found], [articles for _, articles in found]


def _names(
    columns: Columns,
    by: str,
    practice: NDArray[np.int32],
    article: NDArray[np.int32],
    region: NDArray[np.int32],
) -> list[str]:
    if by == "region":
        paths = {at: columns.regions.path(at) or "unknown" for at in set(region[practice].tolist())}
        return [paths[at] for at in region[practice].tolist()]
    if by == "source":
        return [name or "unknown" for name in columns.articles.publisher.take(article.tolist())]
    days = columns.articles.published[article]
    return ["unknown" if np.isnat(day) else str(day)[:4] for day in days]


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    names = ("part", "practices", "articles", "reposts", "sources", "first", "last", "share")
    return pd.DataFrame(rows, columns=list(names))
