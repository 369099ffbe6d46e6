"""The places that an article itself names: runs of adjacent names, read as addresses."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.knowledge.gazetteer import Gazetteer, Place, PlaceMatch
from kg.knowledge.gazetteer.place import DEPTH
from kg.model import Article
from kg.resolve.abroad import ends_abroad
from kg.resolve.lying_in import lying_in
from kg.resolve.place_rules import place_rules

__all__ = ["Address", "PlaceContext", "highest", "plausible", "small"]


_LONGEST_PART = 3
"""How many characters of a longer name may stand before a township's name that it ends in."""


_MOST = 40
"""How many occurrences of a name are looked at: an article that has more says nothing new in the later ones."""


@dataclass(frozen=True)
class Address:
    """Adjacent names of places of which each lies in the one before: 浙江杭州上城区.

    ``options`` are the places that the last name can mean, consistent with the names before it; one where it is clear.
    """

    start: int
    end: int
    matches: tuple[PlaceMatch, ...]
    options: tuple[Place, ...]
    where: str = "body"
    """``body``, ``title`` or ``publisher`` (whose offsets are not the text's)."""

    @property
    def place(self) -> Place | None:
        """The place, where it is clear which."""
        return self.options[0] if len(self.options) == 1 else None

    @property
    def common(self) -> bool:
        """Whether it is a single name that is also an ordinary word."""
        return len(self.matches) == 1 and self.matches[0].common


def plausible(match: PlaceMatch, text: str) -> bool:
    """Whether the words around a name let it be a place's: not 南京 in 南京路, not 芙蓉 in 芙蓉村."""
    after = text[match.end : match.end + 3]
    rules = place_rules()
    if match.short and match.candidates[0].level != "province" and after.startswith(tuple(rules["short_not_before"])):
        return False
    if after.startswith("街") and not after.startswith("街道"):
        return False
    if any(after.startswith(word) for word in rules["not_a_place_before"]):
        return False
    township = match.candidates[0].level == "township"
    return not (township and after.startswith(tuple(rules["township_not_before"])))


def _plausible_matches(text: str, gazetteer: Gazetteer) -> Iterator[PlaceMatch]:
    """The names of a text that can be places; one that another name follows at once is (石家庄 in 石家庄桥西区).

    Counties and townships directly after a place abroad are left out (江南区 in 首尔江南区).
    """
    found = gazetteer.find(text)
    starts, abroad = {match.start for match in found}, ends_abroad(text)
    end = -1
    for match in found:
        if match.start in abroad and match.start != end and small(match.candidates):
            continue
        if match.end in starts or plausible(match, text):
            end = match.end
            yield match


def small(places: Iterable[Place]) -> bool:
    """Whether none is above a county, nor a zone: names that may be those of places abroad, too.

    中国新加坡苏州工业园区 is in Suzhou, and cities have names of their own.
    """
    return all(place.level in ("county", "township", "village") for place in places)


def _addresses(text: str, found: Iterable[PlaceMatch], gazetteer: Gazetteer, where: str) -> Iterator[Address]:
    """The addresses of a text, in its order."""
    run: list[PlaceMatch] = []
    options: tuple[Place, ...] = ()
    joining = frozenset(place_rules()["joining"])
    for match in found:
        if run and text[run[-1].end : match.start] in joining:
            inside = lying_in(match.candidates, options, gazetteer)
            if inside:
                run.append(match)
                options = highest(inside)
                continue
        if run and _ends_longer_name(match, run[-1], text) and not _any_in(match, options, gazetteer):
            continue  # 桥西区红旗大街街道 is a street that no list has, and not 大街街道 of another city
        if run:
            yield Address(run[0].start, run[-1].end, tuple(run), options, where)
        run, options = [match], match.candidates
    if run:
        yield Address(run[0].start, run[-1].end, tuple(run), options, where)


def _ends_longer_name(match: PlaceMatch, before: PlaceMatch, text: str) -> bool:
    """Whether an ordinary word or a township's name stands so close after another name that it may be part of one."""
    between = text[before.end : match.start]
    if len(between) > _LONGEST_PART or not all("\u4e00" <= sign <= "\u9fff" for sign in between):
        return False
    return match.common or (bool(between) and match.candidates[0].level == "township")


def _any_in(match: PlaceMatch, above: Sequence[Place], gazetteer: Gazetteer) -> bool:
    return any(gazetteer.lies_in(place, upper) for place in match.candidates for upper in above)


def highest(places: Sequence[Place]) -> tuple[Place, ...]:
    """Of places where one lies above the other by the same short name (恩施州, 恩施市), those of the higher level."""
    top = min(DEPTH[place.level] for place in places)
    return tuple(place for place in places if DEPTH[place.level] == top)


class PlaceContext:
    """What an article says of where it takes place: its text, title, publisher, and the addresses in them.

    >>> context = PlaceContext("在安徽合肥，居民来上课。", Gazetteer.load(), publisher="江津融媒体中心")
    >>> [[match.name for match in address.matches] for address in context.addresses]
    [['安徽', '合肥'], ['江津']]
    """

    def __init__(
        self,
        text: str,
        gazetteer: Gazetteer,
        *,
        title: str | None = None,
        publisher: str | None = None,
        title_span: tuple[int, int] | None = None,
    ) -> None:
        self.text, self.title, self.publisher, self.gazetteer = text, title, publisher, gazetteer
        if title and title_span is None and (at := text.find(title)) >= 0:
            title_span = at, at + len(title)
        self.title_span = title_span
        self.matches = tuple(_plausible_matches(text, gazetteer))
        self._starts = [match.start for match in self.matches]
        self._abroad = ends_abroad(text)
        found = list(_addresses(text, self.matches, gazetteer, "body"))
        if title and title_span is None:
            found += _addresses(title, _plausible_matches(title, gazetteer), gazetteer, "title")
        if publisher:  # of a publisher every name counts: 温州日报 stands for 温州
            found += _addresses(publisher, gazetteer.find(publisher), gazetteer, "publisher")
        self.addresses: tuple[Address, ...] = _settle(found, gazetteer)

    @classmethod
    def of(cls, article: Article, gazetteer: Gazetteer) -> PlaceContext:
        """The context of an article as it was read."""
        return cls(
            article.text, gazetteer, title=article.title, publisher=article.publisher, title_span=article.title_span
        )

    def before(self, at: int) -> tuple[PlaceMatch, ...]:
        """The names of places that stand directly before an offset of the text, first to last: 浙江, 杭州."""
        joining = frozenset(place_rules()["joining"])
        run: list[PlaceMatch] = []
        for index in range(bisect_left(self._starts, at) - 1, -1, -1):
            found = self.matches[index]
            match = self._cut(found, at) if found.start < at < found.end else found
            if match is None or match.end > at:
                continue
            if self.text[match.end : at] not in joining:
                break
            run.append(match)
            at = match.start
        return tuple(reversed(run))

    def after_abroad(self, at: int) -> bool:
        """Whether a place abroad, and none of China, stands directly before an offset of the text."""
        return at in self._abroad and not self.before(at)

    def readings(self, start: int, end: int) -> tuple[Place, ...]:
        """What the addresses can mean that have the name from ``start`` to ``end``, and go on behind it."""
        return tuple(
            place
            for address in self.addresses
            if address.where == "body" and address.start <= start and address.end > end
            if any(match.end == end for match in address.matches)
            for place in address.options
        )

    def _cut(self, match: PlaceMatch, at: int) -> PlaceMatch | None:
        """The shorter name that ends at an offset: 枣庄 of 枣庄市 where 市中区 begins there (枣庄市中区)."""
        name = self.text[match.start : at]
        places = tuple(self.gazetteer.candidates(name, ("province", "prefecture", "county", "zone")))
        return PlaceMatch(match.start, at, name, places, True, False) if places else None

    def occurrences(self, name: str) -> list[int]:
        """Where the text has these words, the first ``_MOST`` times."""
        found: list[int] = []
        at = self.text.find(name)
        while at >= 0 and len(found) < _MOST:
            found.append(at)
            at = self.text.find(name, at + 1)
        return found


def _settle(found: list[Address], gazetteer: Gazetteer) -> tuple[Address, ...]:
    """Narrow the addresses that can mean several places by those that are clear; leave out ordinary words.

    A name that a province has too means the province (吉林, 海南). Of several places of one name that one counts which
    the article names clearly elsewhere; else those that lie in the narrowest place it names; else the highest level.
    """
    found = [address for address in found if not address.common]
    clear = [address.place for address in found if address.place]
    settled = []
    for address in found:
        options = address.options
        if len(options) > 1:
            top = highest(options)
            speaks = [_said(place, clear, gazetteer) for place in options]
            inside = tuple(place for place, said in zip(options, speaks, strict=True) if said and said == max(speaks))
            province = len(top) == 1 and top[0].level == "province"
            options = inside if inside and not province else top
        settled.append(Address(address.start, address.end, address.matches, options, address.where))
    return tuple(settled)


def _said(place: Place, clear: Sequence[Place], gazetteer: Gazetteer) -> int:
    """How far down the article's clear places name this one: all the way, or to a level above; 0 for not at all."""
    named = {known.id for known in clear}
    path = gazetteer.path(place)
    return max((depth for depth, step in enumerate(path, 1) if step.id in named), default=0)
