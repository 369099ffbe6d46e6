"""The interactive graph as one self-contained page: pyvis makes the network, a page of the project's own shows it.

pyvis writes pages that ask a CDN and that do not escape what they are given, so its page is not used: only its network
data, and the vis-network library that its package carries, which is put into the page when it is written.
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

from kg.errors import KgError
from kg.view.focus import Focus, focus
from kg.view.graph import Node, PracticeGraph
from kg.view.layout import place_nodes
from kg.view.page_data import Page, page_data

__all__ = ["html_page"]

SCRIPTS = ("data.js", "panel.js", "picture.js", "labels.js", "controls.js")
LIBRARY = "templates/lib/vis-9.1.2/vis-network.min.js"
LONGEST_LABEL = 14
"""Characters of a label in the picture; the panel shows it whole."""
REGION_SIZES = {"province": (22, 26), "prefecture": (16, 15), "county": (14, 13)}
"""Level → radius of the node at zoom 1 and weight of its label (9 to 26); smaller places as below."""
SIZES = {"region": (12, 11), "practice": (11, 12), "outcome": (5, 9)}
WEIGHTS = {"within": 6.0, "part_of": 2.0, "region": 2.0, "outcome": 3.0}
"""Relation → how strongly its edges draw their ends together in the layout; 1 for all others."""


def html_page(graph: PracticeGraph, *, title: str | None = None, limit: int = 1000) -> str:
    """The page as text (for UTF-8): opens from a file, asks the network for nothing, runs its own scripts only.

    ``limit`` is the greatest number of nodes to draw (0: all); ``kg.view.focus`` says what is left out then.

    Raises ``KgError`` where the installed pyvis does not carry the library.
    """
    part = focus(graph, limit)
    page = page_data(graph, part)
    nodes, edges, options = _network(graph, part, page)
    page.plain |= {
        "nodes": nodes,
        "edges": edges,
        "options": options,
        "words": _words(),
        "left_out": part.left_out,
        "total": len(graph.nodes),
        "longest": LONGEST_LABEL,
        "title": title,
    }
    style, script, library = _resource("page.css"), _script(), _library()
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


def _network(
    graph: PracticeGraph, part: Focus, page: Page
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]:
    """Nodes, edges and options as pyvis hands them to vis-network; node ids are the page's numbers."""
    from pyvis.network import Network  # importing it takes a third of a second

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
    net = Network(directed=False, cdn_resources="in_line")
    for node in part.nodes:
        (size, label), (x, y) = sizes[node.id], spots[node.id]
        net.add_node(
            page.number[node.id],
            label=_short(node.label),
            group=node.kind,
            size=size,
            x=x,
            y=y,
            font={"size": label},
        )
        # The shape follows the kind, which the page draws in the colours of its theme.
        del net.nodes[-1]["shape"]
    # Network.add_edge compares each new edge with all before it: quadratic.
    net.edges = [
        {"id": number, "from": page.number[edge.source], "to": page.number[edge.target], "width": _width(edge.relation)}
        for number, edge in enumerate(part.edges)
    ]
    net.options = _options(len(part.edges))
    nodes, edges, _, _, _, options = net.get_network_data()
    return nodes, edges, json.loads(options)


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
    return files("kg.view").joinpath("page").joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(_resource("words.toml"))


def _script() -> str:
    return '(() => {\n"use strict";\n' + "\n".join(_resource(name) for name in SCRIPTS) + "})();\n"


def _library() -> str:
    """vis-network from the installed pyvis, its licence header with it, without the link to a source map."""
    found = files("pyvis").joinpath(LIBRARY)
    if not found.is_file():
        raise KgError(
            "the installed pyvis does not carry vis-network 9.1.2", where="pyvis", remedy="pip install 'pyvis==0.3.2'"
        )
    text = found.read_text(encoding="utf-8").replace("\r\n", "\n")
    lines = [line for line in text.split("\n") if not line.startswith("//# sourceMappingURL")]
    text = "\n".join(lines)
    if "</script" in text.lower() or "<!--" in text:
        raise KgError("vis-network cannot stand inside a page", where="pyvis", remedy="pip install 'pyvis==0.3.2'")
    return text


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
