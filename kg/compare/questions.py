"""The comparisons as questions to an opened graph: each answer can show its sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kg.compare.columns import Columns
from kg.compare.contrast import contrast
from kg.compare.coverage import coverage
from kg.compare.families import families
from kg.compare.outcomes import outcomes
from kg.compare.result import Comparison
from kg.compare.selection import Selection
from kg.compare.shared import shared_features
from kg.compare.signatures import LIMITS, limits, takes_options_of
from kg.compare.similar import similar_practices
from kg.compare.spread import spread
from kg.query.arguments import one_name, several_names
from kg.query.columns import Columns as Known
from kg.query.engine import Engine, whole

__all__ = ["Questions", "parted"]

_SEVERAL = ("features", "practices")
"""Options that hold several names; one may be written as it is."""
_AT_ONCE = 2000
"""Evidence nodes of one query."""
_WORDS = "SELECT ?evidence ?words WHERE {{ VALUES ?evidence {{ {nodes} }} ?evidence oa:hasSelector/oa:exact ?words }}"
_BEFORE = """
SELECT ?evidence ?words ?sentence WHERE { ?evidence gp:relation gp:date ; gp:sentence ?sentence ; oa:hasSelector/oa:exact ?words .
  FILTER(CONTAINS(STR(?sentence), CONCAT(STR(?words), "以前")) || CONTAINS(STR(?sentence), CONCAT(STR(?words), "之前"))
         || CONTAINS(STR(?sentence), CONCAT(STR(?words), "前"))) }"""
_EARLIER = r"(?:以前|之前|前(?![来后夕期赴景段两二三四五六七八九十几\d]|往(?!往)|去(?!世)|半(?!数)|一[个季周天批次届]))"
"""What says that something was before a date: 2022年前 is no date of the practice. 2023年3月前往 is one: those are the words
that begin with 前 and follow a date."""


class Questions:
    """What ``kg.compare.ComparedGraph`` can be asked of all practices at once.

    Every question also takes the options of ``LIMITS``; every answer is a ``Comparison``: a data frame in ``frame``, notes on
    what it rests on, ``evidence(row)`` for the sentences of a row, ``text()`` for a terminal.
    """

    _engine: Engine
    columns: Known

    @property
    def copy(self) -> Columns:
        """The column copy that the questions run on."""
        raise NotImplementedError

    @takes_options_of(shared_features, limits)
    def shared(self, **options: Any) -> Comparison:
        """Features that practices of several regions share; see ``kg.compare.shared.shared_features``."""
        return self._answer(shared_features, (), options)

    @takes_options_of(similar_practices, limits)
    def similar(self, said: str, **options: Any) -> Comparison:
        """The practices nearest to one, or to a description; see ``kg.compare.similar.similar_practices``.

        Ranges of places and dates limit the answers, not the practice that is asked about.
        """
        chosen = self.copy.select(**parted(options)[0])
        rest = {name: value for name, value in options.items() if name not in ("region", "since", "until")}
        # the whole selection is told, although only a part of it limits the practice that is asked about
        return self._answer(
            similar_practices,
            (one_name(said, "practice"),),
            {"among": chosen.practices.kept, **rest},
            said=_said(chosen.chosen),
        )

    @takes_options_of(families, limits)
    def families(self, **options: Any) -> Comparison:
        """Groups of practices that are variants of one idea; see ``kg.compare.families.families``."""
        return self._answer(families, (), options)

    @takes_options_of(spread, limits)
    def spread(self, *words: str, **options: Any) -> Comparison:
        """When each region first shows these features; see ``kg.compare.spread.spread``."""
        found = whole(self._engine, _BEFORE).rows()
        refused = {str(node) for node, words, sentence in found if re.search(re.escape(words) + _EARLIER, sentence)}
        return self._answer(spread, _flat(words), {"refused": refused, **options})

    @takes_options_of(contrast, limits)
    def contrast(self, one: str, other: str, **options: Any) -> Comparison:
        """What two places, periods or levels do differently; see ``kg.compare.contrast.contrast``."""
        return self._answer(contrast, (one_name(one, "contrast"), one_name(other, "contrast")), options)

    @takes_options_of(outcomes, limits)
    def outcomes(self, *words: str, **options: Any) -> Comparison:
        """What practices with these features report; see ``kg.compare.outcomes.outcomes``."""
        return self._answer(outcomes, _flat(words), {"quoted": self._quoted, **options})

    @takes_options_of(coverage, limits)
    def coverage(self, *words: str, **options: Any) -> Comparison:
        """The articles, sources, regions and years behind these features; see ``kg.compare.coverage.coverage``."""
        return self._answer(coverage, _flat(words), options)

    def _answer(
        self,
        question: Callable[..., Comparison],
        words: Sequence[str],
        options: Mapping[str, Any],
        *,
        said: str | None = None,
    ) -> Comparison:
        within, rest = parted(options)
        columns = self.copy.select(**within)
        answer = question(columns, *words, **rest)
        said = _said(columns.chosen) if said is None else said
        notes = (*answer.notes, said) if said else answer.notes
        return replace(answer, engine=self._engine, names=self._label, notes=notes)

    def _label(self, practice: str) -> str:
        return self.columns.practices.label(practice)

    def _quoted(self, nodes: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for start in range(0, len(nodes), _AT_ONCE):
            some = " ".join(f"<{node}>" for node in nodes[start : start + _AT_ONCE])
            found |= {str(node): str(words) for node, words in whole(self._engine, _WORDS.format(nodes=some)).rows()}
        return found


def parted(options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The options of a question: those of ``Columns.select``, and its own."""
    rest = {name: value for name, value in options.items() if name not in LIMITS}
    for name in _SEVERAL:
        if (said := rest.pop(name, None)) is not None:
            rest[name] = several_names(said, name)
    return limits(**{name: options[name] for name in LIMITS if name in options}), rest


def _flat(words: Sequence[Any]) -> list[str]:
    """The features named; those of a list that was given as one word, too."""
    return [name for said in words for name in several_names(said, "feature")]


def _said(chosen: Selection) -> str:
    """The options of a question, for its notes; empty where there are none."""
    return chosen.note()
