"""``kg query similar | families``: practices that are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.asking import (
    AcrossOption,
    FeatureOption,
    Form,
    FormOption,
    Level,
    SentencesOption,
    StoreOption,
    TopOption,
    features,
    rows,
    show,
)
from kg.cli.limits import limited

if TYPE_CHECKING:
    from kg.compare.column_copy.selection import Limited

__all__ = ["families", "similar"]

Said = Annotated[str, typer.Argument(help="Label or IRI of a practice, or a description: 夜校 for 网格员 about 反诈.")]


@limited
def similar(
    name: Said,
    *,
    store: StoreOption = "store",
    across: AcrossOption = Level.province,
    top: Annotated[int, typer.Option(min=0, help="Rows; 0 for all.")] = 10,
    feature: FeatureOption = None,
    everywhere: Annotated[bool, typer.Option("--everywhere", help="Practices of the same region too.")] = False,
    sentences: SentencesOption = 4,
    limits: Limited,
    output: FormOption = Form.table,
) -> None:
    """The practices nearest to one, or to a description: what they share, how many have it, and the sentences.

    Example: kg query similar 福课堂 --across province --top 5 --store store
    """
    from kg.compare import open_graph

    with open_graph(store) as graph:
        answer = graph.similar(
            name,
            across=across.value,
            top=top or None,
            everywhere=everywhere,
            **features(feature),
            **limits,
        )
        show(graph, answer, output, sentences)


@limited
def families(
    *,
    store: StoreOption = "store",
    across: AcrossOption = Level.province,
    min_members: Annotated[int, typer.Option(min=2, help="Practices that a family has at least.")] = 3,
    min_regions: Annotated[int, typer.Option(min=1, help="Regions that a family has at least.")] = 2,
    min_similarity: Annotated[
        float, typer.Option(help="Similarity from which two practices are joined, 0 to 1.")
    ] = 0.3,
    resamples: Annotated[int, typer.Option(min=0, help="Random parts on which stability is measured.")] = 10,
    shuffles: Annotated[int, typer.Option(min=0, help="Shuffles that a family is held against.")] = 19,
    seed: Annotated[int, typer.Option(min=0, help="Of resamples and shuffles.")] = 0,
    feature: FeatureOption = None,
    top: TopOption = None,
    sentences: SentencesOption = 3,
    limits: Limited,
    output: FormOption = Form.table,
) -> None:
    """Groups of practices across regions that are variants of one idea, how stable they are, and the sentences.

    Example: kg query families --across province --min-members 4 --store store
    """
    from kg.compare import open_graph

    with open_graph(store) as graph:
        answer = graph.families(
            across=across.value,
            min_members=min_members,
            min_regions=min_regions,
            min_similarity=min_similarity,
            resamples=resamples,
            shuffles=shuffles,
            seed=seed,
            top=rows(top, output),
            **features(feature),
            **limits,
        )
        show(graph, answer, output, sentences)
