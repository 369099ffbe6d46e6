"""Which version of the program turns records into RDF: what tells graphs that it would write otherwise now."""

from __future__ import annotations

import hashlib
from importlib import resources

__all__ = ["mapping_hash"]

_MAPPING = (
    *(f"graph/rdf/{name}.py" for name in ("evidence", "mapping", "places", "sentences", "terms", "values")),
    *("knowledge/vocabulary/unit.ttl", "knowledge/vocabulary/venue-type.ttl", "model/iri.py", "model/record.py"),
)
"""Files of the program that decide which triples a record gives."""


def mapping_hash() -> str:
    """SHA-256 over what turns records into RDF."""
    digest = hashlib.sha256()
    for name in _MAPPING:
        digest.update(resources.files("kg").joinpath(*name.split("/")).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
