"""What plans are drawn from: the places of the gazetteer and the concepts of the schemes, with skewed frequencies."""

from __future__ import annotations

import itertools
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.knowledge.gazetteer import Gazetteer, Place
from kg.knowledge.vocabulary import Vocabulary
from kg.model.iri import derived_iri

__all__ = ["KINDS", "Family", "World", "candidate_label", "words"]

KINDS = ("format", "audience", "topic", "organiser")
SLOTS = {"format": "formats", "audience": "audiences", "topic": "topics", "organiser": "organisers"}
_SCHEMES = {"format": ("activity", "mode"), "audience": ("audience",), "topic": ("topic",), "organiser": ("organiser",)}
_TAIL = {"format": 4.0, "audience": 2.0, "topic": 4.0, "organiser": 0.0}
"""Times practices ** 0.6: how many candidate concepts a kind has. Vocabularies grow like that (Heaps' law)."""


@dataclass(frozen=True)
class Family:
    """One planted idea: practices that are variants of it."""

    name: str
    """What the names of its practices end in."""
    concepts: tuple[int, ...]
    """Concepts of the world that most of its practices have."""
    provinces: tuple[int, ...]
    """Places of the provinces that it reaches, in the order in which it does."""
    starts: tuple[str, ...]
    """ISO day from which each of these has it, at the earliest."""


@cache
def words() -> dict[str, dict[str, Any]]:
    """What articles are worded with (``words.toml``)."""
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def candidate_label(kind: str, number: int) -> str:
    """The words of candidate concept ``number`` of a kind: different for each number below 900, then with a numeral."""
    table = words()["phrases"]
    parts = table["parts"]
    more, rest = divmod(number, len(parts) ** 2)
    first, second = divmod(rest, len(parts))
    numeral = "" if not more else f"{more + 1}号"
    return f"{parts[first]}{parts[second]}{numeral}{table[kind]}"


class World:
    """Places and concepts by number, and how often each comes up (Zipf, in an order that the seed shuffles).

    ``towns`` are paths of townships, province first; ``province`` and ``county`` number those of each.
    """

    def __init__(self, practices: int, rng: np.random.Generator) -> None:
        self._places(rng)
        self._concepts(practices, rng)

    def _places(self, rng: np.random.Generator) -> None:
        self.towns, self.province, self.county = _towns()
        self.provinces = int(self.province.max()) + 1
        counties = int(self.county.max()) + 1
        weight = _zipf(self.provinces, 0.7, rng)[self.province] * _zipf(counties, 0.6, rng)[self.county]
        self.town_share: NDArray[np.float64] = weight / weight.sum()

    def _concepts(self, practices: int, rng: np.random.Generator) -> None:
        vocabulary = Vocabulary.load()
        self.iri: list[str] = []
        self.label: list[str] = []
        self.candidate: list[bool] = []
        self.kind: list[int] = []
        self.shares: list[tuple[NDArray[np.int32], NDArray[np.float64]]] = []
        """A kind: its concepts and how often each comes up."""
        for code, kind in enumerate(KINDS):
            begin = len(self.iri)
            known = [c for c in vocabulary.concepts.values() if c.scheme in _SCHEMES[kind]]
            if kind == "organiser":  # only names that say their own kind
                known = [c for c in known if vocabulary.labels("organiser").get(c.pref_zh) == c]
            self.iri += [c.iri for c in known]
            self.label += [c.pref_zh for c in known]
            self.candidate += [False] * len(known)
            share = _zipf(len(known), 1.0, rng)
            tail = int(_TAIL[kind] * practices**0.6)
            if tail:
                labels = [candidate_label(kind, number) for number in range(tail)]
                self.iri += [derived_iri("candidate", SLOTS[kind], label) for label in labels]
                self.label += labels
                self.candidate += [True] * tail
                linked = {"format": 0.79, "audience": 0.94, "topic": 0.83}[kind]  # as measured on the gold
                share = np.concatenate((share * linked, _zipf(tail, 0.8, rng) * (1 - linked)))
            self.kind += [code] * (len(self.iri) - begin)
            self.shares.append((np.arange(begin, len(self.iri), dtype=np.int32), share / share.sum()))

    def draw(self, kind: int, times: int, rng: np.random.Generator) -> NDArray[np.int32]:
        """So many concepts of a kind, as often as they come up."""
        concepts, share = self.shares[kind]
        return concepts[rng.choice(len(concepts), size=times, p=share)]


def _zipf(count: int, power: float, rng: np.random.Generator) -> NDArray[np.float64]:
    share = 1.0 / np.arange(2, count + 2) ** power
    return np.asarray(rng.permutation(share / share.sum()), dtype=np.float64)


@cache
def _towns() -> tuple[list[tuple[Place, ...]], NDArray[np.int32], NDArray[np.int32]]:
    """Paths of all townships, province first; and the numbers of their provinces and counties."""
    gazetteer = Gazetteer.load()
    towns: list[tuple[Place, ...]] = []
    province: list[int] = []
    county: list[int] = []
    provinces = counties = 0
    for top in _provinces(gazetteer):
        before = len(towns)
        for place in _below(gazetteer, top):
            children = [child for child in gazetteer.children(place) if child.level == "township"]
            towns += [gazetteer.path(town) for town in children]
            province += [provinces] * len(children)
            county += [counties] * len(children)
            counties += bool(children)
        provinces += len(towns) > before  # of some the gazetteer lists no townships
    return towns, np.array(province, dtype=np.int32), np.array(county, dtype=np.int32)


def _provinces(gazetteer: Gazetteer) -> list[Place]:
    found: list[Place] = []
    for place in map(gazetteer.place, itertools.count()):  # the places above the villages are numbered first
        if place.level == "village":
            break
        if place.level == "province":
            found.append(place)
    return found


def _below(gazetteer: Gazetteer, place: Place) -> list[Place]:
    found = []
    for child in gazetteer.children(place):
        if child.level in ("prefecture", "county"):
            found += [child, *_below(gazetteer, child)]
    return found
