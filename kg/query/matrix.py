"""How many practices of each region have each feature: the table behind a figure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from kg.query.columns import Columns
from kg.query.shared import shared_features

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["feature_matrix"]


def feature_matrix(
    columns: Columns,
    kind: str,
    *,
    level: str = "province",
    min_regions: int = 2,
    top: int | None = None,
    stated_only: bool = False,
    min_confidence: float = 0.0,
) -> pd.DataFrame:
    """Numbers of practices, a row a feature (label, the widest spread first), a column a region, integers.

    Rows are those of ``shared_features`` for this ``kind`` (format, audience or topic), at most ``top``; regions without
    any of them have no column, and the region with the most comes first. A practice with two concepts counts in two rows,
    and one with a narrower concept in the row of the broader one too.

    Raises UsageError as ``shared_features`` does.
    """
    import pandas as pd

    limits: dict[str, Any] = {"stated_only": stated_only, "min_confidence": min_confidence}
    found = shared_features(columns, level=level, min_regions=min_regions, features=[kind], **limits)[:top]
    places: dict[str, set[str]] = defaultdict(set)
    for said in columns.statements:
        kept = said.relation == "region" and said.confidence >= min_confidence
        if kept and not (stated_only and said.inferred) and (region := columns.region_at(said.value, level)):
            places[said.practice].add(region)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for feature in found:
        for practice in feature.practices:
            for region in places[practice]:
                counts[feature.features[0][1], region] += 1
    totals: dict[str, int] = defaultdict(int)
    for (_, region), count in counts.items():
        totals[region] += count
    order = sorted(totals, key=lambda region: (-totals[region], columns.regions.label(region)))
    rows = [feature.features[0][1] for feature in found]
    return pd.DataFrame(
        [[counts[row, region] for region in order] for row in rows],
        index=pd.Index([columns.concepts.label(row) for row in rows], name=kind),
        columns=pd.Index([columns.regions.label(region) for region in order], name=level),
        dtype=int,
    )
