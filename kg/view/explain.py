"""An article with its spans marked, and why each was taken: for a terminal and for a notebook or page."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import unquote

from kg.errors import printable
from kg.model import Article, ArticleRecord, DateValue, Outcome, Value
from kg.model.iri import VOCABULARY
from kg.model.shown import LABELS

__all__ = ["explain_html", "explain_text"]

COLOURS = {
    "programme": "#c2410c",
    "region": "#4a5568",
    "formats": "#0f766e",
    "audiences": "#1d4ed8",
    "topics": "#7e22ce",
    "organisers": "#a16207",
    "partners": "#854d0e",
    "venues": "#0369a1",
    "channels": "#0e7490",
    "outcomes": "#be185d",
    "dates": "#4d7c0f",
}
"""Slot → colour of its marks."""


@dataclass(frozen=True)
class _Mark:
    """One span of the text with all that was read from it (the same words may serve several practices)."""

    start: int
    end: int
    taken: tuple[tuple[str, str, Value], ...]
    """(practice id, slot, value)."""


def explain_text(article: Article | str, record: ArticleRecord) -> str:
    """The article with numbered brackets around its spans, then for each number what it is and why, as plain text.

    ``[集中授课]¹`` in the text, ``1 p1 formats 集中授课 · rule 0.97`` below. Raises ``ValueError`` where a span of the
    record does not equal its words in the text. ``article`` may be its clean text alone. Control characters are spaces.
    """
    text = article if isinstance(article, str) else article.text
    marks = _marks(text, record)
    opens: dict[int, list[int]] = {}
    closes: dict[int, list[int]] = {}
    for number, mark in enumerate(marks, 1):
        opens.setdefault(mark.start, []).append(number)
        closes.setdefault(mark.end, []).append(number)
    pieces = []
    last = 0
    for place in sorted({*opens, *closes}):
        pieces.append(text[last:place])
        # Inner spans close before outer ones, which were opened, and so numbered, first.
        pieces += [f"]{_raised(number)}" for number in sorted(closes.get(place, ()), reverse=True)]
        pieces.append("[" * len(opens.get(place, ())))
        last = place
    pieces.append(text[last:])
    lines = [f"{record.file}  {' · '.join(part for part in (record.publisher, record.published) if part)}".rstrip(), ""]
    lines += ["".join(pieces), ""]
    for number, mark in enumerate(marks, 1):
        for practice, slot, value in mark.taken:
            lines.append(f"{number:>3}  {practice:<4} {slot:<10} {value.text}{_meaning(value)}  · {_reason(value)}")
    lines += ["", *(f"note: {note}" for note in record.notes)] if record.notes else []
    return printable("\n".join(lines) + "\n", keep="\n")


def explain_html(article: Article | str, record: ArticleRecord) -> str:
    """The same as one HTML fragment: marked text and a table of reasons; every word of the article is escaped.

    Styles stand at the elements, so that it looks the same in a notebook. Raises ``ValueError`` as
    ``explain_text`` does.
    """
    text = article if isinstance(article, str) else article.text
    marks = _marks(text, record)
    head = " · ".join(part for part in (record.file, record.publisher, record.published) if part)
    rows = []
    for number, mark in enumerate(marks, 1):
        for practice, slot, value in mark.taken:
            cells = (
                str(number),
                practice,
                LABELS[slot],
                value.text + _meaning(value),
                value.rule,
                f"{value.confidence:.2f}",
                "推断" if value.inferred else "",
            )
            cell_style = "text-align:left;white-space:nowrap"
            rows.append(
                "<tr>" + "".join(f'<td style="{cell_style}">{html.escape(cell)}</td>' for cell in cells) + "</tr>"
            )
    headings = "".join(
        f'<th style="text-align:left;white-space:nowrap">{name}</th>'
        for name in ("#", "实践", "内容", "词语", "规则", "置信度", "")
    )
    body = "".join(_html_pieces(text, marks))
    return (
        '<div class="kg-explain" style="max-width:60em;line-height:2">'
        f'<p style="color:#666">{html.escape(head)}</p>'
        f'<div style="white-space:pre-wrap">{body}</div>'
        f'<details style="margin-top:1em"><summary>{len(rows)} 处标记的规则和置信度</summary>'
        f'<table style="font-size:90%;text-align:left;line-height:1.4"><thead><tr>{headings}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></details></div>"
    )


def _marks(text: str, record: ArticleRecord) -> list[_Mark]:
    taken: dict[tuple[int, int], list[tuple[str, str, Value]]] = {}
    for practice in record.practices:
        for slot, value in practice.values():
            if text[value.start : value.end] != value.text:
                raise ValueError(f"{record.file}: characters {value.start}–{value.end} are not {value.text!r}")
            taken.setdefault((value.start, value.end), []).append((practice.id, slot, value))
    # Outer spans first, so that inner ones lie within their marks.
    spans = sorted(taken, key=lambda span: (span[0], -span[1]))
    return [_Mark(start, end, tuple(taken[start, end])) for start, end in spans]


def _html_pieces(text: str, marks: list[_Mark]) -> Iterator[str]:
    cuts = sorted({0, len(text), *(mark.start for mark in marks), *(mark.end for mark in marks)})
    for start, end in pairwise(cuts):
        over = [(number, mark) for number, mark in enumerate(marks, 1) if mark.start <= start and end <= mark.end]
        words = html.escape(text[start:end])
        # Spans may cross; each piece is one element that names all spans over it, the innermost gives the colour.
        if over:
            inner = min(over, key=lambda item: item[1].end - item[1].start)[1]
            colour = COLOURS[inner.taken[0][1]]
            reasons = "; ".join(
                f"{practice} {LABELS[slot]} {_reason(value)}"
                for _, mark in over
                for practice, slot, value in mark.taken
            )
            ending = "".join(str(number) for number, mark in over if mark.end == end)
            raised = f'<sup style="color:{colour}">{ending}</sup>' if ending else ""
            yield (
                f'<mark style="background:{colour}22;color:inherit;border-bottom:2px solid {colour}" '
                f'title="{html.escape(reasons)}">{words}</mark>{raised}'
            )
        else:
            yield words


def _meaning(value: Value) -> str:
    if isinstance(value, Outcome):
        sign = "" if value.comparator == "=" else value.comparator
        return f" → {sign}{value.value:.12g} {value.unit}{f' {value.what}' if value.what else ''} ({value.modality})"
    if isinstance(value, DateValue) and value.iso:
        return f" → {value.iso} ({value.role})"
    return f" → {_concept(value)}" if value.concept else ""


def _concept(value: Value) -> str:
    """A concept of the schemes by the end of its IRI, as the Turtle files have it; a phrase that fits none says so."""
    if value.candidate:
        return "candidate concept"
    return unquote((value.concept or "").removeprefix(VOCABULARY))


def _reason(value: Value) -> str:
    return f"{value.rule} {value.confidence:.2f}{' inferred' if value.inferred else ''}"


def _raised(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
