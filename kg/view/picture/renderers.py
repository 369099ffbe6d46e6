"""What draws the picture in the page: the library, and the page's scripts that speak to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

from kg.errors import KgError, UsageError
from kg.view.picture.sigma import sigma_installed, sigma_library

__all__ = ["MANY_NODES", "RENDERERS", "Renderer", "choose_renderer"]

MANY_NODES = 2000
"""Up to so many drawn nodes vis-network is quick; beyond, sigma draws (on the graphics card)."""
VIS = "templates/lib/vis-9.1.2/vis-network.min.js"


@dataclass(frozen=True)
class Renderer:
    """One way to draw; ``script`` is the file in ``kg/view/picture/page`` that implements what ``picture.js`` asks for."""

    name: str
    script: str
    library: Callable[[], str]
    """Text of the library; raises ``KgError`` where the package that carries it lacks it."""


def choose_renderer(wanted: str | None, nodes: int) -> Renderer:
    """The renderer of this name; without one pyvis for up to 2,000 nodes, beyond it sigma where it is installed.

    Raises ``UsageError`` for an unknown name.
    """
    if wanted is None:
        wanted = "sigma" if nodes > MANY_NODES and sigma_installed() else "pyvis"
    if wanted not in RENDERERS:
        raise UsageError(f"no renderer {wanted!r}", where="renderer", remedy=f"choose one of {', '.join(RENDERERS)}")
    return RENDERERS[wanted]


def _vis_network() -> str:
    """vis-network from the installed pyvis, its licence header with it, without the link to a source map."""
    found = files("pyvis").joinpath(VIS)
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


RENDERERS = {
    each.name: each
    for each in (
        Renderer("pyvis", "picture-vis.js", _vis_network),
        Renderer("sigma", "picture-sigma.js", sigma_library),
    )
}
"""Name → renderer; the command line reads its choices from here."""
