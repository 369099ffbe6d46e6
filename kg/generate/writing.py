"""A plan on disk: as columns, a store, articles or N-Quads, always with the truth beside it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from kg.compare.column_copy.saved import save_columns
from kg.errors import UsageError
from kg.generate.articles import plan_articles
from kg.generate.columns import plan_columns
from kg.generate.plan import Plan
from kg.graph.build import build_records
from kg.graph.rdf.mapping import map_article
from kg.graph.rdf.terms import Terms

__all__ = ["FORMS", "write_plan"]


def write_plan(plan: Plan, folder: Path, form: str) -> None:
    """Write the plan into a new folder, in one of FORMS.

    ``truth.json`` says what was planted: families with their concepts and when they reach which province;
    ``members.csv`` says of each practice its IRI, label, family (empty for none) and day.

    Raises UsageError where the folder holds something, or the form is unknown.
    """
    if form not in FORMS:
        raise UsageError(f"no such form: {form}", where="--form", remedy="use one of " + ", ".join(FORMS))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("it is not empty", where=str(folder), remedy="name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    FORMS[form](plan, folder)
    _truth(plan, folder)


def _columns(plan: Plan, folder: Path) -> None:
    save_columns(plan_columns(plan), folder / "columns", f"generated, seed {plan.seed}")


def _store(plan: Plan, folder: Path) -> None:
    build_records(plan_articles(plan), folder / "store")


def _articles(plan: Plan, folder: Path) -> None:
    (folder / "articles").mkdir()
    with (folder / "records.jsonl").open("w", encoding="utf-8", newline="\n") as records:
        for record, text in plan_articles(plan):
            (folder / "articles" / record.file).write_text(text, encoding="utf-8", newline="\n")
            records.write(record.to_json() + "\n")


def _quads(plan: Plan, folder: Path) -> None:
    terms = Terms()
    files: dict[str, str] = {}
    places: set[str] = set()
    with (folder / "graph.nq").open("w", encoding="utf-8", newline="\n") as out:
        for record, text in plan_articles(plan):
            mapped = map_article(record, text, terms=terms, articles=files)
            files = {record.file: mapped.graph[1:-1]}  # a repost follows its original
            out.writelines(f"{s} {p} {o} {mapped.graph} .\n" for s, p, o in mapped.triples)
            places |= {f"{s} {p} {o} .\n" for s, p, o in mapped.places}
        out.writelines(sorted(places))


FORMS: dict[str, Callable[[Plan, Path], None]] = {
    "columns": _columns,
    "store": _store,
    "articles": _articles,
    "nquads": _quads,
}
"""Form → what writes it: arrays that ``column_copy.saved.read_saved`` maps; a store; texts with records.jsonl; graph.nq."""


def _truth(plan: Plan, folder: Path) -> None:
    names = {int(number): path[0].name for number, path in zip(plan.world.province, plan.world.towns, strict=True)}
    families = [
        {
            "name": family.name,
            "concepts": [plan.world.label[concept] for concept in family.concepts],
            "provinces": [names[province] for province in family.provinces],
            "starts": list(family.starts),
            "members": int(np.count_nonzero(plan.family == at)),
        }
        for at, family in enumerate(plan.families)
    ]
    head = {"practices": len(plan), "seed": plan.seed, "families": families}
    (folder / "truth.json").write_text(
        json.dumps(head, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
    )
    with (folder / "members.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("practice", "label", "family", "day"))
        for iri, name, family, day in zip(plan.iri, plan.name, plan.family.tolist(), plan.day, strict=True):
            rows.writerow((iri, name, "" if family < 0 else family, str(day)))
