"""Which features practices of different regions have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from kg.errors import UsageError
from kg.query.columns import FEATURES, LEVELS, Columns

__all__ = ["SharedFeature", "shared_features"]

_Key = tuple[tuple[str, str], ...]
"""One or two (kind, concept)."""


@dataclass(frozen=True)
class SharedFeature:
    """A feature, or two together, that practices of several regions have."""

    features: _Key
    """(kind, IRI of the concept), one or two of them."""
    practices: tuple[str, ...]
    """IRIs, sorted."""
    regions: tuple[str, ...]
    """IRIs of the regions at the level asked for, sorted."""
    evidence: tuple[tuple[str, str], ...]
    """(practice, IRI of the evidence) for each statement that the feature rests on; the regions take turns."""


def shared_features(
    columns: Columns,
    *,
    level: str = "province",
    min_regions: int = 2,
    features: Sequence[str] = FEATURES,
    combine: int = 1,
    stated_only: bool = False,
    min_confidence: float = 0.0,
) -> list[SharedFeature]:
    """Features that practices of at least ``min_regions`` regions share, the widest spread first.

    Parameters
    ----------
    level : administrative level at which two places count as different.
    features : kinds of features to compare by.
    combine : 2 to ask for pairs of features that one practice has together.
    stated_only : leave out what was inferred (a place taken over from the headline, for one).
    min_confidence : leave out statements of a lower confidence, from 0 to 1.

    A practice with a concept has all broader ones too; a broader concept is listed only where it says more than a
    narrower one does. An article that reposts another is no witness of its own.

    Raises
    ------
    UsageError : a level or a kind of feature that does not exist, or a number out of its range.
    """
    _check(level, min_regions, features, combine, min_confidence)
    statements = [s for s in columns.statements if s.confidence >= min_confidence and not (stated_only and s.inferred)]
    region_of: dict[str, set[str]] = defaultdict(set)
    has: dict[str, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for s in statements:
        if s.relation in features:
            for concept in columns.above(s.value):
                has[s.practice][(s.relation, concept)].append(s.evidence)
        elif s.relation == "region" and (region := columns.region_at(s.value, level)):
            region_of[s.practice].add(region)
    bearers: dict[_Key, list[str]] = defaultdict(list)
    for practice in sorted(has.keys() & region_of.keys()):
        for key in _keys(has[practice], combine, columns):
            bearers[key].append(practice)
    found = []
    for key, practices in bearers.items():
        regions = sorted(set().union(*(region_of[p] for p in practices)))
        if len(regions) >= min_regions:
            grounds = [(p, e) for p in _in_turns(practices, region_of) for f in key for e in sorted(set(has[p][f]))]
            found.append(SharedFeature(key, tuple(practices), tuple(regions), tuple(grounds)))
    found = _most_specific(found, columns)
    return sorted(found, key=lambda f: (-len(f.regions), -len(f.practices), _label(f, columns)))


def _check(level: str, min_regions: int, features: Sequence[str], combine: int, min_confidence: float) -> None:
    if level not in LEVELS:
        raise UsageError(f"no such level: {level}", where="--level", remedy="use one of " + ", ".join(LEVELS))
    for feature in features:
        if feature not in FEATURES:
            raise UsageError(
                f"no such feature: {feature}", where="--feature", remedy="use one of " + ", ".join(FEATURES)
            )
    if min_regions < 1:
        raise UsageError("at least one region is needed", where="--min-regions")
    if combine not in (1, 2):
        raise UsageError("features are taken alone or by twos", where="--combine", remedy="use 1 or 2")
    if not 0 <= min_confidence <= 1:
        raise UsageError("a confidence lies between 0 and 1", where="--min-confidence")


def _keys(has: dict[tuple[str, str], list[str]], combine: int, columns: Columns) -> Iterator[_Key]:
    features = sorted(has)
    if combine == 1:
        yield from ((feature,) for feature in features)
        return
    for one, other in combinations(features, 2):
        # A concept beside a broader one of its own says nothing more than the concept alone.
        if one[0] != other[0] or (one[1] not in columns.above(other[1]) and other[1] not in columns.above(one[1])):
            yield (one, other)


def _in_turns(practices: list[str], region_of: dict[str, set[str]]) -> list[str]:
    """The practices in an order in which a reader soon sees each region."""
    turns: dict[str, int] = defaultdict(int)
    ranked = []
    for practice in practices:
        region = min(region_of[practice])
        ranked.append((turns[region], region, practice))
        turns[region] += 1
    return [practice for _, _, practice in sorted(ranked)]


def _most_specific(found: list[SharedFeature], columns: Columns) -> list[SharedFeature]:
    """Without the broader features that the same practices have through one narrower feature."""
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[SharedFeature]] = defaultdict(list)
    for each in found:
        groups[(each.practices, tuple(kind for kind, _ in each.features))].append(each)
    kept = []
    for group in groups.values():
        keys = {each.features for each in group}
        for each in group:
            if not any(other != each.features and _narrower(other, each.features, columns) for other in keys):
                kept.append(each)
    return kept


def _narrower(one: _Key, other: _Key, columns: Columns) -> bool:
    """True where each feature of ``one`` is that of ``other`` or below it."""
    return all(theirs[1] in columns.above(ours[1]) for ours, theirs in zip(one, other, strict=True))


def _label(found: SharedFeature, columns: Columns) -> tuple[str, ...]:
    return tuple(columns.concepts.label(concept) for _, concept in found.features)
