"""Build the documentation as a site: ``python docs/site/build.py [FOLDER]`` (default ``out/site``), or ``make docs``.

The Markdown files keep their places and links; they are laid out in a folder beside the generated pages of the reference,
and Sphinx makes the site of them. A warning is an error. Nothing is fetched.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PICTURES = (".png", ".svg")
SECTIONS = {
    "Learn": ["docs/tutorial"],
    "Do": ["docs/how-to"],
    "Look up": ["docs/reference", "docs/codebook.md"],
    "Understand": ["docs/explanation", "docs/quality.md", "docs/security.md", "docs/decisions"],
    "The data": ["data", "kg"],
}
"""Heading in the navigation → folders and pages below it."""
NESTED = {"docs/decisions": "README.md", "docs/reference/python": "index.md"}
"""Folders that have one place in the navigation → their index."""
FIRST = ("docs/reference/commands.md", "data/README.md")
_LINK = re.compile(r"(\]\()([^)#:\s]+)((?:#[^)]*)?\))")


def lay_out(source: Path) -> None:
    """Copy the pages to ``source``, put the generated ones beside them and write the navigation."""
    sys.path.insert(0, str(HERE))
    from options_page import options_markdown
    from python_pages import python_pages
    from vocabulary_page import vocabulary_markdown

    for page in _pages():
        _put(source, page.relative_to(ROOT).as_posix(), page.read_text(encoding="utf-8"))
    _put(source, "docs/reference/vocabulary.md", vocabulary_markdown())
    _put(source, "docs/reference/options.md", options_markdown())
    for name, text in python_pages().items():
        _put(source, f"docs/reference/python/{name}.md", text)
    for picture in sorted((ROOT / "docs").rglob("*")):
        if picture.suffix in PICTURES:
            _copy(source, picture)
    for path in sorted(source.rglob("*.md")):
        _copy_linked(source, path)
    front = (source / "README.md").rename(source / "index.md")
    front.write_text(front.read_text(encoding="utf-8") + _navigation(source), encoding="utf-8", newline="\n")


def _pages() -> list[Path]:
    below = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "kg").rglob("README.md"), *(ROOT / "data").rglob("*.md")]
    return [ROOT / "README.md", ROOT / "README.zh.md", *sorted(below)]


def _put(source: Path, name: str, text: str) -> None:
    target = source / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="\n")


def _copy(source: Path, path: Path) -> None:
    target = source / path.relative_to(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)


def _copy_linked(source: Path, page: Path) -> None:
    """Files that a page links to come along; links to the README lead to the front page, to a folder nowhere."""

    def mended(found: re.Match[str]) -> str:
        target = (page.parent / found[2]).resolve()
        inside = target.relative_to(source.resolve()) if target.is_relative_to(source.resolve()) else None
        if inside is None:
            return found[0]
        if inside.as_posix() == "README.md":
            return f"{found[1]}{found[2].removesuffix('README.md')}index.md{found[3]}"
        original = ROOT / inside
        if original.is_file() and not target.exists():
            _copy(source, original)
        return found[0]

    text = page.read_text(encoding="utf-8")
    page.write_text(_LINK.sub(mended, text), encoding="utf-8", newline="\n")


def _navigation(source: Path) -> str:
    """The front page's table of contents; indexes of ``NESTED`` folders get one of their own."""
    lists, known = [], {"index.md"}
    for folder, index in NESTED.items():
        pages = [path.name for path in sorted((source / folder).glob("*.md")) if path.name != index]
        known |= {f"{folder}/{name}" for name in pages}
        file = source / folder / index
        file.write_text(file.read_text(encoding="utf-8") + _contents(pages), encoding="utf-8", newline="\n")
    for heading, places in SECTIONS.items():
        pages = []
        for place in places:
            found = [source / place] if place.endswith(".md") else sorted((source / place).rglob("*.md"))
            names = [path.relative_to(source).as_posix() for path in found]
            pages += sorted((name for name in names if name not in known), key=lambda name: (name not in FIRST, name))
        known |= set(pages)
        lists.append(_contents(pages, heading))
    rest = sorted(path.relative_to(source).as_posix() for path in source.rglob("*.md"))
    return "\n".join([_contents([name for name in rest if name not in known]), *lists])


def _contents(pages: list[str], heading: str = "") -> str:
    return "\n".join(
        ["", "```{toctree}", ":hidden:", *([f":caption: {heading}"] if heading else []), "", *pages, "```", ""]
    )


def build(site: Path) -> int:
    """Lay out the pages and run Sphinx; returns its exit code, which is not 0 where anything was to be warned of."""
    from sphinx.cmd.build import build_main

    source = site.with_name(f"{site.name}-source")
    for folder in (source, site):
        shutil.rmtree(folder, ignore_errors=True)
    lay_out(source)
    options = ["-W", "--keep-going", "-q", "-b", "html", "-c", str(HERE), "-d", str(source / ".doctrees")]
    return build_main([*options, str(source), str(site)])


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "out" / "site").absolute()))
