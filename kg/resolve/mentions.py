"""The places that an article itself names: runs of adjacent names, read as addresses."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from kg.knowledge.gazetteer import Gazetteer, Place, PlaceMatch
from kg.model import Article

__all__ = ["Address", "PlaceContext", "place_rules", "plausible"]


@cache
def place_rules() -> dict[str, Any]:
    """The word lists of ``place_rules.toml``."""
    return tomllib.loads(resources.files(__package__).joinpath("place_rules.toml").read_text(encoding="utf-8"))


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
    """Whether the words around a name let it be a place's: not 南京 in 南京路, not 发展乡 in 发展乡村."""
    after = text[match.end : match.end + 3]
    rules = place_rules()
    if after.startswith("街") and not after.startswith("街道"):
        return False
    if any(after.startswith(word) for word in rules["not_a_place_before"]):
        return False
    township = match.candidates[0].level == "township"
    return not (township and after.startswith(tuple(rules["township_not_before"])))


def addresses(text: str, gazetteer: Gazetteer, where: str = "body") -> Iterator[Address]:
    """The addresses of a text, in its order."""
    run: list[PlaceMatch] = []
    options: tuple[Place, ...] = ()
    joining = frozenset(place_rules()["joining"])
    for match in gazetteer.find(text):
        if not plausible(match, text):
            continue
        if run and text[run[-1].end : match.start] in joining:
            inside = tuple(
                place
                for place in match.candidates
                if any(place.id != above.id and gazetteer.lies_in(place, above) for above in options)
            )
            if inside:
                run.append(match)
                options = _highest(inside)
                continue
        if run:
            yield Address(run[0].start, run[-1].end, tuple(run), options, where)
        run, options = [match], match.candidates
    if run:
        yield Address(run[0].start, run[-1].end, tuple(run), options, where)


def _highest(places: Sequence[Place]) -> tuple[Place, ...]:
    """Of places where one lies above the other by the same short name (恩施州, 恩施市), those of the higher level."""
    order = {"province": 0, "prefecture": 1, "county": 2, "zone": 2, "township": 3, "village": 4}
    top = min(order[place.level] for place in places)
    return tuple(place for place in places if order[place.level] == top)


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
        self.matches = tuple(match for match in gazetteer.find(text) if plausible(match, text))
        found = list(addresses(text, gazetteer))
        if title and title_span is None:
            found += addresses(title, gazetteer, "title")
        if publisher:
            found += addresses(publisher, gazetteer, "publisher")
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
        for match in reversed(self.matches):
            if match.end > at:
                continue
            if self.text[match.end : at] not in joining:
                break
            run.append(match)
            at = match.start
        return tuple(reversed(run))

    def occurrences(self, name: str) -> list[int]:
        """Where the text has these words."""
        found, at = [], self.text.find(name)
        while at >= 0:
            found.append(at)
            at = self.text.find(name, at + 1)
        return found


def _settle(found: list[Address], gazetteer: Gazetteer) -> tuple[Address, ...]:
    """Narrow the addresses that can mean several places by those that are clear; leave out ordinary words.

    A name that a province has too means the province (吉林, 海南). Of several places of one name those count that lie
    in a place the article names; else those of the highest level.
    """
    found = [address for address in found if not address.common]
    clear = [address.place for address in found if address.place]
    settled = []
    for address in found:
        options = address.options
        if len(options) > 1:
            top = _highest(options)
            inside = tuple(
                place
                for place in options
                if any(place.id != known.id and gazetteer.lies_in(place, known) for known in clear)
            )
            province = len(top) == 1 and top[0].level == "province"
            options = inside if inside and not province else top
        settled.append(Address(address.start, address.end, address.matches, options, address.where))
    return tuple(settled)
