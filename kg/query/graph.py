"""The practice graph for a researcher: one object, and questions that answer with data frames."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self

from kg.errors import UsageError
from kg.graph.address import is_address
from kg.graph.store.snapshot import Snapshot
from kg.knowledge.simplified import simplified
from kg.model.labels import order
from kg.query.answer import Answer
from kg.query.arguments import one_name, several_names
from kg.query.engine import MOST_ROWS, SECONDS, Engine, LocalEngine, whole
from kg.query.evidence import evidence_about
from kg.query.limits import NO_LIMITS, Limits
from kg.query.lookup import Lookup
from kg.query.named import named_query
from kg.query.names import unknown
from kg.query.practice_table import PracticeTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Graph", "open_graph"]

_LABELS = """
SELECT ?s (LANG(?label) AS ?language) ?label WHERE {
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

    def __init__(self, opened: Snapshot | Engine) -> None:
        self.snapshot = opened if isinstance(opened, Snapshot) else None
        """The generation that is open; None for an endpoint."""
        self._engine: Engine = LocalEngine(opened) if isinstance(opened, Snapshot) else opened
        self.lookup = Lookup(self._engine)

    @classmethod
    def at(cls, store: str | os.PathLike[str], *, timeout: float = SECONDS) -> Self:
        """Open a store or an endpoint; see ``open_graph``."""
        if not isinstance(store, str | os.PathLike):
            remedy = "name the folder that kg build wrote, or the URL of an endpoint"
            raise UsageError(f"not a store: {store!r}", where="store", remedy=remedy)
        text = os.fspath(store)
        if is_address(text):
            from kg.query.remote import RemoteEngine

            return cls(RemoteEngine(text, timeout=timeout))
        return cls(Snapshot.at(store))

    def __repr__(self) -> str:
        # Without a query, so that a closed graph has a name, too.
        return f"<{type(self).__name__}: {self.snapshot.store.path if self.snapshot else self.base}>"

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
        QueryMemoryError : it needs more memory (on Linux) than a quarter of the machine's.
        """
        return self._engine.query(query, timeout=timeout, max_rows=max_rows)

    def run(
        self,
        name: str,
        parameters: Mapping[str, str] | None = None,
        *,
        timeout: float = SECONDS,
        max_rows: int = MOST_ROWS,
    ) -> Answer:
        """Answer a query of the catalogue (``kg.query.named_queries``): ``graph.run("practices", {"region": "四川"})``.

        A region is named as for ``practices``, a practice as for ``practice``.

        Raises
        ------
        UsageError : no such query or parameter; the graph knows no such region or practice (with suggestions), or several
            such regions.
        QueryTimeoutError : it took longer than ``timeout`` seconds.
        QueryMemoryError : it needs more memory (on Linux) than a quarter of the machine's.
        """
        query, values = named_query(name), dict(parameters or {})
        query.fill(dict.fromkeys(values, ""))  # a wrong parameter is told before places are looked up
        if "region" in values:
            (values["region"],) = self.lookup.regions.find(values["region"], where="region")
        if "practice_name" in values:
            found = self.lookup.practices.find(values["practice_name"], where="practice_name")
            values["practice_name"] = min(found) if len(found) == 1 else self.lookup.practices.label(min(found))
        return self.sparql(query.fill(values, self.base), timeout=timeout, max_rows=max_rows)

    def practices(
        self,
        *,
        region: str | Iterable[str] | None = None,
        format: str | None = None,
        audience: str | None = None,
        topic: str | None = None,
        stated_only: bool = False,
        min_confidence: float = 0.0,
    ) -> pd.DataFrame:
        """Practices of a region, or of several (and all within), with a format, an audience, a topic (or narrower ones).

        Columns: ``practice`` (IRI), ``label``, ``region`` (path), a column a slot (tuples of labels), ``dates`` (all that
        articles state, as ISO dates, the earliest first; no 每周 and no 十年来), ``part_of``, ``planned``,
        ``files``. Where none fits, ``attrs["notes"]`` has a line that says what no practice has.

        ``stated_only`` leaves out all that was inferred, ``min_confidence`` (0 to 1) all that is less sure: in what is
        shown, in what is asked for, and practices whose own name is less sure. A note says so.

        Raises
        ------
        UsageError : the graph knows no such region or concept (with suggestions), or several places of the name; the
            confidence is out of its range.
        """
        limits = Limits(stated_only, min_confidence)
        table = PracticeTable(self._engine, self.lookup, limits)
        kept = table.named
        absent = []
        places = several_names(region, "region")
        named = [("region", places)] if places else []
        concepts = {"format": format, "audience": audience, "topic": topic}
        named += [(kind, (one_name(said, kind),)) for kind, said in concepts.items() if said is not None]
        for kind, names in named:
            bearers = {practice for said in names for practice in self._bearers(kind, said, limits)}
            if table.named is not None:
                bearers &= table.named
            kept = bearers if kept is None else kept & bearers
            if not bearers:
                absent.append(f"no practice {'lies in' if kind == 'region' else 'has'} {'、'.join(names)}")
        frame = table.of(kept, self._labels())
        only = limits.note()
        if frame.empty:
            within = f" ({only})" if only else ""
            frame.attrs["notes"] = tuple(
                f"{line}{within}" for line in absent or ["no practice has all that was asked for"]
            )
        elif only:
            frame.attrs["notes"] = (only,)
        return frame

    def _bearers(self, kind: str, said: str, limits: Limits) -> set[str]:
        """Practices with a region or concept of this name, or one below it."""
        known = self.lookup
        meant = known.regions.find(said, where="region") if kind == "region" else known.meant(kind, said, where=kind)
        fits = {low for iri in meant for low in self.lookup.below(iri)}
        return {
            s.practice
            for s in self.lookup.statements
            if s.relation == kind and s.value in fits and limits.admit(s.inferred, s.confidence)
        }

    def practice(self, name: str) -> pd.DataFrame:
        """The practices of this name (label or IRI), with the columns of ``practices``: one row for each place.

        Raises UsageError where the graph knows none, with suggestions.
        """
        found = self.lookup.practices.find(name, where="practice")
        return PracticeTable(self._engine, self.lookup, NO_LIMITS).of(found, self._labels())

    def evidence(self, thing: str, *, exact: bool = False) -> pd.DataFrame:
        """All evidence for a practice, a concept (or narrower ones), a region (and all within it), an organisation, a venue
        or a channel, by IRI or label; for all of them where several bear the name.

        Columns as in ``kg.query.evidence.COLUMNS``. With ``exact`` only what is said of the concept or region itself. Where
        there is none, ``attrs["notes"]`` says so in a line.

        Raises
        ------
        UsageError : the graph knows no such thing (with suggestions), or the text is no IRI.
        """
        thing = one_name(thing, "evidence")
        if thing.startswith(("http://", "https://", "urn:")):
            if any(c in thing for c in '<>"{}|^`\\ \n\t'):
                raise UsageError("this is not an IRI", where=thing)
            found = {thing}
        else:
            lookup = self.lookup
            kinds = (lookup.practices, lookup.vocabulary, lookup.regions, lookup.others)
            spelt = {thing, simplified(thing.strip())}
            found = {iri for names in kinds for iri, labels in names.labels.items() if not spelt.isdisjoint(labels)}
            found |= lookup.vocabulary.named(thing)
            if not found and lookup.regions.named(thing):  # 四川 is 四川省, where nothing else is called so
                found = lookup.regions.find(thing, where="evidence")
            if not found:
                found = lookup.practices.named(thing)
            if not found:
                raise unknown(
                    "practice, concept, region, organisation, venue or channel",
                    thing,
                    (label for names in kinds for labels in names.labels.values() for label in labels),
                    where="evidence",
                )
        wanted = found if exact else {low for iri in found for low in self.lookup.below(iri)}
        frame = evidence_about(self._engine, wanted)
        if frame.empty and thing in found and not self._engine.query(f"ASK {{ <{thing}> ?p ?o }}").value:
            raise UsageError("the graph does not hold it", where=thing, remedy="ask by its label instead")
        if frame.empty:
            itself = " itself (what is narrower was left out)" if exact else ""
            frame.attrs["notes"] = (f"no practice has {thing}{itself}",)
        return frame

    def _labels(self) -> dict[str, str]:
        labels: dict[str, str] = {}
        rows = whole(self._engine, _LABELS).rows()
        for thing, _, label in sorted(rows, key=lambda row: (row[0], *order(row[2], row[1]))):
            labels.setdefault(thing, label)
        return labels
