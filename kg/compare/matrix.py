"""How many practices of each region have each feature: the table behind a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kg.compare.column_copy.columns import Columns
from kg.compare.shared import shared_features

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["feature_matrix"]


def feature_matrix(
    columns: Columns,
    feature: str,
    *,
    across: str = "province",
    min_regions: int = 2,
    min_articles: int = 2,
    top: int | None = None,
    exact: bool = False,
) -> pd.DataFrame:
    """Numbers of practices, a row a feature (label, the widest spread first), a column a region, integers.

    Rows are those of ``shared_features`` for this ``feature`` (format, audience, topic or organiser), at most ``top``; regions
    without any of them have no column, and the region with the most comes first. A practice with two concepts counts in two
    rows, and one with a narrower concept in the row of the broader one too (unless ``exact``).

    Raises UsageError as ``shared_features`` does.
    """
    import pandas as pd

    limits: dict[str, Any] = {"min_regions": min_regions, "min_articles": min_articles, "top": top, "exact": exact}
    found = shared_features(columns, across=across, features=[feature], **limits).frame
    region = columns.region_at(across)
    place = {iri: at for at, iri in enumerate(columns.practice_iri)}
    size = len(columns.regions)
    counts = [np.bincount(region[[place[iri] for iri in iris]], minlength=size) for iris in found["practice_iris"]]
    table = np.array(counts, dtype=np.int64).reshape(len(counts), size)
    totals = table.sum(axis=0)
    labels = columns.regions.told_apart(np.unique(region[region >= 0]).tolist())
    order = sorted(np.flatnonzero(totals).tolist(), key=lambda at: (-totals[at], labels[at], at))
    return pd.DataFrame(
        table[:, order],
        index=pd.Index(found["feature"], name=feature),
        columns=pd.Index([labels[at] for at in order], name=across),
        dtype=int,
    )
