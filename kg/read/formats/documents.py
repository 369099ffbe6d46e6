"""Word and PDF files: paragraphs and pages."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from kg.errors import InputError
from kg.model.article import Article
from kg.read.clean import clean_article, content_hash
from kg.read.repair.unwrap import unwrap
from kg.read.source import Options, ReadFailure, Source
from kg.read.tracked import Piece, TrackedText

__all__ = ["check_archive", "read_docx", "read_pdf"]

MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes that an archive (docx, xlsx) may unpack to: a bomb of a few kilobytes must not fill the memory."""
MAX_NODES = 3_000_000
"""Elements and attributes in all parts of an archive together: parsed, each takes 200 bytes and more, however small it is
packed. A Word file of 1,000 pages has 1.7 million."""
MAX_ROW_NODES = 1_000_000
"""The same in one row of a sheet, or beside its rows: sheets are read row by row, and a row has at most 16,384 cells."""
_STYLES, _STYLE_WEIGHT = "xl/styles.xml", 10
"""Of the formats of cells openpyxl makes objects of 2,000 bytes."""
_ROW_END = re.compile(rb"</(?:\w+:)?row>")
_CHUNK = 1 << 20
MAX_PAGES = 500
RUNNING_HEADS = 3
"""Pages on which a first or last line must stand to be a running head; both pages where there are but two."""
_PAGE_NUMBER = re.compile(r"[\s\-—–·]*第?\s*\d+\s*页?\s*(?:(?:[/／]|共|of)\s*\d+\s*页?)?[\s\-—–·]*")
_TOP = 20
"""Lines of a Word file among which its title may stand."""

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def check_archive(data: bytes, where: str, kind: str) -> None:
    """Raise InputError where the bytes are no intact zip archive of a sensible size."""
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise InputError(
            f"encrypted, or of an old version, and no {kind}",
            where=where,
            remedy=f"save it as {kind} without a password",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(info.file_size for info in archive.infolist())
            crowded = size <= MAX_UNPACKED and _is_crowded(archive)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise InputError(f"a broken {kind} ({error})", where=where, remedy="open and save it anew") from error
    if size > MAX_UNPACKED:
        raise InputError(f"unpacks to {size:,} bytes, more than {MAX_UNPACKED:,}", where=where, remedy="leave it out")
    if crowded:
        raise InputError(
            f"unpacks to more than {MAX_NODES:,} elements",
            where=where,
            remedy="save its text as a new file, or leave it out",
        )


def _is_crowded(archive: zipfile.ZipFile) -> bool:
    """Whether parsing the parts would take far more memory than their bytes."""
    nodes = 0
    for info in archive.infolist():
        # No other part is known by its name: what kind it is, another part says. Few bytes of a picture look like these.
        sheet, row = info.filename.startswith("xl/worksheets/"), 0
        for chunk in _chunks(archive, info):
            first, *further = (each.count(b"<") + each.count(b"=") for each in _ROW_END.split(chunk))
            if not sheet:
                nodes += (first + sum(further)) * (_STYLE_WEIGHT if info.filename == _STYLES else 1)
            elif max(row + first, *further, 0) > MAX_ROW_NODES:
                return True
            row = further[-1] if further else row + first
            if nodes > MAX_NODES:
                return True
    return False


def _chunks(source: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a part, up to where it is damaged: whether that matters is found when it is read."""
    broken = contextlib.suppress(zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error)
    with broken, source.open(info) as part:
        while chunk := part.read(_CHUNK):
            yield chunk


def _document(parts: Sequence[str], unit: str, source: Source, data: bytes, **known: Any) -> Article:
    """The article of numbered parts; its original is the parts, one a line, each a segment."""
    segments, at = [], 0
    for index, part in enumerate(parts):
        segments.append((at, unit, index))
        at += len(part) + 1
    original = "\n".join(parts)
    page = TrackedText.of(original)
    if unit == "page":
        page = unwrap(page.select(_without_running_heads(parts)), always=True)
    return clean_article(
        page,
        file=source.file,
        original=original,
        digest=content_hash(data),
        segments=tuple(segments),
        path=source.where,
        **known,
    )


def read_docx(source: Source, options: Options) -> Iterator[Article | ReadFailure]:
    """The article of a Word file: the paragraphs of text, tables and text boxes in the order of the document."""
    import docx  # takes a while to load

    data = source.read()
    check_archive(data, source.file, "docx")
    try:
        document = docx.Document(io.BytesIO(data))
        top: list[Any] = []
        paragraphs: list[str] = []
        for paragraph in _paragraphs(document.element.body):
            paragraphs.append(_words(paragraph))
            if len(top) < _TOP:  # to hold the elements of all takes more memory than the file
                top.append(paragraph)
        heading = _heading(document, top, paragraphs)
    except Exception as error:
        raise InputError(f"a broken docx ({error})", where=source.file, remedy="open and save it anew") from error
    yield _document(paragraphs, "paragraph", source, data, headings=heading, media_type=_DOCX, entities=False)


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OUT = {_FALLBACK, *(f"{_WORD}{name}" for name in ("del", "moveFrom", "txbxContent", "rt"))}
"""What is no words of the paragraph: deleted ones, the paragraphs of a text box, what old programs show in its place, the
pinyin above a word."""
_HIDDEN = f"{_WORD}rPr/{_WORD}vanish"
_NO = ("0", "false", "off")
_SIGNS = {
    f"{_WORD}tab": "\t",
    f"{_WORD}ptab": "\t",
    f"{_WORD}br": "\n",
    f"{_WORD}cr": "\n",
    f"{_WORD}noBreakHyphen": "-",
}


def _paragraphs(body: Any) -> Iterator[Any]:
    """The paragraphs in the order of the file: those of tables, text boxes and content controls too."""
    fallback = next(body.iter(_FALLBACK), None) is not None
    return (one for one in body.iter(f"{_WORD}p") if not fallback or next(one.iterancestors(_FALLBACK), None) is None)


def _words(element: Any) -> str:
    """The words of a paragraph as Word shows them, insertions accepted and deletions gone."""
    said = ""
    for child in element.iterchildren():
        if child.tag == f"{_WORD}t":
            said += child.text or ""
        elif child.tag in _SIGNS:
            said += "" if child.get(f"{_WORD}type") in ("page", "column") else _SIGNS[child.tag]
        elif child.tag not in _OUT and not _is_hidden(child):
            said += _words(child)
    return said


def _is_hidden(element: Any) -> bool:
    """Whether Word does not show a run, as notes to oneself are kept."""
    mark = element.find(_HIDDEN) if element.tag == f"{_WORD}r" else None
    return mark is not None and mark.get(f"{_WORD}val") not in _NO


def _heading(document: Any, paragraphs: Sequence[Any], words: Sequence[str]) -> set[int]:
    """The line of the paragraph that the file's style names the title (lines, since a paragraph may hold breaks)."""
    from docx.text.paragraph import Paragraph

    line = 0
    for element, text in zip(paragraphs, words, strict=False):
        style = Paragraph(element, document).style
        if ((style.name if style is not None else "") or "").lower() in ("title", "标题") and text.strip():
            return {line}
        line += text.count("\n") + 1
        if line > _TOP:
            break
    return set()


def read_pdf(source: Source, options: Options) -> Iterator[Article | ReadFailure]:
    """The article of a PDF with text in it; lines are joined to paragraphs, running heads left out."""
    import pypdf
    from pypdf.errors import DependencyError

    data = source.read()
    try:
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it prints a line for each oddity of a file
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError("an encrypted PDF", where=source.file, remedy="save it without a password")
        if len(reader.pages) > MAX_PAGES:
            raise InputError(
                f"{len(reader.pages)} pages, more than {MAX_PAGES}",
                where=source.file,
                remedy="take the article out of it",
            )
        pages = [_page_text(page) for page in reader.pages]
    except InputError:
        raise
    except DependencyError as error:
        raise InputError(
            f"an encrypted PDF ({error})", where=source.file, remedy="save it without a password"
        ) from error
    except RecursionError:
        raise
    except Exception as error:
        raise InputError(f"a broken PDF ({error})", where=source.file, remedy="print it to a new PDF") from error
    if not any(page.strip() for page in pages):
        raise InputError(
            "a PDF without text, probably scanned", where=source.file, remedy="run text recognition on it first"
        )
    yield _document(pages, "page", source, data, media_type="application/pdf", entities=False)


def _page_text(page: Any) -> str:
    # Lone surrogates (broken font tables) cannot be written anywhere; NUL is half of a character, as some programs write it.
    return str(page.extract_text()).replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _without_running_heads(pages: Sequence[str]) -> list[Piece]:
    """The pages without first and last lines that many of them share, and without bare page numbers there."""
    edges = Counter(
        line
        for page in pages
        for line in {_faceless(x) for x in (*page.strip().split("\n")[:1], *page.strip().split("\n")[-1:])}
    )
    pieces: list[Piece] = []
    at = 0
    for page in pages:
        lines = page.split("\n")
        filled = [i for i, line in enumerate(lines) if line.strip()]
        ends = {filled[0], filled[-1]} if len(filled) > 1 else set()
        for i, line in enumerate(lines):
            face = _faceless(line)
            head = (
                i in ends
                and len(line) < 60
                and ((len(pages) > 1 and edges[face] >= min(RUNNING_HEADS, len(pages))) or face in ("", "#"))
            )
            if not head:
                pieces += [*(["\n"] if pieces else []), (at, at + len(line))]
            at += len(line) + 1
    return pieces


def _faceless(line: str) -> str:
    """A line with its numbers alike, so that page numbers do not tell running heads apart; ``#`` for a bare number."""
    return "#" if _PAGE_NUMBER.fullmatch(line) else "".join("0" if c.isdigit() else c for c in line.strip())
