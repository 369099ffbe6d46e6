"""The notebooks run from top to bottom, on a copy of the sample articles, and show what their text promises."""

from __future__ import annotations

import base64
import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat")
ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample data; what the first notebook builds there, the others find."""
    world = tmp_path_factory.mktemp("notebooks")
    for part in ("articles", "gold"):
        shutil.copytree(ROOT / "data" / part, world / "data" / part)
    return world


def run(name: str, folder: Path, change: tuple[str, str] = ("", "")) -> list[Any]:
    """The executed code cells; the notebook finds a copy of the articles in ``folder`` and writes beside it.

    ``change`` is what a reader writes in the stead of something in the first code cell.
    """
    pytest.importorskip("ipykernel")
    client = pytest.importorskip("nbclient")
    (notebook,) = (path for path in NOTEBOOKS if path.name.startswith(name))
    read = nbformat.read(notebook, as_version=4)
    first = next(cell for cell in read.cells if cell.cell_type == "code")
    assert change[0] in first.source
    first.source = first.source.replace(*change)
    # The kernel's own files go to the folder too: nothing of a run stays on the machine.
    options = {"kernel_name": "python3", "resources": {"metadata": {"path": str(folder)}}}
    client.NotebookClient(read, timeout=600, **options).execute()
    return [cell for cell in read.cells if cell.cell_type == "code"]


def printed(cells: list[Any], source: str) -> str:
    """What a cell printed; shown values left out."""
    (cell,) = [cell for cell in cells if source in cell.source]
    return "".join(output.get("text", "") for output in cell.outputs)


def picture(cells: list[Any]) -> bytes:
    """The PNG that the last cell but one shows, the figure of the notebook."""
    (output,) = [output for output in cells[-2].outputs if "data" in output]
    return base64.b64decode(output["data"]["image/png"])


def assert_is_a_figure(cells: list[Any], folder: Path, number: str) -> None:
    """The notebook ends with a figure that is also saved, with nothing to warn of (a letter without a glyph)."""
    assert picture(cells).startswith(b"\x89PNG") and len(picture(cells)) > 10_000
    saved = folder / "out" / "notebook"
    assert (saved / f"figure-{number}.png").stat().st_size > 10_000
    assert (saved / f"figure-{number}.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert [cell.source for cell in cells for output in cell.outputs if output.get("name") == "stderr"] == []


def shown(cells: list[Any], source: str) -> str:
    """What the cell showed whose source contains these words: its HTML, else its text."""
    (cell,) = [cell for cell in cells if source in cell.source]
    pieces = []
    for output in cell.outputs:
        data = output.get("data", {})
        pieces.append(data.get("text/html") or data.get("text/plain") or output.get("text", ""))
    return "".join(pieces)


def words(shown_html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", shown_html))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_are_stored_without_outputs(notebook: Path) -> None:
    read = nbformat.read(notebook, as_version=4)
    nbformat.validate(read)
    assert [cell.id for cell in read.cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)] == []


@pytest.mark.slow
def test_first_steps(folder: Path) -> None:
    cells = run("01", folder)
    assert "54 篇文章" in shown(cells, "kg.build(") and "失败 0 篇" in shown(cells, "kg.build(")
    assert "转载 3 篇" in words(shown(cells, "g = kg.open("))
    assert words(shown(cells, "shared = g.shared(")).count("教学培训") == 1
    sentences = shown(cells, "feature, told = ")
    assert sentences.count("<mark") == 12 and "https://" not in sentences
    assert re.search(r"项目.*地区.*形式.*20\d\d", words(shown(cells, "g.card(")), re.DOTALL)
    assert "<mark" in shown(cells, "g.article(")
    assert "楼道自治田" in words(shown(cells, "kg.extract("))
    graph = shown(cells, "g.show(")
    assert graph.startswith('<iframe sandbox="allow-scripts" srcdoc="') and "新店坪镇" in graph
    figure = words(shown(cells, "figure = "))
    assert "教学培训" in figure and "表 1" in figure and "地区数" in figure
    written = folder / "out" / "notebook"
    assert {"store", "practices.xlsx", "graph.html", "figure.html"} <= {path.name for path in written.iterdir()}


@pytest.mark.slow
def test_other_articles_need_no_other_change_than_the_first_cell_names(tmp_path: Path) -> None:
    (tmp_path / "data" / "articles").mkdir(parents=True)
    for article in sorted((ROOT / "data" / "articles").glob("*.txt"))[:8]:
        shutil.copy(article, tmp_path / "data" / "articles")
    cells = run("01", tmp_path, ('"province", 4', '"county", 2'))
    assert "8 篇文章" in shown(cells, "kg.build(") and "<mark" in shown(cells, "feature, told = ")
    assert len(shown(run("03", tmp_path), "told = [spread.evidence(")) > 100


@pytest.mark.slow
def test_what_regions_share(folder: Path) -> None:
    cells = run("02", folder)
    assert "rests on" in printed(cells, "behind = g.coverage(")
    assert "居民群众" in words(shown(cells, "shared = g.shared("))
    both = words(shown(cells, "two = g.shared("))
    assert "江苏省、重庆市" in both and "福课堂" in both
    assert "<mark" in shown(cells, "two.evidence(0)")
    assert_is_a_figure(cells, folder, "02")


@pytest.mark.slow
def test_how_a_practice_spreads(folder: Path) -> None:
    cells = run("03", folder)
    assert "甘肃省" in words(shown(cells, "spread = g.spread("))
    assert "a first date is the first that an article in this store states" in printed(
        cells, "for note in spread.notes"
    )
    assert_is_a_figure(cells, folder, "03")


@pytest.mark.slow
def test_checking_the_extraction(folder: Path) -> None:
    cells = run("04", folder)
    assert "不符 0 处" in printed(cells, "proof = validate_store(")
    assert "<mark" in shown(cells, "sample = values") and "150 行" in printed(cells, "sheet = ")
    judged = words(shown(cells, "judged["))
    assert all(name in judged for name in ("项目", "地区", "形式", "对象", "主办方", "主题"))
    assert_is_a_figure(cells, folder, "04")


@pytest.mark.slow
def test_sparql_for_beginners(folder: Path) -> None:
    cells = run("05", folder)
    assert "月亮岛街道" in words(shown(cells, "gp:within* ?above"))
    assert "<mark" in shown(cells, "AnswerTable(told)")
    mistakes = printed(cells, "DELETE WHERE")
    assert "line 1, column 30" in mistakes and "queries only read" in mistakes
    assert_is_a_figure(cells, folder, "05")
