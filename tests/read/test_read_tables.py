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
from kg.read.formats.documents import MAX_NODES, MAX_ROW_NODES, check_archive

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
    assert read(csv_file(tmp_path, '"标\n题",正文', f"甲,{FIRST}")) == [f"t.csv#1 甲\n{FIRST}"]


@pytest.mark.parametrize(
    "head",
    [
        ("Headline", "Full Text", "Publication", "Publication Date", "Byline", "URL"),
        ("标题（必填）", "内容*", "来源媒体", "发布 时间", "作者姓名", "文章链接"),
        ("\ufeff新闻标题", "新闻正文", "报纸名称", "刊发日期", "记者", "新闻链接"),
        ("文章标题", "正文\n内容", "公众号", "推送时间", "作者", "原文链接"),
    ],
)
def test_headings_as_programs_and_people_write_them(tmp_path: Path, head: tuple[str, ...]) -> None:
    row = (TITLE, FIRST, "青禾日报", "2024-05-06 09:30", "林小溪", "https://a.example/1.html")
    (article,) = read_articles([xlsx_file(tmp_path, {"一": [head, row]})])
    assert isinstance(article, Article)
    stated = (article.title, article.publisher, article.published, article.author, article.url)
    assert stated == (TITLE, "青禾日报", "2024-05-06", "林小溪", "https://a.example/1.html")
    assert article.text == f"{TITLE}\n{FIRST}"


def test_of_headings_that_differ_in_a_note_none_is_taken_for_the_plain_one(tmp_path: Path) -> None:
    with_notes = csv_file(tmp_path, "标题,正文（原文）,正文（节选）", f"甲,{FIRST},{SECOND}")
    (error,) = [one.error for one in read_articles([with_notes]) if isinstance(one, ReadFailure)]
    assert "no column that holds the text" in str(error)
    assert [one.text for one in read_articles([with_notes], text_column="正文（原文）") if isinstance(one, Article)]


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


def changed_part(path: Path, part: str, content: str) -> Path:
    """The same archive with this content in one part."""
    held = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(held) as archive, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in {*archive.namelist(), part}:
            changed.writestr(name, content if name == part else archive.read(name))
    return path


def sheet(*rows: str) -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{"".join(rows)}</sheetData></worksheet>'


def cell(place: str, words: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


def few_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundredth of the limits, for small files."""
    monkeypatch.setattr("kg.read.formats.documents.MAX_NODES", MAX_NODES // 100)
    monkeypatch.setattr("kg.read.formats.documents.MAX_ROW_NODES", MAX_ROW_NODES // 100)


TOP = f'<row r="1">{cell("A1", "标题")}{cell("B1", "正文")}</row>'


@pytest.mark.parametrize("number", [10_001, 2_000_000_000])
def test_a_row_beyond_the_last_ends_the_sheet(
    tmp_path: Path, number: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.read.formats.tables.MAX_ROWS", 10_000)
    path = xlsx_file(tmp_path, {"a": [HEAD]})
    last = f'<row r="{number}">{cell(f"B{number}", FIRST)}</row>'
    content = sheet(TOP, f'<row r="2">{cell("A2", TITLE)}{cell("B2", FIRST)}</row>', last)
    found = list(read_articles([changed_part(path, "xl/worksheets/sheet1.xml", content)]))
    assert isinstance(found[0], Article) and len(found) == 2
    assert isinstance(found[1], ReadFailure) and "more than 10,000 rows" in str(found[1].error)
    assert capsys.readouterr().err == ""


def test_rows_after_a_gap_and_cells_beyond_the_headings(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, {"a": [HEAD]})
    far = [f'<row r="{n}">{cell(f"XFD{n}", "x")}</row>' for n in range(3, 300)]
    content = sheet(TOP, *far, f'<row r="9000">{cell("B9000", FIRST)}{cell("XFD9000", "x")}</row>')
    (found,) = read_articles([changed_part(path, "xl/worksheets/sheet1.xml", content)])
    assert isinstance(found, Article) and found.file == "t.xlsx#8999"


def test_a_sheet_of_too_many_cells_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.read.formats.tables.MAX_CELLS", 50_000)
    path = xlsx_file(tmp_path, {"a": [HEAD]})
    top = TOP.replace("</row>", cell("XFD1", "x") + "</row>")
    content = sheet(top, *(f'<row r="{n}">{cell(f"B{n}", FIRST)}</row>' for n in range(2, 9)))
    found = list(read_articles([changed_part(path, "xl/worksheets/sheet1.xml", content)]))
    assert isinstance(found[-1], ReadFailure) and "50,000 cells" in str(found[-1].error) and len(found) < 7


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/styles.xml", "<styleSheet><cellXfs>" + "<xf/>" * 3_001 + "</cellXfs></styleSheet>"),
        ("xl/sharedStrings.xml", "<sst>" + "<si><t>a</t></si>" * 7_500 + "</sst>"),
        ("xl/worksheets/sheet1.xml", sheet("<row>" + "<c/>" * 10_001 + "</row>")),
        ("xl/worksheets/sheet1.xml", sheet("<row a='" + "=" * 10_001 + "'></row>", "<row></row>")),
    ],
)
def test_a_workbook_that_is_parsed_to_far_more_than_its_bytes_is_refused(
    tmp_path: Path, part: str, content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_nodes(monkeypatch)
    path = changed_part(xlsx_file(tmp_path, {"a": [HEAD, (TITLE, FIRST, "")]}), part, content)
    (found,) = read_articles([path])
    assert isinstance(found, ReadFailure) and "unpacks to more than 30,000 elements" in str(found.error)


def test_a_workbook_of_many_rows_is_let_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few_nodes(monkeypatch)
    path = xlsx_file(tmp_path, {"a": [HEAD]})
    content = sheet(TOP, '<row r="2"><c r="A2"/></row>' * 6_000)  # 36,000 elements and attributes
    check_archive(changed_part(path, "xl/worksheets/sheet1.xml", content).read_bytes(), "t.xlsx", "xlsx")


def test_an_id_does_not_steer_the_terminal(tmp_path: Path) -> None:
    rows = [{"text": FIRST, "id": "\x1b[31ma\u202e"}, {"text": SECOND, "id": "a\x07b"}, {"text": THIRD, "id": "a b"}]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert [one.file for one in read_articles([tmp_path])] == ["t.jsonl#[31ma", "t.jsonl#a b", "t.jsonl#3"]
