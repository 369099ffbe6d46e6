"""``kg query shared | spread | contrast | outcomes | coverage``: questions that touch every practice."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.asking import (
    AcrossOption,
    Correction,
    CorrectionOption,
    ExactOption,
    FeatureOption,
    Form,
    FormOption,
    Level,
    SentencesOption,
    SignificantOption,
    StoreOption,
    TopOption,
    features,
    rows,
    show,
)
from kg.cli.limits import limited

if TYPE_CHECKING:
    from kg.compare.column_copy.selection import Limited

__all__ = ["contrast", "coverage", "outcomes", "shared", "spread"]

Part = StrEnum("Part", ["region", "source", "year"])
PracticeOption = Annotated[
    list[str] | None,
    typer.Option("--practice", help="Only this practice (label or IRI); may be given more than once: a family."),
]
SomeWordsArgument = Annotated[
    list[str] | None,
    typer.Argument(help="Names of features (夜校, 网格员): practices that have all; none: all practices."),
]


@limited
def shared(
    *,
    store: StoreOption = "store",
    across: AcrossOption = Level.province,
    min_regions: Annotated[int, typer.Option(help="Regions that must have the feature.")] = 2,
    min_articles: Annotated[int, typer.Option(help="Articles that must tell of it; reposts are not counted.")] = 2,
    feature: FeatureOption = None,
    combine: Annotated[int, typer.Option(help="2 or 3: features that one practice has together.")] = 1,
    exact: ExactOption = False,
    max_q: SignificantOption = None,
    correction: CorrectionOption = Correction.by,
    top: TopOption = None,
    sentences: SentencesOption = 3,
    limits: Limited,
    output: FormOption = Form.table,
) -> None:
    """Features that practices of different regions share, against chance, with the regions and the sentences.

    Example: kg query shared --across province --min-regions 3 --combine 2 --store store
    """
    from kg.compare import open_graph

    with open_graph(store) as graph:
        answer = graph.shared(
            across=across.value,
            min_regions=min_regions,
            min_articles=min_articles,
            **features(feature),
            combine=combine,
            exact=exact,
            max_q=max_q,
            correction=correction.value,
            top=rows(top, output),
            **limits,
        )
        show(graph, answer, output, sentences)


@limited
def spread(
    words: SomeWordsArgument = None,
    *,
    store: StoreOption = "store",
    across: AcrossOption = Level.province,
    feature: FeatureOption = None,
    practice: PracticeOption = None,
    exact: ExactOption = False,
    seed: Annotated[int, typer.Option(min=0, help="Of the permutation tests: the same seed gives the same p.")] = 0,
    permutations: Annotated[int, typer.Option(min=1, help="How often a test deals the dates out anew.")] = 1999,
    sentences: SentencesOption = 1,
    limits: Limited,
    output: FormOption = Form.table,
) -> None:
    """When each region first shows a feature, by stated dates, and whether near regions follow sooner than chance.

    Example: kg query spread 夜校 --across county --store store
    """
    from kg.compare import open_graph

    with open_graph(store) as graph:
        answer = graph.spread(
            *(words or ()),
            across=across.value,
            practices=practice,
            exact=exact,
            seed=seed,
            permutations=permutations,
            **features(feature),
            **limits,
        )
        show(graph, answer, output, sentences)


@limited
def contrast(
    one: Annotated[str, typer.Argument(help="A place (四川省), a period (2021, 2020..2022) or a level (county).")],
    other: Annotated[str, typer.Argument(help="Another one of the same sort.")],
    *,
    store: StoreOption = "store",
    feature: FeatureOption = None,
    exact: ExactOption = False,
    min_practices: Annotated[int, typer.Option(help="Practices of both that a feature needs to be tested.")] = 5,
    max_q: SignificantOption = None,
    correction: CorrectionOption = Correction.by,
    top: TopOption = None,
    sentences: SentencesOption = 0,
    limits: Limited,
    output: FormOption = Form.table,
) -> None:
    """What two regions, two periods or two levels do differently: counts, shares, intervals.

    Example: kg query contrast 2020..2022 2023.. --feature format --store store
    """
    from kg.compare import open_graph

    with open_graph(store) as graph:
        answer = graph.contrast(
            one,
            other,
            exact=exact,
            min_practices=min_practices,
            max_q=max_q,
            correction=correction.value,
            top=rows(top, output),
            **features(feature),
            **limits,
        )
        show(graph, answer, output, sentences)


@limited
def outcomes(
    words: SomeWordsArgument = None,
    *,
    store: StoreOption = "store",
    unit: Annotated[str | None, typer.Option(help="Figures of this unit only: 人次.")] = None,
    min_figures: Annotated[int, typer.Option(help="Leave out rows of fewer figures.")] = 1,
    feature: FeatureOption = None,
    practice: PracticeOption = None,
    exact: ExactOption = False,
    top: TopOption = None,
    sentences: SentencesOption = 0,
    limits: Limited,
    output: FormOption = Form.table,
) -> None:
    """Figures that practices with a feature report: medians and quartiles of comparable ones, planned apart.

    Example: kg query outcomes 培训 --unit 人次 --sentences 3 --store store
    """
    from kg.compare import open_graph

    with open_graph(store) as graph:
        answer = graph.outcomes(
            *(words or ()),
            unit=unit,
            min_figures=min_figures,
            practices=practice,
            exact=exact,
            top=rows(top, output),
            **features(feature),
            **limits,
        )
        show(graph, answer, output, sentences)


@limited
def coverage(
    words: SomeWordsArgument = None,
    *,
    store: StoreOption = "store",
    by: Annotated[Part, typer.Option(help="What a row is.")] = Part.region,
    across: AcrossOption = Level.province,
    feature: FeatureOption = None,
    practice: PracticeOption = None,
    exact: ExactOption = False,
    limits: Limited,
    output: FormOption = Form.table,
) -> None:
    """How many articles, sources and years stand behind practices; reposts are counted once.

    Example: kg query coverage 夜校 --by source --store store
    """
    from kg.compare import open_graph

    with open_graph(store) as graph:
        answer = graph.coverage(
            *(words or ()),
            by=by.value,
            across=across.value,
            practices=practice,
            exact=exact,
            **features(feature),
            **limits,
        )
        show(graph, answer, output, 0)
