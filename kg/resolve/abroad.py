"""Where a text names places outside China: a district that follows them is no Chinese one, whatever its name."""

from __future__ import annotations

import re
from functools import cache

from kg.resolve.place_rules import place_rules

__all__ = ["ends_abroad"]

_LONGEST_UNIT = 5
"""Characters of a foreign place's name before its ending: 加利福尼亚 of 加利福尼亚州."""


def ends_abroad(text: str) -> frozenset[int]:
    """The offsets at which a foreign country, one of its large cities, or a unit named directly after them ends.

    >>> text = "韩国光州市西区"
    >>> [text[:end] for end in sorted(ends_abroad(text))]
    ['韩国', '韩国光州市', '韩国光州市西区']
    >>> ends_abroad("朝鲜族自治州")
    frozenset()
    """
    begins, unit = _patterns()
    ends: set[int] = set()
    for found in begins.finditer(text):
        at: int | None = found.end()
        while at is not None and at not in ends:
            ends.add(at)
            further = unit.match(text, at)
            at = further.end() if further else None
    return frozenset(ends)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rules = place_rules()
    names = "|".join(sorted(map(re.escape, rules["abroad"]), key=len, reverse=True))
    endings = "".join(rules["abroad_endings"])
    no_name = "".join(rules["not_in_names_abroad"])
    return (
        re.compile(rf"(?:{names})(?!族)·?"),
        re.compile(rf"(?:(?![{no_name}])[\u4e00-\u9fff]){{1,{_LONGEST_UNIT}}}?[{endings}](?![{endings}])·?"),
    )
