"""Evidence for a reader: the article, the exact words, and the sentence they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kg.query.engine import Engine, whole

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "Sentence", "evidence_about", "evidence_nodes"]

COLUMNS = (
    "practice",
    "relation",
    "value",
    "words",
    "sentence",
    "file",
    "title",
    "start",
    "end",
    "original_start",
    "original_end",
    "rule",
    "confidence",
    "inferred",
    "repost",
    "evidence",
)
"""Columns of an evidence table; ``start``, ``end`` count code points of the clean text, ``original_…`` of the file."""

_QUERY = """
SELECT ?before ?about ?relation ?value (MIN(?label) AS ?name) ?words (SAMPLE(?s) AS ?sentence) ?file (SAMPLE(?t) AS ?title)
       ?start ?end (SAMPLE(?os) AS ?original_start) (SAMPLE(?oe) AS ?original_end) ?rule ?confidence ?inferred
       ?repost ?evidence WHERE {
  %s
  ?evidence gp:about ?about ; gp:relation ?relation ; gp:value ?value ; oa:hasSource ?article ; gp:rule ?rule ;
            gp:confidence ?confidence ; gp:inferred ?inferred ; oa:hasSelector ?quote , ?position .
  ?quote oa:exact ?words .
  ?position oa:start ?start ; oa:end ?end .
  ?article gp:file ?file .
  BIND(EXISTS { ?article gp:nearDuplicateOf ?original } AS ?repost)
  OPTIONAL { ?quote oa:prefix ?before }
  OPTIONAL { ?article schema:headline ?t }
  OPTIONAL { ?evidence gp:sentence ?s }
  # One OPTIONAL within the other: a pattern of three within one is matched against the whole store before it is joined.
  OPTIONAL { ?evidence gp:originalSelector ?place OPTIONAL { ?place oa:start ?os } OPTIONAL { ?place oa:end ?oe } }
  OPTIONAL { ?value skos:prefLabel|gp:words ?label FILTER(LANG(?label) != "en") }
}
GROUP BY ?before ?about ?relation ?value ?words ?file ?start ?end ?rule ?confidence ?inferred ?repost ?evidence
ORDER BY ?file ?start ?relation ?evidence"""


class Sentence(str):
    """A sentence of a table of evidence; ``at`` is where in it the words of its row begin (code points), −1 where not."""

    at = -1

    @classmethod
    def around(cls, sentence: str, words: str, before: str | None) -> Sentence:
        """The sentence with the place of the words: of several, the last that follows on what the article has before them.

        >>> Sentence.around("夜校办起来，夜校满了。", "夜校", "村里有了。夜校办起来，").at
        6
        """
        placed = cls(sentence)
        at = sentence.rfind(words)
        # A sentence may begin behind the first of these letters, and before them.
        while at > 0 and before is not None and not before.endswith(sentence[max(0, at - len(before)) : at]):
            at = sentence.rfind(words, 0, at + len(words) - 1)
        placed.at = at if at >= 0 else sentence.find(words)
        return placed


def evidence_about(engine: Engine, things: Iterable[str]) -> pd.DataFrame:
    """All evidence about these practices, or for these values (a concept, a region, an organisation); see COLUMNS."""
    iris = " ".join(f"<{iri}>" for iri in sorted(things))
    body = f"VALUES ?thing {{ {iris} }} {{ ?evidence gp:about ?thing }} UNION {{ ?evidence gp:value ?thing }}"
    return _frame(engine, body)


def evidence_nodes(engine: Engine, nodes: Sequence[str]) -> pd.DataFrame:
    """The rows of these evidence nodes; see COLUMNS."""
    if not nodes:
        import pandas as pd

        return pd.DataFrame(columns=list(COLUMNS))
    return _frame(engine, f"VALUES ?evidence {{ {' '.join(f'<{n}>' for n in sorted(nodes))} }}")


def _frame(engine: Engine, body: str) -> pd.DataFrame:
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for before, about, relation, value, name, words, said, *rest in whole(engine, _QUERY % body).rows():
        short = relation.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
        sentence = said and Sentence.around(said, words, before)
        rows.append((about, short, name or value, words, sentence, *rest))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    # Of objects: as text, pandas would keep the letters alone.
    frame["sentence"] = pd.Series([row[COLUMNS.index("sentence")] for row in rows], dtype=object)
    return frame.drop_duplicates("evidence", ignore_index=True)
