"""The W3C's tests of the SPARQL protocol, request by request."""

from __future__ import annotations

from typing import Any

import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, Store
from rdflib.collection import Collection
from served_endpoint import ServedEndpoint
from w3c_suite import FOLDER, MF, PRESENT, VARIABLE, InMemory, file_of, iri_of

from kg.query.protocol import GRAPHS, TABLES, Reply

pytestmark = pytest.mark.skipif(not PRESENT, reason=f"{VARIABLE} names no checkout of github.com/w3c/rdf-tests")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
PATH = "sparql/sparql11/protocol/manifest.ttl"


def manifest() -> rdflib.Graph:
    path = FOLDER / PATH
    return rdflib.Graph().parse(path, publicID=iri_of(path), format="turtle")


def store_of(graph: rdflib.Graph, test: Any) -> Store:
    store = Store()
    for each in graph.objects(test, UT.graphData):
        name, file = graph.value(each, rdflib.RDFS.label), graph.value(each, UT.graph)
        store.load(path=str(file_of(str(file))), format=RdfFormat.N_TRIPLES, to_graph=NamedNode(str(name)))
    return store


def sent(graph: rdflib.Graph, request: Any, store: Store, served: ServedEndpoint) -> Reply:
    head = graph.value(request, HT.headers)
    headers = {}
    for each in Collection(graph, head) if head is not None else []:
        headers[str(graph.value(each, HT.fieldName)).lower()] = str(graph.value(each, HT.fieldValue))
    body = graph.value(request, HT.body)
    words = str(graph.value(body, CNT.chars) or "") if body is not None else ""
    encoding = str(graph.value(body, CNT.characterEncoding) or "utf-8") if body is not None else "utf-8"
    _, _, query = str(graph.value(request, HT.absolutePath)).partition("?")
    method = str(graph.value(request, HT.methodName))
    return served(InMemory(store, "http://www.example/sparql/"), method, query, headers, words.encode(encoding))


def test_the_protocol_is_kept(served: ServedEndpoint) -> None:
    graph = manifest()
    tests = [each for head in graph.objects(None, MF.entries) for each in Collection(graph, head)]
    passed: dict[str, int] = {"query": 0, "update": 0}
    for test in tests:
        name = str(test).rpartition("#")[2]
        store = store_of(graph, test)
        action = graph.value(test, MF.action)
        replies = []
        for request in Collection(graph, graph.value(action, HT.requests)):
            reply = sent(graph, request, store, served)
            replies.append(reply)
            if "update" in name:
                continue
            response = graph.value(request, HT.resp)
            wanted = {str(each)[-3] for each in graph.objects(response, MF.expectedStatus)}
            assert str(reply.status)[0] in wanted, (name, reply)
            _check_form(graph, response, reply, name)
        if "update" in name:
            # By design: the store is read-only. What is sent first is refused, and nothing has come in.
            assert replies[0].status in {400, 405, 415}, (name, replies[0])
        passed["update" if "update" in name else "query"] += 1
    print(passed)
    assert passed == {"query": 20, "update": 14}


def _check_form(graph: rdflib.Graph, response: Any, reply: Reply, name: str) -> None:
    form = graph.value(response, MF.expectedFormat)
    if form is not None:
        known = GRAPHS if str(form) == "RDF" else TABLES
        assert reply.headers["content-type"].split(";")[0] in known, name
    truth = graph.value(response, MF.expectedBoolean)
    if truth is not None:
        assert (b'"boolean":true' in reply.body) is bool(truth.toPython()), name
