"""From an original to an article: repair, even out, sort the lines, and keep the way back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kg.errors import InputError
from kg.model.article import Article
from kg.read.lines.arrange import Arrangement, Line, arrange
from kg.read.lines.dates import date_in_address, first_date
from kg.read.lines.metadata import names, publisher_name
from kg.read.repair.characters import close_up, decode_entities, even_spaces, even_thousands
from kg.read.repair.lost_bytes import recover_lost_bytes
from kg.read.repair.mojibake import repair_mojibake
from kg.read.repair.pinyin import strip_pinyin
from kg.read.repair.script import simplified, simplify
from kg.read.tracked import Piece, TrackedText

__all__ = ["MAX_CHARACTERS", "Stated", "clean_article", "content_hash", "undo_damage"]

MAX_CHARACTERS = 1_000_000
"""Characters of one article's original, of a web page's source too. The longest report of the genre has some 30,000."""

_BLANKS = re.compile(r" {2,}")


@dataclass(frozen=True)
class Stated:
    """What is known of an article besides its text: from the head of a page, the columns of a table, or the caller."""

    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None


def content_hash(data: bytes | str) -> str:
    """SHA-256 in hexadecimal, of a string's UTF-8 bytes."""
    return hashlib.sha256(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data).hexdigest()


def undo_damage(text: TrackedText) -> tuple[TrackedText, list[str]]:
    """Repair what copying and converting did to a text; each repair is told in one sentence."""
    notes: list[str] = []
    text, lines = repair_mojibake(text)
    if lines:
        notes.append(f"{lines} lines had been decoded in a wrong encoding and were decoded again")
    text, recovered, left = recover_lost_bytes(text)
    if recovered:
        notes.append(
            f"characters with an overwritten byte were recovered: {'、'.join(simplified(w) for w in recovered)}"
        )
    if left:
        notes.append(f"{left} places with an overwritten byte could not be recovered")
    text, syllables = strip_pinyin(text)
    if syllables:
        notes.append(f"{syllables} syllables of pinyin in brackets were taken out")
    text, changed = simplify(text)
    if changed:
        notes.append(f"{changed} traditional characters were turned into simplified ones")
    if broken := text.text.count("\ufffd"):
        notes.append(f"{broken} characters are lost in the original (U+FFFD)")
    if "锟斤拷" in text.text:
        notes.append("锟斤拷 stands where characters were lost before the original was saved")
    return text, notes


def clean_article(
    page: TrackedText,
    *,
    file: str,
    original: str,
    digest: str,
    stated: Stated = Stated(),
    headings: Iterable[int] = (),
    entities: bool = True,
    notes: Sequence[str] = (),
    segments: tuple[tuple[int, str, int], ...] = (),
    has_title_line: bool = False,
    **known: str | None,
) -> Article:
    """The article that stands on a page.

    ``page`` leads into ``original``; ``headings`` are the numbers of its lines that the page marks as its heading;
    ``stated`` fills in what the text does not say itself, except the title of a table's column, which its first line is
    (``has_title_line``). ``known`` are further fields of ``Article``. Raises InputError where nothing is left.
    """
    if len(original) > MAX_CHARACTERS:
        raise InputError(
            f"{len(original):,} characters, and an article has at most {MAX_CHARACTERS:,}",
            where=file,
            remedy="split it, or give it as a table with one article a row",
        )
    if entities:
        page = decode_entities(page)
    page = even_thousands(close_up(even_spaces(page)))
    page, repairs = undo_damage(page)
    lines = _lines(page.text, frozenset(headings))
    arrangement = arrange(lines)
    if has_title_line and lines:
        arrangement = _with_first_line_as_title(lines)
    clean, title_length = _compose(page, arrangement)
    if not clean.text:
        raise InputError("no text in it", where=file, remedy="leave it out")
    title = clean.text[:title_length] or stated.title
    publisher = arrangement.publisher or _publisher(stated)
    published = arrangement.published or _published(stated)
    if stated.published and not published:
        repairs.append(f"the day of publication was not understood: {stated.published[:40]}")
    author = arrangement.author or (names(stated.author) if stated.author else None)
    return Article(
        file=file,
        text=clean.text,
        original=original,
        offsets=clean.offset_map(),
        content_hash=digest,
        title=title or None,
        title_span=(0, title_length) if title_length else None,
        publisher=publisher,
        author=author if author != publisher else None,
        published=published,
        url=stated.url,
        segments=segments,
        notes=(*notes, *repairs),
        **known,  # type: ignore[arg-type]
    )


def _publisher(stated: Stated) -> str | None:
    return publisher_name(simplified(stated.publisher)) if stated.publisher else None


def _published(stated: Stated) -> str | None:
    day = first_date(stated.published) if stated.published else None
    return day or (date_in_address(stated.url) if stated.url else None)


def _lines(text: str, headings: frozenset[int]) -> list[Line]:
    lines: list[Line] = []
    at, gap = 0, False
    for number, words in enumerate(text.split("\n")):
        plain = words.strip(" ")
        if plain:
            start = at + words.index(plain[0])
            lines.append(Line(plain, start, start + len(plain), gap, number in headings))
        gap = not plain
        at += len(words) + 1
    return lines


def _with_first_line_as_title(lines: list[Line]) -> Arrangement:
    arrangement = arrange(lines[1:])
    return replace(arrangement, title=lines[:1], joints=[], body=[*arrangement.title, *arrangement.body])


def _compose(page: TrackedText, arrangement: Arrangement) -> tuple[TrackedText, int]:
    """Title and body, one paragraph a line, runs of blanks made one; and the number of the title's characters."""
    pieces: list[Piece] = []
    for line, joint in zip(arrangement.title, ["", *arrangement.joints], strict=False):
        pieces += [*([joint] if joint else []), (line.start, line.end)]
    title = page.select(pieces).sub(_BLANKS, " ")
    for line in arrangement.body:
        pieces += [*(["\n"] if pieces else []), (line.start, line.end)]
    return page.select(pieces).sub(_BLANKS, " "), len(title)
