"""One practice for a reader: what is said of it, slot by slot, each with the sentence that says it."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass

from kg.query.phrases import many
from kg.view.explain import COLOURS, LABELS
from kg.view.graph import Evidence, PracticeGraph, PracticeView, Statement

__all__ = ["PracticeCard"]


@dataclass(frozen=True)
class PracticeCard:
    """The practices of one name, one for each place that has it; shows itself in a notebook, and as text."""

    graph: PracticeGraph
    practices: tuple[PracticeView, ...]

    def __repr__(self) -> str:
        # Short, for a notebook keeps it beside the HTML.
        names = "、".join(dict.fromkeys(view.name for view in self.practices)) or "nothing"
        return f"<card of {names}, {many(len(self.practices), 'practice')}>"

    def _repr_html_(self) -> str:
        return "".join(self._html(view) for view in self.practices)

    def __str__(self) -> str:
        lines = []
        for view in self.practices:
            lines.append(_heading(view))
            for statement, item, cited in self._told(view):
                lines.append(f"  {LABELS[statement.slot]}  {_said(statement, item)}")
                lines.append(f"        {item.sentence.strip()}  （{cited}）")
        return "\n".join(lines) + "\n"

    def _told(self, view: PracticeView) -> Iterator[tuple[Statement, Evidence, str]]:
        for statement in view.statements:
            for item in statement.evidence:
                files = [self.graph.article_by_id[key] for key in item.articles]
                again = f"，另见 {'、'.join(note.file for note in files[1:])}" if files[1:] else ""
                cited = " ".join(part for part in (files[0].publisher, files[0].published, files[0].file) if part)
                yield statement, item, cited + again

    def _html(self, view: PracticeView) -> str:
        rows = []
        last = None
        for statement, item, cited in self._told(view):
            colour = COLOURS[statement.slot]
            label = LABELS[statement.slot] if statement.slot != last else ""
            last = statement.slot
            before, after = item.sentence[: item.sentence_start], item.sentence[item.sentence_end :]
            sentence = (
                f'{html.escape(before.lstrip())}<mark style="background:{colour}22;color:inherit;border-bottom:2px solid '
                f'{colour}" title="{html.escape(f"{item.rule} {item.confidence:.2f}")}">{html.escape(item.words)}</mark>'
                f"{html.escape(after.rstrip())}"
            )
            cells = (
                f'<b style="color:{colour};white-space:nowrap">{label}</b>',
                html.escape(_said(statement, item)),
                f'{sentence} <span style="color:#888">{html.escape(cited)}</span>',
            )
            style = "text-align:left;vertical-align:top;white-space:normal"
            rows.append("<tr>" + "".join(f'<td style="{style}">{cell}</td>' for cell in cells) + "</tr>")
        return (
            f'<h4 style="margin:1em 0 0">{html.escape(_heading(view))}</h4><table style="max-width:70em"><tbody>'
            f"{''.join(rows)}</tbody></table>"
        )


def _heading(view: PracticeView) -> str:
    notes = [note for note, holds in (("计划中", view.planned), ("原文未命名", not view.named)) if holds]
    return f"{view.name} · {view.place or '地点不明'}" + (f"（{'，'.join(notes)}）" if notes else "")


def _said(statement: Statement, item: Evidence) -> str:
    """The words of this witness, the concept where it is called otherwise, a figure as number and unit."""
    said = item.words
    detail = statement.detail
    if statement.slot == "outcomes":
        sign = "" if detail.get("comparator") == "=" else detail.get("comparator", "")
        said = f"{sign}{float(detail['value']):,.12g} {detail.get('unit', '')}{_modality(detail.get('modality'))}"
    elif statement.slot == "dates" and detail.get("iso"):
        said = f"{said} → {detail['iso']}"
    elif statement.label and statement.label != said:
        said = f"{said} → {statement.label}"
    return f"{said}（推断）" if item.inferred else said


def _modality(modality: object) -> str:
    return {"planned": "（计划）", "quoted": "（转述）"}.get(str(modality), "")
