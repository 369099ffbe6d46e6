"""The practice graph for a researcher: one object, and questions that answer with data frames."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from kg.errors import UsageError
from kg.graph.address import is_address
from kg.graph.folder import StoreFolder
from kg.graph.manifest import Generation
from kg.query.answer import Answer
from kg.query.columns import FEATURES, Columns
from kg.query.engine import MOST_ROWS, SECONDS, Engine, LocalEngine
from kg.query.evidence import evidence_about
from kg.query.names import unknown

if TYPE_CHECKING:
    import networkx
    import pandas as pd

__all__ = ["Graph", "open_graph"]

_SLOTS = ("format", "audience", "topic", "organiser", "partner", "venue", "channel", "outcome")
_RELATIONS = " ".join(f"gp:{slot}" for slot in _SLOTS) + " gp:region dcterms:isPartOf"
_PRACTICES = """
SELECT ?practice ?file ?article ?planned WHERE {
  %s ?practice a gp:Practice ; gp:planned ?planned ; gp:reportedIn ?article . ?article gp:file ?file .
}"""
_FILLED = (
    """
SELECT ?practice ?relation ?value WHERE {
  VALUES ?relation { """
    + _RELATIONS
    + """ }
  %s ?practice a gp:Practice ; ?relation ?value .
}"""
)
_DATES = """
SELECT DISTINCT ?practice ?day ?iso WHERE {
  %s ?practice a gp:Practice ; gp:date ?date . ?date gp:firstDay ?day ; gp:iso ?iso .
}"""
_EDGES = (
    """
SELECT ?s ?p ?o WHERE { VALUES ?p { """
    + _RELATIONS
    + """ gp:within skos:broader } ?s ?p ?o . FILTER(isIRI(?o)) }"""
)
_LABELS = """
SELECT ?s (LANG(?label) != "zh" AS ?other) ?label WHERE {
  ?s ?named ?label . VALUES ?named { skos:prefLabel gp:words } }"""


def open_graph(store: str | os.PathLike[str], *, timeout: float = SECONDS) -> Graph:
    """Open a store for reading: a folder that ``kg build`` wrote, or the URL of a SPARQL 1.1 endpoint.

    ``timeout`` is the time in which an endpoint must have answered what it is asked when it is opened.

    Raises
    ------
    StoreError : there is no finished store, or one of another version; the endpoint does not answer.
    QueryTimeoutError : the endpoint does not answer in time.
    """
    return Graph.at(store, timeout=timeout)


class Graph:
    """A finished practice graph; queries never change it. Use it as a context manager, or call ``close``."""

    def __init__(self, engine: Engine, generation: Path | None = None) -> None:
        self._engine = engine
        self.generation = generation
        """Folder of the generation that is open; None for an endpoint."""
        self.columns = Columns(engine)

    @classmethod
    def at(cls, store: str | os.PathLike[str], *, timeout: float = SECONDS) -> Self:
        """Open a store or an endpoint; see ``open_graph``."""
        text = os.fspath(store)
        if is_address(text):
            from kg.query.remote import RemoteEngine

            return cls(RemoteEngine(text, seconds=timeout))
        folder = StoreFolder(store).finished()
        return cls(LocalEngine(folder / "quads", Generation.read(folder).base), folder)

    def __repr__(self) -> str:
        # <store>/generations/<number>; without a query, so that a closed graph has a name, too.
        where = self.base if self.generation is None else str(self.generation.parents[1])
        return f"<{type(self).__name__}: {where}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process that runs the queries."""
        self._engine.close()

    @property
    def base(self) -> str:
        """Base of the IRIs of the product in this store."""
        return self._engine.base

    def sparql(self, query: str, *, timeout: float = SECONDS, max_rows: int = MOST_ROWS) -> Answer:
        """Answer a SPARQL query; the default graph holds the union of all graphs.

        The prefixes gp, rdf, rdfs, xsd, skos, dcterms, schema, org, oa, prov and qudt need not be declared.

        Raises
        ------
        UsageError : malformed (with line and column), an update, or SERVICE.
        QueryTimeoutError : it took longer than ``timeout`` seconds.
        """
        return self._engine.query(query, seconds=timeout, rows=max_rows)

    def practices(
        self,
        *,
        region: str | None = None,
        format: str | None = None,
        audience: str | None = None,
        topic: str | None = None,
        stated_only: bool = False,
        min_confidence: float = 0.0,
    ) -> pd.DataFrame:
        """Practices of a region (and all within it) with a format, an audience, a topic (or narrower ones).

        Columns: ``practice`` (IRI), ``label``, ``region`` (path), a column a slot (tuples of labels), ``dates`` (all that
        articles state, as ISO dates, the earliest first; no 每周 and no 十年来), ``part_of``, ``planned``,
        ``files``. Where none fits, ``attrs["notes"]`` has a line that says what no practice has.

        Raises
        ------
        UsageError : the graph knows no such region or concept (with suggestions), or several places of the name.
        """
        wanted = {"format": format, "audience": audience, "topic": topic}
        kept: set[str] | None = None
        absent = []
        for kind, said in [("region", region), *wanted.items()]:
            if said is None:
                continue
            if kind == "region":
                meant = self.columns.regions.find(said, where="region")
            else:
                meant = self.columns.meant(kind, said, where=kind)
            fits = {low for iri in meant for low in self.columns.below(iri)}
            bearers = {
                s.practice
                for s in self.columns.statements
                if s.relation == kind
                and s.value in fits
                and s.confidence >= min_confidence
                and not (stated_only and s.inferred)
            }
            kept = bearers if kept is None else kept & bearers
            if not bearers:
                absent.append(f"no practice {'lies in' if kind == 'region' else 'has'} {said}")
        frame = self._practice_table(kept)
        if frame.empty:
            frame.attrs["notes"] = tuple(absent) or ("no practice has all that was asked for",)
        return frame

    def practice(self, name: str) -> pd.DataFrame:
        """The practices of this name (label or IRI), with the columns of ``practices``: one row for each place.

        Raises UsageError where the graph knows none, with suggestions.
        """
        return self._practice_table(self.columns.practices.find(name, where="practice"))

    def _practice_table(self, kept: set[str] | None) -> pd.DataFrame:
        import pandas as pd

        only = "" if kept is None else f"VALUES ?practice {{ {' '.join(f'<{iri}>' for iri in sorted(kept))} }}"
        named = self._labels()
        slots_of: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
        planned: dict[str, bool] = {}
        files: dict[str, dict[str, None]] = defaultdict(dict)
        # Sorted here: in the store it would take most of the time.
        for practice, file, article, plan in sorted(self._engine.query(_PRACTICES % only).rows()):
            files[practice].setdefault(file)
            if article not in self.columns.reposts:
                # Announced in one article and reported in another: it has come about.
                planned[practice] = planned.get(practice, True) and bool(plan)
        for practice, relation, value in sorted(self._engine.query(_FILLED % only).rows()):
            slots_of[practice][_short(relation)].setdefault(value, named.get(value, value))
        dates: dict[str, dict[str, None]] = defaultdict(dict)
        for practice, _, iso in sorted(self._engine.query(_DATES % only).rows()):
            dates[practice].setdefault(iso)
        names = self.columns
        rows = []
        for practice, told_by in files.items():
            if practice not in planned:
                continue  # only a repost tells of it, and resolution did not see that it is its original's
            slots = slots_of[practice]
            paths = sorted("/".join(names.regions.paths.get(r, (label,))) for r, label in slots["region"].items())
            rows.append(
                (
                    practice,
                    names.practices.label(practice),
                    "; ".join(paths),
                    # Figures are nodes of their article: a repost tells the same words again.
                    *(tuple(sorted(set(slots[slot].values()))) for slot in _SLOTS),
                    tuple(dates[practice]),
                    tuple(sorted(names.practices.label(p) for p in slots["isPartOf"])),
                    planned[practice],
                    tuple(told_by),
                )
            )
        columns = ["practice", "label", "region", *_SLOTS, "dates", "part_of", "planned", "files"]
        return pd.DataFrame(sorted(rows, key=lambda r: (r[2], r[1], r[0])), columns=columns)

    def evidence(self, thing: str, *, exact: bool = False) -> pd.DataFrame:
        """All evidence for a practice, a concept (or narrower ones) or a region (and all within it), by IRI or label.

        Columns as in ``kg.query.evidence.COLUMNS``. With ``exact`` only what is said of the concept or region itself. Where
        there is none, ``attrs["notes"]`` says so in a line.

        Raises
        ------
        UsageError : the graph knows no such thing (with suggestions), or the text is no IRI.
        """
        if thing.startswith(("http://", "https://", "urn:")):
            if any(c in thing for c in '<>"{}|^`\\ \n\t'):
                raise UsageError("this is not an IRI", where=thing)
            found = {thing}
        else:
            kinds = (self.columns.practices, self.columns.vocabulary, self.columns.regions)
            found = {iri for names in kinds for iri, labels in names.labels.items() if thing in labels}
            found |= self.columns.vocabulary.named(thing)
            if not found and "/" in thing:
                found = self.columns.regions.find(thing, where="evidence")
            if not found:
                raise unknown(
                    "practice, concept or region",
                    thing,
                    (label for names in kinds for labels in names.labels.values() for label in labels),
                    where="evidence",
                )
        wanted = found if exact else {low for iri in found for low in self.columns.below(iri)}
        frame = evidence_about(self._engine, wanted)
        if frame.empty and thing in found and not self._engine.query(f"ASK {{ <{thing}> ?p ?o }}").value:
            raise UsageError("the graph does not hold it", where=thing, remedy="ask by its label instead")
        if frame.empty:
            itself = " itself (what is narrower was left out)" if exact else ""
            frame.attrs["notes"] = (f"no practice has {thing}{itself}",)
        return frame

    def networkx(self) -> networkx.MultiDiGraph:
        """The statements (not the evidence) as networkx: nodes by IRI with ``label``, edges with ``relation``."""
        import networkx

        graph = networkx.MultiDiGraph()
        labels = self._labels()
        for s, p, o in sorted(self._engine.query(_EDGES).rows()):
            for node in (s, o):
                graph.add_node(node, label=labels.get(node, node))
            graph.add_edge(s, o, key=_short(p), relation=_short(p))
        return graph

    def _labels(self) -> dict[str, str]:
        labels: dict[str, str] = {}
        for thing, _, label in sorted(self._engine.query(_LABELS).rows()):
            labels.setdefault(thing, label)
        return labels


def _short(iri: str) -> str:
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


assert set(FEATURES) <= set(_SLOTS)
