"""How long the pictures of the graph take to write and to draw, with pyvis in its ordinary form beside them, in one run.

``python tests/benchmarks/bench_graph.py`` prints a table: the exported page by sigma and by pyvis with positions computed
beforehand, the graph page of ``kg serve`` with all nodes, and what pyvis writes by itself (``Network.from_nx``, its own
physics, library inlined). ``--nodes 2000 10000`` for other sizes (the largest are left to sigma and ``kg serve``: ``--most``).

Graphs are those of ``tests/view/view_sample.py``, cut to the number of nodes; ``kg serve`` serves generated columns as
``bench_serve.py`` does. Written: seconds to make the page from the graph in memory. Drawn: milliseconds from navigation to
the first frame that shows all nodes (pyvis: when its physics has come to rest, before which it shows nothing), median of
``--repeats``. Chromium without a graphics card: WebGL runs on the processor (SwiftShader), which a real card outdoes by far.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "view"), str(HERE.parent / "browser"), str(HERE)]

WATCH = """
new MutationObserver(() => {
  if (document.documentElement.dataset.drawn && !window.seenDrawn) window.seenDrawn = performance.now();
}).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-drawn"] });
"""
"""Notes when a page says that it has drawn; performance.now() counts from the navigation."""
TELL = """<script>
network.once("stabilizationIterationsDone", () => network.once("afterDrawing", () => {
  document.documentElement.dataset.drawn = 1;
}));
</script>"""
"""The same for a page of pyvis, which does not say it."""


def cut(nodes: int) -> Any:
    """A practice graph of about so many nodes."""
    from view_sample import generated

    from kg.view import practice_graph
    from kg.view.part import part_of_graph

    whole = practice_graph(generated(nodes * 2 // 5 + 60))
    kept: list[str] = []
    seen: set[str] = set()
    for practice in whole.practices:
        seen |= {practice.id, *(step.node for step in practice.path)}
        seen |= {said.node for said in practice.statements if said.node}
        if len(seen) > nodes:
            break
        kept.append(practice.id)
    return part_of_graph(whole, kept)


def write_ours(graph: Any, target: Path, renderer: str) -> None:
    """The exported page."""
    from kg.view import html_page

    target.write_text(html_page(graph, limit=0, renderer=renderer), encoding="utf-8", newline="\n")


def write_ordinary(graph: Any, target: Path) -> None:
    """What pyvis makes of a networkx graph."""
    import networkx
    from pyvis.network import Network

    plain = networkx.Graph()
    plain.add_nodes_from((node.id, {"label": node.label, "group": node.kind}) for node in graph.nodes)
    plain.add_edges_from((edge.source, edge.target) for edge in graph.edges)
    net = Network(height="900px", width="100%", cdn_resources="in_line")
    net.from_nx(plain)
    text = net.generate_html()
    target.write_text(text.replace("</body>", f"{TELL}</body>"), encoding="utf-8", newline="\n")


def timed(work: Callable[..., None], *given: Any, limit: float) -> float | None:
    """Seconds that the work takes in a process of its own; None where it is not done within the limit."""
    process = multiprocessing.get_context("spawn").Process(target=clocked, args=(work, given))
    process.start()
    process.join(limit + 30)  # starting and handing the graph over do not count
    if process.is_alive():
        process.kill()
        process.join()
        return None
    took = float(Path(f"{given[1]}.seconds").read_text(encoding="utf-8"))
    return took if took <= limit else None


def clocked(work: Callable[..., None], given: tuple[Any, ...]) -> None:
    """In the process: write how long the work took beside its target."""
    started = time.perf_counter()
    work(*given)
    Path(f"{given[1]}.seconds").write_text(str(time.perf_counter() - started), encoding="utf-8")


def drawn(address: str, switches: list[str], limit: float, repeats: int) -> list[float]:
    """Milliseconds until the page had drawn, each time in a new browser; shorter where one took longer than the limit."""
    from opened_page import chromium
    from playwright.sync_api import TimeoutError as TooLong
    from playwright.sync_api import sync_playwright

    found = []
    for _ in range(repeats):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=switches)
            page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
            page.add_init_script(WATCH)
            page.route("https://**", lambda route: route.abort())  # pyvis asks a CDN even so: offline, at once
            try:
                page.goto(address, wait_until="commit", timeout=limit * 1000)
                page.wait_for_selector("html[data-drawn]", state="attached", timeout=limit * 1000)
                found.append(float(page.evaluate("window.seenDrawn")))
            except TooLong:
                break
            finally:
                browser.close()
    return found


@contextmanager
def serving(practices: int, port: int) -> Iterator[str]:
    """``kg serve`` with generated columns, by the benchmark of the server."""
    import bench_serve

    command = [sys.executable, bench_serve.__file__, "--serve", "--practices", str(practices), "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        bench_serve.wait(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def told(times: list[float], limit: float) -> str:
    """Median with the range, or that it took too long."""
    if not times:
        return f"more than {limit * 1000:.0f}"
    return f"{statistics.median(times):.0f} ({min(times):.0f}–{max(times):.0f})"


def main() -> None:
    """Measure and print."""
    from opened_page import SWITCHES, WEBGL_SWITCHES

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, nargs="+", default=[2_000, 10_000, 50_000])
    parser.add_argument("--most", type=int, default=10_000, help="nodes up to which pyvis is measured")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds after which one step is given up")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--port", type=int, default=8793)
    given = parser.parse_args()
    print(f"{'':34}{'nodes':>7}{'edges':>8}{'written, s':>14}{'MB':>7}  drawn, ms: median (range)", flush=True)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for nodes in given.nodes:
            graph = cut(nodes)
            pages: list[tuple[str, Callable[..., None], tuple[str, ...], list[str], int]] = [
                ("exported page, sigma", write_ours, ("sigma",), WEBGL_SWITCHES, given.repeats)
            ]
            if nodes <= given.most:
                pages.append(("exported page, pyvis", write_ours, ("pyvis",), SWITCHES, given.repeats))
                pages.append(("pyvis in its ordinary form", write_ordinary, (), SWITCHES, 1))
            for name, work, more, switches, repeats in pages:
                target = Path(folder) / f"{nodes}-{'-'.join([work.__name__, *more])}.html"
                seconds = timed(work, graph, target, *more, limit=given.limit)
                written = f"{seconds:.1f}" if seconds is not None else f"more than {given.limit:.0f}"
                size, times = "", "not written"
                if target.exists():
                    size = f"{target.stat().st_size / 1e6:.1f}"
                    times = told(drawn(target.as_uri(), switches, given.limit, repeats), given.limit)
                sizes = f"{name:34}{len(graph.nodes):7}{len(graph.edges):8}"
                print(f"{sizes}{written:>14}{size:>7}  {times}", flush=True)
            with serving(nodes, given.port) as base:
                times = told(
                    drawn(f"{base}/graph?view=all&limit={nodes}", SWITCHES, given.limit, given.repeats), given.limit
                )
                print(f"{'kg serve, graph of all nodes':34}{nodes:7}{'':29}  {times}", flush=True)


if __name__ == "__main__":
    main()
