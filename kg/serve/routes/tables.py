"""Tables to take away: CSV with a caption, the query behind it and a line to cite, cells that no program runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fastapi import Request
from starlette.responses import Response

from kg.query.phrases import many
from kg.serve.answers import PracticePage
from kg.serve.citation import graph_line
from kg.serve.finding.filters import Filters, selected
from kg.serve.opened.catalogue import FEATURES
from kg.serve.opened.store import ServedStore
from kg.view.table import csv_bytes

__all__ = ["FOUND", "PRACTICE", "csv_answer", "cut_off", "found_rows", "practice_rows"]

SEPARATOR = "；"
MOST_ROWS = 200_000


def csv_answer(
    store: ServedStore,
    request: Request,
    caption: str,
    heading: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    remark: str = "",
) -> Response:
    """A table as a download; three lines that begin with # come before it (pandas: ``skiprows=3``).

    ``remark`` says what the table leaves out: it stands behind the caption, and the header ``x-truncated`` says so.
    """
    notes = (
        f"{caption}; {remark}" if remark else caption,
        f"query: {request.url.path}{'?' if request.url.query else ''}{request.url.query}",
        graph_line(store),
    )
    head = "".join(f"# {' '.join(note.split())}\r\n" for note in notes)
    body = csv_bytes(heading, ([_plain(cell) for cell in row] for row in rows), quoted=True)
    name = request.url.path.rsplit("/", 1)[-1]
    return Response(
        # The mark by which spreadsheets know UTF-8.
        b"\xef\xbb\xbf" + head.encode("utf-8", "replace") + body,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'} | ({"x-truncated": "true"} if remark else {}),
    )


def cut_off(rows: int) -> str:
    """The remark on a table that has more rows than these."""
    return f"cut off after {many(rows, 'row')}: ask for less"


FOUND = (
    "practice",
    "label",
    "place",
    "first_day",
    "planned",
    "formats",
    "audiences",
    "topics",
    "articles",
    "confidence",
)


def found_rows(store: ServedStore, filters: Filters) -> tuple[list[list[object]], str]:
    """Practices that fit with what the filters leave of each, a row each, by place; and a remark if there are more.

    The columns are those of FOUND.
    """
    catalogue = store.catalogue
    columns = catalogue.limited(filters.min_confidence, filters.stated_only)
    mask = selected(store, filters)
    own: dict[str, dict[int, list[str]]] = {}
    for kind in FEATURES:
        facet = catalogue.facets[kind]
        of: dict[int, list[str]] = {}
        wanted = facet.own_fits(filters.min_confidence, filters.stated_only) & mask[facet.practice]
        for practice, value in zip(facet.practice[wanted].tolist(), facet.value[wanted].tolist(), strict=True):
            of.setdefault(practice, []).append(catalogue.things[kind][value].zh)
        own[kind] = of
    order = sorted(mask.nonzero()[0].tolist(), key=catalogue.ranks["place"].__getitem__)
    rows: list[list[object]] = []
    for number in order[:MOST_ROWS]:
        place = catalogue.place(number, columns)
        rows.append(
            [
                catalogue.columns.practice_iri[number],
                catalogue.labels[number],
                "".join(place.path) if place else "",
                catalogue.day(number),
                bool(catalogue.columns.practices.planned[number]),
                *(SEPARATOR.join(sorted(own[kind].get(number, []))) for kind in own),
                SEPARATOR.join(sorted(catalogue.files[a] for a in catalogue.articles_of(number))),
                f"{catalogue.columns.practices.confidence[number]:.4f}",
            ]
        )
    return rows, cut_off(len(rows)) if len(order) > len(rows) else ""


PRACTICE = (
    "slot", "text", "label", "value", "unit", "modality", "iso", "inferred", "sentence", "sentence_start", "sentence_end",
    "start", "end", "file", "rule", "confidence",
)  # fmt: skip


def practice_rows(page: PracticePage) -> list[list[object]]:
    """Every value of a practice with every sentence; columns as in PRACTICE."""
    return [
        [
            value.slot,
            proof.sentence[proof.sentence_start : proof.sentence_end],
            value.label,
            *(value.detail.get(name, "") for name in ("value", "unit", "modality", "iso")),
            proof.inferred,
            proof.sentence,
            proof.sentence_start,
            proof.sentence_end,
            proof.start,
            proof.end,
            proof.file,
            proof.rule,
            proof.confidence,
        ]
        for value in page.values
        for proof in value.evidence
    ]


def _plain(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return f"{cell:.12g}" if isinstance(cell, float) else str(cell)
