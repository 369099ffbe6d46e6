"""An opened store for a notebook: the questions of ``kg.query.Graph``, and what they look like."""

from __future__ import annotations

import html
import os
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack, cast

from kg.compare import ComparedGraph, Comparison
from kg.compare.answering import Names
from kg.compare.column_copy.selection import Limited
from kg.compare.matrix import feature_matrix
from kg.compare.signatures import checked
from kg.errors import StoreError, UsageError
from kg.query.arguments import one_name
from kg.query.engine import SECONDS
from kg.query.limits import NO_LIMITS, Limits
from kg.query.phrases import many
from kg.view.answer import AnswerTable
from kg.view.card import PracticeCard
from kg.view.formats import FORMATS, ExportOptions, format_for
from kg.view.graph import PracticeGraph
from kg.view.notebook import Explained, Picture, table_frame
from kg.view.part import PartSource, part_of_graph
from kg.view.rdf import rdflib_dataset
from kg.view.source import StoreSource, no_endpoint

if TYPE_CHECKING:
    import networkx
    import pandas as pd
    from rdflib import Dataset

__all__ = ["OpenedGraph", "open_graph"]

_COUNTS = """
SELECT ?articles ?reposts ?practices ?first ?last WHERE {
  { SELECT (COUNT(?a) AS ?articles) { ?a a schema:NewsArticle } }
  { SELECT (COUNT(DISTINCT ?p) AS ?practices) {
    ?p a gp:Practice ; gp:reportedIn ?a . FILTER NOT EXISTS { ?a gp:nearDuplicateOf ?original } } }
  { SELECT (COUNT(DISTINCT ?a) AS ?reposts) { ?a gp:nearDuplicateOf ?original } }
  { SELECT (MIN(STR(?d)) AS ?first) (MAX(STR(?d)) AS ?last) { ?a a schema:NewsArticle ; schema:datePublished ?d } } }"""
_ARTICLES = """
SELECT ?file ?title ?publisher ?published ?repost_of (COUNT(DISTINCT ?p) AS ?practices) WHERE {
  ?a a schema:NewsArticle ; gp:file ?file . OPTIONAL { ?a schema:headline ?title }
  OPTIONAL { ?a schema:publisher/skos:prefLabel ?publisher }
  OPTIONAL { ?a schema:datePublished ?published }
  OPTIONAL { ?a gp:nearDuplicateOf/gp:file ?repost_of } OPTIONAL { ?p gp:reportedIn ?a } }
GROUP BY ?a ?file ?title ?publisher ?published ?repost_of ORDER BY ?file"""


def open_graph(store: str | os.PathLike[str], *, timeout: float = SECONDS) -> OpenedGraph:
    """Open a store for reading: a folder that ``kg build`` wrote, or the URL of a SPARQL 1.1 endpoint.

    In a notebook the answers show themselves. ``timeout`` is the time, in seconds, in which an endpoint must have answered
    what it is asked when it is opened.

    Raises
    ------
    StoreError : there is no finished store, or one of another version; the endpoint does not answer.
    QueryTimeoutError : the endpoint does not answer in time.
    """
    return OpenedGraph.at(store, timeout=timeout)


class OpenedGraph(ComparedGraph):
    """A finished practice graph with its views.

    Pictures, cards, the table, networkx and exports need the store on disk: opened by the URL of an endpoint, they raise
    ``UsageError``.
    """

    @checked
    def practices(
        self,
        *,
        region: Names | None = None,
        format: str | None = None,
        audience: str | None = None,
        topic: str | None = None,
        stated_only: bool = False,
        min_confidence: float = 0.0,
    ) -> AnswerTable:
        """Practices of a region, with a format, an audience, a topic (or narrower ones), a row each.

        Columns: ``practice`` (IRI), ``label``, ``region`` (path), a column a slot and ``dates`` (tuples), ``part_of``,
        ``planned``, ``files``; see ``kg.query.Graph.practices``. Where none fits, a note says what no practice has.

        Parameters
        ----------
        region : a place, or several: practices within one of them.
        format, audience, topic : one concept each, by label or IRI.
        stated_only, min_confidence : ``stated_only`` leaves out all that was inferred, ``min_confidence`` (0 to 1) all that
            is less sure.

        Raises UsageError for an option or a name that does not exist (with suggestions), several places of the name, or a
        confidence out of its range.
        """
        found = super().practices(
            region=region,
            format=format,
            audience=audience,
            topic=topic,
            stated_only=stated_only,
            min_confidence=min_confidence,
        )
        return AnswerTable.of(found)

    def practice(self, name: str) -> AnswerTable:
        """The practices of this name, a row each; see ``kg.query.Graph.practice``."""
        return AnswerTable(super().practice(name))

    def evidence(self, thing: str, *, exact: bool = False) -> AnswerTable:
        """All evidence for a practice, concept or region, with ``place`` and ``label`` of the practice before it.

        Narrower concepts and places within count, unless ``exact``; see ``kg.query.Graph.evidence``.
        """
        return self._named(super().evidence(thing, exact=exact))

    @checked
    def matrix(
        self,
        feature: str = "format",
        *,
        across: str = "province",
        min_regions: int = 2,
        min_articles: int = 2,
        top: int | None = None,
        exact: bool = False,
        **limits: Unpack[Limited],
    ) -> pd.DataFrame:
        """Numbers of practices: a row a feature (its label, the widest spread first), a column a region, whole numbers.

        A practice with two concepts counts in two rows; see ``kg.compare.matrix.feature_matrix``.

        Parameters
        ----------
        feature : one kind: format, audience, topic or organiser.
        across, min_regions, min_articles, top, exact : which rows and columns, as for ``shared``.
        limits : ``stated_only``, ``min_confidence``, ``as_of``, ``since``, ``until``, ``region``, as for ``shared``.

        Raises UsageError as ``shared`` does.
        """
        return feature_matrix(
            self.columns.select(**limits),
            one_name(feature, "feature"),
            across=across,
            min_regions=min_regions,
            min_articles=min_articles,
            top=top,
            exact=exact,
        )

    def articles(self) -> AnswerTable:
        """The articles: ``file``, ``title``, ``publisher``, ``published``, ``repost_of``, number of ``practices``."""
        return AnswerTable(self.sparql(_ARTICLES).to_pandas())

    def article(self, file: str) -> Explained:
        """One article by its file name, with all that was read from it marked in its text.

        Raises UsageError, with suggestions, where the store has no such article or does not keep its text.
        """
        record, text = self._source.told(one_name(file, "article"))
        if text is None:
            raise UsageError(
                "the store does not keep its text", where=file, remedy="kg.explain(path) reads the file itself"
            )
        return Explained(text, record)

    def card(self, name: str) -> PracticeCard:
        """All that is said of the practices of this name (or IRI), with the sentences.

        Raises UsageError as ``practice``, and where only a repost tells of it.
        """
        found = self.lookup.practices.find(name, where="practice")
        views = tuple(view for view in self.view.practices if view.id in found)
        if not views:
            remedy = "its sentences: evidence(…)"
            raise UsageError("only a repost tells of it, not its original", where=name, remedy=remedy)
        return PracticeCard(self.view, views)

    @checked
    def show(
        self,
        *,
        height: int = 700,
        max_nodes: int = 1000,
        renderer: str | None = None,
        region: Names | None = None,
        format: str | None = None,
        audience: str | None = None,
        topic: str | None = None,
        stated_only: bool = False,
        min_confidence: float = 0.0,
    ) -> Picture:
        """The interactive graph, of all practices or of those that ``practices`` finds with the same options.

        ``g.show(region="四川省")``. ``stated_only`` and ``min_confidence`` leave out of the picture what they leave out of
        the table.

        Parameters
        ----------
        height : pixels.
        max_nodes : nodes that may be drawn; 0 for all.
        renderer : pyvis or sigma; None: by the number of nodes.
        region, format, audience, topic, stated_only, min_confidence : as for ``practices``.

        Raises UsageError as ``practices`` does.
        """
        wanted = {"region": region, "format": format, "audience": audience, "topic": topic}
        graph = self._part(Limits(stated_only, min_confidence), **wanted)
        return Picture(graph, height, max_nodes, renderer)

    @checked
    def table(self, *, language: str = "zh", stated_only: bool = False, min_confidence: float = 0.0) -> AnswerTable:
        """District → programme → format → audience → outcome, a row a practice with its sentences and articles.

        ``stated_only`` and ``min_confidence`` leave out what they leave out of ``practices``.
        """
        part = self._part(Limits(stated_only, min_confidence))
        return AnswerTable(table_frame(part, language=language))

    def _part(self, sure: Limits, **wanted: Any) -> PracticeGraph:
        """The whole graph, or of the practices that ``practices`` finds what the limits admit."""
        if sure == NO_LIMITS and all(one is None for one in wanted.values()):
            return self.view
        found = super().practices(**wanted, stated_only=sure.stated_only, min_confidence=sure.min_confidence)
        parts = set(found["practice"][found["part_of"].map(bool)])
        return part_of_graph(self.view, set(found["practice"]), sure, parts=parts)

    @checked
    def export(
        self,
        path: str | os.PathLike[str],
        form: str | None = None,
        *,
        language: str = "zh",
        bom: bool = False,
        title: str | None = None,
        max_nodes: int = 1000,
        renderer: str | None = None,
        runs: bool = False,
        stated_only: bool = False,
        min_confidence: float = 0.0,
    ) -> Path:
        """Write a file as ``kg export`` does; the answer is its path.

        Formats leave options aside that do not concern them.

        Parameters
        ----------
        path : file to write, ``-`` for standard output; what it held is replaced.
        form : one of ``kg.view.FORMATS``; None: by the ending of the name.
        language : of headings and of the page's title: zh or en.
        bom : CSV with the mark by which Excel knows UTF-8.
        title : heading of the page.
        max_nodes : nodes that the page may draw; 0 for all.
        renderer : what draws the page: pyvis or sigma; None: by the number of nodes.
        runs : RDF with the graph of the runs, which holds times.
        stated_only, min_confidence : leave out what they leave out of ``practices``; not of RDF, which is written whole.

        Raises UsageError where no format has that ending, a spreadsheet is to be written under that of something else, or a
        part of RDF is asked for.
        """
        options = ExportOptions(
            language=language, bom=bom, title=title, max_nodes=max_nodes, renderer=renderer, runs=runs
        )
        target = Path(path)
        suffix = target.suffix.lower()
        wanted = form or next((name for name, known in FORMATS.items() if suffix in known.suffixes), None)
        if wanted not in FORMATS:
            raise UsageError(
                f"no format has the ending {suffix!r}" if form is None else f"no format {form!r}",
                where=str(target),
                remedy=f"choose one of {', '.join(FORMATS)}",
            )
        chosen, sure = format_for(wanted, suffix), Limits(stated_only, min_confidence)
        source = self._source if sure == NO_LIMITS else PartSource(self._source, self._part(sure), sure)
        chosen.write(source, options, target)
        return target

    def networkx(self) -> networkx.MultiDiGraph:
        """The graph for networkx, with the evidence on its edges: what GraphML and GEXF files hold.

        Nodes, edges and their attributes: ``kg.view.networkx_graph``. What only reposts tell is left out.
        """
        from kg.view.networks import networkx_graph

        return networkx_graph(self.view)

    def rdflib(self) -> Dataset:
        """The named graphs in memory, for what is written for rdflib; its default graph is the union of all.

        Some 20,000 statements a second, where ``sparql`` asks the store as it lies on the disk; changes stay in memory.
        """
        return rdflib_dataset(self._source.quads())

    @cached_property
    def view(self) -> PracticeGraph:
        """What all pictures and tables are made from."""
        return self._source.graph()

    @cached_property
    def _source(self) -> StoreSource:
        if self.snapshot is None:
            raise no_endpoint()
        return StoreSource(self.snapshot)

    def _answer(self, *asked: Any, **options: Any) -> Comparison:
        """As it is asked elsewhere, with tables for a notebook: those of the evidence name place and practice."""
        answer = super()._answer(*asked, **options)
        frame = AnswerTable(answer.frame)
        frame.attrs["notes"] = answer.notes  # they stay with any part of it that is shown
        return replace(answer, frame=frame, labelled=self._named)

    def _named(self, frame: pd.DataFrame) -> AnswerTable:
        places: dict[str, set[str]] = {}
        for said in self.lookup.statements:
            if said.relation == "region":
                path = self.lookup.regions.paths.get(said.value, (said.value,))
                places.setdefault(said.practice, set()).add("".join(path))
        named = AnswerTable.of(frame)
        known = self.lookup.practices
        named.insert(0, "place", ["；".join(sorted(places.get(key, ()))) for key in frame["practice"]])
        named.insert(1, "label", [known.label(key) for key in frame["practice"]])
        return named

    def __repr__(self) -> str:
        if self.snapshot is None:
            return super().__repr__()
        try:
            articles = self.snapshot.manifest.entries
        except StoreError:  # built anew since it was opened: a name is due all the same
            return super().__repr__()
        reposts = sum(each.original is not None for each in articles)
        copies = f", {reposts} of them {'a repost' if reposts == 1 else 'reposts'}" if reposts else ""
        return f"<practice graph of {many(len(articles), 'article')}{copies}: {self.snapshot.store.path}>"

    def _repr_html_(self) -> str:
        counts = self.sparql(_COUNTS).rows()[0]
        articles, reposts, practices, first, last = cast("tuple[int, int, int, str, str]", counts)
        names = self.lookup
        regions = [said.value for said in names.statements if said.relation == "region"]
        rows = [
            ("文章", f"{articles} 篇" + (f"（其中转载 {reposts} 篇）" if reposts else "")),
            ("日期", f"{first} 至 {last}" if first else "不明"),
            ("实践", f"{practices} 项"),
            ("省级地区", f"{len({found for each in regions if (found := names.region_at(each, 'province'))})} 个"),
        ]
        for kind, title in (("format", "形式"), ("audience", "对象"), ("topic", "主题")):
            used = {said.value for said in names.statements if said.relation == kind}
            rows.append((title, f"{len(used)} 种"))
        cells = "".join(
            f'<tr><th style="text-align:left">{title}</th><td style="text-align:left">{html.escape(said)}</td></tr>'
            for title, said in rows
        )
        return f"<p><b>实践图谱</b></p><table><tbody>{cells}</tbody></table>"
