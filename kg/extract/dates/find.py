"""Dates: every expression of the text that could date a practice, resolved against the day of publication.

Absolute and relative days, months, years, seasons and feasts, spans up to publication, durations, recurrences. Which
practice a date belongs to is decided later; ``attachable`` is False for those that never belong to one, and
``confidence`` is how often annotators gave a date of this kind to a practice of its sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg.extract.dates.patterns import Pattern, begins, by_lead, date_words, patterns
from kg.extract.dates.points import POINT_READERS
from kg.extract.dates.spans import SPAN_READERS
from kg.extract.dates.values import Around, Parts, Reading, between, read_published, since, stated_year
from kg.extract.text.layout import Paragraph
from kg.extract.text.page import Page

__all__ = ["DateMention", "find_dates"]

_HALF_WIDTH = str.maketrans("０１２３４５６７８９－／．", "0123456789-/.")
_FULL_WIDTH = re.compile("[０-９－／．]")
_COMMA = "，,。；;：:！!？?"
_LINK = re.compile(r"\s?(?:起)?\s?(?:至|到|—{1,2}|–|--?|~|～)\s?")
_SINCE = re.compile(r"(?:份)?(?:以来|至今(?![年天日晚])|到(?:现在|目前|如今))")
_READERS = SPAN_READERS | POINT_READERS
_SPANS = {"quarter", "half"}
"""Kinds that begin at a point but are no point."""
_NO_ANCHOR = {"stamp", "near", "ago", "plan_year"}
_WINDOW = 60
"""Characters either side of a date that are looked at: a line without any punctuation takes no longer than another."""
_DATELINE_LONGEST = 60
"""Characters; a longer line is no dateline."""


@dataclass(frozen=True)
class DateMention:
    """One date expression of the text."""

    start: int
    end: int
    text: str
    iso: str | None
    """ISO 8601 date, month, year, interval, duration or repetition; None where nothing resolves it."""
    role: str
    """``start``, ``held``, ``opened``, ``period`` or ``recurrence``."""
    confidence: float
    """That it belongs to a practice that its sentence is about, 0 to 1."""
    attachable: bool
    kind: str
    """The pattern that found it (``dates.toml``)."""


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    kind: str
    reading: Reading


def find_dates(page: Page) -> list[DateMention]:
    """All date expressions in the order of the text; time grows linearly with the text."""
    text = page.text.translate(_HALF_WIDTH) if _FULL_WIDTH.search(page.text) else page.text
    published = read_published(page.published)
    mentions: list[DateMention] = []
    around = Around(published, words=date_words()["eras"])
    for paragraph in page.layout.paragraphs:
        around.month = None
        header = paragraph.kind == "title" or _is_dateline(text, paragraph)
        for start, end in paragraph.sentences:
            around.year = None
            found = _joined(text, _in_sentence(page, text, start, end, around), published)
            aside = header or (bool(found) and bool(_any_of("national").search(text, start, end)))
            for one in found:
                clause = slice(*_clause(text, one.start, one.end, start, end))
                # what returns every week is nobody's history, whoever speaks of it
                background = header if one.reading.shape == "recurrence" else aside
                background = background or _is_background(text, one, clause)
                mentions.append(_mention(page.text, one, _role(text, one, clause), not background))
    return mentions


def _in_sentence(page: Page, text: str, start: int, end: int, around: Around) -> list[_Found]:
    next_begin = begins().search
    found: list[_Found] = []
    position, opening = start, end - len(text[start:end].lstrip())
    while gate := next_begin(text, position, end):
        begin, position = gate.start(), gate.end()
        hit = _hit(page, text, begin, end)
        if hit is None:
            continue
        pattern, match = hit
        around.future = bool(_any_of("future").search(text, *_clause(text, begin, match.end(), start, end)))
        around.opening = begin == opening
        reading = _READERS[pattern.kind](match, around)
        if reading is None:
            # a day that the calendar does not have: what stands inside it is no other (2023年2月29日 no 2月29日), its year counts
            if pattern.kind in POINT_READERS:
                position, around.year = match.end(), stated_year(match, around)[1] or around.year
            continue
        position = match.end()
        found.append(_Found(begin, position, pattern.kind, reading))
        if reading.parts and pattern.kind not in _NO_ANCHOR:
            around.year = around.latest = reading.parts[0]
            if reading.parts[1] and pattern.kind not in _SPANS:
                around.month = (reading.parts[0], reading.parts[1])
    return found


def _hit(page: Page, text: str, begin: int, end: int) -> tuple[Pattern, re.Match[str]] | None:
    """The pattern that reads something here, and its match; one that ends within a word is read up to that word."""
    hit = by_lead()[text[begin]].match(text, begin, end)
    if hit is None:
        return None
    pattern = patterns()[str(hit.lastgroup)]
    # the same pattern alone, for its named parts
    match = pattern.regex.match(text, begin, end)
    if match is None or (text[begin] == "到" and _reads_further(page, text, match, end)):
        return None
    if not page.words:
        return pattern, match
    if _amid_words(page, match):
        return None
    if pattern.kind in _WHOLE_WORDS:
        first, last, tag = page.words[page.word_at(match.end() - 1)]
        if begin < first and match.end() < last and tag not in _DATE_TAGS:
            return _hit(page, text, begin, first)
    return pattern, match


def _reads_further(page: Page, text: str, match: re.Match[str], end: int) -> bool:
    """Whether the words behind a 到 are a longer date without it: 到|今年2月."""
    behind = _hit(page, text, match.start() + 1, end) if text[match.start() + 1] in by_lead() else None
    return behind is not None and behind[1].end() > match.end()


_WHOLE_WORDS = {"year", "days", "day", "week_day"}
"""Kinds that end with a word."""
_DATE_TAGS = ("TIME", "m")


def _amid_words(page: Page, match: re.Match[str]) -> bool:
    """Whether a year named in words is none, since its first character ends another word: 不同|年龄, 如今|年轻人."""
    relative = next((name for name in ("rel", "short") if match.re.groupindex.get(name) and match[name]), None)
    if relative is None:
        return False
    start, end = match.span(relative)
    first, last, tag = page.words[page.word_at(start)]
    return first < start and (last < end or tag not in _DATE_TAGS)


def _joined(text: str, found: list[_Found], published: Parts | None) -> list[_Found]:
    """Two points with 至 between them are one interval; one with 以来 or 至今 after it runs up to publication."""
    joined: list[_Found] = []
    for one in found:
        last = joined[-1] if joined else None
        if (
            last
            and _open(last)
            and _open(one)
            and _LINK.fullmatch(text, last.end, one.start + (text[one.start] == "到"))
        ):
            reading = between(last.reading.parts, _read_on(one, last.reading.parts))
            joined[-1] = _Found(last.start, one.end, "range", reading)
            continue
        after = _SINCE.match(text, one.end) if _open(one) or one.kind in _SPANS else None
        if after:
            reading = _since(text[one.start : one.end], one, published)
            joined.append(_Found(one.start, after.end(), "since", reading))
        else:
            joined.append(one)
    return joined


def _since(words: str, one: _Found, published: Parts | None) -> Reading:
    """From a point up to publication; the end of a month or year and the turn of a season begin on no certain day."""
    first = one.reading.parts
    if first and first[1] and words.endswith(("中旬", "下旬")):
        first = (first[0], first[1], 11 if words.endswith("中旬") else 21)
    return since(first, published, vague=one.kind == "turn" or words.endswith(("底", "末")))


def _open(one: _Found) -> bool:
    return one.reading.shape == "point" and one.kind not in ("stamp", "ago")


def _read_on(one: _Found, first: Parts | None) -> Parts | None:
    """The end of an interval is not before its beginning: 8月4日—10日, 11月至1月."""
    last = one.reading.parts
    if first and last and one.kind in ("day", "month") and last[:2] < first[:2]:
        return first[0] + ((last[1] or 0) < (first[1] or 0)), last[1], last[2]
    return last


def _mention(text: str, one: _Found, role: str, attachable: bool) -> DateMention:
    confidence = date_words()["confidence"][one.kind] if attachable else 0.0
    words = text[one.start : one.end]
    return DateMention(one.start, one.end, words, one.reading.iso, role, confidence, confidence > 0, one.kind)


def _clause(text: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """The clause that holds a date; one that is a clause of its own (今年，…) goes with the next."""
    first, last = max(first, start - _WINDOW), min(last, end + _WINDOW)
    begin = next((at + 1 for at in range(start - 1, first - 1, -1) if text[at] in _COMMA), first)
    return begin, next((at for at in range(end + 1, last) if text[at] in _COMMA), last)


def _is_dateline(text: str, paragraph: Paragraph) -> bool:
    """A short line without a full stop that carries a date as a page does: 来源：…  2024-05-01 10:20."""
    line = text[paragraph.start : paragraph.end]
    if len(line) > _DATELINE_LONGEST or "。" in line:
        return False
    return bool(_any_of("dateline").search(line) or _STAMP_LINE.search(line))


_STAMP_LINE = re.compile(
    r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|(?:19|20)\d\d年\d{1,2}月(?:\d{1,2}日)?\s*$|^\s*(?:19|20)\d\d年\d{1,2}月\d{1,2}日"
)


def _is_background(text: str, one: _Found, clause: slice) -> bool:
    """A date of a life or of a document; 截至 says when something was counted."""
    before, after, words = text[max(one.start - 3, 0) : one.start], text[one.end : one.end + 6], text[clause]
    if one.reading.shape == "recurrence":
        # 每日一题 is a name, 每人每月 a rule of payment
        return before.endswith(("每人", "每户", "人均")) or (one.kind == "every" and bool(_EACH.match(after)))
    if before.endswith(("截至", "截止", "截止到", "截至到", "较", "比", "到目前")) or _ASIDE.match(after):
        return True
    if one.kind in _COUNTED_UNTIL and before.endswith("到"):
        return True
    if one.kind in _BY_KIND and _BY_KIND[one.kind](text, one, clause):
        return True
    if _any_of("life").search(words):
        return True
    return one.reading.shape == "point" and bool(_any_of("document").search(words))


_COUNTED_UNTIL = ("month", "year_edge", "day", "quarter", "half", "season")
"""Kinds that say behind a 到 until when something was counted: 到今年5月，共办课30期."""
_EACH = re.compile("一[题课句]|[人户]")
_ASIDE = re.compile(r"\d{2}(?:多|余)?岁|周岁|的?党龄|的?工龄|以来的|同期|相比|相较")
"""An age, or what something is compared with: 与去年同期相比, 和去年相比."""


def _today_is(text: str, one: _Found, clause: slice) -> bool:
    """今天 opens a bulletin; 这两天 dates what is told."""
    return text[one.start : one.start + 2] in ("今天", "今日")


def _feast_as_theme(text: str, one: _Found, clause: slice) -> bool:
    """闹元宵, 重阳糕: the feast dates an event only where it opens the clause or carries a word of time."""
    first = text[one.start]
    if one.reading.parts is None or one.end - one.start > 4 or first.isdigit() or first in "今去前明":
        return False
    return one.start > clause.start and text[one.start - 1] not in "在于值逢是从自"


def _break_as_theme(text: str, one: _Found, clause: slice) -> bool:
    """暑期课堂 is a kind of class."""
    return one.end - one.start == 2 and text[one.end : one.end + 1] not in "，里、"


def _anniversary(text: str, one: _Found, clause: slice) -> bool:
    return text.startswith("是", one.end)


def _in_passing(text: str, one: _Found, clause: slice) -> bool:
    """A bare 三个月 counts where it says how long a practice took to bring what the clause goes on to tell."""
    after = text[one.end : clause.stop]
    if text[one.start : one.end] in ("一天", "1天") or after.startswith(("的", "以上", "办结", "而")):
        return True
    return text[max(clause.start, one.start - 4) : one.start].endswith(tuple(date_words()["words"]["rule"]))


_BY_KIND = {
    "near": _today_is,
    "feast": _feast_as_theme,
    "break": _break_as_theme,
    "year": _anniversary,
    "duration": _in_passing,
}


def _role(text: str, one: _Found, clause: slice) -> str:
    if one.reading.shape in ("recurrence", "period"):
        return one.reading.shape
    before, after = text[max(clause.start, one.start - 4) : one.start], text[one.end : clause.stop]
    if after.startswith(("起", "开始")) or before.endswith(("自", "从")):
        return "start"
    nearest = [(word.start(), role) for role in ("opened", "start") if (word := _any_of(role).search(after))]
    if nearest:
        return min(nearest)[1]
    iso = one.reading.iso or ""
    return "period" if len(iso) == 4 else "held"


@cache
def _any_of(name: str) -> re.Pattern[str]:
    """One of the word lists of ``dates.toml``, as a pattern."""
    return re.compile("|".join(map(re.escape, sorted(date_words()["words"][name], key=len, reverse=True))))
