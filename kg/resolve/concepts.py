"""Formats, audiences and topics as the text words them → concepts of the schemes.

A phrase is linked by the first of these that fits, and keeps the name of it (``ConceptLink.how``):

``exact``       the phrase is a label;
``normalised``  it is one without quotation marks, punctuation, and what ``concept_phrases.toml`` cuts off before and
                behind (广大, 辖区, 活动, 等群体);
``head``        the longest label that ends it (高龄退休党员 → 退休党员), for formats also a verb
                of ``front_verbs`` that begins it (讲解典型事迹);
``contained``   topics only: the longest label inside it;
``nearest``     the concept whose labels are nearest, if near enough (a :class:`Ranker`: see :mod:`kg.resolve.nearest`), unless
                nothing would be left after the cuts (主题活动);
``candidate``   none: the phrase becomes a candidate concept, marked as such, whose IRI is made of the phrase.

How many phrases are linked and how many of the links are right is measured in ``docs/quality.md``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal
from urllib.parse import quote

from kg.knowledge.vocabulary import Concept, Vocabulary
from kg.model.iri import VOCABULARY
from kg.model.record import ArticleRecord, Practice, Value
from kg.resolve.nearest import (
    LINKED_SLOTS,
    BigramRanker,
    Ranker,
    VectorRanker,
    letters,
    normalise,
    part_labels,
    slot_labels,
)

__all__ = ["LINKED_SLOTS", "BigramRanker", "ConceptLink", "ConceptLinker", "Ranker", "VectorRanker", "normalise"]

How = Literal["exact", "normalised", "head", "contained", "nearest", "candidate"]

_CONFIDENCE = {"exact": 1.0, "normalised": 0.95, "head": 0.85, "contained": 0.75, "candidate": 0.0}


@dataclass(frozen=True)
class ConceptLink:
    """Which concept a phrase stands for, how that was found, and how sure it is (0 for a candidate)."""

    iri: str
    candidate: bool
    confidence: float
    how: How


@dataclass(frozen=True)
class _Cuts:
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    never_alone: frozenset[str]
    front_verbs: tuple[tuple[str, str], ...]
    """Verb and the label that it stands for, longest verb first."""
    carriers: frozenset[str]
    """Verbs that only say where the next one is done."""


@cache
def _cuts(slot: str) -> _Cuts:
    table = tomllib.loads(files("kg.resolve").joinpath("concept_phrases.toml").read_text(encoding="utf-8"))
    parts = [
        tuple(sorted(table[slot].get(part, ()), key=lambda word: (-len(word), word))) for part in ("heads", "tails")
    ]
    verbs = sorted(table[slot].get("front_verbs", {}).items(), key=lambda pair: (-len(pair[0]), pair[0]))
    return _Cuts(
        parts[0],
        parts[1],
        frozenset(table["never_alone"][slot]),
        tuple(verbs),
        frozenset(table[slot].get("carriers", ())),
    )


class ConceptLinker:
    """Links phrases of the record's slots to concepts; deterministic, and the same for the same phrase everywhere.

    >>> linker = ConceptLinker(Vocabulary.load())
    >>> linker.link("audiences", "高龄退休党员").iri
    'https://practice-graph.example/vocab/audience/retired-members'
    >>> linker.link("formats", "漂流瓶").candidate
    True
    """

    def __init__(self, vocabulary: Vocabulary, ranker: Ranker | None = None) -> None:
        self.vocabulary = vocabulary
        self.ranker: Ranker = ranker if ranker is not None else VectorRanker(vocabulary)
        self._labels = {slot: slot_labels(vocabulary, slot) for slot in LINKED_SLOTS}
        self._heads = {slot: part_labels(labels) for slot, labels in self._labels.items()}
        self._known: dict[tuple[str, str], ConceptLink] = {}

    def link(self, slot: str, phrase: str) -> ConceptLink:
        """The concept that ``phrase`` stands for in ``slot`` (formats, audiences or topics).

        Raises
        ------
        KeyError
            the slot is none of :data:`LINKED_SLOTS`.
        """
        if (slot, phrase) not in self._known:
            self._known[slot, phrase] = self._link(slot, phrase)
        return self._known[slot, phrase]

    def _link(self, slot: str, phrase: str) -> ConceptLink:
        labels, plain = self._labels[slot], normalise(phrase)
        if plain in labels:
            how: How = "exact" if phrase in self.vocabulary[labels[plain].iri].names else "normalised"
            return _made(labels[plain], how)
        shorter = list(_shortened(plain, _cuts(slot)))
        for words in shorter:
            if words in labels:
                return _made(labels[words], "normalised")
        for words in (plain, *shorter):
            head = self._head(slot, words)
            if head:
                return _made(head, "head")
        if slot == "topics":
            inside = self._inside(slot, plain)
            if inside:
                return _made(inside, "contained")
        near = None if _names_nothing(plain, _cuts(slot)) else self.ranker.nearest(slot, phrase)
        if near:
            return ConceptLink(near[0].iri, False, round(0.9 * near[1], 3), "nearest")
        return ConceptLink(f"{VOCABULARY}candidate/{slot}/{quote(plain or phrase, safe='')}", True, 0.0, "candidate")

    def _head(self, slot: str, words: str) -> Concept | None:
        labels, weak = self._heads[slot], _cuts(slot).never_alone
        for start in range(1, len(words) - 1):
            if words[start:] in labels and words[start:] not in weak:
                return labels[words[start:]]
        verb = self._front_verb(slot, words)
        if verb:
            # 入户发放指南: where the first verb says only where it is done, the next one names the form
            next_verb = self._front_verb(slot, words[len(verb[0]) :]) if verb[0] in _cuts(slot).carriers else None
            return (next_verb or verb)[1]
        return None

    def _front_verb(self, slot: str, words: str) -> tuple[str, Concept] | None:
        labels = self._heads[slot]
        for verb, label in _cuts(slot).front_verbs:
            if words.startswith(verb) and label in labels:
                return verb, labels[label]
        return None

    def _inside(self, slot: str, words: str) -> Concept | None:
        labels, weak = self._labels[slot], _cuts(slot).never_alone
        for length in range(len(words) - 1, 1, -1):
            for start in range(len(words) - length, -1, -1):
                part = words[start : start + length]
                if part in labels and part not in weak:
                    return labels[part]
        return None

    def link_record(self, record: ArticleRecord) -> ArticleRecord:
        """The record with ``concept`` and ``candidate`` set on every value of formats, audiences and topics."""
        return record.model_copy(update={"practices": tuple(self._practice(one) for one in record.practices)})

    def _practice(self, practice: Practice) -> Practice:
        return practice.model_copy(
            update={slot: tuple(self._value(slot, one) for one in getattr(practice, slot)) for slot in LINKED_SLOTS}
        )

    def _value(self, slot: str, value: Value) -> Value:
        found = self.link(slot, value.text)
        return value.model_copy(update={"concept": found.iri, "candidate": found.candidate})

    def organiser_kind(self, text: str) -> Concept | None:
        """What kind of organisation a name is of: the longest label that ends it (双福街道 → 街道), or None."""
        return self.vocabulary.ending("organiser", letters(text))


def _made(concept: Concept, how: How) -> ConceptLink:
    return ConceptLink(concept.iri, False, _CONFIDENCE[how], how)


def _names_nothing(words: str, cuts: _Cuts) -> bool:
    """The phrase is made of what phrases carry beside their concept (主题活动, 组织活动): it is near to many and is none."""
    return any(
        words[:at] in ("", *cuts.heads) and words[at:] in ("", *cuts.tails) for at in range(len(words) + 1) if words
    )


def _shortened(words: str, cuts: _Cuts) -> Iterator[str]:
    """The phrase with tails cut off, then heads, then both, one after the other; two characters at least are left."""
    for ends in _cut(words, cuts.tails, _ends, lambda text, cut: text[: -len(cut)]):
        if ends != words:
            yield ends
    for ends in _cut(words, cuts.tails, _ends, lambda text, cut: text[: -len(cut)]):
        for both in _cut(ends, cuts.heads, _begins, lambda text, cut: text[len(cut) :]):
            if both != ends:
                yield both


def _cut(
    words: str, parts: tuple[str, ...], sits: Callable[[str, str], bool], off: Callable[[str, str], str]
) -> list[str]:
    """``words``, and what is left of it after each of the cuts that can be made one after the other."""
    left = [words]
    while True:
        part = next((one for one in parts if sits(left[-1], one) and len(left[-1]) - len(one) > 1), None)
        if part is None:
            return left
        left.append(off(left[-1], part))


def _ends(text: str, part: str) -> bool:
    return text.endswith(part)


def _begins(text: str, part: str) -> bool:
    return text.startswith(part)
