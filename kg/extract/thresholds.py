"""The least score at which a phrase is taken for a type."""

from __future__ import annotations

__all__ = ["THRESHOLDS"]

THRESHOLDS = {
    "named": 0.15, "unnamed": 0.03, "region": 0.04, "formats": 0.12, "audiences": 0.18, "topics": 0.15,
    "organisers": 0.20, "partners": 0.14, "venues": 0.20, "channels": 0.12, "outcomes": 0.35, "planned": 0.10,
}  # fmt: skip
"""Where the score on unseen articles was best (cross-validation by article, ``python -m kg.train``)."""
