"""Words that name several places at once, parted: 四川绵阳 is 四川 and 绵阳, and a body's name begins with its place.

LAC takes a place and what stands before or behind it for one word (绵阳石塘村, 天河区石牌街道社区卫生服务中心). A place
within a word could be nobody's region, since phrases are runs of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from kg.extract.text.page import Word
from kg.knowledge.gazetteer import Gazetteer, Place

__all__ = ["part_places"]

_PARTED = ("LOC", "ORG")
_SHORTEST = 4
"""Characters of two names of two each."""
_REST = 2
"""Characters that are left behind a place, at least: 南京路 and 河南村 are names of their own."""
_REMEMBERED = 65_536
"""Words whose cuts are kept."""
_UNIT = re.compile(r"[\u4e00-\u9fff]{2,6}?(?:街道|镇|乡|社区|村)(?!街道|镇|乡|村|社区(?:$|党|居|书))")
_STREET = re.compile(r"(?:[东西南北中]?[一二三四五]?(?:大?[街路道桥门]|村|镇|乡|社区))")
"""What makes a city's short name the beginning of a street's (北京东路, 南京路社区) or of a village's (河南村)."""


def part_places(text: str, words: Iterable[Word]) -> Iterator[Word]:
    """The words, those of places and bodies cut behind each place that they begin with."""
    for start, end, tag in words:
        if tag in _PARTED and end - start >= _SHORTEST:
            at = start
            for cut in _cuts(text[start:end]):
                yield at, start + cut, "LOC"
                at = start + cut
            yield at, end, tag
        else:
            yield start, end, tag


@lru_cache(maxsize=_REMEMBERED)
def _cuts(word: str) -> tuple[int, ...]:
    """The ends of the places that a word begins with, each within the one before; what is left of the word is never empty."""
    gazetteer = Gazetteer.load()
    cuts = [0]
    above: Sequence[Place] = ()
    for match in gazetteer.find(word):
        rest = word[match.end :]
        if match.start != cuts[-1]:
            break
        if not rest:
            return tuple(cuts[1:])
        inside = gazetteer.below(match.candidates, above) if above else match.candidates
        if not inside or (match.common and not above) or len(rest) < _REST or (match.short and _STREET.match(rest)):
            break
        cuts.append(match.end)
        above = inside
    unit = _UNIT.match(word, cuts[-1])
    if unit and len(word) - unit.end() >= _REST:
        cuts.append(unit.end())
    return tuple(cuts[1:])
