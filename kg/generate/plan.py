"""The plan: who does what, where and since when, with the truth that statistics should find again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.errors import UsageError
from kg.generate.world import KINDS, Family, World, words
from kg.model.iri import derived_iri

__all__ = ["Plan", "make_plan"]

_MEANS = (1.8, 1.3, 1.5, 1.0)
"""Concepts that articles give a practice, by kind: somewhat more than in the sample data."""
_AT_LEAST = (1, 0, 0, 0)
_KEPT = 0.85
"""Share of a family's concepts that each of its practices has."""
_STATED = 0.8
"""Share of practices of which an article says since when."""
_FIRST, _DAYS = np.datetime64("2016-01-01"), 2900
_UNITS = ("人次", "名", "期", "册")

Index = NDArray[np.int32]


@dataclass(frozen=True)
class Plan:
    """Practices 0 to n − 1, sorted by IRI: practice i of the plan is practice i of the columns."""

    seed: int
    world: World
    families: tuple[Family, ...]
    iri: list[str]
    name: list[str]
    town: Index
    """Place in ``world.towns``."""
    family: Index
    """Place in ``families``; −1 for a practice of its own kind."""
    day: NDArray[np.datetime64]
    """Since when."""
    stated: NDArray[np.bool_]
    """Whether its articles say that day."""
    published: NDArray[np.datetime64]
    start: NDArray[np.int64]
    concept: Index
    """``concept[start[i]:start[i + 1]]`` are the concepts of practice i in the world, ascending."""
    figure: NDArray[np.float64]
    """The figure it reports; NaN for none."""
    unit: NDArray[np.int8]
    planned: NDArray[np.bool_]
    inferred: NDArray[np.bool_]
    """Whether its place is inferred."""
    second: NDArray[np.bool_]
    """Whether a second article tells of it."""
    repost: NDArray[np.bool_]
    """Whether its article is reposted."""
    confidence: NDArray[np.float32]
    UNITS = _UNITS

    def __len__(self) -> int:
        return len(self.iri)


def make_plan(practices: int, seed: int = 1, *, families: int | None = None, share: float = 0.4) -> Plan:
    """Draw a plan; the same arguments give the same plan.

    Parameters
    ----------
    practices : how many.
    families : how many ideas are planted; default: one for 250 practices, at least 3. With 0 nothing is
        planted: places, concepts and days are independent of one another.
    share : part of the practices that belong to a family.

    Raises UsageError where a number is out of its range.
    """
    for right, what, option in (
        (practices >= 1, "the number of practices must be positive", "--practices"),
        (seed >= 0, "the seed must not be negative", "--seed"),
        ((families or 0) >= 0, "the number of families must not be negative", "--families"),
        (0 <= share <= 1, "the part of the practices must lie between 0 and 1", "--share"),
    ):
        if not right:
            raise UsageError(what, where=option)
    rng = np.random.default_rng(seed)
    world = World(practices, rng)
    count = max(3, practices // 250) if families is None else families
    family = _members(practices, count, share, rng)
    planted = [_family(world, rng, number) for number in range(count)]
    town, day = _where_and_when(world, planted, family, rng)
    start, concept = _concepts(world, planted, family, rng)
    name, iri = _names(world, family, planted, town, rng)
    plain = {
        "town": town,
        "family": family,
        "day": day,
        "stated": rng.random(practices) < _STATED,
        "published": day + rng.integers(10, 400, practices),
        "figure": np.where(rng.random(practices) < 0.6, np.ceil(rng.lognormal(5, 1.2, practices)), np.nan),
        "unit": rng.choice(len(_UNITS), practices, p=(0.5, 0.3, 0.15, 0.05)).astype(np.int8),
        "planned": rng.random(practices) < 0.08,
        "inferred": rng.random(practices) < 0.2,
        "second": rng.random(practices) < 0.15,
        "repost": rng.random(practices) < 0.05,
        "confidence": np.round(1 - rng.beta(1, 8, practices), 2).astype(np.float32),
    }
    order = np.array(sorted(range(practices), key=iri.__getitem__))
    sizes = np.diff(start)[order]
    begins = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    taken = np.repeat(start[:-1][order] - begins[:-1], sizes) + np.arange(int(begins[-1]))
    return Plan(
        seed=seed,
        world=world,
        families=tuple(planted),
        iri=[iri[at] for at in order],
        name=[name[at] for at in order],
        start=begins,
        concept=concept[taken],
        **{key: column[order] for key, column in plain.items()},
    )


def _members(practices: int, families: int, share: float, rng: np.random.Generator) -> Index:
    """Families of skewed sizes, the smallest of five or more where there is room."""
    family = np.full(practices, -1, dtype=np.int32)
    if families:
        inside = int(practices * share)
        weight = 1 / np.arange(3, families + 3) ** 0.6
        least = min(5, inside // families)
        extra = rng.choice(families, size=inside - least * families, p=weight / weight.sum())
        chosen = np.concatenate((np.repeat(np.arange(families), least), extra))
        family[rng.permutation(practices)[:inside]] = chosen
    return family


def _family(world: World, rng: np.random.Generator, number: int) -> Family:
    concepts: list[int] = []
    for kind, times in enumerate((2, 2, 2, 0)):  # any concept of the schemes, not the common ones alone
        known = [c for c in world.shares[kind][0].tolist() if not world.candidate[c]]
        concepts += [int(c) for c in rng.choice(known, size=times, replace=False)]
    table = words()["names"]
    pairs = len(table["second"]) * len(table["last"])
    second, last = divmod(number % pairs, len(table["last"]))
    reached = int(rng.integers(5, 15))
    provinces = rng.choice(world.provinces, size=reached, replace=False)
    gaps = np.concatenate(([0], rng.integers(45, 150, reached - 1)))
    starts = _FIRST + rng.integers(0, _DAYS // 3) + np.cumsum(gaps)
    return Family(
        table["second"][second] + table["last"][last],
        tuple(sorted(concepts)),
        tuple(provinces.tolist()),
        tuple(map(str, starts)),
    )


def _where_and_when(
    world: World, families: list[Family], family: Index, rng: np.random.Generator
) -> tuple[Index, NDArray[np.datetime64]]:
    count = len(family)
    town = rng.choice(len(world.towns), size=count, p=world.town_share).astype(np.int32)
    day = _FIRST + rng.integers(0, _DAYS, count)
    by_province = [np.flatnonzero(world.province == number) for number in range(world.provinces)]
    for number, planted in enumerate(families):
        members = np.flatnonzero(family == number)
        # Each province has one from its start on, as far as there are members; the others fall anywhere.
        turn = np.concatenate(
            (np.arange(len(planted.provinces)), rng.integers(0, len(planted.provinces), len(members)))
        )
        turn = turn[: len(members)]
        first = np.arange(len(members)) < len(planted.provinces)
        late = np.where(first, rng.integers(0, 20, len(members)), rng.integers(20, 900, len(members)))
        day[members] = np.array(planted.starts, dtype="datetime64[D]")[turn] + late
        for step, province in enumerate(planted.provinces):
            here = members[turn == step]
            towns = by_province[province]
            weight = world.town_share[towns]
            town[here] = rng.choice(towns, size=len(here), p=weight / weight.sum())
            _follow(world, town, day, here, rng)
    return town, day


def _follow(
    world: World, town: Index, day: NDArray[np.datetime64], here: NDArray[np.int64], rng: np.random.Generator
) -> None:
    """Within a province those of the first one's prefecture come first."""
    if len(here) < 3:
        return
    places = [world.towns[at][1].id for at in town[here]]
    first = places[int(np.argmin(day[here]))]
    near = np.array([place == first for place in places])
    order = np.lexsort((rng.random(len(here)), ~near))
    days = np.sort(day[here])
    day[here[order]] = days


def _concepts(
    world: World, families: list[Family], family: Index, rng: np.random.Generator
) -> tuple[NDArray[np.int64], Index]:
    count = len(family)
    loose = family < 0
    owners, drawn = [], []
    for kind, mean in enumerate(_MEANS):
        # A member has its family's concepts, and few of its own.
        rate = np.where(loose, mean - _AT_LEAST[kind], 0.3 if kind < 3 else mean)
        times = rng.poisson(rate) + np.where(loose, _AT_LEAST[kind], 0)
        owners.append(np.repeat(np.arange(count), times))
        drawn.append(world.draw(kind, int(times.sum()), rng))
    for number, planted in enumerate(families):
        members = np.flatnonzero(family == number)
        has = rng.random((len(members), len(planted.concepts))) < _KEPT
        rows, columns = np.nonzero(has)
        owners.append(members[rows])
        drawn.append(np.array(planted.concepts, dtype=np.int32)[columns])
    size = len(world.iri)
    keys = np.unique(np.concatenate(owners).astype(np.int64) * size + np.concatenate(drawn))
    start = np.searchsorted(keys // size, np.arange(count + 1)).astype(np.int64)
    return start, (keys % size).astype(np.int32)


def _names(
    world: World, family: Index, families: list[Family], town: Index, rng: np.random.Generator
) -> tuple[list[str], list[str]]:
    table = words()["names"]
    picks = [rng.integers(0, len(table[part]), len(family)).tolist() for part in ("first", "second", "last")]
    paths = ["/".join(place.name for place in path) for path in world.towns]
    seen: dict[tuple[int, str], int] = {}
    names, iris = [], []
    for at, (number, place) in enumerate(zip(family.tolist(), town.tolist(), strict=True)):
        first, second, last = (table[part][pick[at]] for part, pick in zip(table, picks, strict=True))
        name = first + (families[number].name if number >= 0 else second + last)
        times = seen[place, name] = seen.get((place, name), 0) + 1
        name += f"{times}号" if times > 1 else ""
        names.append(name)
        iris.append(derived_iri("practice", paths[place], name))
    return names, iris


assert len(KINDS) == len(_MEANS)
