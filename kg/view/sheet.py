"""The table as an Excel workbook, byte for byte the same for the same graph."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

from kg.view.graph import PracticeGraph
from kg.view.table import columns, table_rows

__all__ = ["table_xlsx"]

LONGEST_CELL = 32_767
"""Characters that Excel allows in a cell."""
EPOCH = datetime(2000, 1, 1)
"""Time in the file: that of the export would make each file another."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def table_xlsx(graph: PracticeGraph, *, language: str = "zh") -> bytes:
    """One sheet: frozen heading and programme, filters, column widths, wrapped text; no cell is a formula."""
    from openpyxl import Workbook  # slow to import
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    chosen = columns(language)
    book = Workbook()
    sheet = book.active
    sheet.title = "实践" if language == "zh" else "Practices"
    sheet.append([column.heading for column in chosen])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE8E4DA")
        cell.alignment = Alignment(vertical="center")
    wrapped = Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate(table_rows(graph, language), start=2):
        for position, column in enumerate(chosen, start=1):
            text = _FORBIDDEN.sub("\ufffd", row[column.id])
            cell = sheet.cell(number, position)
            cell.value = text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
            # openpyxl takes text that begins with = for a formula.
            cell.data_type = "s"
            cell.alignment = wrapped
    for position, column in enumerate(chosen, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = column.width
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
    book.properties.creator = "practice-graph"
    book.properties.created = EPOCH
    written = io.BytesIO()
    book.save(written)
    return _timeless(written.getvalue())


def _timeless(workbook: bytes) -> bytes:
    """The same workbook without the times that saving put into it and into its archive."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                stamp = EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode("ascii")
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            entry = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return fixed.getvalue()
