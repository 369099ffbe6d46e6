"""An opened store for a notebook: the questions of ``kg.query.Graph``, and what they look like."""

from __future__ import annotations

import html
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from kg.compare import ComparedGraph
from kg.compare.matrix import feature_matrix
from kg.compare.questions import parted
from kg.compare.signatures import limits, takes_options_of
from kg.errors import StoreError, UsageError
from kg.graph.manifest import Generation
from kg.query.arguments import one_name
from kg.query.limits import Limits
from kg.query.phrases import many
from kg.view.answer import AnswerTable
from kg.view.card import PracticeCard
from kg.view.formats import FORMATS, ExportOptions, format_for
from kg.view.graph import PracticeGraph
from kg.view.notebook import Explained, Picture, table_frame
from kg.view.part import part_of_graph
from kg.view.rdf import rdflib_dataset
from kg.view.source import StoreSource

if TYPE_CHECKING:
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


def open_graph(store: str | os.PathLike[str]) -> OpenedGraph:
    """Open a store for reading, as ``kg.query.open_graph`` does; in a notebook the answers show themselves."""
    return OpenedGraph.at(store)


class OpenedGraph(ComparedGraph):
    """A finished practice graph with its views.

    Pictures, cards, the table and exports need the store on disk: opened by the URL of an endpoint, they raise
    ``UsageError``.
    """

    @takes_options_of(ComparedGraph.shared)
    def shared(self, *, evidence: bool = False, **options: Any) -> AnswerTable:
        """Features that practices of several regions share, as a table; see ``kg.compare.shared.shared_features``.

        With ``evidence``, ``answer.evidence[0]`` holds the sentences behind the first row, with ``place`` and ``label``
        of each practice. ``answer.attrs`` has ``question``, ``notes`` (what it rests on, which tests) and ``figures`` of the
        answer as a whole.
        """
        answer = super().shared(**options)
        frame = AnswerTable(answer.frame)
        frame.attrs |= {"question": answer.question, "notes": answer.notes, "figures": dict(answer.figures)}
        if evidence:
            frame["evidence"] = [self._named(answer.evidence(row)) for row in range(len(answer))]
        return frame

    @takes_options_of(ComparedGraph.practices)
    def practices(self, **options: Any) -> AnswerTable:
        """Practices of a region, with a format, an audience, a topic; see ``kg.query.Graph.practices``."""
        return AnswerTable.of(super().practices(**options))

    def practice(self, name: str) -> AnswerTable:
        """The practices of this name, a row each; see ``kg.query.Graph.practice``."""
        return AnswerTable(super().practice(name))

    def evidence(self, thing: str, *, exact: bool = False) -> AnswerTable:
        """All evidence for a practice, concept or region, with ``place`` and ``label`` of the practice before it.

        Narrower concepts and places within count, unless ``exact``; see ``kg.query.Graph.evidence``.
        """
        return self._named(super().evidence(thing, exact=exact))

    @takes_options_of(feature_matrix, limits)
    def matrix(self, kind: str = "format", **options: Any) -> pd.DataFrame:
        """Numbers of practices by feature and region; see ``kg.compare.matrix.feature_matrix``."""
        within, rest = parted(options)
        return feature_matrix(self.copy.select(**within), one_name(kind, "feature"), **rest)

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
        found = self.columns.practices.find(name, where="practice")
        views = tuple(view for view in self.view.practices if view.id in found)
        if not views:
            remedy = "its sentences: evidence(…)"
            raise UsageError("only a repost tells of it, not its original", where=name, remedy=remedy)
        return PracticeCard(self.view, views)

    @takes_options_of(ComparedGraph.practices, told=False)
    def show(self, *, height: int = 700, limit: int = 1000, renderer: str | None = None, **options: Any) -> Picture:
        """The interactive graph, of all practices or of those that ``practices`` finds with the same options.

        ``height`` in pixels; ``limit`` is the greatest number of nodes (0: all); ``renderer`` is ``pyvis`` or ``sigma``,
        by default by the number of nodes. ``g.show(region="四川省")``. ``stated_only`` and ``min_confidence`` leave out of
        the picture what they leave out of the table.
        """
        graph = self.view
        if options:
            found = super().practices(**options)
            sure = Limits(options.get("stated_only", False), options.get("min_confidence", 0.0))
            parts = set(found["practice"][found["part_of"].map(bool)])
            graph = part_of_graph(graph, set(found["practice"]), sure, parts=parts)
        return Picture(graph, height, limit, renderer)

    def table(self, *, language: str = "zh") -> AnswerTable:
        """District → programme → format → audience → outcome, a row a practice with its sentences and articles."""
        return AnswerTable(table_frame(self.view, language=language))

    @takes_options_of(ExportOptions, told=False)
    def export(self, path: str | os.PathLike[str], form: str | None = None, **options: Any) -> Path:
        """Write a file as ``kg export`` does; the form is taken from the name's ending where it is not given.

        ``form`` is one of ``kg.view.FORMATS``; the options, which formats that they do not concern leave aside, are those of
        ``kg.view.formats.ExportOptions``.
        Raises UsageError where no format has that ending, or a spreadsheet is to be written under that of something else.
        """
        target = Path(path)
        suffix = target.suffix.lower()
        wanted = form or next((name for name, known in FORMATS.items() if suffix in known.suffixes), None)
        if wanted not in FORMATS:
            raise UsageError(
                f"no format has the ending {suffix!r}" if form is None else f"no format {form!r}",
                where=str(target),
                remedy=f"choose one of {', '.join(FORMATS)}",
            )
        format_for(wanted, suffix).write(self._source, ExportOptions(**options), target)
        return target

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
        # <store>/generations/<number>; an endpoint has none, and StoreSource says what to do then.
        if self.generation is None:
            return StoreSource("http:")
        return StoreSource(self.generation.parents[1], self.generation, self.opened)

    def _named(self, frame: pd.DataFrame) -> AnswerTable:
        places: dict[str, set[str]] = {}
        for said in self.columns.statements:
            if said.relation == "region":
                path = self.columns.regions.paths.get(said.value, (said.value,))
                places.setdefault(said.practice, set()).add("".join(path))
        named = AnswerTable.of(frame)
        known = self.columns.practices
        named.insert(0, "place", ["；".join(sorted(places.get(key, ()))) for key in frame["practice"]])
        named.insert(1, "label", [known.label(key) for key in frame["practice"]])
        return named

    def __repr__(self) -> str:
        if self.generation is None:
            return super().__repr__()
        try:
            articles = Generation.read(self.generation).entries
        except StoreError:  # built anew since it was opened: a name is due all the same
            return super().__repr__()
        reposts = sum(each.original is not None for each in articles)
        copies = f", {reposts} of them {'a repost' if reposts == 1 else 'reposts'}" if reposts else ""
        return f"<practice graph of {many(len(articles), 'article')}{copies}: {self.generation.parents[1]}>"

    def _repr_html_(self) -> str:
        counts = self.sparql(_COUNTS).rows()[0]
        articles, reposts, practices, first, last = cast("tuple[int, int, int, str, str]", counts)
        names = self.columns
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
