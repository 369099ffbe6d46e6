"""Own articles read by models that have learnt from other outlet styles (cross-validation by style)."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.extract.learned.parts import Learned, load_learned
from kg.train.corpus import Annotated
from kg.train.models import train, write_models
from kg.train.reading import Reading

__all__ = ["read_by_other_styles"]


def read_by_other_styles(
    articles: Sequence[Annotated], *, folds: int | None = None, fast: bool, kept: Path | None = None
) -> Iterator[tuple[Reading, Learned]]:
    """All articles as they are read by models of other outlet styles, each with these models.

    ``folds`` puts the styles into so many sets of about as many articles, each read by models of the other sets; else
    each style is a fold of its own. ``kept`` is a folder that keeps the models of each fold (0, 1, …), or has them from an
    earlier run.
    """
    for number, styles in enumerate(_folds(Counter(article.origin for article in articles), folds)):
        others = [article for article in articles if article.origin not in styles]
        models = _models(others, kept / str(number) if kept else None, fast=fast)
        yield from ((Reading(article, models), models) for article in articles if article.origin in styles)
        print(f"{', '.join(sorted(styles))} done", file=sys.stderr)


def _folds(sizes: Counter[str], folds: int | None) -> list[set[str]]:
    """The styles, largest first, each into the fold that is smallest so far."""
    found: list[set[str]] = [set() for _ in range(min(folds or len(sizes), len(sizes)))]
    for style, _ in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        min(found, key=lambda fold: sum(sizes[one] for one in fold)).add(style)
    return found


def _models(articles: Sequence[Annotated], kept: Path | None, *, fast: bool) -> Learned:
    if kept is None:
        return train(articles, fast=fast)[0]
    if not (kept / "links.npz").exists():
        write_models(kept, *train(articles, fast=fast))
    return load_learned(kept)  # also the first time: what is written is rounded
