"""Queries to a SPARQL 1.1 endpoint elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from pyoxigraph import (
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
    serialize,
)

from kg.errors import StoreError
from kg.graph.rdf.terms import PREFIXES
from kg.graph.remote.endpoint import Endpoint
from kg.graph.remote.exchange import Allowance, ServerTimeoutError, read_table, read_truth, understood
from kg.model.iri import BASE
from kg.query.answer import Answer
from kg.query.engine import MOST_ROWS, SECONDS, check_limits
from kg.query.guard import QueryTimeoutError, check_query, prefixes, syntax_error, tokens
from kg.query.worker import check_service

__all__ = ["RemoteEngine"]

_PROLOGUE = re.compile(r"(?:\s+|#[^\n]*\n|PREFIX\s+[^\s<:]*:\s*<[^<>]*>|BASE\s*<[^<>]*>)*", re.IGNORECASE)
_COUNT = "rowsOfAll"
_DATA_SET = f"?set a <{PREFIXES['void']}Dataset> ; <{PREFIXES['void']}vocabulary> ?ontology ."
_DATA_SETS = f"SELECT DISTINCT ?set ?ontology {{ {{ {_DATA_SET} }} UNION {{ GRAPH ?graph {{ {_DATA_SET} }} }} }}"
"""Finds what ``dataset_graph`` wrote, among data sets of others: the base stands before both names."""


class RemoteEngine:
    """Asks a server.

    ``kg build --endpoint`` writes every triple to the default graph too, so that it is the union of all graphs on any
    server. Where it is not (the graphs were loaded by other means), ``union`` is False and a query must name GRAPH ?g.
    """

    def __init__(self, url: str, base: str | None = None, *, timeout: float = SECONDS) -> None:
        check_limits(timeout)
        self._endpoint = replace(Endpoint.from_url(url), allowance=_allowance(timeout))
        with _in_time():
            self.base = base or self._named_base()
            self.union = self._has_union()
            """Whether the default graph of the server holds what its named graphs say."""

    def query(self, text: str, *, timeout: float = SECONDS, max_rows: int | None = MOST_ROWS) -> Answer:
        """Answer a query; the server is left to itself after ``timeout`` seconds (its own limits end its work)."""
        check_query(text)
        check_limits(timeout, max_rows or 0)
        form, variables = self._form(text)
        if not self.union and not any(kind == "word" and word.upper() == "GRAPH" for kind, word, _ in tokens(text)):
            raise StoreError(
                "the default graph of this server is not the union of its graphs",
                where=self._endpoint.query,
                remedy="write with kg build --endpoint, switch its union on, or ask with GRAPH ?g { … }",
            )
        known = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes(self.base).items())
        endpoint = replace(self._endpoint, allowance=_allowance(timeout))
        accept = "application/n-triples" if form == "graph" else "application/sparql-results+json"
        with _in_time():
            body = endpoint.ask(known + text, accept)
        with understood(endpoint.query):
            if form == "graph":
                return _graph(body, max_rows)
            if form == "ask":
                return Answer("ask", value=read_truth(body))
            answer = _table(body, variables, max_rows)
        if max_rows is None:
            with _in_time():
                self._check_uncut(endpoint, known, text, answer)
        return answer

    def _check_uncut(self, endpoint: Endpoint, known: str, text: str, answer: Answer) -> None:
        """Raises StoreError where the server gave fewer rows than there are: many cut an answer off without a word."""
        prologue = _PROLOGUE.match(text)
        at = prologue.end() if prologue else 0
        counted = f"{known}{text[:at]}SELECT (COUNT(*) AS ?{_COUNT}) {{ {{ {text[at:]} }} }}"
        (row,) = endpoint.select(counted)
        with understood(endpoint.query):
            total = int(row[_COUNT].value)
        if total > (given := len(answer.rows())):
            raise StoreError(
                f"the server gave {given} of {total} rows",
                where=endpoint.query,
                remedy="raise its limit of rows (Virtuoso: ResultSetMaxRows), or build a store on this machine",
            )

    def _has_union(self) -> bool:
        practice = f"?p a <{prefixes(self.base)['gp']}Practice>"
        inside = self._endpoint.is_true(f"ASK {{ GRAPH ?g {{ {practice} }} }}")
        return not inside or self._endpoint.is_true(f"ASK {{ {practice} }}")

    def _named_base(self) -> str:
        """The base that the description of the data set names: of several the product's own, and this where none is named.

        Raises StoreError where there are several others: whose practices are meant, nothing says.
        """
        rows = self._endpoint.select(_DATA_SETS)
        with understood(self._endpoint.query):
            found = {base for row in rows if (base := _base_of(row["set"], row["ontology"]))}
        if len(found) < 2 or BASE in found:
            return BASE if BASE in found else next(iter(found), BASE)
        raise StoreError(
            f"the server holds graphs of several bases ({', '.join(sorted(found))})",
            where=self._endpoint.query,
            remedy="keep each on a server of its own",
        )

    def _form(self, text: str) -> tuple[str, list[str]]:
        """What a query gives (graph, select, ask), and the variables of its rows.

        Parsed here first: the place of an error is told the same way for every server.
        """
        try:
            check_service(text, prefixes(self.base))
            asked = Store().query(text, prefixes=prefixes(self.base))
        except SyntaxError as error:
            raise syntax_error(text, str(error)) from error
        if isinstance(asked, QuerySolutions):
            return "select", [variable.value for variable in asked.variables]
        return "graph" if isinstance(asked, QueryTriples) else "ask", []

    def close(self) -> None:
        """Nothing is held open."""


def _allowance(timeout: float) -> Allowance:
    # The time is up before the silence is too long: it is told as what it is.
    return Allowance(silence=timeout + 1, whole=timeout)


@contextmanager
def _in_time() -> Iterator[None]:
    try:
        yield
    except ServerTimeoutError as error:
        remedy = "narrow the query, or give it more time (timeout)"
        raise QueryTimeoutError(error.what, where=error.where, remedy=remedy) from error


def _base_of(data_set: object, ontology: object) -> str | None:
    """The base of a data set of the product; None for one of another kind."""
    if not isinstance(data_set, NamedNode) or not isinstance(ontology, NamedNode):
        return None
    base = data_set.value.removesuffix("dataset")
    ours = base.endswith("/") and data_set.value != base and ontology.value == f"{base}ontology"
    return base if ours else None


def _graph(body: bytes, max_rows: int | None) -> Answer:
    triples = [quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES)]
    data = serialize(triples[:max_rows], format=RdfFormat.N_TRIPLES) or b""
    return Answer("graph", bytes(data), truncated=max_rows is not None and len(triples) > max_rows)


def _table(body: bytes, variables: list[str], max_rows: int | None) -> Answer:
    plain = json.loads(body)
    bindings = plain["results"]["bindings"]
    cut = max_rows is not None and len(bindings) > max_rows
    plain["results"]["bindings"] = bindings[:max_rows]
    if missing := sorted(set(variables) - set(plain["head"]["vars"])):
        raise LookupError(f"it has no ?{missing[0]}")
    # No name for the rows: an error in one would keep them (see read_truth).
    tsv = read_table(json.dumps(plain).encode("utf-8")).serialize(format=QueryResultsFormat.TSV)
    return Answer("select", bytes(tsv or b""), truncated=cut)
