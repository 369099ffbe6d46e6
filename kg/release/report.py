"""What a release says of its own data: abstract and quality report."""

from __future__ import annotations

from collections import Counter

from kg.release.contents import Contents
from kg.release.measured import quality_table
from kg.release.template import filled
from kg.view.graph import PracticeGraph

__all__ = ["abstract", "quality_markdown"]


def abstract(graph: PracticeGraph, *, sentences: bool) -> str:
    """What the data set is, in three sentences."""
    dates = sorted(note.published for note in graph.articles if note.published)
    between = f", published {dates[0]} to {dates[-1]}" if dates else ""
    provinces = {step.name for practice in graph.practices for step in practice.path if step.level == "province"}
    told = "the sentence that says it" if sentences else "its position in the article"
    return (
        f"{len(graph.practices)} practices of local governance in {len(provinces)} provinces of China, read by a program "
        f"from {len(graph.articles)} articles of the local press{between}. Place, programme, format, audience, outcome and "
        f"date of each practice are given as data, every value with {told}. Extraction is imperfect: the quality report "
        f"says how imperfect."
    )


def quality_markdown(contents: Contents, graph: PracticeGraph) -> str:
    """The quality report: what was measured elsewhere, and what can be said of these data themselves."""
    reposts = sum(1 for note in graph.articles if note.duplicate_of)
    files = {note.file for note in graph.articles}
    own = {note.id for note in graph.articles if note.duplicate_of not in files}
    none = sum(1 for record, _ in contents.told if not record.practices)
    rows = [
        ("articles", f"{len(graph.articles)}, of them {reposts} reposts and {none} without a practice"),
        ("practices", str(len(graph.practices))),
        ("without a name of their own", _share(sum(not p.named for p in graph.practices), len(graph.practices))),
        ("only announced", _share(sum(p.planned for p in graph.practices), len(graph.practices))),
        ("without a place", _share(sum(not p.path for p in graph.practices), len(graph.practices))),
        (
            "with a place that could not be resolved",
            _share(sum(any(s.level == "unresolved" for s in p.path) for p in graph.practices), len(graph.practices)),
        ),
        (
            "told by more than one article, reposts not counted",
            _share(sum(sum(key in own for key in p.articles) > 1 for p in graph.practices), len(graph.practices)),
        ),
    ]
    return filled(
        "quality.md",
        counts="\n".join(f"| {name} | {said} |" for name, said in rows),
        slots="\n".join(_slots(graph)),
        table=quality_table(),
    )


def _slots(graph: PracticeGraph) -> list[str]:
    values: Counter[str] = Counter()
    inferred: Counter[str] = Counter()
    candidates: Counter[str] = Counter()
    confidences: dict[str, list[float]] = {}
    for practice in graph.practices:
        for said in practice.statements:
            values[said.slot] += 1
            inferred[said.slot] += said.inferred
            candidates[said.slot] += said.candidate
            confidences.setdefault(said.slot, []).append(max((item.confidence for item in said.evidence), default=0.0))
    return [
        f"| {slot} | {count} | {_share(inferred[slot], count)} | {_share(candidates[slot], count)} "
        f"| {sorted(confidences[slot])[count // 2]:.2f} |"
        for slot, count in values.items()
    ]


def _share(part: int, whole: int) -> str:
    """
    >>> _share(1, 8), _share(0, 0)
    ('1 (12 %)', '0')
    """
    return f"{part} ({100 * part / whole:.0f} %)" if whole else str(part)
