"""Figures have their Chinese letters, their captions, and the same bytes for the same data."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

pytest.importorskip("matplotlib")
from kg.errors import UsageError
from kg.view.figures import bars, first_reports, fonts, heat_map, intervals, short_place
from kg.view.figures.drawing import Drawing

MATRIX = pd.DataFrame([[3, 0, 1], [0, 2, 0]], index=["议事协商", "夜校"], columns=["重庆市", "内蒙古自治区", "江苏省"])
DATES = pd.DataFrame(
    {"where": ["重庆市", "江苏省", "重庆市"], "when": ["2021-03", "2022-05-01", "2023"], "what": ["甲", "乙", "丙"]}
)
SHARES = pd.DataFrame({"slot": ["地区", "形式"], "p": [0.9, 0.5], "low": [0.8, 0.4], "high": [0.95, 0.6]})


def drawn() -> dict[str, Drawing]:
    return {
        "heat_map": heat_map(MATRIX, caption="图 1　各省实践数，$1 不是公式。"),
        "intervals": intervals(SHARES, label="slot", value="p", low="low", high="high", reference=0.9, caption="图 2"),
        "bars": bars(["教学培训", "夜校"], [12, 7], axis="实践数", notes=["（估计）"]),
        "first_reports": first_reports(DATES, row="where", date="when", label="what", caption="图 4"),
    }


def texts(drawing: Drawing) -> set[str]:
    from matplotlib.text import Text

    return {each.get_text() for each in drawing.figure.findobj(Text)}


def test_no_letter_is_a_box() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of each letter that its font lacks
        for drawing in drawn().values():
            assert drawing.to_bytes(".svg").startswith(b"<?xml") and drawing._repr_png_().startswith(b"\x89PNG")


def test_a_figure_with_control_characters_is_valid_xml() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they have no letter in the font
        drawing = bars(["夜校\x1b[31m"], [1], axis="\x07", caption="图\x00\x1b 1\n二\u202e")
        assert "图   1\n二" in texts(drawing)
        ElementTree.fromstring(drawing.to_bytes(".svg"))


def test_a_box_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.view.figures.drawing.chinese_font", lambda: "DejaVu Sans")
    with pytest.warns(UserWarning, match="missing from font"):
        bars(["夜校"], [1]).to_bytes()


@pytest.mark.parametrize("suffix", [".png", ".svg", pytest.param(".pdf", marks=pytest.mark.slow)])
def test_the_same_data_give_the_same_bytes(suffix: str) -> None:
    once, again = (heat_map(MATRIX, caption="图 1").to_bytes(suffix) for _ in range(2))
    assert once == again and not re.search(rb"20\d\d-\d\d-\d\dT|D:20\d{6}", once)


def test_figures_say_what_the_data_say() -> None:
    figures = drawn()
    assert {"3", "2", "1", "重\n庆", "内\n蒙\n古", "议事协商"} <= texts(figures["heat_map"])
    assert any("$1" in text for text in texts(figures["heat_map"]))
    assert {"甲", "乙", "丙", "江苏省", "累计"} <= texts(figures["first_reports"])
    (curve, *_) = figures["first_reports"].figure.axes[0].get_lines()
    assert list(curve.get_ydata()) == [1, 2]  # two places, the second report of one counts no more
    assert {" 12 （估计）", "实践数"} <= texts(figures["bars"])


def test_a_year_is_a_bar_with_its_dot_in_the_middle() -> None:
    from matplotlib.dates import num2date

    dated = pd.DataFrame({"where": ["重庆市"], "when": ["2023-01-01"], "to": ["2023-12-31"]})
    drawing = first_reports(dated, row="where", date="when", until="to", running=False)
    (dot,) = [line for line in drawing.figure.axes[0].get_lines() if line.get_marker() == "o"]
    assert num2date(float(dot.get_xdata(orig=False)[0])).date().isoformat() == "2023-07-02"


def test_the_users_own_settings_stay() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    bars(["夜校"], [1]).to_bytes()
    assert dict(matplotlib.rcParams) == before


def test_saving(tmp_path: Path) -> None:
    assert bars(["夜校"], [1]).save(tmp_path / "a.PNG").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(UsageError, match=r"\.docx"):
        bars(["夜校"], [1]).save(tmp_path / "a.docx")


def test_without_any_font_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "PACKAGED", ("no_such_package", "x.ttc", "No Such Font"))
    monkeypatch.setattr(fonts, "INSTALLED", ("No Such Font",))
    with pytest.raises(UsageError, match="noto-cjk-sans-otc"):
        fonts.chinese_font.__wrapped__()


def test_places_are_short_where_the_map_is() -> None:
    assert [short_place(name) for name in ("新疆维吾尔自治区", "上海市", "成都市")] == ["新疆", "上海", "成都市"]
