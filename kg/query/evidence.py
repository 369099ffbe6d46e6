"""Evidence for a reader: the article, the exact words, and the sentence they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kg.query.engine import Engine, whole

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "evidence_about", "evidence_nodes"]

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
SELECT ?about ?relation ?value (MIN(?label) AS ?name) ?words (SAMPLE(?s) AS ?sentence) ?file (SAMPLE(?t) AS ?title)
       ?start ?end (SAMPLE(?os) AS ?original_start) (SAMPLE(?oe) AS ?original_end) ?rule ?confidence ?inferred
       ?repost ?evidence WHERE {
  %s
  ?evidence gp:about ?about ; gp:relation ?relation ; gp:value ?value ; oa:hasSource ?article ; gp:rule ?rule ;
            gp:confidence ?confidence ; gp:inferred ?inferred ; oa:hasSelector ?quote , ?position .
  ?quote oa:exact ?words .
  ?position oa:start ?start ; oa:end ?end .
  ?article gp:file ?file .
  BIND(EXISTS { ?article gp:nearDuplicateOf ?original } AS ?repost)
  OPTIONAL { ?article schema:headline ?t }
  OPTIONAL { ?evidence gp:sentence ?s }
  OPTIONAL { ?evidence gp:originalSelector ?place . ?place oa:start ?os ; oa:end ?oe }
  OPTIONAL { ?value skos:prefLabel|gp:words ?label FILTER(LANG(?label) != "en") }
}
GROUP BY ?about ?relation ?value ?words ?file ?start ?end ?rule ?confidence ?inferred ?repost ?evidence
ORDER BY ?file ?start ?relation ?evidence"""


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
    for about, relation, value, name, *rest in whole(engine, _QUERY % body).rows():
        short = relation.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
        rows.append((about, short, name or value, *rest))
    return pd.DataFrame(rows, columns=list(COLUMNS)).drop_duplicates("evidence", ignore_index=True)
