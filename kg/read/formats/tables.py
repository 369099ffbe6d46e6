"""Tables with an article in each row: jsonl, csv, xlsx."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.errors import InputError, KgError, UsageError, printable
from kg.model.article import Article
from kg.read.clean import MAX_CHARACTERS, Stated, clean_article, content_hash
from kg.read.formats.day_numbers import as_day
from kg.read.formats.documents import check_archive
from kg.read.formats.page import is_markup, plain_fragment
from kg.read.lines.rules import metadata_words
from kg.read.repair.encoding import decode
from kg.read.source import Options, ReadFailure, Source
from kg.read.tracked import TrackedText

__all__ = ["Columns", "read_csv", "read_json_lines", "read_xlsx"]

SAMPLE = 1 << 20
"""Bytes by which the encoding of a table is told."""
MAX_ROWS = 1_048_576
"""Rows of a sheet (the format's own limit)."""
MAX_CELLS = 50_000_000
"""Cells of a sheet up to the last heading, empty ones too: a sheet of a few kilobytes may name cells that are far apart."""
_HEAD = 5
"""Rows of a sheet among which its headings are looked for."""
KINDS = ("title", "publisher", "published", "author", "url", "id")


@dataclass(frozen=True)
class Columns:
    """Which column of a table holds what; ``text`` is always there."""

    text: str
    others: Mapping[str, str]

    @classmethod
    def of(cls, names: Sequence[str], options: Options, where: str) -> Columns:
        """Columns by their usual names; raises UsageError, naming those there are, where none can be the text."""
        known = metadata_words()["columns"]
        plain = _plain_headings(names)

        def first(kind: str) -> str | None:
            return next((plain[word] for word in map(_plain_heading, known[kind]) if word in plain), None)

        text = options.text_column if options.text_column in names else None
        if text is None and options.text_column is not None:
            text = plain.get(_plain_heading(options.text_column))
        elif text is None:
            text = first("text")
        if text is None:
            wanted = f"no column {options.text_column!r}" if options.text_column else "no column that holds the text"
            present = ", ".join(_cell(name)[:30] for name in names[:30] if name.strip()) or "none"
            raise UsageError(f"{wanted}; there are: {present}", where=where, remedy="name it with --text-column")
        others = {kind: name for kind in KINDS if (name := first(kind)) is not None and name != text}
        return cls(text, others)


_NOTE = re.compile(r"[（(\[【][^（(\[【]*[)）\]】]$|[*＊:：]+$")


def _plain_heading(name: str) -> str:
    """A heading as it is compared: letters small, without blanks, low lines and invisible marks.

    >>> _plain_heading("Full Text"), _plain_heading("发布\\n时间")
    ('fulltext', '发布时间')
    """
    return "".join(c for c in name.lower() if c.isprintable() and c not in " _\u3000")


def _plain_headings(names: Sequence[str]) -> dict[str, str]:
    """Headings by their plain form; also without a note behind (正文（必填）), where one alone has that form."""
    plain = {_plain_heading(name): name for name in reversed(names)}
    short = [(_NOTE.sub("", heading), name) for heading, name in plain.items()]
    forms = Counter(form for form, _ in short)
    return {form: name for form, name in short if forms[form] == 1} | plain


class _Rows:
    """Turns the rows of one table to articles; knows the ids that it has given."""

    def __init__(self, source: Source, media_type: str, encoding: str | None) -> None:
        self.source, self.media_type, self.encoding = source, media_type, encoding
        self.given: set[str] = set()

    def article(self, number: int, row: Mapping[str, Any], columns: Columns) -> Article:
        """The article of row ``number`` (from 0). Its original: the title's cell, if any, a line end, the text's."""
        cells = {kind: _cell(row.get(name)) for kind, name in columns.others.items()}
        text, title = _cell(row.get(columns.text)), cells.get("title", "").strip()
        file = self._file(number, cells.get("id", ""))
        if not text.strip():
            raise InputError(
                f"row {number + 1} has no text", where=file, remedy=f"fill column {columns.text!r} or leave it out"
            )
        title = " ".join(title.split())
        has_title = bool(title) and not text.lstrip().startswith(title)
        original = f"{title}\n{text}" if has_title else text
        begin = len(title) + 1 if has_title else 0
        segments = (*(((0, "title", number),) if has_title else ()), (begin, "row", number))
        cells["published"] = as_day(cells.get("published", ""))
        fields = {kind: cells.get(kind) or None for kind in ("title", "publisher", "published", "author", "url")}
        fragment = is_markup(text)
        tracked = TrackedText.of(original)
        return clean_article(
            plain_fragment(tracked, begin) if fragment else tracked,
            file=file,
            original=original,
            digest=content_hash(json.dumps([text, fields], ensure_ascii=False, sort_keys=True)),
            stated=Stated(**fields),
            segments=segments,
            has_title_line=has_title,
            entities=not fragment,
            path=self.source.where,
            media_type=self.media_type,
            encoding=self.encoding,
        )

    def _file(self, number: int, given: str) -> str:
        given = printable(given).strip()  # it is printed wherever its article is named
        if not given or given in self.given or len(given) > 200:
            return f"{self.source.file}#{number + 1}"
        self.given.add(given)
        return f"{self.source.file}#{given}"

    def each(
        self, rows: Iterable[Sequence[Any] | InputError], columns: Columns, names: Sequence[str]
    ) -> Iterator[Article | ReadFailure]:
        """The articles of rows below a heading row; an error among the rows is a failure in its place."""
        for number, cells in enumerate(rows):
            if isinstance(cells, InputError):
                yield ReadFailure(cells.where or self.source.file, cells)
                continue
            if not any(_cell(value).strip() for value in cells):
                continue
            where = f"{self.source.file}#{number + 1}"
            try:
                row = _row(names, cells, columns, f"row {number + 1}", where)
            except InputError as error:
                yield ReadFailure(where, error)
                continue
            yield from self.tried(number, row, columns)

    def tried(self, number: int, row: Mapping[str, Any], columns: Columns) -> Iterator[Article | ReadFailure]:
        try:
            yield self.article(number, row, columns)
        except KgError as error:
            yield ReadFailure(f"{self.source.file}#{number + 1}", error)


def _row(names: Sequence[str], cells: Sequence[Any], columns: Columns, told: str, where: str) -> dict[str, Any]:
    """The cells that hold something, by their headings; of columns with one heading, the cell that is filled.

    Raises InputError where several are filled and differ, in a column that is read: either could be the one.
    """
    read = {columns.text, *columns.others.values()}
    row: dict[str, Any] = {}
    for name, value in zip(names, cells, strict=False):
        plain = _cell(value).strip()
        if plain and name in read and _cell(row.setdefault(name, value)).strip() != plain:
            raise InputError(
                f"{told} has different cells under the heading {name!r}, which stands there more than once",
                where=where,
                remedy="give each column a heading of its own",
            )
    return row


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _encoding(source: Source) -> str:
    with source.open() as stream:
        sample = stream.read(SAMPLE)
    if not sample:
        raise InputError("the file is empty", where=source.file, remedy="leave it out")
    if len(sample) == SAMPLE:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    name = decode(sample, source.file).encoding
    return "utf-8-sig" if name == "utf-8" else name


def read_json_lines(source: Source, options: Options) -> Iterator[Article | ReadFailure]:
    """The articles of a file with one JSON object a line; a broken line is a failure of its own."""
    encoding = _encoding(source)
    rows = _Rows(source, "application/jsonl", encoding.removesuffix("-sig"))
    known: dict[tuple[str, ...], Columns] = {}
    with source.open() as binary, io.TextIOWrapper(binary, encoding=encoding, errors="replace", newline="\n") as lines:
        for number, line in enumerate(_bounded(lines)):
            if line is not None and not line.strip():
                continue
            where = f"{source.file}#{number + 1}"
            try:
                row = _object(line, where)
                keys = tuple(row)
                if keys not in known:
                    known[keys] = Columns.of(keys, options, where)
            except KgError as error:
                yield ReadFailure(where, error)
                continue
            yield from rows.tried(number, row, known[keys])


def _bounded(lines: io.TextIOWrapper) -> Iterator[str | None]:
    """Lines of a sensible length; None for a longer one, which is passed over without holding it."""
    most = 4 * MAX_CHARACTERS
    while line := lines.readline(most):
        if len(line) < most or line.endswith("\n"):
            yield line
            continue
        while (more := lines.readline(most)) and not more.endswith("\n"):
            pass
        yield None


def _object(line: str | None, where: str) -> dict[str, Any]:
    if line is None:
        raise InputError(f"a line of more than {4 * MAX_CHARACTERS:,} characters", where=where, remedy="split it")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"no JSON ({error})", where=where, remedy="write one object a line") from error
    if not isinstance(row, dict):
        raise InputError("no JSON object", where=where, remedy="write one object a line")
    return row


def read_csv(source: Source, options: Options) -> Iterator[Article | ReadFailure]:
    """The articles of a table with a heading row, fields parted by comma, semicolon, tab or bar.

    A row that cannot be split, or has more cells than headings, is a failure of its own; at a quotation mark that is
    not closed in its row, reading ends with a failure, since what follows cannot be told apart.
    """
    encoding = _encoding(source)
    csv.field_size_limit(max(csv.field_size_limit(), 4 * MAX_CHARACTERS))
    with source.open() as binary, io.TextIOWrapper(binary, encoding=encoding, errors="replace", newline="") as lines:
        head = lines.readline(1 << 20)
        delimiter = max(",;\t|", key=head.count)
        table = _csv_rows(itertools.chain([head], lines), delimiter, source.file)
        first = next(table, [])
        if isinstance(first, InputError):
            raise first
        names = [name.strip() for name in first]
        columns = Columns.of(names, options, source.file)
        rows = _Rows(source, "text/csv", encoding.removesuffix("-sig"))
        width = max((at for at, name in enumerate(names, 1) if name), default=0)
        yield from rows.each(_of_width(table, width, source.file), columns, names)


def _csv_rows(lines: Iterable[str], delimiter: str, file: str) -> Iterator[list[str] | InputError]:
    """The rows, the heading row first. Strict, since a lenient reader joins rows at a stray quotation mark."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    for number in itertools.count():
        begin = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if reader.line_num > begin or "end of data" in str(error):
                what = f"the quotation mark opened in line {begin} is not closed in its cell"
                yield InputError(
                    f"{what}, and the rows from there on are not read",
                    where=file,
                    remedy='close it, and write "" for one within a cell',
                )
                return
            yield InputError(
                f"line {begin} cannot be split into cells ({error})",
                where=f"{file}#{number}" if number else file,
                remedy='write "" for a quotation mark within a cell, and put the cell in quotation marks',
            )
        else:
            yield row


def _of_width(rows: Iterable[list[str] | InputError], width: int, file: str) -> Iterator[list[str] | InputError]:
    """The rows; in place of one with something beyond the last heading (a comma in the text, most likely), an error."""
    for number, row in enumerate(rows, 1):
        if isinstance(row, InputError) or not any(cell.strip() for cell in row[width:]):
            yield row
        else:
            yield InputError(
                f"row {number} has {len(row)} cells, and there are {width} headings",
                where=f"{file}#{number}",
                remedy="put a cell that holds the delimiter in quotation marks",
            )


def read_xlsx(source: Source, options: Options) -> Iterator[Article | ReadFailure]:
    """The articles of the first sheet with a heading row that names a column of texts; further ones are failures.

    Where the sheet is damaged further down, the rows before that are read, and a failure tells of the rest.
    """
    import openpyxl

    data = source.read()
    check_archive(data, source.file, "xlsx")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception as error:
        raise _broken_xlsx(error, source.file) from error
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    sheets = iter(book.worksheets)

    def name(sheet: Any) -> str:
        return f"{source.file}, sheet {_cell(sheet.title)}" if len(book.worksheets) > 1 else source.file

    try:
        cells, names, columns = _sheet(sheets, options, source.file, name)
        yield from _Rows(source, media_type, None).each(_sheet_rows(cells, source.file), columns, names)
        yield from _unread(sheets, options, name)
    finally:
        book.close()


def _sheet(
    sheets: Iterator[Any], options: Options, file: str, name: Callable[[Any], str]
) -> tuple[Iterator[Sequence[Any]], list[str], Columns]:
    """The rows below the headings, the headings and the columns of the next sheet that has them.

    Above the headings a title may stand. Raises UsageError, of the first sheet that is not empty, where none has headings;
    InputError where a sheet is damaged.
    """
    failed: UsageError | None = None
    for sheet in sheets:
        sheet.reset_dimensions()  # some programs state a smaller size than the sheet has
        for number, names in _heads(sheet.iter_rows(values_only=True), name(sheet)):
            try:
                columns = Columns.of(names, options, name(sheet))
                width = max(at for at, heading in enumerate(names, 1) if heading)
                cells = sheet.iter_rows(min_row=number + 1, max_col=width, values_only=True)
                return _of_sheet(cells, number), names, columns
            except UsageError as error:
                failed = failed or error
    raise failed or UsageError("no sheet has a heading row", where=file, remedy="write the names of the columns there")


def _heads(cells: Iterable[Sequence[Any]], file: str) -> Iterator[tuple[int, list[str]]]:
    """The first rows of a sheet that hold something, with their numbers."""
    filled = (
        (number, plain)
        for number, row in enumerate(_of_sheet(cells, 0), 1)
        if any(plain := [_cell(value).strip() for value in row])
    )
    for _ in range(_HEAD):
        try:
            found = next(filled, None)
        except Exception as error:
            raise _broken_xlsx(error, file) from error
        if found is None:
            return
        yield found


def _of_sheet(cells: Iterable[Sequence[Any]], above: int) -> Iterator[Sequence[Any]]:
    """The rows below the first ``above``; raises ValueError where no sheet has so many of them, or so many cells."""
    left = MAX_CELLS
    for number, row in enumerate(cells, above + 1):
        left -= len(row)
        if number > MAX_ROWS or left < 0:
            raise ValueError(f"more than {MAX_ROWS:,} rows or {MAX_CELLS:,} cells")
        yield row


def _unread(sheets: Iterator[Any], options: Options, name: Callable[[Any], str]) -> Iterator[ReadFailure]:
    """The further sheets that hold articles too: their rows would have the numbers of those that are read."""
    for sheet in sheets:
        try:
            _sheet(iter([sheet]), options, name(sheet), name)
        except KgError:
            continue
        error = InputError(
            "the sheet is not read, only the first with articles is",
            where=name(sheet),
            remedy="save it as a file of its own",
        )
        yield ReadFailure(name(sheet), error)


def _sheet_rows(cells: Iterator[Sequence[Any]], file: str) -> Iterator[Sequence[Any] | InputError]:
    for number in itertools.count(1):
        try:
            row = next(cells)
        except StopIteration:
            return
        except Exception as error:  # noqa: BLE001 - a damaged archive, its XML or its values: openpyxl raises all kinds
            yield _broken_xlsx(error, file, f", the rows from {number} on are not read")
            return
        yield row


def _broken_xlsx(error: Exception, file: str, rest: str = "") -> InputError:
    said = " ".join(str(error).split())  # openpyxl's messages have several lines
    return InputError(f"a broken xlsx ({said}){rest}", where=file, remedy="open and save it anew")
