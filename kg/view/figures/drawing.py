"""What all figures have in common: font and style, the caption in the picture, files of the same bytes."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError, printable
from kg.view.figures.fonts import chinese_font
from kg.view.writing import write_bytes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "GREY",
    "INK",
    "LIGHT",
    "MAIN",
    "POINTS",
    "Drawing",
    "canvas",
    "canvases",
    "captioned",
    "framed",
    "print_style",
]

INK, GREY, MAIN, LIGHT = "#111111", "#666666", "#0f766e", "#99d5cf"
"""Dark teal on white keeps a contrast of 5.5 : 1 and survives a grey printer."""
POINTS = 9.0
"""Size of the letters."""
DPI = 200
_SUFFIXES = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}
"""Format → its metadata without what changes from day to day."""
_NO_XML = bytes(sign for sign in range(32) if sign not in b"\t\n\r")
"""Control characters, which no XML may hold."""


@dataclass(frozen=True)
class Drawing:
    """A finished figure; ``figure`` is matplotlib's, for whoever wants to change it."""

    figure: Figure

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write PNG (200 dots an inch), SVG or PDF, by the name's ending. Raises UsageError for another ending."""
        target = Path(path)
        write_bytes(self.to_bytes(target.suffix.lower()), target)
        return target

    def to_bytes(self, suffix: str = ".png", *, dpi: int = DPI) -> bytes:
        """The picture in the format of a name's ending."""
        if suffix not in _SUFFIXES:
            raise UsageError(f"no figure can be written as {suffix!r}", remedy=f"use {', '.join(_SUFFIXES)}")
        buffer = io.BytesIO()
        with print_style():
            self.figure.savefig(buffer, format=suffix[1:], dpi=dpi, bbox_inches="tight", metadata=_SUFFIXES[suffix])
        # The words of a figure stand in comments of an SVG, where XML allows none of these.
        return buffer.getvalue().translate(None, _NO_XML) if suffix == ".svg" else buffer.getvalue()

    def _repr_png_(self) -> bytes:
        return self.to_bytes(dpi=110)


@contextmanager
def print_style() -> Iterator[None]:
    """What applies while a figure is drawn; the user's own settings of matplotlib stay what they are."""
    family = chinese_font()
    import matplotlib

    settings: dict[Any, Any] = {
        "font.family": [family, "DejaVu Sans"],
        "font.size": POINTS,
        "axes.unicode_minus": False,
        "text.parse_math": False,  # a dollar sign is money
        "text.color": INK,
        "axes.labelcolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "axes.edgecolor": GREY,
        "axes.linewidth": 0.8,
        "svg.fonttype": "path",
        "svg.hashsalt": "practice-graph",
        "pdf.fonttype": 42,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
    }
    with matplotlib.rc_context(settings):
        yield


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure (inches) with its axes; not by pyplot, which keeps every figure and asks for a screen."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def canvases(width: float, height: float, shares: tuple[float, float]) -> tuple[Figure, tuple[Axes, Axes]]:
    """The same with two axes, one above the other, of these shares in the height."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=shares)
    return figure, (above, below)


def framed(axes: Axes, kept: tuple[str, ...]) -> None:
    """Only these sides of the frame."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in kept)


def captioned(figure: Figure, caption: str) -> Drawing:
    """The caption below the picture, in lines as long as the picture is wide."""
    caption = printable(caption, keep="\n")
    if caption:
        # Of CJK text about 1.02 letters of this size go into an em; Latin letters are half as wide.
        per_line = int(figure.get_figwidth() * 72 / (POINTS - 1) * 1.02)
        lines = [line for part in caption.split("\n") for line in _wrapped(part, per_line)]
        figure.text(0.0, -0.02, "\n".join(lines), ha="left", va="top", fontsize=POINTS - 1, color=GREY, linespacing=1.5)
    return Drawing(figure)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most so many full-width letters; a run of Latin letters is not cut.

    >>> _wrapped("表一：地区 by region", 8)
    ['表一：地区 by', 'region']
    """
    lines, line, used = [], "", 0.0
    for word in _words(text):
        size = sum(0.55 if sign.isascii() else 1 for sign in word)
        if line and used + size > width and word not in "，。；：、）》”":
            lines.append(line.rstrip())
            line, used = "", 0.0
        if line or word != " ":
            line, used = line + word, used + size
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


def _words(text: str) -> Iterator[str]:
    run = ""
    for sign in text:
        if sign.isascii() and sign != " ":
            run += sign
            continue
        if run:
            yield run
            run = ""
        yield sign
    if run:
        yield run
