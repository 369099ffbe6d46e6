"""Names of the program's own tokenizers: settings know them before there is anything to extract, and without spaCy."""

from __future__ import annotations

__all__ = ["OWN_TOKENIZERS"]

OWN_TOKENIZERS = ("lac", "pkuseg", "char")
"""Any other name is taken for an installed spaCy model."""
