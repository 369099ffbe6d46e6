"""From the words of a user to the things of the graph: labels, paths and IRIs; with suggestions where nothing fits."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from kg.errors import UsageError
from kg.knowledge.gazetteer.names import short_forms
from kg.knowledge.simplified import simplified
from kg.query.arguments import one_name
from kg.query.phrases import many

__all__ = ["Names", "ends_as", "unknown"]

_ADMINISTRATIVE = re.compile(r"(街道办事处|街道|社区|省|市|区|县|旗|镇|乡|村|州)\Z")

_COMPARED = 20_000
"""Names that one is compared with, sign by sign: with a million it would take a minute to say that there is none."""


def unknown(kind: str, said: str, known: Iterable[str], *, where: str) -> UsageError:
    """The error for a name that the graph does not know, with the nearest that it does."""
    labels = sorted(set(known))
    inside = [label for label in labels if len(label) > 1 and said and (said in label or label in said)]
    near = difflib.get_close_matches(said, labels[:_COMPARED], n=5, cutoff=0.3)
    near += sorted((label for label in inside if label not in near), key=len)
    others = many(len(labels), "other name")
    remedy = "did you mean " + ", ".join(near[:5]) + "?" if near else f"the store holds {others}"
    return UsageError(f"no {kind} is called {said!r}", where=where, remedy=remedy)


def ends_as(iri: str, said: str) -> bool:
    """Whether this is the end of an IRI as the vocabulary's files write it: format/night-school.

    >>> ends_as("https://practice-graph.example/vocab/format/night-school", "format/night-school")
    True
    """
    return "/" in said and iri.endswith(f"/{said}")


@lru_cache(maxsize=1 << 16)
def _forms(label: str) -> frozenset[str]:
    """What a region may be called: 重庆 for 重庆市, 广西 for 广西壮族自治区, 恭城 and 恭城县 for 恭城瑶族自治县."""
    bare = _ADMINISTRATIVE.sub("", label)
    return frozenset(
        {label, *short_forms(label, "province"), *short_forms(label, "county"), *([bare] if len(bare) > 1 else [])}
    )


@dataclass
class Names:
    """Labels of one kind of things.

    ``labels`` maps IRI → labels, the preferred one first; ``paths`` maps a region's IRI → its names from the province
    down.
    """

    kind: str
    labels: Mapping[str, tuple[str, ...]]
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, said: str, *, where: str) -> set[str]:
        """IRIs of the things of this name, as ``named``; one at least.

        Raises UsageError where there is none, with suggestions, or where several regions bear the name, with their
        paths.
        """
        said = one_name(said, where).strip()
        found = self.named(said)
        if not found:
            raise unknown(self.kind, said, (name for names in self.labels.values() for name in names), where=where)
        if self.paths and len(found) > 1:
            choices = sorted("/".join(self.paths[iri]) for iri in found if iri in self.paths)
            if len(choices) > 1:
                raise UsageError(
                    f"{len(choices)} places are called {said!r}",
                    where=where,
                    remedy="name one: " + ", ".join(choices[:8]),
                )
        return found

    def named(self, said: str) -> set[str]:
        """IRIs of the things of this name: an IRI or its end (format/night-school), a label in any language, a region's
        path (重庆市/江津区, 重庆市江津区), in simplified or traditional characters; empty where there is none."""
        said = said.strip()
        return self._named(said) or self._named(simplified(said))

    def _named(self, said: str) -> set[str]:
        if said in self.labels:
            return {said}
        found = self._index.get(said.casefold(), set())
        if not found and self.paths:
            found = self._by_path(said) or self._unbroken.get(said, set())
        return found or {iri for iri in self.labels if ends_as(iri, said)}

    def label(self, iri: str) -> str:
        """The preferred label, or the IRI's last part where there is none."""
        names = self.labels.get(iri)
        return names[0] if names else iri.rsplit("/", 1)[-1]

    @cached_property
    def _index(self) -> dict[str, set[str]]:
        index: dict[str, set[str]] = defaultdict(set)
        for iri, names in self.labels.items():
            for name in names:
                index[name.casefold()].add(iri)
        return index

    @cached_property
    def _unbroken(self) -> dict[str, set[str]]:
        """Path written in one, from the province or from below it → regions: as tables print a place."""
        index: dict[str, set[str]] = defaultdict(set)
        for iri, path in self.paths.items():
            for start in range(len(path) - 1):
                index["".join(path[start:])].add(iri)
        return index

    def _by_path(self, said: str) -> set[str]:
        wanted = [part for part in re.split(r"[/>\s]+", said) if part]
        found = set()
        for iri, path in self.paths.items():
            names = iter(path)
            # Each part in its order; the last one must be the region itself.
            fits = all(any(part in _forms(name) for name in names) for part in wanted)
            if fits and wanted and wanted[-1] in _forms(path[-1]):
                found.add(iri)
        return found
