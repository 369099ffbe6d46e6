"""Practices as a table: a row each, with all that articles state of it or, with limits, what is sure enough.

What only reposts tell is left out: each statement is asked for with its article, whose graph holds it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kg.query.engine import Engine, whole
from kg.query.limits import Limits
from kg.query.lookup import FEATURES, Lookup

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PracticeTable"]

_SLOTS = ("format", "audience", "topic", "organiser", "partner", "venue", "channel", "outcome")
_RELATIONS = " ".join(f"gp:{slot}" for slot in _SLOTS) + " gp:region dcterms:isPartOf"
"""What a practice is joined to other things by, as SPARQL writes it."""
_PRACTICES = """
SELECT ?practice ?file ?article ?planned WHERE {
  %s GRAPH ?article { ?practice a gp:Practice ; gp:planned ?planned . ?article gp:file ?file }
}"""
_FILLED = (
    """
SELECT ?practice ?relation ?value ?article WHERE {
  VALUES ?relation { """
    + _RELATIONS
    + """ }
  %s GRAPH ?article { ?practice ?relation ?value }
}"""
)
_DATES = """
SELECT ?practice ?day ?iso ?date ?article WHERE {
  %s GRAPH ?article { ?practice gp:date ?date . ?date gp:firstDay ?day ; gp:iso ?iso }
}"""
_NAMED = """
SELECT ?practice ?article ?confidence WHERE {
  ?evidence gp:relation skos:prefLabel ; gp:about ?practice ; oa:hasSource ?article ; gp:confidence ?confidence .
}"""
_SAID = (
    """
SELECT ?practice ?relation ?value ?article ?inferred ?confidence WHERE {
  VALUES ?relation { gp:date """
    + _RELATIONS
    + """ }
  ?evidence gp:relation ?relation ; gp:about ?practice ; gp:value ?value ; oa:hasSource ?article ;
            gp:inferred ?inferred ; gp:confidence ?confidence .
}"""
)
_COLUMNS = ("practice", "label", "region", *_SLOTS, "dates", "part_of", "planned", "files")


class PracticeTable:
    """Makes tables of practices; with limits, of what passes them.

    A practice is told by an article that names it surely enough: one that no article names so is left out.
    """

    def __init__(self, engine: Engine, lookup: Lookup, limits: Limits) -> None:
        self._engine, self._lookup = engine, lookup
        self._named: set[tuple[str, str]] | None = None
        """Practices with the articles that tell of them; None for all."""
        self._said: set[tuple[str, str, str]] | None = None
        """Practice, relation and value of the statements that count; None for all."""
        if limits.words():
            self._named = {(p, a) for p, a, sure in whole(engine, _NAMED).rows() if sure >= limits.min_confidence}
            rows = whole(engine, _SAID).rows()
            self._said = {(p, r, v) for p, r, v, a, *said in rows if limits.admit(*said) and a not in lookup.reposts}

    @property
    def named(self) -> set[str] | None:
        """The practices that an article (no repost) names surely enough; None for all."""
        if self._named is None:
            return None
        return {practice for practice, article in self._named if article not in self._lookup.reposts}

    def of(self, kept: set[str] | None, labels: Mapping[str, str]) -> pd.DataFrame:
        """The table of these practices (None: of all), by place and label; columns as of ``Graph.practices``."""
        import pandas as pd

        only = "" if kept is None else f"VALUES ?practice {{ {' '.join(f'<{iri}>' for iri in sorted(kept))} }}"
        files, planned = self._told(only)
        slots_of: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
        for practice, relation, value in self._statements(only):
            slots_of[practice][_last_part(relation)].setdefault(value, labels.get(value, value))
        dates = self._dates(only)
        names = self._lookup
        rows = []
        for practice, plan in planned.items():
            slots = slots_of[practice]
            paths = sorted("/".join(names.regions.paths.get(r, (label,))) for r, label in slots["region"].items())
            rows.append(
                (
                    practice,
                    names.practices.label(practice),
                    "; ".join(paths),
                    # Figures are nodes of their article: another one may tell the same words again.
                    *(tuple(sorted(set(slots[slot].values()))) for slot in _SLOTS),
                    tuple(dates[practice]),
                    tuple(sorted(names.practices.label(p) for p in slots["isPartOf"])),
                    plan,
                    tuple(files[practice]),
                )
            )
        return pd.DataFrame(sorted(rows, key=lambda r: (r[2], r[1], r[0])), columns=list(_COLUMNS))

    def _told(self, only: str = "") -> tuple[dict[str, dict[str, None]], dict[str, bool]]:
        """Practice → its files; practice → whether it was only announced, without those that only a repost tells of
        (resolution did not see that it is its original's)."""
        files: dict[str, dict[str, None]] = defaultdict(dict)
        planned: dict[str, bool] = {}
        # Sorted here: in the store it would take most of the time.
        for practice, file, article, plan in sorted(whole(self._engine, _PRACTICES % only).rows()):
            if self._named is not None and (practice, article) not in self._named:
                continue
            files[practice].setdefault(file)
            if article not in self._lookup.reposts:
                # Announced in one article and reported in another: it has come about.
                planned[practice] = planned.get(practice, True) and bool(plan)
        return files, planned

    def _statements(self, only: str = "") -> list[tuple[str, str, str]]:
        """Practice, relation and value of what articles (no reposts) say of features, places and wholes, sorted."""
        reposts = self._lookup.reposts
        found = {(p, r, v) for p, r, v, article in whole(self._engine, _FILLED % only).rows() if article not in reposts}
        return sorted(found if self._said is None else found & self._said)

    def _dates(self, only: str) -> dict[str, dict[str, None]]:
        """Practice → its dates, the earliest first."""
        relation = self._engine.base + "ontology#date"
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for practice, _, iso, date, article in sorted(whole(self._engine, _DATES % only).rows()):
            if article in self._lookup.reposts:
                continue
            if self._said is None or (practice, relation, date) in self._said:
                found[practice].setdefault(iso)
        return found


def _last_part(iri: str) -> str:
    """The name at the end of an IRI.

    >>> _last_part("http://purl.org/dc/terms/isPartOf"), _last_part("https://practice-graph.example/ontology#date")
    ('isPartOf', 'date')
    """
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


assert set(FEATURES) <= set(_SLOTS)
