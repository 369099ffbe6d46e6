"""The SPARQL 1.1 protocol (W3C, 2013), queries only: from a request to a reply, whatever server carries them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat, parse, parse_query_results, serialize

from kg.errors import KgError, UsageError
from kg.graph.store.snapshot import GenerationGoneError
from kg.query.answer import Answer
from kg.query.engine import MOST_ROWS, SECONDS, DataSet
from kg.query.guard import QueryMemoryError, QueryTimeoutError

__all__ = [
    "GRAPHS",
    "TABLES",
    "Asked",
    "RefusedError",
    "Reply",
    "answered",
    "asked",
    "negotiated",
    "status_of",
]

TABLES = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
    "application/json": QueryResultsFormat.JSON,
    "application/xml": QueryResultsFormat.XML,
}
"""Media types of the answers to SELECT and ASK; the first where a client takes any."""
GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}
"""Those of the answers to CONSTRUCT and DESCRIBE."""
_FORM, _QUERY = "application/x-www-form-urlencoded", "application/sparql-query"


class Asking(Protocol):
    """What answers (``LocalEngine``)."""

    def query(self, text: str, *, timeout: float, max_rows: int, dataset: DataSet | None) -> Answer: ...


@dataclass(frozen=True)
class Reply:
    """What is sent back."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What a request asks."""

    query: str
    dataset: DataSet | None


class RefusedError(KgError):
    """A request that another HTTP status than 400 tells of (405, 406, 415)."""

    def __init__(self, status: int, what: str, remedy: str) -> None:
        super().__init__(what, where="request", remedy=remedy)
        self.status = status


def answered(
    engine: Asking,
    method: str,
    query_string: str,
    headers: Mapping[str, str],
    body: bytes = b"",
    *,
    timeout: float = SECONDS,
    max_rows: int = MOST_ROWS,
) -> Reply:
    """Answer a request.

    Parameters
    ----------
    method : GET, HEAD or POST.
    query_string : what stands behind ``?`` in the address, still encoded.
    headers : by their names in lower case; ``accept`` and ``content-type`` matter.
    timeout, max_rows : limits of the query, in seconds and rows; where rows are cut off, the header ``x-truncated`` says so.

    Raises
    ------
    KgError : no query or a wrong one, no such form, no such body, or stopped at the time limit; ``status_of`` knows its status.
    """
    request = asked(method, query_string, headers.get("content-type", ""), body)
    answer = engine.query(request.query, timeout=timeout, max_rows=max_rows, dataset=request.dataset)
    return _reply(answer, headers.get("accept", ""))


def status_of(error: KgError) -> int:
    """The HTTP status that tells of an error."""
    if isinstance(error, RefusedError):
        return error.status
    if isinstance(error, UsageError):
        return 400
    return 503 if isinstance(error, (QueryMemoryError, QueryTimeoutError, GenerationGoneError)) else 500


def asked(method: str, query_string: str, content_type: str, body: bytes) -> Asked:
    """The query of a request, and the data set where it names one.

    Raises KgError: UsageError where there is not just one query, or its words are no UTF-8.
    """
    if method not in {"GET", "HEAD", "POST"}:
        raise RefusedError(405, f"{method} is not a way to ask", "use GET or POST")
    pairs = _pairs(query_string)
    if method == "POST":
        kind = content_type.split(";", maxsplit=1)[0].strip().lower()
        if kind == _FORM:
            pairs += _pairs(_text(body))
        elif kind == _QUERY:
            pairs.append(("query", _text(body)))
        elif kind == "application/sparql-update":
            raise UsageError("updates are not taken: this store is read-only", where="request", remedy="send a query")
        else:
            raise RefusedError(415, f"the body is of type {kind or 'unknown'}", f"send {_QUERY} or {_FORM}")
    given: dict[str, list[str]] = {"query": [], "default-graph-uri": [], "named-graph-uri": []}
    for name, value in pairs:
        if name in given:
            given[name].append(value)
        elif name in {"update", "using-graph-uri", "using-named-graph-uri"}:
            raise UsageError("updates are not taken: this store is read-only", where=name, remedy="send a query")
    if len(given["query"]) != 1:
        raise UsageError(f"{len(given['query'])} queries were sent", where="query", remedy="send one")
    return Asked(given["query"][0], _dataset(given["default-graph-uri"], given["named-graph-uri"]))


def _dataset(default: list[str], named: list[str]) -> DataSet | None:
    if not default and not named:
        return None
    for iri in (*default, *named):
        try:
            NamedNode(iri)
        except ValueError as error:
            raise UsageError(
                f"not an IRI: {iri[:100]!r}", where="data set", remedy="name graphs by absolute IRIs"
            ) from error
    return DataSet(tuple(default), tuple(named))


def _pairs(encoded: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:
        raise UsageError(
            "the parameters are not UTF-8, or too many", where="request", remedy="encode them anew"
        ) from error


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError("the body is not UTF-8", where="request", remedy="send it as UTF-8") from error


def negotiated(accept: str, known: Mapping[str, object]) -> str | None:
    """The media type that the client likes best (RFC 9110, 12.5.1: by quality, a narrower range overrules a wider).

    >>> negotiated("text/csv;q=0.5, application/*", TABLES)
    'application/sparql-results+json'
    >>> negotiated("*/*, application/sparql-results+json;q=0", TABLES)
    'application/sparql-results+xml'
    """
    ranges: dict[str, float] = {}
    for part in accept.split(",") if accept.strip() else ["*/*"]:
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((p.removeprefix("q=") for p in parameters if p.startswith("q=")), "1")
        try:
            ranges[name] = float(quality)
        except ValueError:
            ranges[name] = 0.0
    liked = [next((ranges[r] for r in (kind, f"{kind.split('/')[0]}/*", "*/*") if r in ranges), 0.0) for kind in known]
    best = max(liked, default=0.0)
    return list(known)[liked.index(best)] if best > 0 else None


def _reply(answer: Answer, accept: str) -> Reply:
    known: Mapping[str, object] = GRAPHS if answer.kind == "graph" else TABLES
    kind = negotiated(accept, known)
    if kind is None:
        raise RefusedError(406, "no such form of this answer", "accept " + ", ".join(known))
    body = _graph(answer, GRAPHS[kind]) if answer.kind == "graph" else _table(answer, TABLES[kind])
    headers = {"content-type": kind if kind.startswith("application/") else f"{kind}; charset=utf-8", "vary": "accept"}
    return Reply(200, body, headers | ({"x-truncated": "true"} if answer.truncated else {}))


def _graph(answer: Answer, form: RdfFormat) -> bytes:
    triples = (quad.triple for quad in parse(answer.data, format=RdfFormat.N_TRIPLES))
    return bytes(serialize(triples, format=form) or b"")


def _table(answer: Answer, form: QueryResultsFormat) -> bytes:
    if answer.kind == "ask":
        truth = b'{"head":{},"boolean":%s}' % (b"true" if answer.value else b"false")
        return bytes(parse_query_results(truth, format=QueryResultsFormat.JSON).serialize(format=form) or b"")
    if form == QueryResultsFormat.TSV:
        return answer.data
    found = parse_query_results(answer.data, format=QueryResultsFormat.TSV)
    return bytes(found.serialize(format=form) or b"")
