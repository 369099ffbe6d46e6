"""How a question is answered: on the columns that its limits leave, with what shows the sentences of a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kg.compare.column_copy.columns import Columns
from kg.compare.column_copy.selection import Selection
from kg.compare.result import Comparison
from kg.query.arguments import several_names
from kg.query.engine import Engine, whole
from kg.query.lookup import Lookup

__all__ = ["Answering", "Names", "flat", "given"]

Names = str | Iterable[str]
"""One name, or several: a list, a column of a data frame."""
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


class Answering:
    """What all questions to an opened graph rest on."""

    _engine: Engine
    lookup: Lookup

    @property
    def columns(self) -> Columns:
        """The column copy that the questions run on."""
        raise NotImplementedError

    def _answer(
        self,
        question: Callable[..., Comparison],
        words: Sequence[str],
        options: Mapping[str, Any],
        within: Selection,
        told: Selection | None = None,
    ) -> Comparison:
        """The question, asked of the columns within a selection; its notes tell that, or another one (``told``)."""
        answer = question(self.columns.within(within), *words, **options)
        only = (told or within).note()
        notes = (*answer.notes, only) if only else answer.notes
        return replace(answer, engine=self._engine, names=self._label, notes=notes)

    def _label(self, practice: str) -> str:
        return self.lookup.practices.label(practice)

    def _quoted(self, nodes: Sequence[str]) -> dict[str, str]:
        """IRIs of evidence nodes → the words that they quote."""
        found: dict[str, str] = {}
        for start in range(0, len(nodes), _AT_ONCE):
            some = " ".join(f"<{node}>" for node in nodes[start : start + _AT_ONCE])
            found |= {str(node): str(words) for node, words in whole(self._engine, _WORDS.format(nodes=some)).rows()}
        return found

    def _refused(self) -> set[str]:
        """IRIs of evidence for dates before which something was, which are no dates of a practice."""
        found = whole(self._engine, _BEFORE).rows()
        return {str(node) for node, words, sentence in found if re.search(re.escape(words) + _EARLIER, sentence)}


def given(**said: Names | None) -> dict[str, Any]:
    """The options that were given, as the names in them; of the others the question has its own default."""
    return {name: several_names(names, name) for name, names in said.items() if names is not None}


def flat(words: Sequence[Any]) -> list[str]:
    """The features named; those of a list that was given as one word, too."""
    return [name for said in words for name in several_names(said, "feature")]
