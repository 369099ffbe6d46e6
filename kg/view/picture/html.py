"""The interactive graph as one self-contained page: pyvis or sigma draws the network, the page is the project's own.

pyvis writes pages that ask a CDN and that do not escape what they are given, so its page is not used: only its network
data, and the vis-network library that its package carries, which is put into the page when it is written. sigma.js comes
the same way, out of the package ipysigma (``kg.view.picture.sigma``).
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import tomllib
from importlib.resources import files
from math import sqrt
from typing import Any

from kg.view.graph import Node, PracticeGraph
from kg.view.picture.focus import Focus, focus
from kg.view.picture.layout import place_nodes
from kg.view.picture.page_data import Page, page_data
from kg.view.picture.renderers import choose_renderer

__all__ = ["html_page"]

SCRIPTS = ("data.js", "panel.js", "picture.js", "labels.js")
"""Before the script of the renderer; ``controls.js``, which starts the page, stands last."""
LONGEST_LABEL = 14
"""Characters of a label in the picture; the panel shows it whole."""
REGION_SIZES = {"province": (22, 26), "prefecture": (16, 15), "county": (14, 13)}
"""Level → radius of the node at zoom 1 and weight of its label (9 to 26); smaller places as below."""
SIZES = {"region": (12, 11), "practice": (11, 12), "outcome": (5, 9)}
WEIGHTS = {"within": 6.0, "part_of": 2.0, "region": 2.0, "outcome": 3.0}
"""Relation → how strongly its edges draw their ends together in the layout; 1 for all others."""


def html_page(
    graph: PracticeGraph, *, title: str | None = None, max_nodes: int = 1000, renderer: str | None = None
) -> str:
    """The page as text (for UTF-8): opens from a file, asks the network for nothing, runs its own scripts only.

    ``max_nodes`` is the greatest number of nodes to draw (0: all); ``kg.view.picture.focus`` says what is left out then.
    ``renderer`` is ``pyvis`` or ``sigma``; by default the number of drawn nodes decides (``choose_renderer``).

    Raises ``KgError`` where the package of the renderer is absent or does not carry the library, ``UsageError`` for an
    unknown renderer.
    """
    part = focus(graph, max_nodes)
    drawing = choose_renderer(renderer, len(part.nodes))
    library = drawing.library()
    page = page_data(graph, part)
    nodes, edges = _network(part, page)
    options = _options(len(edges))
    if drawing.name == "pyvis":
        nodes, edges, options = _through_pyvis(nodes, edges, options)
    page.plain |= {
        "nodes": nodes,
        "edges": edges,
        "options": options,
        "words": _words(),
        "left_out": part.left_out,
        "total": len(graph.nodes),
        "practices_in_all": len(graph.practices),
        "longest": LONGEST_LABEL,
        "title": title,
    }
    style, script = _resource("page.css"), _script(drawing.script)
    policy = (
        f"default-src 'none'; script-src {_digest(library)} {_digest(script)}; style-src {_digest(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    parts = {
        "POLICY": policy,
        "TITLE": html.escape(title or "实践图谱"),
        "STYLE": style,
        "DATA": _json_in_html(page.plain),
        "LIBRARY": library,
        "SCRIPT": script,
    }
    # Split at the marks first: what is filled in is never looked at again, whatever marks it contains.
    pieces = _resource("page.html").split("@@")
    return "".join(parts[piece] if index % 2 else piece for index, piece in enumerate(pieces))


def _network(part: Focus, page: Page) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Nodes with their positions, and edges, as vis-network names their attributes; ids are the page's numbers."""
    degrees: dict[str, int] = {}
    for edge in part.edges:
        for end in (edge.source, edge.target):
            degrees[end] = degrees.get(end, 0) + 1
    sizes = {node.id: _size(node, degrees.get(node.id, 0)) for node in part.nodes}
    spots = place_nodes(
        [node.id for node in part.nodes],
        [(edge.source, edge.target, WEIGHTS.get(edge.relation, 1.0)) for edge in part.edges],
        radius={key: size + 0.6 * label for key, (size, label) in sizes.items()},
    )
    nodes = []
    for node in part.nodes:
        (size, label), (x, y) = sizes[node.id], spots[node.id]
        plain = {"id": page.number[node.id], "label": _short(node.label), "group": node.kind}
        nodes.append(plain | {"size": size, "x": x, "y": y, "font": {"size": label}})
    edges = [
        {"id": number, "from": page.number[edge.source], "to": page.number[edge.target], "width": _width(edge.relation)}
        for number, edge in enumerate(part.edges)
    ]
    return nodes, edges


def _through_pyvis(
    nodes: list[dict[str, Any]], edges: list[dict[str, Any]], options: dict[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]:
    """Nodes, edges and options as pyvis hands them to vis-network."""
    from pyvis.network import Network  # importing it takes a third of a second

    net = Network(directed=False, cdn_resources="in_line")
    for node in nodes:
        net.add_node(node["id"], **{name: value for name, value in node.items() if name != "id"})
        # The shape follows the kind, which the page draws in the colours of its theme.
        del net.nodes[-1]["shape"]
    # Network.add_edge compares each new edge with all before it: quadratic.
    net.edges = edges
    net.options = options
    nodes, edges, _, _, _, told = net.get_network_data()
    return nodes, edges, json.loads(told)


def _options(edges: int) -> dict[str, Any]:
    return {
        "autoResize": True,
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False, "randomSeed": 1},
        "interaction": {
            "keyboard": {"enabled": True, "bindToWindow": False, "autoFocus": False},
            "hideEdgesOnDrag": edges > 3000,
            "hideEdgesOnZoom": edges > 3000,
            "multiselect": False,
            "hover": True,
        },
        "nodes": {"borderWidth": 1, "borderWidthSelected": 3},
        "edges": {"smooth": False, "selectionWidth": 1, "hoverWidth": 0},
    }


def _size(node: Node, degree: int) -> tuple[float, float]:
    if node.kind == "region":
        return REGION_SIZES.get(str(node.detail.get("level")), SIZES["region"])
    if node.kind in ("practice", "outcome"):
        return SIZES[node.kind]
    # What many practices share is what the picture is for: it is seen first.
    return round(min(28.0, 6 + 3 * sqrt(degree)), 1), round(min(25.0, 8 + 3.5 * sqrt(degree)), 1)


def _width(relation: str) -> float:
    return 2.5 if relation in ("within", "part_of") else 1.5


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def _json_in_html(plain: dict[str, Any]) -> str:
    """JSON that cannot end its script element, whatever the articles say."""
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _resource(name: str) -> str:
    return files("kg.view.picture").joinpath("page").joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(_resource("words.toml"))


def _script(drawing: str) -> str:
    names = (*SCRIPTS, drawing, "controls.js")
    return '(() => {\n"use strict";\n' + "\n".join(_resource(name) for name in names) + "})();\n"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
