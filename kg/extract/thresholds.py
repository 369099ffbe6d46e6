"""The least score at which a phrase is taken for a type."""

from __future__ import annotations

__all__ = ["THRESHOLDS"]

THRESHOLDS = {
    "named": 0.25, "unnamed": 0.05, "region": 0.12, "formats": 0.20, "audiences": 0.20, "topics": 0.20,
    "organisers": 0.30, "partners": 0.15, "venues": 0.20, "channels": 0.15, "outcomes": 0.30, "planned": 0.30,
}  # fmt: skip
"""Where the score on unseen articles was best (cross-validation by article, ``python -m kg.train``)."""
