"""sigma.js and graphology for the written page, from the installed package ``ipysigma``.

ipysigma carries them as the chunks that webpack made for JupyterLab: files that register modules by name. The chunks which
hold the wanted modules, and all that these ask for, are put into the page unchanged, with a loader of our own.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from kg.errors import KgError

__all__ = ["sigma_installed", "sigma_library"]

WANTED = (
    "./node_modules/graphology/dist/graphology.umd.min.js",
    "./node_modules/sigma/index.js",
    "./node_modules/sigma/rendering/webgl/programs/common/node.js",
    "./node_modules/sigma/rendering/webgl/programs/common/edge.js",
)
"""Modules that the page uses; what it takes from them it knows by their exports."""
REMEDY = "pip install 'ipysigma==0.24.6' (the extra sigma), or choose --renderer pyvis"
_DEFINED = re.compile(r'^/\*\*\*/ "([^"]+)":', re.MULTILINE)
_ASKED = re.compile(r'__webpack_require__\((?:/\*.*?\*/ ?)?"([^"]+)"\)')

LOADER = """
// Modules are registered by name and run when they are asked for; webpack's own loader would fetch files.
var libraries = (() => {
  const modules = Object.assign({}, ...(self.webpackChunkipysigma || []).map((chunk) => chunk[1]));
  const made = {};
  const require = (name) => {
    if (!made[name]) {
      made[name] = { exports: {} };
      modules[name].call(made[name].exports, made[name], made[name].exports, require);
    }
    return made[name].exports;
  };
  const find = (test) => {
    for (const name of WANTED) {
      const found = require(name);
      for (const each of [found, found.default]) if (each && test(each)) return each;
    }
    throw new Error("a library of the page is incomplete");
  };
  return {
    get Graph() { return find((given) => typeof given.UndirectedGraph === "function").MultiUndirectedGraph; },
    get Sigma() { return find((given) => typeof given.Sigma === "function").Sigma; },
    get NodeProgram() { return find((given) => typeof given.NodeProgram === "function").NodeProgram; },
    get EdgeProgram() { return find((given) => typeof given.EdgeProgram === "function").EdgeProgram; },
  };
})();
"""


def sigma_installed() -> bool:
    """Whether the package that carries the libraries is there."""
    try:
        distribution("ipysigma")
    except PackageNotFoundError:
        return False
    return True


@cache
def sigma_library() -> str:
    """JavaScript that defines ``libraries.Graph``, ``Sigma``, ``NodeProgram``, ``EdgeProgram``; 300 kB with the licence.

    They are looked up when they are first used: sigma needs the names of WebGL already when its modules run.

    Raises ``KgError`` where ipysigma is not installed or carries other files than those this was written for.
    """
    if not sigma_installed():
        raise KgError("the package ipysigma, which carries sigma.js, is not installed", where="sigma", remedy=REMEDY)
    chunks = _needed(_chunks())
    names = ", ".join(f'"{name}"' for name in WANTED)
    text = "\n".join([_licence(), *chunks, LOADER.replace("WANTED", f"[{names}]")])
    if "</script" in text.lower() or "<!--" in text:
        raise KgError("the files of ipysigma cannot stand inside a page", where="ipysigma", remedy=REMEDY)
    return text


def _chunks() -> dict[str, str]:
    """File name → text of the chunks, without their links to source maps."""
    # Its place is asked for without importing it: that would start ipywidgets.
    folder = Path(str(distribution("ipysigma").locate_file("ipysigma"))) / "labextension" / "static"
    chunks = {}
    for name in sorted(path.name for path in folder.glob("*.js")):
        text = (folder / name).read_text(encoding="utf-8").replace("\r\n", "\n")
        if text.startswith('(self["webpackChunkipysigma"]'):
            chunks[name] = "\n".join(line for line in text.split("\n") if not line.startswith("//# sourceMappingURL"))
    return chunks


def _needed(chunks: dict[str, str]) -> list[str]:
    """The chunks with the wanted modules and with all that those, in turn, ask for."""
    home: dict[str, tuple[str, str]] = {}
    for name, text in chunks.items():
        starts = [*_DEFINED.finditer(text)]
        ends = [each.start() for each in starts[1:]] + [len(text)]
        for start, end in zip(starts, ends, strict=True):
            home.setdefault(start[1], (name, text[start.end() : end]))
    taken: set[str] = set()
    seen: set[str] = set()
    asked = list(WANTED)
    while asked:
        module = asked.pop()
        if module in seen:
            continue
        seen.add(module)
        if module not in home:
            raise KgError(
                f"the installed ipysigma has no module {module.removeprefix('./node_modules/')}",
                where="ipysigma",
                remedy=REMEDY,
            )
        name, text = home[module]
        taken.add(name)
        asked += _ASKED.findall(text)
    return [chunks[name] for name in sorted(taken)]


def _licence() -> str:
    """The licence of ipysigma, under which its files are passed on, naming the libraries in them."""
    found = distribution("ipysigma")
    path = next((path for path in found.files or () if path.name.startswith("LICENSE")), None)
    if path is None:
        raise KgError("the installed ipysigma does not carry its licence", where="ipysigma", remedy=REMEDY)
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    head = f"sigma.js (Alexis Jacomy) and graphology (Guillaume Plique), MIT, as built for ipysigma {found.version}:"
    return "/*\n" + f"{head}\n\n{text.strip()}".replace("*/", "* /") + "\n*/"
