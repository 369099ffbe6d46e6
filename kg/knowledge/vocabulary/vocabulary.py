"""The vocabulary: all schemes of the product, and a researcher's own merged into them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import ahocorasick

from kg.knowledge.vocabulary.checks import check_merged, check_told, nowhere, wrong
from kg.knowledge.vocabulary.concept import OPEN_SCHEMES, SCHEMES, Concept, ConceptMatch, scheme_iri
from kg.knowledge.vocabulary.turtle import Described, read_turtle

__all__ = ["Vocabulary"]


class Vocabulary:
    """Concepts by IRI and by label; immutable, ``merge`` returns another one.

    >>> words = Vocabulary.load()
    >>> words.labels("audience")["流动党员"].pref_en
    'Party members away from home'
    >>> [words[iri].pref_zh for iri in words.ancestors(words.labels("topic")["枫桥经验"].iri)]
    ['矛盾纠纷调解', '基层治理']
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts: dict[str, Concept] = {one.iri: one for one in sorted(concepts, key=lambda one: one.iri)}
        self._labels: dict[str, dict[str, Concept]] = {scheme: {} for scheme in SCHEMES}
        for concept in self.concepts.values():
            for name in concept.alt:
                self._labels[concept.scheme].setdefault(name, concept)
        for concept in self.concepts.values():
            self._labels[concept.scheme][concept.pref_zh] = concept
        self._automata: dict[tuple[str, ...], ahocorasick.Automaton] = {}

    @classmethod
    def load(cls, extra: Path | None = None) -> Vocabulary:
        """The product's schemes, with the researcher's own Turtle file merged in where one is given.

        Raises
        ------
        UsageError
            the researcher's file cannot be used (see :meth:`merge`).
        """
        own = _shipped()
        return own.merge(extra) if extra is not None else own

    def __getitem__(self, iri: str) -> Concept:
        return self.concepts[iri]

    def __len__(self) -> int:
        return len(self.concepts)

    def labels(self, scheme: str) -> dict[str, Concept]:
        """Chinese label → concept of one scheme, preferred and alternative ones."""
        return self._labels[scheme]

    def ending(self, scheme: str, name: str) -> Concept | None:
        """The concept of a scheme whose Chinese label is the longest that ends a name (双福街道 → 街道), or None."""
        labels = self._labels[scheme]
        return next((labels[name[start:]] for start in range(len(name)) if name[start:] in labels), None)

    def ancestors(self, iri: str) -> list[str]:
        """The IRIs above a concept, nearest first; empty for a top concept and for an IRI that is not known."""
        above: list[str] = []
        level = [iri]
        while level:
            level = [up for one in level if one in self.concepts for up in self.concepts[one].broader]
            level = [up for up in dict.fromkeys(level) if up not in above and up != iri]
            above += level
        return above

    def find(self, text: str, schemes: Iterable[str] = SCHEMES) -> list[ConceptMatch]:
        """Where labels of the schemes stand in a text: leftmost, longest, not overlapping; in the order of the text.

        Labels of one character are left out (they stand in half of all words). A label that stands in several of
        the schemes gives one match for each, in the order of ``schemes``.
        """
        chosen = tuple(schemes)
        if chosen not in self._automata:
            self._automata[chosen] = self._automaton(chosen)
        automaton = self._automata[chosen]
        if not len(automaton):
            return []
        hits = [(last + 1 - len(label), -(last + 1), label) for last, (label, _) in automaton.iter(text)]
        matches: list[ConceptMatch] = []
        free = 0
        for start, minus_end, label in sorted(hits):
            if start >= free:
                free = -minus_end
                matches += [ConceptMatch(start, free, concept) for concept in automaton.get(label)[1]]
        return matches

    def _automaton(self, schemes: tuple[str, ...]) -> ahocorasick.Automaton:
        by_label: dict[str, list[Concept]] = defaultdict(list)
        for scheme in schemes:
            for label, concept in self._labels[scheme].items():
                if len(label) > 1:
                    by_label[label].append(concept)
        automaton = ahocorasick.Automaton()
        for label, concepts in by_label.items():
            automaton.add_word(label, (label, tuple(concepts)))
        automaton.make_automaton()
        return automaton

    def merge(self, path: Path) -> Vocabulary:
        """This vocabulary with a researcher's Turtle file added.

        The file may hold concepts of its own (with ``skos:inScheme`` one of ``OPEN_SCHEMES``, or ``skos:broader`` one of ours,
        whose scheme they then share), and ``skos:altLabel`` or ``skos:broader`` on ours.

        Raises
        ------
        UsageError
            no Turtle; a concept without Chinese label, scheme or IRI, or with two labels in one language;
            ``skos:broader`` to a concept that is not there or is of another scheme; a label that already stands at another
            concept of its scheme; a cycle; what would have no effect: a namespace that is nearly that of SKOS, nothing about
            any concept, a label in the place of ours, a concept that is not declared as one, a concept or label in a
            scheme that is not open. File and line are named.
        """
        merged = dict(self.concepts)
        told = read_turtle(path)
        check_told(told, merged, path)
        said = {iri: one for iri, one in told.items() if one.is_concept or iri in merged}
        for one in said.values():
            merged[one.iri] = (
                _extended(merged[one.iri], one) if one.iri in self.concepts else self._own(one, said, path)
            )
        whole = Vocabulary(merged.values())
        looped = whole.cycle()
        owners: dict[tuple[str, str], set[str]] = defaultdict(set)
        for concept in merged.values():
            for name in concept.names:
                owners[concept.scheme, name].add(concept.iri)
        for one in said.values():
            check_merged(one, whole.concepts, looped, owners, path)
        return whole

    def _own(self, one: Described, said: dict[str, Described], path: Path) -> Concept:
        name = one.label("zh") or next(iter(one.names), None)
        if not name:
            raise wrong(path, one, "this concept has no Chinese label", 'add skos:prefLabel "…"@zh')
        scheme = self._scheme(one, said)
        if scheme is None:
            lost = self._lost(one, said)
            if lost:
                raise nowhere(path, *lost)
            raise wrong(
                path,
                one,
                "this concept belongs to none of the schemes",
                f"add skos:inScheme <{scheme_iri('topic')}> (or {', '.join(OPEN_SCHEMES)}), or skos:broader to one of ours",
            )
        return Concept(
            one.iri,
            scheme,
            name,
            one.label("en") or name,
            tuple(sorted(set(one.names) - {name})),
            tuple(sorted(set(one.broader))),
            one.definition,
            tuple(sorted(set(one.close_match))),
            one.dimension,
        )

    def _scheme(self, one: Described, said: dict[str, Described]) -> str | None:
        """The scheme that a concept names, or else what is above it: the first link as far up as it leads, then the next."""
        waiting, seen = [one.iri], set()
        while waiting:
            iri = waiting.pop()
            if iri in self.concepts:
                return self.concepts[iri].scheme
            if iri in seen or iri not in said:
                continue
            seen.add(iri)
            for scheme in SCHEMES:
                if scheme_iri(scheme) in said[iri].schemes:
                    return scheme
            waiting += reversed(said[iri].broader)
        return None

    def _lost(self, one: Described, said: dict[str, Described]) -> tuple[Described, str] | None:
        """The first link at or above a concept that leads to none, with whose link it is."""
        waiting, seen = [one.iri], {one.iri}
        while waiting:
            below = said[waiting.pop()]
            for iri in below.broader:
                if iri not in self.concepts and iri not in said:
                    return below, iri
                if iri in said and iri not in seen:
                    seen.add(iri)
                    waiting.append(iri)
        return None

    def cycle(self) -> set[str]:
        """The IRIs of all concepts that stand above themselves (none in a sound vocabulary)."""
        looped: set[str] = set()
        for iri in self.concepts:
            seen: set[str] = set()
            stack = list(self.concepts[iri].broader)
            while stack:
                up = stack.pop()
                if up == iri:
                    looped.add(iri)
                    break
                if up not in seen and up in self.concepts:
                    seen.add(up)
                    stack += self.concepts[up].broader
        return looped


def _extended(concept: Concept, one: Described) -> Concept:
    return replace(
        concept,
        alt=tuple(sorted((set(concept.alt) | set(one.names)) - {concept.pref_zh})),
        broader=tuple(sorted(set(concept.broader) | set(one.broader))),
        close_match=tuple(sorted(set(concept.close_match) | set(one.close_match))),
    )


@cache
def _shipped() -> Vocabulary:
    concepts: list[Concept] = []
    empty = Vocabulary(())
    for scheme in SCHEMES:
        with as_file(files("kg.knowledge.vocabulary").joinpath(f"{scheme}.ttl")) as path:
            said = {iri: one for iri, one in read_turtle(path).items() if one.is_concept}
            concepts += [empty._own(one, said, path) for one in said.values()]
    return Vocabulary(concepts)
