"""What a store or a release says: records, labels of concepts, and where they come from."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kg.errors import UsageError
from kg.graph.address import is_address, shown
from kg.graph.store.folder import StoreFolder
from kg.graph.validate import read_records
from kg.model import ArticleRecord
from kg.model.iri import BASE
from kg.read.given import STANDARD_INPUT
from kg.view import ConceptLabel, PracticeGraph, practice_graph
from kg.view.source import StoreSource

__all__ = ["CONCEPTS", "MANIFEST", "RECORDS", "Contents", "read_contents"]

RECORDS = "data/records.jsonl"
CONCEPTS = "data/concepts.csv"
MANIFEST = "release.json"
"""Where a release keeps its records, the labels of its concepts, and what it was packed with."""


@dataclass(frozen=True)
class Contents:
    """The records of all articles with their clean texts (None where they are not kept), and labels by concept IRI."""

    name: str
    """The path it was read from, as the user wrote it."""
    told: tuple[tuple[ArticleRecord, str | None], ...]
    labels: Mapping[str, ConceptLabel]

    @cached_property
    def graph(self) -> PracticeGraph:
        """The practice graph under the product's own base, so that stores of different bases can be compared."""
        return practice_graph(self.told, labels=self.labels)


def read_contents(path: str | os.PathLike[str]) -> Contents:
    """Read a store that ``kg build`` wrote, a release that ``kg release`` wrote, or a JSON Lines file of records
    (``-``: standard input).

    Raises
    ------
    UsageError : it is none of these, or a record in it is damaged.
    StoreError : it is a store without a finished generation, or of another version.
    """
    folder, name = Path(path), os.fspath(path)
    if is_address(name):
        raise UsageError(
            "an endpoint cannot be compared", where=shown(name), remedy="name the folder that kg build wrote"
        )
    if StoreFolder(folder).exists():
        source = StoreSource.at(folder)
        return Contents(name, tuple(source.all_told()), source.labels())
    records = folder / RECORDS if folder.is_dir() else folder
    if not records.is_file() and records != STANDARD_INPUT:
        raise UsageError(
            "neither a store nor a release nor a file of records",
            where=name,
            remedy="name the folder that kg build or kg release wrote",
        )
    labels = _labels(folder) if (folder / CONCEPTS).is_file() else {}
    return Contents(name, tuple((record, None) for record in read_records(records)), labels)


def _labels(folder: Path) -> dict[str, ConceptLabel]:
    """Labels by the concepts' IRIs in records, which are under the product's own base."""
    try:
        base = str(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["base"])
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(
            f"{MANIFEST} cannot be read: {error}", where=str(folder), remedy="take the release as it was packed"
        ) from error

    def own(iri: str) -> str:
        return BASE + iri[len(base) :] if iri.startswith(base) else iri

    with (folder / CONCEPTS).open(encoding="utf-8", newline="") as file:
        return {
            own(row["concept"]): ConceptLabel(row["zh"], row["en"] or None, own(row["broader"]) or None)
            for row in csv.DictReader(file)
            # A candidate has no label but its words, which the records have.
            if row.get("concept") and row.get("zh") and row.get("candidate") != "true"
        }
