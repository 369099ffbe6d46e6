"""The card's own table: district → programme → format → audience → outcome, a row a practice with its sentences."""

from __future__ import annotations

import codecs
import csv
import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import chain

from kg.errors import UsageError
from kg.query.levels import LEVELS
from kg.view.graph import ArticleNote, PracticeGraph, PracticeView, RegionStep, Statement

__all__ = [
    "SEPARATOR",
    "Column",
    "columns",
    "csv_bytes",
    "csv_pieces",
    "harmless",
    "statement_rows",
    "table_csv",
    "table_rows",
    "values_csv",
]

SEPARATOR = "；"
"""Between several values of one cell; values never contain it (extraction ends a phrase there)."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins so is a formula to some spreadsheet (OWASP, CSV injection; the full-width signs in Excel too)."""
CHARACTERS_A_PIECE = 1_000_000
STATEMENT_COLUMNS = (
    "practice", "programme", "place", "province", "slot", "text", "label", "concept", "candidate", "value", "unit",
    "comparator", "what", "modality", "iso", "role", "inferred", "rule", "confidence", "sentence",
    "sentence_start", "sentence_end", "start", "end", "article", "file", "title", "publisher", "published", "also_in",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of the table; ``width`` in characters, for sheets."""

    id: str
    heading: str
    width: int


def columns(language: str = "zh") -> tuple[Column, ...]:
    """The table's columns with their headings in ``zh`` or ``en``. Raises UsageError for another language."""
    if language not in _OWN_WORDS:
        raise UsageError(f"no headings in {language!r}", where="language", remedy="use zh or en")
    rows = tomllib.loads(files("kg.view").joinpath("columns.toml").read_text(encoding="utf-8"))["table"]
    return tuple(Column(row["id"], row[language], row["width"]) for row in rows)


@dataclass(frozen=True)
class _OwnWords:
    """Those of the table itself."""

    yes: str
    """Of a planned practice."""
    repost: str
    """Behind an article that is no second witness."""
    modalities: Mapping[object, str]
    """Behind a figure that was not achieved."""


_OWN_WORDS = {
    "zh": _OwnWords("是", "（转载）", {"planned": "（计划）", "quoted": "（转述）"}),
    "en": _OwnWords("yes", " (repost)", {"planned": " (planned)", "quoted": " (quoted)"}),
}


def table_rows(graph: PracticeGraph, language: str = "zh") -> Iterator[dict[str, str]]:
    """One row a practice, column id → text, in the order of the administrative path."""
    for practice in graph.practices:
        yield _row(graph, practice, _OWN_WORDS[language])


def _row(graph: PracticeGraph, practice: PracticeView, own: _OwnWords) -> dict[str, str]:
    row = {
        "district": practice.place,
        "programme": practice.name,
        "sentences": "\n".join(dict.fromkeys(item.sentence for said in practice.statements for item in said.evidence)),
        "articles": "\n".join(_cited(graph.article_by_id[key], own.repost) for key in practice.articles),
        "planned": own.yes if practice.planned else "",
        "practice": practice.id,
    }
    parent = graph.practice_by_id.get(practice.part_of or "")
    row["part_of"] = parent.name if parent else ""
    for slot in ("formats", "audiences", "topics", "organisers", "partners", "venues", "channels", "outcomes", "dates"):
        row[slot] = SEPARATOR.join(dict.fromkeys(_worded(item, own) for item in practice.slot(slot)))
    row |= {level: "" for level in LEVELS}
    for depth, step in enumerate(_on_the_tree(practice)):
        # A development zone stands in the county's place.
        level = step.level if step.level in LEVELS else LEVELS[min(depth, 4)] if step.level != "zone" else "county"
        row[level] = step.name
    row["code"] = (practice.path[-1].code or "") if practice.path else ""
    return row


def _on_the_tree(practice: PracticeView) -> tuple[RegionStep, ...]:
    """The levels of its place; none where resolution left the place open: that is a name, of whatever level."""
    return tuple(step for step in practice.path if step.level != "unresolved")


def _worded(statement: Statement, own: _OwnWords) -> str:
    """The article's words; behind them the concept's label where it differs, a date's value, what a figure is but achieved."""
    if statement.slot == "outcomes":
        return statement.text + own.modalities.get(statement.detail.get("modality"), "")
    other = str(statement.detail.get("iso", "")) if statement.slot == "dates" else statement.label
    return f"{statement.text}（{other}）" if other and other != statement.text else statement.text


def _cited(article: ArticleNote, repost: str) -> str:
    told = " · ".join(part for part in (article.title, article.publisher, article.published, article.file) if part)
    return f"{told}{repost}" if article.duplicate_of else told


def statement_rows(graph: PracticeGraph) -> Iterator[dict[str, str]]:
    """One row for each piece of evidence of each value: the long form, for statistics programs."""
    for practice in graph.practices:
        for statement in practice.statements:
            for item in statement.evidence:
                article = graph.article_by_id[item.articles[0]]
                row: dict[str, object] = {
                    "practice": practice.id,
                    "programme": practice.name,
                    "place": practice.place,
                    "province": next((step.name for step in _on_the_tree(practice)), ""),
                    "slot": statement.slot,
                    "text": item.words,
                    "label": statement.label,
                    "concept": statement.concept,
                    "candidate": statement.candidate,
                    **statement.detail,
                    "inferred": item.inferred,
                    "rule": item.rule,
                    "confidence": item.confidence,
                    "sentence": item.sentence,
                    "sentence_start": item.sentence_start,
                    "sentence_end": item.sentence_end,
                    "start": item.start,
                    "end": item.end,
                    "article": article.id,
                    "file": article.file,
                    "title": article.title,
                    "publisher": article.publisher,
                    "published": article.published,
                    "also_in": SEPARATOR.join(graph.article_by_id[key].file for key in item.articles[1:]),
                }
                yield {name: _plain(row.get(name)) for name in STATEMENT_COLUMNS}


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value)


def harmless(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would take it for a formula; a sign alone is none.

    >>> harmless("=1+1"), harmless("="), harmless("集中授课")
    ("'=1+1", '=', '集中授课')
    """
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) and len(cell) > 1 else cell


def csv_bytes(
    heading: Sequence[str], rows: Iterable[Sequence[str]], *, bom: bool = False, quoted: bool = False
) -> bytes:
    """CSV after RFC 4180 in UTF-8, cells harmless; ``bom`` for Excel, which else guesses another encoding.

    ``quoted`` puts every cell in quotation marks: then no reader takes what a cell holds for a comment.
    """
    start = codecs.BOM_UTF8 if bom else b""
    return start + b"".join(csv_pieces(heading, rows, quoted=quoted))


def csv_pieces(heading: Sequence[str], rows: Iterable[Sequence[str]], *, quoted: bool = False) -> Iterator[bytes]:
    """The same piece by piece, so that it may be larger than memory."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    for row in chain([heading], rows):
        writer.writerow([harmless(cell) for cell in row])
        if text.tell() > CHARACTERS_A_PIECE:
            yield text.getvalue().encode("utf-8", "replace")
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode("utf-8", "replace")


def table_csv(graph: PracticeGraph, *, language: str = "zh", bom: bool = False) -> bytes:
    """The table as CSV."""
    chosen = columns(language)
    rows = ([row[column.id] for column in chosen] for row in table_rows(graph, language))
    return csv_bytes([column.heading for column in chosen], rows, bom=bom)


def values_csv(graph: PracticeGraph, *, bom: bool = False) -> bytes:
    """Every value with its evidence as CSV; headings are the record's own field names."""
    rows = ([row[name] for name in STATEMENT_COLUMNS] for row in statement_rows(graph))
    return csv_bytes(STATEMENT_COLUMNS, rows, bom=bom)
