"""The codebook: what each field of a release means, how it is found, how often it is right."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from kg.release.measured import measurements, quality_table, table_line
from kg.release.template import filled

__all__ = ["codebook_markdown", "codebook_sections"]


@cache
def codebook_sections() -> tuple[dict[str, Any], ...]:
    """The sections of ``codebook.toml``, each with ``id``, ``file``, ``title``, ``about`` and its ``field`` list."""
    text = files("kg.release").joinpath("codebook.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["section"])


def codebook_markdown() -> str:
    """The codebook as Markdown, with the scores of ``quality/`` filled in."""
    return filled(
        "codebook.md",
        sets="; ".join(f"*{each.id}* ({each.title})" for each in measurements()),
        sections="\n".join(map(_section, codebook_sections())),
        table=quality_table(),
    )


def _section(section: dict[str, Any]) -> str:
    judged = any("rows" in field for field in section["field"])
    heading = ["field", "meaning", "how it is found", *(["how often it is right"] if judged else [])]
    lines = [table_line(heading), table_line(["---"] * len(heading))]
    for field in section["field"]:
        name = f"`{field['name']}`" + (f" {field['zh']}" if "zh" in field else "")
        cells = [name, field["meaning"], field.get("found", "")]
        lines.append(table_line([*cells, _right(field.get("rows", []))] if judged else cells))
    return "\n".join([f"## {section['title']}: `{section['file']}`", "", section["about"].strip(), "", *lines, ""])


def _right(rows: list[str]) -> str:
    """F1 of the rows in each measurement: 'value 0.86 sample, 0.78 unseen; link …'."""
    said = []
    for row in rows:
        scores = [f"{each.f1(row)} {each.id}" for each in measurements() if each.f1(row)]
        if scores:
            said.append(f"{'link' if row.startswith('link:') else 'value'} {', '.join(scores)}")
    return "; ".join(said)
