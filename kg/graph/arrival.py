"""Articles on their way into a generation: what is there already, what is rendered anew, and in which order."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from kg.errors import InputError
from kg.graph.intake import Failure, Item
from kg.graph.rdf.mapping import article_iri
from kg.graph.rdf.rendering import Rendered, Rendering, Unrendered
from kg.graph.rdf.terms import Terms
from kg.graph.store.manifest import Entry
from kg.workers import Lost, Workers

__all__ = ["Arrivals", "Fresh", "Known"]

BATCH = 16
"""Articles that go to a worker together."""


@dataclass(frozen=True)
class Fresh:
    """An article whose graph must be rendered."""

    item: Item
    graph: str
    plain: str
    """The record's JSON."""
    digest: str
    """SHA-256 of that."""
    original: str | None
    """IRI of the article that it reposts."""

    @property
    def where(self) -> str:
        return self.item.path or self.item.record.file

    def entry(self, graph_hash: str) -> Entry:
        """What the manifest says of it."""
        item, record = self.item, self.item.record
        text = record.text_hash if item.text is not None else None
        return Entry(
            self.graph, record.file, item.path, item.key, self.digest, text, graph_hash, self.original, item.column
        )


@dataclass(frozen=True)
class Known:
    """An article whose graph stands in the store as it would be rendered."""

    item: Item
    before: Entry

    def entry(self) -> Entry:
        """What the manifest says of it."""
        item = self.item
        return replace(self.before, file=item.record.file, path=item.path, key=item.key, column=item.column, mapping="")


class Arrivals:
    """Sorts the items of a build and has rendered what is new.

    Parameters
    ----------
    base : of all IRIs.
    reusable : graph → entry of what the store holds as this program would render it.
    workers : where it is rendered.
    """

    def __init__(self, base: str, reusable: Mapping[str, Entry], workers: Workers) -> None:
        self._terms, self._task = Terms(base), Rendering(base)
        self._reusable, self._workers = reusable, workers
        self._files: dict[str, str] = {}
        self._graphs: set[str] = set()

    def rendered(
        self, items: Iterable[Item | Failure]
    ) -> Iterator[Failure | tuple[Known, None] | tuple[Fresh, Rendered]]:
        """All items in their order, but reposts that come before their original, which come last."""
        ahead: deque[list[Failure | Known | Fresh]] = deque()

        def pieces() -> Iterator[list[Unrendered]]:
            sorted_out = self._sorted_out(items)
            while batch := list(islice(sorted_out, BATCH)):
                ahead.append(batch)
                yield [self._unrendered(one) for one in batch if isinstance(one, Fresh)]

        for results in self._workers.map(self._task, pieces()):
            made = iter(self._alone(results) if isinstance(results, Lost) else results)
            for one in ahead.popleft():
                if isinstance(one, Failure):
                    yield one
                elif isinstance(one, Known):
                    yield one, None
                elif isinstance(result := next(made), Rendered):
                    yield one, result
                else:
                    yield Failure(result, one.item.path, one.item.record.file)

    def _sorted_out(self, items: Iterable[Item | Failure]) -> Iterator[Failure | Known | Fresh]:
        waiting: list[Item] = []
        for item in items:
            if isinstance(item, Failure):
                yield item
                continue
            record = item.record
            self._files.setdefault(record.file, article_iri(record.file, record.content_hash))
            if record.duplicate_of and record.duplicate_of not in self._files:
                waiting.append(item)  # the article that it reposts has not come by yet
            else:
                yield from self._one(item)
        for item in waiting:
            yield from self._one(item)

    def _one(self, item: Item) -> Iterator[Known | Fresh]:
        record = item.record
        graph = self._terms.iri(article_iri(record.file, record.content_hash))
        if graph in self._graphs:
            return  # the same bytes under the same name in two folders are one article
        self._graphs.add(graph)
        original = self._files.get(record.duplicate_of) if record.duplicate_of else None
        plain = record.to_json()
        digest = hashlib.sha256(plain.encode("utf-8")).hexdigest()
        known = self._reusable.get(graph)
        text = record.text_hash if item.text is not None else None
        if known and (known.record, known.original, known.text) == (digest, original, text):
            yield Known(item, known)
        else:
            yield Fresh(item, graph, plain, digest, original)

    def _unrendered(self, one: Fresh) -> Unrendered:
        record = one.item.record if self._workers.number == 1 else one.plain
        return Unrendered(record, one.item.text, one.original, one.where)

    def _alone(self, lost: Lost[list[Unrendered]]) -> Iterator[Rendered | InputError]:
        """What a batch that ended its workers gives article by article."""
        alone: Iterable[list[Unrendered]] = [[one] for one in lost.item]
        for result in self._workers.map(self._task, alone):
            if isinstance(result, Lost):
                yield InputError(f"its graph was given up: {result.reason}", where=result.item[0].where)
            else:
                yield from result
