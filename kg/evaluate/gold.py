"""Files of records, gold or predicted, as plain objects: what the scorer and the gold's check read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from kg.errors import UsageError
from kg.read.given import read_given

__all__ = ["PlainRecord", "by_file", "load_gold"]

PlainRecord = dict[str, Any]
"""One article's record as JSON has it; slot values are strings, or objects with ``text``."""


def load_gold(path: Path) -> list[PlainRecord]:
    """The articles of a file of records, one object a line; ``-`` is standard input.

    Raises UsageError where there is no such file, or a line is no record.
    """
    try:
        data, where = read_given(path)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError("no such file of records", where=str(path), remedy="check the path") from error
    except UnicodeDecodeError as error:
        raise UsageError("not UTF-8", where=str(path), remedy="write JSON Lines in UTF-8") from error
    rows = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UsageError("not JSON", where=f"{where}, line {number}", remedy="write one object a line") from error
        if not isinstance(row, dict) or not isinstance(row.get("file"), str):
            raise UsageError('no "file"', where=f"{where}, line {number}", remedy="name the article's file")
        rows.append(row)
    return rows


def by_file(rows: Iterable[PlainRecord], where: str) -> dict[str, PlainRecord]:
    """Records by the base name of their article, in their order; raises UsageError where one stands twice."""
    found: dict[str, PlainRecord] = {}
    for row in rows:
        name = PurePosixPath(row["file"].replace("\\", "/")).name
        if name in found:
            raise UsageError(f"{name} stands twice", where=where, remedy="keep one record an article")
        found[name] = row
    return found
