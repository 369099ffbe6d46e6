"""Pairs of a practice and a value, place or parent: where the two stand, as the features that the link model reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.extract.learned.pair_features import KINDS, Values, vectors
from kg.extract.learned.scene import Scene
from kg.extract.learned.things import Mentions, Numbers, Thing

__all__ = ["Decision", "Pairs", "see_pairs"]

_PLACED = ("region", "parent")
"""Kinds whose things have a place and many mentions."""
_COMMAS = "，,：:"
_BEHIND = 1 << 40
"""More than any distance within a text."""


class Decision(NamedTuple):
    """Pairs that are weighed against each other: one value against practices, or one practice against places or parents."""

    kind: str
    """One of ``KINDS``."""
    practices: Sequence[int]
    """Of each pair the practice's number."""
    things: Sequence[int]
    """Of each pair the number of the thing among those that are asked about; a parent's is that of the practice it is."""


class Pairs(NamedTuple):
    """Practices and things as the link model sees them, an entry a pair."""

    vectors: NDArray[np.float32]
    """Their features, shape (pairs, FEATURES)."""
    practices: Numbers
    """The (start, end) of each practice's main mention, shape (pairs, 2)."""
    things: Numbers
    """The (start, end) of each thing's mention that counts, likewise."""


class _Seen(NamedTuple):
    """Pairs by their numbers, and the mentions of both that count."""

    practice: Numbers
    thing: Numbers
    other: Numbers
    """The practice that the thing is; -1 for what is none."""
    a: Numbers
    """Where the practice stands, up to ``b``."""
    b: Numbers
    start: Numbers
    """Where the thing stands, up to ``end``."""
    end: Numbers


def see_pairs(scene: Scene, things: Sequence[Thing], decisions: Sequence[Decision]) -> Pairs:
    """The pairs of some decisions, in a row; the decisions are all on values, all on places or all on parents."""
    practice = np.array([one for decision in decisions for one in decision.practices], np.intp)
    thing = np.array([one for decision in decisions for one in decision.things], np.intp)
    kinds = np.repeat([KINDS.index(one.kind) for one in decisions], [len(one.things) for one in decisions])
    kind, mentions = decisions[0].kind, Mentions(things)
    other = thing if kind == "parent" else np.full(len(thing), -1)
    if kind in _PLACED:
        seen = _Seen(practice, thing, other, *_nearest_things(scene, practice, mentions, thing))
    else:
        seen = _Seen(practice, thing, other, *_nearest_practices(scene, practice, mentions, thing))
    values = _standing(scene, seen) | {"kind": kinds}
    if kind in _PLACED:
        values |= _surroundings(scene, seen) | _of_places(scene, seen, things)
    if kind == "parent":
        values |= _of_parents(scene, seen)
    spans = np.stack([seen.start, seen.end], axis=1)
    return Pairs(vectors(len(thing), values), scene.mentions.main[practice], spans)


def _nearest_practices(scene: Scene, practice: Numbers, mentions: Mentions, thing: Numbers) -> tuple[Numbers, ...]:
    """The mention of each practice that is nearest to its value, and the value."""
    start, end = mentions.main[thing].T
    each = scene.mentions.of(practice)
    return *each.nearest(_gap(each.start, each.end, start[each.pair], end[each.pair])), start, end


def _nearest_things(scene: Scene, practice: Numbers, mentions: Mentions, thing: Numbers) -> tuple[Numbers, ...]:
    """Each practice, and the nearest mention of its place or parent before the practice is told, else the nearest."""
    a, b = scene.mentions.main[practice].T
    each = mentions.of(thing)
    gap = _gap(a[each.pair], b[each.pair], each.start, each.end)
    return a, b, *each.nearest(np.where(each.start > b[each.pair], gap + _BEHIND, gap))


def _gap(a: Numbers, b: Numbers, start: Numbers, end: Numbers) -> Numbers:
    """The characters between two spans; 0 where they overlap."""
    return np.maximum(np.maximum(a - end, start - b), 0)


def _standing(scene: Scene, seen: _Seen) -> Values:
    """Where the two of each pair stand to each other."""
    page, practice = scene.page, seen.practice
    a, b, start, end = seen.a, seen.b, seen.start, seen.end
    sentence_a, sentence = page.sentences_at(a), page.sentences_at(start)
    paragraph_a, paragraph = page.paragraphs_at(a), page.paragraphs_at(start)
    kinds = np.array([one.kind for one in page.layout.paragraphs])
    gap, first = _gap(a, b, start, end), start < a
    lower, upper = np.where(first, end, b), np.where(first, a, start)
    commas = page.count_before(_COMMAS)
    before, behind = scene.around(start)
    told = scene.told(*np.array(page.sentences).T)[sentence]
    return {
        "constant": 1,
        "same_clause": (sentence_a == sentence) & (commas[upper] <= commas[lower]),
        "sentences_on": np.clip(sentence - sentence_a, -3, 3) + 3,
        "paragraphs_on": np.clip(paragraph - paragraph_a, -2, 2) + 2,
        "gap": np.log1p(gap) / 5,
        "thing_first": first,
        "practices_between": np.minimum(_count_between(scene, seen, lower, upper), 3),
        "behind_this_practice": before == practice,
        "before_this_practice": behind == practice,
        "practices_in_sentence": np.minimum(told.sum(axis=1), 3),
        "thing_in_practice": (a <= start) & (end <= b),
        "practice_in_thing": (start <= a) & (b <= end),
        "touching": gap <= 2,
        "practice_named": scene.named[practice],
        "practice_listed": scene.listed[practice],
        "practice_in_heading": kinds[paragraph_a] != "body",
        "thing_in_heading": kinds[paragraph] != "body",
        "thing_in_title": kinds[paragraph] == "title",
        "first_practice": practice == scene.first,
        "practice_in_sentence": told[np.arange(len(practice)), practice],
        "both_named": (seen.other >= 0) & scene.named[practice] & scene.named[seen.other],
    }


def _count_between(scene: Scene, seen: _Seen, lower: Numbers, upper: Numbers) -> Numbers:
    """How many practices are mentioned between the two of each pair, themselves not counted."""
    told = scene.told(lower, upper)
    pairs = np.arange(len(told))
    told[pairs, seen.practice] = False
    told[pairs, np.where(seen.other < 0, seen.practice, seen.other)] = False
    count: Numbers = told.sum(axis=1)
    return count


def _surroundings(scene: Scene, seen: _Seen) -> Values:
    """What stands around the mention of a place or parent, looked at once a mention."""
    page, text = scene.page, scene.page.text
    spans, place = np.unique(seen.start << 32 | seen.end, return_inverse=True)
    found = []
    for start, end in zip((spans >> 32).tolist(), (spans & 0xFFFFFFFF).tolist(), strict=True):
        head = text[page.sentences[page.sentence_at(start)][0] : start]
        line = text[page.layout.paragraphs[page.paragraph_at(start)].start : start]
        after = text[end : end + 1]
        at = head.endswith(("在", "走进", "来到"))
        found.append((not head.strip(), at, after == "的", after in "、和及与", not line.strip(), end - start <= 2))
    names = ("opens_sentence", "behind_at", "before_of", "in_list", "opens_paragraph", "short")
    return dict(zip(names, np.array(found, bool)[place].T, strict=True))


def _of_places(scene: Scene, seen: _Seen, things: Sequence[Thing]) -> Values:
    """What a place or a parent has wherever the practice stands, and whether it stands in the practice's section."""
    page, text = scene.page, scene.page.text
    starts = [[start for start, _ in thing.mentions] for thing in things]
    in_title = [any(page.kind_at(at) == "title" for at in each) for each in starts]
    letters = [any(text[at - 1] in "省市区县" or text[at - 1].isalpha() for at in each if at) for each in starts]
    mentions = Mentions(things)
    each = mentions.of(seen.thing)
    begin, end, head = scene.sections()[seen.practice][each.pair].T
    earliest = np.minimum.reduceat(each.start, each.first)
    first = np.where(seen.other < 0, earliest == scene.first_place, earliest < seen.a)
    return {
        "level": np.array([thing.level for thing in things])[seen.thing],
        "a_mention_in_title": np.array(in_title)[seen.thing],
        "words_in_title": np.array([text[slice(*thing.mentions[0])] in page.titles for thing in things])[seen.thing],
        "mentions": np.log1p(mentions.counts)[seen.thing] / 2,
        "first_of_all": first,
        "in_section": each.any((begin <= each.start) & (each.start < end)),
        "in_section_heading": each.any((begin <= each.start) & (each.start < head)),
        "behind_letter": np.array(letters)[seen.thing],
    }


def _of_parents(scene: Scene, seen: _Seen) -> Values:
    """What only parents have."""
    page, text, practices = scene.page, scene.page.text, scene.practices
    practice, other = seen.practice, seen.other
    starts = scene.mentions.main[:, 0]
    paragraphs = [page.layout.paragraphs[number] for number in page.paragraphs_at(starts).tolist()]
    opens_section = np.array([scene.first_between(begin, end) for begin, end, _ in scene.sections().tolist()])
    opens_paragraph = np.array([scene.first_between(paragraph.start, paragraph.end) for paragraph in paragraphs])
    sentences = page.sentences_at(starts)
    level = np.array([one.level for one in practices])
    own, above = level[practice], level[other]
    names = [text[slice(*one.mentions[0])] for one in practices]
    said = [{text[start:end] for start, end in one.mentions} for one in practices]
    both = list(zip(practice.tolist(), other.tolist(), strict=True))
    return {
        "parent_named": scene.named[other],
        "parent_in_same_place": [practices[one].place == practices[two].place != "" for one, two in both],
        "parent_in_higher_place": (above > 0) & (above < own),
        "parent_in_lower_place": (own > 0) & (own < above),
        "parent_is_first": other == scene.first,
        "parent_opens_section": opens_section[practice] == other,
        "parent_listed": scene.listed[other],
        "parent_beside": scene.beside(practice, other),
        "parent_opens_paragraph": opens_paragraph[practice] == other,
        "parent_words_in_practice": [
            any(names[two] in words for words in said[one] - {names[two]}) for one, two in both
        ],
        "parent_in_sentence": sentences[practice] == sentences[other],
    }
