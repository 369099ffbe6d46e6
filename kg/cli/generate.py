"""``kg generate``: practice graphs of any size with known truth."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["command"]

Form = StrEnum("Form", ["columns", "store", "articles", "nquads"])


def command(  # noqa: PLR0917 - each is an option
    folder: Annotated[Path, typer.Argument(help="New folder to write into.")],
    practices: Annotated[int, typer.Option(min=1, help="How many practices.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.")] = 1,
    families: Annotated[
        int | None, typer.Option(min=0, help="Planted families; default one for 250 practices; 0: all is random.")
    ] = None,
    share: Annotated[
        float, typer.Option(min=0, max=1, help="Part of the practices that belong to a family, 0 to 1.")
    ] = 0.4,
    form: Annotated[
        Form, typer.Option(help="What is written: columns, a store, articles with records, or N-Quads.")
    ] = (Form.articles),
) -> None:
    """Invented practices with known truth: planted families and spread, skewed as real data is; truth.json tells them.

    Example: kg generate out/generated --practices 1000 --seed 1 --form store
    """
    from kg.generate import make_plan, write_plan

    write_plan(make_plan(practices, seed, families=families, share=share), folder, form.value)
