"""The documentation tells the truth: its examples name commands and options that exist, its links lead somewhere."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from command_line import commands, parse

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").rglob("*.md"))]
READMES = PAGES[:2]
TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page in one language, lines that end in a backslash joined."""
    found = re.findall(rf"^ *```{language}\n(.*?)^ *```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [block.replace("\\\n", " ") for block in found]


def calls(page: Path) -> list[str]:
    lines = [line.strip() for block in blocks(page, "console") for line in block.splitlines()]
    return [line[2:] for line in lines if line.startswith("$ ")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_examples_name_commands_that_exist(page: Path) -> None:
    for call in calls(page):
        if call.startswith("kg "):
            parse(call)
        elif call.startswith("make "):
            assert call.split()[1] in TARGETS, call


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_python_examples_compile(page: Path) -> None:
    for block in blocks(page, "python"):
        compile(block, str(page), "exec")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_an_example_shows_is_the_last_line_of_its_cell(page: Path) -> None:
    for block in blocks(page, "python"):
        tree = ast.parse(block)
        shown = [
            node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".show")
        ]
        last = tree.body[-1]
        assert [ast.unparse(call) for call in shown if not (isinstance(last, ast.Expr) and last.value is call)] == []


def test_every_command_is_documented() -> None:
    reference = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    assert [name for name in commands() if f"`{name}`" not in reference] == []


def test_every_page_is_reached_from_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    decisions = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    missing = []
    for page in PAGES[2:]:
        inside = page.parent.name == "decisions"
        name = page.name if inside else page.relative_to(ROOT / "docs").as_posix()
        if name not in ("index.md", "README.md") and f"({name})" not in (decisions if inside else index):
            missing.append(name)
    assert missing == []


def test_both_readmes_show_the_same_commands() -> None:
    assert calls(READMES[0]) == calls(READMES[1])
    assert "make demo" in calls(READMES[0]) and "make test" in calls(READMES[0])


def test_both_readmes_have_the_table_of_quality() -> None:
    tables = []
    for page in READMES:
        text = page.read_text(encoding="utf-8")
        inside = re.search(r"<!-- quality:begin -->\n(.*?)<!-- quality:end -->", text, re.DOTALL)
        assert inside, page
        tables.append(re.findall(r"\d\.\d+", inside[1]))
    assert tables[0] == tables[1]
