"""Every example of the documentation runs: the commands in the order of their page, then the Python and the SPARQL.

They run in a folder with what the pages speak of: ``data``, ``my-articles``, ``store``, a question, a vocabulary, gold.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import kg
from kg.cli.main import app

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from test_docs import PAGES, ROOT, blocks, calls

NOT_HERE = {
    "kg serve": "it goes on until it is stopped; tests/serve runs it",
    "http://127.0.0.1": "it speaks to a server; tests/graph/test_endpoint.py runs one",
    "--model-api": "it asks a server that someone runs; tests/propose starts one",
    "proposed.jsonl": "it is what such a server proposed",
    "kg bench": "it measures; tests/benchmarks has it",
}
"""Words of a line, or of a block of Python, that is not run here → why."""
MAY_FAIL = ("kg validate", "kg evaluate")
"""Exit code 1 is an answer of these: something does not hold, an article was not read."""
WITH_EXAMPLES = [page for page in PAGES if calls(page) or blocks(page, "python") or blocks(page, "sparql")]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("world")
    shutil.copytree(ROOT / "data" / "articles", folder / "data" / "articles")
    shutil.copytree(ROOT / "data" / "gold", folder / "data" / "gold")
    shutil.copytree(ROOT / "data" / "articles", folder / "my-articles")
    shutil.copyfile(ROOT / "data" / "gold" / "sample.jsonl", folder / "gold.jsonl")
    shutil.copyfile(next((ROOT / "data" / "articles").glob("zixing-*.txt")), folder / "my-articles" / "report.txt")
    _sheet(folder / "survey.xlsx")
    (folder / "question.rq").write_text("SELECT ?p { ?p a gp:Practice } LIMIT 3\n", encoding="utf-8")
    readme = (ROOT / "kg" / "knowledge" / "vocabulary" / "README.md").read_text(encoding="utf-8")
    (folder / "mine.ttl").write_text(re.findall(r"```turtle\n(.*?)```", readme, re.DOTALL)[0], encoding="utf-8")
    places = (ROOT / "docs" / "how-to" / "vocabulary-and-places.md").read_text(encoding="utf-8")
    (folder / "mine.csv").write_text(re.findall(r"```\n(name,.*?)```", places, re.DOTALL)[0], encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for line in ("kg build my-articles --store store", "kg extract my-articles --output records.jsonl"):
            code, said = run(line)
            assert code == 0, f"{line}\n{said[-2000:]}"
        shutil.copytree(folder / "store", folder / "out" / "store")
        assert run("kg release release-2 --store store --version 2")[0] == 0
        yield folder


def _sheet(path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["标题", "正文"])  # type: ignore[union-attr]
    book.active.append(
        ["柳塘街道办起晚风课堂", "今年6月，柳塘街道开设“晚风课堂”，每周请律师讲反诈，已有120余人次参加。"]
    )  # type: ignore[union-attr]
    book.save(path)


def run(line: str) -> tuple[int, str]:
    """Exit code and all that was said; ``> FILE`` is the shell's part."""
    words = shlex.split(line)
    target = None
    if ">" in words:
        words, target = words[: words.index(">")], Path(words[words.index(">") + 1])
    done = CliRunner().invoke(app, words[1:])
    if target:
        target.write_bytes(done.stdout_bytes)
    code = getattr(done.exception, "exit_code", done.exit_code)
    return code, f"{done.output}{done.exception or ''}"


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_example_runs(page: Path, world: Path) -> None:
    # The Chinese README has the same lines (tests/test_docs.py).
    for line in calls(page) if page.name != "README.zh.md" else ():
        if not line.startswith("kg ") or any(words in line for words in NOT_HERE):
            continue
        code, said = run(line)
        assert code == 0 or (code == 1 and line.startswith(MAY_FAIL)), f"{line}\n{said[-2000:]}"
    for block in blocks(page, "python"):
        if any(words in block for words in NOT_HERE):
            continue
        exec(compile(block, str(page), "exec"), {})  # our own page's example
    for block in blocks(page, "sparql"):
        with kg.open("store") as graph:
            assert len(graph.sparql(block).rows()) > 0
