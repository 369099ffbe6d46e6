"""Quotations: what stands between quotation marks, nested ones too.

An opening mark without a closing one within the paragraph is left alone: nothing is guessed from unbalanced marks.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg.extract.text.layout import Layout
from kg.extract.text.page import Page, Quotation

__all__ = ["find_quotations", "quotation_lists", "whole_quotations"]

_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", "〈": "〉", "【": "】"}
_CLOSING = set(_PAIRS.values())
_LONGEST = 400
"""Characters; a longer stretch between two marks is a speech or a lost mark, not a name."""


def find_quotations(text: str, layout: Layout) -> list[Quotation]:
    """All quotations in the order of their opening marks; straight marks (") are paired in turn within a paragraph."""
    found: list[Quotation] = []
    for paragraph in layout.paragraphs:
        stack: list[tuple[str, int]] = []
        for at in range(paragraph.start, paragraph.end):
            char = text[at]
            if char == '"':
                if stack and stack[-1][0] == '"':
                    _close(found, stack, at)
                else:
                    stack.append((char, at))
            elif char in _PAIRS:
                stack.append((char, at))
            elif char in _CLOSING:
                # drop openings that were never closed, if one below them fits
                fitting = next((i for i in range(len(stack) - 1, -1, -1) if _PAIRS.get(stack[i][0]) == char), None)
                if fitting is not None:
                    del stack[fitting + 1 :]
                    _close(found, stack, at)
    return sorted(found, key=lambda quotation: (quotation.start, -quotation.end))


def _close(found: list[Quotation], stack: list[tuple[str, int]], at: int) -> None:
    mark, opened = stack.pop()
    if 0 < at - opened - 1 <= _LONGEST:
        found.append(Quotation(opened + 1, at, mark, len(stack)))


def quotation_lists(page: Page) -> list[list[Quotation]]:
    """Quotations grouped by the list they stand in (“甲”“乙”、“丙”); one that stands alone is a group of one."""
    groups: list[list[Quotation]] = []
    for quotation in page.quotations:
        if quotation.mark == "《" or quotation.depth:
            continue
        between = page.text[groups[-1][-1].end + 1 : quotation.start - 1] if groups else "。"
        if groups and between in ("", "、", "和", "与", "及", "以及", " "):
            groups[-1].append(quotation)
        else:
            groups.append([quotation])
    return groups


def whole_quotations(page: Page, start: int, end: int, within: tuple[int, int] | None = None) -> tuple[int, int] | None:
    """The span with both marks of each quotation that it has one of; nothing where one stands outside ``within``.

    Without ``within`` only marks right beside the span are taken in.
    """
    partners = page.partner_marks
    least, most = within or (start, end)
    if within is None:
        while least - 1 in partners:
            least -= 1
        while most in partners:
            most += 1
    asked: Iterable[int] = range(start, end)
    while lacking := [partners[at] for at in asked if at in partners and not start <= partners[at] < end]:
        before, after = min(start, *lacking), max(end, *(at + 1 for at in lacking))
        if before < least or after > most:
            return None
        asked = (*range(before, start), *range(end, after))
        start, end = before, after
    return start, end
