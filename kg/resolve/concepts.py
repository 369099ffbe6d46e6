"""Formats, audiences and topics as the text words them → concepts of the schemes.

A phrase is linked by the first of these that fits, and keeps the name of it (``ConceptLink.how``):

``exact``       the phrase is a label;
``normalised``  it is one without quotation marks, punctuation, and what ``concept_phrases.toml`` cuts off before and
                behind (广大, 辖区, 活动, 等群体);
``head``        the longest label that ends it (高龄退休党员 → 退休党员), for formats also a verb
                of ``front_verbs`` that begins it (讲解典型事迹);
``contained``   topics only: the longest label inside it;
``nearest``     the most similar label by character pairs, if similar enough (a :class:`Ranker`; an embedding model can
                take its place);
``candidate``   none: the phrase becomes a candidate concept, marked as such, whose IRI is made of the phrase.

How many phrases are linked and how many of the links are right is measured in ``kg/knowledge/vocabulary/README.md``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, Protocol
from urllib.parse import quote

from kg.knowledge.vocabulary import Concept, Vocabulary
from kg.model.iri import VOCABULARY
from kg.model.record import ArticleRecord, Practice, Value

__all__ = ["LINKED_SLOTS", "BigramRanker", "ConceptLink", "ConceptLinker", "Ranker", "normalise"]

LINKED_SLOTS: dict[str, tuple[str, ...]] = {
    "formats": ("activity", "mode", "recurrence"),
    "audiences": ("audience",),
    "topics": ("topic",),
}
"""Slot of a practice → the schemes that its phrases are looked up in, the first that has the label wins."""

How = Literal["exact", "normalised", "head", "contained", "nearest", "candidate"]

_CONFIDENCE = {"exact": 1.0, "normalised": 0.95, "head": 0.85, "contained": 0.75, "candidate": 0.0}
_NOT_TEXT = re.compile(r"[^\w%]|_")
_THRESHOLD = 0.72
"""Dice coefficient of character pairs from which two phrases count as one (chosen by eye: below it links go wrong)."""


@dataclass(frozen=True)
class ConceptLink:
    """Which concept a phrase stands for, how that was found, and how sure it is (0 for a candidate)."""

    iri: str
    candidate: bool
    confidence: float
    how: How


class Ranker(Protocol):
    """Places a phrase that no rule could: the seam for an embedding model."""

    def nearest(self, slot: str, phrase: str) -> tuple[Concept, float] | None:
        """The concept whose label is most like ``phrase`` with a score from 0 to 1, or None if none is like enough."""
        ...


def normalise(phrase: str) -> str:
    """The phrase in half-width lower case without quotation marks, punctuation and blanks.

    >>> normalise("“线上 + 线下”宣讲、")
    '线上线下宣讲'
    """
    return _NOT_TEXT.sub("", unicodedata.normalize("NFKC", phrase)).lower()


@dataclass(frozen=True)
class _Cuts:
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    never_alone: frozenset[str]
    front_verbs: tuple[tuple[str, str], ...]
    """Verb and the label that it stands for, longest verb first."""


@cache
def _cuts(slot: str) -> _Cuts:
    table = tomllib.loads(files("kg.resolve").joinpath("concept_phrases.toml").read_text(encoding="utf-8"))
    parts = [
        tuple(sorted(table[slot].get(part, ()), key=lambda word: (-len(word), word))) for part in ("heads", "tails")
    ]
    verbs = sorted(table[slot].get("front_verbs", {}).items(), key=lambda pair: (-len(pair[0]), pair[0]))
    return _Cuts(parts[0], parts[1], frozenset(table["never_alone"][slot]), tuple(verbs))


class BigramRanker:
    """Nearest label with the same last character by the Dice coefficient of character pairs.

    Equal scores go to the shorter label, then by IRI.
    """

    def __init__(self, vocabulary: Vocabulary, *, threshold: float = _THRESHOLD) -> None:
        self.threshold = threshold
        self._pairs: dict[str, dict[str, list[tuple[Concept, str, int]]]] = {}
        for slot, schemes in LINKED_SLOTS.items():
            index: dict[str, list[tuple[Concept, str, int]]] = defaultdict(list)
            for scheme in schemes:
                for label, concept in vocabulary.labels(scheme).items():
                    pairs = _pairs(normalise(label))
                    for pair in pairs:
                        index[pair].append((concept, label, len(pairs)))
            self._pairs[slot] = dict(index)

    def nearest(self, slot: str, phrase: str) -> tuple[Concept, float] | None:
        own = _pairs(normalise(phrase))
        shared: dict[tuple[str, str], int] = defaultdict(int)
        found: dict[tuple[str, str], tuple[Concept, int]] = {}
        for pair in sorted(own):
            for concept, label, size in self._pairs[slot].get(pair, ()):
                # the head of a Chinese noun phrase is its end, and a label that says more means less
                if label[-1] != phrase[-1] or phrase in label:
                    continue
                shared[concept.iri, label] += 1
                found[concept.iri, label] = concept, size
        ranked = sorted(
            (-2 * count / (len(own) + found[key][1]), len(key[1]), key[0], key[1]) for key, count in shared.items()
        )
        if not ranked or -ranked[0][0] < self.threshold:
            return None
        return found[ranked[0][2], ranked[0][3]][0], -ranked[0][0]


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


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
        self.ranker: Ranker = ranker if ranker is not None else BigramRanker(vocabulary)
        self._labels: dict[str, dict[str, Concept]] = {}
        for slot, schemes in LINKED_SLOTS.items():
            labels: dict[str, Concept] = {}
            for scheme in reversed(schemes):
                labels |= {normalise(label): concept for label, concept in vocabulary.labels(scheme).items()}
            self._labels[slot] = labels
        self._heads = {
            slot: {label: one for label, one in labels.items() if one.scheme != "recurrence"}
            for slot, labels in self._labels.items()
        }
        """Labels that may be a part of the phrase; how often (每周) says nothing of the rest."""
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
            how: How = "exact" if phrase in self._spelt(slot, labels[plain]) else "normalised"
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
        near = self.ranker.nearest(slot, phrase)
        if near:
            return ConceptLink(near[0].iri, False, round(0.9 * near[1], 3), "nearest")
        return ConceptLink(f"{VOCABULARY}candidate/{slot}/{quote(plain or phrase, safe='')}", True, 0.0, "candidate")

    def _spelt(self, slot: str, concept: Concept) -> tuple[str, ...]:
        return self.vocabulary[concept.iri].names

    def _head(self, slot: str, words: str) -> Concept | None:
        labels, weak = self._heads[slot], _cuts(slot).never_alone
        for start in range(1, len(words) - 1):
            if words[start:] in labels and words[start:] not in weak:
                return labels[words[start:]]
        for verb, label in _cuts(slot).front_verbs:
            if words.startswith(verb) and label in labels:
                return labels[label]
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
        return self._ending("organiser", text, shortest=1)

    def venue_type(self, text: str) -> Concept | None:
        """What kind of place a venue is: the longest label that ends its name (龙湖社区食堂 → 食堂), or None."""
        return self._ending("venue-type", text.rstrip("内里中前旁上处"), shortest=2) or self._ending(
            "venue-type", text, shortest=2
        )

    def unit_concept(self, unit: str) -> Concept | None:
        """The concept of a measure word (人次, 余户), or None; its ``dimension`` says what it counts."""
        labels, plain = self.vocabulary.labels("unit"), unit.strip()
        return labels.get(plain) or labels.get(plain.lstrip("余多来几"))

    def _ending(self, scheme: str, text: str, *, shortest: int) -> Concept | None:
        labels, plain = self.vocabulary.labels(scheme), _NOT_TEXT.sub("", text)
        for start in range(len(plain) - shortest + 1):
            if plain[start:] in labels:
                return labels[plain[start:]]
        return None


def _made(concept: Concept, how: How) -> ConceptLink:
    return ConceptLink(concept.iri, False, _CONFIDENCE[how], how)


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
