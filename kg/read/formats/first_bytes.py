"""The format of what comes without a file name: told by its first bytes."""

from __future__ import annotations

import re

from kg.read.lines.rules import metadata_words

__all__ = ["format_by_first_bytes"]

_HEAD = 512
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<head", b"<body", b"<div", b"<p>")


def format_by_first_bytes(data: bytes) -> str:
    """The name of a format: jsonl, html, pdf or csv; txt for all else.

    >>> format_by_first_bytes("标题,日期,正文".encode("gb18030")), format_by_first_bytes("标题，日期".encode())
    ('csv', 'txt')
    """
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{"):
        return "jsonl"
    if head.lower().startswith(_MARKUP):
        return "html"
    if head.lower().startswith(b"%pdf"):
        return "pdf"
    return "csv" if _names_columns(head.splitlines()[0] if head else b"") else "txt"


def _names_columns(line: bytes) -> bool:
    """Whether a line is a heading row: of several cells one names the text, or two name anything of an article."""
    columns = metadata_words()["columns"]
    every = {name for names in columns.values() for name in names}
    for encoding in ("utf-8", "gb18030"):
        cells = [cell.strip(' "').lower() for cell in re.split("[,;\t]", line.decode(encoding, "replace"))]
        known = every.intersection(cells)
        if len(cells) > 1 and (len(known) > 1 or not known.isdisjoint(columns["text"])):
            return True
    return False
