"""The names of things: IRIs derived from what they stand for, so that the same input gives the same names."""

from __future__ import annotations

import hashlib

__all__ = ["BASE", "GP", "VOCABULARY", "derived_iri"]

BASE = "https://practice-graph.example/"
"""Default base of all IRIs of the product; the graph station puts the user's own in its place when it writes."""

GP = BASE + "ontology#"
"""Namespace of the ontology's terms (prefix ``gp:``)."""

VOCABULARY = BASE + "vocab/"
"""The concept schemes: ``vocab/<scheme>`` and ``vocab/<kind>/<concept>``."""


def derived_iri(kind: str, *parts: str | int | None) -> str:
    """The IRI of a thing of this kind that ``parts`` identify (the same parts, the same IRI).

    The last part of the path is the first 20 hexadecimal digits of a SHA-256 over the parts.

    >>> derived_iri("practice", "双福街道", "福课堂") == derived_iri("practice", "双福街道", "福课堂")
    True
    >>> derived_iri("practice", "双福街道", "福课堂").startswith("https://practice-graph.example/practice/")
    True
    """
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return f"{BASE}{kind}/{hashlib.sha256(joined.encode('utf-8')).hexdigest()[:20]}"
