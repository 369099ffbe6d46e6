"""Which library draws the page, what is told where its package is absent, and what the page allows to run."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from typer.testing import CliRunner
from view_sample import generated, realistic

from kg.cli.main import app
from kg.errors import KgError, UsageError
from kg.graph.build import build_records
from kg.view import Picture, html_page, practice_graph
from kg.view.picture import renderers, sigma
from kg.view.picture.layout import place_nodes
from kg.view.picture.renderers import MANY_NODES, choose_renderer

SCRIPT = re.compile(r"<script(?: [^>]*)?>(.*?)</script>", re.DOTALL)

needs_sigma = pytest.mark.skipif(not sigma.sigma_installed(), reason="ipysigma is not installed (extra sigma)")


@pytest.fixture(scope="module")
def graph():
    return practice_graph(realistic())


def test_the_number_of_nodes_decides_where_nothing_is_wished(monkeypatch):
    monkeypatch.setattr(renderers, "sigma_installed", lambda: True)
    assert choose_renderer(None, MANY_NODES).name == "pyvis"
    assert choose_renderer(None, MANY_NODES + 1).name == "sigma"
    assert choose_renderer("pyvis", 10 * MANY_NODES).name == "pyvis"
    assert choose_renderer("sigma", 1).name == "sigma"
    monkeypatch.setattr(renderers, "sigma_installed", lambda: False)
    assert choose_renderer(None, MANY_NODES + 1).name == "pyvis"
    with pytest.raises(UsageError, match="pyvis, sigma"):
        choose_renderer("d3", 1)


def test_a_missing_package_is_told_with_what_to_do(monkeypatch, graph):
    sigma.sigma_library.cache_clear()
    monkeypatch.setattr(sigma, "sigma_installed", lambda: False)
    with pytest.raises(KgError, match=r"ipysigma.* not installed.*pip install 'ipysigma==.*--renderer pyvis"):
        html_page(graph, renderer="sigma")
    html_page(graph)


@needs_sigma
def test_a_package_with_other_files_is_told(monkeypatch, graph):
    chunks = sigma._chunks()
    without = {name: text.replace("sigma/core/camera.js", "sigma/core/eye.js", 1) for name, text in chunks.items()}
    for changed, said in ((without, "sigma/core/camera.js"), ({}, "sigma/rendering")):
        sigma.sigma_library.cache_clear()
        monkeypatch.setattr(sigma, "_chunks", lambda changed=changed: changed)
        with pytest.raises(KgError, match=f"no module {said}"):
            html_page(graph, renderer="sigma")
    sigma.sigma_library.cache_clear()


@needs_sigma
def test_the_library_comes_whole_with_its_licence_and_asks_for_nothing():
    text = sigma.sigma_library()
    assert text.startswith("/*\nsigma.js") and "Permission is hereby granted" in text[:1500]
    assert "sourceMappingURL" not in text
    assert not re.search(r"\beval\(|new Function\(|importScripts|fetch\(|XMLHttpRequest|new Worker\(", text)
    asked = set(sigma._ASKED.findall("".join(text)))
    assert asked <= set(sigma._DEFINED.findall(text))
    assert text == sigma.sigma_library.__wrapped__(), "the same package gives the same bytes"


@needs_sigma
def test_the_page_of_sigma_allows_just_its_own_scripts(graph):
    page = html_page(graph, renderer="sigma", title="</title><script>alert(1)</script>")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)[1]
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy
    assert "worker-src" not in policy and "blob:" not in policy and "connect-src" not in policy
    data, library, script = SCRIPT.findall(page)
    for text in (library, script):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "makeSurface" in script and "vis.Network" not in page
    assert {"nodes", "edges", "things", "practices", "sentences", "words"} <= set(json.loads(data))


@needs_sigma
def test_both_renderers_show_the_same(graph):
    pages = [SCRIPT.findall(html_page(graph, renderer=name)) for name in ("pyvis", "sigma")]
    ours, theirs = (json.loads(data) for data, _, _ in pages)
    for part in ("things", "practices", "sentences", "words", "left_out"):
        assert ours[part] == theirs[part]
    spots = [{node["id"]: (node["x"], node["y"]) for node in page["nodes"]} for page in (ours, theirs)]
    assert spots[0] == spots[1]


@needs_sigma
def test_the_command_and_the_notebook_take_the_renderer(tmp_path, graph):
    store, target = tmp_path / "store", tmp_path / "graph.html"
    build_records(realistic()[:2], store)
    words = ["export", "html", "--store", str(store), "--output", str(target), "--renderer"]
    assert CliRunner().invoke(app, [*words, "sigma"]).exit_code == 0
    assert "webpackChunkipysigma" in target.read_text(encoding="utf-8")
    assert CliRunner().invoke(app, [*words, "pyvis"]).exit_code == 0
    assert "vis.Network" in target.read_text(encoding="utf-8")
    assert CliRunner().invoke(app, [*words, "d3"]).exit_code == 2
    assert "webpackChunkipysigma" in Picture(graph, renderer="sigma")._repr_html_()


@pytest.mark.slow
def test_many_nodes_are_laid_out_apart_and_near_their_neighbours():
    graph = practice_graph(generated(1600))
    ids = [node.id for node in graph.nodes]
    assert len(ids) > 4500, "more than are compared each with each"
    edges = [(edge.source, edge.target, 1.0) for edge in graph.edges]
    spots = place_nodes(ids, edges)
    assert spots == place_nodes(ids, edges)

    def distance(a, b):
        return ((spots[a][0] - spots[b][0]) ** 2 + (spots[a][1] - spots[b][1]) ** 2) ** 0.5

    joined = sum(distance(a, b) for a, b, _ in edges) / len(edges)
    anyhow = sum(distance(a, b) for a in ids[::50] for b in ids[::70]) / len(ids[::50]) / len(ids[::70])
    assert joined < 0.75 * anyhow
    cells = {}
    for key, (x, y) in spots.items():
        cells.setdefault((x // 25, y // 25), []).append(key)
    crowded = [
        (a, b)
        for (column, row), here in cells.items()
        for a in here
        for right in (-1, 0, 1)
        for down in (-1, 0, 1)
        for b in cells.get((column + right, row + down), ())
        if a < b and distance(a, b) < 20
    ]
    assert len(crowded) < len(ids) / 100
