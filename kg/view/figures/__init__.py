"""Figures for print: counts by region, shares with their intervals, first reports over time; captions in the picture.

A figure shows itself in a notebook and is saved as PNG, SVG or PDF by its name's ending, the same data as the same bytes.
Letters of SVG are outlines: the picture looks the same where there is no Chinese font.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg.view.figures.drawing import (
    GREY,
    INK,
    LIGHT,
    MAIN,
    POINTS,
    Drawing,
    canvas,
    canvases,
    captioned,
    framed,
    print_style,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Drawing", "bars", "first_reports", "heat_map", "intervals", "short_place"]

_LONG_NAMES = {"内蒙古自治区": "内蒙古", "黑龙江省": "黑龙江"}


def heat_map(
    matrix: pd.DataFrame,
    *,
    caption: str = "",
    total: str | None = "地区数",
    empty: str = "",
    width: float | None = None,
) -> Drawing:
    """Counts as shades with their numbers: a row a feature, a column a region.

    Parameters
    ----------
    matrix : numbers of practices, as ``g.matrix()`` gives them.
    caption : stands below the picture, without it nothing does.
    total : heading of a last column with the number of regions of each row; None for none.
    empty : what stands in a cell of 0.
    width : in inches; by default what the columns need.
    """
    with print_style():
        from matplotlib.colors import LinearSegmentedColormap

        values = matrix.to_numpy(dtype=float)
        rows, columns = values.shape
        across = width or 1.6 + 0.27 * (columns + 1)
        figure, axes = canvas(across, 0.9 + 0.24 * rows)
        shades = LinearSegmentedColormap.from_list("practices", ["#ffffff", LIGHT, MAIN])
        axes.imshow(values, cmap=shades, vmin=0, vmax=max(values.max(initial=0), 1), aspect="auto")
        for row in range(rows):
            for column in range(columns):
                value = values[row, column]
                colour = "white" if value > 0.75 * values.max() else INK
                axes.text(
                    column,
                    row,
                    f"{value:g}" if value else empty,
                    ha="center",
                    va="center",
                    color=colour,
                    fontsize=POINTS - 1.5,
                )
            if total:
                axes.text(
                    columns, row, f"{int((values[row] > 0).sum())}", ha="center", va="center", fontsize=POINTS - 1.5
                )
        names = [short_place(str(name)) for name in matrix.columns] + ([total] if total else [])
        axes.set_xticks(range(len(names)), ["\n".join(name) for name in names], fontsize=POINTS - 1)
        axes.set_yticks(range(rows), [str(name) for name in matrix.index])
        axes.xaxis.tick_top()
        axes.set_xlim(-0.5, len(names) - 0.5)
        axes.tick_params(length=0)
        framed(axes, ())
        return captioned(figure, caption)


def intervals(
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    low: str,
    high: str,
    caption: str = "",
    axis: str = "",
    limits: tuple[float, float] | None = None,
    reference: float | None = None,
) -> Drawing:
    """A row a thing: its value as a dot, the interval as a line; ``label`` … ``high`` name columns of ``frame``.

    ``reference`` draws a dashed line to compare with; the first row stands on top.
    """
    with print_style():
        figure, axes = canvas(5.2, 0.7 + 0.24 * len(frame))
        places = range(len(frame))[::-1]
        axes.hlines(list(places), frame[low], frame[high], color=LIGHT, linewidth=4)
        axes.plot(frame[value], list(places), "o", color=MAIN, markersize=4.5)
        if reference is not None:
            axes.axvline(reference, color=GREY, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
        axes.set_yticks(list(places), [str(each) for each in frame[label]])
        axes.set_ylim(-0.6, len(frame) - 0.4)
        if limits:
            axes.set_xlim(*limits)
        axes.set_xlabel(axis)
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        framed(axes, ("bottom",))
        return captioned(figure, caption)


def bars(
    labels: Sequence[str], values: Sequence[float], *, caption: str = "", axis: str = "", notes: Sequence[str] = ()
) -> Drawing:
    """Horizontal bars with their numbers, the first on top; ``notes`` stand behind the numbers."""
    with print_style():
        figure, axes = canvas(5.2, 0.6 + 0.25 * len(labels))
        places = list(range(len(labels)))[::-1]
        axes.barh(places, values, color=MAIN, height=0.66)
        for place, value, note in zip(places, values, [*notes, *[""] * (len(labels) - len(notes))], strict=True):
            axes.text(value, place, f" {value:g} {note}".rstrip(), va="center", fontsize=POINTS - 1)
        axes.set_yticks(places, [str(each) for each in labels])
        axes.set_xlabel(axis)
        axes.margins(x=0.12, y=0.02)
        framed(axes, ("bottom",))
        return captioned(figure, caption)


def first_reports(
    frame: pd.DataFrame,
    *,
    row: str,
    date: str,
    until: str | None = None,
    label: str | None = None,
    caption: str = "",
    running: bool = True,
) -> Drawing:
    """When each row's places first appear: a dot a report at its date; above it, the running number of places.

    Parameters
    ----------
    frame : a row a first report; ``row`` names the column that gives the line (a region, a feature), ``date`` one that
        pandas reads as dates, ``label`` words beside the dot.
    until : column with the last day that the same words may mean ("2023" is any day of it): a bar, the dot in its middle.
    running : with the step curve of how many have appeared so far.
    """
    import pandas
    from matplotlib.dates import AutoDateLocator, DateFormatter, YearLocator
    from matplotlib.ticker import MaxNLocator

    with print_style():
        days = pandas.to_datetime(frame[date], format="ISO8601")
        ends = days if until is None else pandas.to_datetime(frame[until], format="ISO8601")
        told = frame.assign(_first=days, _last=ends, _day=days + (ends - days) / 2)
        told = told.sort_values(["_day", row], kind="stable")
        names = list(dict.fromkeys(told[row]))
        height = 0.7 + 0.25 * len(names)
        if running:
            figure, (above, axes) = canvases(5.6, height + 1.2, (1.1, height))
            first = told.drop_duplicates(row)
            above.step(first["_day"], range(1, len(first) + 1), where="post", color=MAIN)
            above.set_ylabel("累计")
            above.set_ylim(0, len(first) + 0.8)
            above.yaxis.set_major_locator(MaxNLocator(4, integer=True))
            above.tick_params(labelbottom=False)
            framed(above, ("left", "bottom"))
            above.sharex(axes)
        else:
            figure, axes = canvas(5.6, height)
        places = {name: len(names) - 1 - number for number, name in enumerate(names)}
        heights = [places[name] for name in told[row]]
        axes.hlines(
            list(places.values()), told["_first"].min(), told["_last"].max(), color="#eeeeee", linewidth=0.8, zorder=0
        )
        axes.hlines(heights, told["_first"], told["_last"], color=LIGHT, linewidth=4)
        axes.plot(told["_day"], heights, "o", color=MAIN, markersize=5)
        if label:
            for when, height_, words in zip(told["_last"], heights, told[label], strict=True):
                axes.annotate(
                    str(words), (when, height_), (6, 0), textcoords="offset points", va="center", fontsize=POINTS - 2
                )
        years = (told["_last"].max() - told["_first"].min()).days / 365
        axes.xaxis.set_major_locator(
            YearLocator(max(1, round(years / 6))) if years > 2 else AutoDateLocator(maxticks=7)
        )
        if years > 2:
            axes.xaxis.set_major_formatter(DateFormatter("%Y"))
        axes.set_yticks(list(places.values()), [str(name) for name in places])
        axes.set_ylim(-0.7, len(names) - 0.3)
        axes.margins(x=0.08)
        framed(axes, ("bottom",))
        return captioned(figure, caption)


def short_place(name: str) -> str:
    """The name of a province as maps and tables write it.

    >>> [short_place(name) for name in ("重庆市", "内蒙古自治区", "广西壮族自治区", "吉林省", "双福街道")]
    ['重庆', '内蒙古', '广西', '吉林', '双福街道']
    """
    if name in _LONG_NAMES:
        return _LONG_NAMES[name]
    if name.endswith(("省", "自治区", "特别行政区")) or name in ("北京市", "天津市", "上海市", "重庆市"):
        return name[:2]
    return name
