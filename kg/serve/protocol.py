"""The SPARQL 1.1 protocol: queries only, within limits, each in a process that is ended at the time limit."""

from __future__ import annotations

from urllib.parse import parse_qsl

from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results, serialize
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.errors import KgError, StoreError, UsageError
from kg.query import Answer, QueryTimeoutError
from kg.serve.store import ServedStore

__all__ = ["answer_query", "status_of"]

MOST_ROWS = 50_000
_TABLES = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
_GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}


def status_of(error: KgError) -> int:
    """The HTTP status of an error: the request's fault is 400, a query at its limit 503."""
    if isinstance(error, QueryTimeoutError):
        return 503
    return 503 if isinstance(error, StoreError) else 400


async def query_of(request: Request) -> str:
    """The query of a request. Raises UsageError where there is not exactly one, or the form of the body is unknown."""
    pairs = [(key, value) for key, value in request.query_params.multi_items()]
    if request.method == "POST":
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        try:
            body = (await request.body()).decode("utf-8")
        except UnicodeDecodeError as error:
            raise UsageError("the body is not UTF-8", where="query", remedy="send it as UTF-8") from error
        if kind == "application/sparql-query":
            pairs.append(("query", body))
        elif kind == "application/x-www-form-urlencoded":
            pairs += parse_qsl(body, keep_blank_values=True)
        elif kind == "application/sparql-update":
            raise UsageError("updates are not taken: this store is read-only", where="query", remedy="send a query")
        else:
            raise UsageError(
                "the body is of an unknown type",
                where="Content-Type",
                remedy="use application/sparql-query or application/x-www-form-urlencoded",
            )
    names = [key for key, _ in pairs]
    if "update" in names:
        raise UsageError("updates are not taken: this store is read-only", where="update", remedy="send a query")
    if {"default-graph-uri", "named-graph-uri"} & set(names):
        raise UsageError("the data set is that of the store", where="default-graph-uri", remedy="use FROM or GRAPH")
    queries = [value for key, value in pairs if key == "query"]
    if len(queries) != 1:
        raise UsageError(f"{len(queries)} queries were sent", where="query", remedy="send one")
    return queries[0]


def answer_query(store: ServedStore, text: str, accept: str) -> Response:
    """Answer a query in the form that is asked for. Raises what ``Graph.sparql`` raises."""
    with store.worker() as graph:
        answer = graph.sparql(text, timeout=store.query_seconds, max_rows=MOST_ROWS)
    known: dict[str, QueryResultsFormat | RdfFormat] = dict(_GRAPHS) if answer.kind == "graph" else dict(_TABLES)
    wanted = _negotiated(accept, list(known))
    if wanted is None:
        return JSONResponse({"what": "no such form of answers", "remedy": "use " + ", ".join(known)}, status_code=406)
    body = _ask(answer, wanted) if answer.kind == "ask" else _serialized(answer, known[wanted])
    headers = {"x-truncated": "true"} if answer.truncated else {}
    return Response(body, media_type=wanted, headers={**headers, "vary": "accept"})


def _negotiated(accept: str, known: list[str]) -> str | None:
    """The first form of the highest quality (RFC 9110, 12.5.1)."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept.split(",") if accept.strip() else ["*/*"]):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = float(parameter[2:])
                except ValueError:
                    quality = 0.0
        if quality > 0:
            ranked.append((-quality, place, name))
    for _, _, name in sorted(ranked):
        for form in known:
            if name in (form, "*/*") or (name.endswith("/*") and form.startswith(name[:-1])):
                return form
    return None


def _serialized(answer: Answer, form: QueryResultsFormat | RdfFormat) -> bytes:
    if isinstance(form, RdfFormat):
        triples = (quad.triple for quad in parse(answer.data, format=RdfFormat.N_TRIPLES))
        return bytes(serialize(triples, format=form) or b"")
    solutions = parse_query_results(answer.data, format=QueryResultsFormat.TSV)
    return bytes(solutions.serialize(format=form) or b"")


def _ask(answer: Answer, wanted: str) -> bytes:
    if wanted.endswith("xml"):
        return answer.to_text("xml").encode("utf-8")
    if wanted.endswith("json"):
        return answer.to_text("json").encode("utf-8")
    return f"answer\n{str(answer.value).lower()}\n".encode()
