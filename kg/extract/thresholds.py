"""The least score at which a phrase is taken for a type."""

from __future__ import annotations

__all__ = ["THRESHOLDS"]

THRESHOLDS = {
    "named": 0.20, "unnamed": 0.05, "region": 0.06, "formats": 0.12, "audiences": 0.18, "topics": 0.18,
    "organisers": 0.20, "partners": 0.14, "venues": 0.20, "channels": 0.12, "outcomes": 0.40, "planned": 0.10,
}  # fmt: skip
"""Near where the scores on the shared articles were best for a model that had seen none of them (``--own-only``)."""
