"""Columns without a store, from a few words: to plant what a comparison must find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from kg.compare.column_copy.columns import RELATIONS, Articles, Columns, Dates, Outcomes, Reports, Statements
from kg.compare.column_copy.nodes import LEVELS, Concepts, Regions, chains
from kg.compare.column_copy.texts import Texts

__all__ = ["Planted", "planted"]


@dataclass(frozen=True)
class Planted:
    """A practice that is to be in the columns."""

    name: str
    place: str
    """省/市/县."""
    has: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Kind → concepts."""
    day: str | None = None
    last: str | None = None
    article: str | None = None
    """None: one of its own."""
    published: str = "2025-01-01"
    publisher: str = ""
    planned: bool = False
    figures: Sequence[tuple[float, str, str, str]] = ()
    """(value, unit, counted, modality)."""


def planted(
    practices: Iterable[Planted], broader: Mapping[str, str] | None = None, reposts: Mapping[str, str] | None = None
) -> Columns:
    """The columns. Evidence of a statement is called ``practice|relation|value``; a repost is a further article."""
    given, upper, copies = list(practices), dict(broader or {}), dict(reposts or {})
    names = sorted(each.name for each in given)
    at = {name: place for place, name in enumerate(names)}
    told = [(each, each.article or f"{each.name}.txt") for each in sorted(given, key=lambda one: one.name)]
    files = sorted({file for _, file in told} | set(copies))
    file_at = {file: place for place, file in enumerate(files)}
    said = {file: each for each, file in told}
    words = {concept for each in given for concepts in each.has.values() for concept in concepts}
    words |= (
        set(upper) | set(upper.values()) | {w for each in given for figure in each.figures for w in figure[1:3] if w}
    )
    concepts = sorted(words)
    concept_at = {word: place for place, word in enumerate(concepts)}
    paths = sorted({"/".join(each.place.split("/")[:depth]) for each in given for depth in range(1, 4) if each.place})
    path_at = {path: place for place, path in enumerate(paths)}
    evidence: list[str] = []

    def ground(
        rows: Sequence[tuple[Planted, str]], values: Sequence[str], relations: Sequence[str]
    ) -> dict[str, object]:
        start = len(evidence)
        evidence.extend(f"{each.name}|{r}|{v}" for (each, _), v, r in zip(rows, values, relations, strict=True))
        return {
            "article": np.array([file_at[file] for _, file in rows], dtype=np.int32),
            "inferred": np.zeros(len(rows), dtype=np.bool_),
            "confidence": np.full(len(rows), 0.9, dtype=np.float32),
            "evidence": np.arange(start, start + len(rows), dtype=np.int32),
        }

    rows, relations, values, codes = [], [], [], []
    for each, file in told:
        for kind in (*each.has, *(["region"] if each.place else [])):
            for value in each.has.get(kind, [each.place]):
                rows.append((each, file))
                relations.append(kind)
                values.append(value)
                codes.append(path_at[value] if kind == "region" else concept_at[value])
    dated = [(each, file) for each, file in told if each.day]
    figured = [(pair, figure) for pair in told for figure in pair[0].figures]
    days = [each.day or "" for each, _ in dated]
    return Columns(
        practice_iri=Texts.of(f"http://x.example/{name}" for name in names),
        practice_label=Texts.of(names),
        statements=Statements(
            practice=np.array([at[each.name] for each, _ in rows], dtype=np.int32),
            relation=np.array([RELATIONS.index(relation) for relation in relations], dtype=np.int8),
            value=np.array(codes, dtype=np.int32),
            **ground(rows, values, relations),  # type: ignore[arg-type]
        ),
        reports=Reports(
            practice=np.array([at[each.name] for each, _ in told], dtype=np.int32),
            article=np.array([file_at[file] for _, file in told], dtype=np.int32),
            planned=np.array([each.planned for each, _ in told], dtype=np.bool_),
            confidence=np.full(len(told), 0.9, dtype=np.float32),
        ),
        dates=Dates(
            practice=np.array([at[each.name] for each, _ in dated], dtype=np.int32),
            day=np.array(days, dtype="datetime64[D]"),
            last=np.array([each.last or each.day for each, _ in dated], dtype="datetime64[D]"),
            role=np.zeros(len(dated), dtype=np.int8),
            **ground(dated, days, ["date"] * len(dated)),  # type: ignore[arg-type]
        ),
        outcomes=Outcomes(
            practice=np.array([at[pair[0].name] for pair, _ in figured], dtype=np.int32),
            value=np.array([figure[0] for _, figure in figured], dtype=np.float64),
            unit=np.array([concept_at[figure[1]] for _, figure in figured], dtype=np.int32),
            counted=np.array([concept_at[f[2]] if f[2] else -1 for _, f in figured], dtype=np.int32),
            comparator=np.zeros(len(figured), dtype=np.int8),
            modality=np.array([Outcomes.MODALITIES.index(figure[3]) for _, figure in figured], dtype=np.int8),
            **ground([pair for pair, _ in figured], [str(f[0]) for _, f in figured], ["outcome"] * len(figured)),  # type: ignore[arg-type]
        ),
        articles=Articles(
            iri=Texts.of(files),
            file=Texts.of(files),
            publisher=Texts.of(said[file].publisher if file in said else "" for file in files),
            published=np.array(
                [said[file].published if file in said else "2025-01-01" for file in files], dtype="datetime64[D]"
            ),
            repost_of=np.array([file_at[copies[file]] if file in copies else -1 for file in files], dtype=np.int32),
        ),
        concepts=Concepts(
            Texts.of(concepts),
            Texts.of(concepts),
            *chains(len(concepts), {concept_at[low]: [concept_at[up]] for low, up in upper.items()}),
            Texts.of([]),
            np.zeros(0, dtype=np.int32),
            np.zeros(len(concepts), dtype=np.bool_),
        ),
        regions=Regions(
            Texts.of(paths),
            Texts.of(path.rsplit("/", 1)[-1] for path in paths),
            *chains(len(paths), {path_at[p]: [path_at[p.rsplit("/", 1)[0]]] for p in paths if "/" in p}),
            np.array([LEVELS.index(LEVELS[path.count("/")]) for path in paths], dtype=np.int8),
        ),
        evidence=Texts.of(evidence),
    )
