"""Paths, formats and bad input: a clear failure, and the others read."""

from __future__ import annotations

import io
import json
import random
import time
import zipfile
from pathlib import Path

import pytest
from read_samples import BODY, FIRST, SECOND, THIRD, TITLE, pdf

from kg.errors import InputError, UsageError
from kg.model.article import Article
from kg.read import ReadFailure, read_article, read_articles
from kg.read.formats.documents import check_archive

CLEAN = "\n".join([TITLE, *BODY])


def write(folder: Path, name: str, content: str | bytes = CLEAN) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def failure(path: Path | str, **options: str) -> Exception:
    (found,) = read_articles([path], **options)  # type: ignore[arg-type]
    assert isinstance(found, ReadFailure), found
    return found.error


def test_folders_patterns_and_files(tmp_path: Path) -> None:
    for name in ("b.txt", "sub/c.txt", "a.txt", ".hidden.txt", "~$a.docx", "picture.png", "sub/.git/d.txt"):
        write(tmp_path, name)
    skipped: list[tuple[str, str]] = []
    found = list(read_articles([tmp_path], on_skip=lambda path, why: skipped.append((path.name, why))))
    assert [a.file for a in found] == ["a.txt", "b.txt", "c.txt"]
    assert sorted(skipped) == [
        (".git", "hidden"),
        (".hidden.txt", "hidden"),
        ("picture.png", "unknown type"),
        ("~$a.docx", "hidden"),
    ]
    assert [a.file for a in read_articles([str(tmp_path / "*.txt"), tmp_path / "a.txt"])] == ["a.txt", "b.txt"]
    assert [a.file for a in read_articles([str(tmp_path / "**" / "c.txt")])] == ["c.txt"]


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path, "x/a.txt")
    write(tmp_path, "y/a.txt")
    assert [a.file for a in read_articles([tmp_path])] == ["a.txt", "y/a.txt"]


@pytest.mark.parametrize(
    "content",
    [
        CLEAN,
        f"<html><body><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>",
        json.dumps({"text": CLEAN}),
        f'\ufeff编号,正文\r\n,"{CLEAN}"\r\n',
    ],
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
    (article,) = read_articles(["-"])
    assert isinstance(article, Article)
    assert article.text == CLEAN
    assert article.file.startswith("stdin")


def test_standard_input_is_a_table_where_its_first_line_names_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(content: str, **options: str) -> list[str]:
        data = content.encode("gb18030")
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        return [one.file for one in read_articles(["-"], **options)]

    assert read(f'标题,来源,words\n甲,乙,"{CLEAN}"\n丙,丁,"{CLEAN}"\n', text_column="words") == ["stdin#1", "stdin#2"]
    assert read(f"标题，来源，正文\n{CLEAN}")[0].startswith("stdin-")
    assert read(f"正文\n{CLEAN}")[0].startswith("stdin-")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\n", "no text"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(200), "PNG"),
        ("noise.txt", random.Random(5).randbytes(3000), "binary"),
        ("word.txt", b"PK\x03\x04" + bytes(100), "docx"),
        ("line.txt", ("居民都来听课，" * 480_000).encode(), "at most 1,000,000"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"save it as \.docx"),
        ("what.xyz", b"x", "known are"),
        ("nosuffix", b"x", "without a suffix"),
        ("broken.docx", b"PK\x03\x04broken", "broken docx"),
        ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "password"),
        ("broken.xlsx", b"no zip at all", "broken xlsx"),
        ("broken.pdf", b"%PDF-1.4 broken", "broken PDF"),
        ("scan.pdf", pdf([[]]), "scanned"),
        ("broken.html", b"<p></p>", "no text"),
        ("empty.csv", b"", "empty"),
        ("empty.jsonl", b"", "empty"),
    ],
)
def test_bad_input(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = write(tmp_path, name, content)
    error = failure(path)
    assert isinstance(error, InputError)
    assert name in str(error)
    with pytest.raises(InputError, match=says):
        read_article(path)


def test_a_zip_without_a_document_is_no_docx(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("x", "y")
    assert "broken docx" in str(failure(tmp_path / "a.docx"))


def test_what_is_not_there(tmp_path: Path) -> None:
    assert isinstance(failure(tmp_path / "none.txt"), UsageError)
    assert isinstance(failure(str(tmp_path / "*.none")), UsageError)


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", b"")
    write(tmp_path, "b.txt")
    assert [type(one).__name__ for one in read_articles([tmp_path])] == ["ReadFailure", "Article"]


def test_a_long_line_takes_no_time(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", "居民都来听课（居民" * 100_000)
    begin = time.process_time()  # not by the clock: the machine may be busy
    assert len(read_article(path).text) == 900_000
    assert time.process_time() - begin < 20


def test_unbalanced_quotation_marks_are_fine(tmp_path: Path) -> None:
    text = f"{TITLE}\n来到“夜校的人很多，大家都说‘好。{FIRST}"
    assert read_article(write(tmp_path, "a.txt", text)).text == text


def test_a_word_file_of_empty_paragraphs_is_refused_and_one_of_1000_pages_is_not(tmp_path: Path) -> None:
    run = '<w:r w:rsidR="0"><w:rPr><w:rFonts w:ascii="a" w:cs="a"/><w:sz w:val="24"/></w:rPr><w:t>村</w:t></w:r>'
    paragraph = f'<w:p w:rsidR="0"><w:pPr><w:ind w:firstLine="480"/></w:pPr>{run * 3}</w:p>'
    for name, content in (("empty.docx", "<w:p/>" * 3_000_001), ("long.docx", paragraph * 30_000)):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", content)
    check_archive((tmp_path / "long.docx").read_bytes(), "long.docx", "docx")
    assert "unpacks to more than 3,000,000 elements" in str(failure(tmp_path / "empty.docx"))


def test_docx(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("松岭镇文件", style="Header")
    document.add_heading(TITLE, 0)
    document.add_paragraph("来源：青禾发布 2024-05-06")
    document.add_paragraph(FIRST)
    document.add_table(1, 2).rows[0].cells[0].text = SECOND
    document.add_paragraph(THIRD)
    document.save(str(tmp_path / "a.docx"))
    article = read_article(tmp_path / "a.docx")
    assert article.text == CLEAN
    assert (article.title, article.publisher, article.published) == (TITLE, "青禾发布", "2024-05-06")
    at = article.text.index("手把手")
    source = article.source(at, at + 3)
    assert (source.unit, source.index) == ("paragraph", 3)
    assert FIRST[source.start : source.end] == "手把手"


def test_every_cell_of_a_word_table_is_read_once(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    table = document.add_table(20, 5)
    for at, row in enumerate(table.rows):
        for number, cell in enumerate(row.cells):
            cell.text = f"第{at}行{number}格"
    table.cell(3, 1).merge(table.cell(3, 2))
    document.save(str(tmp_path / "a.docx"))
    text = read_article(tmp_path / "a.docx").text
    assert all(text.count(f"第{at}行{number}格") == 1 for at in range(20) for number in range(5))


def test_a_word_file_is_read_as_word_shows_it(tmp_path: Path) -> None:
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    def run(words: str, kind: str = "t") -> str:
        return f"<w:r><w:{kind}>{words}</w:{kind}></w:r>"

    document = docx.Document()
    document.add_paragraph(TITLE)
    changed = f"<w:ins>{run('请来22名')}</w:ins><w:del>{run('没有', 'delText')}</w:del>{run('老人')}"
    box = f"<w:pict><w:txbxContent><w:p>{run('食堂供餐120份。')}</w:p></w:txbxContent></w:pict>"
    control = f"<w:sdt><w:sdtContent><w:p>{run('志愿者送餐15次。')}</w:p></w:sdtContent></w:sdt>"
    for source in (f"<w:p>{run('社区')}{changed}</w:p>", f"<w:p><w:r>{box}</w:r></w:p>", control):
        document.element.body.insert(-1, parse_xml(source.replace(">", f" {nsdecls('w')}>", 1)))
    document.save(str(tmp_path / "a.docx"))
    lines = read_article(tmp_path / "a.docx").text.split("\n")
    assert lines == [TITLE, "社区请来22名老人", "食堂供餐120份。", "志愿者送餐15次。"]


def test_what_word_hides_is_not_read(tmp_path: Path) -> None:
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document()
    document.add_paragraph(TITLE)
    paragraph = document.add_paragraph()
    ruby = "<w:rt><w:r><w:t>jìn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>近</w:t></w:r></w:rubyBase>"
    paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}><w:ruby>{ruby}</w:ruby></w:r>"))
    paragraph.add_run(FIRST[1:5]).font.hidden = False
    paragraph.add_run("（此处再核）").font.hidden = True
    paragraph.add_run(FIRST[5:])
    document.save(str(tmp_path / "a.docx"))
    assert read_article(tmp_path / "a.docx").text == f"{TITLE}\n{FIRST}"


WRAPPED = [line[i : i + 22] for line in (f"　　{line}" for line in BODY) for i in range(0, len(line), 22)]


@pytest.mark.parametrize("number", ["- {} -", "第 {} 页 共 2 页", "{}/2", "— {} —", "第{}页"])
def test_a_pdf_of_two_pages_loses_running_heads_and_page_numbers(tmp_path: Path, number: str) -> None:
    pages = [["青禾县宣传信息", TITLE, *WRAPPED[:-2], number.format(1)]]
    pages += [["青禾县宣传信息", *WRAPPED[-2:], number.format(2)]]
    assert read_article(write(tmp_path, "a.pdf", pdf(pages))).text == CLEAN


def test_half_a_character_in_a_pdf_is_nothing(tmp_path: Path) -> None:
    halved = [["".join(f"\0{char}" for char in line) for line in [TITLE, *WRAPPED, "- 1 -"]]]
    assert read_article(write(tmp_path, "a.pdf", pdf(halved))).text == CLEAN


def test_the_lines_of_a_short_pdf_are_joined(tmp_path: Path) -> None:
    text = [line for one in BODY for line in (f"　　{one[:36]}", one[36:]) if line]
    page = [TITLE, "来源：青禾日报 2024-05-06", *text]
    assert read_article(write(tmp_path, "a.pdf", pdf([page]))).text == CLEAN


def test_the_head_of_a_pdf_does_not_keep_its_lines_apart(tmp_path: Path) -> None:
    text = FIRST + SECOND
    lines = [text[i : i + 20] for i in range(0, len(text), 20)]
    head = "青禾晚报　2024年5月6日　星期一　第3版　本版编辑室"
    article = read_article(write(tmp_path, "a.pdf", pdf([[head, TITLE, *lines]])))
    assert text in article.text and head not in article.text.replace("\n", "")


def test_pdf(tmp_path: Path) -> None:
    text = FIRST + SECOND
    lines = [text[i : i + 28] for i in range(0, len(text), 28)]
    pages = [
        ["松岭资料 1", TITLE, *lines],
        ["松岭资料 2", THIRD[:28], THIRD[28:], "2"],
        ["松岭资料 3", FIRST[:27] + "。", "3"],
    ]
    article = read_article(write(tmp_path, "a.pdf", pdf(pages)))
    assert article.text == "\n".join([TITLE, text, THIRD, FIRST[:27] + "。"])
    at = article.text.index("下一步")
    source = article.source(at, at + 3)
    assert (source.unit, source.index) == ("page", 1)
    begin = next(offset for offset, _, index in article.segments if index == 1)
    assert article.original[begin + source.start : begin + source.end] == "下一步"


def test_encrypted_pdf(tmp_path: Path) -> None:
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([[TITLE]])))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "a.pdf")
    assert "encrypted" in str(failure(tmp_path / "a.pdf"))


ROWS = [
    {
        "id": "n1",
        "标题": TITLE,
        "正文": "\n".join(BODY),
        "来源": "青禾发布",
        "日期": "2024/5/6",
        "url": "https://example.org/1",
    },
    {"id": "", "标题": "", "正文": CLEAN, "来源": "", "日期": "", "url": ""},
]


def _csv(rows: list[dict[str, str]], delimiter: str = ",") -> str:
    import csv

    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _xlsx(rows: list[dict[str, str]]) -> bytes:
    import openpyxl

    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in [list(rows[0]), *(list(r.values()) for r in rows)]:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", _csv(ROWS).encode()),
        ("t.csv", _csv(ROWS).encode("utf-8-sig")),
        ("t.csv", _csv(ROWS, ";").encode("gb18030")),
        ("t.tsv", _csv(ROWS, "\t").encode()),
        ("t.jsonl", "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS).encode()),
        ("t.xlsx", _xlsx(ROWS)),
    ],
)
def test_tables(tmp_path: Path, name: str, content: bytes) -> None:
    first, second = read_articles([write(tmp_path, name, content)])
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.text == second.text == CLEAN
    assert (first.file, second.file) == (f"{name}#n1", f"{name}#2")
    assert (first.title, first.publisher, first.published, first.url) == (
        TITLE,
        "青禾发布",
        "2024-05-06",
        "https://example.org/1",
    )
    at = first.text.index("手把手")
    source = first.source(at, at + 3)
    assert (source.unit, source.index) == ("row", 0)
    assert ROWS[0]["正文"][source.start : source.end] == "手把手"
    assert first.source(0, 3).unit == "title"


@pytest.mark.parametrize(
    ("name", "content"),
    [("t.csv", b"a,b\n1,2\n"), ("t.xlsx", _xlsx([{"a": "1", "b": "2"}])), ("t.jsonl", b'{"a": 1, "b": 2}')],
)
def test_a_table_without_a_text_column_names_its_columns(tmp_path: Path, name: str, content: bytes) -> None:
    error = failure(write(tmp_path, name, content))
    assert isinstance(error, UsageError)
    assert "a, b" in str(error)
    assert "--text-column" in str(error)


def test_the_text_column_can_be_named(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", _csv([{"x": "1", "story": CLEAN}]))
    (article,) = read_articles([path], text_column="story")
    assert isinstance(article, Article)
    assert article.text == CLEAN
    assert "'tale'" in str(failure(path, text_column="tale"))


def test_bad_rows_are_failures_of_their_own(tmp_path: Path) -> None:
    lines = [
        '{"text": "',
        json.dumps({"text": CLEAN}),
        "[1]",
        json.dumps({"text": " "}),
        "",
        json.dumps({"text": CLEAN}),
    ]
    found = list(read_articles([write(tmp_path, "t.jsonl", "\n".join(lines))]))
    assert [(one.file, type(one).__name__) for one in found] == [
        ("t.jsonl#1", "ReadFailure"),
        ("t.jsonl#2", "Article"),
        ("t.jsonl#3", "ReadFailure"),
        ("t.jsonl#4", "ReadFailure"),
        ("t.jsonl#6", "Article"),
    ]


def test_the_hash_is_of_what_was_read(tmp_path: Path) -> None:
    rows = [dict(ROWS[0]), dict(ROWS[0]) | {"日期": "2024-05-07"}]
    one, other = (a for a in read_articles([write(tmp_path, "t.csv", _csv(rows))]))
    assert isinstance(one, Article)
    assert isinstance(other, Article)
    assert one.content_hash != other.content_hash
