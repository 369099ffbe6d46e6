"""The notebooks run from top to bottom, on a copy of the sample articles, and show what their text promises."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat")
ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def run(notebook: Path, folder: Path) -> list[Any]:
    """The executed code cells; the notebook finds a copy of the articles in ``folder`` and writes beside it."""
    from nbclient import NotebookClient

    shutil.copytree(ROOT / "data" / "articles", folder / "data" / "articles")
    read = nbformat.read(notebook, as_version=4)
    # The kernel's own files go to the folder too: nothing of a run stays on the machine.
    client = NotebookClient(read, timeout=240, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute()
    return [cell for cell in read.cells if cell.cell_type == "code"]


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
def test_first_steps(tmp_path: Path) -> None:
    pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    cells = run(ROOT / "notebooks" / "01-first-steps.ipynb", tmp_path)
    assert "54 篇文章" in shown(cells, "kg.build(") and "失败 0 篇" in shown(cells, "kg.build(")
    assert "转载 3 篇" in words(shown(cells, "g = kg.open("))
    assert words(shown(cells, "shared = g.shared(")).count("教学培训") == 1
    sentences = shown(cells, "feature = ")
    assert sentences.count("<mark") == 12 and "https://" not in sentences
    assert re.search(r"项目.*地区.*形式.*20\d\d", words(shown(cells, "g.card(")), re.DOTALL)
    assert "<mark" in shown(cells, "g.article(")
    assert "小哥" in words(shown(cells, "kg.extract("))
    picture = shown(cells, "g.show(")
    assert picture.startswith('<iframe sandbox="allow-scripts" srcdoc="') and "新店坪镇" in picture
    figure = words(shown(cells, "figure = "))
    assert "教学培训" in figure and "表 1" in figure and "地区数" in figure
    written = tmp_path / "out" / "notebook"
    assert {path.name for path in written.iterdir()} == {"store", "practices.xlsx", "graph.html", "figure.html"}
