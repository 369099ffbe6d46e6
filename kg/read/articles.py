"""Which files there are, and which format reads each."""

from __future__ import annotations

import glob
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kg.errors import InputError, KgError, UsageError
from kg.model.article import Article
from kg.read.documents import read_docx, read_pdf
from kg.read.page import read_html
from kg.read.plain import read_plain
from kg.read.source import Format, Options, ReadFailure, Source
from kg.read.tables import read_csv, read_json_lines, read_xlsx

__all__ = ["FORMATS", "holds_many", "named_sources", "read_article", "read_articles", "read_source"]

FORMATS: dict[str, Format] = {
    form.name: form
    for form in (
        Format("txt", (".txt", ".text", ".md"), read_plain),
        Format("html", (".html", ".htm", ".shtml", ".xhtml"), read_html),
        Format("docx", (".docx",), read_docx),
        Format("pdf", (".pdf",), read_pdf),
        Format("jsonl", (".jsonl", ".ndjson"), read_json_lines, many=True),
        Format("csv", (".csv", ".tsv"), read_csv, many=True),
        Format("xlsx", (".xlsx", ".xlsm"), read_xlsx, many=True),
    )
}
"""Name → format; a further one is registered by adding it here."""

_OLD = {
    ".doc": "save it as .docx",
    ".wps": "save it as .docx",
    ".rtf": "save it as .docx",
    ".odt": "save it as .docx",
    ".xls": "save it as .xlsx or .csv",
    ".et": "save it as .xlsx or .csv",
    ".ods": "save it as .xlsx or .csv",
    ".mht": "save the page as .html",
    ".mhtml": "save the page as .html",
}


def read_articles(
    paths: Iterable[str | Path],
    *,
    text_column: str | None = None,
    on_skip: Callable[[Path, str], None] | None = None,
) -> Iterator[Article | ReadFailure]:
    """Read files, folders (with all below them), glob patterns, and ``-`` for standard input, one after another.

    Files come in the order of ``paths``, those of a folder sorted by name; a file named twice is read once. In
    folders, hidden files and unknown types are passed over, and ``on_skip`` hears of it (path, reason). What cannot be
    read is yielded as ReadFailure (InputError: this input; UsageError: the path or the columns), and the others go on.

    An article's ``file`` is its base name; where another has that name already, its folder's stands before it.
    ``text_column`` names the column of tables that holds the text, where it is not one of the usual names.
    """
    for found in named_sources(paths, on_skip=on_skip):
        if isinstance(found, ReadFailure):
            yield found
        else:
            yield from read_source(found, text_column=text_column)


def named_sources(
    paths: Iterable[str | Path], *, on_skip: Callable[[Path, str], None] | None = None
) -> Iterator[Source | ReadFailure]:
    """The inputs behind these paths, unread, each once and with a name of its own; as ``read_articles`` takes them."""
    names: set[str] = set()
    seen: set[Path] = set()
    for found in _sources(paths, on_skip):
        if isinstance(found, ReadFailure):
            yield found
            continue
        if found.path is not None:
            real = found.path.resolve()
            if real in seen:
                continue
            seen.add(real)
        yield _named_apart(found, names)


def holds_many(source: Source) -> bool:
    """Whether the input is a table, of any number of articles. Raises InputError where its type is unknown."""
    return _format_of(source).many


def read_source(source: Source, *, text_column: str | None = None) -> Iterator[Article | ReadFailure]:
    """The articles of one input, and what of it could not be read."""
    try:
        for one in _format_of(source).read(source, Options(text_column)):
            yield _placed(one, source) if isinstance(one, ReadFailure) else one
    except KgError as error:
        yield _placed(ReadFailure(source.file, error), source)
    except RecursionError:
        deep = InputError("nested too deeply", where=source.file, remedy="leave it out")
        yield _placed(ReadFailure(source.file, deep), source)


def read_article(path: str | Path) -> Article:
    """The one article of a file; raises InputError or UsageError where there is none, or more than one."""
    found = list(read_articles([path]))
    for one in found:
        if isinstance(one, ReadFailure):
            raise one.error
    if len(found) != 1 or not isinstance(found[0], Article):
        raise UsageError(f"{len(found)} articles", where=str(path), remedy="use read_articles")
    return found[0]


def _sources(
    paths: Iterable[str | Path], on_skip: Callable[[Path, str], None] | None
) -> Iterator[Source | ReadFailure]:
    for given in paths:
        if str(given) == "-":
            yield Source("stdin", content=sys.stdin.buffer.read())
            continue
        path = Path(given)
        if path.is_dir():
            yield from _in_folder(path, on_skip)
        elif path.exists():
            yield Source(path.name, path)
        elif glob.has_magic(str(given)):
            matches = sorted(glob.glob(str(given), recursive=True))  # noqa: PTH207 - patterns may be absolute
            if not matches:
                yield _missing(given, "nothing matches", "check the pattern")
            for match in matches:
                below = Path(match)
                if below.is_dir():
                    yield from _in_folder(below, on_skip)
                else:
                    yield Source(below.name, below)
        else:
            yield _missing(given, "no such file or folder", "check the path")


def _missing(given: str | Path, what: str, remedy: str) -> ReadFailure:
    return ReadFailure(Path(given).name, UsageError(what, where=str(given), remedy=remedy))


def _in_folder(folder: Path, on_skip: Callable[[Path, str], None] | None) -> Iterator[Source | ReadFailure]:
    known = {suffix for form in FORMATS.values() for suffix in form.suffixes}
    try:
        entries = sorted(folder.iterdir(), key=lambda p: p.name)
    except OSError as error:
        what = f"the folder cannot be read ({error.strerror or error})"
        yield ReadFailure(folder.name, InputError(what, where=str(folder), remedy="check its permissions"))
        return
    for path in entries:
        reason = None
        if path.name.startswith((".", "~$")):
            reason = "hidden"
        elif path.is_dir():
            if not path.is_symlink():  # a link upwards would never end
                yield from _in_folder(path, on_skip)
                continue
            reason = "a link to a folder"
        elif path.suffix.lower() not in known:
            reason = "unknown type"
        if reason is None:
            yield Source(path.name, path)
        elif on_skip is not None:
            on_skip(path, reason)


def _named_apart(source: Source, names: set[str]) -> Source:
    name = source.file
    if name in names and source.path is not None:
        parts = source.path.resolve().parts
        for depth in range(2, len(parts) + 1):
            name = "/".join(parts[-depth:]).lstrip("/\\")
            if name not in names:
                break
    names.add(name)
    return Source(name, source.path, source.content)


def _placed(failure: ReadFailure, source: Source) -> ReadFailure:
    """The failure with the file's path for its name: whoever has many folders finds it by that alone."""
    where = failure.error.where
    if source.path is not None and where is not None and where.startswith(source.file):
        failure.error.where = str(source.path) + where[len(source.file) :]
    return failure


def _format_of(source: Source) -> Format:
    if source.path is None:
        return FORMATS[_sniffed(source.content or b"")]
    suffix = source.path.suffix.lower()
    for form in FORMATS.values():
        if suffix in form.suffixes:
            return form
    known = ", ".join(suffix for form in FORMATS.values() for suffix in form.suffixes)
    remedy = _OLD.get(suffix, f"known are {known}")
    raise InputError(f"unknown type {suffix or 'without a suffix'}", where=str(source.path), remedy=remedy)


def _sniffed(data: bytes) -> str:
    """The format of standard input, by its first bytes."""
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"{"):
        return "jsonl"
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<body", b"<div", b"<p>")):
        return "html"
    if head.startswith(b"%pdf"):
        return "pdf"
    return "txt"
