"""A SPARQL 1.1 server elsewhere: query and update protocol, and the graph store protocol, over HTTP."""

from __future__ import annotations

import urllib.parse
import urllib.request
from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, QuerySolution

from kg.errors import UsageError
from kg.graph.address import shown, without_login
from kg.graph.rdf.fixed import INDEX
from kg.graph.rdf.terms import Terms
from kg.graph.remote.exchange import QUERY, Allowance, read_table, read_truth, send, understood

__all__ = ["Endpoint"]

_EXAMPLE = "http://127.0.0.1:7878"
_PENDING = "pending"
"""Stands for the hash of a graph whose transfer has begun: no graph has it."""


@dataclass(frozen=True)
class Endpoint:
    """Where a server takes queries, updates and graphs.

    ``graphs`` is None where a server has no graph store protocol: then updates carry the graphs.
    """

    query: str
    update: str
    graphs: str | None = None
    login: str | None = field(default=None, repr=False)
    """Header of each request that says who asks."""
    allowance: Allowance = field(default_factory=Allowance)
    """Of one request."""

    @staticmethod
    def from_url(url: str, *, update: str | None = None, graphs: str | None = None) -> Endpoint:
        """The three addresses of a server, from one.

        ``…/query`` and ``…/sparql`` stand for themselves, with ``…/update`` and ``…/store`` beside them (Oxigraph,
        Fuseki); ``…/repositories/NAME`` is RDF4J's and GraphDB's way; any other address is the folder of the first
        kind. ``update`` and ``graphs`` name the others where a server has its own.

        A name and a password in ``url`` go with every request (basic authentication), and are told nowhere.

        Raises UsageError where one of them is no address, or a password stands in another one.
        """
        plain, login = without_login(url, example=_EXAMPLE)
        plain = plain.rstrip("/")
        for other in filter(None, (update, graphs)):
            if without_login(other, example=_EXAMPLE)[1]:
                remedy = "put them into that of --endpoint: they go with every request"
                raise UsageError("name and password stand in another address", where=shown(other), remedy=remedy)
        if "/repositories/" in plain:
            update, graphs = update or f"{plain}/statements", graphs or f"{plain}/rdf-graphs/service"
            return Endpoint(plain, update, graphs, login)
        above, _, last = plain.rpartition("/")
        folder = above if last in {"query", "sparql"} else plain
        query = plain if last in {"query", "sparql"} else f"{plain}/query"
        return Endpoint(query, update or f"{folder}/update", graphs or f"{folder}/store", login)

    def ask(self, text: str, accept: str = "application/sparql-results+json") -> bytes:
        """Send a query; returns the body of the answer. Raises UsageError (refused) or StoreError (no answer)."""
        return self._send(self.query, "POST", text.encode("utf-8"), QUERY, accept)

    def select(self, text: str) -> list[QuerySolution]:
        """Send a SELECT query; returns its rows."""
        body = self.ask(text)
        with understood(self.query):
            return list(read_table(body))

    def is_true(self, text: str) -> bool:
        """Send an ASK query."""
        body = self.ask(text)
        with understood(self.query):
            return read_truth(body)

    def change(self, text: str) -> None:
        """Send an update."""
        self._send(self.update, "POST", text.encode("utf-8"), "application/sparql-update", "*/*")

    def graph_hashes(self, terms: Terms) -> dict[str, str]:
        """Which graphs of ours the server holds: graph → hash, from the index graph that was written with them."""
        rows = self.select(
            f"SELECT ?g ?h WHERE {{ GRAPH {terms.iri(INDEX)} {{ ?g {terms.name('gp:graphHash')} ?h }} }}"
        )
        with understood(self.query):
            return {_graph(row): row["h"].value for row in rows}

    def holders(self, terms: Terms) -> set[str]:
        """Identities of the stores that the graphs under this base are from; older programs left none."""
        rows = self.select(f"SELECT ?store {{ {self._held('?store', terms)} }}")
        with understood(self.query):
            return {row["store"].value for row in rows}

    def hold(self, store: str, terms: Terms) -> None:
        """Say that the graphs under this base are from now on those of this store."""
        # In the index alone: in the default graph it would stand among what the articles say.
        held = self._held(terms.text(store), terms)
        self.change(f"DELETE WHERE {{ {self._held('?store', terms)} }} ;\nINSERT DATA {{ {held} }}")

    def put(self, graph: str, ntriples: str, digest: str, terms: Terms) -> None:
        """Replace one graph by the graph store protocol, its triples in the default graph, and its hash in the index.

        The default graph is written too, so that it is the union of all graphs whatever the server makes of it.
        """
        if self.graphs is None:
            self.put_many([(graph, ntriples, digest)], {graph}, terms)
            return
        # The mark comes first: of a transfer that dies, the next one knows the graph, and withdraws or writes it whole.
        forget = self._forget(graph, terms)
        self.change(f"{_withdraw(graph)} ;\n{forget} ;\nINSERT DATA {{ {self._mark(graph, _PENDING, terms)} }}")
        address = f"{self.graphs}?{urllib.parse.urlencode({'graph': graph[1:-1]})}"
        self._send(address, "PUT", ntriples.encode("utf-8"), "application/n-triples", "*/*")
        # Only then the default graph: withdrawing a graph takes from there what the graph itself holds.
        self.change(f"{forget} ;\nINSERT DATA {{\n{ntriples}{self._mark(graph, digest, terms)} }}")

    def put_many(self, graphs: Sequence[tuple[str, str, str]], present: Container[str], terms: Terms) -> None:
        """Write graphs (graph, N-Triples, hash) in one update; those ``present`` are replaced."""
        steps = []
        for graph, _, _ in graphs:
            if graph in present:
                steps += [_withdraw(graph), self._forget(graph, terms)]
        data = "".join(
            f"GRAPH {graph} {{\n{ntriples}}}\n{ntriples}{self._mark(graph, digest, terms)}\n"
            for graph, ntriples, digest in graphs
        )
        self.change(" ;\n".join([*steps, f"INSERT DATA {{\n{data}}}"]))

    def drop(self, graph: str, terms: Terms) -> None:
        """Withdraw one graph, with what only it says in the default graph, and its hash."""
        self.change(f"{_withdraw(graph)} ;\n{self._forget(graph, terms)}")

    def _held(self, store: str, terms: Terms) -> str:
        index = terms.iri(INDEX)
        return f"GRAPH {index} {{ {index} {terms.name('dcterms:identifier')} {store} }}"

    def _mark(self, graph: str, digest: str, terms: Terms) -> str:
        mark = f"{graph} {terms.name('gp:graphHash')} {terms.text(digest)} ."
        return f"{mark} GRAPH {terms.iri(INDEX)} {{ {mark} }}"

    def _forget(self, graph: str, terms: Terms) -> str:
        index, named = terms.iri(INDEX), terms.name("gp:graphHash")
        return (
            f"DELETE WHERE {{ GRAPH {index} {{ {graph} {named} ?hash }} }} ;\nDELETE WHERE {{ {graph} {named} ?hash }}"
        )

    def _send(self, address: str, method: str, body: bytes, kind: str, accept: str) -> bytes:
        headers = {"Content-Type": f"{kind}; charset=utf-8" if "n-triples" not in kind else kind, "Accept": accept}
        headers |= {"Authorization": self.login} if self.login else {}
        request = urllib.request.Request(address, data=body, method=method, headers=headers)
        return send(request, self.allowance)


def _graph(row: QuerySolution) -> str:
    graph = row["g"]
    if not isinstance(graph, NamedNode):
        raise TypeError(f"{graph} is no graph")
    return str(graph)


def _withdraw(graph: str) -> str:
    """The SPARQL update that removes a graph and, from the default graph, what no other graph says."""
    return (
        f"DELETE {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} "
        f"FILTER NOT EXISTS {{ GRAPH ?other {{ ?s ?p ?o }} FILTER(?other != {graph}) }} }} ;\n"
        f"DROP SILENT GRAPH {graph}"
    )
