"""Articles and records as HTML fragments, for notebooks; every word of the article is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.model.article import Article
    from kg.model.record import ArticleRecord, Practice

__all__ = ["LABELS", "article_html", "record_html"]

LABELS = {
    "programme": "项目",
    "region": "地区",
    "formats": "形式",
    "audiences": "对象",
    "topics": "主题",
    "organisers": "主办方",
    "partners": "协作方",
    "venues": "场所",
    "channels": "渠道",
    "outcomes": "成效",
    "dates": "时间",
}
"""Slot → its name for a reader, in the order of the record."""
_COLUMNS = {slot: label for slot, label in LABELS.items() if slot not in ("programme", "region")}
_CELL = '<td style="text-align:left;vertical-align:top;white-space:normal">{}</td>'


def article_html(article: Article) -> str:
    """Title, publisher, author, date, the notes of reading, and the clean text."""
    head = _head(article.title, article.file, article.publisher, article.author, article.published)
    text = article.text
    if article.title_span:  # it stands above already
        text = (text[: article.title_span[0]] + text[article.title_span[1] :]).strip()
    notes = "".join(f"<li>{escape(note)}</li>" for note in article.notes)
    return (
        f'{head}<div style="white-space:pre-wrap;max-width:60em;line-height:1.8">{escape(text)}</div>'
        f'<ul style="color:#888">{notes}</ul>'
    )


def record_html(record: ArticleRecord) -> str:
    """A row a practice with the words of its slots; a place with its path, a figure as number and unit."""
    head = _head(record.title, record.file, record.publisher, record.author, record.published)
    if not record.practices:
        return f"{head}<p>没有读出实践</p>"
    used = [slot for slot in _COLUMNS if any(getattr(practice, slot) for practice in record.practices)]
    titles = ["", "项目", "地区", *(_COLUMNS[slot] for slot in used)]
    heading = "".join(f'<th style="text-align:left">{title}</th>' for title in titles)
    rows = "".join(f"<tr>{_cells(record, practice, used)}</tr>" for practice in record.practices)
    return f"{head}<table><thead><tr>{heading}</tr></thead><tbody>{rows}</tbody></table>"


def _head(title: str | None, *rest: str | None) -> str:
    beside = " · ".join(escape(part) for part in rest if part)
    return f'<p><b>{escape(title or "（无标题）")}</b><br><span style="color:#888">{beside}</span></p>'


def _cells(record: ArticleRecord, practice: Practice, used: Iterable[str]) -> str:
    notes = [note for note, holds in (("未命名", not practice.named), ("计划中", practice.planned)) if holds]
    name = practice.programme.text + (f"（{'，'.join(notes)}）" if notes else "")
    place = practice.region.text if practice.region else ""
    region = record.region_of(practice.region) if practice.region else None
    cells = [practice.id, name, "".join(region.path) if region and region.path else place]
    for slot in used:
        if slot == "outcomes":
            said = [
                f"{'' if each.comparator == '=' else each.comparator}{each.value:,.12g} {each.unit}"
                for each in practice.outcomes
            ]
        else:
            said = [each.text for each in getattr(practice, slot)]
        cells.append("、".join(dict.fromkeys(said)))
    return "".join(_CELL.format(escape(cell)) for cell in cells)
