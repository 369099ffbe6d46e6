"""A practice that nobody has told of, in a few words: “夜校 for 网格员 about 反诈”, 夜校 面向网格员 关于反诈."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kg.compare.choice import named
from kg.compare.column_copy.columns import Columns
from kg.compare.column_copy.features import BROADER, Features
from kg.compare.nearest.weights import Weights
from kg.errors import UsageError
from kg.query.names import unknown
from kg.resolve.concepts import ConceptLinker

__all__ = ["described"]

_WORDS = re.compile(r"\s+(for|about|by)\s+|\s*(面向|关于|围绕|由)\s*", re.IGNORECASE)
_KIND = {"for": "audience", "about": "topic", "by": "organiser"}
_KIND |= {"面向": "audience", "关于": "topic", "围绕": "topic", "由": "organiser"}
_BETWEEN = re.compile(r"\s*[,，、;；+]\s*|\s+and\s+|\s+")
_SLOTS = {"format": "formats", "audience": "audiences", "topic": "topics"}


def described(
    columns: Columns, features: Features, weights: Weights, words: str
) -> tuple[NDArray[np.int32], NDArray[np.int32], tuple[str, ...]]:
    """Features that the words name, with those above them, their weights; and the words that no practice has.

    What stands first is a format, after *for* an audience, after *about* a topic; where no practice has it as that, it
    is looked for among the other kinds. Words that are no label are linked as those of an article are.

    Raises UsageError, with the nearest names in use, where words are neither that nor known to the vocabulary.
    """
    own: set[int] = set()
    nobody: dict[str, None] = {}
    kind = "format"
    parts = _WORDS.split(words.strip())
    for at in range(0, len(parts), 3):
        if at:
            kind = _KIND[(parts[at - 2] or parts[at - 1]).lower()]
        part = parts[at].strip()
        # A label may have blanks of its own: Night school.
        for phrase in filter(None, [part] if named(columns, part) else _BETWEEN.split(part)):
            found = _features(columns, features, phrase, kind)
            own |= found
            if not found:
                nobody.setdefault(phrase)
    if not own and not nobody:
        raise UsageError("no words", where="practice", remedy="describe it: 夜校 for 网格员 about 反诈")
    return *_with_broader(columns, features, weights, own), tuple(nobody)


def _with_broader(
    columns: Columns, features: Features, weights: Weights, own: set[int]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    every = set(own)
    for each in own:
        kind = features.kinds[features.kind[each]]
        above = columns.concepts.above(int(features.concept[each])).tolist()
        every |= {features.place[kind, up] for up in above if (kind, up) in features.place}
    chosen = np.array(sorted(every), dtype=np.int32)
    share = np.where(np.isin(chosen, list(own)), 1.0, BROADER)
    return chosen, (weights.idf[chosen] * share).astype(np.int32)


def _features(columns: Columns, features: Features, phrase: str, kind: str) -> set[int]:
    """Features of this name; none where the vocabulary knows it and no practice has it.

    A label that no practice has is not linked to something else that one has: 外来务工者 are not 创业就业.
    """
    kinds = [kind, *(other for other in features.kinds if other != kind)] if kind in features.kinds else features.kinds
    labelled = named(columns, phrase)
    read = ((each, labelled or _linked(columns, phrase, each)) for each in kinds)
    known = False
    for each, concepts in read:
        found = {features.place[each, concept] for concept in concepts if (each, concept) in features.place}
        if found:
            return found
        known |= bool(concepts)
    if known:
        return set()
    labels = columns.concepts.label.take(sorted(set(features.concept.tolist())))
    raise unknown("feature of practices", phrase, labels, where="practice")


def _linked(columns: Columns, phrase: str, kind: str) -> set[int]:
    link = _linker().link(_SLOTS[kind], phrase) if kind in _SLOTS else None
    places = columns.concepts.place
    return {places[link.iri]} if link is not None and not link.candidate and link.iri in places else set()


@cache
def _linker() -> ConceptLinker:
    from kg.knowledge.vocabulary import Vocabulary

    return ConceptLinker(Vocabulary.load())
