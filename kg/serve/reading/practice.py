"""The practice page: all that is said of one practice, each value with its sentences, and where the sources disagree."""

from __future__ import annotations

from collections import defaultdict

from kg.errors import UsageError
from kg.serve.answers import (
    ArticleHead,
    Disagreement,
    Evidence,
    Likeness,
    PracticePage,
    PracticeValue,
    Reference,
    RegionLevel,
    Shared,
)
from kg.serve.citation import practice_line
from kg.serve.opened.store import ServedStore
from kg.view.graph import ArticleNote, PracticeGraph, PracticeView, Statement

__all__ = ["article_head", "likenesses", "practice_page"]


def practice_page(store: ServedStore, practice: str) -> PracticePage:
    """All that the articles say of a practice. Raises UsageError where there is none of this id."""
    catalogue = store.catalogue
    number = catalogue.number(practice)
    if catalogue.is_only_reposted(practice):
        raise UsageError("only a repost tells of it", where=practice[:200], remedy="read the article that it reposts")
    if number is None:
        raise UsageError("no such practice", where=practice[:200], remedy="search for its name")
    graph = store.assembled([catalogue.files[article] for article in catalogue.articles_of(number, reposts=True)])
    iri = catalogue.columns.practice_iri[number]
    view = graph.practice_by_id.get(iri)
    if view is None:
        raise UsageError("the records do not hold this practice", where=practice[:200], remedy="build the store anew")
    values = [_said(store, graph, statement) for statement in view.statements]
    whole = graph.practice_by_id.get(view.part_of or "")
    parts = [each for each in graph.practices if each.part_of == view.id and catalogue.number(each.id) is not None]
    articles = [article_head(graph.article_by_id[key]) for key in graph.article_by_id]
    return PracticePage(
        id=catalogue.ids[number],
        iri=iri,
        label=view.name,
        named=view.named,
        planned=view.planned,
        path=[RegionLevel(id=catalogue.short(s.node), name=s.name, level=s.level, stated=s.stated) for s in view.path],
        first_day=catalogue.day(number),
        confidence=round(float(catalogue.columns.practices.confidence[number]), 4),
        values=values,
        part_of=_named(store, whole) if whole and catalogue.number(whole.id) is not None else None,
        parts=[_named(store, each) for each in parts],
        disagreements=_disagreements(values),
        articles=articles,
        cite=practice_line(view.name, view.place, articles, store),
    )


def likenesses(store: ServedStore, practice: str, *, level: str, top: int) -> list[Likeness]:
    """The nearest practices of other regions, with what they share. Raises UsageError for an unknown practice."""
    catalogue = store.catalogue
    if catalogue.number(practice) is None:
        raise UsageError("no such practice", where=practice[:200], remedy="search for its name")
    made = []
    for near in store.graph.similar(catalogue.iri(practice), across=level, top=top or None).frame.to_dict("records"):
        number = catalogue.number(near["practice"])
        if number is None:
            continue
        place = catalogue.place(number)
        shared = [
            Shared(
                id=catalogue.short(iri),
                label=concept.zh if (concept := catalogue.concept(iri)) else iri,
                label_en=concept.en if concept else None,
                kind=kind,
                practices=practices,
            )
            for iri, kind, practices in zip(near["concept_iris"], near["kinds"], near["feature_practices"], strict=True)
        ]
        made.append(
            Likeness(
                id=catalogue.ids[number],
                label=catalogue.labels[number],
                place="".join(place.path) if place else "",
                similarity=near["similarity"],
                shared=shared,
            )
        )
    return made


def article_head(note: ArticleNote) -> ArticleHead:
    """What names an article; an address that is no web address is left out."""
    web = note.url if note.url and note.url.casefold().startswith(("http://", "https://")) else None
    return ArticleHead(
        file=note.file,
        title=note.title or note.file,
        publisher=note.publisher or "",
        published=note.published or "",
        url=web,
        repost_of=note.duplicate_of,
    )


def _named(store: ServedStore, view: PracticeView) -> Reference:
    return Reference(id=store.catalogue.short(view.id), label=view.name)


def _said(store: ServedStore, graph: PracticeGraph, statement: Statement) -> PracticeValue:
    catalogue = store.catalogue
    concept, thing = statement.concept, statement.concept or statement.node
    proofs = []
    for item in statement.evidence:
        files = [graph.article_by_id[key].file for key in item.articles]
        proofs.append(
            Evidence(
                sentence=item.sentence,
                sentence_start=item.sentence_start,
                sentence_end=item.sentence_end,
                file=files[0],
                start=item.start,
                end=item.end,
                also=files[1:],
                rule=item.rule,
                confidence=round(item.confidence, 4),
                inferred=item.inferred,
            )
        )
    return PracticeValue(
        slot=statement.slot,
        text=statement.text,
        label=statement.label or statement.text,
        label_en=meant.en if (meant := catalogue.concept(concept or "")) else None,
        id=catalogue.short(thing) if thing else None,
        candidate=statement.candidate,
        inferred=statement.inferred,
        detail=statement.detail,
        evidence=proofs,
    )


def _disagreements(values: list[PracticeValue]) -> list[Disagreement]:
    """Figures that count the same thing differently, days of one role that differ, places of which neither holds the other."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, value in enumerate(values):
        detail = value.detail
        if value.slot == "outcomes" and detail.get("what"):
            about = f"{detail.get('unit', '')} {detail['what']}".strip()
            groups["outcomes", f"{about} ({detail.get('modality')})"].append(number)
        elif value.slot == "dates" and detail.get("iso") and detail.get("role") in ("start", "opened"):
            groups["dates", str(detail["role"])].append(number)
        elif value.slot == "region":
            groups["region", "region"].append(number)
    found = []
    for (slot, about), numbers in groups.items():
        if len(numbers) < 2 or not _differ(slot, [values[n] for n in numbers]):
            continue
        witnesses = [{proof.file for proof in values[n].evidence} for n in numbers]
        found.append(
            Disagreement(
                about=about,
                slot=slot,
                values=numbers,
                between_articles=not set.intersection(*witnesses),
            )
        )
    return found


def _differ(slot: str, values: list[PracticeValue]) -> bool:
    if slot == "outcomes":
        return len({value.detail.get("value") for value in values}) > 1
    if slot == "dates":
        days = {str(value.detail["iso"]) for value in values}
        # 2023 and 2023-10 do not contradict each other.
        return any(not one.startswith(other) and not other.startswith(one) for one in days for other in days)
    names = {value.text for value in values}
    return any(one not in other and other not in one for one in names for other in names)
