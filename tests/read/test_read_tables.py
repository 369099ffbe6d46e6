"""Damaged and careless tables: nothing is cut or joined in silence."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from read_samples import BODY, FIRST, SECOND, THIRD, TITLE

from kg.errors import InputError, UsageError
from kg.model.article import Article
from kg.read import ReadFailure, read_articles

Sheets = dict[str, list[Sequence[str | None]]]
HEAD = ("标题", "正文", "来源")


def csv_file(folder: Path, *lines: str) -> Path:
    path = folder / "t.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def xlsx_file(folder: Path, sheets: Sheets, damage: dict[bytes, bytes] | None = None) -> Path:
    """A workbook; ``damage`` replaces bytes in its first sheet."""
    import openpyxl

    book, out, path = openpyxl.Workbook(), io.BytesIO(), folder / "t.xlsx"
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(out)
    with zipfile.ZipFile(out) as archive, zipfile.ZipFile(path, "w") as changed:
        for name in archive.namelist():
            data = archive.read(name)
            if name.endswith("sheet1.xml"):
                for old, new in (damage or {}).items():
                    assert re.search(old, data)
                    data = re.sub(old, new, data, count=1)
            changed.writestr(name, data)
    return path


def read(path: Path) -> list[str]:
    """File and text of the articles, and the messages, which are one line each, of failures, without the folder."""
    found = []
    for one in read_articles([path]):
        if isinstance(one, Article):
            found.append(f"{one.file} {one.text}")
        else:
            assert "\n" not in str(one.error)
            found.append(f"{one.file} !{str(one.error).removeprefix(str(path.parent)).lstrip('/')}")
    return found


def errors(path: Path) -> list[Exception]:
    return [one.error for one in read_articles([path]) if isinstance(one, ReadFailure)]


def test_a_damaged_sheet_ends_with_a_failure_and_the_others_go_on(tmp_path: Path) -> None:
    rows = [HEAD, *((TITLE, text, "青禾发布") for text in BODY)]
    xlsx_file(tmp_path, {"一": rows}, {rb'<row r="4"': rb'<row r="4'})
    (tmp_path / "u.txt").write_text(f"{TITLE}\n{FIRST}", encoding="utf-8")
    found = list(read_articles([tmp_path]))
    assert [(one.file, type(one).__name__) for one in found] == [
        ("t.xlsx#1", "Article"),
        ("t.xlsx#2", "Article"),
        ("t.xlsx", "ReadFailure"),
        ("u.txt", "Article"),
    ]
    (error,) = errors(tmp_path / "t.xlsx")
    assert isinstance(error, InputError)
    assert error.where == str(tmp_path / "t.xlsx")
    assert re.search(
        r"t\.xlsx: a broken xlsx \(.+\), the rows from 3 on are not read; open and save it anew", str(error)
    )


def test_a_quotation_mark_that_is_never_closed_is_told(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,正文,来源", f"甲,{FIRST},报", f'乙,"{SECOND},报', f"丙,{THIRD},报")
    assert read(path) == [
        f"t.csv#1 甲\n{FIRST}",
        "t.csv !t.csv: the quotation mark opened in line 3 is not closed in its cell, and the rows from there on are "
        'not read; close it, and write "" for one within a cell',
    ]


def test_rows_are_not_joined_at_the_next_quotation_mark(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,正文", f'甲,"{FIRST}', f'乙,"{SECOND}"', f"丙,{THIRD}")
    (only,) = read(path)
    assert "opened in line 2 is not closed" in only


def test_a_stray_quotation_mark_within_a_line_fails_that_row_alone(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,正文", '甲,"夜校"开课了。', f'乙,"{SECOND}\n{THIRD}"', f'丙,他说"好"。{FIRST}')
    first, second, third = read(path)
    assert first.startswith("t.csv#1 !t.csv#1: line 2 cannot be split into cells")
    assert second == f"t.csv#2 乙\n{SECOND}\n{THIRD}"
    assert third == f't.csv#3 丙\n他说"好"。{FIRST}'


def test_a_heading_that_is_not_closed_is_a_failure(tmp_path: Path) -> None:
    (error,) = errors(csv_file(tmp_path, '标题,"正文', f"甲,{FIRST}"))
    assert "opened in line 1" in str(error)


def test_a_heading_may_have_two_lines(tmp_path: Path) -> None:
    assert read(csv_file(tmp_path, '"标\n题",正文', f"甲,{FIRST}")) == [f"t.csv#1 {FIRST}"]


def test_more_cells_than_headings_fail_that_row(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "标题,正文,,", f"甲,{FIRST}, ,,,", "乙,夜校开课了,居民都来听课。", f"丙,{THIRD}")
    assert read(path) == [
        f"t.csv#1 甲\n{FIRST}",
        "t.csv#2 !t.csv#2: row 2 has 3 cells, and there are 2 headings; put a cell that holds the delimiter in "
        "quotation marks",
        f"t.csv#3 丙\n{THIRD}",
    ]


TWICE: list[Sequence[str]] = [
    ("标题", "正文", "正文 ", "备注", "备注"),
    ("甲", FIRST, "", "一", "二"),
    ("乙", "", SECOND, "", ""),
    ("丙", THIRD, THIRD, "", ""),
    ("丁", FIRST, SECOND, "", ""),
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_of_two_columns_of_one_heading_the_filled_cell_counts(tmp_path: Path, kind: str) -> None:
    lines = (",".join(row) for row in TWICE)
    path = csv_file(tmp_path, *lines) if kind == "csv" else xlsx_file(tmp_path, {"一": list(TWICE)})
    assert read(path) == [
        f"t.{kind}#1 甲\n{FIRST}",
        f"t.{kind}#2 乙\n{SECOND}",
        f"t.{kind}#3 丙\n{THIRD}",
        f"t.{kind}#4 !t.{kind}#4: row 4 has different cells under the heading '正文', which stands there more than "
        "once; give each column a heading of its own",
    ]


def test_a_note_beside_the_table_does_no_harm_in_a_workbook(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, {"一": [("标题", "正文"), ("甲", FIRST, None, "待核")]})
    assert read(path) == [f"t.xlsx#1 甲\n{FIRST}"]


def test_the_first_sheet_with_headings_is_read(tmp_path: Path) -> None:
    data: list[Sequence[str | None]] = [(), HEAD, (TITLE, FIRST, "青禾发布")]
    assert read(xlsx_file(tmp_path, {"空": [], "数据": data})) == [f"t.xlsx#1 {TITLE}\n{FIRST}"]
    cover: list[Sequence[str | None]] = [("本表说明",), ("由青禾县整理",)]
    assert read(xlsx_file(tmp_path, {"说明": cover, "数据": data})) == [f"t.xlsx#1 {TITLE}\n{FIRST}"]


def test_the_sheet_is_named_where_there_are_several(tmp_path: Path) -> None:
    (error,) = errors(xlsx_file(tmp_path, {"空": [], "统计": [("村", "人次")], "附": [("页",)]}))
    assert isinstance(error, UsageError)
    assert "t.xlsx, sheet 统计: no column that holds the text; there are: 村, 人次" in str(error)
    (error,) = errors(xlsx_file(tmp_path, {"空": [], "附": []}))
    assert "t.xlsx: no sheet has a heading row" in str(error)


def test_a_sheet_that_states_too_small_a_size_is_read_whole(tmp_path: Path) -> None:
    rows: list[Sequence[str | None]] = [HEAD, (TITLE, FIRST, "青禾发布")]
    path = xlsx_file(tmp_path, {"一": rows}, {rb'<dimension ref="[^"]+"': rb'<dimension ref="A1"'})
    assert read(path) == [f"t.xlsx#1 {TITLE}\n{FIRST}"]


def test_html_in_a_cell_is_read_as_its_words(tmp_path: Path) -> None:
    text = f"<p>&nbsp;{FIRST}</p><p style='color:red'>{SECOND}</p><script>var a = 1;</script><p>（责任编辑：李某）</p>"
    row = {"title": TITLE, "content": text, "pubtime": "1649731200000"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    [article] = [one for one in read_articles([tmp_path / "a.jsonl"]) if isinstance(one, Article)]
    assert article.text == f"{TITLE}\n{FIRST}\n{SECOND}" and article.published == "2022-04-12"
    at = article.text.index(SECOND)
    source = article.source(at, at + len(SECOND))
    assert source.unit == "row" and text[source.start : source.end] == SECOND


def test_a_day_that_is_not_understood_is_told(tmp_path: Path) -> None:
    row = {"title": TITLE, "content": FIRST + SECOND, "pubtime": "上个星期"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    [article] = [one for one in read_articles([tmp_path / "a.jsonl"]) if isinstance(one, Article)]
    assert article.published is None
    assert "the day of publication was not understood: 上个星期" in article.notes


def test_headings_may_stand_below_a_title_and_further_sheets_are_told(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for name in ("1月", "2月", "说明"):
        sheet = book.create_sheet(name)
        sheet.append(["社区稿件汇总表"])
        if name != "说明":
            sheet.append(["标题", "正文", "日期"])
            sheet.append([f"{TITLE}{name}", FIRST, 44651])
    del book["Sheet"]
    book.save(tmp_path / "a.xlsx")
    article, failed = read_articles([tmp_path / "a.xlsx"])
    assert isinstance(article, Article) and (article.title, article.published) == (f"{TITLE}1月", "2022-03-31")
    assert isinstance(failed, ReadFailure) and "sheet 2月" in str(failed.error) and "not read" in str(failed.error)
