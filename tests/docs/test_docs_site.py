"""The documentation builds as a site without a warning, asks nothing of the network, and its reference is complete."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from rdflib import RDF, Graph

from kg.graph.rdf.shapes import ontology_turtle
from kg.model.iri import GP

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "docs" / "site"), str(ROOT / "tests")]


def test_the_vocabulary_page_has_every_term() -> None:
    from vocabulary_page import vocabulary_markdown

    page = vocabulary_markdown()
    ontology = Graph().parse(data=ontology_turtle(), format="turtle")
    terms = {str(term)[len(GP) :] for term in ontology.subjects(RDF.type, None) if str(term).startswith(GP)}
    assert len(terms) > 60
    schemes = {"Units", "CountedThings"}
    assert [term for term in sorted(terms | schemes) if f"`gp:{term}`" not in page] == []
    assert "| `audience.ttl` |" in page


def test_the_options_page_has_every_option() -> None:
    from command_line import commands
    from options_page import options_markdown

    page = options_markdown()
    for name, command in commands().items():
        section = page.split(f"## {name}\n")[1].split("\n## ")[0]
        missing = [
            each for param in command.params for each in param.opts if each.startswith("--") and each not in section
        ]
        assert set(missing) <= {"--help"}, name


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("sphinx")
    site = tmp_path / "site"
    call = [sys.executable, str(ROOT / "docs" / "site" / "build.py"), str(site)]
    done = subprocess.run(call, capture_output=True, check=False, encoding="utf-8", cwd=tmp_path)
    assert done.returncode == 0 and "WARNING" not in done.stderr, done.stderr[-3000:]
    pages = {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    for name in ("index", "docs/codebook", "docs/reference/vocabulary", "docs/reference/python/kg.view.opened"):
        assert f"{name}.html" in pages
    fetched = [
        (name, link)
        for name, page in pages.items()
        for link in re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="([^"]+)"', page)
        if link.startswith(("http:", "https:", "//"))
    ]
    assert fetched == []
    dead = [
        (name, link)
        for name, page in pages.items()
        for link in re.findall(r'<a [^>]*href="([^"#?]+)', page)
        if ":" not in link and not (site / name).parent.joinpath(unescape(link)).exists()
    ]
    assert dead == []
