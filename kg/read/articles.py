"""Which files there are, and which format reads each."""

from __future__ import annotations

import glob
import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kg.errors import InputError, KgError, UsageError
from kg.model.article import Article
from kg.read.formats.documents import read_docx, read_pdf
from kg.read.formats.first_bytes import format_by_first_bytes
from kg.read.formats.page import read_html
from kg.read.formats.plain import read_plain
from kg.read.formats.tables import read_csv, read_json_lines, read_xlsx
from kg.read.names import as_paths, on_disk, shown
from kg.read.own_output import own_output
from kg.read.source import Format, Options, ReadFailure, Source

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
    paths: str | os.PathLike[str] | Iterable[str | Path],
    *,
    text_column: str | None = None,
    on_skip: Callable[[Path, str], None] | None = None,
) -> Iterator[Article | ReadFailure]:
    """Read files, folders (with all below them), glob patterns, and ``-`` for standard input, one after another.

    ``paths`` is one of these or several. Files come in the order of ``paths``, those of a folder sorted by name; a file
    named twice is read once. In folders, hidden files, unknown types, and the stores and releases that this product
    wrote are passed over, and ``on_skip`` hears of it (path, reason). What cannot be read is yielded as ReadFailure
    (InputError: this input; UsageError: the path or the columns), and the others go on.

    An article's ``file`` is its base name; where another has that name already, its folder's stands before it. Names
    that are no UTF-8 on the disk are given as ``kg.read.names.shown`` gives them.
    ``text_column`` names the column of tables that holds the text, where it is not one of the usual names.
    """
    for found in named_sources(paths, on_skip=on_skip):
        if isinstance(found, ReadFailure):
            yield found
        else:
            yield from read_source(found, text_column=text_column)


def named_sources(
    paths: str | os.PathLike[str] | Iterable[str | Path],
    *,
    on_skip: Callable[[Path, str], None] | None = None,
    reserved: Callable[[Source, str], bool] = lambda source, name: False,
) -> Iterator[Source | ReadFailure]:
    """The inputs behind these paths, unread, each once and with a name of its own; as ``read_articles`` takes them.

    ``reserved`` says of an input and a name whether it is not to have it, since something else goes by it.
    """
    names: set[str] = set()
    seen: set[Path] = set()
    for found in _sources(as_paths(paths), on_skip):
        if isinstance(found, ReadFailure):
            yield found
            continue
        if found.path is not None:
            try:
                real = found.path.resolve()
            except (OSError, RuntimeError):  # RuntimeError: links in a circle
                circle = InputError(
                    "the link leads in a circle, or to no file", where=found.where, remedy="remove it or mend it"
                )
                yield ReadFailure(found.file, circle)
                continue
            if real in seen:
                continue
            seen.add(real)
        yield _named_apart(found, names, reserved)


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
            yield _standard_input(sys.stdin.buffer.read())
            continue
        if given == "":  # as a path it would be the current folder
            what = "an empty path (a shell variable that is not set?)"
            yield ReadFailure("", UsageError(what, remedy="name the folder of the articles"))
            continue
        path = Path(given)
        if _is_folder(path):
            yield from _named_folder(path, on_skip)
        elif _exists(path):
            yield _file(path)
        elif glob.has_magic(str(given)):
            yield from _matches(given, on_skip)
        elif (real := on_disk(path)) is not None and _exists(real):  # a name that is no UTF-8, as messages tell it
            yield from _sources([real], on_skip)
        else:
            yield _missing(given, "no such file or folder", "check the path")


def _standard_input(content: bytes) -> Source:
    """Named after its content, so that one text does not take the place of another; a table's rows have their numbers."""
    table = FORMATS[format_by_first_bytes(content)].many
    return Source("stdin" if table else f"stdin-{hashlib.sha256(content).hexdigest()[:8]}", content=content)


def _file(path: Path) -> Source:
    return Source(Path(shown(path)).name, path)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # what lies in a closed folder is unknown; opening it tells
        return False


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # opening it tells what is wrong
        return True


def _named_folder(folder: Path, on_skip: Callable[[Path, str], None] | None) -> Iterator[Source | ReadFailure]:
    if kind := own_output(folder):
        yield _missing(folder, f"a {kind} that kg wrote, not articles", "name the folder of the articles")
    else:
        yield from _in_folder(folder, on_skip)


def _matches(given: str | Path, on_skip: Callable[[Path, str], None] | None) -> Iterator[Source | ReadFailure]:
    """What the pattern matches, except in stores and releases that the pattern does not name but reaches."""
    matches = sorted(glob.glob(str(given), recursive=True))  # noqa: PTH207 - patterns may be absolute
    if not matches:
        yield _missing(given, "nothing matches", "check the pattern")
    named = next(at for at, part in enumerate(Path(given).parts) if glob.has_magic(part))
    kinds: dict[Path, str | None] = {}
    for match in map(Path, matches):
        reached = [folder for folder in (match, *match.parents) if len(folder.parts) > named]
        for folder in reached:
            if folder not in kinds:
                kinds[folder] = own_output(folder)
                _tell(on_skip, folder, kinds[folder])
        if any(kinds[folder] for folder in reached):
            continue
        if _is_folder(match):
            yield from _in_folder(match, on_skip)
        else:
            yield _file(match)


def _tell(on_skip: Callable[[Path, str], None] | None, folder: Path, kind: str | None) -> None:
    if kind is not None and on_skip is not None:
        on_skip(Path(shown(folder)), f"a {kind} that kg wrote")


def _missing(given: str | Path, what: str, remedy: str) -> ReadFailure:
    where = shown(given)
    return ReadFailure(Path(where).name, UsageError(what, where=where, remedy=remedy))


def _in_folder(folder: Path, on_skip: Callable[[Path, str], None] | None) -> Iterator[Source | ReadFailure]:
    known = {suffix for form in FORMATS.values() for suffix in form.suffixes}
    try:
        entries = sorted(folder.iterdir(), key=lambda p: p.name)
    except OSError as error:
        what = f"the folder cannot be read ({error.strerror or error})"
        where = shown(folder)
        yield ReadFailure(Path(where).name, InputError(what, where=where, remedy="check its permissions"))
        return
    for path in entries:
        reason = None
        if path.name.startswith((".", "~$")):
            reason = "hidden"
        elif _is_folder(path):
            if path.is_symlink():  # a link upwards would never end
                reason = "a link to a folder"
            elif kind := own_output(path):
                reason = f"a {kind} that kg wrote"
            else:
                yield from _in_folder(path, on_skip)
                continue
        elif path.suffix.lower() not in known:
            reason = _OLD.get(path.suffix.lower(), "unknown type")
        if reason is None:
            yield _file(path)
        elif on_skip is not None:
            on_skip(Path(shown(path)), reason)


def _named_apart(source: Source, names: set[str], reserved: Callable[[Source, str], bool]) -> Source:
    def is_taken(name: str) -> bool:
        return name in names or reserved(source, name)

    name = source.file
    if source.path is not None and is_taken(name):
        parts = Path(shown(source.path.resolve())).parts
        for depth in range(2, len(parts) + 1):
            name = "/".join(parts[-depth:]).lstrip("/\\")
            if not is_taken(name):
                break
    names.add(name)
    return Source(name, source.path, source.content)


def _placed(failure: ReadFailure, source: Source) -> ReadFailure:
    """The failure with the file's path for its name: whoever has many folders finds it by that alone."""
    where = failure.error.where
    if source.where is not None and where is not None and where.startswith(source.file):
        failure.error.where = source.where + where[len(source.file) :]
    return failure


def _format_of(source: Source) -> Format:
    if source.path is None:
        return FORMATS[format_by_first_bytes(source.content or b"")]
    where = shown(source.path)
    suffix = Path(where).suffix.lower()
    for form in FORMATS.values():
        if suffix in form.suffixes:
            return form
    known = ", ".join(suffix for form in FORMATS.values() for suffix in form.suffixes)
    remedy = _OLD.get(suffix, f"known are {known}")
    raise InputError(f"unknown type {suffix or 'without a suffix'}", where=where, remedy=remedy)
